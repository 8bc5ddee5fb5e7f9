import { sleep, task, whole } from "support";
import { type Chance, checkOf } from "support/helpers/practice/kit";
import { fresh, source, values } from "./tools.ts";

type MapAhead = (
  items: AsyncIterable<number>,
  work: (item: number) => Promise<string>,
  most: number,
) => AsyncIterable<string>;

interface Input {
  /** How long the work of each item takes, in lesson seconds. */
  seconds: number[];
  most: number;
  /** How long the reader needs for each result. */
  pause?: number;
  /** The work of this item fails. */
  fails?: number;
}

const VISIBLE: Input[] = [
  { seconds: [2, 1, 3, 1, 1], most: 3 },
  { seconds: [1, 1, 1, 1, 1], most: 2, pause: 0.5 },
  { seconds: [2, 2, 1, 1, 1], most: 3, fails: 3 },
];

const some = (chance: Chance): Input => ({
  seconds: chance.shuffled([1, 1, 2, 2, 1]),
  most: chance.whole(2, 4),
});

function words({ seconds, most, pause, fails }: Input): string {
  const work = `work of ${seconds.join(", ")} s, ${most} at a time`;
  if (fails !== undefined) return `${work}, of which number ${fails} fails`;
  return pause === undefined ? work : `${work}, and a reader that needs ${pause} s for each`;
}

/** When all is handed on, to a reader that needs no time: each begins when there is room, in order. */
function enough({ seconds, most }: Input): number {
  const handed: number[] = [];
  for (const [at, length] of seconds.entries())
    handed.push(Math.max((handed[at - most] ?? 0) + length, handed.at(-1) ?? 0));
  return handed.at(-1) ?? 0;
}

export const check = checkOf<MapAhead>(async (mapAhead, desk) => {
  for (const input of desk.inputs(VISIBLE, some, 1)) {
    const { seconds, most, pause, fails } = input;
    const seen = fresh();
    const counts = { now: 0, highest: 0, worked: 0, ahead: 0, madeThen: 0, handedThen: 0 };
    const got: string[] = [];
    const work = (item: number): Promise<string> =>
      task(`work ${item}`, async () => {
        counts.worked += 1;
        counts.now += 1;
        counts.highest = Math.max(counts.highest, counts.now);
        await sleep(seconds[item - 1] ?? 1).finally(() => (counts.now -= 1));
        if (item === fails) throw new RangeError(`number ${item} fails`);
        return `${item}`;
      });
    const look = (): void => {
      const ahead = seen.made - got.length;
      if (ahead <= counts.ahead) return;
      counts.ahead = ahead;
      counts.madeThen = seen.made;
      counts.handedThen = got.length;
    };
    const looked = async function* (items: AsyncIterable<number>): AsyncGenerator<number> {
      for await (const item of items) {
        look();
        yield item;
      }
    };
    const { ok, recording } = await desk.run(
      words(input),
      async () => {
        for await (const result of mapAhead(looked(source(seen, { most: seconds.length })), work, most)) {
          // The one that is handed on just now is no longer ahead.
          got.push(result);
          look();
          if (pause !== undefined) await sleep(pause);
          look();
        }
      },
      { mayFail: fails !== undefined },
    );
    const told = got.join(", ");
    desk.expect(counts.worked > 0, `0 of ${seconds.length} were worked on`);
    desk.expect(
      counts.highest <= most,
      `${counts.highest} were at work at once; ${most} are allowed`,
      "When the next item is asked for, how many are at work, and how many will be?",
    );
    desk.expect(
      counts.ahead <= most,
      `${values(counts.madeThen)} had been made when ${counts.handedThen} had been handed on; ${most} may be ahead`,
      "The work is limited, and the source is not.",
    );
    const expected = seconds
      .map((_, at) => `${at + 1}`)
      .slice(0, fails === undefined ? undefined : fails - 1);
    desk.expect(
      told === expected.join(", "),
      `it handed on ${told || "nothing"}; expected is ${expected.join(", ")}`,
      got.length < expected.length
        ? "Some are at work when the source is at its end."
        : "The first to be done need not be the first in order.",
    );
    if (fails !== undefined) {
      desk.expect(!ok, `number ${fails} failed, and the reader was told of an end`);
      desk.expect(seen.closed, `number ${fails} failed, and the source is still open`);
      continue;
    }
    const settled = whole(recording.settled);
    const due = enough(input);
    if (pause === undefined)
      desk.expect(
        settled <= due,
        `it ended after ${settled} s; ${due} s are enough`,
        counts.highest === 1
          ? "One is at work at a time."
          : "A place is free, and nobody takes it until all are done.",
      );
    desk.expect(
      counts.highest === most,
      `${counts.highest} ${counts.highest === 1 ? "was" : "were"} at work at once; there is room for ${most}`,
    );
  }
});
