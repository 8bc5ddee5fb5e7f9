import { inspect } from "node:util";
import { task, whole } from "support";
import { type Chance, checkOf, type Desk, delayServer, getFrom } from "support/helpers/practice/kit";
import { mostAtOnce } from "./tools.ts";

interface Page {
  host: string;
  seconds: number;
}

type Ask = (page: Page, signal?: AbortSignal) => Promise<string>;
type AskAll = (ask: Ask, pages: Page[], limit: number) => Promise<string[]>;

/** How many requests a host takes at a time. */
const MOST = 2;

const said = ({ host, seconds }: Page): string => `${host} ${seconds} s`;

/** When the last request of a host ends, two at a time, in order, each for at most so long. */
function endOf(delays: readonly number[], limit: number): number {
  const free = Array.from({ length: MOST }, () => 0);
  for (const delay of delays) {
    const at = free.indexOf(Math.min(...free));
    free[at] = (free[at] ?? 0) + Math.min(delay, limit);
  }
  return Math.max(...free);
}

async function judge(askAll: AskAll, desk: Desk, pages: Page[], limit: number): Promise<void> {
  const server = await delayServer();
  await server.reset();
  const get = getFrom(server);
  const ask: Ask = (page, signal) =>
    task(`host ${page.host}, ${page.seconds} s`, async () => {
      await get(page.seconds, signal);
      return `page of ${page.seconds} s`;
    });
  const { value = [], recording } = await desk.run(
    `${pages.map(said).join(", ")}, and a limit of ${limit} s`,
    () => askAll(ask, pages, limit),
  );
  const hosts = [...new Set(pages.map(({ host }) => host))];
  for (const host of hosts) {
    const most = mostAtOnce(recording.tasks.filter(({ name }) => name.startsWith(`host ${host}`)));
    desk.expect(
      most <= MOST,
      `${most} went to host ${host} at once; ${MOST} are allowed`,
      "The permits are not those of this host alone.",
    );
  }
  const sent = recording.tasks.filter(({ name }) => name.startsWith("host")).length;
  const wrongly = pages.find(({ seconds }, at) => seconds < limit && value[at] !== `page of ${seconds} s`);
  desk.expect(
    wrongly === undefined,
    `${wrongly && said(wrongly)} came out as ${inspect(value[wrongly ? pages.indexOf(wrongly) : 0])}; its request needs less than ${limit} s`,
    "The time in the line was counted, too. A limit on the request begins when it is sent.",
  );
  desk.expect(sent === pages.length, `${sent} requests were sent; ${pages.length} pages were asked for`);
  const late = pages.filter(({ seconds }) => seconds > limit).length;
  const { finished } = await server.stats();
  desk.expect(
    finished === pages.length - late,
    `the server answered ${finished} requests; ${late} of the ${pages.length} take longer than ${limit} s`,
    "A late request has to be broken off.",
  );
  const wanted = pages.map(({ seconds }) => (seconds > limit ? "late" : `page of ${seconds} s`));
  desk.expect(inspect(value) === inspect(wanted), `it gave ${inspect(value)}; right is ${inspect(wanted)}`);
  const ends = hosts.map((host) =>
    endOf(
      pages.flatMap((page) => (page.host === host ? [page.seconds] : [])),
      limit,
    ),
  );
  const right = Math.max(...ends);
  const settled = whole(recording.settled);
  desk.expect(
    settled === right,
    `it ended after ${settled} s; ${right} s are enough`,
    "A request waits although its own host has a place free.",
  );
}

/** The pages of some hosts in one list: the order within each host stays. */
function mixed(chance: Chance, hosts: Readonly<Record<string, readonly number[]>>): Page[] {
  const left = new Map(Object.entries(hosts).map(([host, delays]) => [host, [...delays]]));
  const turns = Object.entries(hosts).flatMap(([host, delays]) => delays.map(() => host));
  return chance.shuffled(turns).map((host) => ({ host, seconds: left.get(host)?.shift() ?? 1 }));
}

export const check = checkOf<AskAll>(async (askAll, desk) => {
  const limit = 4;
  const [five, slow] = [
    [1, 2, 2, 1, 2],
    [1, 6, 1],
  ];
  const page = (host: string) => (seconds: number) => ({ host, seconds });
  const visible = [[...five.map(page("a")), ...slow.map(page("b"))]];
  const inputs = desk.inputs(visible, (chance) => mixed(chance, { a: slow, b: five, c: [1] }), 1);
  for (const pages of inputs) await judge(askAll, desk, pages, limit);
});
