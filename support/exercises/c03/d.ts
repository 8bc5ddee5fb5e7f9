import { inspect } from "node:util";
import { whole } from "support";
import { type Chance, checkOf, delayServer, type Get, getFrom } from "support/helpers/practice/kit";

type Within = (get: Get, seconds: number, limit: number) => Promise<number | "gave up">;

interface Input {
  seconds: number;
  limit: number;
}

const FIRST: readonly Input[] = [
  { seconds: 4, limit: 2 },
  { seconds: 1, limit: 3 },
];

const other = (chance: Chance): Input =>
  chance.one([
    { seconds: 3, limit: 1 },
    { seconds: 2, limit: 4 },
    { seconds: 5, limit: 1 },
  ]);

export const check = checkOf<Within>(async (within, desk) => {
  const server = await delayServer();
  const get = getFrom(server);
  for (const { seconds, limit } of desk.inputs(FIRST, other, 2)) {
    await server.reset();
    const { value, recording } = await desk.run(
      `an answer after ${seconds} s and a limit of ${limit} s`,
      () => within(get, seconds, limit),
    );
    const { length } = recording.tasks;
    desk.expect(
      length === 1,
      `${length === 0 ? "no request was" : `${length} requests were`} sent; one is wanted`,
    );
    const end = Math.min(seconds, limit);
    const settled = whole(recording.settled);
    desk.expect(settled === end, `it ended after ${settled} s; it was to end after ${end} s`);
    const expected = seconds > limit ? "gave up" : seconds;
    desk.expect(value === expected, `it gave ${inspect(value)}; expected is ${inspect(expected)}`);
    const { finished } = await server.stats();
    desk.expect(
      finished === 0 || seconds < limit,
      "the server has answered a request that nobody waited for any more",
      "You have stopped waiting, and nobody has told the request.",
    );
  }
  const { ok, value, error } = await desk.run(
    "a request that fails after 1 s and a limit of 3 s",
    () => within(getFrom(server, { failing: [1] }), 1, 3),
    { mayFail: true },
  );
  desk.expect(
    !ok,
    `the request failed, and it gave ${inspect(value)}`,
    "A request can also fail for another reason than your limit.",
  );
  desk.expect(
    error instanceof RangeError,
    `it failed with ${inspect(String(error))}; expected is the error of the request`,
    "The caller is to hear why the request failed.",
  );
});
