/**
 * How much faster four equal computations are in four threads than in one, against min(4, cores): `make bench`. Lesson
 * example 11 prints one such figure; here are ten, so that others on the machine show.
 */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { availableParallelism, tmpdir } from "node:os";
import { join } from "node:path";
import { Piscina } from "piscina";

const RUNS = 10;
const ROUNDS = 800_000_000;

function spin(rounds: number): number {
  let state = 1;
  for (let i = 0; i < rounds; i += 1) state = (Math.imul(state, 1664525) + 1013904223) | 0;
  return state;
}

async function msOf(run: () => unknown): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}

const folder = mkdtempSync(join(tmpdir(), "tsasync-speed-up-"));
const filename = join(folder, "spin.mjs");
writeFileSync(filename, `export default ${spin}`);
const pool = new Piscina({ filename, minThreads: 4, maxThreads: 4 });
const four = (rounds: number): Promise<unknown> => Promise.all([1, 2, 3, 4].map(() => pool.run(rounds)));

await four(10_000_000);
spin(10_000_000);
const jobs: number[] = [];
const speedUps: number[] = [];
for (let run = 0; run < RUNS; run += 1) {
  const one = await msOf(() => [1, 2, 3, 4].map(() => spin(ROUNDS)));
  const parallel = await msOf(() => four(ROUNDS));
  jobs.push(one / 4);
  speedUps.push(one / parallel);
}
await pool.close();
rmSync(folder, { recursive: true });

speedUps.sort((a, b) => a - b);
const figure = (value: number | undefined): string => (value ?? Number.NaN).toFixed(2);
const best = Math.min(4, availableParallelism());
console.log(
  `four jobs of ${(Math.min(...jobs) / 1000).toFixed(1)} s in four threads, min(4, cores) is ${best}: ` +
    `min ${figure(speedUps[0])}, median ${figure(speedUps[RUNS / 2])}, max ${figure(speedUps.at(-1))} times as fast`,
);
