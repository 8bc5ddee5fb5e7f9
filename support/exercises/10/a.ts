import type { Socket } from "node:net";
import { checkOf, openPlace, visit } from "support/helpers/practice/kit";

type TidyData = (socket: Socket) => Promise<Buffer | null>;

interface Input {
  words: string[];
  /** How the client leaves: it sends no more, or it vanishes. */
  leaves: "end" | "break";
}

const EVENTS = ["data", "end", "error", "close"] as const;
type Counts = Record<(typeof EVENTS)[number], number>;

/** How one wait ended, and how many listeners more there are than before it. */
interface Waited {
  with: string;
  text: string;
  more: Counts;
}

const PATIENCE = 4;

const countsOf = (socket: Socket): Counts => ({
  data: socket.listenerCount("data"),
  end: socket.listenerCount("end"),
  error: socket.listenerCount("error"),
  close: socket.listenerCount("close"),
});

async function waitOnce(tidyData: TidyData, socket: Socket): Promise<Waited> {
  const before = countsOf(socket);
  const [given] = await Promise.allSettled([tidyData(socket)]);
  const after = countsOf(socket);
  const more = { ...after };
  for (const event of EVENTS) more[event] -= before[event];
  if (given.status === "rejected") return { with: "a break", text: "a failure", more };
  return given.value === null
    ? { with: "the end of the input", text: "null", more }
    : { with: "a word", text: String(given.value), more };
}

/** What the waits gave, one after the other, until the client has gone. */
async function conversation(tidyData: TidyData, { words, leaves }: Input): Promise<Waited[]> {
  const waited: Waited[] = [];
  const place = await openPlace(async (socket) => {
    for (let i = 0; i <= words.length; i += 1) {
      const one = await waitOnce(tidyData, socket);
      waited.push(one);
      if (one.with !== "a word") break;
      socket.write(".");
    }
    socket.end();
  });
  const says = words.map((text, i) => ({ at: 0.4 * (i + 1), text }));
  const last = 0.4 * (words.length + 1);
  const ends = leaves === "end" ? { endsAt: last } : { vanishesAt: last };
  try {
    await visit(place.port, { says, ...ends, patience: PATIENCE });
    if (leaves === "break") await new Promise((resolve) => setTimeout(resolve, 30));
  } finally {
    place.close();
  }
  return waited;
}

export const check = checkOf<TidyData>(async (tidyData, desk) => {
  const visible: Input[] = [
    { words: ["get", "set", "go"], leaves: "end" },
    { words: ["get"], leaves: "break" },
  ];
  const inputs = desk.inputs<Input>(
    visible,
    (chance) => ({
      words: chance.shuffled(["put", "read", "tell", "list"]),
      leaves: chance.one(["end", "break"]),
    }),
    1,
  );
  for (const input of inputs) {
    const { words, leaves } = input;
    const how = leaves === "end" ? "and then sends no more" : "and then vanishes";
    const { value: waited = [] } = await desk.run(`a client that says ${words.join(", ")}, ${how}`, () =>
      conversation(tidyData, input),
    );
    const texts = waited.map((one) => one.text);
    desk.expect(
      texts.slice(0, words.length).join() === words.join(),
      `of the words ${words.join(", ")} it gave ${texts.join(", ") || "none"}`,
      "The next wait found a socket that was read no more, or was not read at all.",
    );
    for (const one of waited) {
      const left = EVENTS.find((event) => one.more[event] > 0);
      desk.expect(
        left === undefined,
        `a wait that ended with ${one.with} left a listener for ${left}`,
        "A listener goes when its own event comes, or when somebody takes it away: that very function.",
      );
      const taken = EVENTS.find((event) => one.more[event] < 0);
      desk.expect(
        taken === undefined,
        `a wait that ended with ${one.with} took away a listener for ${taken} that is not its own`,
        "Others listen to this socket, too.",
      );
    }
    const end = texts[words.length];
    const expected = leaves === "end" ? "null" : "a failure";
    const what = leaves === "end" ? "the input ended" : "the connection broke";
    desk.expect(
      end === expected,
      `${what}, and it ${end === undefined ? "still waits" : `gave ${end}`}; expected is ${expected}`,
      "Three things may come next. Each of them ends the wait in its own way.",
    );
  }
});
