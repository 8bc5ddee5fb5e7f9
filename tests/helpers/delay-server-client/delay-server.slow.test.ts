/** The lesson's side: each kernel is played by a process of its own that imports `delayServer`. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { afterEach, test } from "node:test";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { request } from "undici";
import { lookAt } from "../../../support/helpers/delay-server-client/probe-port.ts";
import { until } from "../until.ts";

const LESSON = new URL("../../../support/helpers/delay-server-client/delay-server.ts", import.meta.url).href;
const MAIN = fileURLToPath(new URL("../../../support/helpers/delay-server/main.ts", import.meta.url));
const SECOND_MS = 50;

interface Kernel {
  process: ChildProcess;
  /** What the kernel printed, line by line. */
  lines: string[];
  ended: Promise<unknown>;
}

const started: ChildProcess[] = [];
afterEach(() => {
  for (const one of started.splice(0)) one.kill("SIGKILL");
});

/** Runs lines of a lesson in a process; it prints what `print` is given. */
function kernel(lesson: string, port: number, env: Record<string, string> = {}): Kernel {
  const script = `const { delayServer } = await import(${JSON.stringify(LESSON)});
    const print = (line) => console.log(line);
    const wait = (ms) => new Promise((done) => setTimeout(done, ms));
    ${lesson}`;
  const child = spawn(process.execPath, ["--input-type=module", "-e", script], {
    env: { ...process.env, LESSON_SECOND_MS: String(SECOND_MS), DELAY_SERVER_PORT: String(port), ...env },
    stdio: ["ignore", "pipe", "inherit"],
  });
  started.push(child);
  const lines: string[] = [];
  child.stdout?.on("data", (text) => lines.push(...String(text).trim().split("\n")));
  return { process: child, lines, ended: once(child, "exit") };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  assert.ok(typeof address === "object" && address !== null);
  server.close();
  await once(server, "close");
  return address.port;
}

async function gone(port: number): Promise<number> {
  return until(async () => (await lookAt(port, SECOND_MS)) === "nothing", 2000);
}

const OPEN = "print((await delayServer()).url); await wait(60_000);";

test("a lesson gets a server on the wanted port, with a scope of its own", async () => {
  const port = await freePort();
  const one = kernel(
    "const s = await delayServer(); print(s.url); print(JSON.stringify(await s.stats()));",
    port,
  );
  await one.ended;
  assert.match(one.lines[0] ?? "", new RegExp(`^http://localhost:${port}/lesson/[0-9a-f]{8}$`));
  assert.equal(JSON.parse(one.lines[1] ?? "").started, 0);
});

test("the kernel exits at once after its last statement, and the server goes with it", async () => {
  const port = await freePort();
  const one = kernel("await delayServer(); print('last statement');", port);
  await until(() => one.lines.includes("last statement"));
  const last = performance.now();
  await one.ended;
  assert.ok(performance.now() - last < 500);
  assert.ok((await gone(port)) < 500);
});

test("five kernels that start at the same moment share one server", async () => {
  const port = await freePort();
  const five = Array.from({ length: 5 }, () => kernel(OPEN, port));
  await until(() => five.every((one) => one.lines.length > 0));
  const ports = new Set(five.map((one) => new URL(one.lines[0] ?? "").port));
  assert.deepEqual([...ports], [String(port)]);
  const urls = new Set(five.map((one) => one.lines[0]));
  assert.equal(urls.size, 5, "each has a scope of its own");
});

test("the server survives the kernel that started it, killed, as long as another one uses it", async () => {
  const port = await freePort();
  const first = kernel(OPEN, port);
  await until(() => first.lines.length > 0);
  const second = kernel(OPEN, port);
  await until(() => second.lines.length > 0);
  first.process.kill("SIGKILL");
  await first.ended;
  await delay(300);
  const answer = await request(`${second.lines[0]}/aio?delay=1`);
  assert.deepEqual(await answer.body.json(), { delay: 1 });
  const lost = await request(`${first.lines[0]}/stats`);
  assert.equal(lost.statusCode, 404, "the scope of the lesson that is gone is gone");
  await lost.body.dump();
  second.process.kill("SIGKILL");
  await second.ended;
  assert.ok((await gone(port)) < 500);
});

