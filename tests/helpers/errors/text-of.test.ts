import assert from "node:assert/strict";
import { test } from "node:test";
import { textOf } from "../../../support/helpers/errors/text-of.ts";

test("text stays as String gives it", () => {
  assert.deepEqual([1, "a", null, undefined, 2n, Symbol("s"), [1, 2], new Date(0).getTime()].map(textOf), [
    "1",
    "a",
    "null",
    "undefined",
    "2",
    "Symbol(s)",
    "1,2",
    "0",
  ]);
});

test("what has no text, or throws when it is asked for it, is described", () => {
  assert.equal(textOf(Object.create(null)), "[Object: null prototype] {}");
  assert.equal(typeof textOf({ toString: () => assert.fail() }), "string");
  const hostile = new Proxy(
    {},
    {
      get() {
        throw new Error("no");
      },
    },
  );
  assert.equal(typeof textOf(hostile), "string");
});
