import { inspect } from "node:util";
import { compute, LESSON_SECOND_MS, sleep, task } from "support";
import { checkOf } from "support/helpers/practice/kit";

type Makespan = (tasks: number, wait: number, work: number) => number;

interface Input {
  tasks: number;
  wait: number;
  work: number;
}

/** Not the first trial's numbers, and all over within 5 s. */
const OTHERS: readonly Input[] = [
  { tasks: 2, wait: 1, work: 2 },
  { tasks: 4, wait: 1, work: 1 },
  { tasks: 2, wait: 3, work: 1 },
];

function ideaOf(said: unknown, { tasks, wait, work }: Input): string | undefined {
  if (said === tasks * (wait + work))
    return "You add up all there is, as if each task began when the one before has ended. A task that sleeps holds nobody up.";
  if (said === wait + work) return "You let the work overlap too. There is one thread.";
  if (said === tasks * work) return "Before it computes, each task sleeps.";
  if (said === tasks * wait + work)
    return "That is how tasks behave that wait with block, and compute side by side.";
  return undefined;
}

export const check = checkOf<Makespan>(async (makespan, desk) => {
  const others = desk.chance.shuffled(OTHERS);
  const first = { tasks: 4, wait: 2, work: 1 };
  for (const input of desk.inputs([first], () => others.pop() ?? first, 2)) {
    const { tasks, wait, work } = input;
    const words = `${tasks} tasks that sleep for ${wait} s and compute for ${work} s`;
    const { value } = await desk.run(
      words,
      async () => {
        const said = makespan(tasks, wait, work);
        const names = Array.from({ length: tasks }, (_, at) => `task ${at + 1}`);
        await Promise.all(
          names.map((name) =>
            task(name, async () => {
              await sleep(wait);
              compute(work);
            }),
          ),
        );
        return said;
      },
      { budget: { seconds: 60, holdMs: 20 * LESSON_SECOND_MS } },
    );
    const takes = wait + tasks * work;
    desk.expect(value === takes, `you said ${inspect(value)} s; it takes ${takes} s`, ideaOf(value, input));
  }
});
