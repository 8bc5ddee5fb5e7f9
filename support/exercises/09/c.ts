import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { LESSON_SECOND_MS, whole } from "support";
import { checkOf, openPlace } from "support/helpers/practice/kit";

type Send = (socket: Socket, pieces: Iterable<Buffer>) => Promise<void>;

interface Input {
  kib: number;
  /** When the client reads; one that reads never leaves when nothing moves any more. */
  reads: "at once" | "later" | "never";
}

/** All together are far more than a system keeps for a connection whose client does not read. */
const BYTES = { "at once": 6 * 1024 * 1024, later: 24 * 1024 * 1024, never: 24 * 1024 * 1024 };
/** How long a client waits for what must come, and how quick a client that reads at once is served. Lesson seconds. */
const PATIENCE = 6;
const QUICK = 3;
/** What asks for no piece in this time stands still. */
const REST_MS = 40;
/** So long it reads nothing after that: who only sleeps for a while goes on. */
const LONG_MS = 250;
/** A stream may ask for a piece or two ahead. */
const AHEAD = 2;

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Waits for something as long as a client has patience. Its failure is passed on. */
async function patiently(what: Promise<unknown>): Promise<void> {
  const limit = Promise.withResolvers<void>();
  const timer = setTimeout(limit.resolve, PATIENCE * LESSON_SECOND_MS);
  try {
    await Promise.race([what, limit.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** The pieces, and what is noted when they are asked for. */
function pieces(socket: Socket, count: number, bytes: number) {
  const noted = { asked: 0, tooSoon: 0 };
  const piece = Buffer.alloc(bytes, "x");
  function* made(): Generator<Buffer> {
    while (noted.asked < count) {
      noted.asked += 1;
      if (socket.writableNeedDrain) noted.tooSoon += 1;
      yield piece;
    }
  }
  return { noted, made: made() };
}

const EVENTS = ["drain", "close", "error", "finish"] as const;

const listeners = (socket: Socket): number[] => EVENTS.map((event) => socket.listenerCount(event));

async function trial(send: Send, { kib, reads }: Input) {
  const count = BYTES[reads] / (kib * 1024);
  const served = Promise.withResolvers<Socket>();
  const place = await openPlace(served.resolve);
  const client = connect({ port: place.port, host: "127.0.0.1" }).pause();
  client.on("error", () => {});
  try {
    const socket = await served.promise;
    const before = listeners(socket);
    const { noted, made } = pieces(socket, count, kib * 1024);
    const state = { over: false };
    const start = performance.now();
    const sending = Promise.resolve(send(socket, made)).finally(() => {
      state.over = true;
    });
    sending.catch(() => {});
    const heard = { bytes: 0 };
    client.on("data", (bytes: Buffer) => {
      heard.bytes += bytes.length;
    });
    if (reads === "at once") client.resume();
    else client.pause();
    // Until nothing moves any more.
    for (let last = -1; reads !== "at once" && last !== noted.asked && !state.over; await pause(40))
      last = noted.asked;
    const askedAtRest = noted.asked;
    if (reads === "later") await pause(LONG_MS);
    if (reads === "later") client.resume();
    if (reads === "never") client.resetAndDestroy();
    await patiently(sending);
    const took = (performance.now() - start) / LESSON_SECOND_MS;
    const asked = noted.asked;
    if (!state.over) await pause(REST_MS);
    const stillMoves = noted.asked > asked;
    if (!state.over) return { count, noted, askedAtRest, over: false, stillMoves, took, heard: 0, left: [] };
    const left = EVENTS.filter((_, i) => (listeners(socket)[i] ?? 0) > (before[i] ?? 0) + AHEAD);
    socket.end();
    if (reads !== "never") await patiently(once(client, "end"));
    return { count, noted, askedAtRest, over: true, stillMoves, took, heard: heard.bytes, left };
  } finally {
    client.destroy();
    place.close();
  }
}

const CLIENTS = {
  "at once": "a client that reads at once",
  later: "a client that reads nothing at first",
  never: "a client that reads nothing and leaves",
};

export const check = checkOf<Send>(async (send, desk) => {
  const visible: Input[] = [
    { kib: 16, reads: "later" },
    { kib: 16, reads: "at once" },
    { kib: 16, reads: "never" },
  ];
  const inputs = desk.inputs<Input>(visible, (chance) => ({ kib: chance.one([8, 96]), reads: "later" }), 1);
  for (const input of inputs) {
    const { reads } = input;
    const { value } = await desk.run(
      `${CLIENTS[reads]}, and pieces of ${input.kib} KiB`,
      () => trial(send, input),
      {
        budget: { steps: 200_000 },
        mayLeave: true,
      },
    );
    if (value === undefined) return;
    const { count, noted, askedAtRest, over, stillMoves, took, heard, left } = value;
    desk.expect(
      reads === "at once" || askedAtRest < count,
      "it asked for every piece while the client read nothing",
      "write only says that there is no room. It takes what it is given all the same, into our memory.",
    );
    desk.expect(
      noted.tooSoon <= AHEAD,
      "it asked for a piece although write had said false and no room had come since",
      "To wait for some time is not to wait for room.",
    );
    desk.expect(
      over || !stillMoves,
      `it was not done after ${PATIENCE} s; the client read as fast as it could`,
      "It waits where there is room.",
    );
    desk.expect(
      over,
      reads === "never"
        ? "the client has gone, and send still waits"
        : "the client reads all, and send still waits",
      reads === "never"
        ? "A socket that is gone has no room any more, and says so by another event."
        : "The event that it waits for does not come after each write.",
    );
    desk.expect(
      reads === "never" || noted.asked === count,
      "it returned before the last piece had been asked for",
      "The caller of send takes it that all has been handed over when it returns.",
    );
    desk.expect(
      reads !== "at once" || whole(took) <= QUICK,
      `it was done after ${whole(took)} s; the client read as fast as it could`,
      "It waits where there is room.",
    );
    desk.expect(
      reads === "never" || heard === count * input.kib * 1024,
      "the client did not get all the bytes",
      "The socket was ended or destroyed by send. Its caller may have more to say.",
    );
    const [event] = left;
    desk.expect(
      event === undefined,
      `it left listeners behind for the event ${event}`,
      "Of two events only one comes; the other's listener stays.",
    );
  }
});
