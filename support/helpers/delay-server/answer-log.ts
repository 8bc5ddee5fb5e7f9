import { shorten, visible } from "../display/escape.ts";
import type { AnswerLine } from "./app.ts";

function ending(line: AnswerLine): string {
  const { sleeper, status } = line;
  if (sleeper === undefined) return String(status);
  const took = `${(sleeper.tookMs / 1000).toFixed(1)} s`;
  if (sleeper.how === "abortedByClient") return `client gone after ${took} of ${sleeper.delay}`;
  return `${sleeper.status} after ${took}`;
}

/** A request as one line for a terminal; what came from outside can't move the cursor. */
export function lineOf(line: AnswerLine, at: Date): string {
  const time = at.toTimeString().slice(0, 8);
  return `${time} ${visible(line.method)} ${shorten(visible(line.path), 200)} ${ending(line)}`;
}

/** Prints lines, all of one turn of the loop at once: a thousand writes would take time from a thousand answers. */
export function printer(): (line: string) => void {
  let lines: string[] = [];
  const flush = (): void => {
    process.stdout.write(lines.join(""));
    lines = [];
  };
  return (line) => {
    if (lines.length === 0) setImmediate(flush);
    lines.push(`${line}\n`);
  };
}
