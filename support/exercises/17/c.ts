import { checkOf } from "support/helpers/practice/kit";
import { type Flaw, inOrders, type Step, scheduler } from "./tools.ts";

type Load = () => Promise<number>;
type LoadOnce = (load: Load) => Load;

interface Input {
  /** How many loads fail before one does not. */
  failing: number;
  people: string[];
}

const ORDERS = 100;

/** What became of one order. */
async function asked(step: Step, { failing, people }: Input, loadOnce: LoadOnce) {
  const seen = { loads: 0, loaded: false, again: false, swallowed: [] as unknown[] };
  const value = 40 + failing;
  const get = loadOnce(async () => {
    seen.loads += 1;
    const fails = seen.loads <= failing;
    seen.again ||= seen.loaded;
    await step(`load ${seen.loads}`);
    if (fails) throw new RangeError("down");
    seen.loaded = true;
    return value;
  });
  for (let at = 0; at < failing; at += 1) {
    try {
      seen.swallowed.push(await get());
    } catch {
      // Who asked was told.
    }
  }
  const given = await Promise.all(
    people.map(async (name) => {
      await step(name);
      return get();
    }),
  );
  return { ...seen, given, value };
}

const loads = (count: number): string => (count === 1 ? "1 load was begun" : `${count} loads were begun`);

async function flawOf(input: Input, loadOnce: LoadOnce, seed: number): Promise<Flaw | undefined> {
  const { order, run } = scheduler(seed);
  const end = await run((step) => asked(step, input, loadOnce));
  if (end.kind === "stuck")
    return { says: "somebody waits for ever", idea: "Who was promised a value never gets one.", order };
  if (end.kind === "error")
    return {
      says: `somebody was told of ${end.error}, when the next load would have succeeded, or was not begun`,
      idea: "A failure has been kept.",
      order,
    };
  const { loads: begun, again, swallowed, given, value } = end.value;
  const wanted = input.failing + 1;
  const [first] = swallowed;
  if (again)
    return { says: "the value had been loaded, and was loaded again", idea: "It was forgotten.", order };
  if (begun > 0 && swallowed.length > 0)
    return { says: `a load failed, and who asked was given ${first}`, idea: "A failure is no value.", order };
  if (begun !== wanted)
    return {
      says: `${loads(begun)}; ${wanted} were needed`,
      ...(begun > wanted
        ? { idea: "Who asks while the value is being loaded finds nothing, and begins anew." }
        : {}),
      order,
    };
  const odd = given.findIndex((one) => one !== value);
  if (odd >= 0) return { says: `${input.people[odd]} was given ${given[odd]}; loaded was ${value}`, order };
  return undefined;
}

export const check = checkOf<LoadOnce>(async (loadOnce, desk) => {
  const inputs = desk.inputs<Input>(
    [{ failing: 2, people: ["Ann", "Bob", "Cem"] }],
    (chance) => ({ failing: chance.whole(0, 1), people: ["Dan", "Eva", "Fay", "Gus"] }),
    1,
  );
  for (const input of inputs) {
    const { failing, people } = input;
    const what = `${failing} failing ${failing === 1 ? "load" : "loads"}, and then ${people.length} people`;
    const { value: flaws = [] } = await desk.run(
      what,
      async () => {
        const found: Flaw[] = [];
        for (let seed = 0; seed < ORDERS; seed += 1) {
          const flaw = await flawOf(input, loadOnce, seed);
          if (flaw !== undefined) found.push(flaw);
        }
        return found;
      },
      { budget: { steps: 200_000 } },
    );
    desk.expect(flaws.length === 0, inOrders(flaws, ORDERS), flaws[0]?.idea);
  }
});
