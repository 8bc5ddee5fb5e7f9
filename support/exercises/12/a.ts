import { stat } from "node:fs";
import { type Chance, checkOf } from "support/helpers/practice/kit";

type Order = (asked: string[], afterAwait: boolean) => string[];

interface Input {
  asked: string[];
  afterAwait: boolean;
}

const QUEUES = ["tick", "microtask", "immediate", "timeout"];

const queueOf = (name: string): string => name.split(" ")[0] ?? "";

/** Asks for a callback in the queue that its name begins with. */
function ask(name: string, note: (name: string) => void): void {
  if (queueOf(name) === "tick") process.nextTick(note, name);
  else if (queueOf(name) === "microtask") queueMicrotask(() => note(name));
  else if (queueOf(name) === "immediate") setImmediate(note, name);
  else setTimeout(note, 0, name);
}

/** The order in which Node ran them. */
function seen({ asked, afterAwait }: Input): Promise<string[]> {
  const order: string[] = [];
  return new Promise((done) => {
    stat(".", async () => {
      if (afterAwait) await null;
      for (const name of asked)
        ask(name, (one) => {
          order.push(one);
          if (order.length === asked.length) done(order);
        });
    });
  });
}

/** Two of some queues, in any order, with letters. */
function someAsked(chance: Chance): string[] {
  const queues = chance.shuffled([...QUEUES, ...QUEUES]).slice(0, 6);
  const all = [...new Set([...queues, ...QUEUES])].flatMap((queue) => queues.filter((one) => one === queue));
  return chance.shuffled(all).map((queue, i) => `${queue} ${"abcdefgh"[i]}`);
}

function ideaOf(right: string, said: string | undefined, afterAwait: boolean): string | undefined {
  if (said === undefined) return undefined;
  const pair = [queueOf(right), queueOf(said)].sort().join();
  if (pair === "microtask,tick")
    return afterAwait
      ? "Behind an await Node is in the middle of another queue."
      : "When a callback of the loop returns, one of the two early queues has its turn before the other.";
  if (pair === "immediate,timeout")
    return "A time-out of 0 is one of 1 ms, and the loop has just come from its input and output. Where does it go next?";
  if (queueOf(right) === queueOf(said))
    return "Within one queue they run in the order in which they were asked for.";
  return "Two of the queues are emptied before the loop goes on.";
}

export const check = checkOf<Order>(async (order, desk) => {
  const first = ["timeout a", "immediate b", "microtask c", "tick d", "tick e", "timeout f"];
  const visible: Input[] = [
    { asked: first, afterAwait: false },
    { asked: first, afterAwait: true },
  ];
  const inputs = desk.inputs<Input>(
    visible,
    (chance) => ({ asked: someAsked(chance), afterAwait: chance.one([true, false]) }),
    4,
  );
  for (const input of inputs) {
    const { asked, afterAwait } = input;
    const what = `${asked.join(", ")}${afterAwait ? ", behind an await" : ""}`;
    const { value: said = [] } = await desk.run(what, () => order([...asked], afterAwait));
    const right = await seen(input);
    const at = right.findIndex((name, i) => name !== said[i]);
    desk.expect(
      at === -1 || said.length === asked.length,
      `${asked.length} are asked for, and ${said.length} are told`,
    );
    const name = right[at] ?? "";
    desk.expect(
      at === -1,
      `number ${at + 1} was ${name}; you say ${said[at]}`,
      ideaOf(name, said[at], afterAwait),
    );
  }
});
