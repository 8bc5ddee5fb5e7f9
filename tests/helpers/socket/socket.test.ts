import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { connect } from "../../../support/helpers/socket/connect.ts";
import { listen } from "../../../support/helpers/socket/listen.ts";
import type { AwaitableSocket } from "../../../support/helpers/socket/socket.ts";
import { withPair } from "./pairs.ts";

async function all(socket: AwaitableSocket): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of socket) pieces.push(piece);
  return Buffer.concat(pieces);
}

async function isPending(promise: Promise<unknown>): Promise<boolean> {
  const nothing = Symbol("nothing");
  return (await Promise.race([promise, pause(30, nothing)])) === nothing;
}

test("recv waits for bytes, gives at most as many as asked for, and keeps the rest", () =>
  withPair(async ({ here, there }) => {
    const waiting = here.recv(3);
    there.write("abcde");
    assert.equal(String(await waiting), "abc");
    assert.equal(String(await here.recv(100)), "de");
    assert.ok(await isPending(here.recv(1)));
  }));

test("recv gives null at the end, again and again", () =>
  withPair(async ({ here, there }) => {
    there.end("bye");
    assert.equal(String(await here.recv(100)), "bye");
    assert.equal(await here.recv(100), null);
    assert.equal(await here.recv(100), null);
  }));

test("a message arrives whole for every split of its bytes into writes", () =>
  withPair(async ({ here, there }) => {
    const message = Buffer.from("欢迎, one\ntwo");
    for (let at = 1; at < message.length; at += 1) {
      there.write(message.subarray(0, at));
      const first = await here.recv(at);
      there.write(message.subarray(at));
      const rest: Buffer[] = first === null ? [] : [first];
      for (let got = first?.length ?? 0; got < message.length; ) {
        const piece = await here.recv(message.length - got);
        assert.ok(piece);
        rest.push(piece);
        got += piece.length;
      }
      assert.deepEqual(Buffer.concat(rest), message);
    }
  }));

test("counts that are none are refused", () =>
  withPair(async ({ here }) => {
    for (const count of [0, -1, 1.5, Number.NaN]) {
      await assert.rejects(here.recv(count), {
        name: "ArgumentError",
        code: "BAD_BYTE_COUNT",
        value: count,
      });
    }
  }));

test("a second reader is refused and the first one is not disturbed", () =>
  withPair(async ({ here, there }) => {
    const first = here.recv(10);
    await assert.rejects(here.recv(10), { name: "RecvBusyError", code: "RECV_BUSY", value: "recv" });
    there.write("mine");
    assert.equal(String(await first), "mine");
  }));

test("a pending recv can be cancelled, and no byte is lost", () =>
  withPair(async ({ here, there }) => {
    const stop = new AbortController();
    const waiting = here.recv(10, { signal: stop.signal });
    stop.abort();
    await assert.rejects(waiting, { name: "AbortError" });
    await assert.rejects(here.recv(10, { signal: stop.signal }), { name: "AbortError" });
    there.write("kept");
    assert.equal(String(await here.recv(10)), "kept");
  }));

test("a signal that aborts after the recv was served does nothing", () =>
  withPair(async ({ here, there }) => {
    const stop = new AbortController();
    const waiting = here.recv(10, { signal: stop.signal });
    there.write("a");
    assert.equal(String(await waiting), "a");
    const next = here.recv(10);
    stop.abort();
    there.write("b");
    assert.equal(String(await next), "b");
  }));

test("either side may end sending and go on receiving", () =>
  withPair(async ({ here, there }) => {
    there.end("the question");
    assert.equal(String(await all(here)), "the question");
    await here.sendAll("the answer");
    await here.endSending();
    await here.endSending();
    assert.equal(String(await once(there, "data")), "the answer");
  }));

test("endSending tells the other side, whose words still arrive", () =>
  withPair(async ({ here, there }) => {
    there.resume();
    await here.endSending();
    await once(there, "end");
    there.end("last words");
    assert.equal(String(await all(here)), "last words");
  }));

