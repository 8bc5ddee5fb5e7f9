import assert from "node:assert/strict";
import { mock, test } from "node:test";
import fc from "fast-check";
import { figureHtml, figureText } from "../../../support/helpers/drawing/figure.ts";
import type { Slice } from "../../../support/helpers/recording/recording.ts";
import { ticksTo } from "../../../support/helpers/timeline/axis.ts";
import { highest, inFlight } from "../../../support/helpers/timeline/in-flight.ts";
import { layout } from "../../../support/helpers/timeline/layout.ts";
import { timeline, timelineFigure } from "../../../support/helpers/timeline/timeline.ts";
import { shown } from "../drawing/shown.ts";
import { aRecording, aTask } from "./plain-recordings.ts";

test("times are rounded down to whole lesson seconds, with a tenth to spare", () => {
  const put = layout(aRecording([aTask("a", 0.02, 5.8), aTask("b", 0.1, 6.93)]), 1);
  assert.deepEqual(
    put.rows.map((row) => [row.start, row.end]),
    [
      [0, 5],
      [0, 7],
    ],
  );
  assert.equal(put.makespan, 7);
  assert.equal(put.sum, 12);
});

test("two runs with other jitter give the same figure, byte for byte", () => {
  const run = (jitter: number) =>
    aRecording([
      aTask("a", jitter, 5 + jitter, { cpu: [{ start: 2 + jitter, end: 4 + jitter / 2 }] }),
      aTask("b", jitter / 2, 7 + jitter),
    ]);
  assert.ok(figureHtml(timelineFigure(run(0.01))) === figureHtml(timelineFigure(run(0.8))));
});

test("a finer grid can be asked for", () => {
  const put = layout(aRecording([aTask("a", 0, 0.36)]), 0.1);
  assert.equal(put.rows[0]?.end, 0.3);
});

test("only stretches of half the grid or more are drawn as holding the thread", () => {
  const cpu = [
    { start: 0, end: 0.2 },
    { start: 1, end: 1.9 },
    { start: 2, end: 3 },
    { start: 5, end: 5.1 },
  ];
  assert.deepEqual(layout(aRecording([aTask("a", 0, 6, { cpu })]), 1).rows[0]?.running, [
    { start: 1, end: 3 },
  ]);
});

function after(start: number): Slice[] {
  return inTurns(0.002, 0.2, 3).map((slice) => ({
    start: slice.start + start + 0.2,
    end: slice.end + start + 0.2,
  }));
}

/** A task that works for so long, and waits for so long, from 0 to its end. */
function inTurns(held: number, waited: number, end: number): Slice[] {
  const turns = Math.round(end / (held + waited));
  return Array.from({ length: turns }, (_, n) => {
    const start = n * (held + waited);
    return { start, end: start + held };
  });
}

test("a moment in the pause between two long stretches parts them no more than the pause alone", () => {
  const cpu = [
    { start: 0, end: 1.0101 },
    { start: 1.0128, end: 1.0133 },
    { start: 1.0143, end: 3.0173 },
    { start: 3.2, end: 3.2001 },
    { start: 3.4, end: 4.9 },
  ];
  assert.deepEqual(layout(aRecording([aTask("a", 0, 5, { cpu })]), 1).rows[0]?.running, [
    { start: 0, end: 3 },
    { start: 3, end: 5 },
  ]);
});

test("two tasks that sleep in short steps hold the thread for next to nothing, and never both at once", () => {
  const cpu = inTurns(0.001, 0.24, 5);
  const put = layout(aRecording([aTask("a", 0, 5, { cpu }), aTask("b", 0, 5, { cpu })]), 1);
  assert.deepEqual(
    put.rows.map((row) => [row.running, row.held]),
    [
      [[], 0],
      [[], 0],
    ],
  );
});

test("what is said to be held is what the slices add up to, however short they are", () => {
  const often = layout(aRecording([aTask("writes", 0, 36, { cpu: inTurns(0.004, 0.006, 36) })]), 1).rows[0];
  assert.deepEqual([often?.running, often?.held], [[], 14]);
  const chunks = layout(aRecording([aTask("computes", 0, 6, { cpu: inTurns(0.3, 0.01, 6.2) })]), 1).rows[0];
  assert.deepEqual([chunks?.running, chunks?.held], [[{ start: 0, end: 6 }], 6]);
  const [late] = layout(
    aRecording([aTask("computes, then waits", 0, 6, { cpu: [{ start: 0, end: 3 }, ...after(3)] })]),
    1,
  ).rows;
  assert.deepEqual(late?.running, [{ start: 0, end: 3 }]);
});

