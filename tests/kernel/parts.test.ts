import assert from "node:assert/strict";
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { onStop, stopAll } from "../../support/helpers/clean-up/stop-all.ts";
import { currentCell, runInCell } from "../../support/kernel/cell.ts";
import { ConnectionFileError, readConnection } from "../../support/kernel/connection.ts";
import { createHistory } from "../../support/kernel/history.ts";
import { answer, flag, frames, integer, MessageError, pack, parse } from "../../support/kernel/message.ts";
import { createAllowance, createBatch, PRINT_LIMIT } from "../../support/kernel/printing.ts";
import { DisplayError, resultBundle } from "../../support/kernel/result.ts";
import {
  announceEnd,
  createShared,
  createShield,
  endAnnounced,
  interruptsTaken,
  isShielded,
  isTaken,
  takeInterrupt,
} from "../../support/kernel/shield.ts";
import { silentCell } from "./silent-cell.ts";

const folder = mkdtempSync(join(tmpdir(), "kernel-"));
const header = { msg_id: "1", msg_type: "x_request", session: "s", username: "u", date: "d", version: "5.3" };
const message = { route: [Buffer.from("way")], header, parent: {}, metadata: {}, content: { a: 1 } };
const bytes = (key: string): Buffer[] => frames(key, pack(message)).map((part) => Buffer.from(part));

test("a message is read as it was sent", () => {
  assert.deepEqual(parse("key", bytes("key")), message);
  assert.deepEqual(parse("", bytes("")), message);
});

test("a message that another key signed, or that is none, is refused", () => {
  assert.throws(() => parse("key", bytes("other")), MessageError);
  assert.throws(() => parse("key", [Buffer.from("x")]), /no delimiter/);
  const broken = ["<IDS|MSG>", "", "[]", "{}", "{}", "{}"].map((part) => Buffer.from(part));
  assert.throws(() => parse("", broken), /header is no JSON object/);
  broken[2] = Buffer.from("{}");
  assert.throws(() => parse("", broken), /no type or id/);
});

test("a signature of another length in bytes is refused", () => {
  const parts = bytes("key");
  parts[2] = Buffer.from("é".repeat(64));
  assert.throws(() => parse("key", parts), MessageError);
});

test("half a letter is sent as the replacement character, and what only looks like one as it is", () => {
  const text = "a\ud83d b\ude00 😀 \\ud83d \\\\ud83d\n";
  const { content } = parse(
    "",
    frames("", pack({ ...message, content: { text } })).map((part) => Buffer.from(part)),
  );
  assert.equal(content.text, text.toWellFormed());
});

test("an answer goes the way that its question came", () => {
  const reply = answer(message, "x_reply", { ok: true });
  assert.deepEqual(
    [reply.route, reply.parent.msg_id, reply.header.msg_type],
    [message.route, "1", "x_reply"],
  );
  assert.notEqual(reply.header.msg_id, "1");
});

test("a value of another type than asked for is as if it were not there", () => {
  assert.deepEqual([flag({ a: 1 }, "a", true), integer({ a: "1" }, "a", 7)], [true, 7]);
});

test("history gives the tail, a range, and what matches a pattern", () => {
  const history = createHistory();
  ["a = 1", "b = 2", "a = 1", "a (x)"].forEach((input, at) => {
    history.add(at + 1, input);
  });
  history.result(2, "two");
  const lines = (request: Record<string, unknown>): unknown => history.reply(request).history;
  assert.deepEqual(lines({ hist_access_type: "tail", n: 1 }), [[1, 4, "a (x)"]]);
  assert.deepEqual(lines({ hist_access_type: "range", start: 2, stop: 3, output: true }), [
    [1, 2, ["b = 2", "two"]],
  ]);
  assert.deepEqual(lines({ hist_access_type: "search", pattern: "a =*", unique: true }), [[1, 3, "a = 1"]]);
  assert.deepEqual(lines({ hist_access_type: "search", pattern: "a (?)" }), [[1, 4, "a (x)"]]);
  assert.deepEqual(lines({ hist_access_type: "range", session: 9 }), []);
  assert.deepEqual(lines({ hist_access_type: "other" }), []);
  assert.deepEqual(lines({ hist_access_type: "tail", n: 0 }), []);
});

test("a pattern of many stars is answered at once", () => {
  const history = createHistory();
  history.add(1, "a".repeat(5000));
  const find = (pattern: string): unknown => history.reply({ hist_access_type: "search", pattern }).history;
  assert.deepEqual(find(`${"*a".repeat(40)}b`), []);
  assert.deepEqual(find(`a*${"*?".repeat(40)}*a`), [[1, 1, "a".repeat(5000)]]);
});

