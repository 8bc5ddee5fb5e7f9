import { pool, record, sleep, task, whole } from "support";
import { checkOf } from "support/helpers/practice/kit";

type Starts = (delays: number[], workers: number) => number[];

interface Input {
  delays: number[];
  workers: number;
}

/** When each item starts, in batches: the stub's rule. */
const inBatches: Starts = (delays, workers) => {
  let [now, longest] = [0, 0];
  return delays.map((delay, i) => {
    if (i % workers === 0) [now, longest] = [now + longest, 0];
    longest = Math.max(longest, delay);
    return now;
  });
};

/** When each item starts if every worker gets its own share beforehand. */
const dealtOut: Starts = (delays, workers) => {
  const freeAt = Array.from({ length: workers }, () => 0);
  return delays.map((delay, i) => {
    const start = freeAt[i % workers] ?? 0;
    freeAt[i % workers] = start + delay;
    return start;
  });
};

/** When each item started, in a real pool. */
async function seen({ delays, workers }: Input): Promise<number[]> {
  const run = await record(() =>
    pool(delays, (seconds) => task("item", () => sleep(seconds)), { concurrency: workers }),
  );
  return run.tasks.map((one) => whole(one.start));
}

function ideaOf(said: number[], { delays, workers }: Input): string {
  const same = (rule: Starts): boolean => rule(delays, workers).join() === said.join();
  if (same(inBatches))
    return "So it is in batches, where the next ones wait for the slowest of those before.";
  if (same(dealtOut))
    return "You dealt the items out before the first one ran. Nobody owns an item that he has not taken.";
  return "Go through the run second by second, with a line for each worker: who is free then?";
}

export const check = checkOf<Starts>(async (starts, desk) => {
  const visible: Input[] = [{ delays: [4, 1, 2, 1, 1], workers: 2 }];
  const inputs = desk.inputs(
    visible,
    (chance) => ({ delays: [3, ...chance.shuffled([1, 2, 1, 1, 2])], workers: chance.whole(2, 3) }),
    2,
  );
  for (const input of inputs) {
    const { delays, workers } = input;
    const ran = await desk.run(`delays of ${delays.join(", ")} s and ${workers} workers`, () =>
      starts(delays, workers),
    );
    const said = ran.value ?? [];
    desk.expect(
      said.length === delays.length,
      `it gave ${said.length} times; there are ${delays.length} items`,
    );
    const times = await seen(input);
    const wrong = times.findIndex((time, i) => time !== said[i]);
    desk.expect(
      wrong === -1,
      `item ${wrong + 1} started at ${times[wrong]} s; you say ${said[wrong]} s`,
      ideaOf(said, input),
    );
  }
});
