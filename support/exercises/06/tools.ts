import { LESSON_SECOND_MS } from "support";
import type { delayServer } from "support/helpers/practice/kit";

type Server = Awaited<ReturnType<typeof delayServer>>;

/** What is shorter, in ms, is the news that a client has left, on its way to the server. */
const SHORT_MS = LESSON_SECOND_MS / 2;

/** How many requests the server had in hand at the same time, at most, for longer than half a lesson second. */
export async function mostAtOnce(server: Server): Promise<number> {
  const seen = await server.requests();
  const changes = seen.flatMap(({ startedAt, endedAt }) => [
    { at: startedAt, by: 1 },
    { at: Math.max(startedAt, (endedAt ?? Number.POSITIVE_INFINITY) - SHORT_MS), by: -1 },
  ]);
  let now = 0;
  let most = 0;
  for (const { by } of changes.sort((a, b) => a.at - b.at)) {
    now += by;
    most = Math.max(most, now);
  }
  return most;
}
