import { sleep, task, whole } from "support";
import { type Chance, checkOf } from "support/helpers/practice/kit";

type Part = (signal: AbortSignal) => Promise<string>;
type Show = (prices: Part, reviews: Part) => Promise<string>;

/** One part of the page: how long it takes, whether it fails then, and how long it tidies up when it is told to stop. */
interface Plan {
  seconds: number;
  fails?: boolean;
  tidies?: number;
}

interface Input {
  prices: Plan;
  reviews: Plan;
}

const part =
  (name: string, { seconds, fails, tidies = 0 }: Plan): Part =>
  (signal) =>
    task(name, async () => {
      try {
        await sleep(seconds, { signal });
      } catch (reason) {
        await sleep(tidies);
        throw reason;
      }
      if (fails) throw new RangeError(`no ${name}`);
      return `${name} of ${seconds} s`;
    });

const planWords = (name: string, { seconds, fails, tidies }: Plan): string =>
  `${name} ${fails ? "fail after" : "take"} ${seconds} s${tidies ? ` and tidy up for ${tidies}` : ""}`;
const words = ({ prices, reviews }: Input): string =>
  `${planWords("prices", prices)}, ${planWords("reviews", reviews)}`;

const VISIBLE: Input[] = [
  { prices: { seconds: 2 }, reviews: { seconds: 1 } },
  { prices: { seconds: 2 }, reviews: { seconds: 1, fails: true } },
  { prices: { seconds: 1, fails: true }, reviews: { seconds: 9, tidies: 2 } },
];

function some(chance: Chance): Input {
  const [prices, reviews] = chance.shuffled([1, 2, 3]);
  const fails = chance.one([true, false]);
  return { prices: { seconds: prices ?? 1 }, reviews: { seconds: reviews ?? 2, fails } };
}

export const check = checkOf<Show>(async (show, desk) => {
  for (const input of desk.inputs(VISIBLE, some, 2)) {
    const { prices, reviews } = input;
    const { ok, value, error, recording } = await desk.run(
      words(input),
      () => show(part("prices", prices), part("reviews", reviews)),
      { mayFail: true },
    );
    const begun = (name: string) => recording.tasks.filter((one) => one.name === name);
    for (const name of ["prices", "reviews"]) {
      // A task group makes a task of its own, of whatever name.
      const times = begun(name).filter(({ parent }) => recording.tasks[parent ?? -1]?.name !== name).length;
      desk.expect(times > 0, `the ${name} were never begun`);
      desk.expect(
        times === 1,
        `the ${name} were asked for ${times} times`,
        "What has been done is done again.",
      );
    }
    const settled = whole(recording.settled);
    const worked = Math.max(...begun("reviews").map(({ end }) => whole(end)));
    if (prices.fails) {
      desk.expect(
        !ok,
        `the prices failed, and the page was shown: ${value}`,
        "Only the reviews may be missing.",
      );
      desk.expect(
        worked <= settled,
        `the page failed after ${settled} s, and the reviews were at work until ${worked} s`,
        "No task outlives the block that started it. Who tells it to stop, and who waits for it?",
      );
      const due = prices.seconds + (reviews.tidies ?? 0);
      desk.expect(
        settled === due,
        `it ended after ${settled} s; the reviews can be done at ${due} s`,
        "Nobody told the reviews to stop.",
      );
      continue;
    }
    desk.expect(
      ok,
      `the page failed: ${error}`,
      reviews.fails
        ? "Somebody has seen the failure of the reviews before it was caught."
        : "Nothing failed in it.",
    );
    const due = Math.max(prices.seconds, reviews.seconds);
    desk.expect(
      settled === due,
      `it ended after ${settled} s; both together take ${due} s`,
      settled > due ? "The second part begins when the first one has ended." : "One part was not waited for.",
    );
    const page = `prices of ${prices.seconds} s, ${reviews.fails ? "none" : `reviews of ${reviews.seconds} s`}`;
    desk.expect(value === page, `it gave "${value}"; expected is "${page}"`);
  }
});
