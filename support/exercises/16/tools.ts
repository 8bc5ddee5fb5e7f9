import { sleep } from "support";

/** What a source has done. */
export interface Seen {
  made: number;
  closed: boolean;
}

export const fresh = (): Seen => ({ made: 0, closed: false });

/** What a source says that fails. */
export const OUT_OF_ORDER = "the source is out of order";

/** How a source makes its values. */
export interface SourceOptions {
  /** How many there are. */
  most: number;
  /** Lesson seconds that each takes; none when not given. */
  gap?: number;
  /** After so many it fails. */
  failsAfter?: number;
}

/** Numbers from 1 on. To close it takes a tenth of a lesson second. */
export async function* source(
  seen: Seen,
  { most, gap = 0, failsAfter = Number.POSITIVE_INFINITY }: SourceOptions,
): AsyncGenerator<number, undefined> {
  try {
    while (seen.made < most) {
      if (seen.made >= failsAfter) throw new RangeError(OUT_OF_ORDER);
      await sleep(gap);
      seen.made += 1;
      yield seen.made;
    }
  } finally {
    await sleep(0.1);
    seen.closed = true;
  }
}

/** `1 value`, `2 values`. */
export const values = (count: number): string => (count === 1 ? "1 value" : `${count} values`);
