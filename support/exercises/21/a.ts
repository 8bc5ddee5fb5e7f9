import { blockingSleep, sleep, whole } from "support";
import { checkOf, type Desk } from "support/helpers/practice/kit";
import { type CreatePool, type Job, type Pool, threadStarter } from "./threads.ts";

/** The check takes two to three seconds: its threads have to start, and their jobs take whole lesson seconds. */
const STAGES = 5;

const square = (n: number, seconds = 1): Job => ({ n, seconds });

/** No task of the recording: how long a thread takes to start depends on the computer, and its picture would too. */
const given = (pool: Pool, job: Job, signal?: AbortSignal): Promise<number> => pool.run(job, signal);

const outcome = async (end: Promise<number>): Promise<string> => {
  const [settled] = await Promise.allSettled([end]);
  if (settled.status === "fulfilled") return String(settled.value);
  return settled.reason instanceof Error
    ? `${settled.reason.name}: ${settled.reason.message}`
    : String(settled.reason);
};

async function ownResults(desk: Desk, create: CreatePool): Promise<void> {
  desk.stage(1, STAGES, "each its own result");
  const orders = desk.inputs([[3, 1, 2]], (chance) => chance.shuffled([1, 2, 3, 4]), 1);
  for (const seconds of orders) {
    const { start } = threadStarter();
    const work = async (): Promise<number[]> => {
      const pool = create(4, start);
      return Promise.all(seconds.map((one, at) => given(pool, square(at + 2, one))));
    };
    const { value } = await desk.run(`jobs of ${seconds.join(", ")} s on 4 threads`, work, {
      mayLeave: true,
    });
    const wanted = seconds.map((_, at) => (at + 2) ** 2).join(" ");
    desk.expect(
      value?.join(" ") === wanted,
      `the results are ${value?.join(" ")}; they should be ${wanted}`,
      "An answer belongs to the job of the thread that sent it.",
    );
  }
}

async function soManyThreads(desk: Desk, create: CreatePool): Promise<void> {
  desk.stage(2, STAGES, "no more threads than size");
  for (const size of desk.inputs([2], () => 3, 1)) {
    const { start, counts } = threadStarter();
    const work = async (): Promise<unknown> => {
      const pool = create(size, start);
      return Promise.all([2, 3, 4, 5, 6, 7].map((n) => given(pool, square(n))));
    };
    await desk.run(`6 jobs on ${size} threads`, work, { mayLeave: true });
    const { threads, highest } = counts();
    desk.expect(
      threads <= size,
      `${threads} threads were started for 6 jobs; ${size} are enough`,
      "A job that finds no free thread waits in a line; a thread that is done takes the next job from there.",
    );
    desk.expect(highest === size, `at most ${highest} of ${size} threads had work at the same time`);
  }
}

async function failures(desk: Desk, create: CreatePool): Promise<void> {
  desk.stage(3, STAGES, "failures");
  const { start, counts } = threadStarter();
  const work = async (): Promise<string[]> => {
    const pool = create(1, start);
    const jobs: Job[] = [
      { n: 1, seconds: 1, does: "fail" },
      square(3),
      { n: 2, seconds: 1, does: "exit" },
      square(4),
    ];
    return Promise.all(jobs.map((job) => outcome(given(pool, job))));
  };
  const { value } = await desk.run("1 thread: a job that fails, and one that ends its thread", work, {
    mayLeave: true,
  });
  const [failed = "", three, ended = "", four] = value ?? [];
  desk.expect(
    failed.includes("no such number"),
    `the job that failed gave ${failed}; it should reject with an error that says: no such number`,
  );
  desk.expect(three === "9", `the job after it gave ${three}; it should give 9`);
  desk.expect(
    ended.startsWith("Error"),
    `the job whose thread ended gave ${ended}; it should reject with an error`,
  );
  desk.expect(four === "16", `the job after that gave ${four}; it should give 16, on a new thread`);
  const { threads } = counts();
  desk.expect(
    threads === 2,
    `${threads} threads were started; 1 for the pool and 1 for the one that ended are enough`,
  );
}

