import { sleep, task, whole } from "support";
import { type Chance, checkOf, type Desk, type Ran } from "support/helpers/practice/kit";

type Read = () => Promise<string | undefined>;
type Use = (page: string) => Promise<void>;
type Copy = (read: Read, use: Use, ahead: number) => Promise<void>;

/** How long it takes to read a page and to use each of them, in lesson seconds, and how many may wait. */
interface Input {
  book: string[];
  reading: number;
  using: number[];
  ahead: number;
}

function words({ book, reading, using, ahead }: Input): string {
  const alike = new Set(using).size === 1 ? `${using[0]} s to use each` : `${using.join(", ")} s to use them`;
  return `${book.length} pages, ${reading} s to read and ${alike}, ${ahead} ahead`;
}

/** When the last page has been used, if nobody waits for what need not be waited for. */
function idealOf({ reading, using, ahead }: Input): number {
  const starts: number[] = [];
  let free = 0;
  let end = 0;
  for (const [at, time] of using.entries()) {
    const read = free + reading;
    const start = Math.max(read, end);
    starts.push(start);
    end = start + time;
    // The reader goes on when there is room for the page in its hand.
    free = Math.max(read, starts[at - ahead] ?? 0);
  }
  return end;
}

const counted = (count: number, one: string): string => (count === 1 ? `1 ${one}` : `${count} ${one}s`);

/** The most pages that had been read and were not yet in use, and the most that were read, and in use, at the same time. */
interface Most {
  waiting: number;
  reads: number;
  uses: number;
}

function mostOf({ recording }: Ran<unknown>): Most {
  const changes = recording.tasks.flatMap(({ name, start, end }) =>
    name.startsWith("read")
      ? [
          { at: start, waiting: 0, reads: 1, uses: 0 },
          { at: end, waiting: 1, reads: -1, uses: 0 },
        ]
      : [
          { at: start, waiting: -1, reads: 0, uses: 1 },
          { at: end, waiting: 0, reads: 0, uses: -1 },
        ],
  );
  const now: Most = { waiting: 0, reads: 0, uses: 0 };
  const most: Most = { ...now };
  for (const change of changes.sort((a, b) => a.at - b.at))
    for (const what of ["waiting", "reads", "uses"] as const) {
      now[what] += change[what];
      most[what] = Math.max(most[what], now[what]);
    }
  return most;
}

async function judge(copy: Copy, desk: Desk, input: Input): Promise<void> {
  const { book, reading, using, ahead } = input;
  const used: string[] = [];
  let asked = 0;
  const read: Read = async () => {
    asked += 1;
    const number = asked;
    const page = book[number - 1];
    if (page !== undefined) await task(`read ${number}`, () => sleep(reading));
    return page;
  };
  const use: Use = (page) => {
    used.push(page);
    return task(`use ${used.length}`, () => sleep(using[used.length - 1] ?? 0));
  };
  const ran = await desk.run(words(input), () => copy(read, use, ahead), { budget: { seconds: 15 } });
  desk.expect(
    used.length === book.length,
    `${counted(used.length, "page")} came to use; there were ${book.length}`,
    book[used.length] === "" ? "An empty page is not the end." : "It ends before the last page does.",
  );
  desk.expect(used.join() === book.join(), `the pages were used in the order ${used.join(", ")}`);
  const { waiting, reads, uses } = mostOf(ran);
  desk.expect(uses <= 1, `${uses} pages were in use at the same time; one after another is asked for`);
  desk.expect(reads <= 1, `${reads} pages were read at the same time; one at a time is asked for`);
  desk.expect(
    waiting <= ahead + 1,
    `${counted(waiting, "page")} had been read and not used; at most ${ahead + 1} may be`,
    "Nothing makes the reader wait for the one who uses.",
  );
  const settled = whole(ran.recording.settled);
  const ideal = idealOf(input);
  desk.expect(
    settled === ideal,
    `it ended after ${settled} s; ${ideal} s are enough`,
    settled < ideal
      ? "It does not wait for the last page."
      : ahead === 0
        ? "While a page is in use, nobody reads the next one."
        : "While a page is in use for long, the reader could have read more than one.",
  );
}

export const check = checkOf<Copy>(async (copy, desk) => {
  const pages = [1, 2, 3, 4].map((number) => `page ${number}`);
  const visible: Input[] = [{ book: pages, reading: 1, using: [2, 2, 2, 2], ahead: 0 }];
  // One page is in use for long, and one is empty.
  const unseen = (chance: Chance): Input => {
    const empty = chance.whole(1, 2);
    return { book: pages.with(empty, ""), reading: 1, using: [3, 0.5, 0.5, 1], ahead: 2 };
  };
  for (const input of desk.inputs(visible, unseen, 1)) await judge(copy, desk, input);
});