test("a result object offers its own forms, and a wrong one is named", async () => {
  const display = Symbol.for("Jupyter.display");
  assert.deepEqual(await resultBundle({ [display]: async () => ({ "text/html": "x" }) }), {
    "text/html": "x",
  });
  await assert.rejects(resultBundle({ [display]: () => "x" }), DisplayError);
  assert.deepEqual(await resultBundle(null), { "text/plain": "null" });
  assert.equal(await resultBundle(setImmediate(() => {})), undefined);
});

test("a connection file that can't be used is told with its path", () => {
  const path = join(folder, "connection.json");
  assert.throws(() => readConnection(path), ConnectionFileError);
  writeFileSync(path, JSON.stringify({ ip: "127.0.0.1", transport: "tcp", shell_port: 1 }));
  assert.throws(() => readConnection(path), /iopub_port is missing/);
  const ports = { shell_port: 1, iopub_port: 2, stdin_port: 3, control_port: 4, hb_port: 5 };
  writeFileSync(path, JSON.stringify({ ip: "/tmp/k", transport: "ipc", key: "k", ...ports }));
  assert.equal(readConnection(path).heartbeat, "ipc:///tmp/k-5");
});

test("code belongs to its cell also when it runs later, and a clean-up to the cell that registered it", async () => {
  const abort = new AbortController();
  const cell = silentCell(abort.signal);
  const stopped: string[] = [];
  const later = runInCell(cell, async () => {
    const off = onStop(() => void stopped.push("taken off"));
    off();
    onStop(() => void stopped.push("run"));
    await new Promise((resolve) => setTimeout(resolve, 1));
    return currentCell();
  });
  assert.equal(await later, cell);
  assert.equal(currentCell(), undefined);
  abort.abort();
  await new Promise((resolve) => setImmediate(resolve));
  assert.deepEqual(stopped, ["run"]);
});

test("a clean-up that is registered in a cell that was interrupted already is run very soon", async () => {
  const cell = silentCell(AbortSignal.abort());
  const stopped: string[] = [];
  runInCell(cell, () => {
    onStop(() => void stopped.push("run"));
    onStop(() => void stopped.push("taken off"))();
  });
  assert.deepEqual(stopped, []);
  await Promise.resolve();
  assert.deepEqual(stopped, ["run"]);
  assert.equal(await stopAll(), 0);
});

test("work is shielded while it runs, also when it throws, and nested", () => {
  const shared = createShared();
  const shield = createShield(shared);
  const seen = shield.over(() => [
    isShielded(shared),
    shield.over(() => isShielded(shared)),
    isShielded(shared),
  ]);
  assert.deepEqual(seen, [true, true, true]);
  assert.throws(() => shield.over(() => assert.fail()), assert.AssertionError);
  assert.equal(isShielded(shared), false);
});

test("work that was ended from outside is forgotten by a reset", () => {
  const shared = createShared();
  const shield = createShield(shared);
  shield.over(() => {
    shield.reset();
    assert.equal(isShielded(shared), false);
    shield.over(() => {});
  });
});

test("whoever waits for an interrupt to be taken learns it at once, or that it was not", async () => {
  const shared = createShared();
  assert.equal(await isTaken(shared, interruptsTaken(shared), 5), false);
  const before = interruptsTaken(shared);
  const waiting = isTaken(shared, before, 60_000);
  takeInterrupt(shared);
  assert.equal(await waiting, true);
  assert.equal(await isTaken(shared, before, 60_000), true);
});

test("nothing that must not be cut is begun while an end is announced, and no end where it has begun", () => {
  const shared = createShared();
  const shield = createShield(shared);
  assert.equal(
    shield.over(() => announceEnd(shared)),
    false,
  );
  assert.equal(announceEnd(shared), true);
  endAnnounced(shared);
  assert.equal(
    shield.over(() => "begun"),
    "begun",
  );
});

test("printed text goes out in order, once for a stream and cell that follow one another", () => {
  const sent: string[] = [];
  const batch = createBatch((cell, name, text) => sent.push(`${cell.msg_id} ${name} ${text}`));
  const other = { ...header, msg_id: "2" };
  for (const text of ["a", "b"]) batch.print(header, "stdout", text);
  batch.print(header, "stderr", "c");
  batch.print(other, "stderr", "d");
  batch.flush();
  batch.flush();
  batch.print(other, "stderr", "x".repeat(70_000));
  assert.deepEqual(sent, ["1 stdout ab", "1 stderr c", "2 stderr d", `2 stderr ${"x".repeat(70_000)}`]);
});

test("a cell prints up to its limit, in whole letters, and says what is left out", () => {
  const allowance = createAllowance();
  assert.equal(allowance.part("a"), "a");
  assert.equal(allowance.leftOut(), "");
  const part = allowance.part("é".repeat(PRINT_LIMIT));
  assert.match(part, /^é{999999}\n… more than 2.0 MB/);
  assert.equal(allowance.part("b"), "");
  assert.equal(allowance.leftOut(), "… 2.0 MB left out\n");
});
