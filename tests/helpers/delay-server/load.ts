/**
 * Load of the delay server, from a cold start, in real seconds. Run by hand: `node tests/helpers/delay-server/load.ts`.
 * Prints makespan ÷ delay and the memory a sleeper, with minimum, median and maximum of the rounds.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Agent, request } from "undici";
import { type Stats, statsOf } from "../../../support/helpers/delay-server-client/client.ts";

const MAIN = fileURLToPath(new URL("../../../support/helpers/delay-server/main.ts", import.meta.url));

/** One round of a load. */
export interface Round {
  /** From the first request to the last answer, in units of the delay. */
  ratio: number;
  lost: number;
  /** Growth of the server's memory while all were asleep, in bytes a sleeper. */
  memory: number;
  highestInFlight: number;
}

/** Starts a server, sends `count` requests of `delay` seconds, `atOnce` opened at a time, and stops the server. */
export async function round(count: number, delay: number, atOnce: number): Promise<Round> {
  const env = { ...process.env, LESSON_SECOND_MS: "1000" };
  const child = spawn(process.execPath, [MAIN, "--port", "0"], { stdio: ["ignore", "pipe", "inherit"], env });
  const [text] = await once(child.stdout, "data");
  child.stdout.resume();
  const [, port = ""] = /localhost:(\d+)/.exec(String(text)) ?? [];
  // An address, not a name: a thousand look-ups of `localhost` would be measured too.
  const base = `http://127.0.0.1:${port}`;
  // undici's pool looks through all its connections for each request, so each batch has a pool of its own.
  const pools: Agent[] = [];
  const stats = async () => statsOf(await (await request(`${base}/stats`)).body.json());
  const allStarted = async (wanted: number): Promise<Stats> => {
    const now = await stats();
    if (now.started >= wanted) return now;
    await pause(5);
    return allStarted(wanted);
  };
  const before = await stats();
  let lost = 0;
  const get = async (dispatcher: Agent): Promise<void> => {
    try {
      const answer = await request(`${base}/aio?delay=${delay}`, { dispatcher });
      await answer.body.text();
      if (answer.statusCode !== 200) lost += 1;
    } catch {
      lost += 1;
    }
  };
  const start = performance.now();
  const asked: Promise<void>[] = [];
  for (let opened = 0; opened < count; opened += atOnce) {
    const pool = new Agent();
    pools.push(pool);
    asked.push(...Array.from({ length: Math.min(atOnce, count - opened) }, () => get(pool)));
    if (asked.length < count) await allStarted(asked.length);
  }
  await pause(200);
  const asleep = await allStarted(count);
  await Promise.all(asked);
  const ratio = (performance.now() - start) / 1000 / delay;
  await Promise.all(pools.map((pool) => pool.close()));
  child.kill();
  const memory = (asleep.memory - before.memory) / count;
  return { ratio, lost, memory, highestInFlight: asleep.highestInFlight };
}

function spread(values: readonly number[], digits: number): string {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): string =>
    (sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(digits);
  return `${at(0)} / ${at(0.5)} / ${at(1)}`;
}

async function report(count: number, delay: number, atOnce: number, rounds: number): Promise<void> {
  const all: Round[] = [];
  for (let i = 0; i < rounds; i += 1) all.push(await round(count, delay, atOnce));
  const lost = all.reduce((sum, one) => sum + one.lost, 0);
  console.log(
    `${count} requests of ${delay} s, ${atOnce} opened at a time, ${rounds} rounds (min / median / max)`,
  );
  console.log(
    `  makespan ÷ delay ${spread(
      all.map((one) => one.ratio),
      3,
    )}, lost ${lost}`,
  );
  console.log(
    `  KiB a sleeper ${spread(
      all.map((one) => one.memory / 1024),
      1,
    )}`,
  );
}

if (import.meta.main) {
  // Three rounds compile the client. The server is a new process in every round.
  for (let i = 0; i < 3; i += 1) await round(1000, 1, 1000);
  await report(1000, 1, 1000, 5);
  await report(10_000, 5, 1000, 3);
}
