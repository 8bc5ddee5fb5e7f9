import { getEventListeners } from "node:events";
import { EMPTY, ignoreElements, Observable, of, throwError } from "rxjs";
import { LESSON_SECOND_MS, sleep, whole } from "support";
import { checkOf, type Desk } from "support/helpers/practice/kit";

type FirstOf = (source: Observable<string>, signal: AbortSignal) => Promise<string>;

/** What a clock has done so far. */
interface Clock {
  started: number;
  ticks: number;
  stopped: number;
  source: Observable<string>;
}

/** Works with a clock that ticks each lesson second, which is stopped in the end whatever the answer has made of it. */
async function withClock(work: (clock: Clock) => Promise<void>): Promise<void> {
  const timers = new Set<NodeJS.Timeout>();
  const source = new Observable<string>((subscriber) => {
    clock.started += 1;
    const timer = setInterval(() => {
      clock.ticks += 1;
      subscriber.next(`tick ${clock.ticks}`);
    }, LESSON_SECOND_MS);
    timers.add(timer);
    return () => {
      clearInterval(timer);
      clock.stopped += 1;
    };
  });
  const clock: Clock = { started: 0, ticks: 0, stopped: 0, source };
  try {
    await work(clock);
  } finally {
    for (const timer of timers) clearInterval(timer);
  }
}

const inWords = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${error.message}` : String(error);

const listeners = (left: number): string => (left === 1 ? "1 listener is" : `${left} listeners are`);

const LISTENERS = "The signal may live for long, and be given to many such waits.";

async function judgeTick(firstOf: FirstOf, desk: Desk, clock: Clock): Promise<void> {
  const { signal } = new AbortController();
  const { value, recording } = await desk.run(
    "a clock that ticks each second",
    () => firstOf(clock.source, signal),
    // The check looks at the clock itself, and says what ticks on.
    { mayLeave: true, budget: { seconds: 4 } },
  );
  const settled = whole(recording.settled);
  desk.expect(value === "tick 1", `it gave ${value}; the first value was tick 1`);
  desk.expect(settled === 1, `it came after ${settled} s; the first tick came after 1 s`);
  desk.expect(clock.started === 1, `the clock was started ${clock.started} times; once is enough`);
  desk.expect(
    clock.stopped === 1,
    "the first value has come, and the clock ticks on",
    "Whatever has got its value leaves.",
  );
  const left = getEventListeners(signal, "abort").length;
  desk.expect(left === 0, `${listeners(left)} left on the signal`, LISTENERS);
}

/** The source is a clock whose ticks nobody hears; the signal aborts after so many lesson seconds, or at 0 before all else. */
async function judgeAbort(firstOf: FirstOf, desk: Desk, at: number, clock: Clock): Promise<void> {
  const given =
    at === 0 ? "a signal that is aborted already" : `a source without values, and an abort after ${at} s`;
  const reason = new RangeError("not wanted any more");
  const { ok, value, error, recording } = await desk.run(
    given,
    async () => {
      const leave = new AbortController();
      if (at === 0) leave.abort(reason);
      const first = firstOf(clock.source.pipe(ignoreElements()), leave.signal);
      void Promise.allSettled([first]);
      await sleep(at);
      leave.abort(reason);
      return first;
    },
    { mayFail: true, mayLeave: true, budget: { seconds: at + 3 } },
  );
  const settled = whole(recording.settled);
  desk.expect(!ok, `it gave ${value}; nothing had come`);
  desk.expect(
    error === reason,
    `it failed with ${inWords(error)}; the signal's reason was ${inWords(reason)}`,
    "The reason says why it was aborted. Pass it on as it is.",
  );
  desk.expect(settled === at, `it ended after ${settled} s; the abort came after ${at} s`);
  desk.expect(
    clock.started === clock.stopped,
    "nobody waits any more, and the source goes on",
    "You gave up on the source. Nobody has left it.",
  );
  desk.expect(
    at > 0 || clock.started === 0,
    "the source was started all the same",
    "An abort that is over calls nobody.",
  );
}

/** Sources that are over before `subscribe` returns. */
async function judgeSudden(firstOf: FirstOf, desk: Desk): Promise<void> {
  const { signal } = new AbortController();
  const run = async (given: string, source: Observable<string>) => {
    const ran = await desk.run(given, () => firstOf(source, signal), {
      mayFail: true,
      // RxJS throws by a timer what nobody else could hear.
      mayLeave: true,
      budget: { seconds: 2 },
    });
    return { ...ran, left: getEventListeners(signal, "abort").length };
  };
  const leaves = ({ left }: { left: number }): void =>
    desk.expect(left === 0, `${listeners(left)} left on the signal`, LISTENERS);
  const both = await run("a source that gives a and b at once", of("a", "b"));
  desk.expect(
    both.ok,
    `it failed with ${inWords(both.error)}; a and b had come at once`,
    "A source may give all that it has while subscribe still runs: what subscribe returns is not there by then.",
  );
  desk.expect(both.value === "a", `it gave ${both.value}; the first value was a`);
  leaves(both);
  const fault = new RangeError("this source is out of order");
  const broken = await run(
    "a source that fails",
    throwError(() => fault),
  );
  const end = broken.ok ? `gave ${broken.value}` : `failed with ${inWords(broken.error)}`;
  desk.expect(broken.error === fault, `it ${end}; the source failed with ${inWords(fault)}`);
  leaves(broken);
  const empty = await run("a source that ends without a value", EMPTY);
  desk.expect(
    !empty.ok,
    `it gave ${empty.value}; there was no value`,
    "A promise of a value can't be kept without one.",
  );
  leaves(empty);
}

export const check = checkOf<FirstOf>(async (firstOf, desk) => {
  for (const at of desk.inputs([2], (chance) => chance.one([1, 3]), 1))
    await withClock((clock) => judgeAbort(firstOf, desk, at, clock));
  await withClock((clock) => judgeAbort(firstOf, desk, 0, clock));
  await withClock((clock) => judgeTick(firstOf, desk, clock));
  await judgeSudden(firstOf, desk);
});
