import postgres, { type Sql } from "postgres";
import { database } from "support";
import { checkOf, type Desk } from "support/helpers/practice/kit";
import { type Load, makeTables, rowOf, watched } from "./source.ts";

const STAGES = 4;
const BATCH = 100;
const BUDGET = { seconds: 60, holdMs: 2000, steps: 500_000 };

interface Stored {
  rows: string[];
  lines: number;
}

async function stored(sql: Sql): Promise<Stored> {
  const rows = await sql<{ row: string }[]>`
    select id || '|' || place || '|' || value as row from readings order by id`;
  const [progress] = await sql<{ lines: number }[]>`select lines from progress`;
  return { rows: rows.map(({ row }) => row), lines: progress?.lines ?? 0 };
}

const rowsUpTo = (lines: number): string[] => Array.from({ length: lines }, (_, id) => rowOf(id));

/** The first row that is not as it should be, in words; undefined where all are. */
function difference(rows: readonly string[], lines: number): string | undefined {
  if (rows.length !== lines) return `${rows.length} rows are stored; there are to be ${lines}`;
  const at = rowsUpTo(lines).findIndex((row, id) => row !== rows[id]);
  return at < 0 ? undefined : `row ${at} is ${rows[at]}; it should be ${rowOf(at)}`;
}

/** Tables in which each transaction is noted. */
async function makeWatchedTables(sql: Sql): Promise<void> {
  await makeTables(sql);
  await sql.unsafe(`
    drop table if exists noted;
    create table noted (id bigserial, transaction xid8, lines int);
    create or replace function note() returns trigger language plpgsql as $$
      begin
        insert into noted (transaction, lines) values (pg_current_xact_id(), (to_jsonb(new) ->> 'lines')::int);
        return null;
      end $$;
    create trigger note after insert on readings for each row execute function note();
    create trigger note after insert or update on progress for each row execute function note()`);
}

/** What a transaction did: how many rows it stored, and how many lines it wrote into progress, if it did. */
interface Transaction {
  rows: number;
  lines: number | null;
}

const transactions = (sql: Sql): Promise<Transaction[]> => sql<Transaction[]>`
  select count(*) filter (where lines is null)::int as rows, max(lines) as lines
  from noted group by transaction order by min(id)`;

/** How many rows were stored together where it was no batch; undefined where each was one. */
function noBatch(done: readonly Transaction[], lines: number, batch: number): number | undefined {
  let before = 0;
  for (const { rows } of done.filter((one) => one.rows > 0)) {
    if (rows !== Math.min(batch, lines - before)) return rows;
    before += rows;
  }
  return undefined;
}

/** What somebody outside could have seen between two transactions, in words; undefined where all was well. */
function apart(done: readonly Transaction[]): string | undefined {
  let [rows, lines] = [0, 0];
  for (const one of done) {
    rows += one.rows;
    lines = one.lines ?? lines;
    if (rows !== lines) return `${rows} rows were stored while progress said ${lines}`;
  }
  return undefined;
}

/** Everything arrives, and no faster than it is stored. */
async function whole(desk: Desk, load: Load, sql: Sql, connect: () => Sql): Promise<void> {
  const inputs = desk.inputs(
    [{ lines: 350, batch: BATCH }],
    (chance) => ({ lines: chance.whole(500, 700), batch: chance.whole(60, 90) }),
    1,
  );
  for (const { lines, batch } of inputs) {
    desk.stage(1, STAGES, "every row as it is");
    await makeWatchedTables(sql);
    const { source, seen } = watched(sql, lines);
    const signal = new AbortController().signal;
    const work = (): Promise<number> => load(connect(), source, { batch, signal });
    const { value } = await desk.run(`${lines} lines, ${batch} at a time`, work, {
      budget: BUDGET,
      mayLeave: true,
    });
    const { rows, lines: noted } = await stored(sql);
    const wrong = difference(rows, lines);
    desk.expect(
      wrong === undefined,
      wrong ?? "",
      "A comma in quotes separates nothing. PostgreSQL reads this format itself: copy … with (format csv).",
    );
    desk.expect(value === lines, `it gave ${value}; ${lines} lines are stored`);
    desk.stage(2, STAGES, "batch by batch");
    desk.expect(
      seen.ahead <= 2 * batch,
      `${seen.ahead} lines had been read that were not stored yet; two batches are ${2 * batch}`,
      "What is read ahead waits in memory, and is lost when the program ends.",
    );
    const together = noBatch(await transactions(sql), lines, batch);
    desk.expect(
      together === undefined,
      `${together} ${together === 1 ? "line was" : "lines were"} stored together; a batch is ${batch}`,
      "What is stored together is what one transaction holds.",
    );
    desk.expect(noted === lines, `progress says ${noted}; ${lines} lines are stored`);
  }
}

