import { setImmediate as moment } from "node:timers/promises";

/** What a worker does with a letter, in its order; it may be killed after any of them. */
export type Step = "look" | "send" | "done" | "log";

/**
 * How often a letter is sent by a worker that is killed after so many steps and by the one that gets the letter from the queue
 * after it, if the queue still has it.
 */
export async function sendsOf(steps: readonly Step[], killedAfter: number): Promise<number> {
  let isInQueue = true;
  let sends = 0;
  for (const most of [killedAfter, steps.length]) {
    if (!isInQueue) break;
    for (const step of steps.slice(0, most)) {
      await moment();
      if (step === "send") sends += 1;
      if (step === "done") isInQueue = false;
    }
  }
  return sends;
}

/** What a transaction may do. */
export interface Transaction {
  /** Whether the key is new. Waits for another transaction that has the same key in hand. */
  take(key: number): Promise<boolean>;
  /** @throws RangeError (as a rejection) when the amount is not over 0; an Error when the connection is lost */
  book(order: number, cents: number): Promise<void>;
}

/** A database that keeps what a transaction has done when it ends well, and else forgets all of it. */
export interface Ledger {
  /** Whether a key has been taken, by a transaction that has ended well. */
  has(key: number): Promise<boolean>;
  begin(work: (own: Transaction) => Promise<void>): Promise<void>;
}

/** A booking, of so many cents. */
export interface Booking {
  order: number;
  cents: number;
}

/**
 * A ledger in memory, in which each operation takes a moment.
 *
 * @param losing the order at whose first booking the connection is lost
 */
export function ledger(losing?: number): { db: Ledger; booked(): Booking[]; lost(): boolean } {
  const keys = new Set<number>();
  const bookings: Booking[] = [];
  const holders = new Map<number, Promise<void>>();
  let isLost = false;

  async function begin(work: (own: Transaction) => Promise<void>): Promise<void> {
    const ended = Promise.withResolvers<void>();
    const [newKeys, newBookings] = [new Set<number>(), [] as Booking[]];
    const own: Transaction = {
      async take(key) {
        await moment();
        if (newKeys.has(key)) return false;
        for (let holder = holders.get(key); holder; holder = holders.get(key)) await holder;
        if (keys.has(key)) return false;
        newKeys.add(key);
        holders.set(key, ended.promise);
        return true;
      },
      async book(order, cents) {
        await moment();
        if (order === losing && !isLost) {
          isLost = true;
          throw new Error("the connection was lost");
        }
        if (!(cents > 0)) throw new RangeError(`${cents} cents cannot be booked`);
        newBookings.push({ order, cents });
      },
    };
    try {
      await work(own);
      await moment();
      for (const key of newKeys) keys.add(key);
      bookings.push(...newBookings);
    } finally {
      for (const key of newKeys) holders.delete(key);
      ended.resolve();
    }
  }
  async function has(key: number): Promise<boolean> {
    await moment();
    return keys.has(key);
  }
  return { db: { has, begin }, booked: () => [...bookings], lost: () => isLost };
}

/** A letter that a worker has in hand. */
export interface Job {
  letter: number;
}

/** What a worker sees of a queue. */
export interface Queue {
  /** Gives out a letter; undefined when there is none now. */
  take(): Promise<Job | undefined>;
  done(job: Job): Promise<void>;
  /** The letter is given out again, and the third time it goes to the dead. */
  fail(job: Job, why: string): Promise<void>;
}

/** What a queue has noticed. */
export interface Noticed {
  /** Letters by what became of them, each time they were given out. */
  taken: number[];
  done: number[];
  failed: number[];
  dead: number[];
  /** Letters that are in somebody's hand. */
  inHand: number[];
  /** How often it had nothing to give. */
  empty: number;
}

const TRIES = 3;

/** A queue in memory that hands a letter out again when it has failed, at most three times in all. */
export function queueOf(letters: readonly number[]): {
  queue: Queue;
  add(more: readonly number[]): void;
  seen(): Noticed;
} {
  const waiting = [...letters];
  const hands = new Set<Job>();
  const noticed: Omit<Noticed, "inHand"> = { taken: [], done: [], failed: [], dead: [], empty: 0 };

  /** A word about a letter that has been given back already changes nothing, as in a real queue. */
  const end = (job: Job): boolean => hands.delete(job);
  const queue: Queue = {
    async take() {
      await moment();
      const letter = waiting.shift();
      if (letter === undefined) {
        noticed.empty += 1;
        return undefined;
      }
      const job = { letter };
      hands.add(job);
      noticed.taken.push(letter);
      return job;
    },
    async done(job) {
      await moment();
      if (end(job)) noticed.done.push(job.letter);
    },
    async fail(job) {
      await moment();
      if (!end(job)) return;
      noticed.failed.push(job.letter);
      const tries = noticed.failed.filter((one) => one === job.letter).length;
      if (tries < TRIES) waiting.unshift(job.letter);
      else noticed.dead.push(job.letter);
    },
  };
  return {
    queue,
    add: (more) => void waiting.push(...more),
    seen: () => ({ ...noticed, inHand: [...hands].map(({ letter }) => letter) }),
  };
}
