import { setImmediate as turn } from "node:timers/promises";
import { sleep } from "support";
import { type Chance, checkOf, type Desk } from "support/helpers/practice/kit";

interface Watch {
  handle(id: string, page: string): Promise<string>;
  log(line: string): void;
  now(): string[];
}

type MakeWatch = (
  handler: (page: string) => Promise<string>,
  print: (line: string) => void,
  limit: number,
) => Watch;

/** A request; each has a page of its own. Lesson seconds. */
interface Visit {
  id: string;
  page: string;
  takes: number;
  fails: boolean;
}

interface Input {
  limit: number;
  visits: Visit[];
}

const LIMIT = 2;
const SLOW = 4.5;

/** All come at once; `slow` says for which of them it takes longer than the limit. */
function visitsOf(ids: readonly string[], slow: number, failing: number): Visit[] {
  return ids.map((id, at) => ({
    id,
    page: `page ${at + 1}`,
    takes: at === slow ? SLOW : 0.5 * (1 + (at % 2)),
    fails: at === failing,
  }));
}

const VISIBLE: Input[] = [
  { limit: LIMIT, visits: visitsOf(["A", "B", "A"], 0, 2) },
  { limit: 10 * LIMIT, visits: visitsOf(["A", "B"], -1, 1) },
];

function some(chance: Chance): Input {
  const ids = Array.from({ length: 5 }, () => chance.one(["Ann", "Bob", "Cem", "Dan"]));
  const slow = chance.whole(0, 2);
  return { limit: LIMIT, visits: visitsOf(ids, slow, chance.one([slow, 3, 4])) };
}

function wordsOf({ limit, visits }: Input): string {
  const each = visits.map(({ id, takes, fails }) => `${id} of ${takes} s${fails ? " that fails" : ""}`);
  return `a limit of ${limit} s, and requests at once: ${each.join(", ")}`;
}

const failureOf = ({ page }: Visit): string => `RangeError: ${page} is broken`;
const answerOf = ({ page }: Visit): string => `the answer of ${page}`;

/** A line that was logged, by which request; by none where it says nothing. */
interface Logged {
  by?: Visit;
  line: string;
}

/** What `now()` said, and what was under way. */
interface Look {
  says: string[];
  are: string[];
}

interface Seen {
  /** What was printed and, between that, the pages whose handlers ended. */
  events: { printed?: string; ended?: string }[];
  logged: Logged[];
  looks: Look[];
  ends: { visit: Visit; says: unknown; error: unknown }[];
}

async function seenOf({ limit, visits }: Input, watch: MakeWatch): Promise<Seen> {
  const seen: Seen = { events: [], logged: [], looks: [], ends: [] };
  const log = (line: string, by?: Visit): void => {
    seen.logged.push({ line, ...(by === undefined ? {} : { by }) });
    watched.log(line);
  };
  const work = async (visit: Visit): Promise<string> => {
    log(`${visit.page} begins`, visit);
    await sleep(visit.takes / 2);
    log(`${visit.page} is half done`, visit);
    await sleep(visit.takes / 2);
    log(`${visit.page} is done`, visit);
    seen.events.push({ ended: visit.page });
    if (visit.fails) throw new RangeError(`${visit.page} is broken`);
    return answerOf(visit);
  };
  const working = new Map<string, Promise<string>>();
  const handler = (page: string): Promise<string> => {
    const visit = visits.find((one) => one.page === page);
    if (visit === undefined) throw new RangeError(`there is no ${page}`);
    const mine = work(visit);
    working.set(page, mine);
    return mine;
  };
  const watched = watch(handler, (printed) => void seen.events.push({ printed }), limit);
  const running = new Set<Visit>();
  const look = (): void => {
    seen.looks.push({ says: [...watched.now()], are: [...running].map(({ id }) => id) });
  };
  const ask = async (visit: Visit): Promise<void> => {
    running.add(visit);
    const end = await watched.handle(visit.id, visit.page).then(
      (says) => ({ visit, says, error: undefined }),
      (error: unknown) => ({ visit, says: undefined, error }),
    );
    running.delete(visit);
    seen.ends.push(end);
  };
  const asked = new Map(visits.map((visit) => [visit, ask(visit)]));
  log("a line from outside");
  look();
  await Promise.all(visits.filter(({ takes }) => takes < LIMIT).map((visit) => asked.get(visit)));
  log("a line from outside, later");
  look();
  await Promise.all(asked.values());
  await Promise.allSettled(working.values());
  await turn();
  look();
  return seen;
}

