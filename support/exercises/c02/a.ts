import { sleep, task } from "support";
import { type Chance, checkOf } from "support/helpers/practice/kit";

type Dish = [name: string, seconds: number];
type Order = (dishes: Dish[]) => string[];

const NAMES = ["soup", "rice", "beans", "pie", "salad"];

function others(chance: Chance): Dish[] {
  const seconds = chance.shuffled([1, 2, 3, 4]).slice(0, 3);
  return chance.shuffled(NAMES).flatMap((name, at): Dish[] => {
    const own = seconds[at];
    return own === undefined ? [] : [[name, own]];
  });
}

/** Cooks as the text has it, and returns the lines in the order in which they came. */
async function cookAll(dishes: readonly Dish[]): Promise<string[]> {
  const lines: string[] = [];
  async function cook(name: string, seconds: number): Promise<void> {
    lines.push(`${name} starts`);
    await sleep(seconds);
    lines.push(`${name} is ready`);
  }
  const started = dishes.map(([name, seconds]) => task(name, () => cook(name, seconds)));
  lines.push("all called");
  await Promise.all(started);
  return lines;
}

/** Which idea leads to a line where another one came. */
function ideaOf(said: readonly string[], at: number, came: string): string | undefined {
  const own = said[at];
  if (own === undefined) return undefined;
  if (own.endsWith("ready") && came.endsWith("starts"))
    return "Then a call would run to its end before the next one begins.";
  if (own === "all called") return "Then a call would start nothing, as in Python.";
  if (came === "all called" && !said.includes(came)) return "The caller notes a line too.";
  if (came === "all called") return "Then the calls would have waited. Each has returned at its first await.";
  if (own.endsWith("ready")) return "The dish that was called first need not be ready first.";
  return undefined;
}

export const check = checkOf<Order>(async (order, desk) => {
  const first: Dish[] = [
    ["tea", 3],
    ["toast", 1],
    ["egg", 2],
  ];
  for (const dishes of desk.inputs([first], others, 2)) {
    const words = dishes.map(([name, seconds]) => `${name} (${seconds} s)`).join(", ");
    const { value } = await desk.run(words, async () => {
      const said: unknown = order(structuredClone(dishes));
      return { said: Array.isArray(said) ? said.map(String) : [], came: await cookAll(dishes) };
    });
    const { said, came } = value ?? { said: [], came: [] };
    const at = came.findIndex((line, place) => line !== said[place]);
    const own = said[at] === undefined ? `you said ${said.length} lines` : `you said “${said[at]}”`;
    desk.expect(at === -1, `line ${at + 1} is “${came[at]}”; ${own}`, ideaOf(said, at, came[at] ?? ""));
    desk.expect(said.length === came.length, `there are ${came.length} lines; you said ${said.length}`);
  }
});
