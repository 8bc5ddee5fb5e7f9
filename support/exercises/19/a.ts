import type { RecordedTask } from "support";
import { type Chance, checkOf } from "support/helpers/practice/kit";

type Culprit = (tasks: RecordedTask[]) => string | undefined;
type Slice = RecordedTask["cpu"][number];

/** Who does what, by name; `hold` is how long the lump is, in lesson seconds. */
interface Input {
  sleeper: string;
  pieces: string;
  lump: string;
  victim: string;
  hold: number;
}

const VISIBLE: Input = { sleeper: "mail", pieces: "prices", lump: "labels", victim: "health", hold: 2 };

const NAMES = ["mail", "prices", "labels", "health"] as const;

function other(chance: Chance): Input {
  const [sleeper = "a", pieces = "b", lump = "c", victim = "d"] = chance.shuffled(NAMES);
  return { sleeper, pieces, lump, victim, hold: chance.whole(3, 6) / 2 };
}

/** A task that began with all others. */
const taskOf = (name: string, end: number, cpu: Slice[], ready: Slice[] = []): RecordedTask => ({
  name,
  parent: null,
  start: 0,
  end,
  outcome: "result",
  error: null,
  cpu,
  ready,
  line: null,
  waits: [],
  wakes: [],
});

const LUMP = 4;

/** A run as one thread would have served it, in lesson seconds. */
function tasksOf({ sleeper, pieces, lump, victim, hold }: Input): RecordedTask[] {
  const over = LUMP + hold;
  const some = [1, 2, 3, over + 1, over + 2, over + 3].map((start) => ({ start, end: start + 0.7 }));
  return [
    taskOf(sleeper, 20, [{ start: 0, end: 0.1 }]),
    taskOf(pieces, over + 4, some),
    taskOf(lump, over, [
      { start: 0.2, end: 0.3 },
      { start: LUMP, end: over },
    ]),
    taskOf(victim, over + 0.1, [{ start: over, end: over + 0.1 }], [{ start: LUMP, end: over }]),
  ];
}

/** What likely led to another name. */
function ideaOf({ sleeper, pieces, victim }: Input, said: string | undefined): string | undefined {
  if (said === sleeper) return "A task that sleeps takes long, and nobody is late for it.";
  if (said === pieces) return "It has the thread for long in all, and gives it away in between.";
  if (said === victim) return "It could have gone on, and was not let.";
  return undefined;
}

export const check = checkOf<Culprit>(async (culprit, desk) => {
  for (const input of desk.inputs([VISIBLE], other, 12)) {
    const { sleeper, pieces, lump, victim, hold } = input;
    const given = `${sleeper} asleep, ${pieces} in pieces, ${lump} in one go, ${victim} kept waiting`;
    const { value } = await desk.run(given, () => culprit(desk.chance.shuffled(tasksOf(input))));
    desk.expect(
      value === lump,
      `it names ${value}; ${lump} held the thread for ${hold} s at a stretch`,
      ideaOf(input, value),
    );
  }
  const { value } = await desk.run("no tasks", () => culprit([]));
  desk.expect(value === undefined, `it names ${value}; there was nobody`);
});
