import { task, toLessonSeconds, whole } from "support";
import { type Chance, checkOf } from "support/helpers/practice/kit";
import { type Coroutine, type Loop, newLoop } from "./tools.ts";

type Later = (loop: Loop, seconds: number, callback: () => void) => () => void;

/** When callbacks are due, and which of them is cancelled, and when. */
interface Input {
  due: number[];
  cancelled: number;
  at: number;
}

function other(chance: Chance): Input {
  const due = chance.shuffled([1, 2, 3]);
  const cancelled = chance.one([2, 3]);
  return { due, cancelled, at: cancelled - 1 };
}

/** From which share of the run on it is told that the thread was held. */
const MOST_HELD = 0.5;

export const check = checkOf<Later>(async (later, desk) => {
  const first: Input = { due: [1, 2, 3], cancelled: 2, at: 0 };
  for (const { due, cancelled, at } of desk.inputs([first], other, 2)) {
    const words = `callbacks due at ${due.join(", ")} s, of which that of ${cancelled} s is cancelled at ${at} s`;
    const called = new Map<number, number>();
    const { recording } = await desk.run(
      words,
      () =>
        task("loop", async () => {
          const loop = newLoop();
          const started = performance.now();
          const cancels = due.map((seconds) =>
            later(loop, seconds, () => {
              called.set(seconds, whole(toLessonSeconds(performance.now() - started)));
            }),
          );
          function* main(): Coroutine<void> {
            if (at > 0) yield* loop.sleep(at);
            cancels[due.indexOf(cancelled)]?.();
            // It has been called by now, or there is none: this changes nothing.
            cancels[due.indexOf(at)]?.();
          }
          await loop.run(main());
        }),
      { mayLeave: true },
    );
    const ended = whole(recording.settled);
    const held = (recording.tasks[0]?.cpu ?? []).reduce((sum, { start, end }) => sum + end - start, 0);
    desk.expect(
      !called.has(cancelled),
      `the callback due at ${cancelled} s was cancelled, and called all the same`,
    );
    desk.expect(
      held < MOST_HELD * recording.makespan || ended === 0,
      "the thread was held while nothing was to be done",
      "It asks again and again whether it is time. A sleep leaves the loop to others.",
    );
    for (const seconds of due.filter((one) => one !== cancelled)) {
      const when = called.get(seconds);
      desk.expect(
        when !== undefined || ended >= seconds,
        `the loop ended after ${ended} s; a callback was due at ${seconds} s`,
        "The loop knows of nothing that it had to wait for.",
      );
      desk.expect(when !== undefined, `the callback due at ${seconds} s was not called`);
      desk.expect(when === seconds, `the callback due at ${seconds} s was called after ${when} s`);
    }
  }
});
