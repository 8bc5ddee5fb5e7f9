import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { connect } from "../../../support/helpers/socket/connect.ts";
import { type Serving, serve } from "../../../support/helpers/socket/serve.ts";
import type { AwaitableSocket } from "../../../support/helpers/socket/socket.ts";
import { readLine } from "./read-line.ts";

/** Greets, answers lines, and ends with `exit`: what lesson 1 builds, with lines. */
async function greeter(socket: AwaitableSocket): Promise<void> {
  await socket.sendAll("欢迎!\n");
  for (let name = await readLine(socket); name !== null; name = await readLine(socket)) {
    if (name === "exit") return;
    await socket.sendAll(`Hello, ${name}\n`);
  }
}

interface Failure {
  error: unknown;
  peer: string;
}

async function withServer(
  handler: (socket: AwaitableSocket) => Promise<void>,
  use: (server: Serving, failures: Failure[]) => Promise<void>,
): Promise<void> {
  const failures: Failure[] = [];
  const server = await serve(handler, { onError: (error, peer) => failures.push({ error, peer }) });
  try {
    await use(server, failures);
  } finally {
    await server.close();
  }
}

async function untilIdle(server: Serving): Promise<void> {
  while (server.inFlight > 0) await pause(1);
}

function codes(failures: readonly Failure[]): unknown[] {
  return failures.map(({ error }) => (error instanceof Error && "code" in error ? error.code : error));
}

test("a conversation: greeting, answers, exit closes", () =>
  withServer(greeter, async (server, failures) => {
    const client = await connect(server.port);
    assert.equal(await readLine(client), "欢迎!");
    await client.sendAll("Ada\nexit\n");
    assert.equal(await readLine(client), "Hello, Ada");
    assert.equal(await readLine(client), null);
    await client.close();
    assert.deepEqual(failures, []);
  }));

test("1,000 clients at once are all answered", { timeout: 60_000 }, () =>
  withServer(greeter, async (server, failures) => {
    const clients = await Promise.all(Array.from({ length: 1000 }, () => connect(server.port)));
    for (const client of clients) assert.equal(await readLine(client), "欢迎!");
    assert.equal(server.inFlight, 1000);
    await Promise.all(clients.map((client, i) => client.sendAll(`number ${i}\n`)));
    const answers = await Promise.all(clients.map((client) => readLine(client)));
    assert.deepEqual(
      answers,
      clients.map((_, i) => `Hello, number ${i}`),
    );
    await Promise.all(clients.map((client) => client.close()));
    await untilIdle(server);
    assert.deepEqual(failures, []);
  }),
);

const BAD: Record<string, (socket: AwaitableSocket) => Promise<void>> = {
  "sends garbage": (socket) => socket.sendAll(Buffer.from([0x80, 0x81, 0x0a])),
  "sends an oversized line": (socket) => socket.sendAll("x".repeat(100_000)),
  "resets in the middle of a message": async (socket) => {
    await socket.sendAll("half a mess");
    await pause(10);
    await socket.breakOff();
  },
  "leaves without a word": (socket) => socket.close(),
  "says nothing": async () => {},
};
const CODES: Record<string, unknown[]> = {
  "sends garbage": ["ERR_ENCODING_INVALID_ENCODED_DATA"],
  "sends an oversized line": ["LINE_TOO_LONG"],
  "resets in the middle of a message": ["CONNECTION_LOST"],
};

for (const [what, behave] of Object.entries(BAD)) {
  test(`a client that ${what} does not disturb another`, () =>
    withServer(greeter, async (server, failures) => {
      const [good, bad] = [await connect(server.port), await connect(server.port)];
      assert.equal(await readLine(good), "欢迎!");
      assert.equal(await readLine(bad), "欢迎!");
      await behave(bad);
      for (const name of ["one", "two", "three"]) {
        await good.sendAll(`${name}\n`);
        assert.equal(await readLine(good), `Hello, ${name}`);
        await pause(10);
      }
      await Promise.all([good.close(), bad.close()]);
      await untilIdle(server);
      assert.deepEqual(codes(failures), CODES[what] ?? []);
    }));
}

