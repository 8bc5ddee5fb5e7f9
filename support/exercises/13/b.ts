import postgres from "postgres";
import { type Chance, checkOf } from "support/helpers/practice/kit";
import { inDatabase } from "./tools.ts";

interface Statement {
  over: "a" | "b";
  does: "begin" | "insert" | "commit" | "rollback";
}

type RowsLeft = (statements: Statement[]) => unknown;

const parse = (text: string): Statement[] =>
  text.split(", ").map((one) => {
    const does = (["begin", "commit", "rollback"] as const).find((word) => one.endsWith(word));
    return { over: one.startsWith("a") ? "a" : "b", does: does ?? "insert" };
  });

const words = (statements: readonly Statement[]): string =>
  statements.map(({ over, does }) => `${over} ${does}`).join(", ");

const VISIBLE = parse(
  "a begin, a insert, b insert, a rollback, b begin, b insert, b commit, a begin, a insert",
);

/** A list of twelve statements: a row over each connection first, and then some transactions. */
function unseen(chance: Chance): Statement[] {
  const inside = { a: false, b: false };
  const others = Array.from({ length: 10 }, (): Statement => {
    const over = chance.one<Statement["over"]>(["a", "b"]);
    if (chance.one(["insert", "other"]) === "insert") return { over, does: "insert" };
    const does = inside[over] ? chance.one<Statement["does"]>(["commit", "rollback"]) : "begin";
    inside[over] = !inside[over];
    return { over, does };
  });
  return [...parse("a insert, b insert"), ...others];
}

const QUIET = { max: 1, onnotice: () => {} };

/** Sends the statements to PostgreSQL over two connections, closes both, and counts over a third. */
async function rowsOf(url: string, judge: postgres.Sql, statements: readonly Statement[]): Promise<number> {
  const over = { a: postgres(url, QUIET), b: postgres(url, QUIET) };
  try {
    await judge`create table kept (n int)`;
    for (const one of statements)
      await over[one.over].unsafe(one.does === "insert" ? "insert into kept values (1)" : one.does);
    await Promise.all([over.a.end(), over.b.end()]);
    const [row] = await judge`select count(*)::int as rows from kept`;
    return Number(row?.rows);
  } finally {
    await Promise.all([over.a.end(), over.b.end()]);
    await judge`drop table if exists kept`;
  }
}

/** What holds of a database with other rules. */
interface Rules {
  shared?: boolean;
  endCommits?: boolean;
  takesAll?: boolean;
}

function rowsBy(statements: readonly Statement[], { shared, endCommits, takesAll }: Rules): number {
  const kept = new Map<string, number>();
  const undecided = new Map<string, number>();
  for (const { over, does } of statements) {
    const line = shared ? "both" : over;
    const inserted = undecided.get(line);
    if (does === "begin") undecided.set(line, 0);
    else if (does === "insert" && inserted !== undefined) undecided.set(line, inserted + 1);
    else if (does === "insert") kept.set(line, (kept.get(line) ?? 0) + 1);
    else {
      if (does === "commit") kept.set(line, (kept.get(line) ?? 0) + (inserted ?? 0));
      else if (takesAll) kept.delete(line);
      undecided.delete(line);
    }
  }
  const all = [...kept.values(), ...(endCommits ? undecided.values() : [])];
  return all.reduce((sum, rows) => sum + rows, 0);
}

const IDEAS: readonly (readonly [Rules, string])[] = [
  [
    { endCommits: true },
    "What becomes of a transaction when its connection ends, and nobody has said commit?",
  ],
  [{ shared: true }, "A transaction belongs to a connection. What goes over the other one is no part of it."],
  [{ takesAll: true }, "A rollback goes back to its begin, and no further."],
];

/** The other rules by which the number that was said comes out. */
function ideaOf(statements: readonly Statement[], said: unknown): string | undefined {
  const inserts = statements.filter(({ does }) => does === "insert").length;
  if (said === inserts) return "Not all that was inserted is there in the end.";
  return IDEAS.find(([rules]) => rowsBy(statements, rules) === said)?.[1];
}

/** It starts a PostgreSQL, which takes a second or two. */
export const check = checkOf<RowsLeft>((rowsLeft, desk) =>
  inDatabase(async (url) => {
    const judge = postgres(url, QUIET);
    try {
      for (const statements of desk.inputs([VISIBLE], unseen, 5)) {
        const { value } = await desk.run(words(statements), () => ({
          said: rowsLeft(structuredClone(statements)),
        }));
        const said = value?.said;
        desk.expect(
          !(said instanceof Promise),
          "it gave a promise, and no number",
          "Nothing has to be awaited.",
        );
        const rows = await rowsOf(url, judge, statements);
        const says = `it says ${String(said)}; PostgreSQL has ${rows}`;
        desk.expect(said === rows, says, ideaOf(statements, said));
      }
    } finally {
      await judge.end();
    }
  }),
);
