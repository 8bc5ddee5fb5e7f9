import { sleep, task, whole } from "support";
import { checkOf, type Desk } from "support/helpers/practice/kit";
import { type Job, jobsOf, startThread } from "./tools.ts";

interface Stoppable {
  jobs: ReadonlySet<Promise<void>>;
  close(): void;
  terminate(): Promise<void>;
}

type StopAndCount = (loop: Stoppable, deadline: number) => Promise<number>;

interface Input {
  jobs: Job[];
  deadline: number;
}

function words({ jobs, deadline }: Input): string {
  const list = jobs.map(({ seconds, fails }) => `${seconds} s${fails ? " (fails)" : ""}`);
  return `jobs of ${list.join(", ")} and a deadline of ${deadline} s`;
}

const counted = (count: number): string => (count === 1 ? "1 job was" : `${count} jobs were`);

/** What was seen while the answer ran. */
interface Seen {
  count: number;
  /** Whether a job that came while it waited was refused. */
  closed: boolean;
  /** Whether the thread ran when it had returned. */
  alive: boolean;
}

async function judge(stopAndCount: StopAndCount, desk: Desk, input: Input): Promise<void> {
  const { jobs, deadline } = input;
  const thread = await startThread();
  const { running, run } = jobsOf(thread);
  const seen = { closed: false };
  const loop: Stoppable = {
    jobs: running,
    close() {
      seen.closed = true;
    },
    terminate: () => task("terminate", async () => void (await thread.worker.terminate())),
  };
  try {
    const { value, recording } = await desk.run(words(input), async (): Promise<Seen> => {
      const all = jobs.map((job, at) => task(`job ${at + 1}, ${job.seconds} s`, () => run(job)));
      void Promise.allSettled(all);
      const stopping = stopAndCount(loop, deadline);
      const over = new AbortController();
      await Promise.race([sleep(0.5, { signal: over.signal }), stopping]);
      over.abort();
      const { closed } = seen;
      const count = await stopping;
      return { count, closed, alive: thread.alive() };
    });
    desk.expect(
      value?.closed === true,
      "a job that came half a second later was still taken",
      "The jobs can only come to an end when no more are taken.",
    );
    const settled = whole(recording.settled);
    const last = Math.max(...jobs.map(({ seconds }) => seconds));
    const right = Math.min(last, deadline);
    const idle =
      last < deadline ? `the last job had ended after ${last} s` : `the deadline was ${deadline} s`;
    desk.expect(
      settled === right,
      `it stopped after ${settled} s; ${idle}`,
      settled < right
        ? "Some jobs could still have ended by themselves."
        : last < deadline
          ? "It waits on, also when nothing is left to wait for."
          : "Nothing ends the wait.",
    );
    desk.expect(
      value?.alive === false,
      "it has returned, and the thread is still alive",
      "A thread that has been told to end has not ended yet.",
    );
    const given = jobs.filter(({ seconds }) => seconds > deadline).length;
    const failed = jobs.filter(({ fails, seconds }) => fails && seconds < deadline).length;
    desk.expect(
      value?.count === given,
      `it said ${value?.count}; ${counted(given)} given up`,
      value?.count === given + failed && failed > 0
        ? "A job that has failed by itself was not given up."
        : value?.count === 0
          ? "Once the thread has ended, all jobs have, and nobody can tell any more which of them were cut off."
          : undefined,
    );
  } finally {
    await thread.worker.terminate();
  }
}

export const check = checkOf<StopAndCount>(async (stopAndCount, desk) => {
  const visible: Input[] = [{ jobs: [1, 2, 6, 6].map((seconds) => ({ seconds })), deadline: 3 }];
  const failing = { seconds: 1, fails: true };
  const unseen: ((long: number) => Input)[] = [
    (long) => ({ jobs: [failing, { seconds: 2 }, { seconds: long }], deadline: 3 }),
    () => ({ jobs: [failing, { seconds: 2 }], deadline: 4 }),
  ];
  const inputs = desk.inputs(
    visible,
    (chance) => {
      const input = unseen.shift()?.(chance.whole(5, 8)) ?? { jobs: [], deadline: 1 };
      return { ...input, jobs: chance.shuffled(input.jobs) };
    },
    unseen.length,
  );
  for (const input of inputs) await judge(stopAndCount, desk, input);
});
