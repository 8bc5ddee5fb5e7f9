"""Exercises in their lessons: the notebook says where one stands, its source says what stands there."""

from __future__ import annotations

from collections.abc import Iterator

from authoring.catalogue import PARTS, folder_of, lesson_names, lesson_path
from authoring.complaints import Complaint
from authoring.errors import AuthoringError
from authoring.notebook import notebook_text, read_notebook, write_notebook
from authoring.project import Project
from nbformat import NotebookNode

from practice.cells import cell_id, cells
from practice.source import Exercise, read_exercises

# How many exercises a lesson has at least. A capstone is a single one, built in stages.
FEWEST = 3
FEWEST_IN = {"capstones": 1}


class NoPlaceError(AuthoringError):
    """An exercise stands in no lesson, or in more than one place."""


def lesson_key(name: str) -> str:
    """How ids name a lesson: `c02` for `concepts/02-coroutines`, `02` for `examples/02-…`; nothing for other pages."""
    folder = folder_of(name)
    number = name.split("/")[-1][:2]
    return "" if folder not in PARTS else f"c{number}" if folder == "concepts" else number


def _place(notebook: NotebookNode, lesson: str, exercise: Exercise) -> None:
    prefix = cell_id(exercise.id, "")
    own = [at for at, cell in enumerate(notebook.cells) if str(cell.id).startswith(prefix)]
    starts = [at for at in own if notebook.cells[at].id == cell_id(exercise.id, "text")]
    if len(starts) != 1:
        raise NoPlaceError(
            f"{lesson} has {len(starts)} places for {exercise.id}. Put one Markdown cell where it belongs, with the id"
            f" {cell_id(exercise.id, 'text')}"
        )
    old = {cell.id: cell for cell in (notebook.cells[at] for at in own)}
    new = cells(exercise)
    for cell in new:
        before = old.get(cell.id)
        # What it printed is still right as long as its code is the same.
        if cell.cell_type == "code" and before is not None and before.source == cell.source:
            cell.outputs = before.outputs
            cell.execution_count = before.execution_count
    kept = [cell for cell in notebook.cells if cell.id not in old]
    at = starts[0] - sum(1 for other in own if other < starts[0])
    notebook.cells = [*kept[:at], *new, *kept[at:]]


def update_exercises(project: Project, check: bool) -> list[str]:
    """Writes the cells of all exercises into their lessons.

    Args:
        check: write nothing.

    Returns:
        The lessons that differ from what their exercises' sources say.

    Raises:
        ExerciseFormError, NoPlaceError: see there. Then nothing is written.
    """
    exercises = read_exercises(project)
    known = {lesson_key(name): name for name in lesson_names(project) if lesson_key(name)}
    changed = []
    for key in sorted({exercise.lesson for exercise in exercises}):
        if key not in known:
            raise NoPlaceError(f"there is no lesson for support/exercises/{key}")
        path = lesson_path(project, known[key])
        notebook = read_notebook(path, known[key])
        for exercise in exercises:
            if exercise.lesson == key:
                _place(notebook, known[key], exercise)
        if notebook_text(notebook) != path.read_text(encoding="utf-8"):
            changed.append((path, known[key], notebook))
    if not check:
        for path, _, notebook in changed:
            write_notebook(path, notebook)
    return [name for _, name, _ in changed]


def too_few(lessons: list[str], exercises: list[Exercise]) -> Iterator[Complaint]:
    """Which lessons have fewer exercises with a source than a lesson has to have. Pure."""
    for name in lessons:
        if key := lesson_key(name):
            there = sum(exercise.lesson == key for exercise in exercises)
            fewest = FEWEST_IN.get(folder_of(name), FEWEST)
            if there < fewest:
                yield Complaint(
                    name, 1, 0, f"exercises in support/exercises/{key}: {there} of at least {fewest}"
                )
