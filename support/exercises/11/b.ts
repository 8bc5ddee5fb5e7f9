import { checkOf } from "support/helpers/practice/kit";
import { addBesideOthers, addInThreads } from "./tools.ts";

type AddResult = (total: Int32Array, compute: () => number) => void;

const THREADS = 4;

const sum = (numbers: readonly number[]): number => numbers.reduce((all, one) => all + one, 0);

export const check = checkOf<AddResult>(async (addResult, desk) => {
  const text = String(addResult);
  const inputs = desk.inputs(
    [[5, 5, 5, 5]],
    (chance) => chance.shuffled([chance.whole(2, 9), 10, 200, 3000]),
    1,
  );
  for (const values of inputs) {
    const ran = await desk.run(`four threads with results of ${values.join(", ")}`, () =>
      addInThreads(text, values),
    );
    const { total = 0, computed = 0 } = ran.value ?? {};
    desk.expect(
      computed === THREADS,
      `compute was called ${computed === 1 ? "once" : `${computed} times`}; ${THREADS} results were wanted`,
      computed > THREADS
        ? "It takes long, and its result is still good when another thread was quicker."
        : undefined,
    );
    const each = values.every((one) => one === values[0]) ? `${values[0]} each` : values.join(", ");
    desk.expect(
      total === sum(values),
      `${THREADS} threads added ${each}; the number is ${total} and not ${sum(values)}`,
      "All of them had read the number before the first one wrote it.",
    );
    const [mine = 0] = values;
    const what = `a result of ${mine}, and others that add 10 before each step in which it reads or writes the number`;
    const stepwise = await desk.run(what, () => addBesideOthers(text, mine));
    const { seen = 0, expected = 0 } = stepwise.value ?? {};
    desk.expect(
      seen === expected,
      `the number is ${seen} and not ${expected}`,
      "It is rarer now, and still there: between a step that reads and a step that writes, another thread can write.",
    );
  }
});
