import assert from "node:assert/strict";
import { test } from "node:test";
import { line } from "../../../support/helpers/limits/waiting-line.ts";

test("first come, first served, and those who leave are passed over", () => {
  const people = line<string>();
  const leave = ["a", "b", "c", "d", "e"].map((name) => people.join(name));
  for (const one of [leave[0], leave[2], leave[4], leave[2]]) one?.();
  assert.equal(people.length, 2);
  assert.deepEqual([people.next(), people.next(), people.next()], ["b", "d", undefined]);
  leave[1]?.();
  assert.equal(people.length, 0);
  people.join("f");
  assert.equal(people.next(), "f");
});

test("what is put back is first again, in an empty line and before others", () => {
  const people = line<string>();
  people.putBack("a");
  people.join("b");
  people.putBack("c");
  assert.equal(people.length, 3);
  assert.deepEqual([people.next(), people.next(), people.next(), people.next()], ["c", "a", "b", undefined]);
});
