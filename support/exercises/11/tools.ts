import { once } from "node:events";
import { Worker } from "node:worker_threads";

/** What came of several threads that added to one number. */
export interface Added {
  total: number;
  /** How many times a result was computed. */
  computed: number;
}

/** All threads meet inside their first `compute`, so that none of them is done before the last one has begun. */
const CODE = `
  const { text, total, notes, value, threads } = require("node:worker_threads").workerData;
  const addResult = (0, eval)("(" + text + ")");
  addResult(total, () => {
    Atomics.add(notes, 0, 1);
    if (Atomics.add(notes, 1, 1) + 1 === threads) Atomics.notify(notes, 1);
    for (let met = Atomics.load(notes, 1); met < threads; met = Atomics.load(notes, 1))
      Atomics.wait(notes, 1, met, 50);
    return value;
  });
`;

/**
 * Lets a thread for each value add it to one number, each by the text of the answer.
 *
 * @throws what a thread throws (as a rejection)
 */
export async function addInThreads(text: string, values: readonly number[]): Promise<Added> {
  const total = new Int32Array(new SharedArrayBuffer(4));
  const notes = new Int32Array(new SharedArrayBuffer(8));
  const threads = values.length;
  const workers = values.map(
    (value) => new Worker(CODE, { eval: true, workerData: { text, total, notes, value, threads } }),
  );
  await Promise.all(workers.map((worker) => once(worker, "exit")));
  return { total: total[0] ?? 0, computed: notes[0] ?? 0 };
}

/** How many times the others add, so that an answer that tries again comes to its end. */
const OTHERS = 3;

/**
 * Runs the text of the answer on this thread, with a number that others write into before each step in which it reads or writes it:
 * what happens rarely among threads happens each time here.
 */
export function addBesideOthers(text: string, value: number): { seen: number; expected: number } {
  const memory = new Int32Array(new SharedArrayBuffer(4));
  const others = { times: 0 };
  const step = (): void => {
    if (others.times === OTHERS) return;
    others.times += 1;
    Atomics.add(memory, 0, 10);
  };
  const total = new Proxy(memory, {
    get(_, name) {
      step();
      const own: unknown = Reflect.get(memory, name, memory);
      return typeof own === "function" ? own.bind(memory) : own;
    },
    set(_, name, given) {
      step();
      return Reflect.set(memory, name, given, memory);
    },
  });
  const atomics = new Proxy(Atomics, {
    get(_, name) {
      const own: unknown = Reflect.get(Atomics, name);
      if (typeof own !== "function") return own;
      return (given: unknown, ...more: unknown[]): unknown => {
        if (given !== total) return own.call(Atomics, given, ...more);
        step();
        return own.call(Atomics, memory, ...more);
      };
    },
  });
  const make = new Function("Atomics", `return (${text});`);
  const addResult: unknown = make(atomics);
  if (typeof addResult === "function") addResult(total, () => value);
  return { seen: memory[0] ?? 0, expected: value + 10 * others.times };
}
