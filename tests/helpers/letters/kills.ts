/**
 * Runs with workers that are killed with -9 at random moments, and what became of the letters. Run by hand:
 * `node tests/helpers/letters/kills.ts` (fifty runs, some minutes), or `… 5 7 careless` for five runs from seed 7 with workers that
 * make the usual mistake. A seed gives the same moments again; what the workers are doing then is the computer's affair.
 *
 * Each run has its letters, three workers, and three kills; after each another worker joins. Lost is a letter that was not sent,
 * doubled is one that was sent twice or more. There is no rule in the table of what was sent that could hide either.
 */
import { setTimeout as pause } from "node:timers/promises";
import { LETTER_WORKER } from "../../../support/helpers/letters/program.ts";
import { CARELESS, clear, drain, join, killHard, type Office, openOffice, untilDone } from "./fleet.ts";

const LETTERS = 60;
const WORKERS = 3;
const KILLS = 3;
/** Each letter takes so many lesson seconds at most; 60 letters are some 1.5 real seconds of work for three workers. */
const LONGEST = 1.5;
const KILL_WITHIN_MS = 1200;

/** What became of the letters of one run. */
export interface Outcome {
  seed: number;
  lost: number;
  doubled: number;
  /** Letters that were given out more than once: a worker died with each of them in hand, or took too long. */
  repeated: number;
}

/** Numbers from 0 to 1 that follow from a seed (mulberry32). */
export function numbersFrom(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

async function outcomeOf({ sql }: Office, seed: number): Promise<Outcome> {
  const [row] = await sql<{ lost: number; doubled: number; repeated: number }[]>`
    with times as (
      select n, (select count(*) from sent where letter = n) as sent from generate_series(1, ${LETTERS}::int) n)
    select count(*) filter (where sent = 0)::int as lost, count(*) filter (where sent > 1)::int as doubled,
      (select count(*) from job where name = 'letters' and retry_count > 0)::int as repeated from times`;
  if (row === undefined) throw new Error("no row");
  return { seed, ...row };
}

/** One run: the letters, the workers, and the kills at the moments that the seed gives. */
export async function runWithKills(office: Office, seed: number, program = LETTER_WORKER): Promise<Outcome> {
  await clear(office);
  const next = numbersFrom(seed);
  const moments = Array.from({ length: KILLS }, () => next() * KILL_WITHIN_MS).sort((a, b) => a - b);
  const url = office.db.url;
  const names = Array.from({ length: WORKERS }, (_, n) => `${n + 1}`);
  const workers = await Promise.all(names.map((name) => join(url, name, program)));
  const letters = Array.from({ length: LETTERS }, (_, n) => ({ letter: n + 1, seconds: next() * LONGEST }));
  await office.boss.insert(
    "letters",
    letters.map((data) => ({ data })),
  );
  const start = performance.now();
  const joining: Promise<unknown>[] = [];
  for (const [n, moment] of moments.entries()) {
    await pause(Math.max(0, start + moment - performance.now()));
    const victim = workers.splice(Math.floor(next() * workers.length), 1)[0];
    if (victim === undefined) break;
    await killHard(victim);
    joining.push(join(url, `${WORKERS + n + 1}`, program).then((one) => workers.push(one)));
    if (workers.length === 0) await Promise.all(joining);
  }
  await Promise.all(joining);
  await untilDone(office, 60_000);
  const ends = await Promise.all(workers.map(drain));
  if (ends.some((status) => status !== 0))
    throw new Error(`seed ${seed}: a worker ended with ${ends.join(", ")}`);
  return outcomeOf(office, seed);
}

/** So many runs, from a seed on. */
export async function manyRuns(count: number, from: number, program = LETTER_WORKER): Promise<Outcome[]> {
  const office = await openOffice();
  const outcomes: Outcome[] = [];
  try {
    for (let seed = from; seed < from + count; seed += 1) {
      const outcome = await runWithKills(office, seed, program);
      outcomes.push(outcome);
      if (import.meta.main) console.log(JSON.stringify(outcome));
    }
  } finally {
    await office.close();
  }
  return outcomes;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, one) => total + one, 0);

if (import.meta.main) {
  const [count = "50", from = "1", careless] = process.argv.slice(2);
  const outcomes = await manyRuns(Number(count), Number(from), careless ? CARELESS : LETTER_WORKER);
  const total = (what: "lost" | "doubled" | "repeated"): number => sum(outcomes.map((o) => o[what]));
  console.log(
    `${outcomes.length} runs of ${LETTERS} letters, ${KILLS} kills each, ` +
      `${total("repeated")} letters given out again: ${total("lost")} lost, ${total("doubled")} doubled`,
  );
  process.exit(total("lost") + total("doubled") === 0 ? 0 : 1);
}
