/**
 * States a claim and shows whether it holds: `✓ claim` or, to stderr, `✗ claim`. It never throws, so that the rest of
 * the lesson still runs; the lesson runner fails on a claim that doesn't hold.
 *
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
 * @param asked what the reader is asked to bring about
 * @param solved whether it is
 */
export function exercise(asked: string, solved: boolean): void {
  console.log(solved ? `✓ ${asked}` : `☐ ${asked}: not yet`);
}
