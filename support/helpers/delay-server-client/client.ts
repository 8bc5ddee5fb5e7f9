import { setTimeout as pause } from "node:timers/promises";
import { Agent, type Dispatcher, getGlobalDispatcher, request } from "undici";
import type { Counts } from "../delay-server/counters.ts";
import { DelayServerError } from "./delay-server-error.ts";

/** What the delay server has counted for this lesson, and its memory. */
export interface Stats extends Counts {
  /** Memory of the server's process, in bytes. */
  memory: number;
}

/**
 * Reads the server's answer to `/stats`.
 *
 * @throws DelayServerError when it is no such answer
 */
export function statsOf(json: unknown): Stats {
  const given = new Map(typeof json === "object" && json !== null ? Object.entries(json) : []);
  const number = (name: keyof Stats): number => {
    const value: unknown = given.get(name);
    if (typeof value === "number") return value;
    throw new DelayServerError(`the delay server's answer has no ${name}: ${JSON.stringify(json)}`, json);
  };
  return {
    started: number("started"),
    inFlight: number("inFlight"),
    highestInFlight: number("highestInFlight"),
    finished: number("finished"),
    failed: number("failed"),
    abortedByClient: number("abortedByClient"),
    memory: number("memory"),
  };
}

/**
 * A request as the server saw it, for a lane of a timeline: {@link DelayServer.requests}. Times are ms since 1970, by the clock
 * that all processes share.
 */
export interface ServedRequest {
  /** What it asked for: `delay 5`. */
  name: string;
  startedAt: number;
  /** When it was answered, or the client was gone; null where it still sleeps. */
  endedAt: number | null;
  outcome: "result" | "error" | "cancelled" | "running";
  /** How it ended, where it was not simply answered: `client gone`. */
  note: string;
}

const ENDINGS: ReadonlyMap<unknown, Pick<ServedRequest, "outcome" | "note">> = new Map([
  ["finished", { outcome: "result", note: "" }],
  ["failed", { outcome: "error", note: "" }],
  ["abortedByClient", { outcome: "cancelled", note: "client gone" }],
  [null, { outcome: "running", note: "still asleep" }],
]);

/**
 * Reads the server's answer to `/requests`.
 *
 * @throws DelayServerError when it is no such answer
 */
export function requestsOf(json: unknown): ServedRequest[] {
  if (!Array.isArray(json))
    throw new DelayServerError("the delay server's answer is no list of requests", json);
  return json.map((one: unknown) => {
    const given = new Map<string, unknown>(
      typeof one === "object" && one !== null ? Object.entries(one) : [],
    );
    const [came, ended, status] = ["came", "ended", "status"].map((name) => given.get(name));
    const end = ENDINGS.get(given.get("how"));
    if (typeof came !== "number" || (typeof ended !== "number" && ended !== null) || end === undefined) {
      throw new DelayServerError(`no request that the delay server saw: ${JSON.stringify(one)}`, one);
    }
    const note = end.outcome === "error" ? `status ${String(status)}` : end.note;
    return { name: `delay ${String(given.get("delay"))}`, startedAt: came, endedAt: ended, ...end, note };
  });
}

/** A lesson's delay server. Its counters, script and seed are the lesson's own, also where lessons share a process. */
export interface DelayServer {
  /** Base URL, without a slash at its end: `${url}/aio`, `${url}/Ada`. */
  readonly url: string;
  /**
   * What it has counted since the start of the lesson or the last reset. Takes at least 15 ms of real time: it asks until
   * two answers agree, so that a client that has just left is counted.
   */
  stats(): Promise<Stats>;
  /**
   * The last 2,000 requests to `/aio` since the start of the lesson or the last reset, as the server saw them, in the order in
   * which they came: what came of them is known here also when the client did not wait for it. Takes as long as {@link stats}.
   *
   * @example
   * timeline(run, { lanes: { "delay server": await server.requests() } });
   */
  requests(): Promise<ServedRequest[]>;
  /** Sets the counters to none and takes the script away. What is still in flight is not counted any more. */
  reset(): Promise<void>;
  /** The next requests without a delay or a seed take these delays, in lesson seconds, in the order they arrive. */
  script(delays: readonly number[]): Promise<void>;
}

const SETTLE_MS = 15;

/** Connections for counters and settings; what a lesson does to undici's own dispatcher does not concern them. */
const control = new Agent();

async function put(url: string, json: unknown): Promise<void> {
  const { statusCode, body } = await request(url, {
    method: "PUT",
    body: JSON.stringify(json),
    dispatcher: control,
  });
  const said = await body.text();
  if (statusCode !== 200) throw new DelayServerError(`the delay server refused: ${said.trim()}`, said);
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

async function requests(url: string): Promise<ServedRequest[]> {
  await stats(url);
  const { body } = await request(`${url}/requests`, { dispatcher: control });
  return requestsOf(await body.json());
}

/** A lesson's first request should not be slow for being the first: undici and its connection are warm after this. */
export async function warmUpUndici(url: string): Promise<void> {
  await statsNow(url, getGlobalDispatcher());
}

/** The random delays of a lesson's part of the server are those of the seed from now on. */
export function setSeed(url: string, seed: string): Promise<void> {
  return put(`${url}/seed`, seed);
}

/** @param url the lesson's own part of the server */
export function newClient(url: string): DelayServer {
  return {
    url,
    stats: () => stats(url),
    requests: () => requests(url),
    async reset() {
      const { body } = await request(`${url}/reset`, { method: "POST", dispatcher: control });
      await body.dump();
    },
    script: (delays) => put(`${url}/script`, delays),
  };
}