/** Cancelled in the middle, and taken up again. */
async function taken(desk: Desk, load: Load, sql: Sql, connect: () => Sql): Promise<void> {
  desk.stage(3, STAGES, "cancelled and taken up again");
  await makeTables(sql);
  const stop = new AbortController();
  const first = watched(sql, 600, async (line) => {
    if (line === 250) stop.abort(new Error("enough for today"));
  });
  const cut = await desk.run(
    "600 lines, cancelled at line 250",
    () => load(connect(), first.source, { batch: BATCH, signal: stop.signal }),
    { budget: BUDGET, mayLeave: true, mayFail: true },
  );
  desk.expect(!cut.ok, `it gave ${cut.value}; a load that is cancelled rejects with the signal's reason`);
  desk.expect(
    cut.error === stop.signal.reason,
    `it rejected with ${cut.error}; the signal's reason is ${stop.signal.reason}`,
  );
  const half = await stored(sql);
  desk.expect(
    half.rows.length === half.lines && half.lines % BATCH === 0,
    `${half.rows.length} rows are stored and progress says ${half.lines}; both are the same number of whole batches`,
    "What belongs together has to be stored together: the rows of a batch, and how far the file has come.",
  );
  desk.expect(
    first.seen.read <= 400,
    `${first.seen.read} lines were read, though it was cancelled at line 250`,
  );
  const second = watched(sql, 600);
  const signal = new AbortController().signal;
  const again = await desk.run(
    "the same file, taken up again",
    () => load(connect(), second.source, { batch: BATCH, signal }),
    {
      budget: BUDGET,
      mayLeave: true,
    },
  );
  desk.expect(
    second.seen.starts[0] === half.lines,
    `it began again at line ${second.seen.starts[0]}; ${half.lines} lines were stored`,
  );
  const wrong = difference((await stored(sql)).rows, 600);
  desk.expect(wrong === undefined, wrong ?? "");
  desk.expect(
    again.value === 600,
    `it gave ${again.value}; 600 lines are stored`,
    "What the call before has stored counts too.",
  );
}

/** After each transaction there is a batch with its progress, or nothing of it. */
async function together(desk: Desk, load: Load, sql: Sql, connect: () => Sql): Promise<void> {
  desk.stage(4, STAGES, "both or neither");
  await makeWatchedTables(sql);
  const { source } = watched(sql, 800);
  const signal = new AbortController().signal;
  await desk.run(
    "800 lines, looked at after each transaction",
    () => load(connect(), source, { batch: BATCH, signal }),
    { budget: BUDGET, mayLeave: true },
  );
  const seen = apart(await transactions(sql));
  desk.expect(
    seen === undefined,
    seen ?? "",
    "Should the program end at that moment, the next one begins at the wrong line. One transaction stores both, or neither.",
  );
}

export const check = checkOf<Load>(async (load, desk) => {
  const server = await database();
  const quiet = { onnotice: () => {} };
  const sql = postgres(server.url, { max: 2, ...quiet });
  const clients: Sql[] = [sql];
  // Each call has a client of its own, as a program that is started again has.
  const connect = (): Sql => {
    const own = postgres(server.url, { max: 1, ...quiet });
    clients.push(own);
    return own;
  };
  try {
    await whole(desk, load, sql, connect);
    await taken(desk, load, sql, connect);
    await together(desk, load, sql, connect);
  } finally {
    await Promise.all(clients.map((client) => client.end({ timeout: 0 })));
    await server.stop();
  }
});
