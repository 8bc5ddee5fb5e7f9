/**
 * Measures how late timers fire here, idle and while other processes burn cores: what the length of a lesson second
 * was chosen by. Run by hand: `node tests/helpers/clock/jitter.ts`.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { availableParallelism } from "node:os";
import { setTimeout as delay } from "node:timers/promises";

const ROUNDS = 200;

function burners(count: number): ChildProcess[] {
  return Array.from({ length: count }, () => spawn(process.execPath, ["-e", "for (;;);"]));
}

async function lateness(): Promise<number[]> {
  const late: number[] = [];
  for (let i = 0; i < ROUNDS; i += 1) {
    const wanted = 20 + (i % 10) * 10;
    const start = performance.now();
    await delay(wanted);
    late.push(performance.now() - start - wanted);
  }
  return late.sort((a, b) => a - b);
}

function at(sorted: readonly number[], share: number): string {
  return (sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN).toFixed(1);
}

for (const count of [0, 1, availableParallelism(), 2 * availableParallelism()]) {
  const load = burners(count);
  await delay(300);
  const late = await lateness();
  for (const one of load) one.kill("SIGKILL");
  const figures = `min ${at(late, 0)}, median ${at(late, 0.5)}, 99 % ${at(late, 0.99)}, max ${at(late, 1)}`;
  console.log(`${count} cores burning: ${ROUNDS} timers late by ms: ${figures}`);
}