test("a handler that throws ends its own conversation only, and its client sees the end", () =>
  withServer(
    async (socket) => {
      const word = await readLine(socket);
      if (word === "bad") throw new RangeError("no such word");
      await socket.sendAll("fine\n");
    },
    async (server, failures) => {
      const [good, bad] = [await connect(server.port), await connect(server.port)];
      await bad.sendAll("bad\n");
      assert.equal(await readLine(bad), null);
      await good.sendAll("good\n");
      assert.equal(await readLine(good), "fine");
      assert.equal(failures.length, 1);
      assert.match(failures[0]?.peer ?? "", /^127\.0\.0\.1:\d+$/);
      await Promise.all([good.close(), bad.close()]);
    },
  ));

test("close ends the conversations that go on, and waits for their handlers", async () => {
  const ended: string[] = [];
  const failures: unknown[] = [];
  const server = await serve(
    async (socket) => {
      try {
        await socket.recv(1);
      } finally {
        await pause(10);
        ended.push("handler");
      }
    },
    { onError: (error) => failures.push(error) },
  );
  const client = await connect(server.port);
  while (server.inFlight === 0) await pause(1);
  await server.close();
  await server.close();
  assert.deepEqual([ended, failures], [["handler"], []]);
  assert.equal(await client.recv(1), null);
  await client.close();
});

test("without onError, a lost client is passed over and anything else is printed", async (context) => {
  const printed: unknown[][] = [];
  context.mock.method(console, "error", (...what: unknown[]) => printed.push(what));
  const server = await serve(greeter);
  const [lost, garbage] = [await connect(server.port), await connect(server.port)];
  await readLine(lost);
  await lost.breakOff();
  await readLine(garbage);
  await garbage.sendAll(Buffer.from([0xff, 0x0a]));
  assert.equal(await readLine(garbage), null);
  await garbage.close();
  await untilIdle(server);
  assert.equal(printed.length, 1);
  assert.match(String(printed[0]?.[0]), /conversation with 127\.0\.0\.1:\d+ failed/);
  await server.close();
});

test("an onError that throws or rejects ends nothing: both errors are printed", async (context) => {
  const printed: unknown[][] = [];
  context.mock.method(console, "error", (...what: unknown[]) => printed.push(what));
  const failing = [
    () => {
      throw new RangeError("deaf");
    },
    () => Promise.reject(new RangeError("deaf later")),
  ];
  for (const onError of failing) {
    printed.length = 0;
    const server = await serve(() => Promise.reject(new TypeError("no such word")), { onError });
    const client = await connect(server.port);
    assert.equal(await client.recv(1), null);
    await client.close();
    await untilIdle(server);
    await server.close();
    assert.match(String(printed[0]?.[1]), /no such word/);
    assert.match(String(printed[1]?.[1]), /deaf/);
  }
});

test("1 GB for a reader that pauses takes under 64 MB, and all of it arrives afterwards", {
  timeout: 120_000,
}, async () => {
  const file = fileURLToPath(new URL("./slow-reader.ts", import.meta.url));
  const child = spawn(process.execPath, [file], { stdio: ["ignore", "pipe", "inherit"] });
  const said: Buffer[] = [];
  child.stdout.on("data", (piece: Buffer) => said.push(piece));
  const [status] = await once(child, "close");
  const [paused = "", whole = "", received = ""] = String(Buffer.concat(said)).trim().split(" ");
  assert.equal(status, 0);
  assert.equal(Number(received), 1024 ** 3);
  assert.ok(Number(paused) < 64, `${paused} MB while the reader paused`);
  // Once it is read, what was read waits for the garbage collector.
  assert.ok(Number(whole) < 256, `${whole} MB in all`);
});
