import { sleep, task, whole } from "support";
import { checkOf, type Desk, type Ran } from "support/helpers/practice/kit";

type Read = () => Promise<string | undefined>;
type Use = (page: string) => Promise<void>;
type Copy = (read: Read, use: Use, ahead: number) => Promise<void>;

/** How long it takes to read a page and to use one, in lesson seconds, and how many may wait. */
interface Input {
  pages: number;
  reading: number;
  using: number;
  ahead: number;
}

const words = ({ pages, reading, using, ahead }: Input): string =>
  `${pages} pages, ${reading} s to read and ${using} s to use each, ${ahead} ahead`;

const counted = (count: number, one: string): string => (count === 1 ? `1 ${one}` : `${count} ${one}s`);

/** The most pages that had been read and were not yet in use, and the most that were in use at the same time. */
function mostOf({ recording }: Ran<unknown>): { waiting: number; inUse: number } {
  const changes = recording.tasks.flatMap(({ name, start, end }) =>
    name.startsWith("read")
      ? [{ at: end, waiting: 1, inUse: 0 }]
      : [
          { at: start, waiting: -1, inUse: 1 },
          { at: end, waiting: 0, inUse: -1 },
        ],
  );
  const now = { waiting: 0, inUse: 0 };
  const most = { waiting: 0, inUse: 0 };
  for (const { waiting, inUse } of changes.sort((a, b) => a.at - b.at)) {
    now.waiting += waiting;
    now.inUse += inUse;
    most.waiting = Math.max(most.waiting, now.waiting);
    most.inUse = Math.max(most.inUse, now.inUse);
  }
  return most;
}

async function judge(copy: Copy, desk: Desk, input: Input): Promise<void> {
  const { pages, reading, using, ahead } = input;
  const used: string[] = [];
  let asked = 0;
  const read: Read = async () => {
    asked += 1;
    const page = asked;
    if (page > pages) return undefined;
    await task(`read ${page}`, () => sleep(reading));
    return `page ${page}`;
  };
  const use: Use = (page) => {
    used.push(page);
    return task(`use ${page.replace("page ", "")}`, () => sleep(using));
  };
  const ran = await desk.run(words(input), () => copy(read, use, ahead), { budget: { seconds: 15 } });
  const wanted = Array.from({ length: pages }, (_, at) => `page ${at + 1}`);
  desk.expect(
    used.length === pages,
    `${counted(used.length, "page")} came to use; there were ${pages}`,
    "It ends before the last page does.",
  );
  desk.expect(used.join() === wanted.join(), `the pages were used in the order ${used.join(", ")}`);
  const { waiting, inUse } = mostOf(ran);
  desk.expect(inUse <= 1, `${inUse} pages were in use at the same time; one after another is asked for`);
  desk.expect(
    waiting <= ahead + 1,
    `${counted(waiting, "page")} had been read and not used; at most ${ahead + 1} may be`,
    "Nothing makes the reader wait for the one who uses.",
  );
  const settled = whole(ran.recording.settled);
  const ideal = reading > using ? pages * reading + using : reading + pages * using;
  desk.expect(
    settled === ideal,
    `it ended after ${settled} s; ${ideal} s are enough`,
    settled > ideal
      ? "While a page is in use, nobody reads the next one."
      : "It does not wait for the last page.",
  );
}

export const check = checkOf<Copy>(async (copy, desk) => {
  const visible: Input[] = [{ pages: 4, reading: 1, using: 2, ahead: 0 }];
  const unseen = (ahead: number): Input => ({ pages: 3, reading: 2, using: 1, ahead });
  const inputs = desk.inputs(visible, (chance) => unseen(chance.whole(1, 2)), 1);
  for (const input of inputs) await judge(copy, desk, input);
});
