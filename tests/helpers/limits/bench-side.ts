/**
 * One side of `jobs.ts`, in a process of its own: does so many trivial jobs, a hundred at a time, and says how long it
 * took and what the process needed at most. Run by hand: `node tests/helpers/limits/bench-side.ts pool 1000000`.
 */
import pLimit from "p-limit";
import { mapPool } from "../../../support/helpers/limits/map-pool.ts";
import { pool } from "../../../support/helpers/limits/pool.ts";

const CONCURRENCY = 100;

function* numbers(count: number): Generator<number> {
  for (let i = 0; i < count; i += 1) yield i;
}

async function* numbersLater(count: number): AsyncGenerator<number> {
  for (let i = 0; i < count; i += 1) yield i;
}

type Job = (i: number) => Promise<void>;

async function workerLoop(count: number, job: Job): Promise<void> {
  const source = numbers(count);
  const worker = async (): Promise<void> => {
    for (const i of source) await job(i);
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, worker));
}

async function mapped(count: number, job: Job, inOrder: boolean): Promise<void> {
  for await (const _done of mapPool(numbers(count), job, { concurrency: CONCURRENCY, inOrder }));
}

const sides: Record<string, (count: number, job: Job) => Promise<unknown>> = {
  pool: (count, job) => pool(numbers(count), job, { concurrency: CONCURRENCY }),
  "pool, async iterable": (count, job) => pool(numbersLater(count), job, { concurrency: CONCURRENCY }),
  mapPool: (count, job) => mapped(count, job, false),
  "mapPool, in order": (count, job) => mapped(count, job, true),
  "bare worker loop": workerLoop,
  "p-limit": (count, job) => pLimit(CONCURRENCY).map(numbers(count), job),
};

/** What a side reports. */
export interface Side {
  seconds: number;
  megabytes: number;
}

if (import.meta.main) {
  const [name = "", text = ""] = process.argv.slice(2);
  const run = sides[name];
  const count = Number(text);
  if (run === undefined || !(count > 0)) throw new Error(`no side ${name} of ${text} jobs`);
  let sum = 0;
  const start = performance.now();
  await run(count, async (i) => {
    sum += i;
  });
  const seconds = (performance.now() - start) / 1000;
  if (sum !== (count * (count - 1)) / 2) throw new Error(`${name} lost jobs: ${sum}`);
  // The high-water mark of the process as the system counts it, in KiB.
  const side: Side = { seconds, megabytes: process.resourceUsage().maxRSS / 1024 };
  console.log(JSON.stringify(side));
}
