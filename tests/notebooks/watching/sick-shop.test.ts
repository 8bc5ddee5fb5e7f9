/** The shop of lesson 19: it ends with whoever started it, and what its probes send is read right. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import type { Profiler } from "node:inspector/promises";
import { test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { admit, ask, get, hottest, spansOf } from "../../../notebooks/beyond/watch-shop.ts";
import { isAlive } from "../../helpers/until.ts";

const TOOLS = new URL("../../../notebooks/beyond/watch-shop.ts", import.meta.url).href;

async function endsSoon(pid: number): Promise<boolean> {
  for (let look = 0; look < 100 && isAlive(pid); look += 1) await delay(50);
  return !isAlive(pid);
}

test("the shop is ended where its `await using` ends, also by an error", async () => {
  let pid = 0;
  await assert.rejects(async () => {
    await using patient = await admit();
    pid = patient.process.pid ?? 0;
    assert.equal(await get(`${patient.url}/health`), "ok");
    throw new Error("on purpose");
  }, /on purpose/);
  assert.equal(await endsSoon(pid), true);
});

function startedElsewhere(): ChildProcess {
  const code = `import { admit } from "${TOOLS}";
    const patient = await admit();
    console.log(patient.process.pid);
    await new Promise(() => setInterval(() => {}, 1000));`;
  return spawn(process.execPath, ["--input-type=module", "--eval", code], {
    stdio: ["ignore", "pipe", "inherit"],
  });
}

test("the shop ends when the process that started it is killed", async () => {
  const parent = startedElsewhere();
  assert.ok(parent.stdout);
  const [said] = await once(parent.stdout, "data");
  const pid = Number(String(said));
  assert.equal(isAlive(pid), true);
  parent.kill("SIGKILL");
  assert.equal(await endsSoon(pid), true);
});

test("a probe that can't be loaded is an error and no wait without an end", async () => {
  await assert.rejects(admit("throw new Error('broken')"), /the shop ended \(1\) before it was open/);
});

test("a page that is not there is no page of the prototype either", async () => {
  await using patient = await admit();
  assert.equal(await get(`${patient.url}/toString`), "there is no such page");
});

test("a probe is asked and answers", async () => {
  await using patient = await admit('process.on("message", (word) => process.send(word + " me"));');
  assert.equal(await ask(patient), "tell me");
});

test("the request that the shop has answered before it is handed over is no span", async () => {
  await using patient = await admit(`
    import { subscribe } from "node:diagnostics_channel";
    const notes = [];
    const note = ({ request }) => notes.push([request.url, performance.now()]);
    subscribe("http.server.request.start", note);
    subscribe("http.server.response.finish", note);
    process.on("message", () => process.send(notes));
  `);
  await get(`${patient.url}/health`);
  const notes: [string, number][] = await ask(patient);
  assert.deepEqual(new Set(notes.map(([name]) => name)), new Set(["/", "/health"]));
  assert.deepEqual(
    spansOf(notes).map(({ name }) => name),
    ["/health"],
  );
});

test("two notes of a name are a span, and one is none yet", () => {
  const spans = spansOf([
    ["/a", 1],
    ["/b", 2],
    ["/c", 3],
    ["/b", 5],
    ["/a", 7],
  ]);
  assert.deepEqual(
    spans.map(({ name, startedAt, endedAt }) => [name, startedAt, endedAt]),
    [
      ["/a", 1, 7],
      ["/b", 2, 5],
    ],
  );
});

function call(id: number, functionName: string, file: string, children: number[] = []): Profiler.ProfileNode {
  const callFrame = { functionName, scriptId: "1", url: file, lineNumber: 1, columnNumber: 1 };
  return { id, callFrame, children };
}

test("the hottest function is the innermost of the shop's own, whatever it calls", () => {
  const nodes = [
    call(1, "(root)", "", [2, 5]),
    call(2, "outer", "/x/sick-server.ts", [3]),
    call(3, "inner", "/x/sick-server.ts", [4]),
    call(4, "called", "/x/other.ts"),
    call(5, "somebody else's", "/x/other.ts"),
  ];
  const profile = (samples: number[]): Profiler.Profile => ({ nodes, samples, startTime: 0, endTime: 1 });
  assert.equal(hottest(profile([4, 3, 2, 5, 5, 5, 5])), "inner");
  assert.equal(hottest(profile([2, 2, 4])), "outer");
  assert.equal(hottest(profile([5])), undefined);
});
