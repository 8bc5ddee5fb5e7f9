import assert from "node:assert/strict";
import { globSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { ArgumentError, SupportError } from "../../../support/helpers/errors/support-error.ts";

test("an error has the name of its class, a code, the value and a cause", () => {
  class LateError extends SupportError {}
  const cause = new Error("why");
  const error = new LateError("LATE", "it is late; hurry", 7, { cause });
  assert.deepEqual([error.name, error.code, error.value, error.cause], ["LateError", "LATE", 7, cause]);
  assert.equal(String(error), "LateError: it is late; hurry");
  assert.ok(error instanceof SupportError && error instanceof Error);
});

test("a bad argument is told with its value and what to give", () => {
  const error = new ArgumentError("BAD_CUP", "the cup", "tea", "a number");
  assert.equal(error.message, 'the cup is "tea"; give a number');
  assert.deepEqual([error.name, error.code, error.value], ["ArgumentError", "BAD_CUP", "tea"]);
  const told = (value: unknown): string => new ArgumentError("BAD_CUP", "it", value, "one").message;
  assert.deepEqual([null, () => 1].map(told), ["it is null; give one", "it is a function; give one"]);
});

test("a bad argument without a text is told as any other", () => {
  const odd: unknown = Object.create(null);
  const error = new ArgumentError("BAD_CUP", "the cup", odd, "one");
  assert.equal(error.message, "the cup is [Object: null prototype] {}; give one");
  assert.equal(error.value, odd);
});

test("every error class of the helpers has this base, but for the one that is the language's AggregateError", () => {
  const helpers = fileURLToPath(new URL("../../../support/helpers", import.meta.url));
  const sources = globSync("**/*.ts", { cwd: helpers }).map((file) =>
    readFileSync(`${helpers}/${file}`, "utf8"),
  );
  const found = sources.flatMap((text) => [...text.matchAll(/class (\w+Error) extends (\w+)/g)]);
  const bases: Readonly<Record<string, string>> = { SupportError: "Error", TaskGroupError: "AggregateError" };
  const others = found.filter(([, name = "", base]) => base !== (bases[name] ?? "SupportError"));
  assert.deepEqual(
    others.map(([line]) => line),
    [],
  );
  assert.ok(found.length > 10);
});
