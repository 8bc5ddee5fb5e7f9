const MOST_TICKS = 12;

/** How far the axis of lesson seconds goes; never to 0, which would leave nothing to draw on. */
export function reach(makespan: number, grid: number, until: number | undefined): number {
  return Math.max(makespan, until ?? 0, grid);
}

/** Ticks on lines of the grid: every line, or every second, fifth, tenth … where that would be too many. */
export function ticksTo(end: number, grid: number): number[] {
  let step = grid;
  for (let power = grid; end / step > MOST_TICKS; power *= 10) {
    step = [power, 2 * power, 5 * power].find((size) => end / size <= MOST_TICKS) ?? 10 * power;
  }
  const ticks: number[] = [];
  for (let i = 0; i * step <= end + grid / 1000; i += 1) ticks.push(Number((i * step).toFixed(6)));
  return ticks;
}