test("lessons that share a server do not see each other's counts, script or seed", async () => {
  const port = await freePort();
  const other = kernel("const s = await delayServer({ seed: 'b' }); print(s.url); await wait(60_000)", port);
  await until(() => other.lines.length > 0);
  const one = kernel(
    `const s = await delayServer({ seed: 'a' });
     await s.script([0, 0]);
     const get = async (url) => (await fetch(url)).json();
     await get(s.url + '/aio'); await get(${JSON.stringify(other.lines[0])} + '/aio?delay=0');
     print((await s.stats()).started); print((await get(s.url + '/aio')).delay);`,
    port,
  );
  await one.ended;
  assert.deepEqual(one.lines, ["1", "0"]);
});

test("another program on the port is left alone, and the lesson is told which port it got", async () => {
  const foreign: Server = createServer((_, answer) => answer.end("not yours")).listen(0, "127.0.0.1");
  await once(foreign, "listening");
  const address = foreign.address();
  assert.ok(typeof address === "object" && address !== null);
  const one = kernel("const s = await delayServer(); print((await s.stats()).started);", address.port);
  await one.ended;
  foreign.close();
  assert.match(
    one.lines[0] ?? "",
    new RegExp(`^Port ${address.port} is taken by another program.* took port \\d+\\.$`),
  );
  assert.equal(one.lines[1], "0");
});

test("a stand-alone server with other seconds is not shared", async () => {
  const port = await freePort();
  const alone = spawn(process.execPath, [MAIN, "--port", String(port)], { stdio: "ignore" });
  started.push(alone);
  await until(async () => (await lookAt(port, 1000)) !== "nothing");
  const one = kernel("await delayServer();", port);
  await one.ended;
  assert.match(one.lines[0] ?? "", /is taken by a delay server with other seconds/);
});

test("with DELAY_SERVER_PORT=0 a lesson has a server to itself and says nothing", async () => {
  const both = [0, 1].map(() => kernel("await delayServer(); print('ready'); await wait(500);", 0));
  await Promise.all(both.map((one) => one.ended));
  assert.deepEqual(
    both.map((one) => one.lines),
    [["ready"], ["ready"]],
  );
});

test("a bad DELAY_SERVER_PORT is named with what to give", async () => {
  const one = kernel("await delayServer().catch((e) => print(e.name + ': ' + e.message));", 70_000);
  await one.ended;
  assert.match(one.lines[0] ?? "", /^ArgumentError: DELAY_SERVER_PORT is "70000"; give a port/);
});

test("calling it again is the same server; called three times at once, too", async () => {
  const one = kernel(
    `const all = await Promise.all([delayServer(), delayServer(), delayServer()]);
     all.push(await delayServer());
     print(new Set(all).size);`,
    0,
  );
  await one.ended;
  assert.deepEqual(one.lines, ["1"]);
});

test("when the server was killed, the next call starts another one", async () => {
  const one = kernel(
    `import { execFileSync } from "node:child_process";
     const first = await delayServer();
     const port = new URL(first.url).port;
     execFileSync("pkill", ["-9", "-P", String(process.pid), "-f", "delay-server/main"]);
     await wait(200);
     const second = await delayServer();
     print(first === second); print((await second.stats()).started);`,
    0,
  );
  await one.ended;
  assert.deepEqual(one.lines, ["false", "0"]);
});

test("two calls at once after the server was killed get one server, the same", async () => {
  const one = kernel(
    `import { execFileSync } from "node:child_process";
     const first = await delayServer();
     execFileSync("pkill", ["-9", "-P", String(process.pid), "-f", "delay-server/main"]);
     await wait(200);
     const both = await Promise.all([delayServer(), delayServer(), delayServer()]);
     print(new Set([...both, await delayServer()]).size); print(both.includes(first));`,
    0,
  );
  await one.ended;
  assert.deepEqual(one.lines, ["1", "false"]);
});

