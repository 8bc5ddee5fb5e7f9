import { compute, LESSON_SECOND_MS, sleep, task, whole } from "support";
import { checkOf } from "support/helpers/practice/kit";

type Digest = (parts: number[], chew: (part: number) => void) => unknown;

/** How long one part takes. */
const SECONDS = 0.5;
const numbers = (count: number): number[] => Array.from({ length: count }, (_, at) => at + 1);

export const check = checkOf<Digest>(async (digest, desk) => {
  for (const parts of desk.inputs([numbers(6)], (chance) => chance.shuffled(numbers(8)), 1)) {
    const chewed: number[] = [];
    const turns: number[] = [];
    const timers = { turns: 0 };
    const atEnd = { chewed: 0 };
    const chew = (part: number): void => {
      chewed.push(part);
      turns.push(timers.turns);
      compute(SECONDS);
    };
    // Where the loop comes to its timers between two parts, it fires there.
    const counting = setInterval(() => {
      timers.turns += 1;
    }, 1);
    const running = desk.run(
      `${parts.length} parts of ${SECONDS} s each`,
      () =>
        Promise.all([
          task("victim, wants to wake at 1", () => sleep(1)),
          task("digest", async () => {
            await digest([...parts], chew);
            atEnd.chewed = chewed.length;
          }),
        ]),
      { mayLeave: true, budget: { holdMs: 500 + parts.length * SECONDS * LESSON_SECOND_MS } },
    );
    const { recording } = await running.finally(() => clearInterval(counting));
    const [victim, work] = recording.tasks;
    desk.expect(
      atEnd.chewed === parts.length,
      `it ended when ${atEnd.chewed} of ${parts.length} parts were chewed`,
      atEnd.chewed < chewed.length ? "Nobody waits for the rest." : "Work that is not done holds nobody up.",
    );
    const late = whole((victim?.end ?? 0) - 1);
    desk.expect(
      late === 0,
      `the victim was ${late} s late; a part takes ${SECONDS} s`,
      "An await gives the thread to timers only when it asks for a turn of the loop, and a turn with all parts in it is as long as all parts.",
    );
    const together = turns.findIndex((turn, at) => turn === turns[at - 1]);
    desk.expect(
      together < 0,
      `parts ${together} and ${together + 1} of the ${parts.length} were chewed in one turn of the loop`,
      "The victim was lucky. Somebody who is due at another moment waits for both.",
    );
    const total = parts.length * SECONDS;
    const took = whole(work?.end ?? 0);
    desk.expect(
      took <= total,
      `it took ${took} s; the chewing takes ${total} s`,
      "The parts wait for a time to pass, and not only for a turn of the loop.",
    );
    desk.expect(
      chewed.join() === parts.join(),
      `it chewed ${chewed.join(", ")}; they came as ${parts.join(", ")}`,
      "The parts are no longer in their order.",
    );
  }
});
