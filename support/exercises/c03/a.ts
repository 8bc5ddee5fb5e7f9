import { checkOf } from "support/helpers/practice/kit";

interface Handler {
  kind: "then" | "catch";
  throws: boolean;
}
type Called = (handlers: Handler[]) => number[];

const handler = (kind: Handler["kind"], throws = false): Handler => ({ kind, throws });

const FIRST: readonly Handler[] = [handler("then", true), handler("then"), handler("catch"), handler("then")];

/** Each with another turn: a catch that throws, one that has nothing to catch, two in a row. */
const OTHERS: readonly (readonly Handler[])[] = [
  [handler("then"), handler("catch"), handler("then", true), handler("catch"), handler("then")],
  [handler("then", true), handler("catch", true), handler("then"), handler("catch"), handler("then")],
  [handler("catch"), handler("then", true), handler("catch"), handler("catch"), handler("then", true)],
];

const words = (handlers: readonly Handler[]): string =>
  handlers.map(({ kind, throws }) => `a ${kind}${throws ? " that throws" : ""}`).join(", ");

/** The numbers of the handlers that are called when there is such a chain. */
async function calledOf(handlers: readonly Handler[]): Promise<number[]> {
  const numbers: number[] = [];
  let chain = Promise.resolve();
  for (const [at, { kind, throws }] of handlers.entries()) {
    const own = (): void => {
      numbers.push(at + 1);
      if (throws) throw new RangeError(`number ${at + 1} throws`);
    };
    chain = kind === "then" ? chain.then(own) : chain.catch(own);
  }
  await Promise.allSettled([chain]);
  return numbers;
}

/** What came to the first handler of which the answer says something else. */
function ideaOf(handlers: readonly Handler[], said: readonly unknown[], came: readonly number[]): string {
  const at = handlers.findIndex((_, place) => said.includes(place + 1) !== came.includes(place + 1));
  if (at === -1)
    return "Those are called, each of them once, in the order of the chain, and no other numbers.";
  const kind = handlers[at]?.kind ?? "then";
  const failed = came.includes(at + 1) === (kind === "catch");
  return `Number ${at + 1} is a ${kind}, and ${failed ? "an error" : "no error"} has come to it.`;
}

export const check = checkOf<Called>(async (called, desk) => {
  const others = desk.chance.shuffled(OTHERS);
  const inputs = desk.inputs([FIRST], () => others.pop() ?? FIRST, OTHERS.length);
  for (const handlers of inputs) {
    const { value } = await desk.run(words(handlers), async () => {
      const said: unknown = called(handlers.map((one) => ({ ...one })));
      return { said: Array.isArray(said) ? said : [], came: await calledOf(handlers) };
    });
    const { said, came } = value ?? { said: [], came: [] };
    desk.expect(
      said.join() === came.join(),
      `you said ${said.length === 0 ? "none" : said.join(", ")}. ${ideaOf(handlers, said, came)}`,
    );
  }
});
