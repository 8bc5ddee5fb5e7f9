import assert from "node:assert/strict";
import { test } from "node:test";
import { CUT_LINES, WHOLE_LINES, wordsFor } from "../../../support/tools/lab/long-outputs.ts";

test("a text of eighty lines stands whole; a longer one says how much more there is, and the way back", () => {
  assert.equal(wordsFor(WHOLE_LINES, false), undefined);
  assert.equal(wordsFor(WHOLE_LINES, true), undefined);
  assert.equal(wordsFor(5060, false), "… and 5000 more lines. Show all");
  assert.equal(wordsFor(5060, true), `Show the first ${CUT_LINES} lines only`);
  assert.ok(CUT_LINES < WHOLE_LINES);
});
