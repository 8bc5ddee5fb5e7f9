import { inspect } from "node:util";
import { sleep, task, toLessonSeconds, whole } from "support";
import { type Chance, checkOf, delayServer, type Get, getFrom } from "support/helpers/practice/kit";

type WithTicks = (get: Get, seconds: number, tick: () => void) => Promise<number>;

/** How long after an answer a tick that should not come is waited for, in lesson seconds. */
const LOOK_ON = 2;

/** A tick that notes when it was called, in whole lesson seconds. */
function newTicks(): { tick: () => void; times: number[] } {
  const started = performance.now();
  const times: number[] = [];
  return { tick: () => void times.push(whole(toLessonSeconds(performance.now() - started))), times };
}

const dueTimes = (seconds: number): number[] =>
  Array.from({ length: Math.floor(seconds / 2) }, (_, at) => 2 * (at + 1));

interface Input {
  /** What is asked for, and when the answer comes, in lesson seconds. */
  asked: number;
  seconds: number;
}

const other = (chance: Chance): Input => ({ asked: chance.one([5, 6]), seconds: 3 });

export const check = checkOf<WithTicks>(async (withTicks, desk) => {
  const server = getFrom(await delayServer());
  for (const { asked, seconds } of desk.inputs<Input>([{ asked: 5, seconds: 5 }], other, 1)) {
    const { tick, times } = newTicks();
    const get: Get = (_asked, signal) => server(seconds, signal);
    const own = asked === seconds ? "" : `, where ${asked} s were expected`;
    const { value, recording } = await desk.run(`an answer after ${seconds} s${own}`, async () => {
      const given = await task("withTicks", () => withTicks(get, asked, tick));
      await sleep(LOOK_ON);
      return given;
    });
    const due = dueTimes(seconds);
    const late = times.find((time) => time > seconds);
    const settled = whole(recording.tasks.find(({ name }) => name === "withTicks")?.end ?? 0);
    desk.expect(
      settled === seconds,
      `it ended after ${settled} s; the answer was there after ${seconds} s`,
      settled < seconds
        ? "Nobody waited for the answer."
        : "Something else than the answer is waited for in the end.",
    );
    desk.expect(value === seconds, `it gave ${inspect(value)}; the answer was ${seconds}`);
    desk.expect(
      times.length >= due.length,
      `tick was called ${times.length} times; in ${seconds} s it is due ${due.length} times`,
      times.length === 0 ? "Nothing ticks, or it was stopped before the answer was there." : undefined,
    );
    desk.expect(
      late === undefined,
      `tick was called again when the answer was there, at ${late} s`,
      "A timer that is no reason to stay still rings, as long as something else stays.",
    );
    desk.expect(
      times.join() === due.join(),
      `tick was called at ${times.join(", ")} s; it is due at ${due.join(", ")} s`,
    );
  }
  const broken = getFrom(await delayServer(), { failing: [3] });
  const { ok, value } = await desk.run(
    "a request that fails after 3 s",
    () => withTicks(broken, 3, newTicks().tick),
    { mayFail: true },
  );
  desk.expect(
    !ok,
    `the request failed, and it gave ${inspect(value)}`,
    "Who asked has to hear of the failure.",
  );
});
