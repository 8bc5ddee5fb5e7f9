import assert from "node:assert/strict";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { createServer } from "node:net";
import { afterEach, mock, test } from "node:test";
import { pathToFileURL } from "node:url";
import { stopAll } from "../../../support/helpers/clean-up/stop-all.ts";
import { findPython } from "../../../support/helpers/programs/find-python.ts";
import { python } from "../../../support/helpers/programs/python.ts";
import { sideBySide, sideBySideHtml } from "../../../support/helpers/programs/side-by-side.ts";
import { steady } from "../../../support/helpers/programs/steady-output.ts";

afterEach(() => mock.restoreAll());

const FOREVER = "import time\nprint('started', flush=True)\nwhile True: time.sleep(1)\n";

test("Python's output and its status come back", async () => {
  assert.deepEqual(await python("print('one')\nprint('two')"), { stdout: "one\ntwo", stderr: "", status: 0 });
});

test("an exception is a result: the traceback names the lesson's lines only", async () => {
  const run = await python("import asyncio\nasync def f():\n    return 1 / 0\nasyncio.run(f())\n");
  assert.equal(run.status, 1);
  assert.equal(
    run.stderr,
    [
      "Traceback (most recent call last):",
      '  File "<python>", line 4, in <module>',
      '  File "<python>", line 3, in f',
      "ZeroDivisionError: division by zero",
    ].join("\n"),
  );
});

test("a coroutine that is never awaited gives Python's own warning", async () => {
  const run = await python("async def f(): print('ran')\nf()\n");
  assert.equal(run.stdout, "");
  assert.match(run.stderr, /^<python>:2: RuntimeWarning: coroutine 'f' was never awaited/);
});

test("the code is __main__ and sees neither the reader's settings nor arguments nor input", async () => {
  const run = await python(
    "import sys\nprint(__name__, sys.argv, sys.stdin.read() == '', sys.flags.isolated, sys.flags.dont_write_bytecode)",
  );
  assert.equal(run.stdout, "__main__ ['<python>'] True 1 1");
});

test("indented source runs, and its first line with text is line 1", async () => {
  const run = await python(`
    if True:
        print(1 / 0)
  `);
  assert.match(run.stderr, /"<python>", line 2/);
});

test("source and output may hold any signs", async () => {
  const run = await python("print('協程 <b>&\"')");
  assert.equal(run.stdout, '協程 <b>&"');
});

test("Python is killed together with whatever it has started", async () => {
  const stop = new AbortController();
  const server = createServer((socket) => socket.on("error", () => {}).resume()).listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  assert.ok(address !== null && typeof address === "object");
  const hold = `import socket, time; s = socket.create_connection(("127.0.0.1", ${address.port})); time.sleep(60)`;
  const source = `import subprocess, sys, time\nsubprocess.Popen([sys.executable, "-c", ${JSON.stringify(hold)}])\ntime.sleep(60)`;
  const ended = assert.rejects(python(source, { signal: stop.signal }), { name: "AbortError" });
  const [socket] = await once(server, "connection");
  stop.abort();
  await ended;
  // The grandchild holds the connection: when it closes, the grandchild is gone.
  if (!socket.closed) await once(socket, "close");
  server.close();
});

test("the time limit kills Python, also one that waits for nothing", async () => {
  for (const source of [FOREVER, "while True: pass"])
    await assert.rejects(python(source, { limitMs: 300 }), {
      name: "ProgramError",
      code: "TIME_LIMIT",
      value: 300,
      message: /within 300 ms/,
    });
});

test("Python that prints without end is stopped", async () => {
  await assert.rejects(python("while True: print('x' * 100)"), { code: "OUTPUT_LIMIT", value: 20_000 });
});

test("an aborted signal kills Python, and its reason is what the promise rejects with", async () => {
  const stop = new AbortController();
  const run = python(FOREVER, { signal: stop.signal });
  setTimeout(() => stop.abort(new RangeError("enough")), 150);
  await assert.rejects(run, { name: "RangeError", message: "enough" });
  await assert.rejects(python("print(1)", { signal: AbortSignal.abort() }), { name: "AbortError" });
});

test("stopAll kills a Python that is still running", async () => {
  const run = assert.rejects(python(FOREVER), { name: "AbortError" });
  assert.equal(await stopAll(), 1);
  await run;
  assert.equal(await stopAll(), 0);
});

test("a limit that can't be kept is refused", async () => {
  for (const limitMs of [0, -1, Number.NaN, 600_001])
    await assert.rejects(python("print(1)", { limitMs }), { code: "BAD_TIME_LIMIT", value: limitMs });
});

test("a project without its environment says how to get it", () => {
  assert.throws(() => findPython(pathToFileURL("/nowhere/")), {
    name: "ProgramError",
    code: "NO_PYTHON",
    message: /make lab/,
    value: "/nowhere/.venv/bin/python",
  });
  assert.ok(existsSync(findPython()));
});

test("addresses and folders of the standard library do not show", () => {
  assert.equal(
    steady(
      "<coroutine object f at 0x7f00deadbeef>\r\n<Task cb=[f() at /usr/lib/python3.12/asyncio/base.py:181]>\n",
    ),
    "<coroutine object f at 0x…>\n<Task cb=[f() at asyncio/base.py]>",
  );
});

test("in a group of exceptions the library's frames are left out as well", () => {
  const group = [
    "  + Exception Group Traceback (most recent call last):",
    '  |   File "/usr/lib/python3.11/asyncio/runners.py", line 190, in run',
    "  |     return runner.run(main)",
    "  |            ^^^^^^^^^^^^^^^^",
    '  |   File "<python>", line 3, in main',
    "  | ExceptionGroup: unhandled errors (1 sub-exception)",
    "  +-+---------------- 1 ----------------",
    "    | Traceback (most recent call last):",
    '    |   File "/usr/lib/python3.11/asyncio/tasks.py", line 9, in f',
    "    | ValueError: x",
  ];
  assert.deepEqual(
    steady(group.join("\n")).split("\n"),
    group.filter((line) => !/usr|runner|\^/.test(line)),
  );
});

test("columns show stdout, stderr and nothing, as plain text where no notebook is", () => {
  const out: string[] = [];
  mock.method(console, "log", (text: string) => out.push(text));
  sideBySide({
    Python: { stdout: "a\nb", stderr: "warned", status: 0 },
    TypeScript: ["<c>"],
    nobody: { stdout: "", stderr: "", status: 0 },
  });
  assert.deepEqual(out, ["Python printed:\na\nb\nwarned\nTypeScript printed:\n<c>\nnobody printed:"]);
});

test("what a column or its name says can't become markup", () => {
  const html = sideBySideHtml({ "<i>": ["<script>"], Python: { stdout: "", stderr: "</pre>", status: 1 } });
  assert.doesNotMatch(html, /<i>|<script>|<\/pre><\/pre>/);
  assert.match(html, /&lt;script&gt;.*stderr:\n&lt;\/pre&gt;/s);
});