test("a call right after stopAll does not get the server that was given back", async () => {
  const stop = new URL("../../../support/helpers/clean-up/stop-all.ts", import.meta.url).href;
  const one = kernel(
    `const { stopAll } = await import(${JSON.stringify(stop)});
     const first = await delayServer();
     void stopAll();
     const second = await delayServer();
     await wait(100);
     print(first === second); print((await second.stats()).started);`,
    0,
  );
  await one.ended;
  assert.deepEqual(one.lines, ["false", "0"]);
});

test("a cell that holds the thread does not stall the server", async () => {
  const one = kernel(
    `const s = await delayServer();
     const asked = fetch(s.url + '/aio?delay=6').then((r) => r.json());
     await wait(${SECOND_MS});
     const end = performance.now() + ${5 * SECOND_MS};
     while (performance.now() < end);
     const start = performance.now();
     await asked;
     print(performance.now() - start < ${3 * SECOND_MS});`,
    0,
  );
  await one.ended;
  assert.deepEqual(one.lines, ["true"]);
});

test("stopAll gives the server back", async () => {
  const port = await freePort();
  const stop = new URL("../../../support/helpers/clean-up/stop-all.ts", import.meta.url).href;
  const one = kernel(
    `await delayServer(); await (await import(${JSON.stringify(stop)})).stopAll(); print('ok'); await wait(60_000);`,
    port,
  );
  await until(() => one.lines.includes("ok"));
  assert.ok((await gone(port)) < 500);
});

test("a server that no lesson takes ends by itself", async () => {
  const child = spawn(process.execPath, [MAIN, "--lessons", "--port", "0"], {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  started.push(child);
  await once(child, "message");
  const [code] = await once(child, "exit");
  assert.equal(code, 0);
});

test("the server tells of each request since the last reset: when it came, when it ended, and how", async () => {
  const one = kernel(
    `const { request } = await import("undici");
     const { performance } = globalThis;
     const s = await delayServer();
     const ask = (query, signal) => request(s.url + "/aio?" + query, { signal }).then(({ body }) => body.text()).catch(() => {});
     await ask("delay=0");
     await s.reset();
     const before = performance.timeOrigin + performance.now();
     const stop = new AbortController();
     const all = [ask("delay=1"), ask("delay=2&status=503"), ask("delay=9", stop.signal)];
     const last = ask("delay=60");
     await wait(150);
     stop.abort();
     await Promise.all(all);
     const seen = await s.requests();
     print(JSON.stringify(seen.map(({ startedAt, endedAt, ...more }) =>
       ({ ...more, from: startedAt - before, took: endedAt && endedAt - startedAt }))));
     process.exit(0);`,
    await freePort(),
  );
  await one.ended;
  const seen = JSON.parse(one.lines[0] ?? "");
  // They come on a connection each, in any order.
  const length = ({ name }: { name: string }): number => Number(name.replace("delay ", ""));
  seen.sort((a: { name: string }, b: { name: string }) => length(a) - length(b));
  assert.deepEqual(
    seen.map((each: { name: string; outcome: string; note: string }) => [each.name, each.outcome, each.note]),
    [
      ["delay 1", "result", ""],
      ["delay 2", "error", "status 503"],
      ["delay 9", "cancelled", "client gone"],
      ["delay 60", "running", "still asleep"],
    ],
  );
  for (const [at, ms] of [50, 100, 150].entries()) {
    // A busy computer is late; the client that left did so long before its 450 ms were over.
    assert.ok(seen[at].from >= 0 && seen[at].from < 300, `came after ${seen[at].from} ms`);
    assert.ok(seen[at].took > ms - 40 && seen[at].took < ms + 250, `took ${seen[at].took} ms, not ${ms}`);
  }
  assert.equal(seen[3].took, null);
});
