"""The form that every lesson keeps, as far as a program can tell.

A cell of at most 30 lines of at most 80 columns is read without scrolling, also beside a file list and on a phone.
Prose stands before each code cell, because a reader who only meets code is not told what to look for; a solution
follows its exercise. Headings that skip a level, and pictures without words, lose readers who listen to the page.
Formulas and diagrams would need a script that the exported page does not run.
"""

from __future__ import annotations

from collections.abc import Iterator

from nbformat import NotebookNode

from authoring.catalogue import runs_on_stock
from authoring.complaints import Complaint
from authoring.notebook import tags
from authoring.prose import headings, needs_script, picture_files, pictures_without_words, texts

MOST_LINES = 30
MOST_COLUMNS = 80
KERNEL = "tslab"
TAGS = {
    "machine-dependent",
    "stderr",
    "exercise",
    "solution",
    "python",
    "navigation",
    "lessons",
    "words",
    "minutes",
}
FOLDED = {"solution": "a solution", "python": "a program in Python"}
# What a lesson that stock tslab can't run says in its first cell.
TODAYS = "today's TypeScript"


def form(lesson: str, notebook: NotebookNode) -> Iterator[Complaint]:
    """What a notebook's form lacks."""
    if notebook.metadata.get("kernelspec", {}).get("name") != KERNEL:
        yield Complaint(
            lesson, 1, 0, f"the notebook's kernel is not {KERNEL}; choose it in JupyterLab and save"
        )
    if not runs_on_stock(lesson) and TODAYS not in " ".join(notebook.cells[0].source.split()):
        yield Complaint(
            lesson, 1, 0, f"the first cell does not say that the lesson uses {TODAYS}, and what that means"
        )
    yield from prose_before_code(lesson, notebook)
    yield from heading_levels(lesson, notebook)
    yield from same_headings(lesson, notebook)
    for number, cell in enumerate(notebook.cells, 1):
        for what in unknown_tags(cell):
            yield Complaint(lesson, number, 0, what)
        check = code_form if cell.cell_type == "code" else prose_form
        for line, what in check(cell):
            yield Complaint(lesson, number, line, what)


def unknown_tags(cell: NotebookNode) -> Iterator[str]:
    for tag in tags(cell):
        if tag not in TAGS:
            yield f"the tag {tag} means nothing here; there are {', '.join(sorted(TAGS))}"


def code_form(cell: NotebookNode) -> Iterator[tuple[int, str]]:
    """Faults of a code cell: line within the cell, and what is wrong."""
    lines = cell.source.split("\n")
    if not cell.source.strip():
        yield 0, "the cell is empty"
    if len(lines) > MOST_LINES:
        yield MOST_LINES + 1, f"the cell has {len(lines)} lines, {MOST_LINES} at most; make it two"
    for number, line in enumerate(lines, 1):
        if len(line) > MOST_COLUMNS:
            yield number, f"the line has {len(line)} columns, {MOST_COLUMNS} at most"
    hidden = cell.metadata.get("jupyter", {}).get("source_hidden", False)
    for tag, what in FOLDED.items():
        if tag in tags(cell) and not hidden:
            how = "collapse its code in JupyterLab (View, Collapse Selected Code) and save"
            yield 0, f"{what} is folded; {how}"


def line_of(source: str, words: str) -> int:
    """The first line on which the words stand; 1 when they are broken up by Markdown."""
    return next((number for number, line in enumerate(source.split("\n"), 1) if words in line), 1)


def prose_form(cell: NotebookNode) -> Iterator[tuple[int, str]]:
    """Faults of a prose cell: line within the cell, and what is wrong."""
    for words in texts(cell.source):
        if "!" in words:
            yield line_of(cell.source, words), "an exclamation mark in prose; a full stop will do"
    for what in needs_script(cell.source):
        yield 0, f"{what}: the exported page cannot draw it; use words, code or a figure"
    for url in picture_files(cell.source):
        yield 0, f"a stored picture, {url}: a lesson draws its pictures from the reader's run"
    if count := pictures_without_words(cell.source):
        pictures = "a picture has" if count == 1 else f"{count} pictures have"
        yield 0, f"{pictures} no alternative text; say in a sentence what it shows"


def prose_before_code(lesson: str, notebook: NotebookNode) -> Iterator[Complaint]:
    """A code cell comes after prose; a solution comes after its exercise."""
    before: NotebookNode | None = None
    for number, cell in enumerate(notebook.cells, 1):
        if cell.cell_type == "code" and before is not None and before.cell_type == "code":
            solves = "solution" in tags(cell) and "exercise" in tags(before)
            if not solves:
                yield Complaint(lesson, number, 0, "no prose before this cell; say what to look for in it")
        before = cell


def heading_levels(lesson: str, notebook: NotebookNode) -> Iterator[Complaint]:
    """Headings go down one level at a time."""
    last = 0
    for number, cell in enumerate(notebook.cells, 1):
        for level, words in headings(cell.source) if cell.cell_type == "markdown" else []:
            if level > last + 1:
                line = line_of(cell.source, words)
                marks = "#" * (last + 1)
                yield Complaint(lesson, number, line, f"the heading {words!r} skips a level; write {marks}")
            last = level


def same_headings(lesson: str, notebook: NotebookNode) -> Iterator[Complaint]:
    """Two headings that read the same, which a list of contents can't tell apart; nor one that only says `Predict`."""
    seen: set[str] = set()
    for number, cell in enumerate(notebook.cells, 1):
        for _, words in headings(cell.source) if cell.cell_type == "markdown" else []:
            line = line_of(cell.source, words)
            if words == "Predict":
                yield Complaint(lesson, number, line, "the heading does not say of what; write Predict: …")
            elif words in seen:
                yield Complaint(lesson, number, line, f"the heading {words!r} is there already")
            seen.add(words)
