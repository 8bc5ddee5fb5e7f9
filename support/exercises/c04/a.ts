import { checkOf } from "support/helpers/practice/kit";

interface Callback {
  name: string;
  adds: Callback[];
}
type Order = (callbacks: Callback[]) => string[];

const callback = (name: string, ...adds: Callback[]): Callback => ({ name, adds });

const FIRST: Callback[] = [callback("a", callback("c", callback("e")), callback("d")), callback("b")];

const OTHERS: Callback[][] = [
  [callback("z"), callback("m", callback("k", callback("b"), callback("x"))), callback("f", callback("a"))],
  [callback("q", callback("d", callback("w", callback("c")))), callback("j", callback("h"))],
];

function words(callbacks: readonly Callback[]): string {
  const all = (some: readonly Callback[]): Callback[] => some.flatMap((one) => [one, ...all(one.adds)]);
  const adding = all(callbacks).filter(({ adds }) => adds.length > 0);
  const told = adding.map(({ name, adds }) => `${name} adds ${adds.map((one) => one.name).join(" and ")}`);
  return `${callbacks.map(({ name }) => name).join(", ")}; ${told.join("; ")}`;
}

/** Runs such callbacks in a ready queue. */
function drained(callbacks: readonly Callback[]): string[] {
  const names: string[] = [];
  const ready: (() => void)[] = [];
  const add = ({ name, adds }: Callback): void => {
    ready.push(() => {
      names.push(name);
      adds.forEach(add);
    });
  };
  callbacks.forEach(add);
  for (let next = ready.shift(); next; next = ready.shift()) next();
  return names;
}

/** The order in which each is followed at once by what it adds. */
const inDepth = (callbacks: readonly Callback[]): string[] =>
  callbacks.flatMap(({ name, adds }) => [name, ...inDepth(adds)]);

function ideaOf(
  said: readonly unknown[],
  came: readonly string[],
  callbacks: Callback[],
): string | undefined {
  if (said.join() === inDepth(callbacks).join())
    return "Then what is added would come before what waits already.";
  if (said.length < came.length) return "Some have not been run: drain goes on until nothing is left.";
  return undefined;
}

export const check = checkOf<Order>(async (order, desk) => {
  const others = desk.chance.shuffled(OTHERS);
  for (const callbacks of desk.inputs([FIRST], () => others.pop() ?? FIRST, OTHERS.length)) {
    const { value } = await desk.run(words(callbacks), () => {
      const said: unknown = order(structuredClone(callbacks));
      return Array.isArray(said) ? said : [];
    });
    const said = value ?? [];
    const came = drained(callbacks);
    desk.expect(
      said.join() === came.join(),
      `you said ${said.length === 0 ? "nothing" : said.join(" ")}; it is ${came.join(" ")}`,
      ideaOf(said, came, callbacks),
    );
  }
});
