import { type ChildProcess, ChildProcess as ChildProcessClass } from "node:child_process";
import { once } from "node:events";
import type { Worker } from "node:worker_threads";
import { SupportError } from "../errors/support-error.ts";
import { textOf } from "../errors/text-of.ts";
import { nameWait } from "../wait-names/name-wait.ts";
import { received } from "./received.ts";
import type { RecordingOf } from "./recording.ts";

/** A thread or a process ended before it had sent its recording; `value` is its exit code or the signal that killed it. */
export class SenderEndedError extends SupportError {
  constructor(how: unknown) {
    super(
      "SENDER_ENDED",
      `the thread or process ended (${textOf(how)}) before it sent its recording; what it had recorded is lost`,
      how,
    );
  }
}

/** The number that Node gives a thread that has ended. */
const NO_THREAD = -1;

/** How {@link receive} runs. */
export interface ReceiveOptions {
  /** Ends the waiting; the call rejects with an `AbortError` then. The thread or process goes on. */
  signal?: AbortSignal;
}

/** Rejects when a thread or process has ended and no message of it is on the way any more. */
async function ended(from: Worker | ChildProcess, signal: AbortSignal): Promise<never> {
  if (from instanceof ChildProcessClass) {
    const running = from.exitCode === null && from.signalCode === null;
    // The exit of a process may be known before its last message is read; the end of its channel is not.
    const ends = [...(running ? ["exit"] : []), ...(from.connected ? ["disconnect"] : [])];
    await Promise.all(ends.map((end) => once(from, end, { signal })));
    throw new SenderEndedError(from.signalCode ?? from.exitCode);
  }
  if (from.threadId === NO_THREAD) throw new SenderEndedError("already");
  const [code]: unknown[] = await once(from, "exit", { signal });
  throw new SenderEndedError(code);
}

/**
 * Waits for the recording that a thread or a child process of the lesson's own sends as its next message, and reads it as
 * `received` does.
 *
 * Cancellation: `options.signal`.
 *
 * @example
 * import { Worker } from "node:worker_threads";
 *
 * const code = `
 *   const { parentPort } = require("node:worker_threads");
 *   const { blockingSleep, record, task } = require("support");
 *   record(() => task("blocks", () => blockingSleep(2))).then((run) => parentPort.postMessage(run));`;
 * const run = await record(() => receive(new Worker(code, { eval: true })));
 * if (run.ok) timeline(run, { lanes: { worker: run.value } });
 * @throws SenderEndedError when it ends first, ArgumentError when it sends something else, and what its `error` event gives (as
 * rejections)
 */
export async function receive(
  from: Worker | ChildProcess,
  options: ReceiveOptions = {},
): Promise<RecordingOf<unknown>> {
  const over = new AbortController();
  const signal = options.signal ? AbortSignal.any([over.signal, options.signal]) : over.signal;
  try {
    const first = Promise.race([once(from, "message", { signal }), ended(from, signal)]);
    const [message]: unknown[] = await nameWait(first, "a recording of another thread or process");
    return received(message, "the message");
  } finally {
    over.abort();
  }
}
