/**
 * Asks a delay server so many times, up to so many at once: `get-many.ts pool PORT COUNT AT_ONCE SECONDS`. Prints how long
 * it took as JSON.
 */
import pLimit from "p-limit";
import { request } from "undici";
import { pool } from "../../../support/helpers/limits/pool.ts";

type Way = (items: Iterable<number>, get: () => Promise<void>, concurrency: number) => Promise<unknown>;

const ways: Readonly<Record<string, Way>> = {
  pool: (items, get, concurrency) => pool(items, get, { concurrency }),
  "p-limit": (items, get, concurrency) => pLimit(concurrency).map(items, get),
};

const [name = "", ...words] = process.argv.slice(2);
const [port = 0, count = 0, atOnce = 0, delay = 0] = words.map(Number);
const way = ways[name];
if (way === undefined) throw new RangeError(`no way ${name}`);
const get = async (): Promise<void> => {
  const { body, statusCode } = await request(`http://127.0.0.1:${port}/aio?delay=${delay}`);
  await body.dump();
  if (statusCode !== 200) throw new Error(`status ${statusCode}`);
};
const start = performance.now();
await way(Array(count).keys(), get, atOnce);
console.log(JSON.stringify({ seconds: (performance.now() - start) / 1000 }));
process.exit();
