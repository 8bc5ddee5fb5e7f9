import { wasBusy } from "../clock/machine-load.ts";

/** How a claim ends that can't be judged, and one that is false. The lesson runner knows both by these words. */
export const BUSY = "this computer was busy: run the cell again";
export const FALSE = "this does not hold";

/**
 * What is said of a claim, and where.
 *
 * @param busy whether the computer was too busy to tell; asked only where the claim does not hold
 */
export function verdict(claim: string, holds: boolean, busy: () => boolean): ["log" | "error", string] {
  if (holds) return ["log", `✓ ${claim}`];
  if (busy()) return ["error", `↻ ${claim}: ${BUSY}`];
  return ["error", `✗ ${claim}: ${FALSE}`];
}

/**
 * States a claim and shows whether it holds: `✓ claim` or, to stderr, `✗ claim`. Where it does not hold and other
 * programs kept this one from its work, it says that instead: a busy computer makes no claim wrong, and none right. It
 * never throws, so that the rest of the lesson still runs; the lesson runner fails on a claim that doesn't hold.
 *
 * @example
 * const run = await record(() => sleep(3));
 * check("it ends after 3 s", whole(run.makespan) === 3);
 * @param claim what is true, as a short sentence
 * @param holds whether it is
 * @example
 * const run = await record(() => sleep(2));
 * check("two seconds have gone by", whole(run.makespan) === 2);
 */
export function check(claim: string, holds: boolean): void {
  const [where, words] = verdict(claim, holds, wasBusy);
  console[where](words);
}