async function cancellation(desk: Desk, create: CreatePool): Promise<void> {
  desk.stage(4, STAGES, "cancellation");
  const { start, counts } = threadStarter();
  const work = async () => {
    const pool = create(1, start);
    const stop = new AbortController();
    const loops = given(pool, { n: 1, seconds: 0, does: "loop" }, stop.signal);
    const waits = given(pool, square(3), stop.signal);
    const stays = given(pool, square(4));
    const ends = [loops, waits, stays].map(outcome);
    await sleep(3);
    stop.abort(new Error("not needed any more"));
    const results = await Promise.all(ends);
    // A thread that was told to end takes a moment. After the run, whatever is left is ended.
    await sleep(1);
    return { results, ...counts() };
  };
  const { value } = await desk.run(
    "1 thread: a job that never ends, and two that wait for it; two are cancelled",
    work,
    {
      mayLeave: true,
    },
  );
  const { results = [], begun = 0, running = 0 } = value ?? {};
  const [loops, waits, stays] = results;
  const reason = "Error: not needed any more";
  desk.expect(loops === reason, `the job that ran gave ${loops}; it should reject with the signal's reason`);
  desk.expect(
    waits === reason,
    `the job that waited gave ${waits}; it should reject with the signal's reason`,
  );
  desk.expect(stays === "16", `the job that nobody cancelled gave ${stays}; it should give 16`);
  desk.expect(
    begun === 2,
    `${begun} jobs were begun; the one that was cancelled in the line is none of them`,
    "Who leaves the line has to be taken out of it.",
  );
  desk.expect(
    running <= 1,
    `${running} threads are still there; the size is 1`,
    "A thread that nobody waits for any more computes on.",
  );
  await answerOnItsWay(desk, create);
}

/** The thread of a job has answered, nobody has heard it yet, and the job is cancelled. */
async function answerOnItsWay(desk: Desk, create: CreatePool): Promise<void> {
  const { start } = threadStarter();
  const work = async (): Promise<string> => {
    const pool = create(1, start);
    await given(pool, square(3, 0));
    const stop = new AbortController();
    const done = outcome(given(pool, square(4, 1), stop.signal));
    const stays = outcome(given(pool, square(5)));
    blockingSleep(2);
    stop.abort();
    await done;
    return stays;
  };
  const { value } = await desk.run(
    "1 thread: a job is cancelled when its answer is on its way, and another one waits",
    work,
    { mayLeave: true },
  );
  desk.expect(
    value === "25",
    `the job that nobody cancelled gave ${value}; it should give 25`,
    "An answer that comes after the abort makes a thread look free that is being ended.",
  );
}

async function closing(desk: Desk, create: CreatePool): Promise<void> {
  desk.stage(5, STAGES, "the end");
  const { start, counts } = threadStarter();
  const work = async (): Promise<string[]> => {
    const pool = create(2, start);
    const ends = [square(2, 2), square(3, 3), square(4), square(5)].map((job) => outcome(given(pool, job)));
    await sleep(1);
    await Promise.all([pool.close(), pool.close()]);
    return [...(await Promise.all(ends)), await outcome(pool.run(square(6)))];
  };
  const { value, recording } = await desk.run("2 threads, 2 jobs that run and 2 that wait, then close", work);
  const [two, three, four = "", five = "", late = ""] = value ?? [];
  desk.expect(
    two === "4" && three === "9",
    `the jobs that ran gave ${two} and ${three}; they should give 4 and 9`,
    "close lets end what was begun.",
  );
  desk.expect(
    [four, five, late].every((end) => end.includes("Error")),
    `the jobs that waited, and one that came later, gave ${four}, ${five} and ${late}; they should reject with an error`,
    "A promise that nobody settles is the worst answer.",
  );
  const { begun } = counts();
  desk.expect(begun === 2, `${begun} jobs were begun; 2 ran when close was called`);
  desk.expect(
    whole(recording.settled) < 8,
    `it ended after ${whole(recording.settled)} s; the last job took 3 s`,
  );
}

export const check = checkOf<CreatePool>(async (create, desk) => {
  await ownResults(desk, create);
  await soManyThreads(desk, create);
  await failures(desk, create);
  await cancellation(desk, create);
  await closing(desk, create);
});