test("no task is said to hold the thread longer than it lasted, whatever its slices round to", () => {
  const lengths = fc.array(
    fc.tuple(fc.double({ min: 0, max: 2, noNaN: true }), fc.double({ min: 0, max: 2, noNaN: true })),
  );
  fc.assert(
    fc.property(fc.double({ min: 0, max: 3, noNaN: true }), lengths, (start, turns) => {
      let end = start;
      const cpu = turns.map(([wait, work]) => {
        const slice = { start: end + wait, end: end + wait + work };
        end = slice.end;
        return slice;
      });
      const row = layout(aRecording([aTask("a", start, end, { cpu })]), 1).rows[0];
      assert.ok(row && row.held >= 0 && row.held <= row.end - row.start);
    }),
  );
});

test("a nested task stands under the one that started it", () => {
  const put = layout(aRecording([aTask("a", 0, 3), aTask("b", 0, 3), aTask("a1", 1, 2, { parent: 0 })]), 1);
  assert.deepEqual(
    put.rows.map((row) => [row.label, row.depth]),
    [
      ["a", 0],
      ["a1", 1],
      ["b", 0],
    ],
  );
  assert.equal(put.sum, 4, "the outer task is not counted beside its parts");
});

test("work outside the tasks is a row of its own, if it can be seen", () => {
  const cpu = [{ start: 0, end: 2 }];
  assert.equal(
    layout(aRecording([], { cpu, settled: 2, makespan: 2 }), 1).main?.label,
    "(outside the tasks)",
  );
  assert.equal(layout(aRecording([]), 1).main, null);
});

test("the alternative text tells the number of tasks, how they ended, the makespan and the sum", () => {
  const { alt } = shown(
    timelineFigure(
      aRecording([
        aTask("a", 0, 5),
        aTask("b", 0, 7, { outcome: "error", error: { name: "RangeError", message: "x" } }),
        aTask("c", 0, 2, { outcome: "cancelled" }),
        aTask("d", 0, 7, { outcome: "running" }),
      ]),
      { title: "Four" },
    ),
  );
  assert.equal(
    alt,
    "Timeline, Four: 4 tasks, 1 failed, 1 cancelled, 1 still running: makespan 7 s, sum of the tasks 21 s.",
  );
});

test("the alternative text tells how long the thread was held, and which tasks were summed", () => {
  const cpu = [{ start: 0, end: 3 }];
  const nested = aRecording([aTask("outer", 0, 5), aTask("inner", 0, 3, { parent: 0, cpu })]);
  assert.match(
    shown(timelineFigure(nested)).alt,
    /: makespan 5 s, sum of the innermost tasks 3 s, the thread held for 3 s\.$/,
  );
});

test("a task of no length has a mark", () => {
  const svg = (end: number): string => shown(timelineFigure(aRecording([aTask("a", 2, end)]))).svg;
  assert.match(svg(2), /<g [^>]*aria-label="tick"[^>]*><line/);
  assert.doesNotMatch(svg(3), /aria-label="tick"[^>]*><line/);
});

test("how a task ended stands beside its bar in words, not in colour alone", () => {
  const failed = aTask("b", 0, 7, { outcome: "error", error: { name: "RangeError", message: "x" } });
  const { svg } = shown(timelineFigure(aRecording([failed, aTask("c", 0, 2, { outcome: "cancelled" })])));
  assert.match(svg, /7 s, RangeError/);
  assert.match(svg, /2 s, cancelled/);
});

test("the table holds the numbers of the picture", () => {
  const { document } = shown(timelineFigure(aRecording([aTask("a", 0, 5, { cpu: [{ start: 1, end: 3 }] })])));
  const cells = [...document.querySelectorAll("details td")].map((cell) => cell.textContent);
  assert.deepEqual(cells, ["a", "0", "5", "2", "0", "3", "result"]);
});

test("a function that returned before its last task is marked", () => {
  const { svg } = shown(timelineFigure(aRecording([aTask("a", 0, 5)], { settled: 2 })));
  assert.match(svg, /returned at 2 s/);
  assert.doesNotMatch(shown(timelineFigure(aRecording([aTask("a", 0, 5)]))).svg, /returned/);
});

