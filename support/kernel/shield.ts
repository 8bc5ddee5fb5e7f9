/** What the main thread and the control thread share: a few numbers that both can read while the main thread is busy. */
const TAKEN = 0;
const SHIELDED = 1;

/** Memory for {@link createShield} and {@link interruptsTaken}. */
export type Shared = Int32Array<SharedArrayBuffer>;

export function createShared(): Shared {
  return new Int32Array(new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT));
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

/** Whether the main thread does what must not be cut in half. */
export function isShielded(shared: Shared): boolean {
  return Atomics.load(shared, SHIELDED) > 0;
}

/** Keeps an interrupt from cutting work in half: the compiler's, or a module's that loads. */
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
