import { inspect } from "node:util";
import { sleep, task, whole } from "support";
import { checkOf } from "support/helpers/practice/kit";

type Steps = Generator<unknown, string, unknown>;
type Drive = (steps: Steps) => Promise<string>;

/** A part of a recipe: a number is what a promise gives, a word what one fails with. */
type Part = number | string;

/** How long the generator rests after a failure, in lesson seconds. */
const REST = 2;

const promiseOf = (part: Part): Promise<number> =>
  typeof part === "number" ? Promise.resolve(part) : Promise.reject(new RangeError(part));

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

function* recipe(parts: readonly Part[], notes: string[]): Steps {
  for (const part of parts) {
    try {
      notes.push(`got ${yield promiseOf(part)}`);
    } catch (error) {
      notes.push(`caught ${messageOf(error)}`);
      yield task("rest", () => sleep(REST));
      notes.push("rested");
    }
  }
  return "new toast";
}

const notesOf = (part: Part): string[] =>
  typeof part === "number" ? [`got ${part}`] : [`caught ${part}`, "rested"];

function* failing(): Steps {
  yield 1;
  yield promiseOf("no bread");
  return "not reached";
}

function ideaOf(came: string, expected: string): string | undefined {
  if (came.startsWith("got") && expected.startsWith("caught"))
    return "On its way the failure has become a value.";
  return undefined;
}

export const check = checkOf<Drive>(async (drive, desk) => {
  const first: Part[] = ["burnt"];
  const others: Part[] = [3, "cold", 5, "late"];
  for (const parts of desk.inputs([first], (chance) => chance.shuffled(others), 1)) {
    const notes: string[] = [];
    const words = parts.map((part) => (typeof part === "number" ? part : `a failure, “${part}”`));
    const { value, recording } = await desk.run(`a generator that yields ${words.join(", ")}`, async () => {
      const driven = await drive(recipe(parts, notes));
      notes.push("returned");
      return driven;
    });
    const expected = parts.flatMap(notesOf);
    const came = notes.slice(0, notes.indexOf("returned"));
    const rests = recording.tasks.length;
    const at = expected.findIndex((line, place) => line !== came[place]);
    desk.expect(
      at === -1 || expected[at] !== "rested",
      `after its error the generator has yielded ${rests} times; note ${at + 1} should be “rested”, and is ${came[at] ?? "missing"}`,
      "Something that the generator has yielded after its error was passed over.",
    );
    desk.expect(
      at === -1,
      `note ${at + 1} of the generator is ${came[at] === undefined ? "missing" : `“${came[at]}”`}; it should be “${expected[at]}”`,
      ideaOf(came[at] ?? "", expected[at] ?? ""),
    );
    const seconds = REST * parts.filter((part) => typeof part === "string").length;
    const settled = whole(recording.settled);
    desk.expect(
      settled === seconds,
      `it ended after ${settled} s; the generator rests until ${seconds} s`,
      "Something that the generator has yielded after its error was passed over.",
    );
    desk.expect(value === "new toast", `it gave ${inspect(value)}; the generator returned 'new toast'`);
  }
  const { ok, value, error } = await desk.run(
    "a generator that does not catch a failure, “no bread”",
    () => drive(failing()),
    { mayFail: true },
  );
  desk.expect(
    !ok,
    `the generator failed with “no bread”, and it gave ${inspect(value)}`,
    "The caller has to hear of what the generator did not catch.",
  );
  desk.expect(messageOf(error) === "no bread", `it failed with ${inspect(error)}; expected is “no bread”`);
});
