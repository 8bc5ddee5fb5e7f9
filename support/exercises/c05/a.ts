import { checkOf } from "support/helpers/practice/kit";
import { type Call, expectOrder, expectRecorded, make, stepsOf, words } from "./tools.ts";

type InOrder = (calls: Pick<Call, "name" | "way">[]) => unknown;

const WAYS = ["timeout", "promise", "immediate", "tick", "now", "tick", "promise", "timeout"] as const;

const named = (ways: readonly Call["way"][]): Call[] =>
  ways.map((way, at) => ({ name: "ABCDEFGH"[at] ?? "", way, adds: [] }));

export const check = checkOf<InOrder>(async (inOrder, desk) => {
  const visible = [named(["timeout", "promise", "immediate", "tick", "now", "promise"])];
  for (const calls of desk.inputs(visible, (chance) => named(chance.shuffled(WAYS)), 3)) {
    const given = calls.map(({ name, way }) => ({ name, way }));
    const { value } = await desk.run(words(calls), () => ({ said: inOrder(given) }), { mayLeave: true });
    const ran = await stepsOf((step) => make(calls, step));
    expectRecorded(desk, ran);
    expectOrder(desk, calls, value?.said, ran);
  }
});
