import type { Worker } from "node:worker_threads";
import { TimeoutError, task, whole, withTimeout } from "support";
import { checkOf } from "support/helpers/practice/kit";
import { startThread } from "./tools.ts";

type Connect = (thread: Worker) => (seconds: number) => Promise<string>;

/** No answer can be guessed: each is a word that only the thread has. */
const WORDS: readonly string[] = ["fig", "oak", "elm", "ash", "yew", "fir", "bay", "may"];

const SAME = "All of them listen for the next message, and the next message is one and the same.";
const ORDER = "The answers come in the order in which the jobs end, and not in that of the jobs.";
const LOST = "Somebody else has taken its answer, or took its place among those who wait.";

/** The answer; undefined when none has come in time. */
async function answerWithin(seconds: number, ask: () => Promise<string>): Promise<string | undefined> {
  try {
    return await withTimeout(seconds, ask)();
  } catch (error) {
    if (error instanceof TimeoutError) return undefined;
    throw error;
  }
}

export const check = checkOf<Connect>(async (connect, desk) => {
  for (const delays of desk.inputs([[3, 1, 2]], (chance) => chance.shuffled([4, 1, 3, 1]), 2)) {
    const answers = desk.chance.shuffled(WORDS);
    const longest = Math.max(...delays);
    const thread = await startThread({ answers });
    try {
      const listeners = thread.worker.listenerCount("message");
      const { value = [], recording } = await desk.run(`jobs of ${delays.join(", ")} s`, () => {
        const ask = connect(thread.worker);
        const patience = delays.reduce((sum, seconds) => sum + seconds, 1);
        return Promise.all(
          delays.map((seconds, at) =>
            task(`job ${at + 1}, ${seconds} s`, () => answerWithin(patience, () => ask(seconds))),
          ),
        );
      });
      const came = thread.came();
      desk.expect(
        came === delays.length,
        `${came} ${came === 1 ? "job" : "jobs"} came to the thread; ${delays.length} were given`,
      );
      delays.forEach((seconds, at) => {
        const mine = `job ${at + 1}, of ${seconds} s,`;
        desk.expect(value[at] !== undefined, `${mine} got no answer; the thread has sent one`, LOST);
        const other = answers.indexOf(value[at] ?? "");
        const isAnswer = other !== -1 && other < delays.length;
        desk.expect(isAnswer, `${mine} got something that the thread has answered to no job`);
        const ofOther = `job ${other + 1}, of ${delays[other]} s`;
        const same = value.every((one) => one === value[0]);
        desk.expect(other === at, `${mine} got the answer of ${ofOther}`, same ? SAME : ORDER);
      });
      const settled = whole(recording.settled);
      desk.expect(
        settled === longest,
        `all answers were there after ${settled} s; ${longest} s are enough`,
        "A job is sent only when the one before has been answered.",
      );
      const left = thread.worker.listenerCount("message") - listeners;
      desk.expect(
        left <= 1,
        `after ${delays.length} jobs, ${left} listeners are left on the thread`,
        "Each message is looked at once for every job that there ever was.",
      );
    } finally {
      await thread.worker.terminate();
    }
  }
});
