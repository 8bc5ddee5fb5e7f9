"""An exercise runs a reader's code: whatever that does, it ends in a sentence, and the kernel goes on."""

from __future__ import annotations

from collections.abc import Iterator

import psutil
import pytest
from kernels import Kernel, kernel

PRELUDE = """
import { once } from "node:events";
import { connect, createServer } from "node:net";
import { exercise, type Get } from "support";
const answers: { value: unknown } = { value: 0 };
"""


@pytest.fixture(scope="module")
def shared() -> Iterator[Kernel]:
    with kernel() as running:
        running.run(PRELUDE)
        yield running


def told(shared: Kernel, body: str) -> str:
    """What the reader of an answer to exercise 02-a is told."""
    ran = shared.run(f'await exercise("02-a", async (get: Get, delays: number[]) => {{ {body} return 0; }});')
    assert ran.status == "ok", ran.traceback
    assert ran.of("error") == []
    return ran.text


HELD = "it held the thread for over 500 ms without a pause"
CASES = {
    "a task that is left": (
        'const { task } = await import("support"); void task("left", () => new Promise(() => {}));',
        "it has returned, and left still goes on after 20 seconds",
    ),
    "an endless loop": ("for (;;);", HELD),
    "an endless loop after an await": ("await get(1); for (;;);", HELD),
    "an endless loop in a timer": ("await new Promise(() => setTimeout(() => { for (;;); }, 1));", HELD),
    "a loop that catches all": ("for (;;) try { for (;;); } catch {}", HELD),
    "an endless chain of promises": (
        "const again = (): Promise<unknown> => Promise.resolve().then(again); void again();",
        "it went on 20000 times",
    ),
    "an endless chain of awaits": ("for (;;) await null;", "it went on 20000 times"),
    "an endless chain of microtasks": (
        "const again = (): void => queueMicrotask(again); again(); await get(1);",
        HELD,
    ),
    "an endless chain of ticks": (
        "const again = (): void => process.nextTick(again); again(); await get(1);",
        HELD,
    ),
    "asking again and again": (
        "for (;;) await new Promise((resolve) => setImmediate(resolve));",
        "it went on 20000 times",
    ),
    "a promise that never settles": ("await new Promise(() => {});", "it has not ended after 20 seconds"),
    "a timer that goes on": ("setInterval(() => {}, 5);", "it has ended, and a timer is still running"),
    "a failure that nobody awaits": (
        'void Promise.reject(new RangeError("left alone"));',
        "a failure that nobody awaits: RangeError: left alone",
    ),
    "a failure in a timer": (
        'setTimeout(() => { throw new RangeError("late"); }, 1); await get(1);',
        "a failure that nobody awaits: RangeError: late",
    ),
    "a failure of a socket": (
        (
            ' const server = createServer(() => {}).listen(0, "127.0.0.1"); await once(server, "listening");'
            ' const socket = connect(Number(Reflect.get(Object(server.address()), "port")), "127.0.0.1");'
            ' await once(socket, "connect"); socket.resetAndDestroy(); await get(1); server.close();'
        ),
        "a failure that nobody awaits: Error: read ECONNRESET",
    ),
    "a failure": ('throw new RangeError("mine");', "it failed: RangeError: mine"),
    "a thrown nothing": ("throw undefined;", "it failed: "),
}


def _ends_in_a_sentence(running: Kernel, body: str, says: str) -> None:
    text = told(running, body)
    assert "☐ 02-a, The fastest of several: not yet" in text
    assert says in text
    after = running.run(
        'setTimeout(() => console.log("timers go on"), 1); await new Promise((r) => setTimeout(r, 50)); 1 + 1'
    )
    assert after.result == "2"
    assert after.text == "timers go on\n"


CHAINS = [name for name in CASES if name.startswith("an endless chain")]


@pytest.mark.parametrize("name", [name for name in CASES if name not in CHAINS])
def test_an_answer_that_goes_wrong_ends_in_a_sentence_and_the_kernel_goes_on(
    shared: Kernel, name: str
) -> None:
    _ends_in_a_sentence(shared, *CASES[name])


@pytest.mark.parametrize("name", CHAINS)
def test_an_endless_chain_ends_in_a_sentence_and_the_kernel_goes_on(name: str) -> None:
    # Cut off while Node called its hooks, they are dead until a restart: what is found by them later is not asked here.
    with kernel() as own:
        own.run(PRELUDE)
        _ends_in_a_sentence(own, *CASES[name])


WARNING = "PromiseRejectionHandledWarning: Promise rejection was handled asynchronously"
LATE = (
    'const late = Promise.reject(new RangeError("late")); setTimeout(() => void late.catch(() => {}), 1);'
    " await new Promise((go) => setTimeout(go, 50));"
)


def test_that_a_failure_was_handled_too_late_is_an_answers_own_and_no_warning_under_the_cell(
    shared: Kernel,
) -> None:
    assert "a failure that nobody awaits: RangeError: late" in told(shared, LATE)
    assert WARNING not in shared.run("await new Promise((go) => setTimeout(go, 50));").text
    assert WARNING not in told(shared, LATE)
    # Of an ordinary cell it is told as before.
    assert WARNING in shared.run(LATE).text


def test_a_process_that_an_answer_leaves_is_told_of_with_its_number_and_ended(shared: Kernel) -> None:
    shared.run('import { spawn } from "node:child_process"; void 0')
    text = told(shared, 'spawn("sleep", ["60"]); await get(1);')
    pid = int(text.split("it has ended, and process ")[1].split(" is alive")[0])
    psutil.wait_procs([psutil.Process(pid)] if psutil.pid_exists(pid) else [], timeout=5)
    assert not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


def test_a_thread_that_an_answer_leaves_is_told_of_and_ended(shared: Kernel) -> None:
    shared.run('import { Worker } from "node:worker_threads"; void 0')
    text = told(shared, 'new Worker("setInterval(() => {}, 1000)", { eval: true }); await get(1);')
    assert "is alive" in text
    assert "it has ended, and thread " in text


def test_what_an_answer_prints_is_shown_for_the_inputs_of_the_text_only(shared: Kernel) -> None:
    right = """
const losers = new AbortController();
console.log("asked for", delays.join(" "));
const asked = delays.map((seconds) => get(seconds, losers.signal));
try { return await Promise.any(asked); } finally { losers.abort(); await Promise.allSettled(asked); }
"""
    text = told(shared, right)
    assert "✓ 02-a, The fastest of several: solved, with 3 inputs, 2 of them unseen" in text
    # The last run is one of the text's too: the one in which the first request fails.
    assert text.count("asked for") == 2
    assert text.startswith("asked for 5 2 4\n")


def test_an_interrupt_ends_an_exercise_as_any_cell(shared: Kernel) -> None:
    ran = shared.interrupted(
        'await exercise("02-a", async (get: Get, delays: number[]) => { await new Promise(() => {}); return 0; });',
        after=0.5,
    )
    assert ran.of("error")[0]["ename"] == "InterruptError"
    assert shared.run("1 + 1").result == "2"


def test_an_answer_that_is_no_function_and_an_exercise_that_is_none_get_a_sentence(shared: Kernel) -> None:
    assert (
        "the answer is of type number; a function is wanted" in shared.run('await exercise("02-a", 3);').text
    )
    unknown = shared.run('await exercise("02-z", () => 1);')
    assert unknown.status == "ok"
    assert "give one of 02-a, 02-b, 02-c" in unknown.text
