"""Each kind of fault is planted in a fixture notebook and must be found, and nothing else."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import psutil
import pytest
from runner.__main__ import check_lesson, execute_lesson
from runner.faults import Fault, LessonRun, faults_of, without_claims
from runner.outcome import Outcome
from runner.processes import busy_seconds, waited_seconds
from runner.stock import run_on_stock

FIXTURES = Path(__file__).parent / "fixtures"

# Fixture, and the faults it must show: kind and cell (None: the whole lesson).
PLANTED: dict[str, list[tuple[str, int | None]]] = {
    "clean": [],
    # Our kernel goes on after an error, and ends at once whatever is open; see below for stock tslab.
    "thrown": [("reply", 2)],
    "type-error": [("reply", 1)],
    "late": [("late", 1)],
    "late-after-last": [("late", 1)],
    "unhandled": [("unhandled", 1)],
    "uncaught": [("unhandled", 1)],
    "stderr": [("stderr", 1)],
    "busy": [("busy", 1)],
    "busy-and-false": [("stderr", 1)],
    "slow-exit": [],
    "port": [("port", None)],
    "orphan": [("orphan", None)],
    "cell-timeout": [("timeout", 1)],
    "busy-timeout": [("timeout", 1)],
    "lesson-timeout": [("timeout", None)],
    "dead-kernel": [("dead kernel", 1)],
    "output": [("output", 1)],
    "machine-dependent": [],
    "not-executed": [("form", None)],
    # A figure between two lines stays there, one that a later cell updates ends in its last state, cells without code
    # are passed over as Run All does, and padding has no shape.
    "outputs": [],
    "object": [],
    "bad-limit": [("form", 1)],
    "timing": [("form", None)],
    "orphan-without-environment": [("orphan", None)],
}


async def check_side_by_side(names: list[str]) -> dict[str, Outcome]:
    places = asyncio.Semaphore(3)

    async def one(name: str) -> Outcome:
        async with places:
            return await check_lesson(FIXTURES / f"{name}.ipynb")

    return dict(zip(names, await asyncio.gather(*map(one, names)), strict=True))


@pytest.fixture(scope="module")
def outcomes() -> dict[str, Outcome]:
    return asyncio.run(check_side_by_side(list(PLANTED)))


def test_every_fixture_has_its_expectation() -> None:
    assert sorted(path.stem for path in FIXTURES.glob("*.ipynb")) == sorted(PLANTED)


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_fault_is_found_and_no_other(name: str, outcomes: dict[str, Outcome]) -> None:
    found = outcomes[name].faults
    # tslab says the same rejection's text in one or two messages, as they come.
    seen = list(dict.fromkeys((fault.kind, fault.cell) for fault in found))
    assert seen == PLANTED[name], "\n".join(map(str, found))


@pytest.mark.parametrize(
    ("name", "faults"),
    [("thrown", [("reply", 2), ("skipped", 3)]), ("slow-exit", [("slow exit", None)]), ("clean", [])],
)
def test_what_only_stock_tslab_gets_wrong_is_found_there(
    name: str, faults: list[tuple[str, int | None]]
) -> None:
    found = asyncio.run(run_on_stock(FIXTURES / f"{name}.ipynb")).faults
    assert [(fault.kind, fault.cell) for fault in found] == faults


def test_a_fault_says_where_what_and_what_to_do(outcomes: dict[str, Outcome]) -> None:
    (fault,) = outcomes["stderr"].faults
    assert str(fault).startswith("In [1]: stderr: ")
    assert "tag the cell `stderr`" in str(fault)
    assert "undeclared" in fault.detail


def test_an_output_that_differs_is_shown_as_a_diff(outcomes: dict[str, Outcome]) -> None:
    (fault,) = outcomes["output"].faults
    assert "-" in fault.detail and "0.5" in fault.detail and "+++ now" in fault.detail


def test_what_was_left_behind_is_gone_after_the_run(outcomes: dict[str, Outcome]) -> None:
    (fault,) = outcomes["orphan"].faults
    pid = int(fault.detail.split()[1].rstrip(":"))
    assert not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


@pytest.mark.skipif(sys.platform != "linux", reason="other systems do not say it")
def test_what_a_process_waited_for_a_processor_is_known_and_what_it_slept_is_not_in_it() -> None:
    first = min(os.sched_getaffinity(0))
    busy = f"import os; os.sched_setaffinity(0, {{{first}}})\nwhile True: pass"
    children = [
        subprocess.Popen([sys.executable, "-c", code]) for code in (busy, busy, "import time; time.sleep(60)")
    ]
    time.sleep(1.5)
    *waiting, asleep = [waited_seconds(child.pid) for child in children]
    for child in children:
        child.kill()
        child.wait()
    assert sum(waiting) > 0.5 and asleep < 0.3, (waiting, asleep)
    assert waited_seconds(children[0].pid) == 0


def test_a_killed_busy_loop_leaves_no_kernel(outcomes: dict[str, Outcome]) -> None:
    assert outcomes["busy-timeout"].faults
    kernels = [p for p in psutil.process_iter(["cmdline"]) if "--config-path" in (p.info["cmdline"] or [])]
    assert [k for k in kernels if k.ppid() == psutil.Process().pid] == []


def test_executing_a_clean_lesson_twice_leaves_the_same_bytes(tmp_path: Path) -> None:
    lesson = Path(shutil.copy(FIXTURES / "clean.ipynb", tmp_path))
    before = lesson.read_bytes()
    for _ in range(2):
        assert asyncio.run(execute_lesson(lesson)).faults == []
        assert lesson.read_bytes() == before


def test_executing_writes_outputs_and_counts_and_leaves_a_machine_dependent_cell_as_it_was(
    tmp_path: Path,
) -> None:
    for name in ("output", "machine-dependent", "not-executed"):
        shutil.copy(FIXTURES / f"{name}.ipynb", tmp_path)
    before = (tmp_path / "machine-dependent.ipynb").read_bytes()
    for name in ("output", "machine-dependent", "not-executed"):
        assert asyncio.run(execute_lesson(tmp_path / f"{name}.ipynb")).faults == []
    assert (tmp_path / "machine-dependent.ipynb").read_bytes() == before
    assert "0.5\\n" not in (tmp_path / "output.ipynb").read_text()
    counts = [cell.execution_count for cell in nbformat.read(tmp_path / "not-executed.ipynb", 4).cells]
    assert counts == [1]


def test_a_lesson_with_a_fault_is_not_written(tmp_path: Path) -> None:
    lesson = Path(shutil.copy(FIXTURES / "stderr.ipynb", tmp_path))
    before = lesson.read_bytes()
    found = asyncio.run(execute_lesson(lesson)).faults
    assert [fault.kind for fault in found] == ["stderr"]
    assert lesson.read_bytes() == before


def test_a_fault_of_the_whole_lesson_names_the_lesson() -> None:
    assert str(Fault("port", None, "  port 1")).startswith("the lesson: port: ")


def test_beside_other_programs_a_kernel_may_take_longer_to_exit_and_not_for_ever() -> None:
    def kinds(seconds: float, busy: bool) -> list[str]:
        return [fault.kind for fault in faults_of(LessonRun([], exit_seconds=seconds), busy)]

    assert (kinds(0.4, False), kinds(0.9, False)) == ([], ["slow exit"])
    assert (kinds(0.9, True), kinds(3, True)) == ([], ["slow exit"])


def test_what_programs_do_that_give_way_is_felt_too() -> None:
    times = {"user": 4.0, "nice": 30.0, "system": 2.0, "idle": 50.0, "iowait": 7.0, "guest": 1.0}
    assert busy_seconds(times) == 36


def test_in_quick_seconds_a_claim_is_not_judged_and_all_else_is() -> None:
    claims = [
        Fault("stderr", 1, "  ✗ a: this does not hold\n  ✗ b: this does not hold"),
        Fault("busy", 2, "  ↻ a: this computer was busy: run the cell again"),
    ]
    others = [
        Fault("stderr", 3, "  ✗ a: this does not hold\n  ✗ expected TypeError, and no error came"),
        Fault("stderr", 4, "  undeclared"),
        Fault("reply", 5, "  reply: error"),
    ]
    assert without_claims([*claims, *others]) == others
