import { inspect } from "node:util";
import { LESSON_SECOND_MS, whole } from "support";
import { checkOf, type Desk, delayServer, type Get, getFrom } from "support/helpers/practice/kit";
import { mostAtOnce } from "./tools.ts";

type Ask = (signal: AbortSignal) => Promise<number>;
type Stubborn = (ask: Ask, tries: number, limit: number, signal: AbortSignal) => Promise<number>;

/** How long each try takes in its turn, and what the answer was told, in lesson seconds. */
interface Input {
  delays: number[];
  tries: number;
  limit: number;
  /** When the caller aborts. */
  leaves?: number;
}

function words({ delays, tries, limit, leaves }: Input): string {
  const abort = leaves === undefined ? "" : `, and a caller who leaves after ${leaves} s`;
  return `tries of ${delays.join(", ")} s, ${tries} at most, ${limit} s each${abort}`;
}

/** Each call takes the next delay. */
function inTurn(get: Get, delays: readonly number[]): Ask {
  const left = [...delays];
  return (signal) => get(left.shift() ?? 1, signal);
}

const tried = (count: number): string => (count === 1 ? "1 try" : `${count} tries`);

async function judge(stubborn: Stubborn, desk: Desk, input: Input): Promise<void> {
  const { delays, tries, limit, leaves } = input;
  const server = await delayServer();
  await server.reset();
  const ask = inTurn(getFrom(server), delays);
  const caller = new AbortController();
  const reason = new RangeError("the caller has left");
  const { ok, value, error, recording } = await desk.run(
    words(input),
    async () => {
      const timer =
        leaves === undefined ? undefined : setTimeout(() => caller.abort(reason), leaves * LESSON_SECOND_MS);
      try {
        return await stubborn(ask, tries, limit, caller.signal);
      } finally {
        clearTimeout(timer);
      }
    },
    { mayFail: true },
  );
  const { started, finished } = await server.stats();
  const atOnce = await mostAtOnce(server);
  desk.expect(
    atOnce <= 1,
    `${atOnce} tries ran at the same time`,
    "The next try begins when the one before has been given up and cancelled.",
  );
  // Which try is the first that is in time, and when all is over.
  const given = delays.slice(0, tries);
  const good = given.findIndex((delay) => delay < limit);
  const spent = given.map((delay) => Math.min(delay, limit));
  const natural = spent.slice(0, good === -1 ? tries : good + 1).reduce((sum, time) => sum + time, 0);
  const right = Math.min(natural, leaves ?? natural);
  const settled = whole(recording.settled);
  desk.expect(
    settled === right,
    `it ended after ${settled} s; right is ${right}`,
    leaves !== undefined && settled > right
      ? "The caller has left, and nobody listens to that."
      : settled > right
        ? "A try goes on beyond its limit, or there is one too many."
        : "It gives up before all its tries are used up.",
  );
  if (leaves !== undefined) {
    const begun = Math.ceil(leaves / limit);
    desk.expect(
      started === begun,
      `${tried(started)} reached the server; when the caller left, it was ${begun}`,
      "A caller who has left wants no further try.",
    );
    desk.expect(
      !ok && error === reason,
      `it ${ok ? `gave ${value}` : `failed with ${inspect(error)}`}; right is the reason of the caller's signal`,
    );
    return;
  }
  const wanted = good === -1 ? tries : good + 1;
  desk.expect(started === wanted, `${tried(started)} reached the server; right is ${wanted}`);
  const answers = good === -1 ? 0 : 1;
  desk.expect(
    finished === answers,
    `the server answered ${tried(finished)}; right is ${answers}`,
    "A try that was given up was not cancelled.",
  );
  if (good === -1) {
    const name = error instanceof Error ? error.name : inspect(error);
    desk.expect(!ok, `it gave ${inspect(value)}; no try was in time`);
    desk.expect(name === "TimeoutError", `it failed with ${name}; the last try ended with a TimeoutError`);
  } else desk.expect(value === delays[good], `it gave ${inspect(value)}; the answer was ${delays[good]}`);
}

/** What is out of order does not get better by another try. */
async function judgeBroken(stubborn: Stubborn, desk: Desk): Promise<void> {
  const server = await delayServer();
  await server.reset();
  const ask = inTurn(getFrom(server, { failing: [1] }), [4, 1, 2]);
  const { signal } = new AbortController();
  const { ok, value } = await desk.run(
    "a first try that is late, and a second one that fails within its limit",
    () => stubborn(ask, 3, 3, signal),
    {
      mayFail: true,
    },
  );
  const { started } = await server.stats();
  desk.expect(
    started === 2 && !ok,
    ok
      ? `it gave ${inspect(value)}; the second try had failed, and not for want of time`
      : `${tried(started)} reached the server; the second one failed, and not for want of time`,
    "Only what was late may be better the next time.",
  );
}

export const check = checkOf<Stubborn>(async (stubborn, desk) => {
  const visible: Input[] = [{ delays: [5, 5, 1], tries: 3, limit: 2 }];
  const unseen: Input[] = [
    { delays: [3, 3, 1], tries: 2, limit: 1 },
    { delays: [4, 4, 1], tries: 3, limit: 2, leaves: 3 },
  ];
  const inputs = desk.inputs(
    visible,
    () => unseen.shift() ?? { delays: [1], tries: 1, limit: 2 },
    unseen.length,
  );
  for (const input of inputs) await judge(stubborn, desk, input);
  await judgeBroken(stubborn, desk);
});
