import { inspect } from "node:util";
import { type Queue, queue, sleep, task, whole } from "support";
import { checkOf, type Desk } from "support/helpers/practice/kit";

type GetWithin = (mailbox: Queue<string>, seconds: number) => Promise<string>;

/** A letter comes after so many lesson seconds; the reader waits for so many. */
interface Input {
  letter: number;
  limit: number;
}

const said = (word: unknown): string => (typeof word === "string" ? `"${word}"` : inspect(word));

async function judge(getWithin: GetWithin, desk: Desk, { letter, limit }: Input): Promise<void> {
  const mailbox = queue<string>();
  const given = `a wait of ${limit} s and a letter that comes after ${letter} s`;
  const { value, recording } = await desk.run(given, async () => {
    const first = task("reader", () => getWithin(mailbox, limit));
    void Promise.allSettled([first]);
    await sleep(letter);
    // Both at once: what takes the first and puts it back, puts it behind the second.
    await Promise.all([mailbox.put("a letter"), mailbox.put("another letter")]);
    const got = await first;
    return { first: got, left: mailbox.size, next: mailbox.size > 0 ? await mailbox.get() : "no letter" };
  });
  const isLate = letter > limit;
  const right = Math.min(letter, limit);
  const end = whole(recording.tasks[0]?.end ?? 0);
  desk.expect(
    end === right,
    `it ended after ${end} s; ${isLate ? "the time was over" : "the letter came"} after ${right} s`,
    end < right ? "It does not wait at all." : undefined,
  );
  const wanted = isLate ? "nothing" : "a letter";
  desk.expect(value?.first === wanted, `it gave ${said(value?.first)}; wanted is "${wanted}"`);
  desk.expect(
    value?.left === (isLate ? 2 : 1),
    isLate
      ? "the letter came when nobody waited any more, and it is not in the mailbox: it is lost"
      : `two letters came, one was wanted, and ${value?.left} are still in the mailbox`,
    isLate
      ? "It has stopped waiting and kept its place in the line, and so it gets the next letter."
      : undefined,
  );
  desk.expect(
    value?.next === (isLate ? "a letter" : "another letter"),
    "two letters came, and now the second one lies before the first",
    "It has kept its place in the line, and what it gets there can only be put back behind the others.",
  );
}

/** Two wait, and the first of them came first. */
async function judgeLine(getWithin: GetWithin, desk: Desk): Promise<void> {
  const mailbox = queue<string>();
  const { value } = await desk.run(
    "a wait of 3 s, somebody who comes after it and waits, and a letter after 1 s",
    async () => {
      const first = task("reader", () => getWithin(mailbox, 3));
      void Promise.allSettled([first]);
      const leave = new AbortController();
      const second = mailbox.get({ signal: leave.signal }).catch(() => "nothing");
      await sleep(1);
      await mailbox.put("a letter");
      const got = await first;
      leave.abort();
      return { first: got, second: await second };
    },
  );
  desk.expect(
    value?.first === "a letter",
    `it gave ${said(value?.first)}; somebody who came later got ${said(value?.second)}`,
    "To look again and again is no place in the line.",
  );
}

/** Somebody has closed the mailbox: that is no matter of time. */
async function judgeClosed(getWithin: GetWithin, desk: Desk): Promise<void> {
  const mailbox = queue<string>();
  mailbox.close();
  const { ok, value } = await desk.run("a mailbox that is closed", () => getWithin(mailbox, 1), {
    mayFail: true,
  });
  desk.expect(
    !ok,
    `it gave ${said(value)} of a mailbox that is closed; that is an error, and no end of the time`,
    "Not every error is a time-out.",
  );
}

export const check = checkOf<GetWithin>(async (getWithin, desk) => {
  const visible: Input[] = [{ letter: 3, limit: 2 }];
  const unseen: Input[] = [
    { letter: 1, limit: 3 },
    { letter: 2, limit: 1 },
  ];
  const inputs = desk.inputs(visible, () => unseen.shift() ?? { letter: 1, limit: 3 }, unseen.length);
  for (const input of inputs) await judge(getWithin, desk, input);
  await judgeLine(getWithin, desk);
  await judgeClosed(getWithin, desk);
});
