import type { Layout } from "./layout.ts";

/** A stretch of time and how many tasks were in flight then. Times are lesson seconds. */
export interface Stretch {
  start: number;
  end: number;
  inFlight: number;
}

/** The innermost tasks in flight over time; neighbours with the same number are one stretch. */
export function inFlight(layout: Layout): Stretch[] {
  const changes = new Map<number, number>();
  const change = (at: number, by: number): void => {
    changes.set(at, (changes.get(at) ?? 0) + by);
  };
  layout.rows.forEach((row, index) => {
    const hasChildren = (layout.rows[index + 1]?.depth ?? 0) > row.depth;
    if (hasChildren || row.start === row.end) return;
    change(row.start, 1);
    change(row.end, -1);
  });
  const times = [...changes.keys()].sort((a, b) => a - b);
  const stretches: Stretch[] = [];
  let now = 0;
  times.forEach((start, index) => {
    const by = changes.get(start) ?? 0;
    const end = times[index + 1];
    now += by;
    if (end === undefined) return;
    const last = stretches.at(-1);
    if (last !== undefined && last.inFlight === now) last.end = end;
    else stretches.push({ start, end, inFlight: now });
  });
  return stretches;
}

/** The highest number in flight at once, as the grid shows it. */
export function highest(stretches: readonly Stretch[]): number {
  return stretches.reduce((most, stretch) => Math.max(most, stretch.inFlight), 0);
}
