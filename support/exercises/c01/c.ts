import { inspect } from "node:util";
import { sleep, task, whole } from "support";
import { type Chance, checkOf } from "support/helpers/practice/kit";

type LookUp = (item: string, done: (price: number) => void) => void;
type Prices = (lookUp: LookUp, items: string[]) => Promise<number[]>;

/** Items, each with the seconds after which its price is there. */
type Input = Readonly<Record<string, number>>;

const ITEMS = ["bread", "jam", "honey", "salt", "rice"];

function others(chance: Chance): Input {
  const seconds = chance.shuffled([1, 2, 4]);
  const items = chance.shuffled(ITEMS).slice(0, seconds.length);
  return Object.fromEntries(items.map((item, at) => [item, seconds[at] ?? 1]));
}

export const check = checkOf<Prices>(async (prices, desk) => {
  for (const input of desk.inputs<Input>([{ tea: 3, sugar: 1, milk: 2 }], others, 2)) {
    const items = Object.keys(input);
    const lookUp: LookUp = (item, done) => {
      void task(`look up ${item}`, () => sleep(input[item] ?? 1)).then(() => done(item.length));
    };
    const { value, recording } = await desk.run(
      items.map((item) => `${item} (${input[item]} s)`).join(", "),
      async () => {
        const given = await prices(lookUp, [...items]);
        // As it is now: who comes back too early may still be adding to it.
        return Array.isArray(given) ? [...given] : given;
      },
      { budget: { seconds: 10 } },
    );
    const { length } = recording.tasks;
    desk.expect(length > 0, "nothing was looked up");
    desk.expect(
      length === items.length,
      `${length} items were looked up; there are ${items.length} on the list`,
    );
    const longest = Math.max(...Object.values(input));
    const settled = whole(recording.settled);
    desk.expect(
      settled === longest,
      `it ended after ${settled} s; all prices can be there after ${longest} s`,
      settled < longest
        ? settled === 0
          ? "The return came before the callbacks."
          : "The last callback was not waited for. A list is as long as its last place says, filled or not."
        : "All items can be looked up at the same time, and the last callback tells when all is there.",
    );
    const expected = items.map((item) => item.length);
    desk.expect(
      inspect(value) === inspect(expected),
      `it gave ${inspect(value)}; expected is ${inspect(expected)}`,
      inspect(value).includes("undefined")
        ? "The price was waited for, and then dropped on the way to the one who asked."
        : "The first callback need not be that of the first item.",
    );
  }
});
