import { LESSON_SECOND_MS, whole } from "support";
import { checkOf, type Desk, type Ran } from "support/helpers/practice/kit";
import { type Crawl, type Crawled, type CrawlOptions, type PagePlan, type Site, startSite } from "./site.ts";

/** The check takes over two seconds: a page that is asked for again has its pauses, and the limit of a page is whole lesson seconds. */
const STAGES = 5;

/** A site, crawled once, with what its hosts saw. */
interface Trip {
  ran: Ran<Crawled>;
  site: Site;
  /** The names of the pages that the answer says it has, or that failed; sorted. */
  pages: string[];
  failed: string[];
}

const nameOf = (url: string): string => new URL(url).pathname.slice(1);

const named = (urls: unknown): string[] =>
  Array.isArray(urls) ? urls.map((url) => nameOf(String(url))).toSorted() : [];

/** Crawls a site from its page `a1`. */
async function trip(
  desk: Desk,
  crawl: Crawl,
  what: string,
  pages: Record<string, PagePlan>,
  options: Partial<CrawlOptions> = {},
): Promise<Trip> {
  const site = await startSite(pages);
  const given: CrawlOptions = {
    perHost: 2,
    tries: 3,
    pageSeconds: 5,
    signal: new AbortController().signal,
    ...options,
  };
  try {
    const ran = await desk.run(what, () => crawl(site.fetchPage, site.url("a1"), given), { mayLeave: true });
    return { ran, site, pages: named(ran.value?.pages), failed: named(ran.value?.failed) };
  } finally {
    await site.close();
  }
}

const list = (names: readonly string[]): string => (names.length === 0 ? "none" : names.join(" "));

async function eachPageOnce(desk: Desk, crawl: Crawl): Promise<void> {
  desk.stage(1, STAGES, "each page once");
  const fixed = {
    a1: { links: ["a2", "b1", "b1"], seconds: 1 },
    a2: { links: ["b1", "a1"], seconds: 1 },
    // Its answer comes after that of a2, which names it once more.
    b1: { links: ["a2"], seconds: 2 },
  };
  const sites = desk.inputs<Record<string, PagePlan>>(
    [fixed],
    (chance) => {
      const names = ["a1", "a2", "b1", "b2", "c1"];
      const links = (): string[] => chance.shuffled(names).slice(0, 2);
      const others = names.slice(1).map((name) => [name, { links: links(), seconds: 1 }]);
      return Object.fromEntries([["a1", { links: names.slice(1, 4), seconds: 1 }], ...others]);
    },
    1,
  );
  for (const pages of sites) {
    const { site, pages: got } = await trip(
      desk,
      crawl,
      `a site of ${Object.keys(pages).length} pages`,
      pages,
    );
    const asked = site.seen().map(({ page }) => page);
    const twice = asked.find((page, at) => asked.indexOf(page) !== at);
    desk.expect(
      twice === undefined,
      `${twice} was asked for ${asked.filter((page) => page === twice).length} times; once is enough`,
      "A page is known from the moment in which it is found, and not from that in which its answer comes.",
    );
    const all = reachable(pages);
    desk.expect(
      list(asked.toSorted()) === list(all),
      `these pages were asked for: ${list(asked.toSorted())}; there are ${list(all)}`,
    );
    desk.expect(list(got) === list(all), `it says it has ${list(got)}; it should have ${list(all)}`);
  }
}

function reachable(pages: Record<string, PagePlan>): string[] {
  const known = new Set(["a1"]);
  for (const page of known) for (const to of pages[page]?.links ?? []) known.add(to);
  return [...known].sort();
}

/** A first page that links to so many pages of some hosts, each of which takes one second. */
function star(hosts: readonly string[], each: number, seconds = 1): Record<string, PagePlan> {
  const names = hosts.flatMap((host) => Array.from({ length: each }, (_, at) => `${host}${at + 2}`));
  return Object.fromEntries([
    ["a1", { links: names, seconds: 1 }],
    ...names.map((name) => [name, { links: [], seconds }]),
  ]);
}

async function politeToEachHost(desk: Desk, crawl: Crawl): Promise<void> {
  desk.stage(2, STAGES, "a limit for each host");
  for (const perHost of desk.inputs([2], (chance) => chance.one([1, 3]), 1)) {
    const { site, ran } = await trip(
      desk,
      crawl,
      `2 hosts of 6 pages, ${perHost} to a host`,
      star(["b", "c"], 6),
      {
        perHost,
      },
    );
    for (const host of ["b", "c"]) {
      const highest = site.highest(host);
      desk.expect(
        highest <= perHost,
        `${highest} requests went to host ${host} at once; ${perHost} are allowed`,
        "Each host has a limit of its own.",
      );
    }
    const needed = 1 + 6 / perHost;
    const took = whole(ran.recording.settled);
    desk.expect(
      took <= needed + 1,
      `it took ${took} s; ${needed} s are enough`,
      "One host waits for another, or the limit is not used up.",
    );
  }
}

