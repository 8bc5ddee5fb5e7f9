"""Cells ask their reader in Jupyter's input box."""

from __future__ import annotations

import time
from collections.abc import Iterator
from queue import Empty

import pytest
from kernels import Kernel, Ran, kernel


@pytest.fixture(scope="module")
def shared() -> Iterator[Kernel]:
    with kernel() as running:
        yield running
        assert running.run("1 + 1").result == "2"


def asked(running: Kernel, code: str, *answers: str) -> tuple[Ran, list[str]]:
    """Runs a cell and answers its questions; returns these too."""
    request = running.send(code, allow_stdin=True)
    prompts = [running.answer(answer) for answer in answers]
    return running.wait(request), prompts


PROMISES = "import * as readline from 'node:readline/promises';\n"
CALLBACKS = "import * as readline from 'node:readline';\n"
INTERFACE = "const rl = readline.createInterface({ input: process.stdin, output: process.stdout });\n"
QUESTIONS = {
    "prompt": "prompt('Name? ')",
    "readline/promises": PROMISES + INTERFACE + "const name = await rl.question('Name? '); rl.close(); name",
    "readline": (
        CALLBACKS
        + INTERFACE
        + "const name = await new Promise((done) => rl.question('Name? ', done)); rl.close(); name"
    ),
    "readline with options": (
        CALLBACKS
        + INTERFACE
        + "const given = await new Promise((done) => rl.question('Name? ', {}, done)); given"
    ),
}


@pytest.mark.parametrize("what", QUESTIONS)
def test_a_question_is_asked_in_the_input_box_and_answered(shared: Kernel, what: str) -> None:
    ran, prompts = asked(shared, QUESTIONS[what], "Ada 😀")
    assert (prompts, ran.result) == (["Name? "], "'Ada 😀'"), ran.traceback
    assert ran.text == ""


def test_several_questions_are_asked_one_after_another(shared: Kernel) -> None:
    code = "[1, 2, 3].map((n) => prompt(`${n}? `)).concat(await rl3.question('last? '))"
    shared.run(f"{PROMISES}{INTERFACE.replace('rl', 'rl3')}")
    ran, prompts = asked(shared, code, "a", "b", "", "d")
    assert (prompts, ran.result) == (["1? ", "2? ", "3? ", "last? "], "[ 'a', 'b', '', 'd' ]")


def test_an_empty_answer_stands_for_the_value_given(shared: Kernel) -> None:
    assert asked(shared, "prompt('Port?', '3000')", "")[0].result == "'3000'"


def test_two_questions_at_once_each_get_their_own_answer(shared: Kernel) -> None:
    code = f"{PROMISES}{INTERFACE}await Promise.all([rl.question('a? '), rl.question('b? ')])"
    ran, prompts = asked(shared, code, "1", "2")
    assert (prompts, ran.result) == (["a? ", "b? "], "[ '1', '2' ]")


@pytest.mark.parametrize(
    "code",
    [
        (
            f"{PROMISES}{INTERFACE}const lines = [];\n"
            "for await (const line of rl) { lines.push(line); if (lines.length === 2) break; }\nrl.close(); lines"
        ),
        (
            f"{CALLBACKS}{INTERFACE}const lines: string[] = [];\n"
            "await new Promise<void>((done) => rl.on('line', (line) => { if (lines.push(line) === 2) done(); }));\n"
            "rl.close(); lines"
        ),
        (
            "const lines = [];\nfor await (const chunk of process.stdin) {\n"
            "  lines.push(String(chunk).trim()); if (lines.length === 2) break;\n}\nlines"
        ),
    ],
    ids=["for await of readline", "line events", "for await of stdin"],
)
def test_what_reads_stdin_is_given_lines(shared: Kernel, code: str) -> None:
    assert asked(shared, code, "one", "two")[0].result == "[ 'one', 'two' ]"


def test_an_interface_that_nobody_listens_to_asks_nothing(shared: Kernel) -> None:
    shared.run(
        f"{PROMISES}{INTERFACE}await new Promise((r) => setTimeout(r, 200)); rl.close();", allow_stdin=True
    )
    with pytest.raises(Empty):
        shared.client.get_stdin_msg(timeout=0.3)


@pytest.mark.parametrize("what", QUESTIONS)
def test_where_nobody_can_be_asked_it_is_an_error_at_once(shared: Kernel, what: str) -> None:
    start = time.monotonic()
    ran = shared.run(QUESTIONS[what], allow_stdin=False)
    assert ran.of("error")[0]["ename"] == "InputError"
    assert "allow_stdin is false" in ran.traceback and "NO_INPUT" in ran.traceback
    assert time.monotonic() - start < 2


def test_reading_stdin_where_nobody_can_be_asked_is_an_error(shared: Kernel) -> None:
    ran = shared.run("for await (const chunk of process.stdin) console.log(chunk);", allow_stdin=False)
    assert [error["ename"] for error in ran.of("error")] == ["InputError"]
    ran = shared.run(
        f"{PROMISES}{INTERFACE}for await (const line of rl) console.log(line);", allow_stdin=False
    )
    assert [error["ename"] for error in ran.of("error")] == ["InputError"]
    late = shared.send(f"{CALLBACKS}{INTERFACE}rl.on('line', console.log); void 0", allow_stdin=False)
    shared.wait(late)
    shared.listen(0.3)
    assert [error["ename"] for error in Ran({}, shared.published[late]).of("error")] == ["InputError"]
    assert asked(shared, QUESTIONS["prompt"], "again")[0].result == "'again'"


@pytest.mark.parametrize("what", [*QUESTIONS, "stdin"])
def test_an_interrupt_ends_a_question_and_a_late_answer_is_nobodys(shared: Kernel, what: str) -> None:
    code = QUESTIONS.get(what, "for await (const chunk of process.stdin) console.log(chunk);")
    request = shared.send(code, allow_stdin=True)
    question = shared.client.get_stdin_msg(timeout=10)
    shared.manager.interrupt_kernel()
    ran = shared.wait(request)
    assert [error["ename"] for error in ran.of("error")] == ["InterruptError"]
    late = shared.client.session.msg("input_reply", {"value": "late"}, parent=question)
    shared.client.stdin_channel.send(late)
    assert asked(shared, QUESTIONS["prompt"], "in time")[0].result == "'in time'"


def test_a_question_with_a_signal_ends_with_it(shared: Kernel) -> None:
    code = f"{PROMISES}{INTERFACE}await rl.question('Name? ', {{ signal: AbortSignal.timeout(100) }})"
    ran, _ = asked(shared, code)
    assert ran.of("error")[0]["ename"] == "TimeoutError"
    shared.answer("for nobody")
