import { sleep } from "support";
import { checkOf } from "support/helpers/practice/kit";
import { fresh, source, values } from "./tools.ts";

interface Input {
  /** How many values the source has, and how many are wanted. */
  most: number;
  count: number;
  /** The reader leaves after so many. */
  leaves?: number;
}

const words = ({ most, count, leaves }: Input): string =>
  `a source of ${values(most)}, of which the first ${count} are wanted${leaves === undefined ? "" : ` and the reader leaves after ${leaves}`}`;

const VISIBLE: Input[] = [
  { most: 5, count: 3 },
  { most: 5, count: 3, leaves: 1 },
  { most: 5, count: 0 },
  { most: 2, count: 4 },
];

export const check = checkOf<(items: AsyncIterable<number>, count: number) => AsyncIterable<number>>(
  async (firstOf, desk) => {
    const inputs = desk.inputs<Input>(VISIBLE, (chance) => ({ most: 9, count: chance.whole(1, 4) }), 2);
    for (const input of inputs) {
      const { most, count, leaves } = input;
      const seen = fresh();
      const { value } = await desk.run(words(input), async () => {
        const got: number[] = [];
        if (leaves === 0) return got;
        for await (const item of firstOf(source(seen, { most, gap: 0.5 }), count)) {
          got.push(item);
          if (got.length === leaves) break;
        }
        // A stream of Node's closes its source by and by.
        if (!seen.closed) await sleep(1);
        return got;
      });
      const got = value ?? [];
      const wanted = Math.min(most, count, leaves ?? count);
      const were = seen.made === 1 ? "was" : "were";
      desk.expect(
        seen.made >= Math.min(got.length, wanted),
        `${values(seen.made)} ${were} taken, and ${got.length} handed on: ${got}`,
      );
      desk.expect(
        got.length === wanted,
        `${values(got.length)} came; ${wanted} were to be handed on`,
        got.length < wanted ? "A value was taken and not handed on." : undefined,
      );
      desk.expect(
        seen.made === wanted,
        `${values(seen.made)} ${were} taken; ${wanted} were to be handed on`,
        "It asks the source once more before it sees that nothing is left.",
      );
      desk.expect(
        got.every((item, at) => item === at + 1),
        `it handed on ${got}`,
      );
      desk.expect(
        seen.closed || seen.made === 0,
        leaves === undefined
          ? `${values(wanted)} ${wanted === 1 ? "was" : "were"} handed on, and the source is still open`
          : `the reader left after ${values(leaves)}, and the source is still open`,
        leaves === undefined
          ? "A loop that calls next by itself closes nothing. Nobody has told the source that no more is wanted."
          : "A generator that is left runs no line more, but for its finally. What closes the source then?",
      );
    }
  },
);
