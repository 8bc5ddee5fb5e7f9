/** Workers as processes of their own, and the database that they share: what the tests of letters begin with. */
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { PgBoss } from "pg-boss";
import postgres from "postgres";
import { LETTER_WORKER } from "../../../support/helpers/letters/program.ts";
import { type Database, database } from "../../../support/helpers/postgres/database.ts";

/** A worker that sends a letter first and says so afterwards: the mistake that the real one does not make. */
export const CARELESS = fileURLToPath(new URL("./careless-worker.ts", import.meta.url));

/** After so many seconds a letter in hand is given to another worker. */
export const EXPIRES_S = 1;

/** The queue, its dead letters and the tables of what was sent. */
export interface Office {
  readonly db: Database;
  readonly boss: PgBoss;
  readonly sql: ReturnType<typeof postgres>;
  close(): Promise<void>;
}

export async function openOffice(options: { tls?: boolean } = {}): Promise<Office> {
  const db = await database(options);
  const sql = postgres(db.url, { max: 2, onnotice: () => {} });
  const [row] = await sql<{ schema: string }[]>`select current_schema() as schema`;
  const boss = new PgBoss({
    connectionString: db.url,
    schema: row?.schema ?? "public",
    createSchema: false,
    supervise: false,
    schedule: false,
    max: 2,
  });
  boss.on("error", (error) => console.error(error));
  await boss.start();
  await boss.createQueue("dead-letters");
  await boss.createQueue("letters", {
    notify: true,
    expireInSeconds: EXPIRES_S,
    retryLimit: 20,
    deadLetter: "dead-letters",
  });
  await sql`create table keys (letter int primary key)`;
  await sql`create table sent (letter int, worker text, at timestamptz default clock_timestamp())`;
  return {
    db,
    boss,
    sql,
    async close() {
      await boss.stop({ graceful: false });
      await sql.end();
      await db.stop();
    },
  };
}

/** Empties the queue and the tables. */
export async function clear({ boss, sql }: Office): Promise<void> {
  await boss.deleteAllJobs("letters");
  await boss.deleteAllJobs("dead-letters");
  await sql`truncate keys, sent`;
}

const started = new Set<ChildProcess>();

/** Ends the workers that a test which failed has left. */
export async function endAll(): Promise<void> {
  await Promise.all([...started].map(killHard));
  started.clear();
}

/** Starts a worker and waits until it has joined. */
export async function join(
  url: string,
  name: string,
  program = LETTER_WORKER,
  args: readonly string[] = [],
): Promise<ChildProcess> {
  const env = { ...process.env, DATABASE_URL: url, NODE_OPTIONS: "" };
  const child = fork(program, ["--name", name, ...args], { env, execArgv: [] });
  started.add(child);
  await once(child, "message");
  return child;
}

export async function killHard(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGKILL");
  await ended;
}

/** Asks a worker to end after the letters in hand, and gives its exit status. */
export async function drain(child: ChildProcess): Promise<number | null> {
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  const [status]: unknown[] = await ended;
  return typeof status === "number" ? status : null;
}

/** Letters that have not come to an end: neither done nor dead. */
export async function open({ sql }: Office): Promise<number> {
  const [row] = await sql<{ open: number }[]>`
    select count(*)::int as open from job where name = 'letters' and state in ('created', 'retry', 'active')`;
  return row?.open ?? 0;
}

/** Waits until no letter is open. */
export async function untilDone(office: Office, withinMs: number): Promise<void> {
  const end = performance.now() + withinMs;
  while ((await open(office)) > 0) {
    if (performance.now() > end)
      throw new Error(`${await open(office)} letters are open after ${withinMs} ms`);
    await pause(20);
  }
}
