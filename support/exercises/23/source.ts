import { setImmediate as turn } from "node:timers/promises";
import type { Sql } from "postgres";

/** A file of comma-separated values that is read line by line, with nothing in front of the first row. */
export interface Source {
  name: string;
  /** The lines from one on, counted from 0, each with its line end. */
  from(line: number): AsyncIterable<string>;
}

/** How a file is to be loaded. */
export interface LoadOptions {
  /** How many lines belong together: they are stored as a whole or not at all. */
  batch: number;
  /** From its abort on no further batch is begun. */
  signal: AbortSignal;
}

/** Loads a file and gives how many of its lines are stored now. */
export type Load = (sql: Sql, source: Source, options: LoadOptions) => Promise<number>;

/** What was seen of a source. */
export interface Seen {
  /** Where reading began, each time. */
  starts: number[];
  read: number;
  /** How many lines had been read at most that were not stored yet. */
  ahead: number;
}

/** Tables for one file: what is measured, and how far each file has come. */
export async function makeTables(sql: Sql): Promise<void> {
  await sql`drop table if exists readings`;
  await sql`drop table if exists progress`;
  await sql`create table readings (id int primary key, place text not null, value numeric not null)`;
  await sql`create table progress (file text primary key, lines int not null)`;
}

/** A line of the file: its place has commas, quotes and letters of all kinds. */
export function lineOf(id: number): string {
  const places = ["Oslo", '"Lyon, east"', '"the ""old"" mill"', "Zürich", '""'];
  return `${id},${places[id % places.length]},${(id * 7) % 1000}.5\n`;
}

/** What the database has to say of a line, as one text. */
export function rowOf(id: number): string {
  const places = ["Oslo", "Lyon, east", 'the "old" mill', "Zürich", ""];
  return `${id}|${places[id % places.length]}|${(id * 7) % 1000}.5`;
}

/**
 * A source of so many lines. It asks the database now and then how much of it is stored.
 *
 * @param at called with the number of each line before it is given
 */
export function watched(
  sql: Sql,
  lines: number,
  at: (line: number) => Promise<void> = async () => {},
): { source: Source; seen: Seen } {
  const seen: Seen = { starts: [], read: 0, ahead: 0 };
  async function* from(start: number): AsyncGenerator<string> {
    seen.starts.push(start);
    for (let line = start; line < lines; line += 1) {
      if (line % 50 === 0) {
        const [stored] = await sql<{ count: number }[]>`select count(*)::int as count from readings`;
        seen.ahead = Math.max(seen.ahead, line - (stored?.count ?? 0));
      }
      await at(line);
      if (line % 10 === 0) await turn();
      seen.read += 1;
      yield lineOf(line);
    }
  }
  return { source: { name: "readings.csv", from }, seen };
}
