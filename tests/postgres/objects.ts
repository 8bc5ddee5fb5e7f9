/** Prints the schemas of a database and all that is in those that are not the system's, one a line. */
import postgres from "postgres";

const sql = postgres(process.argv[2] ?? "", { max: 1 });
const rows = await sql<{ name: string }[]>`
  select n.nspname || '.' || c.relname as name from pg_class c join pg_namespace n on n.oid = relnamespace
  where nspname not like 'pg_%' and nspname <> 'information_schema'
  union all select nspname || '.' || proname from pg_proc join pg_namespace n on n.oid = pronamespace
  where nspname not like 'pg_%' and nspname <> 'information_schema'
  union all select nspname from pg_namespace where nspname not like 'pg_%'
  order by 1`;
for (const { name } of rows) console.log(name);
await sql.end();
