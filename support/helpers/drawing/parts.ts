/** A line from one row of a picture to another, in pixels of the picture. */
export interface Arrow {
  x: number;
  from: number;
  to: number;
  /** A broken line is for who waits, a whole one for who acts. */
  broken: boolean;
}

/** A row of a picture that a reader can point at, in pixels of the picture. */
export interface Part {
  top: number;
  height: number;
  /** The row's name in the picture. */
  label: string;
  /** What stands under the picture while the reader points at it. */
  text: string;
  /** The tops of the rows that have something to do with it; the others dim. */
  lit: readonly number[];
  arrows: readonly Arrow[];
}

/** What readers can point at in a picture. */
export interface Parts {
  width: number;
  height: number;
  rows: readonly Part[];
}
