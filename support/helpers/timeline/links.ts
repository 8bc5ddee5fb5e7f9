import { whole } from "../clock/scale.ts";
import type { RecordedTask, Wait } from "../recording/recording.ts";

/** What one task had to do with another, and when it began. Times are lesson seconds on the grid. */
export interface Link {
  how: "waited for" | "woken by" | "cancelled by";
  /** The other one's place in the recording; null for the recorded function itself. */
  task: number | null;
  at: number;
}

/** Of links of one kind to the same task the first. */
function firsts(links: readonly Link[]): Link[] {
  const seen = new Set<string>();
  return links.filter(({ how, task }) => {
    const key = `${how} ${task}`;
    const isNew = !seen.has(key);
    seen.add(key);
    return isNew;
  });
}

/** What a task had to do with others: for whom it waited, who let it go on, who cancelled it. */
export function linksOf(
  { waits, wakes, abortedBy, end }: Pick<RecordedTask, "waits" | "wakes"> & Partial<RecordedTask>,
  grid: number,
): Link[] {
  const waited = waits.flatMap(({ task, start }): Link[] =>
    task === null ? [] : [{ how: "waited for", task, at: whole(start, grid) }],
  );
  const woken = wakes.map(({ by, at }): Link => ({ how: "woken by", task: by, at: whole(at, grid) }));
  const cancelled: Link[] =
    abortedBy === undefined ? [] : [{ how: "cancelled by", task: abortedBy, at: whole(end ?? 0, grid) }];
  return firsts([...waited, ...woken, ...cancelled]);
}

/** All that a task waited for, each once, in the order of the waits. */
export function allWaits(waits: readonly Wait[]): string[] {
  return [...new Set(waits.map(({ what }) => what))];
}

/** What a task waited for that is no task of the recording, each once, in the order of the waits. */
export function otherWaits(waits: readonly Wait[]): string[] {
  return allWaits(waits.filter(({ task }) => task === null));
}

/**
 * The tasks that have to do with one: those for whom it waited, for whom these waited, and so on, and those who let it go on or
 * cancelled it.
 *
 * @param links of each task, by its place in the recording
 */
export function chainOf(
  task: number | null,
  links: ReadonlyMap<number | null, readonly Link[]>,
): Set<number | null> {
  const chain = new Set<number | null>([task]);
  for (const open = [task]; open.length > 0; ) {
    for (const link of links.get(open.pop() ?? null) ?? []) {
      if (link.how !== "waited for" || chain.has(link.task)) continue;
      chain.add(link.task);
      open.push(link.task);
    }
  }
  for (const link of links.get(task) ?? []) chain.add(link.task);
  return chain;
}
