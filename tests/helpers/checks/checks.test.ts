import assert from "node:assert/strict";
import { afterEach, beforeEach, mock, test } from "node:test";
import { check, verdict } from "../../../support/helpers/checks/check.ts";
import { expectError } from "../../../support/helpers/checks/expect-error.ts";
import { onStop, stopAll } from "../../../support/helpers/clean-up/stop-all.ts";
import { progressBar } from "../../../support/helpers/display/progress-bar.ts";

let out: string[] = [];
let err: string[] = [];

beforeEach(() => {
  out = [];
  err = [];
  mock.method(console, "log", (text: string) => out.push(text));
  mock.method(console, "error", (text: string) => err.push(text));
});
afterEach(() => mock.restoreAll());

test("a claim that holds is shown with a tick", () => {
  check("one is one", true);
  assert.deepEqual([out, err], [["✓ one is one"], []]);
});

test("a claim that does not hold goes to stderr and stops nothing", () => {
  check("one is two", false);
  assert.deepEqual(out, []);
  assert.match(err.join("|"), /^[✗↻] one is two: this [^|]*$/);
});

test("a claim is called for another time only where it does not hold and the computer was busy", () => {
  const never = (): boolean => assert.fail("not asked");
  assert.deepEqual(verdict("a", true, never), ["log", "✓ a"]);
  assert.deepEqual(
    verdict("a", false, () => false),
    ["error", "✗ a: this does not hold"],
  );
  assert.deepEqual(
    verdict("a", false, () => true),
    ["error", "↻ a: this computer was busy: run the cell again"],
  );
});

test("anything thrown is shown, also what can't be asked for its text, its code or its lines", async () => {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  const noCode = Object.defineProperty(new Error("odd"), "code", {
    get() {
      throw new Error("no code");
    },
  });
  for (const reason of [Object.create(null), proxy, noCode]) await expectError(() => Promise.reject(reason));
  assert.deepEqual(err, []);
});

test("expectError shows a thrown error and goes on", async () => {
  await expectError(() => {
    throw new RangeError("too much");
  });
  assert.deepEqual([out, err], [["RangeError: too much"], []]);
});

test("expectError shows a rejection", async () => {
  await expectError(async () => Promise.reject(new TypeError("later")), { name: "TypeError" });
  assert.deepEqual([out, err], [["TypeError: later"], []]);
});

test("expectError says so when no error came", async () => {
  await expectError(() => 7, { name: "TypeError" });
  assert.deepEqual([out, err], [[], ["✗ expected TypeError, and no error came"]]);
});

test("expectError says so when another error came", async () => {
  await expectError(() => Promise.reject(Object.assign(new Error("x"), { code: "EPIPE" })), {
    code: "ECONNRESET",
  });
  assert.deepEqual(err, ["✗ expected an error (ECONNRESET), got Error (EPIPE)"]);
  await expectError(() => Promise.reject(new Error("x")), { name: "TypeError" });
  assert.equal(err[1], "✗ expected TypeError, got Error");
});

test("expectError takes anything that can be thrown", async () => {
  await expectError(() => Promise.reject("just text"));
  await expectError(() => Promise.reject(undefined));
  assert.deepEqual(out, ["string: just text", "undefined: undefined"]);
});

test("stopAll runs every clean-up once, also when one fails, and tells which failed", async () => {
  const ran: string[] = [];
  onStop(() => void ran.push("a"));
  onStop(() => Promise.reject(new Error("b is stuck")));
  onStop(async () => void ran.push("c"));
  const forget = onStop(() => void ran.push("forgotten"));
  forget();
  await assert.rejects(stopAll(), (error) => {
    assert.ok(error instanceof AggregateError);
    assert.match(error.message, /1 of 3/);
    assert.match(String(error.errors[0]), /b is stuck/);
    return true;
  });
  assert.deepEqual(ran, ["a", "c"]);
  assert.equal(await stopAll(), 0);
});

test("a progress bar counts its steps and refuses what can't be counted", () => {
  const bar = progressBar(3, "jobs");
  bar.step();
  bar.step(2);
  bar.end();
  assert.throws(() => bar.step(-1), { name: "ArgumentError", code: "BAD_PROGRESS", value: -1 });
  assert.throws(() => bar.step(0.5), { code: "BAD_PROGRESS" });
  assert.throws(() => progressBar(0, "none"), { code: "BAD_PROGRESS", value: 0 });
});
