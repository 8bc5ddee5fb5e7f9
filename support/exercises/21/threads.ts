import { Worker } from "node:worker_threads";
import { LESSON_SECOND_MS } from "support";

/** A job for a thread: it takes so many lesson seconds and gives the square of `n`, unless it does something else. */
export interface Job {
  n: number;
  seconds: number;
  /** It fails; it ends its thread; it never ends. */
  does?: "fail" | "exit" | "loop";
}

/** What a thread answers to a job, in the order in which it was given them. */
export type Answer = { value: number } | { error: string };

/** Threads that take jobs by message. */
export interface Pool {
  /**
   * The result of a job; rejects with an `Error` when the job fails or its thread ends, and with the signal's reason when that is
   * aborted.
   */
  run(job: Job, signal?: AbortSignal): Promise<number>;
  /** Takes no more jobs, gives up those that wait, lets those that run end, and then ends the threads. */
  close(): Promise<void>;
}

export type CreatePool = (size: number, start: () => Worker) => Pool;

/** What the threads did, as they saw it themselves. */
export interface Counts {
  threads: number;
  /** How many of them have not ended. */
  running: number;
  begun: number;
  highest: number;
}

const PROGRAM = `
const { parentPort, workerData } = require("node:worker_threads");
const { counts, secondMs } = workerData;
const nothing = new Int32Array(new SharedArrayBuffer(4));
const hold = (ms) => Atomics.wait(nothing, 0, 0, ms);
parentPort.on("message", (job) => {
  const now = Atomics.add(counts, 0, 1) + 1;
  Atomics.add(counts, 1, 1);
  for (let old = Atomics.load(counts, 2); old < now; old = Atomics.load(counts, 2))
    Atomics.compareExchange(counts, 2, old, now);
  while (job.does === "loop") hold(1000);
  hold(job.seconds * secondMs);
  Atomics.sub(counts, 0, 1);
  if (job.does === "exit") process.exit(3);
  parentPort.postMessage(job.does === "fail" ? { error: "no such number" } : { value: job.n * job.n });
});
`;

/** A way to start threads, and what they count together. */
export function threadStarter(): { start: () => Worker; counts: () => Counts } {
  const counts = new Int32Array(new SharedArrayBuffer(3 * Int32Array.BYTES_PER_ELEMENT));
  const workers: Worker[] = [];
  return {
    start() {
      const worker = new Worker(PROGRAM, { eval: true, workerData: { counts, secondMs: LESSON_SECOND_MS } });
      workers.push(worker);
      return worker;
    },
    counts: () => ({
      threads: workers.length,
      // The number of a thread that has ended is -1.
      running: workers.filter(({ threadId }) => threadId > 0).length,
      begun: counts[1] ?? 0,
      highest: counts[2] ?? 0,
    }),
  };
}
