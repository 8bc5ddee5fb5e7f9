import { once } from "node:events";
import type { Server, Socket } from "node:net";
import { LESSON_SECOND_MS, sleep, task, toLessonSeconds, whole } from "support";
import { checkOf, openPlace, type Visit, visit } from "support/helpers/practice/kit";

type Serve = (
  server: Server,
  converse: (socket: Socket, signal: AbortSignal) => Promise<void>,
  stop: AbortSignal,
  limit: number,
) => Promise<void>;

/** A client: when it comes, and when it ends its sending or vanishes; neither is for ever. Lesson seconds. */
interface Client {
  name: string;
  comes: number;
  ends?: number;
  vanishes?: number;
}

interface Input {
  clients: Client[];
  stop: number;
  limit: number;
}

/** How a conversation went, on the server's side. */
interface Talk {
  name: string;
  end: "ended" | "aborted" | "vanished" | "open";
  at: number;
}

/** Lesson seconds after which nobody waits any more. */
const PATIENCE = 6;

/** A conversation: the client says its name, and it is over when the client sends no more, vanishes, or the signal aborts. */
function conversations(now: () => number) {
  const talks: Talk[] = [];
  async function converse(socket: Socket, signal: AbortSignal): Promise<void> {
    const [first] = await once(socket, "data", { signal });
    const talk: Talk = { name: String(first), end: "open", at: 0 };
    talks.push(talk);
    await task(talk.name, async () => {
      const gone = once(socket, "close", { signal }).then(() => "vanished" as const);
      const ended = once(socket.resume(), "end", { signal }).then(() => "ended" as const);
      gone.catch(() => {});
      talk.end = await Promise.race([gone, ended]).catch(() => (signal.aborted ? "aborted" : "vanished"));
      talk.at = now();
      socket.destroy();
      if (talk.end === "aborted") throw signal.reason;
      if (talk.end === "vanished") throw new Error("the client has vanished");
    });
  }
  return { talks, converse };
}

async function come(port: number, { name, comes, ends, vanishes }: Client) {
  await sleep(comes);
  const visits: Visit = {
    says: [{ at: 0, text: name }],
    ...(ends === undefined ? {} : { endsAt: ends - comes }),
    ...(vanishes === undefined ? {} : { vanishesAt: vanishes - comes }),
    patience: PATIENCE + 1 - comes,
  };
  return visit(port, visits);
}

async function tryOne(serve: Serve, { clients, stop, limit }: Input) {
  const start = performance.now();
  const now = (): number => toLessonSeconds(performance.now() - start);
  const { talks, converse } = conversations(now);
  const place = await openPlace();
  const stopping = new AbortController();
  const timer = setTimeout(() => stopping.abort(), stop * LESSON_SECOND_MS);
  const state = { returned: Number.POSITIVE_INFINITY, openThen: 0 };
  const serving = serve(place.server, converse, stopping.signal, limit).finally(() => {
    state.returned = now();
    state.openThen = talks.filter((talk) => talk.end === "open").length;
  });
  serving.catch(() => {});
  try {
    const coming = Promise.all(clients.map((client) => come(place.port, client)));
    const patience = new AbortController();
    const waited = sleep(PATIENCE, { signal: patience.signal });
    await Promise.race([Promise.all([serving, coming]), waited]).finally(() => patience.abort());
    const seen = talks.map((talk) => ({ ...talk }));
    place.close();
    return { talks: seen, visits: await coming, ...state };
  } finally {
    clearTimeout(timer);
    place.close();
  }
}

const wordsOf = ({ clients, stop, limit }: Input): string => {
  const told = clients.map(({ name, comes, ends, vanishes }) => {
    if (vanishes !== undefined) return `${name} vanishes at ${vanishes} s`;
    if (comes > stop) return `${name} comes at ${comes} s`;
    return ends === undefined ? `${name} stays for ever` : `${name} leaves at ${ends} s`;
  });
  return `a stop at ${stop} s with a limit of ${limit}; ${told.join(", ")}`;
};

export const check = checkOf<Serve>(async (serve, desk) => {
  const visible: Input[] = [
    {
      clients: [
        { name: "Ada", comes: 0, ends: 2 },
        { name: "Bob", comes: 0 },
        { name: "Carl", comes: 1.5, ends: 3 },
      ],
      stop: 1,
      limit: 2,
    },
    {
      clients: [
        { name: "Dora", comes: 0, vanishes: 0.5 },
        { name: "Ada", comes: 0, ends: 2 },
      ],
      stop: 1,
      limit: 2,
    },
  ];
  const inputs = desk.inputs<Input>(
    visible,
    (chance) => ({
      clients: [
        { name: "Eve", comes: 0 },
        { name: "Fay", comes: 0, ends: 1 },
        { name: "Gus", comes: 0, ends: chance.whole(2, 3) },
      ],
      stop: 2,
      limit: 2,
    }),
    1,
  );
  for (const input of inputs) {
    const { clients, stop, limit } = input;
    const { value } = await desk.run(wordsOf(input), () => tryOne(serve, input), { mayLeave: true });
    if (value === undefined) return;
    const talkWith = (name: string): Talk | undefined => value.talks.find((talk) => talk.name === name);
    for (const [i, { name, comes, ends, vanishes }] of clients.entries()) {
      const talk = talkWith(name);
      if (comes > stop) {
        desk.expect(
          value.visits[i]?.end === "refused",
          `${name} came at ${comes} s and was let in; the stop was at ${stop} s`,
          "Nobody took the connection, and yet there is one: the system accepts for a server that listens.",
        );
        continue;
      }
      desk.expect(
        talk !== undefined,
        `nobody spoke with ${name}`,
        value.talks.length === 0 ? undefined : "One conversation was waited for before the next one began.",
      );
      if (talk === undefined || vanishes !== undefined) continue;
      const cutAt = stop + limit;
      const expected = ends === undefined || ends > cutAt ? "aborted" : "ended";
      desk.expect(
        talk.end !== "open",
        `${name}'s conversation is still open at ${PATIENCE} s`,
        "A conversation need not end by itself.",
      );
      const at = whole(talk.at);
      desk.expect(
        talk.end === expected && at === (expected === "aborted" ? cutAt : ends),
        `${name}'s conversation was ${talk.end} at ${at} s; the stop was at ${stop} s, with a limit of ${limit} s`,
        "To stop is not to cut off: who speaks may end what was begun, within the limit.",
      );
    }
    const returned = whole(value.returned);
    const last = whole(Math.max(stop, ...value.talks.map((talk) => talk.at)));
    const open = value.openThen === 1 ? "1 conversation was" : `${value.openThen} conversations were`;
    desk.expect(
      value.openThen === 0,
      `it returned at ${returned} s, and ${open} still open`,
      "The caller of serve takes it that nothing goes on when it returns.",
    );
    desk.expect(
      returned === last,
      `it returned at ${returned} s; the last conversation had ended at ${last} s`,
      "The limit is how long it waits at most.",
    );
  }
  // Now that all else is right: what still runs when it has ended.
  const last: Input = { clients: [{ name: "Ada", comes: 0, ends: 1.5 }], stop: 1, limit: 2 };
  await desk.run(wordsOf(last), () => tryOne(serve, last));
});
