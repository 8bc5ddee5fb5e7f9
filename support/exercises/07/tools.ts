import type { RecordedTask } from "support";

/** How many of these tasks ran at the same time, at most. */
export function mostAtOnce(tasks: readonly RecordedTask[]): number {
  const changes = tasks.flatMap(({ start, end }) => [
    { at: start, by: 1 },
    { at: end, by: -1 },
  ]);
  let now = 0;
  let most = 0;
  for (const { by } of changes.sort((one, other) => one.at - other.at || one.by - other.by)) {
    now += by;
    most = Math.max(most, now);
  }
  return most;
}
