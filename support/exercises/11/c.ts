import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { fileURLToPath } from "node:url";
import { LESSON_SECOND_MS, whole } from "support";
import { checkOf } from "support/helpers/practice/kit";

type Compute = (program: string, ms: number, signal: AbortSignal) => Promise<number>;

interface Input {
  what: string;
  /** How long the child computes; 0: it ends without an answer; negative: it crashes. Lesson seconds. */
  seconds: number;
  /** When the signal is aborted; negative: before the call. Never, where it is not given. */
  abortAt?: number;
}

const PROGRAM = fileURLToPath(new URL("./crunch.ts", import.meta.url));

/** Counts the children that are started meanwhile. */
async function countingChildren<T>(work: () => Promise<T>): Promise<{ ran: T; children: number }> {
  const count = { children: 0 };
  const note = (): void => {
    count.children += 1;
  };
  subscribe("child_process", note);
  try {
    return { ran: await work(), children: count.children };
  } finally {
    unsubscribe("child_process", note);
  }
}

const VISIBLE: Input[] = [
  { what: "a child that computes for 6 s, and an abort at 3 s", seconds: 6, abortAt: 3 },
  { what: "a child that computes for 1 s", seconds: 1 },
  { what: "a signal that has been aborted before", seconds: 1, abortAt: -1 },
  { what: "a child that crashes", seconds: -1 },
  { what: "a child that ends without an answer", seconds: 0 },
];

export const check = checkOf<Compute>(async (compute, desk) => {
  const inputs = desk.inputs<Input>(
    VISIBLE,
    (chance) => {
      const seconds = chance.whole(2, 4) / 4;
      return { what: `a child that computes for ${seconds} s, and an abort at 9 s`, seconds, abortAt: 9 };
    },
    1,
  );
  for (const { what, seconds, abortAt } of inputs) {
    const ms = seconds * LESSON_SECOND_MS;
    const abort = new AbortController();
    const reason = new DOMException("the time is over", "TimeoutError");
    const timer = setTimeout(() => abort.abort(reason), Math.max(0, abortAt ?? 1000) * LESSON_SECOND_MS);
    if (abortAt !== undefined && abortAt < 0) abort.abort(reason);
    try {
      const { ran, children } = await countingChildren(() =>
        desk.run(what, () => compute(PROGRAM, ms, abort.signal), { mayFail: true, budget: { seconds: 15 } }),
      );
      const aborted = abortAt !== undefined && abortAt < seconds;
      if (aborted && abortAt < 0)
        desk.expect(
          children === 0,
          "the signal had been aborted before, and a child was started",
          "The event abort comes once. A listener that is added afterwards hears nothing.",
        );
      else desk.expect(children > 0, "no child was started");
      const settled = whole(ran.recording.settled);
      desk.expect(
        !aborted || abortAt < 0 || settled <= abortAt + 1,
        `the signal was aborted at ${abortAt} s, and it went on`,
        "Nothing tells the child that nobody waits for its answer any more.",
      );
      const failed =
        ran.error instanceof Error ? `${ran.error.name}: ${ran.error.message}` : String(ran.error);
      if (aborted) {
        desk.expect(
          !ran.ok,
          `it gave ${ran.value}; the signal was aborted, and the call is to fail with its reason`,
        );
        desk.expect(
          ran.error === reason,
          `it failed with ${failed}; expected is the signal's reason`,
          "The caller has said why it gave up, and wants to find that again.",
        );
      } else if (seconds <= 0)
        desk.expect(
          !ran.ok,
          `the child ${seconds < 0 ? "crashed" : "ended without an answer"}, and it gave ${ran.value}`,
          "A child can end without having sent anything.",
        );
      else {
        desk.expect(ran.ok, `it failed with ${failed}; the child had an answer`);
        desk.expect(ran.value === ms * 2 + 1, `it gave ${ran.value}; the child answered ${ms * 2 + 1}`);
      }
    } finally {
      clearTimeout(timer);
    }
  }
});
