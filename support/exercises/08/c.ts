import { sleep, task, whole } from "support";
import { type Chance, checkOf } from "support/helpers/practice/kit";

type Crawl = (linksOf: (page: string) => Promise<string[]>, first: string) => Promise<void>;

interface Site {
  /** The pages that each page leads to. The first one is where the crawler begins. */
  links: Record<string, string[]>;
  slow: string;
  /** How long it takes at best, three at a time: a page takes 1 s, the slow one 3 s. */
  seconds: number;
}

const MOST = 3;

const VISIBLE: Site = {
  links: {
    start: ["a", "b", "c", "d"],
    a: ["e", "start"],
    b: ["f", "e", "a"],
    c: [],
    d: [],
    e: [],
    f: [],
  },
  slow: "c",
  seconds: 4,
};

/** A wider site, whose pages have other names each time. */
function unseenSite(chance: Chance): Site {
  const [home = "", one = "", two = "", three = "", four = "", five = "", far = "", farther = ""] =
    chance.shuffled([..."ghijklmn"]);
  const links = {
    [home]: [one, two, three, four, five],
    [one]: [far, home],
    [two]: [far],
    [three]: [],
    [four]: [five],
    [five]: [],
    [far]: [farther, one],
    [farther]: [home],
  };
  return { links, slow: three, seconds: 5 };
}

/** A site that notes what is fetched from it. */
function open({ links, slow }: Site) {
  const noted = { times: new Map<string, number>(), strange: new Set<string>(), now: 0, most: 0 };
  const linksOf = async (page: string): Promise<string[]> => {
    const times = (noted.times.get(page) ?? 0) + 1;
    if (links[page] === undefined) noted.strange.add(page);
    else noted.times.set(page, times);
    noted.now += 1;
    noted.most = Math.max(noted.most, noted.now);
    await task(`page ${page}`, () => sleep(page === slow ? 3 : 1));
    noted.now -= 1;
    // A page that is fetched again leads nowhere, so that a crawler that goes round in circles ends.
    return times > 1 ? [] : [...(links[page] ?? [])];
  };
  return { noted, linksOf };
}

export const check = checkOf<Crawl>(async (crawl, desk) => {
  for (const site of desk.inputs([VISIBLE], unseenSite, 2)) {
    const { noted, linksOf } = open(site);
    const all = Object.keys(site.links);
    const [first = ""] = all;
    const { recording } = await desk.run(`a site of ${all.length} pages`, () => crawl(linksOf, first));
    const [strange] = noted.strange;
    desk.expect(strange === undefined, `it asked for ${strange}, which no page of this site leads to`);
    desk.expect(
      noted.most <= MOST,
      `${noted.most} pages were fetched at once; ${MOST} are allowed`,
      "A page that leads to many starts all of them, and nothing counts how many are under way.",
    );
    const [twice, times] = [...noted.times].find(([, count]) => count > 1) ?? [];
    desk.expect(
      twice === undefined,
      `the page ${twice} was fetched ${times} times`,
      "Two pages may lead to the same one, and back to where you came from.",
    );
    desk.expect(
      noted.times.size === all.length,
      `it returned with ${noted.times.size} of ${all.length} pages fetched`,
      "A page that is being fetched may lead to more.",
    );
    const settled = whole(recording.settled);
    desk.expect(
      settled <= site.seconds,
      `it ended after ${settled} s; ${site.seconds} s are enough`,
      noted.most < MOST
        ? `There were never more than ${noted.most} under way.`
        : "A place was empty while a page was known that nobody had fetched.",
    );
  }
});