const listed = (ids: readonly string[]): string => ids.join(", ") || "nobody";

function judgeLines({ events, logged }: Seen, desk: Desk): void {
  const printed = events.flatMap((one) => one.printed ?? []);
  const own = printed.filter((line) => !line.endsWith(": slow"));
  desk.expect(
    own.length === logged.length,
    `${own.length} lines were printed; ${logged.length} were logged`,
    "Each line that is logged is printed once.",
  );
  for (const { by, line } of logged) {
    const whose = by?.id ?? "nobody";
    const found = printed.find((one) => one.endsWith(`: ${line}`));
    const name = found?.slice(0, -`: ${line}`.length);
    desk.expect(
      name === whose,
      `a line of ${whose}'s was printed as ${name}'s`,
      by === undefined
        ? "Outside there is no request, also while some are under way."
        : "Others come in between, at each await. What one request sets, another one may not find.",
    );
  }
}

function judgeSlow({ events }: Seen, { limit, visits }: Input, desk: Desk): void {
  for (const id of new Set(visits.map((visit) => visit.id))) {
    const own = visits.filter((visit) => visit.id === id);
    const slow = own.find(({ takes }) => takes > limit);
    const told = events.flatMap(({ printed }, at) => (printed === `${id}: slow` ? [at] : []));
    const times = told.length === 1 ? "once" : `${told.length} times`;
    desk.expect(
      slow !== undefined || told.length === 0,
      `${id} was told of as slow ${times}; no request of that id took ${limit} s`,
    );
    if (slow === undefined) continue;
    const over = events.findIndex(({ ended }) => ended === slow.page);
    desk.expect(told.length > 0, `${id} took ${slow.takes} s, and was not told of as slow`);
    desk.expect(
      (told[0] ?? 0) < over,
      `${id} was told of as slow when its request had ended, at ${slow.takes} s`,
      "A request that hangs never ends.",
    );
    desk.expect(told.length === 1, `${id} was told of as slow ${times}; once was asked for`);
  }
}

function judgeEnd({ visit, says, error }: Seen["ends"][number], desk: Desk): void {
  if (visit.fails) {
    desk.expect(
      String(error) === failureOf(visit),
      `${visit.id} got ${says ?? error}; its handler had failed with ${failureOf(visit)}`,
      "A watch only looks.",
    );
    return;
  }
  desk.expect(
    error === undefined,
    `${visit.id} got ${error}; its handler had not failed`,
    "A watch only looks.",
  );
  desk.expect(says === answerOf(visit), `${visit.id} got ${says}; its handler had said ${answerOf(visit)}`);
}

export const check = checkOf<MakeWatch>(async (watch, desk) => {
  for (const input of desk.inputs(VISIBLE, some, 1)) {
    const { value } = await desk.run(wordsOf(input), () => seenOf(input, watch));
    if (value === undefined) continue;
    for (const end of value.ends) judgeEnd(end, desk);
    judgeLines(value, desk);
    for (const { says, are } of value.looks)
      desk.expect(
        says.join() === are.join(),
        `under way: ${listed(are)}; now() says ${listed(says)}`,
        says.length > are.length
          ? "What is counted when it begins has to be counted off when it ends, in any way."
          : undefined,
      );
    judgeSlow(value, input, desk);
  }
});
