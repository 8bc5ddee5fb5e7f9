import { stat } from "node:fs";
import { performance } from "node:perf_hooks";
import { setTimeout as delay, setImmediate as turn } from "node:timers/promises";
import { onStop } from "../clean-up/stop-all.ts";
import { textOf } from "../errors/text-of.ts";
import type { PhaseRecording, PhaseStep } from "./phase-recording.ts";
import { type Watch, watch } from "./watch-loop.ts";

/** How often, in ms, it is looked whether anything is still to come. */
const LOOK_MS = 5;

/** Notes that the code has come to here, under a name. */
export type Step = (label: string) => void;

/** How {@link recordPhases} runs. */
export interface PhaseOptions {
  /** Where the recorded function is called from; `poll`, a callback for input, when not given. */
  from?: PhaseRecording["from"];
  /** Stops waiting when aborted. Cancels nothing by itself. */
  signal?: AbortSignal;
}

/** Calls a function from a fresh callback of the loop, or from the queue that is emptied after one. */
const CALL_FROM: Readonly<Record<PhaseRecording["from"], (call: () => void) => void>> = {
  poll: (call) => stat("/", call),
  timers: (call) => void setTimeout(call, 1),
  check: (call) => void setImmediate(call),
  nextTick: (call) => void setImmediate(() => process.nextTick(call)),
  microtask: (call) => void setImmediate(() => void Promise.resolve().then(call)),
};

function loopTurns(): number {
  return performance.nodeTiming.uvMetricsInfo.loopCount;
}

function stepInto(steps: PhaseStep[], watched: Watch): Step {
  let firstTurn: number | undefined;
  return (label) => {
    const visit = watched.current();
    if (visit === undefined) return;
    const turns = loopTurns();
    firstTurn ??= turns;
    const { phase, type, callback, queuedAt } = visit;
    const where = { phase, type, callback, visit: visit.visit, queuedAfter: queuedAt };
    steps.push({ label: textOf(label), ...where, turn: turns - firstTurn });
  };
}

function called(
  run: (step: Step) => unknown,
  step: Step,
  watched: Watch,
  from: PhaseRecording["from"],
  stop: AbortSignal,
) {
  return new Promise((resolve, reject) => {
    CALL_FROM[from](() => {
      // Aborted before its turn came: nobody waits for it any more.
      if (stop.aborted) return;
      const visit = watched.current();
      if (visit !== undefined) visit.phase = "sync";
      try {
        resolve(watched.follow(() => run(step)));
      } catch (error) {
        reject(error);
      }
    });
  });
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    else signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

/** Callbacks and pieces of code are numbered from 1, whatever else the thread did before the first step. */
function numbered(steps: readonly PhaseStep[]): PhaseStep[] {
  const callbacks = [...new Set(steps.map((step) => step.callback))];
  const visits = [...new Set(steps.map((step) => step.visit))];
  return steps.map((step) => ({
    ...step,
    callback: callbacks.indexOf(step.callback) + 1,
    visit: visits.indexOf(step.visit) + 1,
  }));
}

/**
 * Calls a function from a fresh callback of the event loop and notes, for each of its `step("…")`, in which phase of the
 * loop or in which queue the runtime called that piece of code. Nothing is simulated: what was called, and for what,
 * comes from `node:async_hooks`, and the loop's turns from its own counter. When nothing is recorded, nothing is hooked.
 *
 * It waits for what the function returns, and then for every timer, immediate, tick and file request that the function
 * has set off. Sockets and servers it does not wait for: return a promise for those.
 *
 * Cancellation: `options.signal` and an interrupt of the cell end the waiting with a rejection, not the work. A
 * function that has not been called by then is not called.
 *
 * @example
 * const order = await recordPhases((step) => {
 *   setImmediate(() => step("immediate"));
 *   process.nextTick(() => step("tick"));
 * });
 * console.log(order.steps.map(({ label, phase }) => `${label}: ${phase}`));
 * @returns plain data; rejects with whatever the function throws or rejects with
 */
export async function recordPhases(
  run: (step: Step) => unknown,
  options: PhaseOptions = {},
): Promise<PhaseRecording> {
  const { from = "poll" } = options;
  options.signal?.throwIfAborted();
  const steps: PhaseStep[] = [];
  const stopping = new AbortController();
  const forget = onStop(() => stopping.abort());
  const stop = options.signal ? AbortSignal.any([options.signal, stopping.signal]) : stopping.signal;
  const stopped = aborted(stop);
  const watched = watch(() => steps.length);
  try {
    await Promise.race([called(run, stepInto(steps, watched), watched, from, stop), stopped]);
    // The queues are empty only now; what stood in them may have set off more.
    await turn();
    while (watched.pending() > 0) await Promise.race([delay(LOOK_MS), stopped]);
    return { from, steps: numbered(steps) };
  } finally {
    watched.end();
    forget();
    stopped.catch(() => {});
  }
}
