/** First come, first served, and any place may be given up. Each step takes the same time, however long the line. */
export interface Line<T> {
  readonly length: number;
  /** Adds to the end. The returned function takes it out again, wherever it stands; it does nothing once it is out. */
  join(value: T): () => void;
  /** Adds to the front: what was taken out and is not wanted after all. */
  putBack(value: T): void;
  /** Takes out the first; undefined when there is none. */
  next(): T | undefined;
}

interface Place<T> {
  readonly value: T;
  before: Place<T> | undefined;
  after: Place<T> | undefined;
  out: boolean;
}

/**
 * An empty line. An array would do it with `shift` and `splice`, but those move all that stand behind: to serve a long
 * line from the front takes time with the square of its length.
 */
export function line<T>(): Line<T> {
  let first: Place<T> | undefined;
  let last: Place<T> | undefined;
  let length = 0;
  const take = (place: Place<T>): void => {
    if (place.out) return;
    place.out = true;
    if (place.before === undefined) first = place.after;
    else place.before.after = place.after;
    if (place.after === undefined) last = place.before;
    else place.after.before = place.before;
    length -= 1;
  };
  return {
    get length() {
      return length;
    },
    join(value) {
      const place: Place<T> = { value, before: last, after: undefined, out: false };
      if (last === undefined) first = place;
      else last.after = place;
      last = place;
      length += 1;
      return () => take(place);
    },
    putBack(value) {
      const place: Place<T> = { value, before: undefined, after: first, out: false };
      if (first === undefined) last = place;
      else first.before = place;
      first = place;
      length += 1;
    },
    next() {
      const place = first;
      if (place !== undefined) take(place);
      return place?.value;
    },
  };
}
