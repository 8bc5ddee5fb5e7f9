import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { ArgumentError } from "../../../support/helpers/errors/support-error.ts";
import type { Level } from "../../../support/helpers/levels/draw-levels.ts";
import { levels, levelsFigure } from "../../../support/helpers/levels/levels.ts";
import { shown } from "../drawing/shown.ts";

const RISE: Level[] = [
  [0, 0],
  [1, 40],
  [2, 40],
  [3, 8],
];
const FLAT: Level[] = [
  [0, 1],
  [2, 1],
];

test("the sentence says of each series the highest level, where it was first reached, and the last one", () => {
  const { alt } = shown(levelsFigure({ careless: RISE, careful: FLAT }, { title: "Memory", up: "pieces" }));
  assert.equal(
    alt,
    "Levels, Memory: pieces over lesson seconds, 2 series. careless: 40 at most, first at 1, 8 at the end; " +
      "careful: 1 at most, first at 0, 1 at the end.",
  );
});

test("each series has a strip with its name, and all strips have one scale", () => {
  const { svg } = shown(levelsFigure({ careless: RISE, careful: FLAT }));
  for (const name of ["careless", "careful"]) assert.match(svg, new RegExp(`>${name}</text>`));
  const line = /<g[^>]*aria-label="line"[^>]*>(.*?)<\/g><\/g>/s.exec(svg)?.[1] ?? svg;
  const paths = [...line.matchAll(/ d="M([^"]+)"/g)].map(([, path = ""]) => path);
  const heights = paths.map((path) => path.split("L").map((point) => Number(point.split(",")[1])));
  const [rise = [], flat = []] = heights;
  assert.ok(rise.length >= 4 && flat.length >= 2, svg);
  const [bottom = 0, top = 0] = rise;
  const [one = 0] = flat;
  assert.ok(Math.abs((bottom - one) * 40 - (bottom - top)) < 1, "1 is a fortieth of 40");
});

test("the table has a row for each place and an empty cell where a series has no level", () => {
  const { document } = shown(levelsFigure({ careless: RISE, careful: FLAT }, { across: "minutes" }));
  const cells = [...document.querySelectorAll("tr")].map((row) =>
    [...row.children].map((cell) => cell.textContent),
  );
  assert.deepEqual(cells, [
    ["minutes", "careless", "careful"],
    ["0", "0", "1"],
    ["1", "40", ""],
    ["2", "40", "1"],
    ["3", "8", ""],
  ]);
});

test("names from outside are escaped", () => {
  const { html, svg } = shown(levelsFigure({ "<b>": FLAT }, { up: "<i>", across: "<u>" }));
  for (const text of [html, svg]) assert.doesNotMatch(text, /<[biu]>/);
});

test("levels that are all zero can be drawn", () => {
  const { svg } = shown(levelsFigure({ nothing: [[0, 0]] }));
  assert.doesNotMatch(svg, /NaN/);
});

test("no series, an empty one and what is no number are refused", () => {
  for (const [series, code] of [
    [{}, "NO_LEVELS"],
    [{ empty: [] }, "NO_LEVELS"],
    [{ bad: [[0, Number.NaN]] }, "BAD_LEVEL"],
    [{ bad: [[Number.POSITIVE_INFINITY, 1]] }, "BAD_LEVEL"],
  ] as const) {
    assert.throws(
      () => levelsFigure(series),
      (error) => error instanceof ArgumentError && error.code === code,
    );
  }
});

test("outside a notebook the sentence is printed", () => {
  const log = mock.method(console, "log", () => {});
  levels({ flat: FLAT }, { title: "Tea" });
  log.mock.restore();
  assert.match(String(log.mock.calls[0]?.arguments[0]), /^Tea: level over lesson seconds/);
});
