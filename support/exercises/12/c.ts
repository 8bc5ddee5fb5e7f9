import { getEventListeners } from "node:events";
import { LESSON_SECOND_MS, toLessonSeconds, whole } from "support";
import { checkOf } from "support/helpers/practice/kit";

interface FarClock {
  readonly longest: number;
  now(): number;
  later(seconds: number, f: () => void): () => void;
}

type WaitUntil = (clock: FarClock, when: number, signal: AbortSignal) => Promise<void>;

interface Input {
  /** The moment, and when the signal is aborted: never where it is not given, before the call where it is negative. Lesson seconds. */
  when: number;
  abortAt?: number;
}

const LONGEST = 2;
/** A timer may be early by a little, so that a step more is needed: that one is short, and is not counted as a step. */
const SPARE = 2;
const SHORT = 0.05;
/** How long somebody waits for what does not come, beyond the moment. */
const PATIENCE = 2;

/** A clock of this check's own. Its time-outs are counted, and are ended by `end`. */
function farClock() {
  const start = performance.now();
  const noted = { asked: [] as number[], running: new Set<NodeJS.Timeout>() };
  const clock: FarClock = {
    longest: LONGEST,
    now: () => toLessonSeconds(performance.now() - start),
    later(seconds, f) {
      noted.asked.push(seconds);
      const timer = setTimeout(
        () => {
          noted.running.delete(timer);
          f();
        },
        seconds > LONGEST + 1e-6 ? 1 : seconds * LESSON_SECOND_MS,
      );
      noted.running.add(timer);
      return () => {
        clearTimeout(timer);
        noted.running.delete(timer);
      };
    },
  };
  return {
    clock,
    noted,
    end() {
      for (const timer of noted.running) clearTimeout(timer);
    },
  };
}

/** How the wait ended, when, and what was left behind then. */
async function tryOne(waitUntil: WaitUntil, { when, abortAt }: Input) {
  const { clock, noted, end } = farClock();
  const abort = new AbortController();
  const reason = new DOMException("no longer wanted", "AbortError");
  if (abortAt !== undefined && abortAt < 0) abort.abort(reason);
  const timers = [setTimeout(() => abort.abort(reason), Math.max(0, abortAt ?? 1000) * LESSON_SECOND_MS)];
  try {
    const patience = new Promise<"open">((resolve) => {
      timers.push(setTimeout(resolve, (when + PATIENCE) * LESSON_SECOND_MS, "open" as const));
    });
    const waiting = waitUntil(clock, when, abort.signal).then(
      () => "fulfilled" as const,
      (error: unknown) => {
        if (error !== reason) throw error;
        return "rejected" as const;
      },
    );
    const how = await Promise.race([waiting, patience]);
    const at = clock.now();
    const left = noted.running.size;
    const listeners = getEventListeners(abort.signal, "abort").length;
    return { how, at, asked: noted.asked, left, listeners };
  } finally {
    for (const timer of timers) clearTimeout(timer);
    end();
  }
}

const wordsOf = ({ when, abortAt }: Input): string => {
  if (abortAt === undefined) return `a moment in ${when} s, and a longest time-out of ${LONGEST} s`;
  return abortAt < 0
    ? `a moment in ${when} s, and a signal that was aborted before`
    : `a moment in ${when} s, and an abort at ${abortAt} s`;
};

export const check = checkOf<WaitUntil>(async (waitUntil, desk) => {
  const visible: Input[] = [{ when: 5 }, { when: 5, abortAt: 3 }, { when: 1 }, { when: 3, abortAt: -1 }];
  const inputs = desk.inputs<Input>(visible, (chance) => ({ when: 4, abortAt: chance.one([1, 3]) }), 1);
  let listens = false;
  for (const input of inputs) {
    const { when, abortAt } = input;
    const { value } = await desk.run(wordsOf(input), () => tryOne(waitUntil, input));
    if (value === undefined) return;
    const { how, at, asked, left, listeners } = value;
    const longest = Math.max(...asked);
    desk.expect(
      longest <= LONGEST + 1e-6,
      `a time-out of ${Math.round(longest)} s was asked for; the longest is ${LONGEST} s`,
      "What is too long for the clock fires at once.",
    );
    const before = abortAt !== undefined && abortAt < 0;
    desk.expect(
      before || asked.length > 0,
      "no time-out was asked for",
      "It goes by another clock than the one it was given.",
    );
    const enough = Math.ceil(when / LONGEST);
    const steps = asked.filter((seconds) => seconds > SHORT).length;
    desk.expect(
      steps <= enough && asked.length <= enough + SPARE,
      `it asked for ${Math.max(steps, asked.length - SPARE)} time-outs on a way of ${when} s; ${enough} ${enough === 1 ? "is" : "are"} enough`,
      "A step can be as long as the longest time-out.",
    );
    const ended = whole(at);
    if (abortAt === undefined) {
      desk.expect(how !== "open", `${when} s are over, and it still waits`);
      desk.expect(
        ended === when,
        `it ended at ${ended} s; the moment was at ${when} s`,
        ended > when ? "The last step was longer than what was left." : "It did not look how much was left.",
      );
    } else {
      const came = before ? "the signal had been aborted before" : `the abort came at ${abortAt} s`;
      desk.expect(
        how !== "open",
        `${came}, and the caller was not told`,
        "A cancelled callback tells nobody.",
      );
      desk.expect(
        how === "rejected",
        `${came}, and it was fulfilled`,
        "The caller takes it that the moment has come.",
      );
      const due = Math.max(0, abortAt);
      desk.expect(
        ended === due,
        `${came}, and it was heard at ${ended} s`,
        "It looks at the signal only between two steps.",
      );
    }
    desk.expect(left === 0, "a time-out was left behind", "Each step has a handle of its own.");
    listens ||= listeners > 0;
  }
  desk.expect(!listens, "it left a listener on the signal", "A signal may live much longer than one wait.");
});
