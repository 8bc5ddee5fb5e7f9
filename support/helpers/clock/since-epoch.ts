/** The clocks of a thread, read at one moment; in ms. */
export interface Clocks {
  /** What `performance.timeOrigin` is: when the clock of `performance.now()` began. */
  origin: number;
  now: number;
  /** What `Date.now()` says: whole ms. */
  wall: number;
}

/** `Date.now()` leaves out up to a ms, and a moment passes between two looks. */
const SLACK_MS = 2;

function clocks(): Clocks {
  return { origin: performance.timeOrigin, now: performance.now(), wall: Date.now() };
}

/**
 * A time of `performance.now()` in ms since 1970, the clock that all threads and processes of a computer share, with the parts
 * of a ms that `Date.now()` leaves out.
 *
 * `performance.now()` stands still while the computer sleeps, and the system may set its clock. A process that has lived through
 * that is off by it for good, and one that starts afterwards is not. So what the two clocks say is compared each time.
 *
 * @example
 * console.log(new Date(sinceEpoch(performance.now())));
 * @param at ms of `performance.now()`, of this thread
 */
export function sinceEpoch(at: number, { origin, now, wall }: Clocks = clocks()): number {
  const off = wall - (origin + now);
  return origin + at + (Math.abs(off) <= SLACK_MS ? 0 : off);
}
