import { inspect } from "node:util";
import { whole } from "support";
import { checkOf, delayServer, type Get, getFrom } from "support/helpers/practice/kit";

type AskAll = (get: Get, delays: number[], limit: number) => Promise<(number | "late")[]>;

interface Input {
  delays: number[];
  limit: number;
}

export const check = checkOf<AskAll>(async (askAll, desk) => {
  const server = await delayServer();
  const visible: Input[] = [{ delays: [2, 5, 1], limit: 3 }];
  // In the second one of those that nobody has seen, no answer is late.
  const kinds = [[1, 2, 4, 5]];
  const inputs = desk.inputs(
    visible,
    (chance) => ({ delays: chance.shuffled(kinds.shift() ?? [1, 2]), limit: 3 }),
    2,
  );
  for (const { delays, limit } of inputs) {
    await server.reset();
    const what = `${inspect(delays)} and a limit of ${limit}`;
    const { value, recording } = await desk.run(what, () => askAll(getFrom(server), [...delays], limit), {
      mayLeave: true,
    });
    const { length } = recording.tasks;
    const sent = length === 1 ? "1 request was sent" : `${length} requests were sent`;
    desk.expect(length === delays.length, `${sent}; ${delays.length} were asked for`);
    const settled = whole(recording.settled);
    const right = Math.min(limit, Math.max(...delays));
    desk.expect(
      settled === right,
      `it ended after ${settled} s; ${right} s are enough`,
      settled > limit
        ? "Each request begins when the one before has ended."
        : settled > right
          ? "It waits on, also when nothing is left to wait for."
          : "It does not wait for all.",
    );
    const expected = delays.map((seconds) => (seconds > limit ? "late" : seconds));
    desk.expect(
      inspect(value) === inspect(expected),
      `it gave ${inspect(value)}; expected is ${inspect(expected)}`,
      "The order of a list is that of the services, and not that of their answers.",
    );
    const { finished } = await server.stats();
    const late = delays.filter((seconds) => seconds > limit).length;
    const worked = finished - (delays.length - late);
    desk.expect(
      worked <= 0,
      `the server went on with ${worked} late ${worked === 1 ? "request" : "requests"}`,
      "You stopped waiting. The request was not told.",
    );
  }
  const broken = getFrom(server, { failing: [1] });
  const { ok, value } = await desk.run("[2, 1], where the second fails", () => askAll(broken, [2, 1], 3), {
    mayFail: true,
  });
  desk.expect(
    !ok,
    value?.includes("late") ? 'it said "late" of a server that is out of order' : `it gave ${inspect(value)}`,
    "Not every error is a time-out.",
  );
});
