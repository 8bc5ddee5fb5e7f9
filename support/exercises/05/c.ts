import { type Queue, queue, sleep, task, toLessonSeconds, whole } from "support";
import { type Chance, checkOf, type Desk } from "support/helpers/practice/kit";

type Both = (a: Queue<string>, b: Queue<string>) => Queue<string>;

/** The pauses before the items of each source, in lesson seconds. */
interface Input {
  a: number[];
  b: number[];
}

/**
 * A queue that is filled with letters, each after its pause, and closed after the last; and how many were taken from it.
 *
 * @param over ends it where nobody takes the letters
 */
function letters(
  name: string,
  pauses: readonly number[],
  over: AbortSignal,
): { source: Queue<string>; taken: () => number } {
  const source = queue<string>(0);
  let taken = 0;
  const fill = async (): Promise<void> => {
    for (const [at, pause] of pauses.entries()) {
      await sleep(pause, { signal: over });
      await source.put(`${name}${at + 1}`, { signal: over });
      taken += 1;
    }
    source.close();
  };
  // It fails when it is ended before its last letter, also by the end of a trial. What is judged is what came.
  fill().catch(() => {});
  return { source, taken: () => taken };
}

/** The items in the order in which they come, and when, in lesson seconds. No two come at the same time. */
function asTheyCome({ a, b }: Input): { item: string; at: number }[] {
  const times = (name: string, pauses: number[]): { item: string; at: number }[] => {
    let at = 0;
    return pauses.map((pause, index) => {
      at += pause;
      return { item: `${name}${index + 1}`, at };
    });
  };
  return [...times("a", a), ...times("b", b)].sort((one, other) => one.at - other.at);
}

async function judge(both: Both, desk: Desk, input: Input, over: AbortSignal): Promise<void> {
  const wanted = asTheyCome(input);
  const end = wanted.at(-1)?.at ?? 0;
  const got: { item: string; at: number }[] = [];
  await desk.run(
    `items of a after ${input.a.join(", ")} s, of b after ${input.b.join(", ")} s`,
    async () => {
      const start = performance.now();
      const [a, b] = [letters("a", input.a, over), letters("b", input.b, over)];
      const joined = both(a.source, b.source);
      await task("reader", async () => {
        for await (const item of joined)
          got.push({ item, at: whole(toLessonSeconds(performance.now() - start)) });
      });
    },
    { budget: { seconds: end + 3 }, mayLeave: true },
  );
  const items = got.map(({ item }) => item).join(" ") || "nothing";
  const late = wanted.find(({ item, at }) => got.some((one) => one.item === item && one.at > at));
  const when = got.find(({ item }) => item === late?.item)?.at;
  desk.expect(
    late === undefined,
    `${late?.item} was there after ${late?.at} s and came after ${when} s`,
    "Somebody waits for one of the two, and meanwhile for nothing of the other.",
  );
  desk.expect(
    got.length === wanted.length,
    `${items} came, and then the end; ${wanted.length} items were put into the two`,
    "It ends when one of the two has ended, or knows only one.",
  );
  const order = wanted.map(({ item }) => item).join(" ");
  desk.expect(items === order, `${items} came; in the order of time it is ${order}`);
}

/** Items that are there at once, and a reader who is slow: what lies between them? */
async function judgeSlowReader(both: Both, desk: Desk, over: AbortSignal): Promise<void> {
  const atOnce = [0, 0, 0, 0];
  const { value } = await desk.run(
    "four items in each, all at once, and a reader who has taken one",
    async () => {
      const [a, b] = [letters("a", atOnce, over), letters("b", atOnce, over)];
      const joined = both(a.source, b.source);
      await joined.get();
      await sleep(1);
      const taken = a.taken() + b.taken();
      const rest: string[] = [];
      for await (const item of joined) rest.push(item);
      return { taken, rest };
    },
    { mayLeave: true },
  );
  // What the reader has, and one item of each that is on its way.
  const most = 3;
  desk.expect(
    (value?.taken ?? 0) <= most,
    `the reader has taken 1 item, and ${value?.taken} are out of their queues; at most ${most} may be`,
    "The two are emptied as fast as they can be, whatever the reader does. Nothing holds them back any more.",
  );
  desk.expect(
    value?.rest.length === 7,
    `${(value?.rest.length ?? 0) + 1} items came; 8 were put into the two`,
  );
}

/** The reader closes what it was given, and both sources still have something. */
async function judgeClosed(both: Both, desk: Desk, over: AbortSignal): Promise<void> {
  const given = "items of a and b after 1, 1, 1 s, and a reader who closes the queue after 1.5 s";
  await desk.run(
    given,
    async () => {
      const [a, b] = [letters("a", [1, 1, 1], over), letters("b", [1, 1, 1], over)];
      const joined = both(a.source, b.source);
      await sleep(1.5);
      joined.close();
      for await (const _ of joined);
      await sleep(1);
    },
    { mayLeave: true },
  );
}

export const check = checkOf<Both>(async (both, desk) => {
  const visible: Input[] = [{ a: [1, 1, 5], b: [3, 1, 1] }];
  const unseen = (chance: Chance): Input =>
    chance.one([
      { a: [3, 1], b: [1, 1, 3] },
      { a: [1], b: [2, 1] },
    ]);
  const over = new AbortController();
  try {
    for (const input of desk.inputs(visible, unseen, 1)) await judge(both, desk, input, over.signal);
    await judgeSlowReader(both, desk, over.signal);
    await judgeClosed(both, desk, over.signal);
  } finally {
    over.abort();
  }
});
