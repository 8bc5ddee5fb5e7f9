import { sleep, task, whole } from "support";
import { checkOf } from "support/helpers/practice/kit";
import { type AskOptions, ask, type Got, type Handle, safely, serving } from "./tools.ts";

type AtMost = (most: number, work: Handle) => Handle;

interface Input {
  most: number;
  clients: number;
}

/** How long those sleep that are let in, in lesson seconds. */
const SLEEP = 2;
/** How long a client waits. */
const PATIENCE = 9;

/** Crowds, one after the other: the work of the second one fails, and the third one leaves while the next one comes. */
async function crowds({ most, clients }: Input, atMost: AtMost) {
  const seen = { now: 0, highest: 0, fails: false };
  const work: Handle = (_asked, answer) =>
    task("at work", async () => {
      seen.now += 1;
      seen.highest = Math.max(seen.highest, seen.now);
      try {
        await sleep(SLEEP);
      } finally {
        seen.now -= 1;
      }
      if (seen.fails) throw new RangeError("this work fails");
      answer.end("rested");
    });
  return serving(safely(atMost(most, work)), async (url) => {
    const crowd = (how: AskOptions = { patience: PATIENCE }): Promise<Got[]> =>
      Promise.all(Array.from({ length: clients }, () => ask(url, how)));
    const first = await crowd();
    seen.fails = true;
    const failed = await crowd();
    seen.fails = false;
    const highest = seen.highest;
    const left = await crowd({ leaves: SLEEP / 2 });
    const beside = await crowd();
    await sleep(SLEEP); // until the work of those who have left is over
    const last = await crowd();
    return { first, failed, left, beside, last, highest, highestThen: seen.highest };
  });
}

const count = (all: readonly Got[], status: Got["status"]): number =>
  all.filter((one) => one.status === status).length;

const LET_IN: readonly Got["status"][] = [200, 500, "left"];

export const check = checkOf<AtMost>(async (atMost, desk) => {
  const inputs = desk.inputs<Input>(
    [{ most: 2, clients: 5 }],
    (chance) => ({ most: chance.whole(1, 3), clients: chance.one([4, 6]) }),
    1,
  );
  for (const input of inputs) {
    const { most, clients } = input;
    const { value } = await desk.run(
      `room for ${most}, and ${clients} clients at once`,
      () => crowds(input, atMost),
      { budget: { seconds: 60 } },
    );
    if (value === undefined) return;
    const { first, failed, left, beside, last, highest, highestThen } = value;
    const all = [...first, ...failed, ...left, ...beside, ...last];
    const answered = first.filter(({ status }) => status !== "no answer");
    const slowest = Math.max(0, ...answered.map(({ at }) => whole(at)));
    desk.expect(
      slowest < 2 * SLEEP,
      `a client was answered after ${slowest} s; a client that finds no room is to be told at once`,
      "They wait until there is room. A limit can let wait, or refuse: here it is to refuse.",
    );
    const unanswered = all.filter(({ status }) => status === "no answer").length;
    desk.expect(
      unanswered === 0,
      `${unanswered} clients had no answer after ${PATIENCE} s`,
      "A failure is passed on, and a refusal is an answer that has to be ended.",
    );
    const nobody = count(first, 503) === 0;
    desk.expect(
      highest <= most,
      `${highest} were at work at once; ${most} ${most === 1 ? "is" : "are"} allowed`,
      nobody
        ? "Nobody is refused: nobody counts, or all look at the count before the first one has changed it."
        : "The count said less than there were: it was changed too late, or given back by those who had taken nothing.",
    );
    const waiting = all.find(({ status, at }) => !LET_IN.includes(status) && whole(at) >= SLEEP);
    desk.expect(
      waiting === undefined,
      `a client was refused after ${whole(waiting?.at ?? 0)} s; a client that finds no room is to be told at once`,
    );
    const other = all.find(({ status }) => status !== 503 && !LET_IN.includes(status));
    desk.expect(other === undefined, `a client that was refused got ${other?.status}; it was to be 503`);
    const room = `there was room for ${most}`;
    const came = count(first, 200);
    desk.expect(came === most, `${came} of the first ${clients} were let in; ${room}`);
    const second = count(failed, 500);
    desk.expect(
      second === most,
      `of ${clients} clients that came next, ${second} were let in; ${room}`,
      "A request that has been served has to make room.",
    );
    const third = count(left, "left");
    desk.expect(
      third === most,
      `after the work of ${most} had failed, ${third} of ${clients} clients were let in; ${room}`,
      "A failure is an end too.",
    );
    desk.expect(
      highestThen <= most,
      `${highestThen} were at work when clients had left; ${most} ${most === 1 ? "is" : "are"} allowed`,
      "A client that leaves does not end the work that was begun for it.",
    );
    const fourth = count(last, 200);
    desk.expect(
      fourth === most,
      `when ${most} ${most === 1 ? "client" : "clients"} had left and their work was over, ${fourth} of ${clients} clients were let in; ${room}`,
      "It is the end of the work that gives the place back: an answer to somebody who has left is never sent to its end.",
    );
  }
});
