"""Lessons share a kernel of stock tslab, and none of them can hide a fault, or be blamed for one, by that."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest
from authoring.project import HOME
from nbformat import NotebookNode
from nbformat.v4 import new_notebook
from runner import stock
from runner.execute import CELL_SECONDS, LESSON_SECONDS, own_limit
from runner.faults import CellRun, Fault, LessonRun
from runner.outcome import Outcome
from runner.stock import MOST, PATIENCE, InCompany, companies, run_company, shared_out

FIXTURES = Path(__file__).parent / "fixtures"


def run_of(*statuses: str | None, stopped: Fault | None = None) -> LessonRun:
    """A run whose cells ended like this."""
    cells = [
        CellRun(number, frozenset(), str(number), None if status is None else {"content": {"status": status}})
        for number, status in enumerate(statuses, 1)
    ]
    return LessonRun(cells, stopped=stopped)


def kinds(shared: Sequence[list[Fault]]) -> list[list[tuple[str, int | None]]]:
    return [[(fault.kind, fault.cell) for fault in faults] for faults in shared]


def test_neighbours_of_one_folder_share_a_kernel_in_groups_of_about_one_size() -> None:
    first = [Path("a/00.ipynb")]
    many = [Path(f"a/b/{number:02}.ipynb") for number in range(2 * MOST + 1)]
    groups = list(companies([*first, *many]))
    assert [path for group in groups for path in group] == [*first, *many]
    assert all(len({path.parent for path in group}) == 1 for group in groups)
    sizes = [len(group) for group in groups[1:]]
    assert len(sizes) == 3 and max(sizes) - min(sizes) <= 1


def test_a_fault_of_a_cell_is_its_lessons_with_the_number_that_it_has_there() -> None:
    shared = list(shared_out(run_of("ok", "ok", "error", "ok"), [2, 2]))
    assert kinds(shared)[0] == [] and ("reply", 1) in kinds(shared)[1]


def test_a_fault_of_the_kernel_may_be_any_ones() -> None:
    run = run_of("ok", "ok")
    run.orphans = ["process 7"]
    assert kinds(list(shared_out(run, [1, 1]))) == [[("orphan", None)], [("orphan", None)]]


def test_no_lesson_has_passed_in_a_kernel_that_was_stopped() -> None:
    run = run_of("ok", None, None, stopped=Fault("timeout", 2, ""))
    assert all(shared_out(run, [1, 1, 1]))


def test_in_company_each_cell_and_all_lessons_may_take_longer(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[list[float]] = []

    async def execute(notebook: NotebookNode, folder: Path, kernel: str) -> LessonRun:
        limits = [
            own_limit(notebook, LESSON_SECONDS),
            *(own_limit(cell, CELL_SECONDS) for cell in notebook.cells),
        ]
        asked.append(limits)
        return run_of(*("ok" for _ in notebook.cells))

    monkeypatch.setattr(stock, "execute", execute)
    two = [HOME / "notebooks/concepts/01-why-async.ipynb", HOME / "notebooks/concepts/02-coroutines.ipynb"]
    asyncio.run(run_company(two))
    ((lessons, *cells),) = asked
    assert lessons == PATIENCE * 2 * LESSON_SECONDS
    assert min(cells) == PATIENCE * CELL_SECONDS > CELL_SECONDS


def outcome(path: Path, *faults: Fault) -> Outcome:
    return Outcome(path, b"", new_notebook(), new_notebook(), list(faults), 0)


def test_a_lesson_with_a_fault_in_company_is_judged_alone_and_so_is_each_that_is_asked_for_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ran: list[tuple[str, ...]] = []

    async def together(paths: Sequence[Path]) -> dict[Path, Outcome]:
        ran.append(tuple(path.stem for path in paths))
        return {path: outcome(path, *([Fault("reply", 1, "")] if path.stem == "2" else [])) for path in paths}

    async def alone(path: Path) -> Outcome:
        ran.append((path.stem,))
        return outcome(path)

    monkeypatch.setattr(stock, "run_company", together)
    monkeypatch.setattr(stock, "run_on_stock", alone)
    paths = [Path(f"{number}.ipynb") for number in range(4)]

    async def all_of_them() -> list[Outcome]:
        once = InCompany(paths, 2)
        return [*await asyncio.gather(*map(once, paths)), await once(paths[3])]

    outcomes = asyncio.run(all_of_them())
    assert ran == [("0", "1", "2", "3"), ("2",), ("3",)]
    assert [one.path.stem for one in outcomes] == ["0", "1", "2", "3", "3"]


def test_a_lesson_that_stops_the_others_is_found_and_they_pass() -> None:
    paths = [FIXTURES / f"{name}.ipynb" for name in ("clean", "thrown", "machine-dependent", "bad-limit")]

    async def all_of_them() -> list[Outcome]:
        return await asyncio.gather(*map(InCompany(paths, 2), paths))

    found = [[fault.kind for fault in one.faults] for one in asyncio.run(all_of_them())]
    assert found == [[], ["reply", "skipped"], [], ["form"]]
