import { setImmediate as nextTurn } from "node:timers/promises";
import { compute, LESSON_SECOND_MS, sleep, task, whole } from "support";
import { checkOf } from "support/helpers/practice/kit";

type WakesAt = (due: number, chunks: number[]) => unknown;

interface Input {
  due: number;
  chunks: number[];
}

async function work(chunks: readonly number[]): Promise<void> {
  for (const chunk of chunks) {
    compute(chunk);
    await nextTurn();
  }
}

function ideaOf(said: number, { due, chunks }: Input, woke: number): string {
  if (said === due) return "Its timer was due then. Who had the thread at that moment, and until when?";
  if (said >= chunks.reduce((sum, chunk) => sum + chunk, 0))
    return "The work gives the thread away after each chunk, and not only at its end.";
  return said < woke
    ? "Before its timer is due, nobody wakes it, however often the thread is free."
    : "It does not matter how long a chunk is that has ended, or has not begun, when the timer is due.";
}

export const check = checkOf<WakesAt>(async (wakesAt, desk) => {
  // The second is due when the chunks are over, in the third the longest has not begun then, or has ended.
  const others: Input[] = [
    { due: 3, chunks: [2] },
    desk.chance.one([
      { due: 1, chunks: [2, 3] },
      { due: 1, chunks: [2, 1, 3] },
      { due: 4, chunks: [3, 2, 1] },
    ]),
  ];
  const visible: Input[] = [{ due: 2, chunks: [1, 2, 1] }];
  for (const input of desk.inputs(visible, () => others.shift() ?? { due: 1, chunks: [2] }, 2)) {
    const { due, chunks } = input;
    const { value, recording } = await desk.run(
      `due at ${due} s, chunks of ${chunks.join(", ")} s`,
      async () => {
        const said = wakesAt(due, [...chunks]);
        await nextTurn();
        const waiting = task("victim", () => sleep(due));
        const working = task("work", () => work(chunks));
        await Promise.all([waiting, working]);
        return { said };
      },
      { budget: { holdMs: 500 + 4 * LESSON_SECOND_MS } },
    );
    const victim = recording.tasks.find(({ name }) => name === "victim");
    const woke = whole(victim?.end ?? 0);
    const said = value?.said;
    desk.expect(typeof said === "number", "it gave no number", "Say it before anything runs.");
    desk.expect(
      said === woke,
      `it says ${said} s; the victim woke up at ${woke} s`,
      typeof said === "number" ? ideaOf(said, input, woke) : undefined,
    );
  }
});
