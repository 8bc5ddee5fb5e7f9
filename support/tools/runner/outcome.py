"""What became of a lesson that was run."""

from __future__ import annotations

import copy
import time
from dataclasses import dataclass, field
from pathlib import Path

from authoring.errors import LessonFormError
from authoring.notebook import read_notebook
from nbformat import NotebookNode
from nbformat.v4 import new_notebook

from runner.execute import KERNEL, execute, limit_faults
from runner.faults import Fault, faults_of
from runner.lessons import name_of
from runner.processes import FELT, Others


@dataclass
class Outcome:
    """What became of one lesson. `before` is its file as it was when the run began."""

    path: Path
    before: bytes
    committed: NotebookNode
    now: NotebookNode
    faults: list[Fault]
    seconds: float
    # Another output came the first time, and the committed one in a later run: what went wrong before that.
    excused: list[Fault] = field(default_factory=list)
    # Other programs took so much of the processors that its times are to be judged with care.
    busy: bool = False


def opened(path: Path) -> Outcome:
    """A lesson that has not been run: its faults are those of its form."""
    before = path.read_bytes()
    try:
        committed = read_notebook(path, name_of(path))
    except LessonFormError as error:
        empty = new_notebook()
        return Outcome(path, before, empty, empty, [Fault("form", None, f"  {error}")], 0)
    return Outcome(path, before, committed, copy.deepcopy(committed), limit_faults(committed), 0)


async def run_lesson(path: Path, kernel: str = KERNEL) -> Outcome:
    """Runs one lesson; its outputs are not compared yet."""
    start = time.monotonic()
    outcome = opened(path)
    if not outcome.faults:
        others = Others()
        run = await execute(outcome.now, path.parent, kernel)
        outcome.busy = others.share() >= FELT
        outcome.faults = faults_of(run, outcome.busy)
        outcome.seconds = time.monotonic() - start
    return outcome
