import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { test } from "node:test";
import { parseLessonSecond } from "../../../support/helpers/clock/lesson-second.ts";
import { LESSON_SECOND_MS, toLessonSeconds, whole } from "../../../support/helpers/clock/scale.ts";
import { ArgumentError } from "../../../support/helpers/errors/support-error.ts";

const MODULE = new URL("../../../support/helpers/clock/scale.ts", import.meta.url).href;

test("a lesson second is 100 ms when nothing is said", () => {
  assert.equal(parseLessonSecond(undefined), 100);
  assert.equal(parseLessonSecond(""), 100);
});

test("a lesson second can be set, to real time for example", () => {
  assert.equal(parseLessonSecond("1000"), 1000);
  assert.equal(parseLessonSecond("62.5"), 62.5);
});

for (const text of ["0", "9.9", "60001", "-100", "fast", " ", "\t\n", "1e9", "NaN", "Infinity", "100ms"]) {
  test(`LESSON_SECOND_MS=${JSON.stringify(text)} is refused, with the value and what to do`, () => {
    assert.throws(
      () => parseLessonSecond(text),
      (error) =>
        error instanceof ArgumentError &&
        error.code === "BAD_LESSON_SECOND" &&
        error.value === text &&
        error.message.includes(JSON.stringify(text)) &&
        error.message.includes("10 to 60000"),
    );
  });
}

test("the environment variable sets the scale of a process", () => {
  const script = `import(${JSON.stringify(MODULE)}).then((m) => console.log(m.LESSON_SECOND_MS))`;
  const env = { ...process.env, LESSON_SECOND_MS: "250" };
  const run = spawnSync(process.execPath, ["-e", script], { env, encoding: "utf8" });
  assert.equal(run.stdout, "250\n");
});

test("a real time is told in lesson seconds", () => {
  assert.equal(toLessonSeconds(7 * LESSON_SECOND_MS), 7);
});

test("a time in whole lesson seconds is rounded down, and a timer that fires a little early is not a second less", () => {
  assert.deepEqual(
    [5.02, 5.6, 5.85, 4.95, 0, 0.4].map((seconds) => whole(seconds)),
    [5, 5, 5, 5, 0, 0],
  );
  assert.deepEqual(
    [0.26, 0.3, 0.299].map((seconds) => whole(seconds, 0.1)),
    [0.2, 0.3, 0.3],
  );
  assert.equal(whole(31.4, 10), 30);
});
