import { inspect } from "node:util";
import { whole } from "support";
import { checkOf, delayServer, type Get, getFrom } from "support/helpers/practice/kit";

type Within = (get: Get, seconds: number, limit: number) => Promise<number | "gave up">;

interface Input {
  /** What is asked for, and when the answer comes, in lesson seconds. */
  asked: number;
  seconds: number;
  limit: number;
}

const FIRST: readonly Input[] = [
  { asked: 4, seconds: 4, limit: 2 },
  { asked: 1, seconds: 1, limit: 3 },
];

/** Later than was to be expected, and sooner: who goes by what is asked for is wrong in both. */
const OTHERS: readonly Input[] = [
  { asked: 1, seconds: 4, limit: 2 },
  { asked: 5, seconds: 2, limit: 3 },
];

export const check = checkOf<Within>(async (within, desk) => {
  const server = await delayServer();
  const others = desk.chance.shuffled(OTHERS);
  const inputs = desk.inputs<Input>(FIRST, () => others.pop() ?? { asked: 1, seconds: 1, limit: 3 }, 2);
  for (const { asked, seconds, limit } of inputs) {
    await server.reset();
    const get: Get = (_asked, signal) => getFrom(server)(seconds, signal);
    const own = asked === seconds ? "" : `, where ${asked} s were expected,`;
    const { value, recording } = await desk.run(
      `an answer after ${seconds} s${own} and a limit of ${limit} s`,
      () => within(get, asked, limit),
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
