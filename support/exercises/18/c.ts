import { setImmediate as moment } from "node:timers/promises";
import { sleep } from "support";
import { checkOf } from "support/helpers/practice/kit";

interface Letters {
  put(letters: number[]): Promise<void>;
  waiting(): Promise<number>;
}

type PutAll = (queue: Letters, letters: number[], bound: number) => Promise<unknown>;

interface Input {
  count: number;
  bound: number;
  /** Lesson seconds that the machine needs for a letter. */
  each: number;
}

/** More looks at the queue than anybody needs who rests between two of them. */
const LOOKS = 400;

export const check = checkOf<PutAll>(async (putAll, desk) => {
  const inputs = desk.inputs(
    [{ count: 10, bound: 4, each: 0.5 }],
    (chance): Input => ({
      count: chance.whole(8, 9),
      bound: chance.whole(3, 5),
      each: chance.one([0.3, 0.7]),
    }),
    2,
  );
  for (const { count, bound, each } of inputs) {
    const letters = Array.from({ length: count }, (_, at) => at + 1);
    const table: number[] = [];
    const put: number[] = [];
    const most = { waiting: 0, looks: 0, idle: 0 };
    const queue: Letters = {
      async put(more) {
        await moment();
        table.push(...more);
        put.push(...more);
        most.waiting = Math.max(most.waiting, table.length);
      },
      async waiting() {
        most.looks += 1;
        await moment();
        return table.length;
      },
    };
    const machine = async (isOver: () => boolean): Promise<void> => {
      // It takes its first letter a while after it was started: what puts all letters at once has put them by then.
      await sleep(each);
      while (table.length > 0 || !isOver()) {
        const letter = table.shift();
        if (letter !== undefined) await sleep(each);
        else {
          if (put.length > 0 && put.length < count) most.idle += 1;
          await sleep(0.1);
        }
      }
    };
    const given = `${count} letters, a bound of ${bound}, a machine that needs ${each} s for one`;
    await desk.run(
      given,
      async () => {
        let isOver = false;
        const working = machine(() => isOver);
        try {
          await putAll(queue, [...letters], bound);
        } finally {
          isOver = true;
        }
        await working;
      },
      { budget: { steps: 1_000_000 } },
    );
    desk.expect(
      most.waiting <= bound,
      `${most.waiting} letters waited; the bound is ${bound}`,
      most.waiting >= count
        ? "Nobody looked between one letter and the next, or all looked before any was put."
        : "There was room, and more was put than there was room for.",
    );
    const twice = put.find((one, at) => put.indexOf(one) !== at);
    desk.expect(twice === undefined, `letter ${twice} was put twice`);
    desk.expect(
      put.length === count,
      `${put.length} letters of ${count} were put`,
      "The rest has to wait until there is room.",
    );
    desk.expect(
      most.looks < LOOKS,
      `it asked over ${LOOKS} times how many wait`,
      "Each question is a statement for the database. A short rest between two costs nobody anything.",
    );
    desk.expect(
      most.idle < 2,
      "the machine found no letter, while some were still to be put",
      "It has to be looked before the last one is taken, and not by a guess at the machine's speed.",
    );
  }
});
