import { PHASES, type Phase, type PhaseRecording, type PhaseStep } from "./phase-recording.ts";
import { labelOf } from "./phase-words.ts";

/** Where code waits to be called; what runs at once waits nowhere. */
export const QUEUES: readonly Exclude<Phase, "sync">[] = PHASES.filter((phase) => phase !== "sync");

/** A piece of code that waits, named by its first step. */
export interface Waiting {
  label: string;
  /** It was not there yet when the step before ran. */
  isNew: boolean;
}

/** The moment of one step: what runs, and what waits in each queue, in the order in which it will run. */
export interface Frame {
  running: string;
  queues: Readonly<Record<(typeof QUEUES)[number], Waiting[]>>;
}

/** Whether a piece of code waits while a step runs: it was queued before, and has not begun. */
function waits(step: PhaseStep, at: number, running: PhaseStep): boolean {
  return step.queuedAfter <= at && step.visit !== running.visit;
}

/**
 * What waits at each step, as far as it has steps of its own: of code that notes no step nothing is known. A timer that is set
 * waits, also when it is not due, and so does a file that was asked for.
 */
export function queueFrames({ steps }: PhaseRecording): Frame[] {
  const firsts = steps.filter(({ visit }, at) => steps.findIndex((step) => step.visit === visit) === at);
  return steps.map((running, at) => {
    const later = firsts.filter((step) => steps.indexOf(step) > at && waits(step, at, running));
    const before = steps[at - 1];
    const inQueue = (phase: Phase): Waiting[] =>
      later
        .filter((step) => step.phase === phase)
        .map((step) => ({
          label: labelOf(step),
          isNew: before === undefined || !waits(step, at - 1, before),
        }));
    return {
      running: labelOf(running),
      queues: {
        nextTick: inQueue("nextTick"),
        microtask: inQueue("microtask"),
        timers: inQueue("timers"),
        poll: inQueue("poll"),
        check: inQueue("check"),
      },
    };
  });
}

/** The queues in which anything ever waits. */
export function usedQueues(frames: readonly Frame[]): (typeof QUEUES)[number][] {
  return QUEUES.filter((queue) => frames.some((frame) => frame.queues[queue].length > 0));
}