test("sendAll after endSending is refused by name, and receiving goes on", () =>
  withPair(async ({ here, there }) => {
    await here.endSending();
    await assert.rejects(here.sendAll("more"), { name: "SendingEndedError", code: "SENDING_ENDED" });
    await assert.rejects(here.sendAll(""), { code: "SENDING_ENDED" });
    there.write("still heard");
    assert.equal(String(await here.recv(100)), "still heard");
    there.end();
    assert.equal(await here.recv(100), null);
  }));

test("what can't be sent is refused by a rejection, and the connection stays", () =>
  withPair(async ({ here, there }) => {
    const values: unknown[] = [5, null, undefined, {}, Object.create(null)];
    for (const value of values) {
      // @ts-expect-error neither text nor bytes
      const refused = here.sendAll(value);
      await assert.rejects(refused, { name: "ArgumentError", code: "NOT_SENDABLE" });
    }
    await here.sendAll(new Uint8Array([0x6f, 0x6b]));
    assert.equal(String((await once(there, "data"))[0]), "ok");
  }));

test("a loop over pieces can be left while it waits, and takes no byte that comes later", () =>
  withPair(async ({ here, there }) => {
    const iterator = here[Symbol.asyncIterator]();
    const pending = iterator.next();
    assert.deepEqual(await iterator.return?.(), { done: true, value: undefined });
    assert.deepEqual(await pending, { done: true, value: undefined });
    assert.deepEqual(await iterator.next(), { done: true, value: undefined });
    there.write("later");
    assert.equal(String(await here.recv(100)), "later");

    const reader = here.recv(100);
    const second = here[Symbol.asyncIterator]();
    await assert.rejects(second.next(), { code: "RECV_BUSY" });
    await second.return?.();
    there.write("for the first");
    assert.equal(String(await reader), "for the first");
  }));

test("a loop over connections can be left while it waits, and takes nobody who comes later", async () => {
  const listener = await listen();
  const iterator = listener[Symbol.asyncIterator]();
  const pending = iterator.next();
  assert.deepEqual(await iterator.return?.(), { done: true, value: undefined });
  assert.deepEqual(await pending, { done: true, value: undefined });
  assert.deepEqual(await iterator.next(), { done: true, value: undefined });
  const client = await connect(listener.port);
  const accepted = await listener.accept();
  assert.ok(accepted);
  await Promise.all([client.close(), accepted.close(), listener.close()]);
});

test("a number that is no port is named by connect", async () => {
  for (const port of [-1, 70_000, Number.NaN])
    await assert.rejects(connect(port), { name: "ConnectError", code: "ERR_SOCKET_BAD_PORT", value: port });
});

test("a reset in the middle of a message is named, after what had arrived", () =>
  withPair(async ({ here, there }) => {
    there.write("half a mess");
    assert.equal(String(await here.recv(4)), "half");
    there.resetAndDestroy();
    await pause(20);
    assert.equal(String(await here.recv(100)), " a mess");
    await assert.rejects(here.recv(100), { name: "ConnectionLostError", code: "CONNECTION_LOST" });
    await assert.rejects(here.recv(100), (error) => {
      assert.ok(error instanceof Error && error.cause instanceof Error);
      assert.match(error.message, /127\.0\.0\.1:\d+ is lost .*ECONNRESET/);
      return true;
    });
    await assert.rejects(here.sendAll("x"), { code: "CONNECTION_LOST" });
    await assert.rejects(here.endSending(), { code: "CONNECTION_LOST" });
  }));

test("sendAll waits while the other side does not read, and sends everything in order", () =>
  withPair(async ({ here, there }) => {
    there.pause();
    const data = Buffer.alloc(16 * 1024 * 1024, "0123456789");
    const sending = here.sendAll(data);
    assert.ok(await isPending(sending));
    const second = here.sendAll("second");
    const pieces: Buffer[] = [];
    let got = 0;
    there.on("data", (piece: Buffer) => {
      pieces.push(piece);
      got += piece.length;
    });
    there.resume();
    await Promise.all([sending, second]);
    while (got < data.length + 6) await once(there, "data");
    assert.ok(Buffer.concat(pieces).equals(Buffer.concat([data, Buffer.from("second")])));
  }));

