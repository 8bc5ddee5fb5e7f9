/**
 * Equal computations on one worker and on more: `cpu.ts threads ROUNDS JOBS MOST`. Prints how long all jobs took on one
 * worker, on two, and so on, in seconds, as JSON.
 */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Piscina } from "piscina";

/** Workers that take jobs. */
interface Workers {
  run(rounds: number): Promise<unknown>;
  close(): Promise<unknown>;
}

function spin(rounds: number): number {
  let state = 1;
  for (let i = 0; i < rounds; i += 1) state = (Math.imul(state, 1664525) + 1013904223) | 0;
  return state;
}

const folder = mkdtempSync(join(tmpdir(), "tsasync-bench-"));
const inThread = join(folder, "thread.mjs");
writeFileSync(inThread, `export default ${spin}`);
const inProcess = join(folder, "process.mjs");
writeFileSync(inProcess, `${spin}\nprocess.on("message", (rounds) => process.send(spin(rounds)));`);

function threads(count: number): Workers {
  const pool = new Piscina({ filename: inThread, minThreads: count, maxThreads: count });
  return { run: (rounds) => pool.run(rounds), close: () => pool.close() };
}

/** Each process does one job at a time, the next as soon as it is free. */
function processes(count: number): Workers {
  const all = Array.from({ length: count }, () => fork(inProcess));
  const free = [...all];
  const waiting: ((child: ChildProcess) => void)[] = [];
  return {
    async run(rounds) {
      const child = free.pop() ?? (await new Promise<ChildProcess>((resolve) => waiting.push(resolve)));
      child.send(rounds);
      await once(child, "message");
      const next = waiting.shift();
      if (next === undefined) free.push(child);
      else next(child);
    },
    async close() {
      for (const child of all) child.kill();
    },
  };
}

const kinds: Readonly<Record<string, (count: number) => Workers>> = { threads, processes };

async function secondsOn(workers: Workers, jobs: number, rounds: number): Promise<number> {
  const all = (each: number): Promise<unknown> =>
    Promise.all(Array.from({ length: jobs }, () => workers.run(each)));
  // So that all have started, and their code is compiled.
  await all(rounds / 10);
  const start = performance.now();
  await all(rounds);
  const seconds = (performance.now() - start) / 1000;
  await workers.close();
  return seconds;
}

const [name = "", ...words] = process.argv.slice(2);
const [rounds = 0, jobs = 0, most = 0] = words.map(Number);
const kind = kinds[name];
if (kind === undefined) throw new RangeError(`no workers ${name}`);
const seconds: number[] = [];
for (let count = 1; count <= most; count += 1) seconds.push(await secondsOn(kind(count), jobs, rounds));
rmSync(folder, { recursive: true });
console.log(JSON.stringify(seconds));
process.exit();
