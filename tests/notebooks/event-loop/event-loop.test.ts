import assert from "node:assert/strict";
import { once } from "node:events";
import type { Server, Socket } from "node:net";
import { after, before, test } from "node:test";
import { type Coroutine, type LessonLoop, lessonLoop, loopCells } from "./lesson-loop.ts";
import { asAsync, askServer, nodeKit, startSlowServer } from "./on-node.ts";
import { type Kit, PROGRAMS, type Program } from "./programs.ts";

/** A lesson second here, in ms: long enough that a busy machine changes no order. */
const SECOND_MS = 60;

const loop: LessonLoop = await lessonLoop(SECOND_MS);
let server: Server;

before(async () => {
  server = await startSlowServer();
});

after(() => {
  server.close();
});

function ask(text: string, seconds: number) {
  return askServer(server, text, seconds * SECOND_MS);
}

/** The next piece of a socket's answer, "" at its end: reads, and when nothing is there, hears of it and reads again. */
function* receive(socket: Socket): Coroutine<string> {
  for (;;) {
    const data: Buffer | null = socket.read();
    if (data !== null) return String(data);
    if (socket.errored) throw socket.errored;
    if (socket.readableEnded || socket.destroyed) return "";
    yield* loop.hear<void>((heard) => {
      const events = ["readable", "end", "error", "close"];
      const listener = (): void => {
        for (const event of events) socket.off(event, listener);
        heard();
      };
      for (const event of events) socket.on(event, listener);
    });
  }
}

function loopKit(note: (line: string) => void): Kit {
  const { sleep, spawn, join, gather } = loop;
  return {
    note,
    ask,
    sleep,
    spawn,
    join,
    gather,
    receive,
    *pause() {
      yield (resume: () => void) => resume();
    },
  };
}

/** What a run noted, and how it ended. */
async function traced(run: (note: (line: string) => void) => Promise<unknown>): Promise<string[]> {
  const lines: string[] = [];
  try {
    const value = await run((line) => lines.push(line));
    return [...lines, `returned ${JSON.stringify(value)}`];
  } catch (error) {
    return [...lines, `threw ${String(error)}`];
  }
}

for (const [name, program] of Object.entries(PROGRAMS)) {
  test(`the lesson's loop ${name}, as Node does`, async () => {
    const mine = await traced((note) => loop.run(program(loopKit(note))));
    const node = await traced(async (note) => {
      const kit = nodeKit(note, ask, SECOND_MS);
      try {
        return await asAsync(program)(kit);
      } finally {
        await Promise.allSettled(kit.started);
      }
    });
    assert.ok(mine.length > 1);
    assert.deepEqual(mine, node);
  });
}

test("there are at least ten programs that both run", () => {
  assert.ok(Object.keys(PROGRAMS).length >= 10);
});

test("a nested coroutine that does not wait gives nobody a turn, as on Node it does", async () => {
  const program: Program = function* (kit) {
    function* helper(): Coroutine<void> {}
    function* caller(): Coroutine<void> {
      kit.note("before the helper");
      yield* helper();
      kit.note("after the helper");
    }
    function* other(): Coroutine<void> {
      kit.note("other");
      yield* kit.pause();
    }
    yield* kit.gather([caller(), other()]);
  };
  const mine = await traced((note) => loop.run(program(loopKit(note))));
  const node = await traced((note) => asAsync(program)(nodeKit(note, ask, SECOND_MS)));
  assert.deepEqual(mine.slice(0, 3), ["before the helper", "after the helper", "other"]);
  assert.deepEqual(node.slice(0, 3), ["before the helper", "other", "after the helper"]);
});

for (const [order, seconds] of Object.entries({
  "as they are due": (n: number) => n,
  "the last one first": (n: number) => 1000 - n,
  "in no order": (n: number) => (n * 7919) % 1009,
  "for the same time": () => 1,
})) {
  test(`a thousand timers that are set ${order} wait in the order in which they are due`, () => {
    const set: unknown[] = [];
    for (let n = 0; n < 1000; n += 1) {
      const { value: suspend } = loop.sleep(seconds(n)).next();
      assert.ok(typeof suspend === "function");
      suspend(() => set.push(n));
    }
    const waiting = loop.timers.splice(0);
    assert.equal(waiting.length, 1000);
    assert.ok(waiting.every(({ at }, n) => n === 0 || (waiting[n - 1]?.at ?? 0) <= at));
    for (const { resume } of waiting) resume();
    assert.equal(new Set(set).size, 1000);
  });
}

test("an answer that is there at once is heard at once", async () => {
  function* asks(): Coroutine<string> {
    return yield* loop.hear<string>((heard) => heard("here"));
  }
  assert.equal(await loop.run(asks()), "here");
});

test("a program that nothing can wake any more ends with an error", async () => {
  function* stuck(): Coroutine<void> {
    yield () => {};
  }
  await assert.rejects(loop.run(stuck()), /nothing is left/);
});

test("a broken connection is an error in the coroutine that waits for it", async () => {
  const socket = ask("never", 5);
  function* client(): Coroutine<string> {
    return yield* receive(socket);
  }
  const run = loop.run(client());
  socket.destroy(new Error("cut"));
  await assert.rejects(run, /cut/);
});

test("a connection that is closed without an error is an empty answer", async () => {
  const socket = ask("never", 5);
  await once(socket, "connect");
  const run = loop.run(receive(socket));
  socket.destroy();
  assert.equal(await run, "");
});

test("the loop has some eighty lines, as the lesson says", async () => {
  const parts = ["the ready queue", "coroutines and tasks", "spawn", "waiting for tasks", "timers", "run"];
  const cells = await loopCells();
  for (const part of parts)
    assert.ok(
      cells.some((cell) => cell.startsWith(`// my loop: ${part}\n`)),
      part,
    );
  const lines = cells.flatMap((cell) => cell.split("\n").slice(1));
  const { length } = lines.filter((line) => line.trim() !== "");
  assert.ok(length >= 75 && length <= 85, `${length} lines`);
});
