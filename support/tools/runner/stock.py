"""Lessons on stock tslab, several in one kernel: it takes longer to start than most lessons to run."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain, groupby
from pathlib import Path

from nbformat import NotebookNode
from nbformat.v4 import new_notebook

from runner.execute import CELL_SECONDS, LESSON_SECONDS, STOCK, execute, own_limit
from runner.faults import Fault, LessonRun, faults_of, without_claims
from runner.lessons import code_cells
from runner.outcome import Outcome, opened, run_lesson

# How many lessons share a kernel at most.
MOST = 7
# How many times as long as alone they may take: in the test they get the moments that nobody else wants, and there may be none
# for half a minute.
PATIENCE = 4


async def run_on_stock(path: Path) -> Outcome:
    """Runs a lesson on stock tslab, in quick seconds. It must be as free of faults there.

    Pictures alone carry more on our kernel, and claims are judged there, at the usual speed.
    """
    outcome = await run_lesson(path, STOCK)
    outcome.faults = without_claims(outcome.faults)
    return outcome


def companies(paths: Sequence[Path]) -> Iterator[tuple[Path, ...]]:
    """Which lessons share a kernel: neighbours of one folder, in which it runs. Groups are of about one size. Pure."""
    for _, group in groupby(paths, lambda path: path.parent):
        own = list(group)
        count = -(-len(own) // MOST)
        for at in range(count):
            yield tuple(own[len(own) * at // count : len(own) * (at + 1) // count])


def shared_out(run: LessonRun, sizes: Sequence[int]) -> Iterator[list[Fault]]:
    """The faults of lessons that ran one after another in one kernel. Pure.

    What concerns the kernel as a whole may be any one's, so each lesson has it; when the kernel was stopped, so were those that
    had not begun.

    Args:
        sizes: how many code cells each lesson has
    """
    # With what all of them have made, it takes longer to end than after one; what waits for something open takes for ever.
    faults = without_claims(faults_of(run, busy=True))
    if run.stopped is not None:
        faults.append(replace(run.stopped, cell=None))
    first = 0
    for size in sizes:
        yield [
            fault if fault.cell is None else replace(fault, cell=fault.cell - first)
            for fault in faults
            if fault.cell is None or first < fault.cell <= first + size
        ]
        first += size


def allow(node: NotebookNode, seconds: float) -> None:
    """Lets a cell or a lesson take so long."""
    node.metadata["tsasync"] = {**node.metadata.get("tsasync", {}), "timeout": seconds}


async def run_company(paths: Sequence[Path]) -> dict[Path, Outcome]:
    """Runs lessons of one folder one after another in one kernel, but for those that can't be run as they are."""
    start = time.monotonic()
    outcomes = {path: opened(path) for path in paths}
    able = [outcome for outcome in outcomes.values() if not outcome.faults]
    if able:
        cells = [[cell for _, cell in code_cells(outcome.now)] for outcome in able]
        together = new_notebook()
        for number, cell in enumerate(chain.from_iterable(cells)):
            # Lessons may have cells of one name.
            cell.id = f"cell-{number}"
            allow(cell, PATIENCE * own_limit(cell, CELL_SECONDS))
            together.cells.append(cell)
        allow(together, PATIENCE * sum(own_limit(outcome.now, LESSON_SECONDS) for outcome in able))
        run = await execute(together, paths[0].parent, STOCK)
        for outcome, faults in zip(able, shared_out(run, [len(own) for own in cells]), strict=True):
            outcome.faults = faults
            outcome.seconds = (time.monotonic() - start) / len(able)
    return outcomes


class InCompany:
    """Runs a lesson with its neighbours the first time that it is asked to, and alone after that."""

    def __init__(self, paths: Sequence[Path], jobs: int) -> None:
        """
        Args:
            jobs: how many kernels at a time
        """
        # Of the lessons that have not been asked for.
        self._groups = {path: group for group in companies(paths) for path in group}
        self._running: dict[tuple[Path, ...], asyncio.Task[dict[Path, Outcome]]] = {}
        self._places = asyncio.Semaphore(jobs)

    async def __call__(self, path: Path) -> Outcome:
        group = self._groups.pop(path, None)
        if group is None:
            return await self._alone(path)
        if group not in self._running:
            self._running[group] = asyncio.create_task(self._run(group))
        together = (await self._running[group])[path]
        # A fault counts that a lesson has alone. What it would have alone only, as without an import that the one before it
        # has, is found where our kernel runs it.
        if not together.faults:
            return together
        alone = await self._alone(path)
        alone.excused = [] if alone.faults else together.faults
        return alone

    async def _alone(self, path: Path) -> Outcome:
        async with self._places:
            return await run_on_stock(path)

    async def _run(self, group: tuple[Path, ...]) -> dict[Path, Outcome]:
        async with self._places:
            return await run_company(group)
