import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { compare } from "../../../support/helpers/trace-diff/compare-traces.ts";
import { traces, tracesFigure } from "../../../support/helpers/trace-diff/traces.ts";
import { shown } from "../drawing/shown.ts";

test("equal traces are said to be equal", () => {
  const { alt } = shown(tracesFigure(["mine", ["a", "b"]], ["Node", ["a", "b"]], { title: "Tea" }));
  assert.equal(alt, "Two traces, Tea: mine and Node ran the same 2 lines in the same order.");
});

test("the first difference is named, also when one trace is shorter", () => {
  const swapped = shown(tracesFigure(["mine", ["a", "b"]], ["Node", ["b", "a"]])).alt;
  assert.equal(swapped, "Two traces: mine and Node differ first at line 1: mine has “a”, Node has “b”.");
  const shorter = shown(tracesFigure(["mine", ["a"]], ["Node", ["a", "b"]])).alt;
  assert.ok(shorter.endsWith("at line 2: mine has “nothing”, Node has “b”."));
});

test("a line's partner is the same line in the other trace, the second of two alike the second there", () => {
  const { left, right, differsAt } = compare(["x", "a", "x"], ["x", "x", "b"]);
  assert.deepEqual(
    left.map((line) => line.partner),
    [0, null, 1],
  );
  assert.deepEqual(
    right.map((line) => line.partner),
    [0, 2, null],
  );
  assert.equal(differsAt, 1);
});

test("the picture joins what is the same, and marks what has moved and what is only on one side", () => {
  const { svg } = shown(tracesFigure(["mine", ["a", "b", "c"]], ["Node", ["a", "c"]]));
  assert.ok(svg.includes("2  b (only here)"));
  const joined = [...svg.matchAll(/<g[^>]*aria-label="link"[^>]*>(.*?)<\/g>/gs)];
  assert.deepEqual(
    joined.map(([group]) => [...group.matchAll(/<path/g)].length),
    [1, 1],
  );
});

test("the table has every line of both", () => {
  const { document } = shown(tracesFigure(["mine", ["a"]], ["Node", ["a", "<b>"]]));
  const rows = [...document.querySelectorAll("tr")].map((row) => row.textContent);
  assert.deepEqual(rows, ["linemineNode", "1aa", "2<b>"]);
});

test("no lines and very many lines can be drawn", () => {
  assert.ok(
    shown(tracesFigure(["mine", []], ["Node", []])).alt.endsWith("the same 0 lines in the same order."),
  );
  const many = Array.from({ length: 80 }, (_, at) => `line ${at}`);
  const { document } = shown(tracesFigure(["mine", many], ["Node", [...many].reverse()]));
  assert.equal(document.querySelectorAll("tbody tr").length, 80);
});

test("outside a notebook the summary is printed", () => {
  const log = mock.method(console, "log", () => {});
  traces(["mine", ["a"]], ["Node", ["a"]], { title: "Tea" });
  traces(["mine", ["a"]], ["Node", ["a"]]);
  log.mock.restore();
  assert.deepEqual(
    log.mock.calls.map((call) => call.arguments[0]),
    [
      "Tea: mine and Node ran the same 1 line in the same order.",
      "mine and Node ran the same 1 line in the same order.",
    ],
  );
});
