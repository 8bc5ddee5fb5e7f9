import { textWidth } from "../display/text-width.ts";

const MOST_TICKS = 12;
/** Between the words of two ticks, in pixels. */
const GAP = 10;

/** How many ticks have room for their words on an axis of so many pixels. */
export function ticksWithin(room: number, end: number): number {
  const word = textWidth(String(Math.ceil(end))) + GAP;
  return Math.max(1, Math.min(MOST_TICKS, Math.floor(room / word)));
}

/** How far the axis of lesson seconds goes; never to 0, which would leave nothing to draw on. */
export function reach(makespan: number, grid: number, until: number | undefined): number {
  return Math.max(makespan, until ?? 0, grid);
}

/** Ticks on lines of the grid: every line, or every second, fifth, tenth … where that would be more than there may be. */
export function ticksTo(end: number, grid: number, most: number = MOST_TICKS): number[] {
  let step = grid;
  for (let power = grid; end / step > most; power *= 10) {
    step = [power, 2 * power, 5 * power].find((size) => end / size <= most) ?? 10 * power;
  }
  const ticks: number[] = [];
  for (let i = 0; i * step <= end + grid / 1000; i += 1) ticks.push(Number((i * step).toFixed(6)));
  return ticks;
}
