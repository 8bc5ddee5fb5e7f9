import { inspect } from "node:util";
import { sleep, task, whole } from "support";
import { checkOf } from "support/helpers/practice/kit";

type Weigh = (parcel: number) => Promise<number>;
type TotalWeight = (weigh: Weigh, parcels: number[]) => Promise<number>;

interface Input {
  parcels: number[];
  /** Grams a second. */
  grams: number;
}

export const check = checkOf<TotalWeight>(async (totalWeight, desk) => {
  const first: Input = { parcels: [3, 1, 2], grams: 10 };
  const inputs = desk.inputs(
    [first],
    (chance): Input => ({ parcels: chance.shuffled([1, 2, 2, 3]), grams: chance.whole(11, 19) }),
    1,
  );
  for (const { parcels, grams } of inputs) {
    const weigh: Weigh = (parcel) => task(`parcel ${parcel}`, () => sleep(parcel).then(() => parcel * grams));
    const { value, recording } = await desk.run(`${inspect(parcels)}, ${grams} grams a second`, () =>
      totalWeight(weigh, [...parcels]),
    );
    const { length } = recording.tasks;
    desk.expect(length === parcels.length, `${length} parcels were weighed; there are ${parcels.length}`);
    const longest = Math.max(...parcels);
    const settled = whole(recording.settled);
    desk.expect(
      settled >= longest,
      `it returned after ${settled} s; the last parcel was weighed after ${longest} s`,
      "Nobody waits for the promises that the function inside returns.",
    );
    desk.expect(
      settled === longest,
      `it ended after ${settled} s; weighed at once, all are done after ${longest} s`,
      "Something else is waited for than the last parcel.",
    );
    const expected = parcels.reduce((sum, parcel) => sum + parcel * grams, 0);
    desk.expect(
      value === expected,
      `it gave ${inspect(value)}; expected is ${expected}`,
      typeof value === "number" && value < expected
        ? "Several add to one sum: `+=` reads the sum before the await and writes it after, and what others have added meanwhile is lost."
        : undefined,
    );
  }
  const { ok, value, error } = await desk.run(
    "[ 2, 1 ], of which 1 can't be weighed",
    () =>
      totalWeight(
        (parcel) =>
          task(`parcel ${parcel}`, async () => {
            await sleep(parcel);
            if (parcel === 1) throw new RangeError("it fell off the scales");
            return parcel * 10;
          }),
        [2, 1],
      ),
    { mayFail: true },
  );
  desk.expect(
    !ok,
    `a parcel could not be weighed, and it gave ${inspect(value)}`,
    "The caller, who has asked for the sum, has to hear of it.",
  );
  desk.expect(
    error instanceof RangeError,
    `it failed with ${inspect(String(error))}; expected is the error of the parcel that could not be weighed`,
    "The caller is to hear why there is no sum.",
  );
});
