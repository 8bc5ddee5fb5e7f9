import { LESSON_SECOND_MS } from "../clock/scale.ts";
import { serverNow } from "../delay-server-client/delay-server.ts";

function server(): string {
  const now = serverNow();
  if (now === undefined) return "none so far";
  return `${now.isShared ? "shared by lessons" : "this lesson's own"}, port ${now.port}`;
}

/**
 * What the head of a lesson tells of its run, as it is at the moment: the length of a lesson second, and whose delay server
 * it uses. The kernel asks for it (`--about`).
 *
 * @returns what, and how it is here, in the order in which they are shown
 */
export function about(): [what: string, here: string][] {
  return [
    ["Lesson second", `${LESSON_SECOND_MS} ms`],
    ["Delay server", server()],
  ];
}
