import assert from "node:assert/strict";
import { AsyncLocalStorage } from "node:async_hooks";
import { test } from "node:test";
import { openPlace, visit } from "../../../support/helpers/practice/place.ts";

test("a client's visit tells what it heard, when, and that the server ended it", async () => {
  const place = await openPlace((socket) => {
    socket.on("data", (bytes) => socket.end(`${bytes} too`));
  });
  const heard = await visit(place.port, { says: [{ at: 1, text: "hello" }], patience: 20 });
  place.close();
  assert.deepEqual([heard.pieces.map(({ text }) => text).join(""), heard.end], ["hello too", "server"]);
  assert.ok((heard.pieces[0]?.at ?? 0) >= 0.9 && heard.endedAt < 20);
});

test("a client leaves when it has heard enough, and when its patience is over", async () => {
  const place = await openPlace((socket) => void socket.write("abc"));
  const enough = await visit(place.port, { patience: 20, enough: 3 });
  const patient = await visit(place.port, { patience: 1 });
  place.close();
  assert.deepEqual([enough.end, enough.endedAt < 20], ["client", true]);
  assert.deepEqual([patient.end, patient.endedAt >= 0.9], ["client", true]);
});

test("a client that ends its sending still listens, one that vanishes does not", async () => {
  const seen: string[] = [];
  const place = await openPlace((socket) => {
    socket.resume();
    socket.on("end", () => {
      seen.push("end");
      socket.end("bye");
    });
    socket.on("close", (broken) => seen.push(broken ? "broken" : "closed"));
  });
  const ended = await visit(place.port, { endsAt: 0.2, patience: 20 });
  const vanished = await visit(place.port, { vanishesAt: 0.2, patience: 20 });
  await new Promise((resolve) => setTimeout(resolve, 50));
  place.close();
  assert.deepEqual([ended.pieces[0]?.text, ended.end, vanished.end], ["bye", "server", "client"]);
  assert.deepEqual(seen, ["end", "closed", "broken"]);
});

test("a visit to a port where nobody listens is refused, and one that is broken off is broken", async () => {
  const place = await openPlace((socket) => void setTimeout(() => socket.resetAndDestroy(), 20));
  const broken = await visit(place.port, { patience: 20 });
  place.close();
  const refused = await visit(place.port, { patience: 20 });
  assert.deepEqual([broken.end, refused.end], ["broken", "refused"]);
});

test("what a connection calls back belongs to the run that opened the place", async () => {
  const run = new AsyncLocalStorage<string>();
  const seen: (string | undefined)[] = [];
  const place = await run.run("mine", () =>
    openPlace((socket) => {
      seen.push(run.getStore());
      socket.on("data", () => {
        seen.push(run.getStore());
        socket.end();
      });
    }),
  );
  await visit(place.port, { says: [{ at: 0, text: "x" }], patience: 20 });
  place.close();
  assert.deepEqual(seen, ["mine", "mine"]);
});
