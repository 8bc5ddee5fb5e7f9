import { type Chance, checkOf } from "support/helpers/practice/kit";
import { type Call, expectOrder, expectRecorded, make, stepsOf, words } from "./tools.ts";

type OrderOf = (calls: Call[]) => unknown;

const WAYS = ["tick", "promise", "promise", "immediate"] as const;
const NAMES = "ABCDEFGHIJKL";

/** A program of twelve calls: three that the callback makes, and each of the others is made by one before it. */
function program(chance: Chance): Call[] {
  const calls = [...NAMES].map((name): Call => ({ name, way: chance.one(WAYS), adds: [] }));
  calls.forEach((call, at) => {
    if (at >= 3) calls[chance.whole(0, at - 1)]?.adds.push(call);
  });
  return calls.slice(0, 3);
}

const leaf = (name: string, way: Call["way"]): Call => ({ name, way, adds: [] });

const VISIBLE: Call[] = [
  { name: "A", way: "promise", adds: [leaf("B", "tick"), leaf("C", "promise")] },
  { name: "D", way: "immediate", adds: [leaf("E", "promise"), leaf("F", "immediate")] },
  leaf("G", "tick"),
  leaf("H", "immediate"),
];

export const check = checkOf<OrderOf>(async (orderOf, desk) => {
  for (const calls of desk.inputs([VISIBLE], program, 6)) {
    const given = structuredClone(calls);
    const { value } = await desk.run(words(calls), () => ({ said: orderOf(given) }), { mayLeave: true });
    const ran = await stepsOf((step) => make(calls, step));
    expectRecorded(desk, ran);
    expectOrder(desk, calls, value?.said, ran);
  }
});
