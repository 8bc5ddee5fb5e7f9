"""All answers to a lesson's exercises in one kernel: the stub, the solution, the wrong ones and the cheats."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from itertools import groupby

from authoring.project import Project
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook
from runner.execute import execute
from runner.faults import Fault, LessonRun, faults_of

from practice.source import Exercise

# A check that takes longer is told of: its source says why.
SLOW_SECONDS = 2.0
# How long one cell may take, and how many kernels run at once: they wait most of their time.
CELL_SECONDS = 60
AT_ONCE = 8
# How many letters are shown of what an answer was told at the first try.
SHOWN = 300


@dataclass(frozen=True)
class Told:
    """What one answer was told, and whether that is as its source says."""

    exercise: str
    answer: str
    kind: str
    holds: bool
    said: str
    seconds: float


def _cells(exercise: Exercise) -> list[tuple[str, str, str, str]]:
    """Kind, name, code and what has to be said of each answer."""
    unsolved = f"☐ {exercise.id}, "
    return [
        # The solution comes first: it may not need what only the stub declares, which a reader has overwritten.
        *(("part", "of the solution", source, "") for _, source in exercise.solution[:-1]),
        ("solution", "", exercise.solution[-1][1], f"✓ {exercise.id}, this solution: "),
        ("stub", "", exercise.stub, unsolved),
        *(
            ("cheat" if answer.is_cheat else "wrong", answer.name, exercise.cell_of(answer), answer.says)
            for answer in exercise.answers
        ),
    ]


def _printed(cell: NotebookNode) -> str:
    return "".join(
        output.get("text", "") or "\n".join(output.get("traceback", [])) for output in cell.outputs
    ).strip()


def _seconds(run: LessonRun, request: str | None) -> float:
    """From when the kernel took a cell to when it was done with it."""
    dates = [
        message["header"]["date"]
        for message in run.messages
        if message["parent_header"].get("msg_id") == request and message["msg_type"] == "status"
    ]
    return float((dates[-1] - dates[0]) / timedelta(seconds=1)) if len(dates) > 1 else 0.0


async def try_together(
    project: Project, exercises: list[Exercise], only: frozenset[tuple[str, str]] = frozenset()
) -> list[Told]:
    """Runs the answers to some exercises, one after another. What a run leaves behind, or fails with, is told of as a fault of its own.

    Args:
        only: kinds and names of the answers to run; all when there are none
    """
    asked = [
        (exercise.id, *cell)
        for exercise in exercises
        for cell in _cells(exercise)
        if not only or cell[:2] in only
    ]
    # The first cell loads what all import, so that no check is slow for it.
    warm = new_code_cell('import { delayServer } from "support"; void (await delayServer());')
    notebook = new_notebook(cells=[warm, *(new_code_cell(code) for *_, code, _ in asked)])
    notebook.metadata["tsasync"] = {"timeout": CELL_SECONDS * len(notebook.cells)}
    run = await execute(notebook, project.notebooks / "examples")
    told = []
    for cell, cell_run, (id, kind, name, _, says) in zip(
        notebook.cells[1:], run.cells[1:], asked, strict=True
    ):
        said = _printed(cell)
        holds = says in said and (kind in ("solution", "part") or f"☐ {id}, " in said)
        told.append(Told(id, name, kind, holds, said, _seconds(run, cell_run.request)))
    return told + [_fault_of(fault, asked) for fault in faults_of(run) if fault.kind != "stderr"]


def _fault_of(fault: Fault, asked: list[tuple[str, str, str, str, str]]) -> Told:
    """A fault, told of where it was found: with the answer of its cell, or with the first exercise of the kernel."""
    at = max((fault.cell or 0) - 2, 0)
    id, _, name, _, _ = asked[min(at, len(asked) - 1)]
    return Told(id, f"{fault.kind} {name}".rstrip(), "fault", False, str(fault), 0.0)


async def _try_all(project: Project, exercises: list[Exercise], at_once: int) -> list[Told]:
    room = asyncio.Semaphore(at_once)

    async def together(some: list[Exercise]) -> list[Told]:
        async with room:
            return await try_together(project, some)

    # Those of one lesson share a kernel, since to start one takes longer than most checks. The last ones take longest: begun
    # first, none of them runs on alone at the end.
    lessons = [list(some) for _, some in groupby(exercises, lambda one: one.lesson)]
    first = [told for own in await asyncio.gather(*map(together, reversed(lessons))) for told in own]
    # Beside others, chance has one excuse: what was told otherwise than its source says is asked once more, alone.
    told: list[Told] = []
    for exercise in exercises:
        own = [one for one in first if one.exercise == exercise.id]
        if failed := [one for one in own if not one.holds]:
            for one in failed:
                said = " ".join(one.said.split())[:SHOWN]
                print(f"again {one.exercise}, {one.kind} {one.answer}: {said}", flush=True)
            again = _to_ask_again(failed)
            own = [one for one in own if again and (one.kind, one.answer) not in again]
            own += await try_together(project, [exercise], again)
        told += own
    return told


def _to_ask_again(failed: list[Told]) -> frozenset[tuple[str, str]]:
    """The answers to run once more: those that were told otherwise, with what they need: a solution its parts, a wrong answer what
    the stub declares. All after a fault, which may be any one's."""
    kinds = {one.kind for one in failed}
    if "fault" in kinds:
        return frozenset()
    parts = {("part", "of the solution"), ("solution", "")} if kinds & {"part", "solution"} else set()
    stub = {("stub", "")} if kinds & {"wrong", "cheat"} else set()
    return frozenset({(one.kind, one.answer) for one in failed} | parts | stub)


def try_all(project: Project, exercises: list[Exercise], at_once: int = AT_ONCE) -> list[Told]:
    """Runs all answers of many exercises, some side by side."""
    return asyncio.run(_try_all(project, exercises, at_once))
