import { shorten, visible } from "../display/escape.ts";
import type { AnswerLine } from "./app.ts";

function ending(line: AnswerLine): string {
  const { sleeper, status } = line;
  if (sleeper === undefined) return String(status);
  const took = `${(sleeper.tookMs / 1000).toFixed(1)} s`;
  if (sleeper.how === "abortedByClient") return `client gone after ${took} of ${sleeper.delay}`;
  if (sleeper.how === "dropped") return `dropped after ${took}, as asked`;
  return `${sleeper.status} after ${took}`;
}

/** A request as one line for a terminal; what came from outside can't move the cursor. */
export function lineOf(line: AnswerLine, at: Date): string {
  const time = at.toTimeString().slice(0, 8);
  return `${time} ${visible(line.method)} ${shorten(visible(line.path), 200)} ${ending(line)}`;
}
