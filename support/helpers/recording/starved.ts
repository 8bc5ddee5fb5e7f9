import type { Slice } from "./recording.ts";

function firstThatEndsAfter(slices: readonly Slice[], time: number, from: number): number {
  let [low, high] = [from, slices.length];
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
 * @param held when the thread was held, in order and without overlap
 */
export function starved(ready: readonly Slice[], held: readonly Slice[]): Slice[] {
  const parts: Slice[] = [];
  let first = 0;
  for (const { start, end } of ready) {
    first = firstThatEndsAfter(held, start, first);
    for (let at = first; at < held.length; at += 1) {
      const other = held[at];
      if (other === undefined || other.start >= end) break;
      parts.push({ start: Math.max(start, other.start), end: Math.min(end, other.end) });
    }
  }
  return parts;
}
