import postgres, { type Sql } from "postgres";
import { database, sleep } from "support";
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

/** Everything arrives, and no faster than it is stored. */
async function whole(desk: Desk, load: Load, sql: Sql, connect: () => Sql): Promise<void> {
  for (const lines of desk.inputs([350], (chance) => chance.whole(500, 700), 1)) {
    desk.stage(1, STAGES, "every row as it is");
    await makeTables(sql);
    const { source, seen } = watched(sql, lines);
    const signal = new AbortController().signal;
    const work = (): Promise<number> => load(connect(), source, { batch: BATCH, signal });
    const { value } = await desk.run(`${lines} lines, ${BATCH} at a time`, work, {
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
      seen.ahead <= 2 * BATCH,
      `${seen.ahead} lines had been read that were not stored yet; two batches are ${2 * BATCH}`,
      "What is read ahead waits in memory, and is lost when the program ends.",
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
  await desk.run(
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
}

/** Whoever looks from outside sees a batch with its progress, or nothing of it. */
async function together(desk: Desk, load: Load, sql: Sql, connect: () => Sql): Promise<void> {
  desk.stage(4, STAGES, "both or neither");
  await makeTables(sql);
  const { source } = watched(sql, 800);
  const state = { over: false, seen: "" };
  async function look(): Promise<void> {
    while (!state.over) {
      const [now] = await sql<{ rows: number; lines: number }[]>`
        select (select count(*)::int from readings) as rows, coalesce((select lines from progress), 0) as lines`;
      if (now && now.rows !== now.lines)
        state.seen ||= `${now.rows} rows were stored while progress said ${now.lines}`;
      await sleep(0.01);
    }
  }
  const looking = look();
  const signal = new AbortController().signal;
  try {
    await desk.run(
      "800 lines, looked at from outside",
      () => load(connect(), source, { batch: BATCH, signal }),
      {
        budget: BUDGET,
        mayLeave: true,
      },
    );
  } finally {
    state.over = true;
    await looking;
  }
  desk.expect(
    state.seen === "",
    state.seen,
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
