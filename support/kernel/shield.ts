/** What the main thread and the control thread share: a few numbers that both can read while the main thread is busy. */
const TAKEN = 0;
const SHIELDED = 1;
const ANSWERED = 2;
const ENDING = 3;
const DROPPING = 4;
/** How long the main thread waits for its own end at most, in ms, before it begins what must not be cut in half. */
const ENDING_MS = 2000;

/** Memory for {@link createShield} and {@link interruptsTaken}. */
export type Shared = Int32Array<SharedArrayBuffer>;

export function createShared(): Shared {
  return new Int32Array(new SharedArrayBuffer(5 * Int32Array.BYTES_PER_ELEMENT));
}

/** The main thread says that it has taken an interrupt by itself. */
export function takeInterrupt(shared: Shared): void {
  Atomics.add(shared, TAKEN, 1);
  Atomics.notify(shared, TAKEN);
}

/**
 * Waits until the main thread has taken an interrupt by itself.
 *
 * @param before what {@link interruptsTaken} said before it was sent
 * @param ms how long to wait, in ms
 * @returns whether it has
 */
export async function isTaken(shared: Shared, before: number, ms: number): Promise<boolean> {
  await Atomics.waitAsync(shared, TAKEN, before, ms).value;
  return interruptsTaken(shared) !== before;
}

export function interruptsTaken(shared: Shared): number {
  return Atomics.load(shared, TAKEN);
}

/** Says that an answer is there, to a main thread that {@link waitForAnswer} holds. */
export function announceAnswer(shared: Shared): void {
  Atomics.add(shared, ANSWERED, 1);
  Atomics.notify(shared, ANSWERED);
}

/** Asks, and holds this thread until the other one has announced an answer. */
export function waitForAnswer(shared: Shared, ask: () => void): void {
  const before = Atomics.load(shared, ANSWERED);
  ask();
  Atomics.wait(shared, ANSWERED, before);
}

/** Whether the main thread does what must not be cut in half. */
export function isShielded(shared: Shared): boolean {
  return Atomics.load(shared, SHIELDED) > 0;
}

/**
 * Says that what the main thread executes is about to be ended: from now on it begins nothing that must not be cut.
 *
 * @returns whether it may be ended; it may not when it has begun such a thing before
 */
export function announceEnd(shared: Shared): boolean {
  Atomics.store(shared, ENDING, 1);
  if (!isShielded(shared)) return true;
  endAnnounced(shared);
  return false;
}

/** Says that it has been ended, or won't be. */
export function endAnnounced(shared: Shared): void {
  Atomics.store(shared, ENDING, 0);
  Atomics.notify(shared, ENDING);
}

/**
 * Whether ticks and microtasks of cells (`process.nextTick`, `queueMicrotask`) are to be dropped: the main thread comes to nothing
 * else any more.
 */
export function dropTicks(shared: Shared, dropped: boolean): void {
  Atomics.store(shared, DROPPING, dropped ? 1 : 0);
}

export function areTicksDropped(shared: Shared): boolean {
  return Atomics.load(shared, DROPPING) === 1;
}

/** Keeps an interrupt from cutting work in half: the kernel's own, or a module's that loads. */
export interface Shield {
  over<T>(work: () => T): T;
  during<T>(work: Promise<T>): Promise<T>;
  /** Forgets work that was ended from outside all the same: nothing that it had to do at its end was done. */
  reset(): void;
}

export function createShield(shared: Shared): Shield {
  return {
    over(work) {
      Atomics.add(shared, SHIELDED, 1);
      Atomics.wait(shared, ENDING, 1, ENDING_MS);
      try {
        return work();
      } finally {
        Atomics.sub(shared, SHIELDED, 1);
      }
    },
    async during(work) {
      Atomics.add(shared, SHIELDED, 1);
      try {
        return await work;
      } finally {
        Atomics.sub(shared, SHIELDED, 1);
      }
    },
    reset() {
      Atomics.store(shared, SHIELDED, 0);
    },
  };
}
