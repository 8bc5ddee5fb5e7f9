import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { LESSON_SECOND_MS } from "support";

/** How the thread of an exercise works. */
export interface ThreadOptions {
  /** True: it computes, one job at a time. False, when not given: its jobs wait, all at the same time. */
  holds?: boolean;
  /** What it answers to the first job that comes, to the second, and so on. */
  answers?: readonly string[];
}

/** A thread that takes jobs as messages, `{ id, seconds }`, and answers each by `{ id, value, failed }`. */
export interface Thread {
  worker: Worker;
  /** How many jobs have come. */
  came(): number;
  /** Whether it has not been terminated. */
  alive(): boolean;
}

/** Each job waits for so many lesson seconds, or holds the thread for so long; `fails` says that it has failed then. */
const CODE = `
const { parentPort, workerData } = require("node:worker_threads");
const { ms, holds, answers, came } = workerData;
const nobody = new Int32Array(new SharedArrayBuffer(4));
parentPort.on("message", ({ id, seconds, fails = false }) => {
  const value = answers[Atomics.add(came, 0, 1)];
  const answer = () => parentPort.postMessage({ id, value, failed: fails });
  if (!holds) return void setTimeout(answer, seconds * ms);
  Atomics.wait(nobody, 0, 0, seconds * ms);
  answer();
});
parentPort.postMessage("up");
`;

/** Starts a thread, and comes back when it takes jobs. */
export async function startThread({ holds = false, answers = [] }: ThreadOptions = {}): Promise<Thread> {
  const came = new Int32Array(new SharedArrayBuffer(4));
  const workerData = { ms: LESSON_SECOND_MS, holds, answers, came };
  const worker = new Worker(CODE, { eval: true, workerData });
  let alive = true;
  worker.once("exit", () => {
    alive = false;
  });
  await once(worker, "message");
  return { worker, came: () => Atomics.load(came, 0), alive: () => alive };
}

/** A job: how long it takes, in lesson seconds, and whether it fails at its end. */
export interface Job {
  seconds: number;
  fails?: boolean;
}

/** A thread that has ended gives no more answers. */
class LoopEndedError extends Error {
  override readonly name = "LoopEndedError";
}

/** Gives jobs to a thread and keeps those that have not ended. */
export interface Jobs {
  /** A promise of the end of each job: rejected when it fails, and when the thread ends before it. */
  readonly running: Set<Promise<void>>;
  run(job: Job): Promise<void>;
}

/** @param thread that answers nobody else */
export function jobsOf({ worker }: Thread): Jobs {
  const pending = new Map<number, PromiseWithResolvers<void>>();
  const running = new Set<Promise<void>>();
  let next = 0;
  worker.on("message", ({ id, failed }: { id: number; failed: boolean }) => {
    const job = pending.get(id);
    if (failed) job?.reject(new RangeError("this job has failed"));
    else job?.resolve();
  });
  worker.once("exit", () => {
    for (const job of pending.values()) job.reject(new LoopEndedError("the thread ended before the job did"));
  });
  return {
    running,
    async run({ seconds, fails = false }) {
      const id = next;
      next += 1;
      const job = Promise.withResolvers<void>();
      pending.set(id, job);
      running.add(job.promise);
      worker.postMessage({ id, seconds, fails });
      try {
        await job.promise;
      } finally {
        running.delete(job.promise);
        pending.delete(id);
      }
    },
  };
}
