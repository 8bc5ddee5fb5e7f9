import { LESSON_SECOND_MS, sleep, task, toLessonSeconds, whole } from "support";
import { checkOf } from "support/helpers/practice/kit";

interface Clock {
  begin: number;
  period: number;
  now(): number;
  callAt(when: number, tick: () => void): void;
}

type Again = (clock: Clock, n: number, tick: () => void) => void;

interface Input {
  /** How long the first tick takes; the others take one second, the last one less. Lesson seconds. */
  first: number;
  /** When the ticks are to start. */
  due: number[];
}

const PERIOD = 2;
/** A clock that began at no whole second. */
const BEGIN = 100.7;

/** As many ticks as are due. */
function ticks(again: Again, { first, due }: Input): Promise<void> {
  const start = performance.now();
  const now = (): number => BEGIN + toLessonSeconds(performance.now() - start);
  const clock: Clock = {
    begin: BEGIN,
    period: PERIOD,
    now,
    callAt: (when, tick) => void setTimeout(tick, Math.max(0, when - now()) * LESSON_SECOND_MS),
  };
  return new Promise((done, fail) => {
    const tick = async (n: number): Promise<void> => {
      const last = n === due.length ? 0.2 : 1;
      await task(`tick ${n}`, () => sleep(n === 1 ? first : last));
      if (n === due.length) done();
      else again(clock, n + 1, () => void tick(n + 1).catch(fail));
    };
    again(clock, 1, () => void tick(1).catch(fail));
  });
}

function ideaOf(starts: number[], { first, due }: Input): string {
  const end = (starts[0] ?? 0) + first;
  if (starts[0] !== due[0]) return "The moments of this clock are counted from its begin.";
  const second = starts[1] ?? 0;
  if (second === end) return "A tick that was missed has been run all the same, as soon as there was time.";
  if (second === end + PERIOD)
    return "The pause is counted from the end of the long tick, and all later ones are shifted with it.";
  return "How many periods have passed by then?";
}

export const check = checkOf<Again>(async (again, desk) => {
  const visible: Input[] = [{ first: 3, due: [2, 6, 8] }];
  const inputs = desk.inputs<Input>(visible, (chance) => chance.one([{ first: 5, due: [2, 8] }]), 1);
  for (const input of inputs) {
    const { first, due } = input;
    const { recording } = await desk.run(`a first tick of ${first} s`, () => ticks(again, input));
    const starts = recording.tasks.map((one) => whole(one.start));
    desk.expect(
      starts.join() === due.join(),
      `ticks started at ${starts.join(", ")} s; the clock is due at ${due.join(", ")}`,
      ideaOf(starts, input),
    );
  }
});
