import { inspect } from "node:util";
import {
  defer,
  EMPTY,
  interval,
  map,
  merge,
  type Observable,
  type SchedulerLike,
  take,
  timer,
  VirtualTimeScheduler,
} from "rxjs";
import { whole } from "support";
import { checkOf } from "support/helpers/practice/kit";

type Every = (scheduler: SchedulerLike) => Observable<string>;
type Tested = (
  every: Every,
) => { values: string[]; end: number } | Promise<{ values: string[]; end: number }>;

/** A pipeline, what it is in words, its values, and when it ends, in ms. */
interface Input {
  words: string;
  every: Every;
  values: string[];
  end: number;
}

function ticks(each: number, count: number): Input {
  const seconds = Array.from({ length: count }, (_, n) => `${((n + 1) * each) / 1000} s`);
  return {
    words: `${count} values, one each ${each / 1000} s`,
    every: (scheduler) =>
      interval(each, scheduler).pipe(
        take(count),
        map((n) => `${((n + 1) * each) / 1000} s`),
      ),
    values: seconds,
    end: each * count,
  };
}

/** Two clocks in one pipeline: the order of their values is that of their times. */
function twoClocks(each: number): Input {
  const slow = ticks(each, 3);
  return {
    words: `3 values, one each ${each / 1000} s, and "late" after ${(each * 2.5) / 1000} s`,
    every: (scheduler) => merge(timer(each * 2.5, scheduler).pipe(map(() => "late")), slow.every(scheduler)),
    values: [...slow.values.slice(0, 2), "late", ...slow.values.slice(2)],
    end: slow.end,
  };
}

export const check = checkOf<Tested>(async (tested, desk) => {
  const kinds = [ticks, twoClocks];
  const inputs = desk.inputs(
    [ticks(10_000, 6)],
    (chance) => (kinds.shift() ?? ticks)(chance.whole(2, 9) * 3_600_000, chance.whole(3, 8)),
    kinds.length,
  );
  for (const { words, every, values, end } of inputs) {
    const given: SchedulerLike[] = [];
    let subscribed = false;
    const watched: Every = (scheduler) => {
      given.push(scheduler);
      // A real clock would go on for hours after the check.
      if (!(scheduler instanceof VirtualTimeScheduler)) return EMPTY;
      return defer(() => {
        subscribed = true;
        return every(scheduler);
      });
    };
    const { value, recording } = await desk.run(words, () => tested(watched), {
      budget: { seconds: 3 },
    });
    desk.expect(given.length > 0, "the pipeline was never made: every was not called");
    const real = given.find((scheduler) => !(scheduler instanceof VirtualTimeScheduler));
    desk.expect(
      real === undefined,
      `every was given ${real?.constructor?.name ?? "no scheduler"}, whose clock nobody can move`,
      "Its interval would take its real time: hours, for some of these pipelines.",
    );
    const got = value?.values ?? [];
    desk.expect(
      got.length > 0,
      `no value came; ${values.length} were to come`,
      subscribed
        ? "After somebody had subscribed, the clock was not moved, or not far enough."
        : "Nobody has subscribed: a pipeline is a recipe, and nobody has followed it.",
    );
    desk.expect(
      inspect(got) === inspect(values),
      `the values were ${inspect(got)}; right is ${inspect(values)}`,
    );
    desk.expect(
      value?.end === end,
      `it said that the clock showed ${value?.end} at the end; right is ${end}`,
      "Time is what the clock of the test says.",
    );
    const took = whole(recording.settled);
    desk.expect(took === 0, `it took ${took} s of real time; none is needed`);
  }
});
