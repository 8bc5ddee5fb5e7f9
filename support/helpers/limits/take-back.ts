/** The name of {@link TakesBack}'s method. A symbol, so that it is in nobody's way. */
export const TAKE_BACK = Symbol("take back");

/** What an iterator is that can take back an item which it gave and which nobody has begun to work on. */
export interface TakesBack<T> {
  [TAKE_BACK](item: T): void;
}

/** Whether an iterator can take items back; those of a queue can. */
export function takesBack<T>(
  iterator: Iterator<T> | AsyncIterator<T>,
): iterator is AsyncIterator<T> & TakesBack<T> {
  return TAKE_BACK in iterator;
}
