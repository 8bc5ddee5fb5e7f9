import assert from "node:assert/strict";
import { test } from "node:test";
import { newInbox } from "../../../support/helpers/socket/inbox.ts";

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

test("what is taken in pieces of any size is what came, also after thousands of pieces", () => {
  const inbox = newInbox();
  for (let i = 0; i < 5000; i += 1) inbox.push(Buffer.from([i % 251, i % 7]));
  const taken: number[] = [];
  for (let most = 1; inbox.size > 0; most = 1 + (most % 3)) taken.push(...(inbox.take(most) ?? []));
  assert.deepEqual(taken, Array.from({ length: 5000 }, (_, i) => [i % 251, i % 7]).flat());
});
