/**
 * How many messages a second an echo server handles in five styles. Run by hand: `node tests/helpers/socket/throughput.ts`.
 *
 * 100 connections, each with one message of 1 KiB on its way at a time; one client for all, in a thread of its own; each
 * server in a process of its own. The styles take turns in each round, beginning with another one each time, and a ratio
 * compares two styles of the same round. Prints minimum, median and maximum.
 *
 * Near a client's full thread a faster server looks no faster; the CPU time a message of the server's own does not
 * depend on that.
 */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { type ClientThread, clientThread } from "../../../support/helpers/socket/client-thread.ts";

const SERVER = fileURLToPath(new URL("./echo-server.ts", import.meta.url));
const STYLES = ["callbacks", "pipe", "for await, stream", "recv, sendAll", "for await, socket"];
const ROUNDS = 15;
const MS = 400;

/** What one style did in one round. */
export interface Measured {
  perSecond: number;
  /** The server's CPU time for each message, in microseconds. */
  cpu: number;
  clientBusy: number;
}

interface Server {
  child: ChildProcess;
  port: number;
}

async function numberFrom(child: ChildProcess): Promise<number> {
  const [number] = await once(child, "message");
  return Number(number);
}

async function startServer(style: string): Promise<Server> {
  const child = fork(SERVER, [style], { execArgv: [] });
  return { child, port: await numberFrom(child) };
}

async function cpuTime({ child }: Server): Promise<number> {
  child.send("cpu");
  return numberFrom(child);
}

async function measure(server: Server, client: ClientThread, ms: number): Promise<Measured> {
  const before = await cpuTime(server);
  const { handled, perSecond, clientBusy } = await client.load(server.port, { ms });
  return { perSecond, cpu: ((await cpuTime(server)) - before) / handled, clientBusy };
}

/** Measures styles in turns: for each style what it did in each round. The first round only warms up. */
export async function rounds(styles: readonly string[], count: number, ms: number): Promise<Measured[][]> {
  const servers = await Promise.all(styles.map(startServer));
  const client = await clientThread();
  const all: Measured[][] = styles.map(() => []);
  try {
    for (let round = 0; round <= count; round += 1) {
      for (let turn = 0; turn < servers.length; turn += 1) {
        const which = (round + turn) % servers.length;
        const server = servers[which];
        if (server === undefined) continue;
        const measured = await measure(server, client, ms);
        if (round > 0) all[which]?.push(measured);
      }
    }
  } finally {
    await client.close();
    for (const { child } of servers) child.disconnect();
  }
  return all;
}

function spread(values: readonly number[], digits: number): string {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number): string =>
    (sorted[Math.floor(share * (sorted.length - 1))] ?? 0).toFixed(digits);
  return `${at(0)} / ${at(0.5)} / ${at(1)}`;
}

function report(style: string, measured: readonly Measured[], base: readonly Measured[]): void {
  const against = (value: (one: Measured) => number): number[] =>
    measured.map((one, i) => value(one) / value(base[i] ?? one));
  const rate = spread(
    measured.map((one) => one.perSecond),
    0,
  );
  const cpu = spread(
    measured.map((one) => one.cpu),
    1,
  );
  console.log(`  ${style}`);
  console.log(
    `    messages a second ${rate}; ÷ callbacks ${spread(
      against((one) => one.perSecond),
      2,
    )}`,
  );
  console.log(
    `    CPU µs a message ${cpu}; callbacks ÷ it ${spread(
      against((one) => 1 / one.cpu),
      2,
    )}`,
  );
}

if (import.meta.main) {
  const all = await rounds(STYLES, ROUNDS, MS);
  const [base = []] = all;
  console.log(`Echo, 100 connections, 1 KiB, ${ROUNDS} rounds of ${MS} ms in turns (min / median / max)`);
  STYLES.forEach((style, i) => {
    report(style, all[i] ?? [], base);
  });
  const busy = all.flat().map((one) => one.clientBusy);
  console.log(`  the client's thread was busy for ${spread(busy, 2)} of the time`);
}