test("of a function that rejected it is not said that it returned", () => {
  const { svg } = shown(timelineFigure(aRecording([aTask("a", 0, 5)], { settled: 2, ok: false })));
  assert.match(svg, /failed at 2 s/);
  assert.doesNotMatch(svg, /returned/);
});

test("50 tasks are 50 bars; 51 are the number in flight, and the figure says so", () => {
  const tasks = Array.from({ length: 50 }, (_, i) => aTask(`task ${i}`, 0, 1 + (i % 5)));
  assert.match(shown(timelineFigure(aRecording(tasks))).svg, /task 49/);
  const more = shown(timelineFigure(aRecording([...tasks, aTask("one more", 0, 1)])));
  assert.doesNotMatch(more.svg, /task 49|one more/);
  assert.match(more.svg, /tasks in flight/);
  assert.match(more.alt, /^Timeline: 51 tasks: .*at most 51 in flight at once/);
  assert.match(more.document.querySelector("figcaption")?.textContent ?? "", /More than 50 tasks/);
});

test("the number in flight counts the innermost tasks only, and never goes below none", () => {
  const put = layout(
    aRecording([aTask("outer", 0, 4), aTask("x", 0, 2, { parent: 0 }), aTask("y", 1, 4, { parent: 0 })]),
    1,
  );
  assert.deepEqual(inFlight(put), [
    { start: 0, end: 1, inFlight: 1 },
    { start: 1, end: 2, inFlight: 2 },
    { start: 2, end: 4, inFlight: 1 },
  ]);
  assert.equal(highest(inFlight(put)), 2);
  assert.deepEqual(inFlight(layout(aRecording([]), 1)), []);
});

test("names from outside can't break out of the figure, the picture or its text", () => {
  const name = `</svg><script>alert("1")</script>'&\u0000\u202e\ud800`;
  const error = { name, message: name };
  const recording = aRecording([aTask(name, 0, 1, { outcome: "error", error })]);
  const { html, svg } = shown(timelineFigure(recording, { title: name }));
  assert.doesNotMatch(html, /<script/);
  assert.doesNotMatch(svg, /<script/);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: their absence is the point
  assert.doesNotMatch(svg, /[\u0000\u202e\ud800-\udfff]/);
});

test("a long name is cut, and the picture keeps its width", () => {
  const { svg } = shown(timelineFigure(aRecording([aTask("x".repeat(500), 0, 1)])));
  assert.match(svg, /xxx…/);
  assert.match(svg, /viewBox="0 0 720 /);
});

test("a recording with no task and no time is drawn all the same", () => {
  assert.match(shown(timelineFigure(aRecording([]))).alt, /0 tasks: makespan 0 s/);
});

test("the axis reaches as far as asked, so that two pictures can be compared", () => {
  const { svg } = shown(timelineFigure(aRecording([aTask("a", 0, 5)]), { until: 12 }));
  assert.match(svg, />12<\/text>/);
  assert.doesNotMatch(svg, />12\.0</);
});

test("the axis has at most a dozen whole steps", () => {
  assert.deepEqual(ticksTo(5, 1), [0, 1, 2, 3, 4, 5]);
  assert.deepEqual(ticksTo(29, 1), [0, 5, 10, 15, 20, 25]);
  assert.deepEqual(ticksTo(120, 1), [0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120]);
  assert.equal(ticksTo(36_000, 1).length, 8);
});

for (const options of [
  { grid: 0 },
  { grid: Number.NaN },
  { until: -1 },
  { until: Number.POSITIVE_INFINITY },
]) {
  test(`an option that can't be drawn with is refused: ${JSON.stringify(options)}`, () => {
    assert.throws(() => timelineFigure(aRecording([]), options), {
      name: "ArgumentError",
      code: "BAD_TIMELINE_OPTION",
    });
  });
}

test("outside a notebook the summary is printed", () => {
  const log = mock.method(console, "log", () => {});
  timeline(aRecording([aTask("a", 0, 5)]), { title: "One" });
  timeline(aRecording([aTask("a", 0, 5)]));
  assert.deepEqual(
    log.mock.calls.map((call) => call.arguments),
    [["One: 1 task: makespan 5 s."], ["1 task: makespan 5 s."]],
  );
  log.mock.restore();
  assert.equal(figureText(timelineFigure(aRecording([]))), "0 tasks: makespan 0 s.");
});
