/** The random delays of the original: whole lesson seconds, 1 to 30. */
export const LONGEST_RANDOM = 30;

/** A number from a text: FNV-1a, 32 bits, with a last mix, so that texts that differ in one letter lie far apart. */
function hash(text: string): number {
  let state = 0x811c9dc5;
  for (const byte of Buffer.from(text)) state = Math.imul(state ^ byte, 0x01000193);
  state = Math.imul(state ^ (state >>> 16), 0x45d9f3b);
  return (state ^ (state >>> 16)) >>> 0;
}

/** The delay of a seed, in lesson seconds: always the same for the same text. */
export function delayOfSeed(seed: string): number {
  return 1 + (hash(seed) % LONGEST_RANDOM);
}

/**
 * A source of random delays, in lesson seconds.
 *
 * @param seed the n-th delay of a seed is always the same; without one they differ from run to run
 */
export function randomDelays(seed: string | undefined): () => number {
  if (seed === undefined) return () => 1 + Math.floor(Math.random() * LONGEST_RANDOM);
  let count = 0;
  return () => {
    count += 1;
    return delayOfSeed(`${seed}\n${count}`);
  };
}
