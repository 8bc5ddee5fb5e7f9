import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { runNode } from "../../../support/helpers/programs/run-node.ts";
import { isAlive } from "../until.ts";

const MODULE = fileURLToPath(new URL("../../../support/helpers/programs/run-node.ts", import.meta.url));

test("a program's lines come back, and its exit status last", async () => {
  assert.deepEqual(await runNode("console.log('one\\ntwo'); console.log(1)"), [
    "one",
    "two",
    "1",
    "exit status 0",
  ]);
  assert.deepEqual(await runNode("process.exit(7)"), ["exit status 7"]);
});

test("the error that a program died of stands before its exit status", async () => {
  assert.deepEqual(await runNode("console.log('on'); throw new RangeError('too far')"), [
    "on",
    "RangeError: too far",
    "exit status 1",
  ]);
  const [coded] = await runNode("import { readFileSync } from 'node:fs'; readFileSync(1.5);");
  assert.match(coded ?? "", /^TypeError \[ERR_INVALID_ARG_TYPE\]: /);
});

test("an await without an end is told by Node's warning, without a file's name", async () => {
  assert.deepEqual(await runNode("await new Promise(() => {})"), [
    "Warning: Detected unsettled top-level await",
    "exit status 13",
  ]);
});

test("a program that a signal ended says so", async () => {
  assert.deepEqual(await runNode("process.kill(process.pid, 'SIGTERM'); setInterval(() => {}, 10)"), [
    "killed by a signal",
  ]);
});

test("flags reach Node, and what the kernel's Node was told does not", async () => {
  process.env.NODE_OPTIONS = "--expose-gc";
  try {
    assert.deepEqual(await runNode("console.log(typeof gc)"), ["undefined", "exit status 0"]);
    const flags = ["--expose-gc"];
    assert.deepEqual(await runNode("console.log(typeof gc)", { flags }), ["function", "exit status 0"]);
  } finally {
    delete process.env.NODE_OPTIONS;
  }
});

test("a program may import what a lesson may", async () => {
  const source = 'import { semaphore } from "support"; console.log(semaphore(2).run.name);';
  assert.deepEqual(await runNode(source), ["run", "exit status 0"]);
});

test("a program over its time is killed, and one that prints without end", async () => {
  await assert.rejects(runNode("for (;;);", { limitMs: 400 }), {
    name: "ProgramError",
    code: "TIME_LIMIT",
    value: 400,
    message: /^Node did not end within 400 ms/,
  });
  for (const line of ["x".repeat(100), ""])
    await assert.rejects(runNode(`for (;;) console.log("${line}")`), { code: "OUTPUT_LIMIT", value: 20_000 });
  await assert.rejects(runNode("1", { limitMs: 0 }), { code: "BAD_TIME_LIMIT", value: 0 });
});

test("what a program has printed before it ends itself is all there, also while nobody reads it", async () => {
  const many = runNode("for (let n = 0; n < 3000; n += 1) console.log(n); process.exit(3)");
  // Until long after it has begun to print.
  const start = performance.now();
  while (performance.now() - start < 1000);
  const lines = await many;
  assert.deepEqual([lines.length, lines.at(-2), lines.at(-1)], [3001, "2999", "exit status 3"]);
});

test("neither a program's threads nor what keeps it alive are other than in a terminal", async () => {
  const source = `
    import { Worker } from "node:worker_threads";
    console.log(process.getActiveResourcesInfo().length);
    new Worker("", { eval: true }).on("error", console.log).on("exit", console.log);
  `;
  assert.deepEqual(await runNode(source), ["0", "0", "exit status 0"]);
});

test("an aborted signal kills the program, and its reason is what the promise rejects with", async () => {
  const stop = new AbortController();
  setTimeout(() => stop.abort(new RangeError("enough")), 100);
  await assert.rejects(runNode("setInterval(() => {}, 10)", { signal: stop.signal }), { message: "enough" });
});

test("a program whose kernel was killed ends some seconds after its limit", async (t) => {
  const folder = mkdtempSync(join(tmpdir(), "run-node-"));
  t.after(() => rmSync(folder, { recursive: true }));
  const note = join(folder, "pid");
  const program = `
    import { writeFileSync } from "node:fs";
    writeFileSync(${JSON.stringify(note)}, String(process.pid));
    for (;;);
  `;
  const source = `
    import { runNode } from ${JSON.stringify(MODULE)};
    await runNode(${JSON.stringify(program)}, { limitMs: 900 });
  `;
  const kernel = spawn(process.execPath, ["--input-type=module", "--eval", source], { stdio: "ignore" });
  while (!existsSync(note) || readFileSync(note, "utf8") === "") await pause(20);
  kernel.kill("SIGKILL");
  await once(kernel, "exit");
  const pid = Number(readFileSync(note, "utf8"));
  assert.ok(isAlive(pid));
  while (isAlive(pid)) await pause(50);
});