test("a pending sendAll rejects when the other side vanishes", () =>
  withPair(async ({ here, there }) => {
    there.pause();
    const sending = here.sendAll(Buffer.alloc(16 * 1024 * 1024));
    assert.ok(await isPending(sending));
    there.resetAndDestroy();
    await assert.rejects(sending, { code: "CONNECTION_LOST" });
  }));

test("close ends everything that waits, and may be called again", () =>
  withPair(async ({ here, there }) => {
    there.pause();
    const sending = here.sendAll(Buffer.alloc(16 * 1024 * 1024));
    const receiving = here.recv(1);
    const closing = here.close();
    await assert.rejects(receiving, { name: "SocketClosedError", code: "SOCKET_CLOSED", value: "recv" });
    await assert.rejects(sending, { code: "SOCKET_CLOSED", value: "sendAll" });
    await closing;
    await here.close();
    await assert.rejects(here.recv(1), { code: "SOCKET_CLOSED" });
    await assert.rejects(here.sendAll("x"), { code: "SOCKET_CLOSED", value: "sendAll" });
  }));

test("what sendAll has returned from arrives although the socket is closed at once", () =>
  withPair(async ({ here, there }) => {
    const pieces: Buffer[] = [];
    there.on("data", (piece: Buffer) => pieces.push(piece));
    await here.sendAll("Hello, Ada");
    await here.close();
    await once(there, "end");
    assert.equal(String(Buffer.concat(pieces)), "Hello, Ada");
  }));

test("breakOff is seen as a reset", () =>
  withPair(async ({ here, there }) => {
    there.resume();
    const broken = assert.rejects(once(there, "close"), { code: "ECONNRESET" });
    await here.breakOff();
    await broken;
  }));

test("accept serves several that wait, in order; a cancelled one loses no connection", async () => {
  const listener = await listen();
  const stop = new AbortController();
  const cancelled = listener.accept({ signal: stop.signal });
  const [first, second] = [listener.accept(), listener.accept()];
  stop.abort();
  await assert.rejects(cancelled, { name: "AbortError" });
  await assert.rejects(listener.accept({ signal: stop.signal }), { name: "AbortError" });
  const clients = [await connect(listener.port), await connect(listener.port)];
  await clients[1]?.sendAll("second");
  assert.equal(String(await (await second)?.recv(10)), "second");
  const last = listener.accept();
  await listener.close();
  await listener.close();
  assert.equal(await last, null);
  assert.equal(await listener.accept(), null);
  await (await first)?.close();
  await (await second)?.close();
  for (const client of clients) await client.close();
});

test("nothing is read from a connection that nobody has accepted, and closing the listener closes it", async () => {
  const listener = await listen();
  const kept = await connect(listener.port);
  const dropped = await connect(listener.port);
  await kept.sendAll("early");
  await pause(20);
  const socket = await listener.accept();
  assert.equal(String(await socket?.recv(10)), "early");
  await listener.close();
  assert.equal(await dropped.recv(1), null);
  await Promise.all([kept.close(), dropped.close(), socket?.close()]);
});

test("listen takes the first port that is free, and names a port that is not", async () => {
  const first = await listen();
  await assert.rejects(listen(first.port), {
    name: "ListenError",
    code: "EADDRINUSE",
    value: [first.port],
  });
  const second = await listen([first.port, 0]);
  assert.notEqual(second.port, first.port);
  const { port } = first;
  await first.close();
  const again = await listen([port, 0]);
  assert.equal(again.port, port);
  await Promise.all([second.close(), again.close()]);
});

test("connect names a port where nobody listens, and can be cancelled", async () => {
  const listener = await listen();
  const { port } = listener;
  const stop = new AbortController();
  const cancelled = connect(port, { signal: stop.signal });
  stop.abort();
  await assert.rejects(cancelled, { name: "AbortError" });
  await assert.rejects(connect(port, { signal: stop.signal }), { name: "AbortError" });
  await listener.close();
  await assert.rejects(connect(port), { name: "ConnectError", code: "ECONNREFUSED", value: port });
});
