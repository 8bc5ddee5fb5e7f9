import { checkOf } from "support/helpers/practice/kit";
import { type Step, sendsOf } from "./tools.ts";

type TimesSent = (steps: Step[], killed: number) => number;

interface Input {
  steps: Step[];
  killed: number;
}

const BOTH: Input[] = [
  { steps: ["look", "send", "done", "log"], killed: 2 },
  { steps: ["look", "send", "done", "log"], killed: 3 },
  { steps: ["look", "done", "send", "log"], killed: 2 },
];

/** What likely led to another number. */
function ideaOf({ steps, killed }: Input, said: number, sent: number): string {
  const first = steps.slice(0, killed);
  if (first.includes("done"))
    return said > sent
      ? "The queue has heard that the letter is done, and gives it to nobody any more."
      : "What the first worker did before it was killed has happened.";
  if (said < sent)
    return "The queue does not see what a worker has done, and a second worker begins at the beginning.";
  return "Count the steps that each of the two workers got to.";
}

export const check = checkOf<TimesSent>(async (timesSent, desk) => {
  const inputs = desk.inputs(
    BOTH,
    (chance): Input => ({
      steps: chance.shuffled(["look", "send", "done", "log"]),
      killed: chance.whole(0, 4),
    }),
    12,
  );
  for (const input of inputs) {
    const { steps, killed } = input;
    const given = `${steps.join(", ")}; killed after ${killed}`;
    const { value } = await desk.run(given, () => timesSent([...steps], killed));
    const sent = await sendsOf(steps, killed);
    const were = sent === 1 ? "1 was sent" : `${sent} were sent`;
    desk.expect(value === sent, `it says ${value}; ${were}`, ideaOf(input, Number(value), sent));
  }
});
