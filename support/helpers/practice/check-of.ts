import type { Desk } from "./desk.ts";
import { NotYet } from "./finding.ts";

/** The check of an exercise: it throws {@link NotYet} where the answer does not do yet. */
export type Check = (answer: unknown, desk: Desk) => Promise<void>;

/** An answer is a function: which one can only be found out by calling it. */
function isFunction<A>(answer: unknown): answer is A {
  return typeof answer === "function";
}

/**
 * Makes the check of an exercise whose answer is a function.
 *
 * @param judge runs the answer and says what it expects; it returns when all holds
 */
export function checkOf<A extends (...given: never[]) => unknown>(
  judge: (answer: A, desk: Desk) => Promise<void>,
): Check {
  return async (answer, desk) => {
    if (!isFunction<A>(answer))
      throw new NotYet({ says: `the answer is of type ${typeof answer}; a function is wanted` });
    await judge(answer, desk);
  };
}
