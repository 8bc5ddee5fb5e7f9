/**
 * How many letters a second 1, 2, 4 and 8 workers send: letters that take no time, and letters that wait 50 ms each. Run by
 * hand: `node tests/helpers/letters/throughput.ts`. The sides take turns; prints minimum, median and maximum of the rounds.
 *
 * Every process of it shares this computer's cores: on many machines the workers would not take the database's.
 */
import { availableParallelism } from "node:os";
import { clear, drain, join, type Office, openOffice, untilDone } from "./fleet.ts";
import { spreadOf, words } from "./spread.ts";

/** What some workers did with some letters. */
export interface Measured {
  perSecond: number;
  /** Transactions that the database committed for each letter, all that the workers ask for included. */
  commits: number;
}

async function commits({ sql }: Office): Promise<number> {
  await sql`select pg_stat_force_next_flush()`;
  const [row] = await sql<{ n: number }[]>`
    select xact_commit::int as n from pg_stat_database where datname = current_database()`;
  return row?.n ?? 0;
}

/** Sends letters with so many workers. */
export async function measure(
  office: Office,
  workers: number,
  letters: number,
  seconds: number,
): Promise<Measured> {
  await clear(office);
  const names = Array.from({ length: workers }, (_, n) => `${n + 1}`);
  const all = await Promise.all(names.map((name) => join(office.db.url, name)));
  const before = await commits(office);
  const jobs = Array.from({ length: letters }, (_, letter) => ({ data: { letter, seconds } }));
  await office.boss.insert("letters", jobs);
  await untilDone(office, 120_000);
  const [row] = await office.sql<{ seconds: number; sent: number }[]>`
    select extract(epoch from max(at) - min(at))::float as seconds, count(*)::int as sent from sent`;
  await Promise.all(all.map(drain));
  if (row?.sent !== letters) throw new Error(`${row?.sent} of ${letters} letters were sent`);
  return { perSecond: (letters - 1) / row.seconds, commits: ((await commits(office)) - before) / letters };
}

if (import.meta.main) {
  const [rounds = "3"] = process.argv.slice(2);
  const office = await openOffice();
  const measured = new Map<string, Measured[]>();
  try {
    for (let round = 0; round < Number(rounds); round += 1)
      for (const seconds of [0, 0.5])
        for (const workers of [1, 2, 4, 8]) {
          const name = `${workers} workers, ${seconds === 0 ? "letters of no time" : "letters of 50 ms"}`;
          const one = await measure(office, workers, seconds === 0 ? 600 : 30 * workers, seconds);
          measured.set(name, [...(measured.get(name) ?? []), one]);
        }
  } finally {
    await office.close();
  }
  console.log(`${availableParallelism()} cores, ${rounds} rounds (min / median / max)`);
  for (const [name, all] of measured) {
    const each = words(spreadOf(all.map((one) => one.commits)), 1);
    console.log(
      `  ${name}: ${words(spreadOf(all.map((one) => one.perSecond)), 0)} a second, ${each} commits each`,
    );
  }
}
