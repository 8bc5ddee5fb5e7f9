/**
 * What a recording costs: the same I/O tasks plain and recorded, in turns, in one process. Run by hand:
 * `node tests/helpers/recording/overhead.ts`. Prints the ratio of the two, with minimum, median and maximum.
 */

import { request } from "undici";
import { sleep } from "../../../support/helpers/clock/sleep.ts";
import { delayServer } from "../../../support/helpers/delay-server-client/delay-server.ts";
import { record, task } from "../../../support/helpers/recording/record.ts";

const TASKS = 200;
const SLEEPERS = 10_000;
const ROUNDS = 9;

async function lasts(run: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}

/** Recorded over plain makespan of `count` requests of 10 lesson seconds, once for each round. */
export async function overheads(count: number, rounds: number): Promise<number[]> {
  const { url } = await delayServer();
  return ratiosOf(rounds, count, async () => {
    const answer = await request(`${url}/aio?delay=10`);
    await answer.body.text();
  });
}

/** The same for tasks that wait three times for half a lesson second each, which is little but the recording's own work. */
export function overheadsOfSleepers(count: number, rounds: number): Promise<number[]> {
  return ratiosOf(rounds, count, async () => {
    for (let i = 0; i < 3; i += 1) await sleep(0.5);
  });
}

/** Recorded over plain makespan of `count` tasks at once, in turns. */
async function ratiosOf(rounds: number, count: number, one: () => Promise<void>): Promise<number[]> {
  const work = () => Promise.all(Array.from({ length: count }, (_, i) => task(`task ${i}`, one)));
  await work();
  await record(work);
  const ratios: number[] = [];
  for (let i = 0; i < rounds; i += 1) {
    const plain = await lasts(work);
    ratios.push((await lasts(() => record(work))) / plain);
  }
  return ratios.sort((a, b) => a - b);
}

function print(what: string, ratios: readonly number[]): void {
  const at = (share: number): string => (ratios[Math.floor(share * (ratios.length - 1))] ?? 0).toFixed(3);
  console.log(`${what}, recorded ÷ plain, ${ROUNDS} rounds in turns`);
  console.log(`  min ${at(0)}, median ${at(0.5)}, max ${at(1)}`);
}

if (import.meta.main) {
  print(`${TASKS} requests of 10 lesson seconds`, await overheads(TASKS, ROUNDS));
  print(`${SLEEPERS} tasks that sleep three times`, await overheadsOfSleepers(SLEEPERS, ROUNDS));
}
