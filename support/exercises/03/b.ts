import { sleep, task, whole } from "support";
import { checkOf, type Desk } from "support/helpers/practice/kit";
import { type Job, jobsOf, startThread } from "./tools.ts";

interface Computer {
  compute(job: number): Promise<void>;
}

type Spread = (threads: Computer[]) => (job: number) => Promise<void>;

/** Jobs that come at the start, and jobs that come later. */
interface Input {
  threads: number;
  first: Job[];
  later: Job[];
}

/** A job that was handed to a thread. */
interface Handed {
  job: number;
  thread: number;
  /** How many jobs each thread had just then. */
  had: number[];
}

/** What the caller of a job was told of its end, and what was true then. */
interface End {
  told: "done" | "failed";
  was: "done" | "failed" | "computing";
}

/** When the later jobs come, in lesson seconds: nothing else happens just then. */
const LATER = 2;
const ONE: Job = { seconds: 1 };

const nameOf = (thread: number): string => `thread ${"ABC"[thread]}`;
const jobs = (count = 0): string => (count === 1 ? "1 job" : count === 0 ? "none" : `${count} jobs`);

function words({ threads, first, later }: Input): string {
  const list = (some: Job[]): string =>
    some.map(({ seconds, fails }) => `${seconds} s${fails ? " (fails)" : ""}`).join(", ");
  return `${threads} threads, jobs of ${list(first)}, and of ${list(later)} after ${LATER} s`;
}

const TURNS = "The threads take turns, whatever they still have to do.";
const FAILED = "A job that has failed has ended, too.";

/** Which thread each job was handed to, judged by what the threads had to do just then. */
function judgePlaces(desk: Desk, { threads }: Input, all: Job[], handed: Handed[]): void {
  handed.forEach(({ job, thread, had }, at) => {
    const fewest = Math.min(...had);
    const right = had.indexOf(fewest);
    const failedThere = handed.some((one) => one.thread === right && all[one.job - 1]?.fails);
    const turns = handed.slice(0, at + 1).every((one, turn) => one.thread === turn % threads);
    const idea = failedThere ? FAILED : turns ? TURNS : undefined;
    const where = `job ${job} was given to ${nameOf(thread)}`;
    desk.expect(
      had[thread] === fewest,
      `${where}, which had ${jobs(had[thread])}; ${nameOf(right)} had ${jobs(fewest)}`,
      idea,
    );
    desk.expect(thread === right, `${where}; ${nameOf(right)} had as few jobs, and comes first`, idea);
  });
}

async function judge(spread: Spread, desk: Desk, input: Input): Promise<void> {
  const all = [...input.first, ...input.later];
  const threads = await Promise.all(
    Array.from({ length: input.threads }, () => startThread({ holds: true })),
  );
  const lines = threads.map(jobsOf);
  const handed: Handed[] = [];
  const ended = new Map<number, "done" | "failed">();
  const computers = lines.map(({ run }, thread) => ({
    compute(job: number): Promise<void> {
      handed.push({ job, thread, had: lines.map(({ running }) => running.size) });
      return task(`job ${job}, ${nameOf(thread)}`, async () => {
        try {
          await run(all[job - 1] ?? ONE);
          ended.set(job, "done");
        } catch (error) {
          ended.set(job, "failed");
          throw error;
        }
      });
    },
  }));
  try {
    const { value = [], recording } = await desk.run(words(input), async () => {
      const add = spread(computers);
      const end = async (job: number): Promise<End> => {
        const told = await add(job).then(
          () => "done" as const,
          () => "failed" as const,
        );
        return { told, was: ended.get(job) ?? "computing" };
      };
      const ends = all.map(async (_, at) => {
        if (at >= input.first.length) await sleep(LATER);
        return end(at + 1);
      });
      return Promise.all(ends);
    });
    all.forEach((_, at) => {
      const own = handed.filter(({ job }) => job === at + 1);
      const places = own.length === 0 ? "no thread" : `${own.length} threads`;
      desk.expect(own.length === 1, `job ${at + 1} was given to ${places}`);
      const came = at < input.first.length ? 0 : LATER;
      const start = recording.tasks.find(({ name }) => name.startsWith(`job ${at + 1},`))?.start ?? 0;
      desk.expect(
        whole(start) === came,
        `job ${at + 1} came at ${came} s and was given to a thread at ${whole(start)} s`,
        "Each job waits for the one before, also when a thread has nothing to do.",
      );
    });
    judgePlaces(desk, input, all, handed);
    value.forEach(({ told, was }, at) => {
      const seen = was === "computing" ? "its thread still computed it" : `it had ${was}`;
      desk.expect(told === was, `the caller of job ${at + 1} was told "${told}" when ${seen}`);
    });
  } finally {
    await Promise.all(threads.map(({ worker }) => worker.terminate()));
  }
}

export const check = checkOf<Spread>(async (spread, desk) => {
  const visible: Input[] = [{ threads: 2, first: [{ seconds: 4 }, ONE], later: [ONE, ONE] }];
  // The first of those that nobody has seen has a job that fails.
  const unseen = [true, false];
  const inputs = desk.inputs(
    visible,
    (chance) => ({
      threads: 3,
      first: chance.shuffled([{ seconds: 4 }, { seconds: 1, fails: unseen.shift() ?? false }, ONE]),
      later: [ONE, ONE, ONE],
    }),
    unseen.length,
  );
  for (const input of inputs) await judge(spread, desk, input);
});
