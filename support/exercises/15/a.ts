import { LESSON_SECOND_MS, sleep, toLessonSeconds, whole } from "support";
import { type Chance, checkOf } from "support/helpers/practice/kit";

interface Thing {
  name: string;
  opens: number;
  closes: number;
}

interface Input {
  things: Thing[];
  stopAt: number;
}

/** What such a block says when it runs. */
async function happened({ things, stopAt }: Input): Promise<string[]> {
  const lines: string[] = [];
  const begun = performance.now();
  const now = (): number => whole(toLessonSeconds(performance.now() - begun));
  const signal = AbortSignal.timeout(stopAt * LESSON_SECOND_MS);
  const block = async (): Promise<void> => {
    await using open = new AsyncDisposableStack();
    for (const { name, opens, closes } of things) {
      await sleep(opens, { signal });
      open.defer(async () => {
        await sleep(closes);
        lines.push(`${name} closed at ${now()}`);
      });
    }
    await sleep(stopAt + 1, { signal });
  };
  await block().catch(() => lines.push(`the caller hears at ${now()}`));
  return lines;
}

/** The names of the things that are open when it is stopped. */
function openAt({ things, stopAt }: Input): string[] {
  let now = 0;
  return things.flatMap(({ name, opens }) => {
    now += opens;
    return now < stopAt ? [name] : [];
  });
}

const words = ({ things, stopAt }: Input): string =>
  `${things.map(({ name, opens, closes }) => `${name} (${opens}, ${closes})`).join(", ")}, stopped at ${stopAt}`;

/** Stopped in the middle of an opening, and never just when something has opened. */
function some(chance: Chance): Input {
  const things = chance
    .shuffled(["lock", "table", "socket"])
    .map((name) => ({ name, opens: 2, closes: chance.whole(1, 2) }));
  return { things, stopAt: 5 };
}

const VISIBLE: Input[] = [
  {
    things: [
      { name: "connection", opens: 1, closes: 1 },
      { name: "lease", opens: 1, closes: 2 },
    ],
    stopAt: 3,
  },
  {
    things: [
      { name: "connection", opens: 1, closes: 1 },
      { name: "file", opens: 3, closes: 1 },
    ],
    stopAt: 2,
  },
];

const nameOf = (line: string | undefined): string => line?.split(" ")[0] ?? "";

/** Which idea leads to a line that did not come there. */
function idea(told: string | undefined, came: string, input: Input): string | undefined {
  if (told === undefined) return undefined;
  const name = nameOf(told);
  if (came.startsWith("the caller")) {
    if (told.startsWith("the caller")) return "The caller hears when all is closed, and may rely on that.";
    return "Nothing else was open.";
  }
  if (told.startsWith("the caller")) return "What is open is closed first, however the block ends.";
  if (input.things.some((thing) => thing.name === name) && !openAt(input).includes(name))
    return `At ${input.stopAt} s the ${name} was not yet open.`;
  if (name !== nameOf(came)) return "What was opened last may use what was opened before it.";
  return "The next one is closed when that is done: one after the other.";
}

export const check = checkOf<(things: Thing[], stopAt: number) => string[]>(async (linesOf, desk) => {
  for (const input of desk.inputs(VISIBLE, some, 1)) {
    const given = structuredClone(input);
    const { value } = await desk.run(words(input), () => linesOf(given.things, given.stopAt));
    desk.expect(Array.isArray(value), `it gave ${typeof value}; a list of lines is wanted`);
    const told = value ?? [];
    const came = await happened(input);
    const at = came.findIndex((line, index) => told[index] !== line);
    const was = came[at] ?? "";
    const yours = told[at];
    const seen = yours === undefined ? `line ${at + 1} is missing` : `line ${at + 1} is "${yours}" with you`;
    desk.expect(at < 0, `${seen}; it was "${was}"`, idea(yours, was, input));
    desk.expect(told.length === came.length, `you have ${told.length} lines; ${came.length} came`);
  }
});
