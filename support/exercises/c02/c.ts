import { inspect } from "node:util";
import { sleep, task, whole } from "support";
import { checkOf } from "support/helpers/practice/kit";

type Judge = (item: number) => Promise<boolean>;
type FilterAsync = (items: number[], keep: Judge) => Promise<number[]>;

interface Input {
  items: number[];
  kept: (item: number) => boolean;
  words: string;
}

const FIRST: Input = { items: [4, 1, 2], kept: (item) => item % 2 === 0, words: "even numbers are kept" };

/** Judges after as many seconds as the item says. */
function judgeOf(kept: (item: number) => boolean): Judge {
  return (item) => task(`verdict on ${item}`, () => sleep(item).then(() => kept(item)));
}

export const check = checkOf<FilterAsync>(async (filterAsync, desk) => {
  const inputs = desk.inputs(
    [FIRST],
    (chance): Input => ({
      items: chance.shuffled([1, 3, 4]),
      kept: (item) => item > 2,
      words: "numbers over 2 are kept",
    }),
    1,
  );
  for (const { items, kept, words } of inputs) {
    const { value, recording } = await desk.run(`${inspect(items)}, of which ${words}`, async () => {
      const given = await filterAsync([...items], judgeOf(kept));
      // As it is now: who comes back too early may still be adding to it.
      return Array.isArray(given) ? [...given] : given;
    });
    const { length } = recording.tasks;
    desk.expect(
      length === items.length,
      `${length} verdicts were asked for; there are ${items.length} items`,
    );
    const longest = Math.max(...items);
    const settled = whole(recording.settled);
    desk.expect(
      settled >= longest,
      `it returned after ${settled} s; the last verdict came after ${longest} s`,
      "It did not wait for the verdicts. A promise is no verdict, and counts as true.",
    );
    desk.expect(
      settled === longest,
      `it ended after ${settled} s; asked for at once, all verdicts are there after ${longest} s`,
      "The next item is asked about when the one before has been judged.",
    );
    const expected = items.filter(kept);
    desk.expect(
      inspect(value) === inspect(expected),
      `it gave ${inspect(value)}; expected is ${inspect(expected)}`,
      value?.length === items.length
        ? "Look at what each item is judged by."
        : "The order is that of the list, and not that of the verdicts.",
    );
  }
  const { ok, value, error } = await desk.run(
    "[ 3, 1 ], of which 1 can't be judged",
    () =>
      filterAsync([3, 1], (item) =>
        task(`verdict on ${item}`, async () => {
          await sleep(item);
          if (item === 1) throw new RangeError("no verdict");
          return true;
        }),
      ),
    { mayFail: true },
  );
  desk.expect(
    !ok,
    `the verdict on 1 failed, and it gave ${inspect(value)}`,
    "No verdict is not the same as no.",
  );
  desk.expect(
    error instanceof RangeError,
    `it failed with ${inspect(String(error))}; expected is the error of the verdict on 1`,
    "The caller is to hear why there is no verdict.",
  );
});
