import { inspect } from "node:util";
import { sleep, task, whole } from "support";
import { checkOf, type Desk, delayServer, getFrom } from "support/helpers/practice/kit";
import { mostAtOnce } from "./tools.ts";

type Step = (signal: AbortSignal) => Promise<number>;
type AsFar = (seconds: number, steps: Step[]) => Promise<number[]>;

/** How long each step takes, and how long all of them may take, in lesson seconds. */
interface Input {
  delays: number[];
  limit: number;
  /** The delay of a step that fails. */
  failing?: number;
}

function words({ delays, limit, failing }: Input): string {
  const list = delays.map((delay) => `${delay} s${delay === failing ? " (fails)" : ""}`);
  return `steps of ${list.join(", ")} and ${limit} s for all`;
}

const steps = (count: number): string => (count === 1 ? "1 step" : `${count} steps`);

async function judge(asFar: AsFar, desk: Desk, input: Input): Promise<void> {
  const { delays, limit, failing } = input;
  const server = await delayServer();
  await server.reset();
  const get = getFrom(server, failing === undefined ? {} : { failing: [failing] });
  const { ok, value, error, recording } = await desk.run(
    words(input),
    () =>
      asFar(
        limit,
        delays.map((delay) => (signal) => get(delay, signal)),
      ),
    { mayFail: failing !== undefined },
  );
  const { started, finished } = await server.stats();
  const atOnce = await mostAtOnce(server);
  desk.expect(atOnce <= 1, `${atOnce} steps ran at the same time; one after another is asked for`);
  if (failing !== undefined) {
    desk.expect(
      !ok,
      `it gave ${inspect(value)}; a step had failed within the time`,
      "Not every error is the end of the time.",
    );
    desk.expect(
      error instanceof RangeError,
      `it failed with ${inspect(error)}; the step had failed with a RangeError`,
    );
    const before = delays.indexOf(failing) + 1;
    desk.expect(
      started === before,
      `${steps(started)} reached the server; a step had failed, and by then it was ${before}`,
      "A failure ends the whole: no other step begins.",
    );
    return;
  }
  // Each step starts when the one before has ended, and the last one that starts in time is cut off by the limit.
  const ends = delays.map((_, at) => delays.slice(0, at + 1).reduce((sum, delay) => sum + delay, 0));
  const done = delays.filter((_, at) => (ends[at] ?? 0) < limit);
  const begun = delays.filter((delay, at) => (ends[at] ?? 0) - delay < limit).length;
  const right = Math.min(limit, ends.at(-1) ?? 0);
  const settled = whole(recording.settled);
  desk.expect(
    settled === right,
    `it ended after ${settled} s; right is ${right}`,
    settled > right ? "Each step has its own time, and nobody looks at the sum." : undefined,
  );
  desk.expect(
    started === begun,
    `${steps(started)} reached the server; by ${limit} s it is ${begun}`,
    "When the time is over, nothing more begins.",
  );
  desk.expect(
    finished === done.length,
    `the server finished ${steps(finished)}; by ${limit} s it is ${done.length}`,
    "The step that runs at the limit has to be told, too.",
  );
  desk.expect(
    inspect(value) === inspect(done),
    `it gave ${inspect(value)}; done by ${limit} s were ${inspect(done)}`,
    "What has been done until the limit is not lost.",
  );
}

/** A step that gives a half when it is told to stop, between two others. */
async function judgeHelpful(asFar: AsFar, desk: Desk): Promise<void> {
  const noted = { begun: 0 };
  const quick: Step = () =>
    task("step of 1 s", async () => {
      noted.begun += 1;
      await sleep(1);
      return 1;
    });
  const half: Step = (signal) =>
    task("helpful step", () => {
      noted.begun += 1;
      return new Promise<number>((resolve) =>
        signal.addEventListener("abort", () => resolve(0.5), { once: true }),
      );
    });
  const { value } = await desk.run(
    "a step of 1 s, one that gives 0.5 when it is aborted, one of 1 s, and 2 s for all",
    () => asFar(2, [quick, half, quick]),
    { budget: { seconds: 6 } },
  );
  desk.expect(
    inspect(value) === "[ 1 ]",
    `it gave ${inspect(value)}; done by 2 s were [ 1 ]`,
    "What a step gives when it is told to stop is no result.",
  );
  desk.expect(
    noted.begun === 2,
    `${steps(noted.begun)} began; by 2 s it is 2`,
    "When the time is over, nothing more begins. The loop does not know that by itself.",
  );
}

export const check = checkOf<AsFar>(async (asFar, desk) => {
  const visible: Input[] = [{ delays: [2, 1, 2, 1], limit: 4 }];
  const unseen: Input[] = [
    { delays: [1, 1], limit: 3 },
    { delays: [1, 2, 1], limit: 6, failing: 2 },
  ];
  const inputs = desk.inputs(visible, () => unseen.shift() ?? { delays: [1], limit: 2 }, unseen.length);
  for (const input of inputs) await judge(asFar, desk, input);
  await judgeHelpful(asFar, desk);
});
