import { inspect } from "node:util";
import { task } from "support";
import { type Chance, checkOf, type Desk } from "support/helpers/practice/kit";
import { type Coroutine, type Loop, newLoop, newTrace } from "./tools.ts";

type First = (loop: Loop, parts: Coroutine<string>[]) => Coroutine<string>;

/** Names, each with the seconds after which it is done. */
type Runners = readonly (readonly [name: string, seconds: number])[];

/** How long the caller sleeps after the race, in lesson seconds. */
const AFTER = 3;

const FIRST: Runners = [
  ["slow", 3],
  ["fast", 1],
  ["middle", 2],
];

const other = (chance: Chance): Runners => chance.shuffled([...FIRST, ["at once", 0] as const]);

/** One race: its lines, each with the lesson second, and how many have been started. */
interface Race {
  lines: readonly string[];
  started: number;
}

async function race(desk: Desk, first: First, runners: Runners, failing?: string): Promise<Race> {
  const told = runners.map(([name, seconds]) => `${name} (${seconds} s${name === failing ? ", fails" : ""})`);
  const trace = newTrace();
  let started = 0;
  const loop = newLoop();
  function* runner(name: string, seconds: number): Coroutine<string> {
    started += 1;
    if (seconds > 0) yield* loop.sleep(seconds);
    trace.note(`${name} is done`);
    if (name === failing) throw new RangeError(`${name} fell`);
    return name;
  }
  function* main(): Coroutine<void> {
    try {
      trace.note(
        `gave ${yield* first(
          loop,
          runners.map(([name, seconds]) => runner(name, seconds)),
        )}`,
      );
    } catch (error) {
      trace.note(`failed with ${error instanceof Error ? error.message : inspect(error)}`);
    }
    yield* loop.sleep(AFTER);
    trace.note("over");
  }
  await desk.run(told.join(", "), () => task("loop", () => loop.run(main())), { mayFail: true });
  return { lines: trace.lines, started };
}

/** The second of the line that begins so; undefined when there is none. */
function secondOf(lines: readonly string[], start: string): number | undefined {
  const line = lines.find((one) => one.includes(` s: ${start}`));
  return line === undefined ? undefined : Number.parseInt(line, 10);
}

const wordOf = (lines: readonly string[], start: string): string | undefined =>
  lines.find((one) => one.includes(` s: ${start} `))?.split(` s: ${start} `)[1];

export const check = checkOf<First>(async (first, desk) => {
  for (const runners of desk.inputs<Runners>([FIRST], other, 1)) {
    const { lines, started } = await race(desk, first, runners);
    desk.expect(started === runners.length, `started: ${started} of ${runners.length} coroutines`);
    const [name, seconds] = [...runners].sort((one, another) => one[1] - another[1])[0] ?? ["", 0];
    const returned = secondOf(lines, "gave");
    desk.expect(
      returned === seconds,
      `it ${returned === undefined ? "did not return" : `returned at ${returned} s`}; the first one was done at ${seconds} s`,
      returned === undefined || returned > seconds ? "It waits for another one than the first." : undefined,
    );
    const given = wordOf(lines, "gave");
    desk.expect(given === name, `it gave ${given}; the first one to be done was ${name}`);
    const slept = (secondOf(lines, "over") ?? 0) - seconds;
    desk.expect(
      slept === AFTER,
      `the caller slept for ${AFTER} s after the race, and was woken after ${slept} s`,
      "A loser has called the caller's resume once more.",
    );
    const slowest = Math.max(...runners.map((one) => one[1]));
    desk.expect(
      secondOf(lines, "slow is done") === slowest,
      `slow was to be done at ${slowest} s, and was not`,
    );
  }
  const { lines } = await race(desk, first, FIRST, "fast");
  const failed = wordOf(lines, "failed with");
  desk.expect(
    failed === "fast fell",
    failed === undefined
      ? `the first one to end failed, and first gave ${wordOf(lines, "gave") ?? "nothing"}`
      : `it failed with ${failed}; expected is “fast fell”`,
    "An outcome is a value or an error: the first one counts.",
  );
});
