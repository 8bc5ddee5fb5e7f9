import { setImmediate as turn } from "node:timers/promises";
import { chance } from "support/helpers/practice/kit";

/** What a timer can wait for at most, in ms. */
const LONGEST = 2 ** 31 - 1;

/** How work ended that was run on a clock, or by a scheduler. */
export type End<T> =
  | { kind: "value"; value: T }
  | { kind: "error"; error: unknown }
  /** All wait, and nobody can go on. */
  | { kind: "stuck" };

/** Runs work, and lets somebody go on each time when all wait; `next` tells whether there was anybody. */
async function drive<T>(work: () => Promise<T>, next: () => boolean): Promise<End<T>> {
  const ends: End<T>[] = [];
  const running = async (): Promise<void> => {
    try {
      ends.push({ kind: "value", value: await work() });
    } catch (error) {
      ends.push({ kind: "error", error });
    }
  };
  void running();
  for (await turn(); ends.length === 0; await turn()) if (!next()) return { kind: "stuck" };
  return ends[0] ?? { kind: "stuck" };
}

/** A clock that jumps to the next who sleeps on it, when all wait. Times are ms. */
export function virtualClock() {
  const state = { now: 0 };
  const asleep: { at: number; wake: () => void }[] = [];
  const sleep = async (ms: number): Promise<void> => {
    if (!(ms >= 0 && ms <= LONGEST)) throw new RangeError(`${ms} ms is no time for a timer`);
    await new Promise<void>((wake) => {
      asleep.push({ at: state.now + ms, wake });
      asleep.sort((a, b) => a.at - b.at);
    });
  };
  const next = (): boolean => {
    const first = asleep.shift();
    if (first === undefined) return false;
    state.now = first.at;
    first.wake();
    return true;
  };
  return { now: () => state.now, sleep, run: <T>(work: () => Promise<T>) => drive(work, next) };
}

/** A step that somebody has to be let go on from. */
export type Step = (name: string) => Promise<void>;

/** Draws who goes on, by a seed, each time when all wait. `order` has the names in the order in which they were drawn. */
export function scheduler(seed: number) {
  const random = chance(seed);
  const waiting: { name: string; go: () => void }[] = [];
  const order: string[] = [];
  const step: Step = (name) => new Promise<void>((go) => waiting.push({ name, go }));
  const next = (): boolean => {
    if (waiting.length === 0) return false;
    const [drawn] = waiting.splice(random.whole(0, waiting.length - 1), 1);
    if (drawn === undefined) return false;
    order.push(drawn.name);
    drawn.go();
    return true;
  };
  return { order, run: <T>(work: (step: Step) => Promise<T>) => drive(() => work(step), next) };
}

/** What went wrong in some of many orders, told by the first of them. */
export interface Flaw {
  says: string;
  idea?: string;
  order: readonly string[];
}

/** A finding of many orders: in how many of them, and the first one step by step. */
export function inOrders(flaws: readonly Flaw[], orders: number): string {
  const [first] = flaws;
  return first === undefined
    ? ""
    : `in ${flaws.length} of ${orders} orders ${first.says}; one of them: ${first.order.join(", ")}`;
}
