"""The words of the generated cells: previous and next under each lesson, the table of lessons on the first page."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence

import nbformat
from nbformat import NotebookNode

from authoring.catalogue import START, Lesson
from authoring.errors import LessonFormError
from authoring.notebook import tagged
from authoring.prose import escape


def link(text: str, to: str, source: str) -> str:
    """A Markdown link from one lesson to another, relative, so that JupyterLab and an exported page follow it."""
    target = posixpath.relpath(f"{to}.ipynb", posixpath.dirname(source) or ".")
    return f"[{text}]({target})"


def navigation(lesson: Lesson, before: Lesson | None, after: Lesson | None) -> str:
    """The last cell's text."""
    parts = []
    if before:
        parts.append(f"Previous: {link(escape(before.title), before.name, lesson.name)}")
    if lesson.name != START:
        parts.append(link("All lessons", START, lesson.name))
    if after:
        parts.append(f"Next: {link(escape(after.title), after.name, lesson.name)}")
    return " · ".join(parts)


def table(lessons: Sequence[Lesson]) -> str:
    """The table of lessons."""
    rows = ["| Part | Lesson | What it shows | Minutes |", "|:--|:--|:--|--:|"]
    for lesson in lessons:
        if lesson.name != START:
            title = link(escape(lesson.title), lesson.name, START)
            label = lesson.label.replace(" ", "\N{NO-BREAK SPACE}")
            rows.append(f"| {label} | {title} | {escape(lesson.purpose)} | {lesson.minutes} |")
    return "\n".join(rows)


def put_navigation(lesson: Lesson, notebook: NotebookNode, text: str) -> None:
    """Makes the text the notebook's last cell, which is tagged `navigation`.

    Raises:
        LessonFormError: several cells have the tag, or a code cell has it.
    """
    cells = tagged(notebook, "navigation")
    if len(cells) > 1:
        raise LessonFormError(lesson.name, f"has {len(cells)} cells tagged navigation. Keep one")
    if cells and cells[0].cell_type != "markdown":
        raise LessonFormError(lesson.name, "its cell tagged navigation holds code. Make it a Markdown cell")
    if not cells:
        cell = nbformat.v4.new_markdown_cell(metadata={"tags": ["navigation"]})
        taken = {other.get("id") for other in notebook.cells}
        cell.id = "navigation" if "navigation" not in taken else cell.id
        cells = [cell]
    notebook.cells = [cell for cell in notebook.cells if cell is not cells[0]] + cells
    cells[0].source = text


def put_table(lesson: Lesson, notebook: NotebookNode, text: str) -> None:
    """Makes the text the cell tagged `lessons`.

    Raises:
        LessonFormError: there is not exactly one such Markdown cell.
    """
    cells = tagged(notebook, "lessons")
    if len(cells) != 1 or cells[0].cell_type != "markdown":
        raise LessonFormError(lesson.name, "needs one Markdown cell tagged lessons; the table goes there")
    cells[0].source = text
