import postgres from "postgres";

/** The schemas of a database, and all that is in those that are not the system's own. */
export async function objectsOf(url: string): Promise<string[]> {
  const sql = postgres(url, { max: 1 });
  try {
    const rows = await sql<{ name: string }[]>`
      select n.nspname || '.' || c.relname as name from pg_class c join pg_namespace n on n.oid = relnamespace
      where nspname not like 'pg_%' and nspname <> 'information_schema'
      union all select nspname || '.' || proname from pg_proc join pg_namespace n on n.oid = pronamespace
      where nspname not like 'pg_%' and nspname <> 'information_schema'
      union all select nspname from pg_namespace where nspname not like 'pg_%'
      order by 1`;
    return rows.map(({ name }) => name);
  } finally {
    await sql.end();
  }
}

if (import.meta.main) for (const name of await objectsOf(process.argv[2] ?? "")) console.log(name);
