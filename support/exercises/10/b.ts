import type { Socket } from "node:net";
import { LESSON_SECOND_MS, whole } from "support";
import { checkOf, openPlace, type Visit, visit } from "support/helpers/practice/kit";

type UntilGone = (socket: Socket) => Promise<void>;

interface Input {
  /** Lesson seconds, in between two ticks. */
  stays: number;
  leaves: "end" | "vanish";
}

/** How much longer a client that sends no more would listen. */
const PATIENCE = 3;

/** What clients say meanwhile does not matter. */
const MEANWHILE = [{ at: 0.5, text: "faster" }];

const wordsOf = ({ stays, leaves }: Input): string =>
  leaves === "end"
    ? `a client that sends no more after ${stays} s`
    : `a client that vanishes after ${stays} s`;

/** One client's visit, and whether the answer was done by its end. */
async function tryOne(untilGone: UntilGone, { stays, leaves }: Input) {
  const state = { over: false };
  let serving: Promise<void> | undefined;
  const place = await openPlace((socket) => {
    serving = untilGone(socket).finally(() => {
      state.over = true;
    });
    serving.catch(() => {});
  });
  const ends: Partial<Visit> = leaves === "end" ? { endsAt: stays } : { vanishesAt: stays };
  try {
    const heard = await visit(place.port, { says: MEANWHILE, patience: stays + PATIENCE, ...ends });
    // What is to stop stops now, and what fails fails.
    await new Promise((resolve) => setTimeout(resolve, LESSON_SECOND_MS / 4));
    const stopped = state.over;
    if (stopped) await serving;
    return { heard, stopped };
  } finally {
    place.close();
  }
}

export const check = checkOf<UntilGone>(async (untilGone, desk) => {
  const visible: Input[] = [
    { stays: 2.5, leaves: "end" },
    { stays: 1.5, leaves: "end" },
    { stays: 1.5, leaves: "vanish" },
  ];
  const inputs = desk.inputs<Input>(
    visible,
    (chance) => ({ stays: chance.one([3.5, 4.5]), leaves: "end" }),
    1,
  );
  for (const input of inputs) {
    const { stays, leaves } = input;
    const { value } = await desk.run(wordsOf(input), () => tryOne(untilGone, input), { mayLeave: true });
    if (value === undefined) return;
    const { heard, stopped } = value;
    const left = leaves === "end" ? "sent no more" : "vanished";
    desk.expect(
      stopped,
      `the client ${left} at ${stays} s, and it still ${heard.end === "server" ? "waits" : "ticks"}`,
      leaves === "end"
        ? "A client that sends no more is still connected, so that one can still write to it. Its end is an event of the reading side."
        : "A connection that breaks has no end of its input.",
    );
    const endedAt = whole(heard.endedAt, 0.5);
    desk.expect(
      endedAt >= stays,
      `the conversation was over at ${endedAt} s; the client stayed until ${stays} s`,
      "It does not look at its client.",
    );
    const dots = heard.pieces.map(({ text }) => text).join("").length;
    const ticks = dots === 1 ? "once" : `${dots} times`;
    desk.expect(dots === Math.floor(stays), `it ticked ${ticks} for a client that stayed ${stays} s`);
    const late = Math.max(...heard.pieces.map(({ at }, i) => whole(at) - (i + 1)));
    desk.expect(late <= 0, `a tick came ${late} s late; there is one a second`);
    desk.expect(
      leaves === "vanish" || endedAt === stays,
      `the client left at ${stays} s, and the conversation was over at ${endedAt} s`,
      "The pause until the next tick was waited out. An interval can be ended in the middle of it.",
    );
  }
  // Now that all else is right: what still runs when it has ended.
  const last: Input = { stays: 1.5, leaves: "end" };
  await desk.run(wordsOf(last), () => tryOne(untilGone, last));
});
