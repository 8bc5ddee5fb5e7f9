import assert from "node:assert/strict";
import { test } from "node:test";
import { lookInside } from "../../../support/helpers/look-inside/look-inside.ts";

function* sums(most: number): Generator<number, string, string | undefined> {
  let sum = 0;
  for (let i = 1; i <= most; i += 1) {
    sum += i;
    yield sum;
  }
  return "done";
}

test("before its first step a generator is suspended, stands nowhere, and has its parameters", () => {
  assert.deepEqual(lookInside(sums(3)), {
    state: "suspended",
    at: null,
    locals: { most: "3", sum: "undefined" },
  });
});

test("between two steps it shows where it goes on and what it keeps, and is not moved", () => {
  const generator = sums(3);
  generator.next();
  generator.next();
  const inside = { state: "suspended", at: "yield sum;", locals: { most: "3", sum: "3", i: "2" } };
  assert.deepEqual(lookInside(generator), inside);
  assert.deepEqual(lookInside(generator), inside);
  assert.equal(generator.next().value, 6);
});

test("two generators of one function keep variables of their own", () => {
  const [one, other] = [sums(3), sums(5)];
  one.next();
  other.next();
  other.next();
  assert.deepEqual([lookInside(one).locals.sum, lookInside(other).locals.sum], ["1", "3"]);
});

test("when it is over, also when it was ended from outside, nothing is kept", () => {
  const [returned, ended] = [sums(0), sums(3)];
  returned.next();
  ended.next();
  ended.return("enough");
  for (const generator of [returned, ended])
    assert.deepEqual(lookInside(generator), { state: "closed", at: null, locals: {} });
});

test("one that is in the middle of a step is running", () => {
  const seen: string[] = [];
  function* own(): Generator<undefined> {
    seen.push(lookInside(self).state);
    yield;
  }
  const self = own();
  self.next();
  assert.deepEqual(seen, ["running"]);
});

test("inner variables come before outer ones of the same name, and what is outside is not shown", () => {
  function* shadowed(x: string): Generator<undefined> {
    try {
      throw new RangeError(x);
    } catch (error) {
      const x = [error, seenOutside];
      yield void x;
    }
  }
  const seenOutside = "outside";
  const generator = shadowed("outer");
  generator.next();
  assert.match(lookInside(generator).locals.error ?? "", /^RangeError: outer/);
  assert.equal(lookInside(generator).locals.x, "Array(2)");
  assert.equal(lookInside(generator).locals.seenOutside, undefined);
});

test("an async generator can be looked into, anything else is refused by name", async () => {
  async function* steps(): AsyncGenerator<number> {
    yield 1;
  }
  const generator = steps();
  await generator.next();
  assert.equal(lookInside(generator).at, "yield 1;");
  await generator.return(undefined);
  for (const other of [sums, Promise.resolve(), {}])
    assert.throws(() => lookInside(other), {
      name: "ArgumentError",
      code: "NOT_A_GENERATOR",
      value: other,
    });
});

test("nothing of it stays in the global object", () => {
  const before = Reflect.ownKeys(globalThis).length;
  lookInside(sums(1));
  assert.equal(Reflect.ownKeys(globalThis).length, before);
});
