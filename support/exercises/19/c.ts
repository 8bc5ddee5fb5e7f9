import { getEventListeners } from "node:events";
import { setImmediate as turn } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { LESSON_SECOND_MS, sleep } from "support";
import { type Chance, checkOf, type Desk } from "support/helpers/practice/kit";

type OrClosed = (work: Promise<string>, closing: AbortSignal) => Promise<unknown>;

interface Work {
  /** Lesson seconds. */
  seconds: number;
  fails: boolean;
}

interface Input {
  works: Work[];
  /** When the shop closes, in lesson seconds; before all, when 0. */
  closes?: number;
}

const good = (tenths: number): Work => ({ seconds: tenths / 10, fails: false });
const bad = (tenths: number): Work => ({ seconds: tenths / 10, fails: true });

const VISIBLE: Input[] = [
  { works: [good(3)] },
  { works: [bad(3)] },
  { works: [good(11)], closes: 0.4 },
  { works: [good(5)], closes: 0 },
];

const SEVERAL = 5;

function some(chance: Chance): Input {
  const work = (): Work => chance.one([good(1), bad(1), good(5), bad(5), good(11), bad(11)]);
  return { works: [...Array.from({ length: SEVERAL }, work), good(14), bad(14)], closes: 0.8 };
}

function wordsOf({ works, closes }: Input): string {
  const all = works.map(({ seconds, fails }) => `${seconds} s${fails ? " that fails" : ""}`).join(", ");
  const shop = closes === undefined ? "stays open" : closes === 0 ? "is closed" : `closes at ${closes} s`;
  return `work of ${all}, and a shop that ${shop}`;
}

/**
 * Collects the garbage, as may happen at any time. In Node 24.19 all but the last of a target's listeners that were added with `{ signal }` then
 * lose what takes them off (nodejs/node#63954).
 */
function collectGarbage(): void {
  setFlagsFromString("--expose-gc");
  const collect: unknown = runInNewContext("gc");
  if (typeof collect === "function") collect();
}

/** How one call ended, and what had happened by then. */
interface End {
  work: Work;
  says: unknown;
  error: unknown;
  /** Whether its work was over. */
  isLate: boolean;
  /** Whether the shop had closed before its work was over. */
  isClosed: boolean;
}

async function endsOf({ works, closes }: Input, orClosed: OrClosed): Promise<{ ends: End[]; left: number }> {
  const shop = new AbortController();
  // Somebody else listens too, and goes on listening.
  shop.signal.addEventListener("abort", () => {});
  if (closes === 0) shop.abort();
  const running = works.map(async (work): Promise<End> => {
    const seen = { isOver: false, isClosed: false };
    const working = sleep(work.seconds).then(() => {
      seen.isOver = true;
      seen.isClosed = shop.signal.aborted;
      if (work.fails) throw new RangeError(`failed after ${work.seconds} s`);
      return `done after ${work.seconds} s`;
    });
    const end = await orClosed(working, shop.signal).then(
      (says) => ({ says, error: undefined, isLate: seen.isOver }),
      (error: unknown) => ({ says: undefined, error, isLate: seen.isOver }),
    );
    await working.catch(() => {});
    return { work, ...end, isClosed: seen.isClosed };
  });
  const closing = closes ? setTimeout(() => shop.abort(), closes * LESSON_SECOND_MS) : undefined;
  try {
    await turn();
    collectGarbage();
    const ends = await Promise.all(running);
    return { ends, left: getEventListeners(shop.signal, "abort").length - 1 };
  } finally {
    clearTimeout(closing);
  }
}

function situation({ works, closes }: Input): string {
  if (works.length > 1) return `${works.length} calls have ended`;
  if (closes !== undefined) return closes === 0 ? "the shop was closed" : "the shop has closed";
  return works[0]?.fails ? "its work failed" : "its work succeeded";
}

const listeners = (count: number): string => (count === 1 ? "1 listener is" : `${count} listeners are`);

function judge({ work, says, error, isLate, isClosed }: End, desk: Desk): void {
  if (isClosed) {
    desk.expect(
      error === undefined,
      `it failed: ${error}; the shop was closed, and that is no failure`,
      "Who calls it asks how it ended.",
    );
    desk.expect(
      !isLate,
      "the shop was closed, and it waited for its work all the same",
      "A signal that has been aborted tells nobody any more, and a listener that is gone hears nothing.",
    );
    desk.expect(says === "closed", `it says ${says}; the shop was closed`);
    return;
  }
  if (work.fails) {
    const own = `RangeError: failed after ${work.seconds} s`;
    desk.expect(String(error) === own, `it says ${says ?? error}; its work had failed with ${own}`);
    return;
  }
  desk.expect(error === undefined, `it failed: ${error}; its work had succeeded`);
  desk.expect(says === `done after ${work.seconds} s`, `it says ${says}; its work had succeeded`);
}

export const check = checkOf<OrClosed>(async (orClosed, desk) => {
  for (const input of desk.inputs(VISIBLE, some, 2)) {
    const { value } = await desk.run(wordsOf(input), () => endsOf(input, orClosed), {
      budget: { seconds: 8 },
    });
    const { ends = [], left = 0 } = value ?? {};
    for (const end of ends) judge(end, desk);
    desk.expect(
      left <= 0,
      `${situation(input)}, and ${listeners(left)} left`,
      input.works.length > 1
        ? "One alone was taken off. Of several that were added with `{ signal }`, Node 24 takes off the last one only once garbage has been collected: nodejs/node#63954."
        : "The signal lives as long as the shop, and all that listens to it as long.",
    );
    desk.expect(left === 0, "a listener of somebody else is gone", "Take off what you have added.");
  }
});
