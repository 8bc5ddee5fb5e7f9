"""What our kernel does and stock tslab does not."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from kernels import ROOT, Kernel, kernel
from runner.write import LANGUAGE
from testing.slowness import slowness

NOTEBOOKS = ROOT / "notebooks"
TEMPLATE = ROOT / "support/tools/authoring/template.ipynb"


@pytest.fixture(scope="module")
def shared() -> Iterator[Kernel]:
    with kernel() as running:
        yield running


# 1. Errors are errors.


def test_a_thrown_error_is_an_error_message_with_the_cells_own_line(shared: Kernel) -> None:
    ran = shared.run('function f(): never {\n  throw new RangeError("too far");\n}\nf()')
    count = ran.reply["content"]["execution_count"]
    assert ran.status == "error"
    assert (ran.of("error")[0]["ename"], ran.of("error")[0]["evalue"]) == ("RangeError", "too far")
    assert ran.reply["content"]["traceback"] == ran.of("error")[0]["traceback"]
    assert f"In [{count}], line 2, column 9" in ran.traceback
    assert f"at f (In [{count}], line 2" in ran.traceback
    assert f"at In [{count}], line 4" in ran.traceback
    assert "node:" not in ran.traceback and "support/kernel" not in ran.traceback


def test_a_rejected_await_is_an_error_message(shared: Kernel) -> None:
    ran = shared.run('await Promise.reject(new TypeError("later"))')
    assert ran.status == "error"
    assert ran.of("error")[0]["ename"] == "TypeError"


def test_all_type_errors_are_shown_each_with_a_caret_at_its_place(shared: Kernel) -> None:
    ran = shared.run('const wrong: number = "s";\nlet worse: string = 4;')
    assert ran.of("error")[0]["ename"] == "TypeScriptError"
    assert "line 1, column 7" in ran.traceback and "line 2, column 5" in ran.traceback
    assert ran.traceback.count("^~~~~") == 2


def test_causes_and_codes_are_shown(shared: Kernel) -> None:
    ran = shared.run('throw Object.assign(new Error("outer", { cause: new Error("inner") }), { code: "X" })')
    assert "code: 'X'" in ran.traceback and "Caused by: " in ran.traceback and "inner" in ran.traceback


def test_something_thrown_that_is_no_error_is_shown(shared: Kernel) -> None:
    assert shared.run('throw "text"').of("error")[0]["evalue"] == "'text'"


def test_expect_error_shows_the_place_in_the_cell(shared: Kernel) -> None:
    source = 'import { expectError } from "support";\nawait expectError(() => {\n  throw new Error("x");\n});'
    ran = shared.run(source)
    assert ran.status == "ok"
    assert "line 3, column 9" in ran.of("display_data")[0]["data"]["text/html"]


# 2. After an error.


def test_cells_asked_for_before_an_error_are_not_run_and_fail(shared: Kernel) -> None:
    shared.run("let ranAfter = 0")
    requests = [shared.send(code) for code in ['throw new Error("first")', "ranAfter = 1", "ranAfter = 2"]]
    assert [shared.wait(request).status for request in requests] == ["error"] * 3
    assert shared.run("ranAfter").result == "0"


def test_the_next_request_after_an_error_works_at_once(shared: Kernel) -> None:
    assert shared.run('throw new Error("x")').status == "error"
    start = time.monotonic()
    assert shared.run("1 + 1").result == "2"
    assert time.monotonic() - start < 0.2 * slowness()


def test_stop_on_error_false_goes_on(shared: Kernel) -> None:
    requests = [shared.send(code, stop_on_error=False) for code in ['throw new Error("x")', "'second'"]]
    assert [shared.wait(request).status for request in requests] == ["error", "ok"]


# 3. Protocol.


def test_a_result_has_the_cells_number_and_none_comes_for_undefined(shared: Kernel) -> None:
    ran = shared.run("2 + 2")
    assert ran.of("execute_result")[0]["execution_count"] == ran.reply["content"]["execution_count"]
    assert ran.of("execute_input")[0]["code"] == "2 + 2"
    assert [shared.run(code).result for code in ["undefined", "void 2;"]] == [None] * 2
    assert shared.run("'abc'.toUpperCase();").result == "'ABC'"


def test_a_timer_handle_shows_nothing(shared: Kernel) -> None:
    assert shared.run("setTimeout(() => {}, 1)").messages[-1]["msg_type"] == "status"
    assert shared.run("setTimeout(() => {}, 1)").result is None


def test_a_silent_cell_shows_nothing_and_has_no_number(shared: Kernel) -> None:
    before = shared.run("1").reply["content"]["execution_count"]
    ran = shared.run('console.log("unheard"); 5', silent=True)
    assert {message["msg_type"] for message in ran.messages} == {"status"}
    assert shared.run("1", store_history=False).reply["content"]["execution_count"] == before
    assert shared.run("1").reply["content"]["execution_count"] == before + 1


def test_kernel_info_tells_the_true_version_of_typescript(shared: Kernel) -> None:
    shared.client.kernel_info()
    content = shared.client.get_shell_msg(timeout=5)["content"]
    assert (content["status"], content["language_info"]["version"]) == ("ok", "6.0.3")
    # Where they differ, JupyterLab writes the kernel's into a lesson that is only opened.
    assert content["language_info"] == LANGUAGE
    for path in [*sorted(NOTEBOOKS.rglob("[0-9]*.ipynb")), TEMPLATE]:
        noted = json.loads(path.read_text())["metadata"]["language_info"]
        assert noted == LANGUAGE, f"{path.name} notes another TypeScript: make execute LESSON writes this one"


def test_the_control_channel_answers_while_a_cell_holds_the_thread(shared: Kernel) -> None:
    request = shared.send("for (const end = Date.now() + 1000; Date.now() < end; );")
    shared.listen(0.2)
    start = time.monotonic()
    message = shared.client.session.msg("interrupt_request", {})
    shared.client.control_channel.send(message)
    assert shared.client.control_channel.get_msg(timeout=5)["content"]["status"] == "ok"
    assert time.monotonic() - start < 0.5 * slowness()
    shared.wait(request)


def test_comm_info_and_history_are_answered(shared: Kernel) -> None:
    shared.client.comm_info()
    reply = shared.client.get_shell_msg(timeout=5)
    assert (reply["msg_type"], reply["content"]["comms"]) == ("comm_info_reply", {})


def test_a_figure_carries_html_and_plain_text(shared: Kernel) -> None:
    ran = shared.run(
        'import { record, sleep, task, timeline } from "support";\n'
        'const drawn = await record(() => task("a", () => sleep(1)));\ntimeline(drawn);'
    )
    assert set(ran.of("display_data")[0]["data"]) == {"text/html", "text/plain"}


# 4. Output belongs to its cell.


@pytest.mark.parametrize(
    "code",
    [
        'void setTimeout(() => console.log("late"), 300);',
        'void (async () => { await new Promise((r) => setTimeout(r, 300)); console.log("late"); })();',
        (
            'import { Worker } from "node:worker_threads";\n'
            "void new Worker('setTimeout(() => console.log(\"late\"), 200)', { eval: true });"
        ),
        (
            'import { spawn } from "node:child_process";\n'
            'void spawn("sh", ["-c", "sleep 0.3; echo late"], { stdio: "inherit" });'
        ),
        'import { display } from "tslab";\nvoid setTimeout(() => display.text("late"), 300);',
    ],
    ids=["timer", "promise", "worker", "child", "display"],
)
def test_what_comes_late_arrives_under_its_own_cell_while_another_runs(shared: Kernel, code: str) -> None:
    first = shared.send(code)
    shared.wait(first)
    other = shared.run("await new Promise((resolve) => setTimeout(resolve, 900));")
    assert other.of("stream") == [] and other.of("display_data") == []
    assert "late" in str([message["content"] for message in shared.published[first]])


@pytest.mark.parametrize(
    "code",
    [
        'void Promise.reject(new Error("nobody\'s"));',
        'void setTimeout(() => { throw new Error("nobody\'s"); }, 100);',
    ],
    ids=["rejection", "exception"],
)
def test_a_failure_that_nobody_awaits_is_an_error_under_its_cell(shared: Kernel, code: str) -> None:
    first = shared.send(code)
    assert shared.wait(first).status == "ok"
    other = shared.run("await new Promise((resolve) => setTimeout(resolve, 300));")
    assert other.of("error") == []
    errors = [m["content"] for m in shared.published[first] if m["msg_type"] == "error"]
    assert [error["evalue"] for error in errors] == ["nobody's"]


# 5. The language works.


# One after another: some use names of those before.
CELLS = [
    ("await (Promise.resolve(3))", "3"),
    ("await [1, 2]", "[ 1, 2 ]"),
    ("await -1", "-1"),
    ("await (await Promise.resolve(4))", "4"),
    ("if (await (Promise.resolve(true))) console.log(1);", None),
    ("let __hidden = 7; __hidden", "7"),
    ("__hidden + 1", "8"),
    ("const shown = 5", None),
    ("({ shown })", "{ shown: 5 }"),
    ('import type { Readable } from "node:stream";\nlet stream: Readable | undefined;', None),
    ("enum Colour { Red, Blue }\nnamespace Deep { export const z = 3; }", None),
    ("[Colour.Blue, Deep.z]", "[ 1, 3 ]"),
    ("[Deep.z, Colour.Blue]", "[ 3, 1 ]"),
    ("class Point { static origin = new Point(0); constructor(public x: number) {} }", None),
    ("class Pixel extends Point {}\nnew Pixel(2).x + Point.origin.x", "2"),
    ("let { a, b: [c, ...d], ...rest } = { a: 1, b: [2, 3, 4], e: 5 };", None),
    ("[a, c] = [c, a]; ({ a } = { a: a + 10 });\n[a, c, d, rest]", "[ 12, 1, [ 3, 4 ], { e: 5 } ]"),
    ("let named = () => {}; named.name", "'named'"),
    ("for (let i = 0, n = 0; i < 3; i++) n += i", None),
]


def test_cells_can_say(shared: Kernel, subtests: pytest.Subtests) -> None:
    for code, result in CELLS:
        with subtests.test(code=code):
            ran = shared.run(code)
            assert (ran.status, ran.result) == ("ok", result), ran.traceback


def test_for_await_works_at_the_top_of_a_cell(shared: Kernel) -> None:
    assert shared.run("for await (const x of [Promise.resolve(1), 2]) console.log(x);").text == "1\n2\n"


def test_a_loop_sees_what_a_later_cell_sets(shared: Kernel) -> None:
    shared.run(
        "let stop = false; let turns = 0;\nasync function loop() {\n"
        "  while (!stop) { turns++; await new Promise((r) => setTimeout(r, 1)); }\n"
        "  return 'stopped';\n}\nconst looping = loop();"
    )
    shared.run("stop = true;")
    assert shared.run("await looping").result == "'stopped'"
    assert shared.run("turns > 0").result == "true"


def test_a_function_sees_what_a_later_cell_declares_anew(shared: Kernel) -> None:
    shared.run(
        "let rate = 1;\nfunction helper() { return rate; }\nfunction caller() { return helper() * 10; }"
    )
    shared.run("rate = 2;")
    assert shared.run("caller()").result == "20"
    shared.run("let rate = 3;")
    assert shared.run("caller()").result == "30"
    shared.run("const helper = () => 7;")
    assert shared.run("caller()").result == "70"


def test_a_name_counts_on_when_declared_anew_and_counted_by_an_older_function(shared: Kernel) -> None:
    shared.run("let count = 0;\nfunction bump() { count++; }")
    shared.run("let count = 10;\nfor (let i = 0; i < 3; i++) bump();")
    assert shared.run("count").result == "13"


def test_names_of_a_cell_that_failed_stay_usable(shared: Kernel) -> None:
    shared.run('const before = 41;\nthrow new Error("x");')
    assert shared.run("before + 1").result == "42"


LOOP = "let total = 0; for (let i = 0; i < 10_000_000; i++) total += i % 7;"


def test_a_hot_loop_is_within_five_per_cent_of_plain_node(shared: Kernel) -> None:
    timed = "const t = performance.now(); %s performance.now() - t"
    plain = (
        'import { execFileSync } from "node:child_process";\n'
        f'const script = "const t = performance.now(); {LOOP} console.log(performance.now() - t)";\n'
        'Number(execFileSync(process.execPath, ["-e", "{" + script + "}"], { encoding: "utf8" }))'
    )
    ours: list[float] = []
    theirs: list[float] = []
    # The quickest of several is what the loop itself takes; a busy machine needs more of them to show it.
    while len(ours) < 7 or (min(ours) > 1.05 * min(theirs) and len(ours) < 40):
        ours.append(float(str(shared.run(timed % LOOP).result)))
        theirs.append(float(str(shared.run(plain).result)))
    assert min(ours) <= 1.05 * min(theirs), (ours, theirs)


# 6. Interrupt interrupts.


def test_an_interrupt_rejects_the_cells_await_and_its_names_stay(shared: Kernel) -> None:
    ran = shared.interrupted("let kept = 41; await new Promise(() => {});")
    assert (ran.status, ran.of("error")[0]["ename"]) == ("error", "InterruptError")
    assert shared.run("kept + 1").result == "42"


@pytest.mark.parametrize(
    "code",
    [
        "for (;;);",
        "async function spin() { await null; for (;;); }\nawait spin();",
        "void setTimeout(() => { for (;;); }, 50); await new Promise(() => {});",
    ],
    ids=["a cell", "an async function", "a timer's callback"],
)
def test_an_interrupt_ends_a_busy_loop_in(shared: Kernel, code: str) -> None:
    assert shared.interrupted(code).of("error")[0]["ename"] == "InterruptError"
    assert shared.run("await new Promise((r) => setTimeout(r, 5, 'timers go on'))").result == "'timers go on'"


SLOW = "const end = Date.now() + 1500;\nwhile (Date.now() < end);\nexport const ready = true;\n"


@pytest.mark.parametrize(
    ("file", "code"),
    [
        ("slow.ts", 'import { ready } from "./slow";'),
        ("slow.mjs", 'const { ready } = require("./slow.mjs");'),
    ],
    ids=["a local module", "a module of Node's"],
)
def test_an_interrupt_while_a_module_loads_leaves_it_whole(tmp_path: Path, file: str, code: str) -> None:
    (tmp_path / file).write_text(SLOW)
    with kernel(folder=tmp_path) as running:
        ran = running.interrupted(f"{code}\nready;\nawait new Promise(() => {{}});")
        assert ran.of("error")[0]["ename"] == "InterruptError"
        assert running.run(f"{code}\nready").result == "true"


def test_an_interrupt_while_the_compiler_works_leaves_it_whole(shared: Kernel) -> None:
    lines = "\n".join(f"const c{n} = [{n}, 'x'].map((x) => typeof x);" for n in range(1500))
    for after in (0.0, 0.05, 0.2):
        request = shared.send(f"{lines}\nfor (;;);")
        while not shared.has_begun(request):
            shared.listen(0.005)
        shared.listen(after)
        shared.manager.interrupt_kernel()
        assert shared.wait(request).of("error")[0]["ename"] == "InterruptError"
        assert shared.run("[1, 2].length").result == "2"


def test_an_interrupt_stops_what_the_helpers_started(shared: Kernel) -> None:
    shared.run(
        'import { sleep } from "support";\nimport { onStop } from "support/helpers/clean-up/stop-all";\n'
        'import { currentCell } from "support/kernel/cell";\n'
        'const seen = { stopped: 0, slept: "", aborted: false };'
    )
    shared.interrupted(
        "onStop(() => { seen.stopped += 1; });\n"
        "currentCell()?.signal.addEventListener('abort', () => { seen.aborted = true; });\n"
        "try { await sleep(3000); } catch (error) { seen.slept = error instanceof Error ? error.name : ''; }\n"
        "await new Promise(() => {});"
    )
    assert shared.run("seen").result == "{ stopped: 1, slept: 'AbortError', aborted: true }"


# 7. Restart and shutdown.


@pytest.mark.parametrize("restart", [False, True], ids=["shutdown", "restart"])
@pytest.mark.parametrize(
    "code",
    [
        (
            'import { createServer } from "node:http";\n'
            'void createServer().listen(0, "127.0.0.1");\nvoid setInterval(() => {}, 10);'
        ),
        "for (;;);",
    ],
    ids=["a server and an interval", "a busy loop"],
)
def test_the_process_ends_within_half_a_second_whatever_is_open(code: str, restart: bool) -> None:
    with kernel() as running:
        running.send(code)
        running.listen(0.5)
        assert running.seconds_to_end(restart) < 0.5 * slowness()


# 8. Quick.


def test_the_first_cell_answers_within_two_and_a_half_seconds_of_the_start() -> None:
    start = time.monotonic()
    with kernel() as running:
        assert running.run("1 + 1").result == "2"
        took = time.monotonic() - start
    assert took < 2.5 * slowness()
