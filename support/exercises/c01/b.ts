import { inspect } from "node:util";
import { whole } from "support";
import { type Chance, checkOf, delayServer, type Get, getFrom } from "support/helpers/practice/kit";

type LoadPage = (get: Get, profile: number, messages: number) => Promise<number[]>;

interface Input {
  profile: number;
  messages: number;
  /** How many seconds later than asked for each answer comes. */
  late: number;
}

function other(chance: Chance): Input {
  const [profile = 1, messages = 2] = chance.shuffled([1, 2, 3]);
  return { profile, messages, late: 1 };
}

export const check = checkOf<LoadPage>(async (loadPage, desk) => {
  const inTime = getFrom(await delayServer());
  for (const input of desk.inputs<Input>([{ profile: 4, messages: 3, late: 0 }], other, 2)) {
    const { profile, messages, late } = input;
    const get: Get = (seconds, signal) => inTime(seconds + late, signal);
    const own = late === 0 ? "" : `, both ${late} s late`;
    const { value, recording } = await desk.run(
      `a profile of ${profile} s and messages of ${messages} s${own}`,
      async () => {
        const given = await loadPage(get, profile, messages);
        // As it is now: who comes back too early may still be adding to it.
        return Array.isArray(given) ? [...given] : given;
      },
    );
    const { length } = recording.tasks;
    const sent = length === 1 ? "1 request was sent" : `${length} requests were sent`;
    desk.expect(length === 2, `${sent}; 2 were asked for`);
    const longest = Math.max(profile, messages) + late;
    const settled = whole(recording.settled);
    desk.expect(
      settled >= longest,
      `it returned after ${settled} s; the last answer came after ${whole(recording.makespan)} s`,
      "Nobody waits for both. Without an await there is a promise, and no answer yet.",
    );
    desk.expect(
      settled === longest,
      `the two took ${settled} s together; ${longest} s are enough`,
      "The second request is sent when the first has been answered.",
    );
    const expected = [profile + late, messages + late];
    desk.expect(
      inspect(value) === inspect(expected),
      `it gave ${inspect(value)}; expected is ${inspect(expected)}`,
      inspect(value).includes("Promise")
        ? "One of the two has not been awaited: a promise is not its answer."
        : "The order is that of the questions, and not that of the answers.",
    );
  }
});