async function triesAgain(desk: Desk, crawl: Crawl): Promise<void> {
  desk.stage(3, STAGES, "again, and later each time");
  // So many that chance does not draw all their pauses alike, not once in ten thousand runs.
  const busy = ["b1", "b3", "c1", "c2", "d1", "d2", "e1", "e2"];
  const pages: Record<string, PagePlan> = {
    a1: { links: [...busy, "b2"], seconds: 0 },
    ...Object.fromEntries(busy.map((name) => [name, { links: [], seconds: 0, busy: 2 }])),
    b2: { links: [], seconds: 0, busy: 9 },
  };
  const all = list(["a1", ...busy]);
  const {
    site,
    pages: got,
    failed,
  } = await trip(desk, crawl, "hosts that say 503 twice", pages, { perHost: 5 });
  const times = (page: string): number[] => site.seen().flatMap((one) => (one.page === page ? [one.at] : []));
  desk.expect(
    list(got) === all,
    `it has ${list(got)}; after 3 tries it should have ${all}`,
    "503 says: not now.",
  );
  const asked = times("b2").length;
  desk.expect(asked === 3, `b2, which always says 503, was asked for ${asked} times; 3 tries were given`);
  desk.expect(list(failed) === "b2", `it says that ${list(failed)} failed; it was b2`);
  const gaps = busy.map((page) => {
    const [first = 0, second = 0, third = 0] = times(page);
    return [second - first, third - second];
  });
  const firsts = gaps.map(([gap = 0]) => gap);
  const [shortest, longest] = [Math.min(...firsts), Math.max(...firsts)];
  desk.expect(
    shortest > 0.4,
    "it asked again after less than half a second; the first pause is 1 s, give or take a half",
    "A host that has too much to do gets more to do.",
  );
  desk.expect(
    longest < 2,
    `it asked again after ${longest.toFixed(1)} s; the first pause is 1 s, give or take a half`,
  );
  desk.expect(
    gaps.some(([, second = 0]) => second > 1.5),
    "no second pause was over 1.5 s; it is 2 s, give or take a half of that",
    "Each further pause is about twice as long.",
  );
  desk.expect(
    gaps.every(([, second = 0]) => second > 0.9),
    "a second pause was shorter than 1 s; it is 2 s, give or take a half of that",
  );
  desk.expect(
    gaps.every(([, second = 0]) => second < 3.6),
    "a second pause was longer than 3 s; it is 2 s, give or take a half of that",
  );
  desk.expect(
    longest - shortest > 0.2,
    "pages that failed at the same moment were asked for again at the same moment",
    "Those who fail together come back together, unless chance draws them apart.",
  );
}

async function givesUp(desk: Desk, crawl: Crawl): Promise<void> {
  desk.stage(4, STAGES, "a limit for each page");
  const pages: Record<string, PagePlan> = {
    a1: { links: ["b1", "b2"], seconds: 1 },
    b1: { links: [], seconds: Number.POSITIVE_INFINITY },
    b2: { links: [], seconds: 1 },
  };
  const {
    site,
    ran,
    pages: got,
    failed,
  } = await trip(desk, crawl, "a page that never answers", pages, {
    pageSeconds: 3,
  });
  const asked = site.seen().filter(({ page }) => page === "b1").length;
  desk.expect(asked <= 1, `b1 was asked for ${asked} times; a page that takes too long has failed`);
  desk.expect(list(got) === "a1 b2", `it has ${list(got)}; it should have a1 b2`);
  desk.expect(list(failed) === "b1", `it says that ${list(failed)} failed; it was b1`);
  const took = whole(ran.recording.settled);
  desk.expect(took === 4, `it took ${took} s; the page may take 3 s, after a first one of 1 s`);
  desk.expect(
    site.seen().some(({ page, left }) => page === "b1" && left),
    "the host still works on b1: nobody closed the connection",
    "You gave up, and did not cancel.",
  );
}

async function drains(desk: Desk, crawl: Crawl): Promise<void> {
  desk.stage(5, STAGES, "an interrupt");
  const stop = new AbortController();
  const pages = { ...star(["b"], 6, 2), b2: { links: ["b9"], seconds: 2 }, b9: { links: [], seconds: 1 } };
  const timer = setTimeout(() => stop.abort(), 1.5 * LESSON_SECOND_MS);
  const site = await startSite(pages);
  try {
    const options: CrawlOptions = { perHost: 2, tries: 3, pageSeconds: 9, signal: stop.signal };
    const what = "an interrupt after 1.5 s, while 2 pages of 2 s are asked for";
    const { value, recording } = await desk.run(what, () => crawl(site.fetchPage, site.url("a1"), options), {
      mayLeave: true,
    });
    const asked = site.seen().map(({ page }) => page);
    desk.expect(
      asked.length === 3,
      `${asked.length} pages were asked for; 3 had been when the interrupt came`,
      "From the interrupt on nothing new is begun: neither what waits for its turn nor what is found now.",
    );
    desk.expect(
      site.seen().every(({ left }) => !left),
      "a request that ran was broken off; an interrupt lets it end",
      "To drain is to finish what was begun.",
    );
    const got = list(named(value?.pages));
    desk.expect(got === "a1 b2 b3", `it has ${got}; a1, b2 and b3 had been begun`);
    desk.expect(
      named(value?.failed).length === 0,
      `it says that ${list(named(value?.failed))} failed; nothing did`,
    );
    const took = whole(recording.settled);
    desk.expect(took === 3, `it ended after ${took} s; the last answer came after 3 s`);
  } finally {
    clearTimeout(timer);
    await site.close();
  }
}

export const check = checkOf<Crawl>(async (crawl, desk) => {
  await eachPageOnce(desk, crawl);
  await politeToEachHost(desk, crawl);
  await triesAgain(desk, crawl);
  await givesUp(desk, crawl);
  await drains(desk, crawl);
});
