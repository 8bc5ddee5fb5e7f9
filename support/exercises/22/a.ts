import { sleep, toLessonSeconds, whole } from "support";
import { checkOf, type Desk, type Ran } from "support/helpers/practice/kit";
import { type Chat, join, type Person, type StartChat } from "./people.ts";

const STAGES = 4;
const LIMIT = 1_000_000;
/** A line of 64 KB, and how many of them are more than any system keeps for a reader that does not read. */
const LONG = "x".repeat(65_536);
const FLOOD = 320;
/** Lines that wait at the end: somebody has to be able to read them in a moment. */
const LAST = 200;
/** How long those may take who do not let go, in lesson seconds. */
const LIMIT_OF_CLOSE = 5;

const short = (line: string): string => (line.length > 80 ? "a long line" : line);
const heard = ({ lines }: Person): string =>
  lines.length === 0 ? "nothing" : lines.slice(-6).map(short).join(" | ");
const longLines = ({ lines }: Person): number => lines.filter((line) => line === `Ada: ${LONG}`).length;

/** Runs a scene at a chat of its own. The chat is closed afterwards, and not waited for: that is the last stage. */
async function scene<T>(
  desk: Desk,
  start: StartChat,
  what: string,
  play: (port: number) => Promise<T>,
): Promise<Ran<T>> {
  const chats: Chat[] = [];
  try {
    return await desk.run(
      what,
      async () => {
        const chat = await start({ waiting: LIMIT });
        chats.push(chat);
        return play(chat.port);
      },
      { budget: { seconds: 40, holdMs: 2000, steps: 200_000 }, mayLeave: true },
    );
  } finally {
    for (const chat of chats) await Promise.race([chat.close(), sleep(3)]).catch(() => {});
  }
}

async function lines(desk: Desk, start: StartChat): Promise<void> {
  desk.stage(1, STAGES, "lines");
  const texts = desk.inputs(
    ["good morning", "first\nsecond", "Grüße 🙂"],
    (chance) => `n${chance.whole(1, 99)} é🎈`,
    1,
  );
  for (const text of texts) {
    const said = text.split("\n");
    const { value } = await scene(desk, start, JSON.stringify(text), async (port) => {
      const [ada, bob] = [await join(port, "Ada"), await join(port, "Bob")];
      const bytes = Buffer.from(`${text}\n`);
      // In two packets, the second of which begins in the middle of a line, and of a letter.
      const cut = Math.max(1, bytes.length - 3);
      await ada.send(bytes.subarray(0, cut));
      await sleep(0.5);
      await ada.send(bytes.subarray(cut));
      await bob.hears(`Ada: ${said.at(-1)}`, 3);
      const got = bob.lines.filter((line) => line.startsWith("Ada: "));
      for (const one of [ada, bob]) one.leave();
      return { got, own: ada.lines.some((line) => line.startsWith("Ada: ")), all: heard(bob) };
    });
    const wanted = said.map((line) => `Ada: ${line}`).join(" | ");
    desk.expect(
      value?.got.join(" | ") === wanted,
      `Bob heard ${value?.got.join(" | ") || value?.all}; it should be ${wanted}`,
      "A packet is no line: it may hold half of one, or two, and it may end in the middle of a letter.",
    );
    desk.expect(value?.own === false, "Ada hears herself; only the others should");
  }
}

async function comingAndGoing(desk: Desk, start: StartChat): Promise<void> {
  desk.stage(2, STAGES, "who comes and goes");
  const { value } = await scene(
    desk,
    start,
    "Ada, then Bob, who leaves, then Cy, who breaks off",
    async (port) => {
      const ada = await join(port, "Ada");
      const bob = await join(port, "Bob");
      const came = await ada.hears("* Bob has come", 3);
      bob.leave();
      const left = await ada.hears("* Bob has gone", 3);
      const cy = await join(port, "Cy");
      await ada.hears("* Cy has come", 3);
      cy.breakOff();
      const broke = await ada.hears("* Cy has gone", 3);
      const dan = await join(port, "Dan");
      await dan.send("still here\n");
      const goesOn = await ada.hears("Dan: still here", 3);
      const nameless = await join(port, "");
      nameless.breakOff();
      await sleep(0.5);
      const heardNothing = !ada.lines.some((line) => line.includes("undefined") || line === "*  has gone");
      for (const one of [ada, dan]) one.leave();
      return { came, left, broke, goesOn, heardNothing, all: heard(ada) };
    },
  );
  desk.expect(value?.came === true, `Ada heard ${value?.all}; she should hear * Bob has come`);
  desk.expect(value?.left === true, `Ada heard ${value?.all}; she should hear * Bob has gone`);
  desk.expect(
    value?.broke === true,
    `Ada heard ${value?.all}; she should hear * Cy has gone, whose connection broke off`,
    "A connection that breaks off has an error, and then it closes as any other.",
  );
  desk.expect(value?.goesOn === true, "after a connection broke off nothing is passed on any more");
  desk.expect(
    value?.heardNothing === true,
    "somebody who broke off before they had said their name was told of",
    "Who has no name yet is no guest.",
  );
}

