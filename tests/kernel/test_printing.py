"""Printing: much, fast, in order, and never the end of a kernel."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

import pytest
from kernels import Kernel, Ran, kernel

LIMIT = 2_000_000


@pytest.fixture(scope="module")
def shared() -> Iterator[Kernel]:
    with kernel() as running:
        yield running


def outputs(ran: Ran) -> list[str]:
    """What was shown, in order: streams as `name: text`, joined where they touch, and other messages by their type."""
    shown = [
        (message["content"]["name"], message["content"]["text"])
        if message["msg_type"] == "stream"
        else (message["msg_type"], "")
        for message in ran.messages
        if message["msg_type"] not in ("status", "execute_input")
    ]
    return [f"{name}: {''.join(text for _, text in same)}" for name, same in groupby(shown, lambda at: at[0])]


@pytest.mark.parametrize("count", [600, 10_000, 100_000])
def test_lines_arrive_all_and_in_order_in_few_messages(shared: Kernel, count: int) -> None:
    ran = shared.run(f"for (let i = 0; i < {count}; i++) console.log(i);")
    assert ran.status == "ok"
    assert ran.text == "".join(f"{number}\n" for number in range(count))
    assert len(ran.of("stream")) < 10 + count / 100
    assert shared.run("1 + 1").result == "2"


def test_thousands_of_writes_to_both_streams_in_turn_stay_in_order(shared: Kernel) -> None:
    ran = shared.run("for (let i = 0; i < 2000; i++) { console.log(i); console.error(i); }")
    assert outputs(ran) == [f"{name}: {number}\n" for number in range(2000) for name in ("stdout", "stderr")]


def test_hundreds_of_cells_in_one_kernel_each_print_their_own() -> None:
    with kernel() as running:
        for number in range(700):
            assert running.run(f"console.log({number}); console.log('x');").text == f"{number}\nx\n"


def test_hundreds_of_cells_that_wait_behind_one_that_fails_are_all_answered(shared: Kernel) -> None:
    requests = [shared.send("await new Promise((r) => setTimeout(r, 500)); throw 1")]
    requests += [shared.send("2") for _ in range(700)]
    assert {shared.wait(request).status for request in requests} == {"error"}
    assert shared.run("1 + 1").result == "2"


def test_what_is_shown_keeps_its_order(shared: Kernel) -> None:
    ran = shared.run(
        'import { display } from "tslab";\n'
        'for (const at of [1, 2]) { console.log(at); console.log("b"); display.text("d"); console.error("e"); }\n'
        'console.log("last"); console.log("of all"); 5'
    )
    once = ["stdout: {}\nb\n", "display_data: ", "stderr: e\n"]
    assert outputs(ran) == [
        *(text.format(at) for at in (1, 2) for text in once),
        "stdout: last\nof all\n",
        "execute_result: ",
    ]


def test_what_is_printed_before_an_error_comes_before_it(shared: Kernel) -> None:
    ran = shared.run('console.log(1); console.log(2); throw new Error("x");')
    assert outputs(ran) == ["stdout: 1\n2\n", "error: "]


def test_lines_are_seen_although_their_cell_then_holds_the_thread(shared: Kernel) -> None:
    request = shared.send(
        "console.log(1); console.log(2); for (const end = Date.now() + 3000; Date.now() < end; );"
    )
    while Ran({}, shared.published.get(request, [])).text != "1\n2\n":
        shared.listen(0.05)
    assert not shared.has_ended(request)
    shared.wait(request)


def test_late_lines_arrive_all_under_their_own_cell(shared: Kernel) -> None:
    request = shared.send("void setTimeout(() => { for (let i = 0; i < 3000; i++) console.log(i); }, 100);")
    shared.wait(request)
    assert shared.run("await new Promise((resolve) => setTimeout(resolve, 600));").text == ""
    text = Ran({}, shared.published[request]).text
    assert text == "".join(f"{number}\n" for number in range(3000))


@pytest.mark.parametrize(
    "loop",
    ["for (;;) console.log(i++);", "for (;;) { console.log(i++); if (i % 50 === 0) await null; }"],
    ids=["a loop", "a loop that awaits"],
)
def test_a_flood_is_interrupted_and_every_line_before_it_is_there(shared: Kernel, loop: str) -> None:
    for _ in range(3):
        ran = shared.interrupted(f"let i = 0;\n{loop}", after=0.3)
        assert ran.of("error")[0]["ename"] == "InterruptError"
        lines = "".join(c["text"] for c in ran.of("stream") if c["name"] == "stdout").split("\n")
        assert len(lines) > 1000
        assert lines[:-2] == [str(number) for number in range(len(lines) - 2)]
        assert shared.run("1 + 1").result == "2"


def test_what_a_cell_prints_over_the_limit_is_left_out_and_how_much_is_said(shared: Kernel) -> None:
    ran = shared.run('const line = "é".repeat(500);\nfor (let i = 0; i < 5000; i++) console.log(line);')
    printed, said = ran.text.split("… more than 2.0 MB")
    assert LIMIT - 10 < len(printed.encode()) < LIMIT + 10
    assert "… 3.0 MB left out" in said
    assert shared.run('console.log("next")').text == "next\n"


def test_what_is_printed_just_before_a_shutdown_is_sent(tmp_path: Path) -> None:
    with kernel() as running:
        request = running.send(
            "import { existsSync } from 'node:fs';\nconsole.log(0);\n"
            f"while (!existsSync('{tmp_path}/go'));\nconsole.log(1); console.log('end');\nawait new Promise(() => {{}});"
        )
        while Ran({}, running.published.get(request, [])).text != "0\n":
            running.listen(0.01)
        (tmp_path / "go").touch()
        running.client.shutdown()
        running.listen(0.5)
        assert Ran({}, running.published[request]).text == "0\n1\nend\n"
