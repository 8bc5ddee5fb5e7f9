import assert from "node:assert/strict";
import { after, test } from "node:test";
import { stopAll } from "../../../support/helpers/clean-up/stop-all.ts";
import { type ClientThread, clientThread } from "../../../support/helpers/socket/client-thread.ts";
import { load } from "../../../support/helpers/socket/echo-load.ts";
import { listen } from "../../../support/helpers/socket/listen.ts";
import { serve } from "../../../support/helpers/socket/serve.ts";
import type { AwaitableSocket } from "../../../support/helpers/socket/socket.ts";
import { talk } from "../../../support/helpers/socket/talk.ts";

const thread: ClientThread = await clientThread();
after(() => thread.close());

const greeter = await serve(async (socket) => {
  await socket.sendAll("欢迎!");
  for await (const piece of socket) {
    if (String(piece) === "exit") return;
    await socket.sendAll(`Hello, ${piece}`);
  }
  await socket.sendAll("Bye");
});
after(() => greeter.close());

/** Breaks off as soon as something is said; sooner, the client's connect itself may fail. */
async function breaker(socket: AwaitableSocket): Promise<void> {
  await socket.recv(1);
  await socket.breakOff();
}

test("clients in a thread talk with a server here, and what they heard comes back as data", async () => {
  const recording = await thread.talk(greeter.port, [
    {
      name: "Ada",
      steps: [
        { hear: "欢迎!" },
        { say: "Ada" },
        { hear: "Hello, Ada" },
        { say: "exit" },
        { hear: "the end" },
      ],
    },
    { name: "Bob", steps: [{ hear: 7 }, { wait: 1 }, { endSending: true }, { hear: "the end" }] },
    { name: "Eve", steps: [{ hear: 7 }, { vanish: true }, { say: "never" }] },
  ]);
  const [ada, bob, eve] = recording.value;
  assert.deepEqual(
    ada?.heard.map((heard) => [heard.text, heard.bytes]),
    [
      ["欢迎!", 7],
      ["Hello, Ada", 10],
    ],
  );
  assert.deepEqual(
    bob?.heard.map((heard) => heard.text),
    ["欢迎!", "Bye"],
  );
  assert.ok((bob?.heard[1]?.at ?? 0) >= 0.9);
  assert.deepEqual([ada?.end, bob?.end, eve?.end], ["server", "server", "client"]);
  assert.deepEqual(
    recording.tasks.map((one) => one.name),
    ["Ada", "Bob", "Eve"],
  );
});

test("a client hears no more than it waits for, and shows the first 100 bytes", async () => {
  const server = await serve((socket) => socket.sendAll("x".repeat(1000)));
  const { value } = await talk(server.port, [{ name: "one", steps: [{ hear: 300 }, { hear: "the end" }] }]);
  assert.deepEqual(
    value[0]?.heard.map((heard) => [heard.text.length, heard.bytes]),
    [
      [100, 300],
      [100, 700],
    ],
  );
  await server.close();
});

test("a connection that the server breaks off is an end, not a failure", async () => {
  const server = await serve(breaker);
  const { value } = await talk(server.port, [{ name: "one", steps: [{ say: "x" }, { hear: 1 }] }]);
  assert.deepEqual(value, [{ name: "one", heard: [], end: "break" }]);
  await server.close();
});

test("an abort closes the clients' connections", async () => {
  const waits = [{ name: "waits", steps: [{ hear: "the end" } as const] }];
  const stop = new AbortController();
  const talking = thread.talk(greeter.port, waits, { signal: stop.signal });
  setTimeout(() => stop.abort(), 30);
  await assert.rejects(talking, { name: "AbortError" });
  await assert.rejects(thread.talk(greeter.port, waits, { signal: stop.signal }), { name: "AbortError" });
  await assert.rejects(talk(greeter.port, waits, AbortSignal.timeout(30)), { name: "TimeoutError" });
  const before = greeter.inFlight;
  const quick = [{ name: "a", steps: [{ hear: 7 }] }];
  await assert.rejects(talk(greeter.port, quick, AbortSignal.abort()), { name: "AbortError" });
  const during = new AbortController();
  const connecting = talk(greeter.port, quick, during.signal);
  during.abort();
  await assert.rejects(connecting, { name: "AbortError" });
  assert.equal(greeter.inFlight, before);
});

test("a server that isn't there is an error of the call", async () => {
  const listener = await listen();
  await listener.close();
  const nobody = [{ name: "one", steps: [] }];
  await assert.rejects(thread.talk(listener.port, nobody), /can't connect to port \d+ .*ECONNREFUSED/);
  await assert.rejects(load(listener.port, { connections: 1, ms: 10 }), { name: "ConnectError" });
});

test("a load is echoed and counted, with the thread's own echo server and with one here", async () => {
  const theirs = await load(await thread.echo(), { connections: 3, bytes: 10, ms: 50 });
  assert.ok(theirs.messages > 0 && theirs.handled >= theirs.messages && theirs.perSecond > theirs.messages);
  const server = await serve(async (socket) => {
    for await (const piece of socket) await socket.sendAll(piece);
  });
  const ours = await thread.load(server.port, { connections: 2, ms: 50 });
  assert.ok(ours.messages > 0 && ours.clientBusy > 0 && ours.clientBusy <= 1);
  await server.close();
});

test("a load that the server breaks off is an error", async () => {
  const server = await serve(breaker);
  await assert.rejects(load(server.port, { connections: 1, ms: 50 }), { name: "ConnectError" });
  await server.close();
});

test("stopAll ends a thread; what waited rejects, and so do later calls", async () => {
  const other = await clientThread();
  const waiting = assert.rejects(other.talk(greeter.port, [{ name: "a", steps: [{ hear: "the end" }] }]), {
    name: "ClientThreadError",
    code: "CLIENT_THREAD_ENDED",
  });
  assert.ok((await stopAll()) >= 1);
  await waiting;
  await assert.rejects(other.echo(), { name: "ClientThreadError" });
  await other.close();
});
