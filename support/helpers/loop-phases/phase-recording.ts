/**
 * Where Node can run a piece of code, in the order in which the picture shows them. The first three are one callback
 * and the two queues that are emptied after it; the last three are the phases in which the loop calls callbacks.
 */
export const PHASES = ["sync", "nextTick", "microtask", "timers", "poll", "check"] as const;

/** One of {@link PHASES}. */
export type Phase = (typeof PHASES)[number];

/** One step of the reader's code, as plain data. */
export interface PhaseStep {
  /** What the reader's code calls it. */
  label: string;
  phase: Phase;
  /** What the runtime itself calls the thing that it ran: `TickObject`, `PROMISE`, `Timeout`, `Immediate` … */
  type: string;
  /** Steps with the same number ran in one callback of the loop or in the queues that were emptied after it. */
  callback: number;
  /** Steps with the same number ran in one piece of code that the runtime called once. */
  visit: number;
  /** How many steps had been noted when that piece of code was queued; 0 for what was there before the first step. */
  queuedAfter: number;
  /** How often the loop had turned since the first step; how long a file or a socket takes is part of that. */
  turn: number;
}

/** What {@link recordPhases} returns. */
export interface PhaseRecording {
  /** Where the recorded function itself was called from. */
  from: Exclude<Phase, "sync">;
  /** In the order in which they ran. */
  steps: PhaseStep[];
}
