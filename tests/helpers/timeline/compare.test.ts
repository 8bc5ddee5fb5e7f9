/** Two runs in one picture. */
import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { compareFigure } from "../../../support/helpers/timeline/compare.ts";
import { timeline } from "../../../support/helpers/timeline/timeline.ts";
import { shown } from "../drawing/shown.ts";
import { aRecording, aTask } from "./plain-recordings.ts";

const before = aRecording([aTask("a", 0, 2), aTask("b", 2, 5), aTask("a", 5, 6)]);
const after = aRecording([aTask("b", 0, 3), aTask("a", 0, 2), aTask("c", 0, 1)]);

function labels(names?: readonly [string, string]): string[] {
  const figure = compareFigure(before, after, names === undefined ? {} : { names });
  return (figure.parts?.rows ?? []).map(({ label }) => label);
}

test("each task stands above the same one of the other run; what one run alone has is shown too", () => {
  assert.deepEqual(labels(), ["a, before", "a, after", "b, before", "b, after", "a, before", "c, after"]);
  assert.deepEqual(labels(["slow", "fast"]).slice(0, 2), ["a, slow", "a, fast"]);
});

test("it says what each run was, and how the second makespan compares with the first", () => {
  const { alt } = shown(compareFigure(before, after, { title: "Both" }));
  assert.equal(
    alt,
    "Two timelines, Both: before: 3 tasks: makespan 6 s, sum of the tasks 6 s. " +
      "after: 3 tasks: makespan 3 s, sum of the tasks 6 s. The second makespan is 0.5 times the first.",
  );
});

test("neither recording is changed by it", () => {
  const copies = structuredClone([before, after]);
  compareFigure(before, after, {});
  assert.deepEqual([before, after], copies);
});

test("the chain of a row is that of its own run", () => {
  const waits = [{ what: "a", task: 0, start: 0, end: 2 }];
  const one = aRecording([aTask("a", 0, 2), aTask("b", 0, 3, { waits })]);
  const rows = compareFigure(one, one, {}).parts?.rows ?? [];
  const [firstA, secondA, firstB, secondB] = rows;
  assert.deepEqual(firstB?.lit, [firstB?.top, firstA?.top]);
  assert.deepEqual(secondB?.lit, [secondB?.top, secondA?.top]);
});

test("more tasks than bars can be read are drawn as the number in flight of both runs", () => {
  const many = aRecording(Array.from({ length: 30 }, (_, i) => aTask(`task ${i}`, 0, 1 + (i % 3))));
  const { svg, document } = shown(compareFigure(many, many, { names: ["slow", "fast"] }));
  assert.match(svg, /stroke-dasharray="5 3"/);
  const [head, first] = [...document.querySelectorAll("tr")].map((row) => row.textContent);
  assert.deepEqual([head, first], ["runfrom (s)to (s)tasks in flight", "slow0130"]);
});

for (const names of [["same", "same"], [], ["only one"]]) {
  test(`names that don't tell two runs apart are refused: ${JSON.stringify(names)}`, () => {
    assert.throws(() => Reflect.apply(compareFigure, undefined, [before, after, { names }]), {
      name: "ArgumentError",
      code: "BAD_TIMELINE_OPTION",
    });
  });
}

test("a lesson shows two runs by giving both to timeline", () => {
  const log = mock.method(console, "log", () => {});
  timeline(before, after, { title: "Both" });
  assert.match(String(log.mock.calls[0]?.arguments[0]), /^Both: before: 3 tasks/);
  log.mock.restore();
  assert.throws(() => timeline(before, after, { grid: -1 }), { code: "BAD_TIMELINE_OPTION" });
});
