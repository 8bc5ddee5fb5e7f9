import { setTimeout as pause } from "node:timers/promises";
import { Agent, type Dispatcher, getGlobalDispatcher, request } from "undici";
import { onStop } from "../clean-up/stop-all.ts";
import { LESSON_SECOND_MS } from "../clock/scale.ts";
import { DelayServerError } from "../delay-server/delay-server-errors.ts";
import { type Found, lookAt } from "./probe-port.ts";
import { spawnServer } from "./spawn-server.ts";
import { type Stats, statsOf } from "./stats.ts";
import { type Lease, takeLease } from "./take-lease.ts";

/** A lesson's delay server. Its counters, script and seed are the lesson's own, also where lessons share a process. */
export interface DelayServer {
  /** Base URL, without a slash at its end: `${url}/aio`, `${url}/Ada`. */
  readonly url: string;
  /**
   * What it has counted since the start of the lesson or the last reset. Takes at least 15 ms of real time: it asks until
   * two answers agree, so that a client that has just left is counted.
   */
  stats(): Promise<Stats>;
  /** Sets the counters to none and takes the script away. What is still in flight is not counted any more. */
  reset(): Promise<void>;
  /** The next requests without a delay or a seed take these delays, in lesson seconds, in the order they arrive. */
  script(delays: readonly number[]): Promise<void>;
}

/** How a lesson wants its delay server. */
export interface DelayServerOptions {
  /** Makes the random delays repeatable: the n-th is always the same. */
  seed?: string;
}

const USUAL_PORT = 3000;
const TRIES = 40;
const SETTLE_MS = 15;

/** The port that a lesson tries first. */
function wantedPort(): number {
  const text = process.env.DELAY_SERVER_PORT ?? "";
  if (text === "") return USUAL_PORT;
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  throw new DelayServerError(
    `DELAY_SERVER_PORT is ${JSON.stringify(text)}; give a port, or 0 for any free one`,
  );
}

function whyAnother(port: number, found: Found): string {
  const who = found === "other scale" ? "a delay server with other seconds" : "another program";
  return `Port ${port} is taken by ${who}, so this lesson's delay server took port`;
}

async function privateLease(): Promise<Lease> {
  const port = await spawnServer(0);
  const lease = port === undefined ? undefined : await takeLease(port);
  if (lease !== undefined) return lease;
  throw new DelayServerError(
    "the delay server went away as soon as it had started. Restart the kernel and try again",
  );
}

async function elsewhere(port: number, found: Found, say: (line: string) => void): Promise<Lease> {
  const lease = await privateLease();
  say(`${whyAnother(port, found)} ${new URL(lease.url).port}.`);
  return lease;
}

/**
 * Shares the server on the wanted port or starts one there. Another lesson may start one at the same moment, and the one
 * that was found may be about to end; then it is tried again.
 */
async function anyLease(port: number, say: (line: string) => void): Promise<Lease> {
  if (port === 0) return privateLease();
  for (let tries = 0; tries < TRIES; tries += 1) {
    const found = await lookAt(port, LESSON_SECOND_MS);
    if (found === "another program" || found === "other scale") return elsewhere(port, found, say);
    if (found === "nothing") await spawnServer(port);
    const lease = found === "unclear" ? undefined : await takeLease(port);
    if (lease !== undefined) return lease;
    await pause(25);
  }
  return elsewhere(port, "another program", say);
}

/** Connections for counters and settings; what a lesson does to undici's own dispatcher does not concern them. */
const control = new Agent();

async function put(url: string, json: unknown): Promise<void> {
  const { statusCode, body } = await request(url, {
    method: "PUT",
    body: JSON.stringify(json),
    dispatcher: control,
  });
  const said = await body.text();
  if (statusCode !== 200) throw new DelayServerError(`the delay server refused: ${said.trim()}`);
}

async function statsNow(url: string, dispatcher: Dispatcher): Promise<Stats> {
  const { body } = await request(`${url}/stats`, { dispatcher });
  return statsOf(await body.json());
}

/** A connection that was closed a moment ago may still be news to the server: asks until nothing changes. */
async function stats(url: string): Promise<Stats> {
  let last = await statsNow(url, control);
  for (let tries = 0; tries < 10; tries += 1) {
    await pause(SETTLE_MS);
    const now = await statsNow(url, control);
    if (now.started === last.started && now.inFlight === last.inFlight) return now;
    last = now;
  }
  return last;
}

function client(url: string): DelayServer {
  return {
    url,
    stats: () => stats(url),
    async reset() {
      const { body } = await request(`${url}/reset`, { method: "POST", dispatcher: control });
      await body.dump();
    },
    script: (delays) => put(`${url}/script`, delays),
  };
}

interface Connected {
  lease: Lease;
  server: DelayServer;
}

let current: Promise<Connected> | undefined;

async function connect(say: (line: string) => void): Promise<Connected> {
  const lease = await anyLease(wantedPort(), say);
  onStop(() => lease.giveBack());
  const server = client(lease.url);
  // A lesson's first request should not be slow for being the first: undici and its connection are warm from here on.
  await statsNow(lease.url, getGlobalDispatcher());
  return { lease, server };
}

/**
 * The delay server for a lesson: on port 3000, shared with other lessons, or on another port, which is said then. It runs
 * in a process of its own, on the loopback interface only, and ends with the last lesson that uses it.
 *
 * Calling it again is free. Should the server have gone, the next call starts a new one.
 *
 * @param say where it is said that another port was taken
 * @throws DelayServerError (as a rejection)
 */
export async function delayServer(
  options: DelayServerOptions = {},
  say: (line: string) => void = console.log,
): Promise<DelayServer> {
  const last = current;
  // Another call may have replaced it while this one looked.
  if (last !== undefined && !(await isAlive(last)) && current === last) current = undefined;
  current ??= connect(say);
  const { server } = await current;
  if (options.seed !== undefined) await put(`${server.url}/seed`, options.seed);
  return server;
}

async function isAlive(connected: Promise<Connected>): Promise<boolean> {
  try {
    return (await connected).lease.alive();
  } catch {
    return false;
  }
}
