import { execFile } from "node:child_process";
import { Session } from "node:inspector";
import { promisify } from "node:util";
import { PREPARE_CUT } from "./hooks.ts";
import { announceEnd, dropTicks, endAnnounced, interruptsTaken, isTaken, type Shared } from "./shield.ts";

/**
 * How long the main thread has, in ms, to take an interrupt by itself; to come to the end of a chain of ticks or microtasks; to
 * end the loading of a module, which is of no use when cut in half; and to come back from a call outside JavaScript.
 */
const PATIENCE_MS = 100;
const TICKS_MS = 50;
const SHIELDED_MS = 10_000;
const OUTSIDE_MS = 300;

/** Ends what the main thread executes, as soon as that is JavaScript, then calls `ended`. */
function terminate(ended: () => void): void {
  const session = new Session();
  session.connectToMainThread();
  session.post("Runtime.evaluate", { expression: PREPARE_CUT });
  session.post("Runtime.terminateExecution", () => {
    session.disconnect();
    ended();
  });
}

/** Ends the processes that the main thread waits for: those below this one, but for the `others` that it started. */
async function endAwaited(others: ReadonlySet<number>): Promise<void> {
  const listing = promisify(execFile)("ps", ["-A", "-o", "pid=,ppid="]);
  const { stdout } = await listing;
  const all = [...stdout.matchAll(/(\d+) +(\d+)/g)].map(([, pid, parent]) => [Number(pid), Number(parent)]);
  const below = (of: number): number[] =>
    all.flatMap(([pid = 0, parent]) =>
      parent === of && !others.has(pid) && pid !== listing.child.pid ? [pid, ...below(pid)] : [],
    );
  for (const pid of below(process.pid)) process.kill(pid, "SIGTERM");
}

/**
 * A chain of `process.nextTick` or `queueMicrotask` can't be cut: Node would take it for a fault of its own and end. It is given
 * no more of them.
 */
async function withoutTicks(shared: Shared, before: number): Promise<boolean> {
  dropTicks(shared, true);
  try {
    return await isTaken(shared, before, TICKS_MS);
  } finally {
    dropTicks(shared, false);
  }
}

/** What {@link insist} needs to reach the main thread. */
export interface Reach {
  shared: Shared;
  send: () => void;
  /** Tells it to look for what was sent, in case that it was ended while it did. */
  wake: () => void;
  /** Processes of its own that it doesn't wait for. */
  others: ReadonlySet<number>;
}

/**
 * Sends the main thread an interrupt, and forces on it what it doesn't take by itself.
 *
 * @returns whether the main thread has taken it; if not, it is in a call that nothing here ends
 */
export async function insist({ shared, send, wake, others }: Reach): Promise<boolean> {
  const before = interruptsTaken(shared);
  const start = performance.now();
  send();
  if (await isTaken(shared, before, PATIENCE_MS)) return true;
  if (await withoutTicks(shared, before)) return true;
  do if (await isTaken(shared, before, PATIENCE_MS)) return true;
  while (!announceEnd(shared) && performance.now() - start < SHIELDED_MS);
  terminate(() => {
    endAnnounced(shared);
    wake();
  });
  if (await isTaken(shared, before, OUTSIDE_MS)) return true;
  await endAwaited(others);
  return isTaken(shared, before, OUTSIDE_MS);
}
