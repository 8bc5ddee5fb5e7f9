"""Whatever a cell throws, loops, starts or ends: the kernel answers, and the next cell runs."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import psutil
import pytest
from kernels import ROOT, Kernel, Ran, kernel


@pytest.fixture(scope="module")
def shared() -> Iterator[Kernel]:
    with kernel() as running:
        yield running
        assert running.run("1 + 1").result == "2"


def error(ran: Ran) -> str:
    assert ran.status == "error", ran.messages
    return str(ran.of("error")[0]["ename"])


# 1. What is thrown or shown is foreign code.

THROWS = "{ get() { throw new Error('hidden'); } }"
MEMBERS = {name: f"Object.defineProperty(new Error('m'), '{name}', {THROWS})" for name in ("name", "stack")}
ODD = {
    **MEMBERS,
    "message": f"Object.defineProperty(new Error('m'), 'message', {THROWS})",
    "cause": f"Object.defineProperty(new Error('m'), 'cause', {THROWS})",
    "a member": f"Object.defineProperty(new Error('m'), 'x', {{ enumerable: true, {THROWS[1:]})",
    "errors": f"Object.defineProperty(new AggregateError([]), 'errors', {THROWS})",
    "errors that are none": "Object.assign(new AggregateError([]), { errors: 5 })",
    "a member's inspect": (
        "Object.assign(new Error('m'), { x: { [Symbol.for('nodejs.util.inspect.custom')]() { throw 1; } } })"
    ),
    "inspect": "({ [Symbol.for('nodejs.util.inspect.custom')]() { throw new Error('x'); } })",
    "a name that is none": "Object.assign(new Error('m'), { name: Symbol('s'), message: Symbol('s') })",
    "a null prototype": "Object.create(null)",
    "a proxy": "new Proxy(new Error('m'), { get() { throw 1; }, getPrototypeOf() { throw 2; }, ownKeys() { throw 3; } })",
    "a revoked proxy": "(() => { const { proxy, revoke } = Proxy.revocable({}, {}); revoke(); return proxy; })()",
}


@pytest.mark.parametrize("what", ODD)
def test_what_throws_when_it_is_looked_at_is_an_error_when_thrown(shared: Kernel, what: str) -> None:
    assert shared.run(f"throw {ODD[what]};").status == "error"
    assert shared.run("1 + 1").result == "2"


@pytest.mark.parametrize("what", ODD)
def test_what_throws_when_it_is_looked_at_is_answered_as_a_result_and_as_a_rejection(
    shared: Kernel, what: str
) -> None:
    shared.run(f"({ODD[what]})")
    late = shared.send(f"void Promise.reject({ODD[what]});")
    shared.wait(late)
    shared.wait_for(late, "error")
    assert shared.run("1 + 1").result == "2"


@pytest.mark.parametrize(
    "code",
    [
        "({ [Symbol.for('nodejs.util.inspect.custom')]() { for (;;); } })",
        "({ [Symbol.for('nodejs.util.inspect.custom')]() { throw new Error('x'); } })",
        "({ [Symbol.for('Jupyter.display')]() { throw new Error('x'); } })",
        "({ [Symbol.for('Jupyter.display')]() { return new Promise(() => {}); } })",
        "({ [Symbol.for('Jupyter.display')]() { for (;;); } })",
        "({ [Symbol.for('Jupyter.display')]() { return { 'text/html': 1n }; } })",
        "({ [Symbol.for('Jupyter.display')]() { return { 'text/html': { toJSON() { for (;;); } } }; } })",
        "throw Object.defineProperty(new Error('m'), 'message', { get() { for (;;); } })",
        "throw Object.assign(new Error('m'), { x: { [Symbol.for('nodejs.util.inspect.custom')]() { for (;;); } } })",
        "new Proxy({}, { get() { for (;;); }, has() { for (;;); } })",
    ],
)
def test_a_result_or_an_error_that_loops_or_never_comes_ends_with_an_interrupt(
    shared: Kernel, code: str
) -> None:
    assert shared.interrupted(code).status == "error"
    assert shared.run("1 + 1").result == "2"


@pytest.mark.parametrize(
    "code",
    ["void Promise.reject({});", "void setTimeout(() => {{ throw {}; }}, 10);"],
    ids=["rejection", "exception"],
)
def test_a_failure_that_loops_when_it_is_shown_does_not_keep_the_next_cell(shared: Kernel, code: str) -> None:
    shared.interrupted(
        code.format("Object.defineProperty(new Error('m'), 'message', { get() { for (;;); } })")
    )
    assert shared.run("1 + 1").result == "2"


def test_a_cell_may_remove_all_listeners_and_add_its_own(shared: Kernel) -> None:
    late = shared.send(
        "process.removeAllListeners('uncaughtException'); process.removeAllListeners('unhandledRejection');\n"
        "const heard: string[] = []; process.on('uncaughtException', (error) => { heard.push(error.message); throw 5; });\n"
        "void setTimeout(() => { throw new Error('one'); }, 5); void Promise.reject(new Error('two'));"
    )
    shared.wait(late)
    assert (
        shared.run("await new Promise((r) => setTimeout(r, 50)); heard.toSorted()").result
        == "[ 'one', 'two' ]"
    )
    errors = [error["evalue"] for error in Ran({}, shared.published[late]).of("error")]
    assert sorted(errors) == ["one", "two"]
    shared.run("process.removeAllListeners('uncaughtException');")


# 2. Text that no file can hold.


@pytest.mark.parametrize(
    "code",
    [
        "console.log('a\\ud83d', '😀')",
        "({ [Symbol.for('nodejs.util.inspect.custom')]: () => 'a\\ud83d 😀' })",
        "throw new Error('a\\ud83d 😀 \\\\ud83d')",
        "import { display } from 'tslab';\ndisplay.html('a\\ud83d 😀');",
        "({ [Symbol.for('Jupyter.display')]: () => ({ 'text/html': 'a\\ud83d 😀', 'x/\\ud83d': '' }) })",
    ],
    ids=["stream", "result", "error", "display", "result with forms"],
)
def test_half_a_letter_is_shown_as_the_replacement_character(shared: Kernel, code: str) -> None:
    ran = shared.run(code)
    text = json.dumps([message["content"] for message in ran.messages], ensure_ascii=False)
    assert text.encode()  # a lone surrogate has no bytes
    assert "\ufffd" in text and "😀" in text
    if "throw" in code:
        assert "\\\\ud83d" in text


def test_a_letter_in_two_writes_is_one_letter(shared: Kernel) -> None:
    ran = shared.run("process.stdout.write('\\ud83d'); process.stdout.write('\\ude00');")
    assert ran.text == "😀"


# 3. Output of children goes to the cell.


@pytest.mark.parametrize(
    "code",
    [
        "cp.execSync('echo hi; echo oops >&2', { stdio: 'inherit' });",
        "cp.spawnSync('sh', ['-c', 'echo hi; echo oops >&2'], { stdio: [0, 1, 2] });",
        "cp.execFileSync('sh', ['-c', 'echo hi; echo oops >&2'], { stdio: ['ignore', process.stdout, process.stderr] });",
        "fs.writeSync(1, 'hi\\n'); fs.writeSync(2, Buffer.from('-oops\\n-'), 1, 5);",
    ],
    ids=["execSync", "spawnSync", "execFileSync", "writeSync"],
)
def test_what_is_written_to_the_kernels_own_descriptors_is_printed_in_order(
    shared: Kernel, code: str
) -> None:
    imports = "import * as cp from 'node:child_process'; import * as fs from 'node:fs';\n"
    ran = shared.run(f"{imports}console.log('first'); {code} console.log('last');")
    runs = groupby(ran.of("stream"), lambda content: content["name"])
    streams = [(name, "".join(content["text"] for content in same)) for name, same in runs]
    assert streams == [("stdout", "first\nhi\n"), ("stderr", "oops\n"), ("stdout", "last\n")]


def test_a_child_that_is_read_is_still_read_and_may_print_over_a_megabyte(shared: Kernel) -> None:
    ran = shared.run(
        "import { execSync, execFileSync, spawnSync } from 'node:child_process';\n"
        "const both = spawnSync('sh', ['-c', 'echo out; echo err >&2'], { stdio: ['ignore', 'pipe', 'inherit'] });\n"
        "const long = ['-c', 'head -c 1500000 /dev/zero | tr \"\\\\0\" x'];\n"
        "execFileSync('sh', long, { stdio: 'inherit' });\n"
        "[execSync('echo read', { encoding: 'utf8' }), String(both.stdout), both.stderr]"
    )
    assert ran.result == "[ 'read\\n', 'out\\n', null ]"
    assert ran.text == "err\n" + "x" * 1_500_000


def test_its_threads_and_children_read_what_node_has_compiled_before(shared: Kernel) -> None:
    ran = shared.run(
        "import { execFileSync, spawn } from 'node:child_process'; import { once } from 'node:events';\n"
        "import { text } from 'node:stream/consumers'; import { Worker } from 'node:worker_threads';\n"
        "const say = 'require(\"node:module\").getCompileCacheDir() !== undefined';\n"
        "const thread = new Worker(`require('node:worker_threads').parentPort.postMessage(${say})`, { eval: true });\n"
        "const [[found], beside] = [await once(thread, 'message'), spawn(process.execPath, ['-p', say])];\n"
        "const children = [await text(beside.stdout), execFileSync(process.execPath, ['-p', say])];\n"
        "console.log(found, ...children.map((one) => String(one).trim()));"
    )
    assert ran.text == "true true true\n"


# 4. What would end the process.


@pytest.mark.parametrize(
    "call",
    [
        "process.exit()",
        "process.exit(3)",
        "process.abort()",
        "process.kill(process.pid)",
        "process.kill(process.pid, 'SIGKILL')",
        "process.kill(process.pid, 9)",
        "process.kill(0, 'SIGTERM')",
        "(process as any).reallyExit(1)",
    ],
)
def test_the_end_of_the_process_is_an_error_that_says_what_to_do(shared: Kernel, call: str) -> None:
    ran = shared.run(call)
    assert error(ran) == "ExitError"
    assert "return from a function" in ran.traceback and "EXIT_IN_CELL" in ran.traceback
    late = shared.send(f"void setTimeout(() => {call}, 10);")
    shared.wait(late)
    shared.wait_for(late, "error")
    assert shared.run("1 + 1").result == "2"


def test_a_worker_may_exit_and_signals_that_somebody_listens_for_arrive(shared: Kernel) -> None:
    exits = (
        "import { Worker } from 'node:worker_threads';\n"
        "await new Promise((r) => new Worker('process.exit(3)', { eval: true }).once('exit', r))"
    )
    assert shared.run(exits).result == "3"
    signals = (
        "const got = new Promise((r) => process.once('SIGUSR2', () => r('arrived')));\n"
        "[process.kill(process.pid, 0), process.kill(process.pid, 'SIGUSR2'), await got]"
    )
    assert shared.run(signals).result == "[ true, true, 'arrived' ]"


# 5. The console.


def test_console_trace_prints_its_words_and_the_cells_frames(shared: Kernel) -> None:
    ran = shared.run("function f() {\n  console.trace('here', 5);\n}\nf();")
    count = ran.reply["content"]["execution_count"]
    assert ran.text.startswith("Trace: here 5\n")
    assert f"at f (In [{count}], line 2, column 11)" in ran.text and f"at In [{count}], line 4" in ran.text
    assert "support/kernel" not in ran.text


# 6. Interrupts reach what holds the thread.


def test_an_interrupt_ends_a_child_that_holds_the_thread_and_no_other(shared: Kernel) -> None:
    shared.run(
        "import { execSync, spawn } from 'node:child_process';\nconst other = spawn('sleep', ['60']); void 0"
    )
    start = time.monotonic()
    assert error(shared.interrupted("execSync('sleep 20; echo over');", after=0.5)) == "InterruptError"
    assert time.monotonic() - start < 5
    assert shared.run("other.exitCode ?? other.signalCode").result == "null"
    shared.run("other.kill();")


def test_where_no_interrupt_reaches_it_is_said_that_a_restart_helps(shared: Kernel, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "fifo")
    request = shared.send(
        f"import {{ readFileSync }} from 'node:fs';\nreadFileSync('{tmp_path}/fifo', 'utf8')"
    )
    shared.listen(0.5)
    shared.manager.interrupt_kernel()
    shared.listen(2)
    assert "only a restart of the kernel helps" in Ran({}, shared.published[request]).text
    assert not shared.has_ended(request)
    (tmp_path / "fifo").write_text("late")
    assert shared.wait(request).status == "error"
    assert shared.run("1 + 1").result == "2"


# 7. What a cell has left running stops with its interrupt.

LEFT = {
    "interval": "setInterval(() => console.log('tick'), 20);",
    "chain of timeouts": "(function again() { console.log('tick'); setTimeout(again, 20); })();",
    "chain of immediates": "(function again() { console.log('tick'); setImmediate(again); })();",
    "node:timers": "import { setInterval as every } from 'node:timers';\nevery(() => console.log('tick'), 20);",
    "awaited timers": (
        "import { setTimeout as sleep } from 'node:timers/promises';\n"
        "void (async () => { for (;;) { await sleep(20); console.log('tick'); } })();"
    ),
    "awaited interval": (
        "import { setInterval as every } from 'node:timers/promises';\n"
        "void (async () => { for await (const _ of every(20)) console.log('tick'); })();"
    ),
    "a loop that catches": (
        "import { scheduler } from 'node:timers/promises';\nvoid (async () => {\n"
        "  for (;;) { try { await scheduler.wait(20); console.log('tick'); } catch {} }\n})();"
    ),
    "worker": (
        "import { Worker } from 'node:worker_threads';\n"
        "new Worker('setInterval(() => console.log(\"tick\"), 20)', { eval: true });"
    ),
    "child": (
        "import { spawn } from 'node:child_process';\n"
        "spawn('sh', ['-c', 'while :; do echo tick; sleep 0.02; done'], { stdio: 'inherit' });"
    ),
}


def ticks(running: Kernel, request: str) -> int:
    return Ran({}, running.published[request]).text.count("tick")


@pytest.mark.parametrize("ended", [False, True], ids=["running", "ended"])
@pytest.mark.parametrize("what", LEFT)
def test_an_interrupt_stops_what_its_cell_left_running(shared: Kernel, what: str, ended: bool) -> None:
    request = shared.send(LEFT[what] + ("void 0;" if ended else "\nawait new Promise(() => {});"))
    if ended:
        shared.wait(request)
    # On a busy machine a thread or a process takes its time to start.
    until = time.monotonic() + 20
    while (not shared.has_begun(request) or ticks(shared, request) <= 3) and time.monotonic() < until:
        shared.listen(0.1)
    assert ticks(shared, request) > 3
    shared.manager.interrupt_kernel()
    shared.wait(request)
    shared.listen(0.6)
    before = ticks(shared, request)
    shared.listen(0.3)
    assert ticks(shared, request) == before
    errors = Ran({}, shared.published[request]).of("error")
    assert [error["ename"] for error in errors] == ([] if ended else ["InterruptError"])
    assert shared.run("await new Promise((r) => setTimeout(r, 5, 'timers go on'))").result == "'timers go on'"


HELD = {
    "a chain of ticks": "(function again() { process.nextTick(again); })();",
    "a chain of microtasks": "(function again() { queueMicrotask(again); })();",
    "a loop in a tick": "process.nextTick(() => { for (;;); });",
    "a loop in a microtask": "queueMicrotask(() => { for (;;); });",
    "a loop in an immediate": "setImmediate(() => { for (;;); });",
    "a loop in a timer": "setTimeout(() => { for (;;); }, 1);",
}


@pytest.mark.parametrize("hooked", [False, True], ids=["plain", "with hooks"])
@pytest.mark.parametrize("what", HELD)
def test_an_interrupt_ends_what_holds_the_thread_wherever_node_has_begun_it(
    shared: Kernel, what: str, hooked: bool
) -> None:
    hook = "createHook({ init() {}, before() {}, after() {} }).enable();" if hooked else ""
    ran = shared.interrupted(
        f"{{ const {{ createHook }} = await import('node:async_hooks'); {hook} }}\n"
        f"{HELD[what]} await new Promise(() => {{}});"
    )
    assert error(ran) == "InterruptError"
    shared.run(
        "setTimeout(() => console.log('timers go on'), 1); await new Promise((r) => setTimeout(r, 50));"
    )
    assert shared.run("1 + 1").result == "2"


def test_a_chain_of_microtasks_is_interrupted_again_and_again_and_the_kernel_goes_on(shared: Kernel) -> None:
    for _ in range(15):
        ran = shared.interrupted(f"{HELD['a chain of microtasks']} await new Promise(() => {{}});", after=0.1)
        assert error(ran) == "InterruptError"
        assert shared.run("1 + 1").result == "2"


DEADLOCK = """import { queue, record, task } from "support";
const both: Promise<unknown>[] = [];
await record(async () => {
  both.push(task("a", async () => { await null; await both[1]; }));
  both.push(task("b", async () => { await null; await both[0]; }));
  await task("c", () => queue<string>().get());
});"""


def test_an_interrupted_cell_that_hangs_says_who_waits_for_whom(shared: Kernel) -> None:
    count = int(str(shared.run("0").of("execute_input")[0]["execution_count"])) + 1
    ran = shared.interrupted(DEADLOCK, after=2)
    assert error(ran) == "InterruptError"
    assert ran.text.splitlines() == [
        "Interrupted. Who waited for whom:",
        "the recorded function waits for c",
        f"  c (In [{count}], line 6) waits for an item of a queue",
        f"a (In [{count}], line 4) waits for b",
        f"  b (In [{count}], line 5) waits for a",
        "    a circle: a waits for b waits for a",
    ]


def test_an_interrupt_leaves_what_earlier_cells_started(shared: Kernel) -> None:
    shared.run(
        "const seen = { ticks: 0 }; const ticking = setInterval(() => { seen.ticks += 1; }, 5); void 0"
    )
    shared.interrupted("await new Promise(() => {});")
    shared.run("const so = seen.ticks; await new Promise((r) => setTimeout(r, 100));")
    assert shared.run("clearInterval(ticking); seen.ticks > so").result == "true"


# 8. A kernel ends with those that it serves.

STARTS = """
import json, sys
sys.path.insert(0, {folder!r})
from kernels import kernel
with kernel() as running:
    running.run("import {{ spawn }} from 'node:child_process';\\nconst child = spawn('sleep', ['300']); void 0")
    print(json.dumps([running.pid, int(running.run("child.pid").result)]), flush=True)
    {then}
