import { recordPhases } from "support";
import type { Desk } from "support/helpers/practice/kit";

type From = Awaited<ReturnType<typeof recordPhases>>["from"];

/** Runs something in a recording of the loop's phases: the names of its steps, in the order in which they ran. */
export async function stepsOf(
  run: (step: (name: string) => void) => unknown,
  from: From = "poll",
): Promise<string[]> {
  const { steps } = await recordPhases(run, { from });
  return steps.map(({ label }) => label);
}

/** An endless chain of microtasks that was ended from outside may take Node's hooks along: then nothing is recorded any more. */
export function expectRecorded(desk: Desk, steps: readonly string[] | undefined): void {
  desk.expect(
    steps !== undefined && steps.length > 0,
    "nothing was recorded: restart the kernel and run the cell again",
    "An endless loop that was ended by force has taken along what tells where code runs.",
  );
}

/** A call that a program makes, and how. */
export interface Call {
  name: string;
  way: "now" | "tick" | "promise" | "immediate" | "timeout";
  /** The calls that it makes itself, when it runs. */
  adds: Call[];
}

const MAKE: Readonly<Record<Call["way"], (run: () => void) => void>> = {
  now: (run) => run(),
  tick: (run) => process.nextTick(run),
  promise: (run) => void Promise.resolve().then(run),
  immediate: (run) => void setImmediate(run),
  timeout: (run) => void setTimeout(run, 0),
};

/** Makes calls for real. */
export function make(calls: readonly Call[], step: (name: string) => void): void {
  for (const { name, way, adds } of calls) {
    MAKE[way](() => {
      step(name);
      make(adds, step);
    });
  }
}

/** Calls in short: `A promise (B tick, C promise), D tick`. */
export function words(calls: readonly Call[]): string {
  return calls
    .map(({ name, way, adds }) => `${name} ${way}${adds.length > 0 ? ` (${words(adds)})` : ""}`)
    .join(", ");
}

/** All calls, also those that others make, by name. */
function byName(calls: readonly Call[]): Map<string, Call> {
  return new Map(calls.flatMap((call) => [[call.name, call] as const, ...byName(call.adds)]));
}

/** Why somebody may expect `said` where `ran` comes. */
function ideaOf(said: Call | undefined, ran: Call | undefined): string {
  if (said === undefined || ran === undefined) return "Each name stands in the order once.";
  const ways = [said.way, ran.way];
  if (said.way === ran.way)
    return "Within a queue nothing overtakes: look at the moment at which each was added.";
  if (ways.includes("now")) return "What is called now has run before the callback has ended.";
  if (ways.includes("timeout")) return "The callback is one of the phase poll. Which phase comes next?";
  if (ways.includes("immediate")) return "Both queues are empty before the loop goes on to another callback.";
  return "Where does Node stand when both queues have something, and does it leave a queue before it is empty?";
}

/** Compares an order that was said beforehand with the one in which Node ran the same calls. */
export function expectOrder(desk: Desk, calls: readonly Call[], said: unknown, ran: readonly string[]): void {
  desk.expect(
    Array.isArray(said),
    said instanceof Promise ? "it gave a promise, and no list" : `it gave no list: ${String(said)}`,
    said instanceof Promise ? "Say the order before anything runs." : undefined,
  );
  if (!Array.isArray(said)) return;
  const order = said.map(String);
  const at = ran.findIndex((name, place) => name !== order[place]);
  const known = byName(calls);
  const named = (name: string | undefined): string => {
    const call = known.get(name ?? "");
    return name === undefined ? "nothing" : `${name}${call ? ` (${call.way})` : ""}`;
  };
  desk.expect(
    at < 0,
    `in place ${at + 1} it has ${named(order[at])}; Node ran ${named(ran[at])} there`,
    ideaOf(known.get(order[at] ?? ""), known.get(ran[at] ?? "")),
  );
  desk.expect(order.length === ran.length, `it has ${order.length} names; ${ran.length} ran`);
}
