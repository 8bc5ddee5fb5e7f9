/**
 * Does so many jobs, a hundred at a time, in one way: `jobs.ts pool 1000000`. Prints how long it took and what the process
 * needed at most, as JSON.
 */
import pLimit from "p-limit";
import { from, lastValueFrom, mergeMap } from "rxjs";
import { mapPool } from "../../../support/helpers/limits/map-pool.ts";
import { pool } from "../../../support/helpers/limits/pool.ts";
import { peakMegabytes } from "./peak.ts";
import { peer } from "./peers.ts";

const CONCURRENCY = 100;

function* numbers(count: number): Generator<number> {
  for (let i = 0; i < count; i += 1) yield i;
}

async function* numbersLater(count: number): AsyncGenerator<number> {
  for (let i = 0; i < count; i += 1) yield i;
}

type Job = (i: number) => Promise<void>;
type Way = (count: number, job: Job) => Promise<unknown>;

interface PMap {
  default(items: Iterable<number>, job: Job, options: { concurrency: number }): Promise<unknown>;
  pMapIterable(items: Iterable<number>, job: Job, options: { concurrency: number }): AsyncIterable<unknown>;
}
interface PQueue {
  default: new (options: {
    concurrency: number;
  }) => { add(job: () => Promise<void>): Promise<void>; onIdle(): Promise<void> };
}
interface EffectPackage {
  Effect: {
    promise(job: () => Promise<void>): unknown;
    forEach(
      items: Iterable<number>,
      job: (i: number) => unknown,
      options: { concurrency: number; discard: boolean },
    ): unknown;
    runPromise(effect: unknown): Promise<unknown>;
  };
}

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

const ways: Readonly<Record<string, Way>> = {
  pool: (count, job) => pool(numbers(count), job, { concurrency: CONCURRENCY }),
  "pool, async iterable": (count, job) => pool(numbersLater(count), job, { concurrency: CONCURRENCY }),
  mapPool: (count, job) => mapped(count, job, false),
  "mapPool, in order": (count, job) => mapped(count, job, true),
  "bare worker loop": workerLoop,
  "p-limit": (count, job) => pLimit(CONCURRENCY).map(numbers(count), job),
  "RxJS mergeMap": (count, job) => lastValueFrom(from(numbers(count)).pipe(mergeMap(job, CONCURRENCY))),
  async "p-map"(count, job) {
    const { default: pMap } = await peer<PMap>("p-map");
    await pMap(numbers(count), job, { concurrency: CONCURRENCY });
  },
  async "p-map, iterable"(count, job) {
    const { pMapIterable } = await peer<PMap>("p-map");
    for await (const _done of pMapIterable(numbers(count), job, { concurrency: CONCURRENCY }));
  },
  async "p-queue"(count, job) {
    const { default: PQueue } = await peer<PQueue>("p-queue");
    const queue = new PQueue({ concurrency: CONCURRENCY });
    for (const i of numbers(count)) void queue.add(() => job(i));
    await queue.onIdle();
  },
  async "Effect.forEach"(count, job) {
    const { Effect } = await peer<EffectPackage>("effect");
    const all = Effect.forEach(numbers(count), (i) => Effect.promise(() => job(i)), {
      concurrency: CONCURRENCY,
      discard: true,
    });
    await Effect.runPromise(all);
  },
};

const [name = "", text = ""] = process.argv.slice(2);
const way = ways[name];
const count = Number(text);
if (way === undefined || !(count > 0)) throw new Error(`no way ${name} of ${text} jobs`);
// What has to be loaded, and compiled for the first time, is no part of the jobs.
await way(1000, async () => {});
let sum = 0;
const start = performance.now();
await way(count, async (i) => {
  sum += i;
});
const seconds = (performance.now() - start) / 1000;
if (sum !== (count * (count - 1)) / 2) throw new Error(`${name} lost jobs: ${sum}`);
console.log(JSON.stringify({ seconds, megabytes: peakMegabytes() }));
