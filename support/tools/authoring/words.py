"""The page of all words for readers who come from Python, gathered from the lessons.

Each lesson keeps the rows that it needs: they are read where the difference is shown. The page repeats them in one place,
because a search in a browser, or in JupyterLab, finds only what one page holds. It is written from the lessons, so
it can't say anything else than they do. One cell per lesson: JupyterLab's search shows the text of the cell that it
found something in, and not its table.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

import nbformat
from nbformat import NotebookNode

from authoring.catalogue import WORDS, Lesson
from authoring.errors import LessonFormError
from authoring.navigation import link
from authoring.notebook import tagged, tags
from authoring.prose import escape

TAG = "words"
HEADING = re.compile(r"#{1,2} (.*)")
FROM_PYTHON = "Coming from Python"
LINK = re.compile(r"\]\((?![a-zA-Z][a-zA-Z0-9+.-]*:|//|#)([^)\s]+)\)")


def tables(notebook: NotebookNode) -> Iterator[str]:
    """The tables under a notebook's heading "Coming from Python", in their order."""
    within = False
    for cell in notebook.cells:
        if cell.cell_type != "markdown":
            continue
        rows: list[str] = []
        for line in [*cell.source.split("\n"), ""]:
            if within and line.startswith("|"):
                rows.append(line)
                continue
            if rows:
                yield "\n".join(rows)
                rows = []
            if heading := HEADING.fullmatch(line):
                within = heading[1].strip() == FROM_PYTHON


def moved(text: str, source: str) -> str:
    """Markdown of one lesson with its relative links as they read on the page of words."""
    folder = posixpath.dirname(source)
    return LINK.sub(lambda found: f"]({posixpath.normpath(posixpath.join(folder, found[1]))})", text)


def section(lesson: Lesson, notebook: NotebookNode) -> str:
    """What the page says of one lesson; nothing where the lesson has no such table."""
    found = [moved(table, lesson.name) for table in tables(notebook)]
    if not found:
        return ""
    title = link(escape(lesson.title), lesson.name, WORDS)
    return "\n\n".join([f"### {lesson.label}: {title}", *found])


def put_words(page: Lesson, notebook: NotebookNode, lessons: list[tuple[Lesson, NotebookNode]]) -> None:
    """Makes the page's cells that are tagged `words` those of the lessons, in their order.

    Raises:
        LessonFormError: no cell has the tag, or a code cell has it.
    """
    old = tagged(notebook, TAG)
    if not old or any(cell.cell_type != "markdown" for cell in old):
        raise LessonFormError(page.name, f"needs a Markdown cell tagged {TAG}; the tables go there")
    made = []
    for lesson, other in lessons:
        if text := section(lesson, other):
            cell = nbformat.v4.new_markdown_cell(text, metadata={"tags": [TAG]})
            cell.id = f"words-{lesson.name.replace('/', '-')}"[:64]
            made.append(cell)
    at = next(index for index, cell in enumerate(notebook.cells) if TAG in tags(cell))
    rest = [cell for cell in notebook.cells if TAG not in tags(cell)]
    notebook.cells = rest[:at] + made + rest[at:]
