import assert from "node:assert/strict";
import { test } from "node:test";
import { chance } from "../../../support/helpers/practice/random.ts";

test("the same seed gives the same numbers, another one others", () => {
  const numbers = (seed: number): number[] => {
    const random = chance(seed);
    return Array.from({ length: 20 }, () => random.whole(1, 1000));
  };
  assert.deepEqual(numbers(7), numbers(7));
  assert.notDeepEqual(numbers(7), numbers(8));
});

test("numbers are within their bounds, and each of them comes", () => {
  const random = chance(1);
  const seen = new Set(Array.from({ length: 500 }, () => random.whole(3, 7)));
  assert.deepEqual([...seen].sort(), [3, 4, 5, 6, 7]);
  assert.equal(random.whole(5, 5), 5);
});

test("a shuffled list has the same items, and its orders are many", () => {
  const random = chance(2);
  const list = [1, 2, 3, 4, 5];
  const orders = Array.from({ length: 300 }, () => random.shuffled(list));
  for (const order of orders) assert.deepEqual(order.toSorted(), list);
  assert.ok(new Set(orders.map(String)).size > 60);
  assert.deepEqual(list, [1, 2, 3, 4, 5]);
  assert.deepEqual(random.shuffled([]), []);
});

test("one of a list is each of them, sooner or later", () => {
  const random = chance(3);
  const seen = new Set(Array.from({ length: 100 }, () => random.one(["a", "b", "c"])));
  assert.equal(seen.size, 3);
});
