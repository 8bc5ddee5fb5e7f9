import { findPython } from "./find-python.ts";
import { alarmSeconds, type ProgramOptions, runProgram } from "./run-program.ts";

/** How {@link runNode} runs. */
export interface NodeOptions extends ProgramOptions {
  /** Flags for Node, such as `--expose-gc`. */
  flags?: readonly string[];
}

/** Sets the alarm, which outlives `exec`, and becomes Node. */
const WITH_ALARM =
  "import os, signal, sys; signal.alarm(int(sys.argv[1])); os.execv(sys.argv[2], sys.argv[2:])";

/**
 * Has Node wait until what it prints is taken. By itself it keeps in memory what the system does not take at once, and writes
 * that when its loop comes round: never in a loop without a pause, nor after `process.exit`. The streams are not counted
 * among what keeps the program alive, as if nobody had used them yet; a thread has others.
 */
const WRITE_AT_ONCE = [
  "data:text/javascript,for (const { _handle: own } of [process.stdout, process.stderr])",
  "{ own?.setBlocking(true); own?.unref(); }",
].join(" ");

/** What Node writes to stderr when it gives up: an error that nobody caught, or its word on an `await` without an end. */
const LAST_WORD = /^(?:[A-Za-z]*Error(?: \[\w+\])?: .*|Warning: Detected unsettled top-level await)/m;

/**
 * Runs a program in a Node process of its own, for what a lesson can't do in its kernel: end, die of an error, wait for
 * ever. It returns the lines that the program printed, then the error that it died of or Node's warning that a
 * top-level `await` never settled, and last `exit status N`, or `killed by a signal`.
 *
 * Starting Node takes some 50 ms of real time, and more on a busy machine.
 *
 * Cancellation: as in {@link runProgram}.
 *
 * @example
 * await runNode("await new Promise(() => {})");
 * // ["Warning: Detected unsettled top-level await", "exit status 13"]
 * @param source an ES module in JavaScript; its imports are looked for from the lesson's folder
 * @throws ProgramError (`NO_PYTHON`, `TIME_LIMIT` or `OUTPUT_LIMIT`), ArgumentError (as
 *   rejections)
 */
export async function runNode(source: string, options: NodeOptions = {}): Promise<string[]> {
  const how = [...(options.flags ?? []), "--import", WRITE_AT_ONCE, "--input-type=module"];
  const node = [process.execPath, ...how, "--eval", source];
  const program = {
    name: "Node",
    command: findPython(),
    args: ["-I", "-S", "-c", WITH_ALARM, alarmSeconds(options), ...node],
    cwd: process.cwd(),
    // A debugger or a hook that the kernel was started with is not meant for the program, nor are colours.
    env: { ...process.env, NODE_OPTIONS: "", FORCE_COLOR: "0" },
    input: "",
  };
  const { stdout, stderr, status } = await runProgram(program, options);
  const lines = stdout.split("\n").filter((line) => line !== "");
  const lastWord = LAST_WORD.exec(stderr)?.[0];
  if (lastWord !== undefined) lines.push(lastWord);
  return [...lines, status === null ? "killed by a signal" : `exit status ${status}`];
}
