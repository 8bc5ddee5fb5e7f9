import { inspect } from "node:util";
import { whole } from "support";
import { checkOf, delayServer, type Get, getFrom } from "support/helpers/practice/kit";

type LoadPage = (get: Get, profile: number, messages: number) => Promise<number[]>;

export const check = checkOf<LoadPage>(async (loadPage, desk) => {
  const get = getFrom(await delayServer());
  const inputs = desk.inputs([[4, 3]], (chance) => chance.shuffled([1, 2, 3, 4]).slice(0, 2), 2);
  for (const [profile = 0, messages = 0] of inputs) {
    const { value, recording } = await desk.run(
      `a profile of ${profile} s and messages of ${messages} s`,
      async () => {
        const given = await loadPage(get, profile, messages);
        // As it is now: who comes back too early may still be adding to it.
        return Array.isArray(given) ? [...given] : given;
      },
    );
    const { length } = recording.tasks;
    const sent = length === 1 ? "1 request was sent" : `${length} requests were sent`;
    desk.expect(length === 2, `${sent}; 2 were asked for`);
    const longest = Math.max(profile, messages);
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
    const expected = [profile, messages];
    desk.expect(
      inspect(value) === inspect(expected),
      `it gave ${inspect(value)}; expected is ${inspect(expected)}`,
      inspect(value).includes("Promise")
        ? "One of the two has not been awaited: a promise is not its answer."
        : "The order is that of the questions, and not that of the answers.",
    );
  }
});
