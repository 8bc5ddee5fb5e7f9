import { inspect } from "node:util";
import { whole } from "support";
import { type Chance, checkOf, delayServer, type Get, getFrom } from "support/helpers/practice/kit";

interface Page {
  /** How many seconds each of its items takes. */
  items: number[];
  /** The cursor of the next page; null on the last one. */
  next: number | null;
}
type ReadAll = (page: (cursor: number) => Promise<Page>, get: Get) => Promise<number[]>;

/** The items of the pages, and the cursors behind 0. */
interface Book {
  items: number[][];
  cursors: number[];
}

/** How long a page takes, in lesson seconds. */
const PAGE = 1;

const words = ({ items }: Book): string => `pages with ${items.map((page) => inspect(page)).join(", ")}`;

function unseen(chance: Chance): Book {
  const items = chance.shuffled([1, 2, 3, 2, 4, 1]);
  return {
    items: [items.slice(0, 2), items.slice(2, 3), items.slice(3, 6)],
    cursors: chance.shuffled([3, 5, 8, 9]).slice(0, 2),
  };
}

export const check = checkOf<ReadAll>(async (readAll, desk) => {
  const server = await delayServer();
  /** The pages of a book, each told of by the one before it. */
  const open = ({ items, cursors }: Book, get: Get) => {
    const all = [0, ...cursors];
    const told = [0];
    const page = async (cursor: number): Promise<Page> => {
      const at = all.indexOf(cursor);
      desk.expect(
        told.includes(cursor),
        `the page with cursor ${cursor} was asked for; no page has told of it`,
        "A cursor is no number of a page. It stands in the page before.",
      );
      await get(PAGE);
      const next = all[at + 1] ?? null;
      if (next !== null) told.push(next);
      return { items: items[at] ?? [], next };
    };
    return page;
  };
  const visible: Book[] = [{ items: [[3, 1], [2], [1, 2]], cursors: [4, 7] }];
  for (const book of desk.inputs(visible, unseen, 1)) {
    const get = getFrom(server);
    const { value, recording } = await desk.run(words(book), () => readAll(open(book, get), get));
    const all = book.items.flat();
    const sent = recording.tasks.length;
    const wanted = book.items.length + all.length;
    desk.expect(sent === wanted, `${sent} requests were sent; pages and items are ${wanted}`);
    const needed = Math.max(...book.items.map((items, at) => (at + 1) * PAGE + Math.max(...items)));
    const took = whole(recording.settled);
    desk.expect(
      took === needed,
      `it took ${took} s; ${needed} s are enough`,
      took > needed
        ? "A page needs the cursor of the page before, and nothing else. An item needs its own page."
        : "It does not wait for all items.",
    );
    desk.expect(
      inspect(value) === inspect(all),
      `it gave ${inspect(value)}; expected is ${inspect(all)}`,
      "The order is that of the pages and of their items, and not that of the answers.",
    );
  }
  const book: Book = { items: [[2, 1], [1], [1], [1]], cursors: [2, 6, 9] };
  // It fails a whole second before the last page is there.
  const broken = getFrom(server, { failing: [2] });
  const { ok, value } = await desk.run(
    `${words(book)}, where the first item fails`,
    () => readAll(open(book, broken), broken),
    { mayFail: true },
  );
  desk.expect(!ok, `an item failed, and it gave ${inspect(value)}`, "The caller has to hear of the failure.");
});
