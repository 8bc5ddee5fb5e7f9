/** Inserts rows in one way: `inserts.ts "one transaction" COUNT`, into `DATABASE_URL`. Prints the seconds as JSON. */
import postgres from "postgres";
import { pool } from "../../../support/helpers/limits/pool.ts";

const [name = "", text = ""] = process.argv.slice(2);
const count = Number(text);
const table = `bench_${process.pid}`;
const sql = postgres(process.env.DATABASE_URL ?? "", { max: name === "ten connections" ? 10 : 1 });

const ways: Readonly<Record<string, () => Promise<unknown>>> = {
  async "one at a time"() {
    for (let i = 0; i < count; i += 1) await sql`insert into ${sql(table)} values (${i})`;
  },
  "ten connections": () =>
    pool(Array(count).keys(), (i) => sql`insert into ${sql(table)} values (${i})`, { concurrency: 10 }),
  "one transaction": () =>
    sql.begin(async (inside) => {
      for (let i = 0; i < count; i += 1) await inside`insert into ${inside(table)} values (${i})`;
    }),
};

const way = ways[name];
if (way === undefined) throw new RangeError(`no way ${name}`);
await sql`create table ${sql(table)} (i int)`;
const start = performance.now();
await way();
const seconds = (performance.now() - start) / 1000;
const [row] = await sql`select count(*)::int as n from ${sql(table)}`;
if (row?.n !== count) throw new Error(`${row?.n} of ${count} rows are there`);
await sql`drop table ${sql(table)}`;
await sql.end();
console.log(JSON.stringify({ seconds }));
