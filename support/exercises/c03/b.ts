import { inspect } from "node:util";
import { whole } from "support";
import { type Chance, checkOf, delayServer, getFrom } from "support/helpers/practice/kit";

type Ask = (page: string) => Promise<number>;
type Sharing = (ask: Ask) => Ask;

/** How many seconds each page takes; the answer is that number. */
const SECONDS: Readonly<Record<string, number>> = { news: 2, sport: 1, weather: 3 };

const others = (chance: Chance): string[] =>
  chance.shuffled(["news", "sport", "weather", "weather", "sport"]);

export const check = checkOf<Sharing>(async (sharing, desk) => {
  const get = getFrom(await delayServer());
  for (const pages of desk.inputs([["news", "news", "sport"]], others, 1)) {
    const asked: string[] = [];
    let atOnce: string[] = [];
    const { value, recording } = await desk.run(`${pages.join(", ")} at once`, async () => {
      const ask = sharing((page) => {
        asked.push(page);
        return get(SECONDS[page] ?? 1);
      });
      const answers = await Promise.all(pages.map((page) => ask(page)));
      atOnce = [...asked];
      await ask(pages[0] ?? "news");
      return answers;
    });
    for (const page of new Set(pages)) {
      const times = asked.filter((one) => one === page).length;
      desk.expect(times > 0, `page ${page} was not asked for`);
      desk.expect(
        times === 1,
        `page ${page} was asked for ${times} times; once is enough`,
        atOnce.length === new Set(atOnce).size
          ? "What was there already has been forgotten."
          : "When the second one looked, the first one was still waiting, and had noted nothing.",
      );
    }
    const longest = Math.max(...pages.map((page) => SECONDS[page] ?? 1));
    const settled = whole(recording.settled);
    desk.expect(
      settled === longest,
      `it ended after ${settled} s; asked for at once, all pages are there after ${longest} s`,
      "A call for one page waits for another page.",
    );
    const expected = pages.map((page) => SECONDS[page]);
    desk.expect(
      inspect(value) === inspect(expected),
      `it gave ${inspect(value)}; expected is ${inspect(expected)}`,
    );
  }
  let tries = 0;
  const flat = async (page: string): Promise<number> => {
    tries += 1;
    const answer = await get(1);
    if (tries === 1) throw new RangeError(`${page} is flat`);
    return answer;
  };
  const { value } = await desk.run("a page, flat, that fails the first time", async () => {
    const ask = sharing(flat);
    const first = await Promise.allSettled([ask("flat"), ask("flat")]);
    const [again] = await Promise.allSettled([ask("flat")]);
    return { first, again };
  });
  for (const end of value?.first ?? [])
    desk.expect(
      end.status === "rejected",
      `page flat failed, and it gave ${inspect(Reflect.get(end, "value"))}`,
      "Each of those who wait has to hear of the failure.",
    );
  desk.expect(
    value?.again?.status === "fulfilled",
    "page flat was not asked for again after its failure",
    "A rejected promise that is kept gives the same error for ever.",
  );
});