"""


@pytest.mark.parametrize("then", ["input()", "running.send('for (;;);'); input()"], ids=["idle", "busy"])
def test_a_kernel_and_its_children_end_when_whoever_started_it_is_killed(then: str) -> None:
    script = STARTS.format(folder=str(Path(__file__).parent), then=then)
    client = subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT
    )
    assert client.stdout is not None
    processes = [psutil.Process(pid) for pid in json.loads(client.stdout.readline())]
    client.send_signal(signal.SIGKILL)
    _, alive = psutil.wait_procs(processes, timeout=5)
    client.wait()
    assert alive == []


def test_memory_that_fills_is_said_before_the_process_ends() -> None:
    with kernel(flags=["--max-old-space-size=300"]) as running:
        request = running.send(
            "const kept: unknown[] = [];\nfor (;;) {\n"
            "  for (let i = 0; i < 20; i++) kept.push(Array.from({ length: 10_000 }, () => ({})));\n"
            "  await new Promise((r) => setTimeout(r, 10));\n}"
        )
        deadline = time.monotonic() + 30
        while "memory is nearly full" not in Ran({}, running.published.get(request, [])).text:
            running.listen(0.2)
            assert time.monotonic() < deadline
        running.manager.interrupt_kernel()
        assert error(running.wait(request)) == "InterruptError"
