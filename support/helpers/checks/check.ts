/**
 * States a claim and shows whether it holds: `✓ claim` or, to stderr, `✗ claim`. It never throws, so that the rest of
 * the lesson still runs; the lesson runner fails on a claim that doesn't hold.
 *
 * @example
 * const run = await record(() => sleep(3));
 * check("it ends after 3 s", whole(run.makespan) === 3);
 * @param claim what is true, as a short sentence
 * @param holds whether it is
 */
export function check(claim: string, holds: boolean): void {
  if (holds) console.log(`✓ ${claim}`);
  else console.error(`✗ ${claim}: this does not hold`);
}

/**
 * The check of an exercise: `✓ asked` when it is solved, `☐ asked: not yet` until then. An exercise that nobody has
 * solved yet is no fault.
 *
 * @example
 * const answer = (): number => 0; // for the reader to change
 * exercise("answer() is 42", answer() === 42);
 * @param asked what the reader is asked to bring about
 * @param solved whether it is
 */
export function exercise(asked: string, solved: boolean): void {
  console.log(solved ? `✓ ${asked}` : `☐ ${asked}: not yet`);
}
