import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { newerVersion } from "../../../support/tools/lab/newer.ts";
import { readPlaces, samePlace, topCell } from "../../../support/tools/lab/place.ts";
import { asksForNoFile } from "../../../support/tools/lab/start.ts";

const PLACE = { active: "a", top: "b", hidden: 12 };

describe("what is remembered of a lesson", () => {
  test("is read as it was written", () => {
    assert.deepEqual(readPlaces(JSON.parse(JSON.stringify({ "one.ipynb": PLACE }))), { "one.ipynb": PLACE });
  });

  for (const damaged of [undefined, null, "places", [PLACE], 7]) {
    test(`is nothing when it is ${JSON.stringify(damaged)}`, () => {
      assert.deepEqual(readPlaces(damaged), {});
    });
  }

  for (const place of [
    null,
    {},
    { ...PLACE, active: 1 },
    { ...PLACE, top: null },
    { ...PLACE, hidden: "12" },
  ]) {
    test(`leaves out a place that is ${JSON.stringify(place)}, and keeps the others`, () => {
      assert.deepEqual(readPlaces({ "bad.ipynb": place, "one.ipynb": PLACE }), { "one.ipynb": PLACE });
    });
  }

  test("is the same only when nothing of it has changed", () => {
    assert.ok(samePlace({ ...PLACE }, PLACE));
    assert.ok(!samePlace(undefined, PLACE));
    for (const other of [{ active: "x" }, { top: "x" }, { hidden: 13 }]) {
      assert.ok(!samePlace({ ...PLACE, ...other }, PLACE));
    }
  });
});

describe("the cell at the top of the window", () => {
  const view = { top: 100, bottom: 900 };

  test("is the first of which anything is in view, with how much of it is not", () => {
    const cells = [
      { top: -500, bottom: 60 },
      { top: 60, bottom: 400 },
      { top: 400, bottom: 2000 },
    ];
    assert.deepEqual(topCell(view, cells), { index: 1, hidden: 40 });
  });

  test("is below the edge where a gap is", () => {
    assert.deepEqual(topCell(view, [{ top: 120, bottom: 300 }]), { index: 0, hidden: -20 });
  });

  test("is none that is not drawn, and none that ends at the edge", () => {
    assert.deepEqual(topCell(view, [undefined, { top: 0, bottom: 101 }, { top: 101, bottom: 130 }]), {
      index: 2,
      hidden: -1,
    });
    assert.equal(topCell(view, [undefined]), undefined);
    assert.equal(topCell(view, []), undefined);
  });
});

describe("the newer version beside a lesson", () => {
  const names = [
    "01-one.ipynb",
    "01-one.kept-2026-11-29-120000.ipynb",
    "02-two.new-version.ipynb",
    "01-one.new-version.ipynb",
    "01-one.new-version-10.ipynb",
    "01-one.new-version-2.ipynb",
    "01-one.new-version-2 (mine).ipynb",
  ];

  test("is the last of those that an update has put there", () => {
    assert.equal(newerVersion("01-one.ipynb", names), "01-one.new-version-10.ipynb");
    assert.equal(newerVersion("02-two.ipynb", names), "02-two.new-version.ipynb");
  });

  test("is none where there is none", () => {
    assert.equal(newerVersion("03-three.ipynb", names), undefined);
    assert.equal(newerVersion("01-one.new-version.ipynb", names), undefined);
  });
});

test("an address asks for no file when it is JupyterLab's alone, in any window", () => {
  for (const path of ["/lab", "/lab/", "/base/lab", "/lab/workspaces/auto-Q"]) assert.ok(asksForNoFile(path));
  for (const path of ["/lab/tree/a.ipynb", "/lab/workspaces/x/tree/a.ipynb", "/doc/tree/lab", "/labs"]) {
    assert.ok(!asksForNoFile(path));
  }
});