async function slowReaders(desk: Desk, start: StartChat): Promise<void> {
  desk.stage(3, STAGES, "a slow reader");
  const what = `Bob reads, Sue does not, and Ada sends ${FLOOD} lines of 64 KB; ${LIMIT / 1e6} MB may wait`;
  const { value } = await scene(desk, start, what, async (port) => {
    const [ada, bob, sue] = [await join(port, "Ada"), await join(port, "Bob"), await join(port, "Sue")];
    sue.sleepIn();
    let sent = 0;
    const sending = async (): Promise<void> => {
      for (; sent < FLOOD && !ada.gone; sent += 1) await ada.send(`${LONG}\n`);
    };
    await Promise.race([sending(), sleep(25)]);
    const sueLeft = await bob.hears("* Sue has gone", 4);
    void ada.send("the last one\n");
    await bob.hears("Ada: the last one", 4);
    const got = longLines(bob);
    const state = { sent, got, sueLeft, bobGone: bob.gone, adaGone: ada.gone };
    for (const one of [ada, bob, sue]) one.breakOff();
    return state;
  });
  desk.expect(
    value?.bobGone === false && value.adaGone === false,
    "somebody who reads and writes was thrown out",
  );
  desk.expect(
    value?.sent === FLOOD,
    `Ada could send ${value?.sent} of ${FLOOD} lines: one reader who does not read holds everybody up`,
    "Who waits for the slowest reader lets that reader set the pace for all.",
  );
  desk.expect(
    value?.sueLeft === true,
    `${(FLOOD * 64) / 1024} MB were sent, and Sue, who reads nothing, is still a guest: her lines wait in the memory of the server`,
    "A write that nobody reads is kept. How much waits for a socket can be asked.",
  );
  desk.expect(value?.got === FLOOD, `Bob, who reads, got ${value?.got} of ${FLOOD} long lines`);
}

/** Whether somebody's connection is closed at the other side: then what they send comes back as an error. */
async function isCutOff(person: Person): Promise<boolean> {
  for (let tries = 0; tries < 3 && !person.gone; tries += 1) {
    await Promise.race([person.send("is anybody there?\n"), sleep(0.3)]).catch(() => {});
    await sleep(0.3);
  }
  return person.gone;
}

async function theEnd(desk: Desk, start: StartChat): Promise<void> {
  desk.stage(4, STAGES, "the end");
  const work = async () => {
    const chat = await start({ waiting: 100 * LIMIT });
    const [ada, bob, sue] = [
      await join(chat.port, "Ada"),
      await join(chat.port, "Bob"),
      await join(chat.port, "Sue"),
    ];
    for (const one of [bob, sue]) one.sleepIn();
    for (let sent = 0; sent < LAST && !ada.gone; sent += 1) await ada.send(`${LONG}\n`);
    await sleep(1);
    const began = performance.now();
    const closing = chat.close();
    closing.catch(() => {});
    await sleep(1);
    bob.wakeUp();
    await closing;
    const seconds = toLessonSeconds(performance.now() - began);
    const sueIsOut = await isCutOff(sue);
    const late = await join(chat.port, "Late").catch(() => undefined);
    const state = {
      goodbye: [ada, bob].map(heard),
      got: longLines(bob),
      gone: ada.gone && bob.gone && sueIsOut,
      seconds,
      late: late !== undefined && !late.gone,
    };
    for (const one of [ada, bob, sue, ...(late ? [late] : [])]) one.breakOff();
    return state;
  };
  const what = "13 MB wait for Bob and for Sue, then close; Bob begins to read after 1 s, Sue never does";
  const budget = { seconds: 40, holdMs: 2000, steps: 200_000 };
  const { value } = await desk.run(what, work, { budget });
  const [toAda = "nothing", toBob = "nothing"] = value?.goodbye ?? [];
  desk.expect(
    toAda.endsWith("* the chat ends"),
    `the last that Ada heard is ${toAda}; it should be * the chat ends`,
  );
  desk.expect(
    toBob.endsWith("* the chat ends") && value?.got === LAST,
    `Bob, who was slow, got ${value?.got} of ${LAST} long lines, and in the end ${toBob}; it should be * the chat ends`,
    "What waits for a connection is lost when that is destroyed, by a limit that is too short or by a write after its end.",
  );
  desk.expect(
    value?.gone === true,
    "close was fulfilled, and a connection was still open",
    "To end a connection is to ask. Who does not read never answers.",
  );
  desk.expect(value?.late === false, "after close somebody could still come in");
  const took = whole(Number(value?.seconds));
  desk.expect(
    took < 2 * LIMIT_OF_CLOSE,
    `close took ${took} s; what is not closed after ${LIMIT_OF_CLOSE} s is to be broken off`,
  );
}

export const check = checkOf<StartChat>(async (start, desk) => {
  await lines(desk, start);
  await comingAndGoing(desk, start);
  await slowReaders(desk, start);
  await theEnd(desk, start);
});
