import { inspect } from "node:util";
import { LESSON_SECOND_MS, sleep, task, whole } from "support";
import { checkOf, type Desk, delayServer, getFrom } from "support/helpers/practice/kit";

type Work = (signal: AbortSignal) => Promise<number>;
type UpTo = (seconds: number, work: Work) => Promise<number | "too late">;

/** An answer takes so many lesson seconds, and has a limit of so many. */
interface Input {
  delay: number;
  limit: number;
}

async function judgeTime(upTo: UpTo, desk: Desk, { delay, limit }: Input): Promise<void> {
  const server = await delayServer();
  await server.reset();
  const get = getFrom(server);
  const { value, recording } = await desk.run(`a limit of ${limit} s and work of ${delay} s`, () =>
    upTo(limit, (signal) => get(delay, signal)),
  );
  const settled = whole(recording.settled);
  const right = Math.min(delay, limit);
  const { started, finished } = await server.stats();
  desk.expect(started === 1, `the work was called ${started} times; once is right`);
  desk.expect(settled === right, `it ended after ${settled} s; right is ${right}`);
  const wanted = delay > limit ? "too late" : delay;
  desk.expect(value === wanted, `it gave ${inspect(value)}; right is ${inspect(wanted)}`);
  desk.expect(
    delay < limit || finished === 0,
    "the server has worked to the end for an answer that nobody wanted any more",
    "You gave up on the work. Nobody told it.",
  );
}

/** Work that fails, each time within its limit. */
async function judgeFailure(upTo: UpTo, desk: Desk, what: string, work: Work): Promise<void> {
  const { ok, value, error } = await desk.run(`work that fails: ${what}`, () => upTo(4, work), {
    mayFail: true,
  });
  desk.expect(
    !ok,
    `it gave ${inspect(value)}; the work had failed after 1 s, and the limit was 4 s`,
    what.includes("TimeoutError")
      ? "There are two errors of that name, and only one of them is that of your limit."
      : "Not every error is the end of the time.",
  );
  const name = error instanceof Error ? error.name : inspect(error);
  desk.expect(what.includes(name), `it failed with ${name}; the work had failed with ${what}`);
}

/** Work that has a partial result when it is told to stop. */
async function judgeHelpful(upTo: UpTo, desk: Desk): Promise<void> {
  const half: Work = (signal) =>
    new Promise((resolve) => signal.addEventListener("abort", () => resolve(0.5), { once: true }));
  const { value } = await desk.run(
    "work that gives 0.5 when it is aborted, and a limit of 1 s",
    () => upTo(1, half),
    {
      budget: { seconds: 4 },
    },
  );
  desk.expect(
    value === "too late",
    `it gave ${inspect(value)}; the time was over`,
    "The work was quicker than the one who told it to stop.",
  );
}

/** Work that does not look at its signal. */
async function judgeDeaf(upTo: UpTo, desk: Desk): Promise<void> {
  const { value, recording } = await desk.run(
    "work of 3 s that does not listen to its signal, and a limit of 1 s",
    () => upTo(1, () => task("deaf work", () => sleep(3)).then(() => 3)),
  );
  const settled = whole(recording.settled);
  desk.expect(
    settled === 1,
    `it ended after ${settled} s; the time was over at 1 s`,
    "You asked the work to stop, and then waited until it did.",
  );
  desk.expect(value === "too late", `it gave ${inspect(value)}; the time was over`);
}

export const check = checkOf<UpTo>(async (upTo, desk) => {
  const visible: Input[] = [
    { delay: 4, limit: 2 },
    { delay: 1, limit: 2 },
  ];
  const unseen = (): Input => ({ delay: desk.chance.whole(2, 3), limit: 1 });
  for (const input of desk.inputs(visible, unseen, 1)) await judgeTime(upTo, desk, input);
  await judgeFailure(upTo, desk, "a RangeError", async () => {
    await task("work", () => sleep(1));
    throw new RangeError("broken");
  });
  await judgeFailure(upTo, desk, "a TimeoutError of a signal of its own", async () => {
    await task("work", () => sleep(4, { signal: AbortSignal.timeout(LESSON_SECOND_MS) })).catch(
      (error: Error) => {
        throw error.cause ?? error;
      },
    );
    return 4;
  });
  await judgeHelpful(upTo, desk);
  await judgeDeaf(upTo, desk);
});
