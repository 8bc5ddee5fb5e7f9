import type { Socket } from "node:net";
import { type Step, sleep, toLessonSeconds, whole } from "support";
import { checkOf } from "support/helpers/practice/kit";
import { type Meeting, meeting } from "./tools.ts";

type SendInTime = (socket: Socket, pieces: Iterable<Buffer>, seconds: number) => Promise<void>;

interface Input {
  words: string;
  steps: Step[];
  limit: number;
  /** When it has to be over; null for a reader that gets everything. */
  givesUpAt: number | null;
  /** Why it has to be over then. */
  why?: string;
  /** How many lesson seconds after the reader has come the sending begins. */
  begins?: number;
}

const MB = 1024 * 1024;
const PIECES = 16;
const PARTS = 4;

/** Reads everything, with a pause before each part of it. */
const steady = (pause: number): Step[] =>
  Array.from({ length: PARTS }).flatMap(() => [{ wait: pause }, { hear: (PIECES / PARTS) * MB }]);

const VISIBLE: Input[] = [
  {
    words: "a reader that sleeps for 4 s; a limit of 3 s",
    steps: [{ wait: 4 }, { hear: "the end" }],
    limit: 3,
    givesUpAt: 3,
    why: "the limit is 3 s",
  },
  {
    words: "a reader that sleeps for 1 s again and again; a limit of 3 s",
    steps: steady(1),
    limit: 3,
    givesUpAt: null,
  },
];
const VANISHES: Input = {
  words: "a reader that vanishes after 1 s; a limit of 3 s",
  steps: [{ wait: 1 }, { vanish: true }],
  limit: 3,
  givesUpAt: 1,
  why: "the reader vanished after 1 s",
};
const VANISHED: Input = {
  words: "a reader that has vanished before; a limit of 3 s",
  steps: [{ vanish: true }],
  limit: 3,
  givesUpAt: 0,
  why: "the connection was broken before",
  begins: 1,
};

/** How often the memory is looked at, in ms. */
const LOOK_MS = 5;

async function send({ accept, visit }: Meeting, sendInTime: SendInTime, { steps, limit, begins = 0 }: Input) {
  const visiting = visit([{ name: "reader", steps }]);
  const socket = await accept();
  if (socket === null) throw new Error("nobody came");
  const piece = Buffer.alloc(MB, "a");
  const most = { waiting: 0 };
  const see = (waiting: number): void => {
    most.waiting = Math.max(most.waiting, waiting);
  };
  function* pieces(): Generator<Buffer> {
    for (let at = 0; at < PIECES; at += 1) {
      // What has been made and is not with the system.
      if (socket?.destroyed === false) see(at * MB - (socket.bytesWritten - socket.writableLength));
      yield piece;
    }
  }
  await sleep(begins);
  const start = performance.now();
  const look = setInterval(() => see(socket.writableLength), LOOK_MS);
  const failed = await sendInTime(socket, pieces(), limit).then(
    () => false,
    () => true,
  );
  clearInterval(look);
  see(socket.writableLength);
  const took = toLessonSeconds(performance.now() - start);
  const isOpen = !socket.destroyed;
  socket.end();
  if (failed && isOpen) socket.destroy();
  const { value } = await visiting;
  const bytes = value[0]?.heard.reduce((sum, one) => sum + one.bytes, 0) ?? 0;
  return { failed, took, isOpen, bytes, waiting: most.waiting };
}

export const check = checkOf<SendInTime>(async (sendInTime, desk) => {
  const unseen = [VANISHES];
  for (const input of desk.inputs(VISIBLE, () => unseen.shift() ?? VANISHED, 2)) {
    const { value } = await meeting((met) => desk.run(input.words, () => send(met, sendInTime, input)));
    if (value === undefined) continue;
    const { failed, took, isOpen, bytes, waiting } = value;
    desk.expect(
      waiting <= MB,
      "more than one piece waited in memory; one is allowed",
      "What the system does not take stays in this process. Does anybody wait for the reader?",
    );
    if (input.givesUpAt === null) {
      desk.expect(
        !failed,
        `it gave up after ${whole(took)} s; the reader took ${PIECES / PARTS} MB each second`,
        "The limit is for one wait, and not for all of them together.",
      );
      desk.expect(bytes === PIECES * MB, `${Math.floor(bytes / MB)} of ${PIECES} MB came to the reader`);
      continue;
    }
    const right = input.givesUpAt;
    desk.expect(
      whole(took) === right,
      `it ended after ${whole(took)} s; ${input.why}`,
      whole(took) < right
        ? "It gives up before the time is over."
        : right < input.limit
          ? "A connection that is gone never drains."
          : "It waits for the reader as long as that one likes.",
    );
    desk.expect(failed, "it gave up, and its caller was not told", "Then the caller takes all for sent.");
    desk.expect(
      !isOpen,
      "it gave up, and the connection is still open",
      "You stopped waiting. The bytes still wait in memory, and the reader still has a place.",
    );
  }
});
