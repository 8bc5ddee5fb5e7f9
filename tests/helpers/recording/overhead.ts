/**
 * What a recording costs: the same I/O tasks plain and recorded, in turns, in one process. Run by hand:
 * `node tests/helpers/recording/overhead.ts`. Prints the ratio of the two, with minimum, median and maximum.
 */

import { request } from "undici";
import { delayServer } from "../../../support/helpers/delay-server-client/delay-server.ts";
import { record, task } from "../../../support/helpers/recording/record.ts";

const TASKS = 200;
const ROUNDS = 9;

async function lasts(run: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}

/** Recorded over plain makespan of `count` requests of 10 lesson seconds, once for each round. */
export async function overheads(count: number, rounds: number): Promise<number[]> {
  const { url } = await delayServer();
  const get = async (): Promise<void> => {
    const answer = await request(`${url}/aio?delay=10`);
    await answer.body.text();
  };
  const work = () => Promise.all(Array.from({ length: count }, (_, i) => task(`request ${i}`, get)));
  await work();
  await record(work);
  const ratios: number[] = [];
  for (let i = 0; i < rounds; i += 1) {
    const plain = await lasts(work);
    ratios.push((await lasts(() => record(work))) / plain);
  }
  return ratios.sort((a, b) => a - b);
}

if (import.meta.main) {
  const ratios = await overheads(TASKS, ROUNDS);
  const at = (share: number): string => (ratios[Math.floor(share * (ratios.length - 1))] ?? 0).toFixed(3);
  console.log(`${TASKS} requests of 10 lesson seconds, recorded ÷ plain, ${ROUNDS} rounds in turns`);
  console.log(`  min ${at(0)}, median ${at(0.5)}, max ${at(1)}`);
}
