"""A lesson whose outputs differ is checked once more when `--again` says so, after all others."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from nbformat.v4 import new_notebook
from runner import __main__ as command
from runner.faults import Fault


def outcome(*kinds: str, busy: bool = False) -> command.Outcome:
    faults = [Fault(kind, 1, "") for kind in kinds]
    return command.Outcome(Path("x.ipynb"), b"", new_notebook(), new_notebook(), faults, 0, busy=busy)


def checked(*runs: command.Outcome) -> tuple[command.Outcome, int]:
    """What `run_again` makes of these runs, and how many of them it used."""
    first, *left = runs

    async def next_run(_path: Path) -> command.Outcome:
        return left.pop(0)

    return asyncio.run(command.run_again(first, next_run)), len(runs) - len(left)


def kinds(result: command.Outcome) -> list[str]:
    """What is told of the runs before the one that passed."""
    return [fault.kind for fault in result.excused]


def test_a_lesson_that_differs_once_passes_and_what_differed_is_told() -> None:
    result, runs = checked(outcome("output"), outcome())
    assert (result.faults, kinds(result), runs) == ([], ["output"], 2)


def test_a_kernel_that_once_took_long_to_exit_has_another_run_and_one_that_does_so_twice_fails() -> None:
    result, runs = checked(outcome("slow exit"), outcome())
    assert (result.faults, kinds(result), runs) == ([], ["slow exit"], 2)
    result, runs = checked(outcome("slow exit"), outcome("slow exit"), outcome())
    assert (len(result.faults), runs) == (2, 2)


def test_a_lesson_that_differs_twice_fails_with_both_runs_faults() -> None:
    result, runs = checked(outcome("output"), outcome("stderr"), outcome())
    assert [fault.kind for fault in result.faults] == ["output", "stderr"]
    assert (result.excused, runs) == ([], 2)


def test_beside_other_programs_a_lesson_has_a_third_run_and_no_fourth() -> None:
    busy = outcome("busy", busy=True), outcome("output", "busy", busy=True)
    result, runs = checked(*busy, outcome(busy=True))
    assert (result.faults, kinds(result), runs) == ([], ["busy", "output", "busy"], 3)
    result, runs = checked(outcome("busy", busy=True), *busy, outcome())
    assert (len(result.faults), result.excused, runs) == (4, [], 3)


def test_a_claim_that_could_not_be_judged_is_no_proof() -> None:
    result, runs = checked(outcome("busy"), outcome("busy"), outcome())
    assert [fault.kind for fault in result.faults] == ["busy", "busy"]
    assert runs == 2


@pytest.mark.parametrize("kind", ["reply", "late", "unhandled", "port", "orphan", "form"])
def test_what_is_no_matter_of_time_fails_at_once(kind: str) -> None:
    result, runs = checked(outcome("output", kind, busy=True), outcome())
    assert len(result.faults) == 2
    assert runs == 1


def test_a_lesson_without_faults_is_run_once() -> None:
    result, runs = checked(outcome())
    assert (result.excused, runs) == ([], 1)


def test_a_lesson_that_is_over_its_time_has_another_run_beside_other_programs_only() -> None:
    result, runs = checked(outcome("timeout", busy=True), outcome())
    assert (result.faults, kinds(result), runs) == ([], ["timeout"], 2)
    result, runs = checked(outcome("timeout"), outcome())
    assert (len(result.faults), runs) == (1, 1)


def test_what_has_an_excuse_is_run_again_when_all_others_have_ended_and_alone(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(command, "name_of", lambda path: path.stem)
    begun: list[str] = []
    beside: dict[str, int] = {}
    now = 0

    async def once(path: Path) -> command.Outcome:
        nonlocal now
        begun.append(path.stem)
        beside[path.stem] = now
        now += 1
        await asyncio.sleep(0.01)
        now -= 1
        fault = {"busy": "busy", "wrong": "reply"}.get(path.stem)
        found = outcome(*([fault] if fault and begun.count(path.stem) == 1 else []))
        found.path = path
        return found

    paths = [Path(f"{name}.ipynb") for name in ("a", "b", "wrong", "busy")]
    outcomes = asyncio.run(command.run_all(paths, 2, once, again=True))
    assert begun[-1] == "busy" and sorted(begun[:-1]) == ["a", "b", "busy", "wrong"]
    assert beside["busy"] == 0 and beside["wrong"] == 1
    assert {one.path.stem: (len(one.faults), kinds(one)) for one in outcomes} == {
        "a": (0, []),
        "b": (0, []),
        "wrong": (1, []),
        "busy": (0, ["busy"]),
    }
    said = [line.split()[:2] for line in capsys.readouterr().out.splitlines() if line[0] != " "]
    assert ["later", "busy"] in said and said[-1] == ["again", "busy"]
