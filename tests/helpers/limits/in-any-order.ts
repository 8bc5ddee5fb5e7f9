import { test } from "node:test";
import { setImmediate as turn } from "node:timers/promises";
import fc from "fast-check";

/** The same plans and schedules each time; `SEED=7 node --test …` tries others. */
const SEED = Number(process.env.SEED ?? 1);
/** How many of them are tried; `RUNS=20000 node --test …` tries more. */
const RUNS = Number(process.env.RUNS ?? 1000);

/** Turns of the event loop without anything to go on with, after which a run is stuck. */
const PATIENCE = 30;

/** Waits until the schedule says so. */
export type Pause = () => Promise<void>;

/** Runs a plan, with pauses, and throws when something does not hold. */
export type Holds<P> = (plan: P, pause: Pause) => Promise<void>;

/** Lets what the schedule holds back go on, one after another, until the run is over. One that waits for ever is stuck. */
async function play(schedule: fc.Scheduler, run: Promise<void>): Promise<void> {
  const seen = { over: false };
  const note = (): void => {
    seen.over = true;
  };
  run.then(note, note);
  for (let idle = 0; !seen.over; idle += 1) {
    if (idle > PATIENCE) throw new Error("stuck: something never settles");
    if (schedule.count() === 0) await turn();
    else {
      idle = 0;
      await schedule.waitOne();
    }
  }
  await run;
}

/**
 * Makes a test of a property that must hold for all plans in whatever order things happen. When a plan or a schedule
 * breaks it, fast-check looks for the smallest that does.
 */
export function inAnyOrder<P>(name: string, plans: fc.Arbitrary<P>, holds: Holds<P>): void {
  test(`${name}, in ${RUNS} random schedules`, { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), plans, (schedule, plan) =>
        play(
          schedule,
          holds(plan, () => schedule.schedule(Promise.resolve())),
        ),
      ),
      { numRuns: RUNS, seed: SEED },
    );
  });
}

export function sorted(numbers: readonly number[]): number[] {
  return [...numbers].sort((a, b) => a - b);
}
