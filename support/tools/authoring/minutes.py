"""How long the sections of a lesson take, for the page for teachers. Pure.

A lesson says how long it takes as a whole. Of that, an exercise takes a time of its own; the rest is shared out among the sections by
the cells that they have, which come in steps of question, run and explanation.
"""

from __future__ import annotations

from dataclasses import dataclass

from nbformat import NotebookNode

from authoring.catalogue import TEACHERS, Lesson
from authoring.errors import LessonFormError
from authoring.navigation import link
from authoring.notebook import tagged, tags
from authoring.prose import escape, headings

TAG = "minutes"
EXERCISE_MINUTES = 4
START_OF_LESSON = "the beginning"


@dataclass
class Part:
    """A section: its heading, how many cells of it are no exercise's, and how many exercises it has."""

    title: str
    cells: int = 0
    exercises: int = 0


def parts(notebook: NotebookNode) -> list[Part]:
    """The sections of a lesson, with what comes before the first one."""
    found = [Part(START_OF_LESSON)]
    for cell in notebook.cells:
        if "navigation" in tags(cell):
            continue
        heads = headings(cell.source) if cell.cell_type == "markdown" else []
        found += [Part(words) for level, words in heads if level == 2]
        found[-1].exercises += "exercise" in tags(cell)
        found[-1].cells += not str(cell.id).startswith("ex-")
    return found


def shared_out(total: int, weights: list[int]) -> list[int]:
    """A whole number of minutes in whole parts, as the weights have it; the largest remainders get what is left."""
    whole = sum(weights)
    if whole == 0:
        return [0 for _ in weights]
    exact = [total * weight / whole for weight in weights]
    given = [int(one) for one in exact]
    by_rest = sorted(range(len(weights)), key=lambda at: (given[at] - exact[at], at))
    for at in by_rest[: total - sum(given)]:
        given[at] += 1
    return given


def minutes(lesson: Lesson, notebook: NotebookNode) -> list[tuple[str, int]]:
    """Each section with its minutes; they add up to the lesson's."""
    own = parts(notebook)
    exercises = [one.exercises * EXERCISE_MINUTES for one in own]
    if sum(exercises) > lesson.minutes:
        raise LessonFormError(
            lesson.name, f"takes {lesson.minutes} minutes, and its exercises alone take more"
        )
    rest = shared_out(lesson.minutes - sum(exercises), [one.cells for one in own])
    return [(one.title, a + b) for one, a, b in zip(own, exercises, rest, strict=True)]


def table(lessons: list[tuple[Lesson, NotebookNode]]) -> str:
    """A row for each lesson of a folder."""
    rows = ["| Lesson | Minutes | Section by section |", "|:--|--:|:--|"]
    for lesson, notebook in lessons:
        if lesson.folder:
            told = " · ".join(
                f"{escape(title)} {count}" for title, count in minutes(lesson, notebook) if count
            )
            label = lesson.label.replace(" ", "\N{NO-BREAK SPACE}")
            rows.append(f"| {link(label, lesson.name, TEACHERS)} | {lesson.minutes} | {told} |")
    return "\n".join(rows)


def put_minutes(lesson: Lesson, notebook: NotebookNode, lessons: list[tuple[Lesson, NotebookNode]]) -> None:
    """Writes the table into the cell tagged `minutes`.

    Raises:
        LessonFormError: there is not exactly one such Markdown cell.
    """
    cells = tagged(notebook, TAG)
    if len(cells) != 1 or cells[0].cell_type != "markdown":
        raise LessonFormError(lesson.name, f"needs one Markdown cell tagged {TAG}; the table goes there")
    cells[0].source = table(lessons)
