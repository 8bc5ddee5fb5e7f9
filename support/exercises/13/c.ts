import postgres from "postgres";
import { LESSON_SECOND_MS, whole } from "support";
import { checkOf, type Desk } from "support/helpers/practice/kit";
import { inDatabase } from "./tools.ts";

type InsertPart = (via: postgres.ISql, from: number) => Promise<void>;
type InParts = (sql: postgres.Sql, insertPart: InsertPart) => Promise<void>;

/** The failure of a part. */
class BadPartError extends RangeError {
  override readonly name = "BadPartError";
}

const STARTS = [0, 500, 1000, 1500] as const;

/** What a run of an answer did to the table. */
interface Done {
  /** How many parts were asked for. */
  parts: number;
  /** Over how many connections they went. */
  connections: number;
  /** How many of its rows others saw, at most, before it had ended. */
  seen: number;
  /** How many of its rows are there, and how many of others. */
  rows: number;
  others: number;
}

interface Clients {
  sql: postgres.Sql;
  /** Of somebody else. */
  judge: postgres.Sql;
}

async function countOf({ judge }: Clients): Promise<{ rows: number; others: number }> {
  const [row] = await judge`
    select count(*) filter (where n >= 0)::int as rows, count(*) filter (where n < 0)::int as others from parts`;
  return { rows: Number(row?.rows), others: Number(row?.others) };
}

/** Two queries at once, after the run, need both connections of the pool. */
async function expectFree(desk: Desk, sql: postgres.Sql, given: string): Promise<void> {
  const second = LESSON_SECOND_MS / 1000;
  const both = (): Promise<unknown> =>
    Promise.all([sql`select pg_sleep(${second})`, sql`select pg_sleep(${second})`]);
  const { recording } = await desk.run(given, both);
  const took = whole(recording.settled);
  desk.expect(
    took === 1,
    `two queries at once took ${took} s afterwards; each takes 1`,
    "A connection that was taken out of the pool has to come back, also after an error.",
  );
}

/** Runs an answer, with a part that is bad or none, while somebody else inserts a row. */
async function runOf(desk: Desk, inParts: InParts, clients: Clients, bad: number | undefined): Promise<Done> {
  const { sql, judge } = clients;
  await judge`truncate parts`;
  await judge`insert into parts values (-1)`;
  const connections = new Set<unknown>();
  let [parts, seen] = [0, 0];
  const insertPart: InsertPart = async (via, from) => {
    parts += 1;
    seen = Math.max(seen, (await countOf(clients)).rows);
    if (from === 0) await judge`insert into parts values (-2)`;
    if (from === bad) throw new BadPartError(`the part from ${from} is bad`);
    const [row] = await via`select pg_backend_pid() as connection`;
    connections.add(row?.connection);
    await via`insert into parts select n from generate_series(${from}::int, ${from + 499}::int) n`;
  };
  const given = bad === undefined ? "four good parts" : `a bad part from ${bad}`;
  const { ok, error } = await desk.run(given, () => inParts(sql, insertPart), { mayFail: true });
  const code: unknown = Reflect.get(Object(error), "code");
  desk.expect(
    ok || error instanceof BadPartError,
    `it failed: ${String(code ?? error)}`,
    code === "UNSAFE_TRANSACTION"
      ? "The next statement of a pool may go over another connection, and the client refuses to begin there."
      : "This is not the error of a part.",
  );
  desk.expect(
    bad === undefined || !ok,
    "it ended without an error, and a part was bad",
    "The caller takes the rows for inserted.",
  );
  // What it has left running meets the pool now, and comes into the table.
  await expectFree(desk, sql, given);
  return { parts, connections: connections.size, seen, ...(await countOf(clients)) };
}

/** It starts a PostgreSQL, which takes a second or two. */
export const check = checkOf<InParts>((inParts, desk) =>
  inDatabase(async (url) => {
    const quiet = { max: 1, onnotice: () => {} };
    const clients = { sql: postgres(url, { ...quiet, max: 2 }), judge: postgres(url, quiet) };
    const { sql, judge } = clients;
    try {
      await judge`create table parts (n int)`;
      await Promise.all([sql`select pg_sleep(0.02)`, sql`select pg_sleep(0.02)`]);
      const inputs = desk.inputs<number | undefined>([1000, undefined], (chance) => chance.one(STARTS), 2);
      for (const bad of inputs) {
        const done = await runOf(desk, inParts, clients, bad);
        const most = bad === undefined ? 4 : bad / 500 + 1;
        const parts = done.parts === 1 ? "1 part was" : `${done.parts} parts were`;
        desk.expect(done.parts >= most, `${parts} inserted or tried; ${most} are expected`);
        const where =
          done.connections > 1
            ? `Its parts went over ${done.connections} connections.`
            : "Over which connection did each part go, and was its transaction still going on?";
        desk.expect(done.seen === 0, `others saw ${done.seen} of its rows before it had ended`, where);
        const wanted = bad === undefined ? 2000 : 0;
        desk.expect(
          done.rows === wanted,
          `the table got ${done.rows} of the 2000 rows; ${wanted} are expected`,
          bad === undefined ? "Who says that they are to stay?" : where,
        );
        desk.expect(
          done.others === 2,
          `${done.others} of 2 rows that others inserted are left`,
          "Take back your own rows only.",
        );
      }
    } finally {
      await Promise.all([sql.end({ timeout: 0 }), judge.end({ timeout: 0 })]);
    }
  }),
);
