import { sleep, whole } from "support";
import { checkOf, type Desk, delayServer, getFrom } from "support/helpers/practice/kit";

type WaitForFirst = (
  tasks: Promise<number>[],
) => Promise<{ done: Iterable<Promise<number>>; pending: Iterable<Promise<number>> }>;

interface Input {
  delays: number[];
  /** The delays of those that fail. */
  failing: number[];
}

const words = ({ delays, failing }: Input): string =>
  `tasks of ${delays.join(", ")} s${failing.length > 0 ? `, of which that of ${failing.join(" and ")} s fails` : ""}`;

const counted = (count: number): string => (count === 1 ? "1 task" : `${count} tasks`);

const named = (numbers: readonly number[]): string => numbers.map((at) => `task ${at + 1}`).join(" and ");

/** When all but one of the tasks are settled already. */
async function judgeSettled(waitForFirst: WaitForFirst, desk: Desk): Promise<void> {
  const given = "three tasks, of which the first has an answer and the third has failed before";
  const { value } = await desk.run(given, async () => {
    const over = new AbortController();
    const waits = sleep(1, { signal: over.signal }).then(() => 2);
    const tasks = [Promise.resolve(1), waits, Promise.reject(new RangeError("out of order"))];
    void Promise.allSettled(tasks);
    const found = await waitForFirst(tasks);
    const [done, pending] = [[...found.done], [...found.pending]];
    over.abort();
    return { done: done.length, pending: pending.length, waits: pending.includes(waits) };
  });
  desk.expect(
    value?.done === 2 && value.pending === 1,
    `done has ${counted(value?.done ?? 0)}, pending has ${value?.pending}; expected are 2 and 1`,
    "Several may be settled by then, and all of them are done.",
  );
  desk.expect(value?.waits === true, "the task that is pending is not in pending");
}

export const check = checkOf<WaitForFirst>(async (waitForFirst, desk) => {
  const server = await delayServer();
  const visible: Input[] = [{ delays: [2, 3, 4], failing: [2] }];
  const inputs = desk.inputs(
    visible,
    (chance) => {
      const delays = chance.shuffled([1, 3, 4]);
      return delays[0] === 1
        ? { delays: delays.toReversed(), failing: [] }
        : { delays, failing: [chance.one([3, 4])] };
    },
    2,
  );
  for (const input of inputs) {
    const get = getFrom(server, { failing: input.failing });
    const { value, recording } = await desk.run(words(input), async () => {
      const tasks = input.delays.map((seconds) => get(seconds));
      void Promise.allSettled(tasks);
      const { done, pending } = await waitForFirst(tasks);
      return {
        done: [...done].map((one) => tasks.indexOf(one)),
        pending: [...pending].map((one) => tasks.indexOf(one)),
      };
    });
    const shortest = Math.min(...input.delays);
    const settled = whole(recording.settled);
    desk.expect(
      settled === shortest,
      `it returned after ${settled} s; the first task was settled after ${shortest} s`,
      settled === 0 ? "It does not wait at all." : "A failure settles a task too, and one of them is enough.",
    );
    const first = input.delays.indexOf(shortest);
    const [done = [], pending = []] = [value?.done, value?.pending];
    desk.expect(
      done.length === 1 && pending.length === 2,
      `done has ${counted(done.length)}, pending has ${pending.length}; expected are 1 and 2`,
      "Nobody noted which of the tasks has been settled.",
    );
    desk.expect(
      done[0] === first,
      `done has ${named(done)}; ${named([first])} was the first to be settled`,
      "The first in the list need not be the first to end.",
    );
    desk.expect(!pending.includes(first), `${named([first])} is in both lists`);
  }
  await judgeSettled(waitForFirst, desk);
});
