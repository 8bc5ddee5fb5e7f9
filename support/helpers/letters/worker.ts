import pg from "pg";
import { PgBoss } from "pg-boss";
import { blockingSleep, sleep } from "../clock/sleep.ts";
import { SupportError } from "../errors/support-error.ts";
import { textOf } from "../errors/text-of.ts";
import { task } from "../recording/record.ts";
import { type Letter, letterOf, sendOnce } from "./letter.ts";

/** The queue that workers take letters from. */
export const QUEUE = "letters";

const HOW = {
  transactional: true,
  pollingIntervalSeconds: 0.5,
  notifyPollingIntervalSeconds: 0.5,
} as const;

/** A worker could not join: no database answers at its address, or none with a queue of letters. `value` is why. */
export class WorkerError extends SupportError {
  constructor(why: string) {
    super("WORKER_NOT_JOINED", `the worker could not join: ${why}`, why);
  }
}

/** How {@link startWorker} works. */
export interface WorkerOptions {
  /** What the letters that it sends are marked with. */
  readonly name: string;
  /** How many letters it has in hand at most; 1 when not given. */
  readonly places?: number;
  /** Is told, in words, of what goes wrong outside a letter: a lost connection, for one. The worker goes on. */
  readonly onError: (words: string) => void;
}

/** A worker at work. */
export interface Worker {
  /** Takes no more letters, ends those in hand, and closes its connections. Calling it again waits for the same end. */
  drain(): Promise<void>;
}

/** The schema that names without one are looked up in: a lesson's own, where others use the same database. */
async function schemaOf(address: string): Promise<string> {
  const client = new pg.Client({ connectionString: address, connectionTimeoutMillis: 10_000 });
  try {
    await client.connect();
    const { rows } = await client.query<{ schema: string }>("select current_schema() as schema");
    return rows[0]?.schema ?? "public";
  } finally {
    await client.end();
  }
}

/** Does the work that a letter is, and then sends it. */
async function work(letter: Letter, signal: AbortSignal): Promise<void> {
  if (letter.holds) blockingSleep(letter.seconds);
  else await sleep(letter.seconds, { signal });
}

async function join(address: string, { name, places = 1, onError }: WorkerOptions): Promise<PgBoss> {
  const boss = new PgBoss({
    connectionString: address,
    application_name: `worker ${name}`,
    schema: await schemaOf(address),
    // The queue is there: whoever made it has made the tables.
    migrate: false,
    schedule: false,
    // One connection for each letter in hand, and one for all else.
    max: places + 1,
    useListenNotify: true,
    // Any worker finds the letters of one that died, and looks each second.
    superviseIntervalSeconds: 1,
    monitorIntervalSeconds: 1,
  });
  boss.on("error", (error) => onError(error.message));
  boss.on("warning", (warning) => onError(warning.message));
  try {
    await boss.start();
    if ((await boss.getQueue(QUEUE)) === null) throw new Error(`there is no queue "${QUEUE}"`);
  } catch (reason) {
    await boss.stop({ graceful: false });
    throw reason;
  }
  return boss;
}

/**
 * Starts a worker that takes letters from the queue and sends each once: the effect, its key and the word that the job is
 * done are one transaction. It asks for the next letter as soon as it is done with one, and looks twice a second while
 * there is none.
 *
 * A worker that dies in the middle of a letter has sent nothing. The letter comes back when it has been in hand for longer
 * than its queue allows (`expireInSeconds`), and another worker takes it.
 *
 * @example
 * const worker = await startWorker("postgres://me:password@10.0.0.1/mine", { name: "b", onError: console.error });
 * process.once("SIGTERM", () => worker.drain());
 * @throws WorkerError (as a rejection)
 */
export async function startWorker(address: string, options: WorkerOptions): Promise<Worker> {
  const { name, places = 1 } = options;
  let boss: PgBoss;
  try {
    boss = await join(address, options);
  } catch (reason) {
    throw new WorkerError(textOf(reason));
  }
  const start = async (): Promise<void> => {
    const id = await boss.work<unknown, void, typeof HOW>(QUEUE, HOW, async ([job], tx) => {
      // There may be more: look again without waiting for the next poll.
      boss.notifyWorker(id);
      if (job === undefined) return;
      const letter = letterOf(job.data);
      await task(`letter ${letter.letter}`, async () => {
        await work(letter, job.signal);
        await sendOnce(tx, letter, name);
      });
    });
  };
  for (let place = 0; place < places; place += 1) await start();
  let drained: Promise<void> | undefined;
  return {
    drain() {
      drained ??= boss.stop({ graceful: true, timeout: 30_000 });
      return drained;
    },
  };
}
