import { ArgumentError } from "../errors/support-error.ts";

/** What a job of the queue of letters says. */
export interface Letter {
  /** The letter's number: the key by which it is known to be the same one. It is sent once. */
  readonly letter: number;
  /** How long it takes, in lesson seconds. */
  readonly seconds: number;
  /** Whether that time is spent holding the thread. */
  readonly holds: boolean;
}

function fieldOf(data: unknown, name: string): unknown {
  return typeof data === "object" && data !== null ? Reflect.get(data, name) : undefined;
}

/**
 * Reads the data of a job. Anybody who may write into the queue may have written it.
 *
 * @throws ArgumentError (`BAD_LETTER`) when it is no letter
 */
export function letterOf(data: unknown): Letter {
  const letter = fieldOf(data, "letter");
  const seconds = fieldOf(data, "seconds") ?? 0;
  if (typeof letter !== "number" || !Number.isSafeInteger(letter)) {
    throw new ArgumentError("BAD_LETTER", "a letter's number", letter, "a whole number");
  }
  if (typeof seconds !== "number" || !(seconds >= 0 && seconds <= 3600)) {
    throw new ArgumentError(
      "BAD_LETTER",
      `the time for letter ${letter}`,
      seconds,
      "lesson seconds, 0 to 3600",
    );
  }
  return { letter, seconds, holds: fieldOf(data, "holds") === true };
}

/** Whoever runs statements in one transaction: what pg-boss gives a transactional handler. */
export interface Transaction {
  executeSql(text: string, values: unknown[]): Promise<unknown>;
}

/**
 * Sends a letter unless it has been sent: its key and its effect are one statement, in the transaction that it is given.
 * A second one with the same key waits until the first has ended, and then does nothing, or everything if the first was
 * rolled back.
 */
export async function sendOnce(tx: Transaction, { letter }: Letter, worker: string): Promise<void> {
  await tx.executeSql(
    `with fresh as (insert into keys values ($1) on conflict do nothing returning letter)
     insert into sent (letter, worker) select letter, $2 from fresh`,
    [letter, worker],
  );
}
