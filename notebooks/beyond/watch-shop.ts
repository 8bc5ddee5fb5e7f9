/** How lesson 19 starts its sick shop, asks it, and reads what a probe has sent. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import type { Profiler } from "node:inspector/promises";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { request } from "undici";

const SHOP = fileURLToPath(new URL("sick-server.ts", import.meta.url));

/** The page that is asked for before the shop is handed over. The shop doesn't have it. */
const FIRST_PAGE = "/";

/** The shop as it runs; it is ended where the `await using` that took it goes out of scope. */
export interface Patient extends AsyncDisposable {
  process: ChildProcess;
  url: string;
  /** All that it printed, once it has ended. */
  printed: Promise<string>;
}

/**
 * Starts the shop in a process of its own, on loopback and a port that the system chooses. It has answered a request when it is handed
 * over.
 *
 * Cancellation: an interrupt of the cell ends the shop.
 *
 * @example
 * await using patient = await admit();
 * console.log(await get(`${patient.url}/health`));
 * @param probe a module in JavaScript that Node loads before the shop; none when empty
 * @param words what the shop is started with: `record` makes it record itself
 * @throws Error when it ends before it has said its address, a probe with a fault for one
 */
export async function admit(probe = "", ...words: string[]): Promise<Patient> {
  const shop = fork(SHOP, words, {
    execArgv: ["--import", `data:text/javascript,${encodeURIComponent(probe)}`],
    stdio: ["ignore", "pipe", "ignore", "ipc"],
  });
  const gone = once(shop, "exit");
  const printed = shop.stdout === null ? Promise.resolve("") : text(shop.stdout);
  const [url] = await Promise.race([once(shop, "message"), gone]);
  if (typeof url !== "string")
    throw new Error(`the shop ended (${url}) before it was open; look at the probe`);
  // The first request of all takes longer, on both sides, and is to count in nobody's picture.
  await get(url + FIRST_PAGE);
  const discharge = async (): Promise<void> => {
    shop.kill("SIGKILL");
    await gone;
  };
  return { process: shop, url, printed, [Symbol.asyncDispose]: discharge };
}

/** Sends a request under a name, which goes as the header `x-request-id`, and returns the answer's text. */
export async function get(url: string, name = "nobody"): Promise<string> {
  const { body } = await request(url, { headers: { "x-request-id": name } });
  return body.text();
}

/**
 * Asks the probe, which answers any message by one of its own.
 *
 * @returns what it sent, as the probe made it: nothing is checked here
 */
export async function ask(patient: Patient) {
  patient.process.send("tell");
  const [answer] = await once(patient.process, "message");
  return answer;
}

/** A stretch of time as a lane of `timeline` takes it; ms since 1970. */
export interface Span {
  name: string;
  startedAt: number;
  endedAt: number;
  outcome: "result";
  note: "";
}

export function span(name: string, startedAt: number, endedAt: number): Span {
  return { name, startedAt, endedAt, outcome: "result", note: "" };
}

/** One event: whose it is, and when, in ms since 1970. */
export type Note = [name: string, at: number];

/** Events as spans: the first of a name is its start, the next its end. What {@link admit} itself has asked for is none. */
export function spansOf(notes: readonly Note[]): Span[] {
  return Map.groupBy(notes, ([name]) => name)
    .entries()
    .filter(([name]) => name !== FIRST_PAGE)
    .flatMap(([name, [start, end]]) => (start && end ? [span(name, start[1], end[1])] : []))
    .toArray();
}

/**
 * The function of the shop's own file that a profile met most often as the innermost one; of a sample in which somebody else's
 * function runs, the one of the shop that called it.
 */
export function hottest({ nodes, samples = [] }: Profiler.Profile): string | undefined {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const callers = new Map(nodes.flatMap(({ id, children = [] }) => children.map((child) => [child, id])));
  const shopsOwn = (sample: number): string | undefined => {
    for (let id: number | undefined = sample; id !== undefined; id = callers.get(id)) {
      const call = byId.get(id)?.callFrame;
      if (call?.url.endsWith("sick-server.ts")) return call.functionName;
    }
    return undefined;
  };
  const found = Map.groupBy(
    samples.flatMap((sample) => shopsOwn(sample) ?? []),
    (name) => name,
  );
  return [...found].sort(([, a], [, b]) => b.length - a.length)[0]?.[0];
}
