import { checkOf } from "support/helpers/practice/kit";
import { expectRecorded, stepsOf } from "./tools.ts";

type AtTheEnd = (callback: () => void) => unknown;

/** How long the chains are that others add to the two queues. */
interface Input {
  sweeps: number;
  dusts: number;
}

type Add = (next: () => void) => unknown;

function chain(add: Add, left: number, end: () => void): void {
  add(() => (left > 1 ? chain(add, left - 1, end) : end()));
}

const toAndFro: Add = (next) => process.nextTick(() => queueMicrotask(next));

const words = ({ sweeps, dusts }: Input): string =>
  `a chain of ${sweeps} through both queues and one of ${dusts} microtasks`;

function evening(step: (label: string) => void, atTheEnd: AtTheEnd, { sweeps, dusts }: Input): void {
  setTimeout(() => step("timer"), 0);
  atTheEnd(() => step("close up"));
  process.nextTick(() => queueMicrotask(() => step("wash")));
  chain(toAndFro, sweeps, () => step("sweep"));
  chain(queueMicrotask, dusts, () => step("dust"));
  step("the callback ends");
}

export const check = checkOf<AtTheEnd>(async (atTheEnd, desk) => {
  const visible = [{ sweeps: 100, dusts: 100 }];
  const unseen = desk.inputs(
    visible,
    (chance) => ({ sweeps: chance.whole(2000, 4000), dusts: chance.whole(2000, 4000) }),
    2,
  );
  for (const input of unseen) {
    const { value } = await desk.run(words(input), () => stepsOf((step) => evening(step, atTheEnd, input)));
    expectRecorded(desk, value);
    const order = value ?? [];
    const times = order.filter((label) => label === "close up").length;
    desk.expect(times > 0, "“close up” never ran");
    desk.expect(times === 1, `“close up” ran ${times} times`);
    const at = order.indexOf("close up");
    desk.expect(
      order.indexOf("the callback ends") < at,
      "“close up” ran inside the callback",
      "It was called, and not left for later.",
    );
    const missed = order.slice(at).filter((label) => ["wash", "sweep", "dust"].includes(label));
    desk.expect(
      missed.length === 0,
      `“close up” ran before ${missed.map((label) => `“${label}”`).join(", ")}`,
      "What stands in a queue runs before what is added to it later, and how much is added nobody knows.",
    );
    desk.expect(
      at < order.indexOf("timer"),
      "“close up” ran after the timer",
      "It waited for a whole turn of the loop, or for a phase that comes too late.",
    );
  }
});
