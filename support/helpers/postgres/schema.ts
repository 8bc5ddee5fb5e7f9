import { randomBytes } from "node:crypto";
import postgres from "postgres";
import { DatabaseError } from "./database-error.ts";

/** A schema of one's own in a database that somebody else runs. */
export interface Schema {
  /** The reader's address, with the schema as the one that names are looked up in. */
  readonly url: string;
  readonly name: string;
  /** Drops the schema with all that is in it. Nothing else in the database was touched. */
  drop(): Promise<void>;
}

/** Long enough for what a killed lesson was doing to be rolled back. */
const LOCK_SECONDS = 10;

function parse(text: string): URL {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    const message = "DATABASE_URL is no address; give one as in postgres://me:password@localhost:5432/mine";
    throw new DatabaseError("BAD_DATABASE_URL", message, "(not shown, it may hold a password)");
  }
  if (/^postgres(ql)?:$/.test(url.protocol)) return url;
  const message = `DATABASE_URL begins with ${url.protocol} and has to begin with postgres:`;
  throw new DatabaseError("BAD_DATABASE_URL", message, url.protocol);
}

/** An address for showing: without its password. */
function shown(url: URL): string {
  return `${url.protocol}//${url.hostname}:${url.port || "5432"}${url.pathname}`;
}

/** What is said of a lesson's schema in the database, so that no other is taken for one. */
const COMMENT = "made by a lesson of tsasync, dropped at its end";

type Connection = ReturnType<typeof postgres>;

function connect(url: URL): Connection {
  return postgres(url.href, {
    max: 1,
    connect_timeout: 10,
    idle_timeout: 0,
    max_lifetime: null,
    onnotice: () => {},
  });
}

async function drop(sql: Connection, name: string): Promise<void> {
  await sql.unsafe(`set lock_timeout = '${LOCK_SECONDS}s'`);
  await sql.unsafe(`drop schema if exists ${name} cascade`);
}

/**
 * Drops the schemas of lessons that are gone. A lesson's connection holds a lock of its schema's name for as long as it
 * lives, and the server gives the lock back when the connection is cut, however the lesson ended.
 */
async function sweep(sql: Connection): Promise<void> {
  const schemas = await sql<{ name: string }[]>`
    select nspname as name from pg_namespace
    where nspname ~ '^tsasync_[0-9a-f]{12}$' and obj_description(oid, 'pg_namespace') = ${COMMENT}`;
  for (const { name } of schemas) {
    const [lock] = await sql<
      { free: boolean }[]
    >`select pg_try_advisory_lock(hashtextextended(${name}, 0)) as free`;
    if (lock?.free !== true) continue;
    try {
      await drop(sql, name);
    } catch (error) {
      // Another user's; who may drop it will.
      if (!(error instanceof postgres.PostgresError)) throw error;
    } finally {
      await sql`select pg_advisory_unlock(hashtextextended(${name}, 0))`;
    }
  }
}

/** Makes a schema that is marked, and locked by this connection. */
async function make(sql: Connection, name: string): Promise<void> {
  await sql`select pg_advisory_lock(hashtextextended(${name}, 0))`;
  await sql.begin(async (own) => {
    await own.unsafe(`create schema ${name}`);
    await own.unsafe(`comment on schema ${name} is '${COMMENT}'`);
  });
}

/**
 * Makes a schema in the database at an address, and drops those that lessons have left there that were killed together
 * with their keepers.
 *
 * @throws DatabaseError (`BAD_DATABASE_URL` or `NOT_REACHED`, as a rejection)
 */
export async function makeSchema(text: string): Promise<Schema> {
  const url = parse(text);
  const name = `tsasync_${randomBytes(6).toString("hex")}`;
  const sql = connect(url);
  try {
    await sweep(sql);
    await make(sql, name);
  } catch (reason) {
    await sql.end({ timeout: 1 });
    const why = reason instanceof Error ? reason.message : String(reason);
    const message = `no schema could be made in ${shown(url)}: ${why}. Correct DATABASE_URL, or unset it`;
    throw new DatabaseError("NOT_REACHED", message, shown(url));
  }
  const own = new URL(url);
  const options = own.searchParams.get("options");
  own.searchParams.set("options", `${options === null ? "" : `${options} `}-c search_path=${name}`);
  return {
    url: own.href,
    name,
    async drop() {
      await drop(sql, name);
      await sql.end({ timeout: 1 });
    },
  };
}
