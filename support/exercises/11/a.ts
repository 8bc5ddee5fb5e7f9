import { fileURLToPath } from "node:url";
import { Piscina } from "piscina";
import { LESSON_SECOND_MS, task, whole } from "support";
import { checkOf } from "support/helpers/practice/kit";

type InParts = (
  ask: (part: number[]) => Promise<number[]>,
  list: number[],
  parts: number,
) => Promise<number[]>;

interface Input {
  list: number[];
  parts: number;
}

const from1to = (most: number): number[] => Array.from({ length: most }, (_, i) => i + 1);

const journeys = (count: number): string => (count === 1 ? "1 journey was" : `${count} journeys were`);

export const check = checkOf<InParts>(async (inParts, desk) => {
  const pool = new Piscina({
    filename: fileURLToPath(new URL("./journey.ts", import.meta.url)),
    minThreads: 4,
    maxThreads: 4,
  });
  const send = (list: number[], seconds: number): Promise<number[]> =>
    pool.run({ list, ms: seconds * LESSON_SECOND_MS }, { name: "journey" });
  try {
    // All four threads are awake before anybody counts seconds.
    await Promise.all(from1to(4).map(() => send([], 0.1)));
    const visible: Input[] = [
      { list: from1to(8), parts: 4 },
      { list: from1to(3), parts: 4 },
    ];
    const inputs = desk.inputs<Input>(
      visible,
      (chance) => ({ list: chance.shuffled(from1to(10)), parts: 3 }),
      1,
    );
    for (const { list, parts } of inputs) {
      const sent: number[][] = [];
      const ask = (part: number[]): Promise<number[]> => {
        sent.push([...part]);
        // The first one comes back last.
        const seconds = sent.length === 1 ? 2 : 1;
        return task(`journey with ${part.length}`, () => send([...part], seconds));
      };
      const what = `${list.length} numbers and ${parts} parts`;
      const { value = [], recording } = await desk.run(what, () => inParts(ask, [...list], parts));
      const sizes = sent.map((part) => part.length);
      const size = Math.ceil(list.length / parts);
      const least = Math.ceil(list.length / size);
      const empty = sizes.filter((one) => one === 0).length;
      desk.expect(
        empty === 0,
        `${journeys(empty)} made with nothing`,
        "There may be fewer numbers than parts.",
      );
      desk.expect(
        sizes.length <= parts,
        `${journeys(sizes.length)} made; ${parts} are allowed`,
        sizes.length === list.length
          ? "Each number travels alone."
          : "A part that is too short leaves numbers over.",
      );
      desk.expect(
        value.length === list.length,
        `${value.length} results came for ${list.length} numbers`,
        "What is left over at the end of the list belongs to a part, too.",
      );
      desk.expect(
        sizes.length >= least,
        `${journeys(sizes.length)} made; with ${parts} parts, ${least} are to overlap`,
        sizes.length === 0
          ? "Nothing travelled: the work was done on this thread."
          : "One thread does it all, and the others have nothing to do.",
      );
      desk.expect(
        value.join() === list.map((number) => number * number).join(),
        "the results are in another order than the list",
        sent.flat().join() === list.join()
          ? "They stand in the order in which the journeys came back."
          : "A part is a piece of the list, and not every fourth number of it.",
      );
      const settled = whole(recording.settled);
      desk.expect(
        settled === 2,
        `it ended after ${settled} s; beside each other the journeys take 2 s`,
        "A part is sent when the one before has come back.",
      );
      const longest = Math.max(...sizes);
      desk.expect(
        longest <= size,
        `one journey had ${longest} of the ${list.length} numbers; with ${parts} parts, ${size} are enough`,
        "The longest part decides when all are done.",
      );
    }
  } finally {
    await pool.close({ force: true });
  }
});
