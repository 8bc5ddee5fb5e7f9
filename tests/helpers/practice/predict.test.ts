import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { comparison, outcome, predict, predictionOf } from "../../../support/helpers/practice/predict.ts";

let out: string[] = [];
let err: string[] = [];

beforeEach(() => {
  out = [];
  err = [];
  mock.method(console, "log", (text: string) => out.push(text));
  mock.method(console, "error", (text: string) => err.push(text));
});
afterEach(() => mock.restoreAll());

const TEN = { answer: "30 s", others: { "184 s": "That is the sum.", "3 s": "That is a tenth." } };

test("who predicts nothing is told what came out", () => {
  assert.equal(comparison(TEN, "?", "30 s"), "→ 30 s. You made no prediction.");
  assert.equal(comparison(TEN, " ", "30 s"), "→ 30 s. You made no prediction.");
});

test("a prediction that holds is told so, however it is written", () => {
  for (const guess of ["30 s", "30s", " 30 S."])
    assert.equal(comparison(TEN, guess, "30 s"), "→ 30 s, as you predicted.");
});

test("a prediction that does not hold is told the idea that it came from", () => {
  assert.equal(comparison(TEN, "184s", "30 s"), "→ 30 s. You predicted 184s. That is the sum.");
});

test("a prediction that is no choice is told the choices", () => {
  assert.equal(
    comparison(TEN, "7", "30 s"),
    "→ 30 s. You predicted 7, which is none of: 184 s · 3 s · 30 s.",
  );
});

test("what comes out is compared with what the lesson says, and a difference is no quiet matter", () => {
  predict("02-ten", "?");
  outcome("02-ten", "30 s");
  assert.deepEqual([out, err], [["→ 30 s. You made no prediction."], []]);
  outcome("02-ten", "31 s");
  assert.match(err.join(), /^✗ 02-ten comes out as 30 s \(here as 31 s\): this does not hold$|^↻ /);
});

test("the last word counts that was put in, and a number is a word", () => {
  predict("02-four", "6, 6, 6, 6");
  predict("02-four", "2 6 2 4");
  outcome("02-four", "2, 6, 2, 4");
  predict("02-ten", 3);
  outcome("02-ten", "30 s");
  assert.equal(out[0], "→ 2, 6, 2, 4, as you predicted.");
  assert.match(out[1] ?? "", /You predicted 3, which is none of/);
});

test("an unknown prediction is refused, and those that there are are named", () => {
  assert.throws(() => predictionOf("02-none"), {
    code: "NO_SUCH_PREDICTION",
    message: /one of 02-one-bar, 02-limit/,
  });
  assert.throws(() => predict("99-a", "?"), { code: "NO_SUCH_PREDICTION" });
});
