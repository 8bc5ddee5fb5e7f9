import assert from "node:assert/strict";
import { test } from "node:test";
import { newInbox } from "../../../support/helpers/socket/inbox.ts";

const TEXT = "GET\r\n\nHello, 欢迎 🙂\n\r\nlast\r";
const LINES = ["GET", "", "Hello, 欢迎 🙂", ""];

/** What takeLine gives after each piece, and takeRest at the end. */
function linesOf(pieces: readonly Buffer[]): (string | undefined)[] {
  const inbox = newInbox();
  const lines: (string | undefined)[] = [];
  for (const piece of pieces) {
    inbox.push(piece);
    for (let line = inbox.takeLine(100); line !== undefined; line = inbox.takeLine(100)) lines.push(line);
  }
  return [...lines, inbox.takeRest(100)];
}

test("lines are the same for every split of the bytes into two pieces", () => {
  const bytes = Buffer.from(TEXT);
  for (let at = 0; at <= bytes.length; at += 1) {
    assert.deepEqual(linesOf([bytes.subarray(0, at), bytes.subarray(at)]), [...LINES, "last\r"]);
  }
});

test("lines are the same when every byte comes alone", () => {
  const bytes = [...Buffer.from(TEXT)].map((byte) => Buffer.from([byte]));
  assert.deepEqual(linesOf(bytes), [...LINES, "last\r"]);
});

test("take gives what has come, piece by piece, and never more than asked for", () => {
  const inbox = newInbox();
  assert.equal(inbox.take(1), undefined);
  inbox.push(Buffer.from("abcde"));
  inbox.push(Buffer.from("f"));
  assert.equal(inbox.size, 6);
  assert.deepEqual(
    [2, 100, 100, 100].map((most) => inbox.take(most)?.toString()),
    ["ab", "cde", "f", undefined],
  );
  assert.equal(inbox.size, 0);
});

test("take and takeLine may be mixed", () => {
  const inbox = newInbox();
  for (const piece of ["one", " two\nth", "ree\n"]) inbox.push(Buffer.from(piece));
  assert.equal(inbox.take(4)?.toString(), "one");
  assert.equal(inbox.takeLine(10), " two");
  assert.equal(inbox.take(1)?.toString(), "t");
  assert.equal(inbox.takeLine(10), "hree");
});

test("a line may be as long as the limit and no longer, with either end", () => {
  for (const end of ["\n", "\r\n"]) {
    for (const split of [0, 3, 5, 6]) {
      const inbox = newInbox();
      const bytes = Buffer.from(`12345${end}`);
      inbox.push(bytes.subarray(0, split));
      if (split < 6) assert.equal(inbox.takeLine(5), undefined);
      inbox.push(bytes.subarray(split));
      assert.equal(inbox.takeLine(5), "12345");
    }
    const inbox = newInbox();
    inbox.push(Buffer.from(`123456${end}`));
    assert.throws(() => inbox.takeLine(5), { name: "LineTooLongError", code: "LINE_TOO_LONG", value: 5 });
  }
});

test("a line without an end is refused as soon as it is too long", () => {
  const inbox = newInbox();
  inbox.push(Buffer.from("1234567"));
  assert.throws(() => inbox.takeLine(5), { code: "LINE_TOO_LONG" });
  assert.throws(() => inbox.takeRest(5), { code: "LINE_TOO_LONG" });
});

test("a line that is not UTF-8 is refused, and the error shows how it begins", () => {
  const inbox = newInbox();
  inbox.push(Buffer.from([0xff, 0xfe, 0x0a]));
  assert.throws(() => inbox.takeLine(5), { name: "NotTextError", code: "NOT_TEXT", value: "fffe" });
});

test("a line in 64 Ki pieces of one byte takes no quadratic time", () => {
  const inbox = newInbox();
  const start = performance.now();
  for (let i = 0; i < 65_536; i += 1) {
    inbox.push(Buffer.from("a"));
    assert.equal(inbox.takeLine(65_536), undefined);
  }
  inbox.push(Buffer.from("\n"));
  assert.equal(inbox.takeLine(65_536)?.length, 65_536);
  assert.ok(performance.now() - start < 5000);
});
