import type { Slice } from "./recording.ts";

/** Stretches in order, with those that have at most `gap` between them as one. */
export function merged(slices: readonly Slice[], gap: number): Slice[] {
  const whole: Slice[] = [];
  for (const { start, end } of slices.toSorted((a, b) => a.start - b.start)) {
    const last = whole.at(-1);
    if (last !== undefined && start - last.end <= gap) last.end = Math.max(last.end, end);
    else whole.push({ start, end });
  }
  return whole;
}

function firstThatEndsAfter(slices: readonly Slice[], time: number): number {
  let [low, high] = [0, slices.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((slices[middle]?.end ?? 0) > time) high = middle;
    else low = middle + 1;
  }
  return low;
}

/**
 * The parts of stretches in which a task could have gone on in which the thread was held. On an idle thread a timer is late
 * too, by what the system needs to wake the process; nobody is starved then.
 *
 * @param held when the thread was held, as {@link merged} gives it
 */
export function starved(ready: readonly Slice[], held: readonly Slice[]): Slice[] {
  const parts: Slice[] = [];
  for (const { start, end } of ready) {
    for (let at = firstThatEndsAfter(held, start); at < held.length; at += 1) {
      const other = held[at];
      if (other === undefined || other.start >= end) break;
      parts.push({ start: Math.max(start, other.start), end: Math.min(end, other.end) });
    }
  }
  return parts;
}
