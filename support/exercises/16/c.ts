import { type Duplex, Transform } from "node:stream";
import { sleep } from "support";
import { type Chance, checkOf } from "support/helpers/practice/kit";
import { fresh, OUT_OF_ORDER, source, values } from "./tools.ts";

type Through = (items: AsyncIterable<number>, stage: Duplex) => AsyncIterable<number>;

interface Input {
  /** What the stage multiplies by. */
  factor: number;
  /** The reader leaves after so many values. */
  leaves?: number;
  /** The source fails after so many. */
  failsAfter?: number;
}

const COUNT = 6;

function words({ factor, leaves, failsAfter }: Input): string {
  const stage = `a stage that multiplies by ${factor}`;
  if (leaves !== undefined) return `${stage} and a reader that leaves after ${values(leaves)}`;
  return failsAfter === undefined ? stage : `${stage} and a source that fails after ${values(failsAfter)}`;
}

const VISIBLE: Input[] = [{ factor: 2, leaves: 2 }, { factor: 2, failsAfter: 3 }, { factor: 2 }];

const some = (chance: Chance): Input =>
  chance.one<Input>([
    { factor: 3, leaves: chance.whole(1, 3) },
    { factor: 4, failsAfter: chance.whole(1, 3) },
  ]);

export const check = checkOf<Through>(async (through, desk) => {
  for (const input of desk.inputs(VISIBLE, some, 2)) {
    const { factor, leaves, failsAfter } = input;
    const seen = fresh();
    const staged = { count: 0 };
    const stage = new Transform({
      objectMode: true,
      transform(item: number, _encoding, done) {
        staged.count += 1;
        done(null, factor * item);
      },
    });
    const options = failsAfter === undefined ? { most: COUNT } : { most: COUNT, failsAfter };
    const { value } = await desk.run(
      words(input),
      async () => {
        const got: number[] = [];
        const end = { words: "nothing", said: "" };
        const read = async (): Promise<void> => {
          try {
            for await (const item of through(source(seen, options), stage)) {
              got.push(item);
              if (got.length === leaves) break;
            }
            end.words = "an end";
          } catch (error) {
            end.words = "a failure";
            end.said = error instanceof Error ? error.message : String(error);
          }
        };
        await Promise.race([read(), sleep(3)]);
        // A stream of Node's closes its source by and by.
        await sleep(1);
        return { got, heard: end.words, said: end.said };
      },
      { mayLeave: true },
    );
    const { got, heard, said } = value ?? { got: [], heard: "nothing", said: "" };
    desk.expect(staged.count > 0, "the stage saw 0 values");
    const made = Array.from({ length: leaves ?? failsAfter ?? COUNT }, (_, at) => factor * (at + 1));
    if (failsAfter === undefined)
      desk.expect(got.join() === made.join(), `the reader got ${got}; expected is ${made}`);
    if (leaves !== undefined)
      desk.expect(
        seen.closed,
        `the reader left after ${values(leaves)}, and the source is still open`,
        "Nobody told the source that its reader has gone.",
      );
    if (failsAfter !== undefined) {
      desk.expect(
        heard !== "an end",
        `the source failed after ${values(failsAfter)}, and its reader was told of an end`,
        "A reader that is told of an end takes the part for the whole.",
      );
      desk.expect(
        heard === "a failure",
        "the source failed, and its reader heard nothing for 3 s",
        "A failure has to be handed on, as an end is.",
      );
      desk.expect(
        said === OUT_OF_ORDER,
        `the source failed with "${OUT_OF_ORDER}", and its reader heard of "${said}"`,
        "destroy takes the error that its readers are to hear of.",
      );
    }
    desk.expect(seen.closed, "all was read, and the source is still open");
  }
});
