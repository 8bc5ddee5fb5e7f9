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

async function run(url: URL, statement: string): Promise<void> {
  const sql = postgres(url.href, { max: 1, connect_timeout: 10, onnotice: () => {} });
  try {
    await sql.unsafe(`set lock_timeout = '${LOCK_SECONDS}s'`);
    await sql.unsafe(statement);
  } finally {
    await sql.end({ timeout: 1 });
  }
}

/**
 * Makes a schema in the database at an address.
 *
 * @throws DatabaseError (`BAD_DATABASE_URL` or `NOT_REACHED`, as a rejection)
 */
export async function makeSchema(text: string): Promise<Schema> {
  const url = parse(text);
  const name = `tsasync_${randomBytes(6).toString("hex")}`;
  try {
    await run(url, `create schema ${name}`);
  } catch (reason) {
    const why = reason instanceof Error ? reason.message : String(reason);
    const message = `no schema could be made in ${shown(url)}: ${why}. Correct DATABASE_URL, or unset it`;
    throw new DatabaseError("NOT_REACHED", message, shown(url));
  }
  const own = new URL(url);
  const options = own.searchParams.get("options");
  own.searchParams.set("options", `${options === null ? "" : `${options} `}-c search_path=${name}`);
  return { url: own.href, name, drop: () => run(url, `drop schema if exists ${name} cascade`) };
}
