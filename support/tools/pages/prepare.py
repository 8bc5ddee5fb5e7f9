"""What a page needs to know of a whole notebook before its cells are written: contents, place in the course, folds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from authoring.catalogue import LESSON_NAME, LOOSE, PARTS, START
from authoring.notebook import tags
from authoring.prose import parse, plain
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbconvert.preprocessors import Preprocessor
from nbformat import NotebookNode
from traitlets import Bool

from pages.harmless import harmless, lesson_link
from pages.highlight import highlight

PREDICT = re.compile(r"Predict(?:: (?P<what>.+))?")
PREDICTED = re.compile(r"\bpredict\(\s*[\"'`]([\w-]+)")
TOLD = re.compile(r"\boutcome\(\s*[\"'`]([\w-]+)")
# The cells in which `make exercises` folds prose: hints, and what is said about a solution.
FOLDED_PROSE = re.compile(r"ex-[\w-]+?-(?P<hints>hints)?(?:after|before-[\w-]+)?")


@dataclass
class Section:
    """A heading of a lesson as its contents name it."""

    anchor: str
    words: str
    predict: bool
    parts: list[Section] = field(default_factory=list)


@dataclass(frozen=True)
class Neighbour:
    url: str
    title: str


@dataclass(frozen=True)
class Place:
    """Where in the course a lesson stands: `Concept 3 of 7`, and what comes before and after it."""

    label: str
    index: str
    before: Neighbour | None
    after: Neighbour | None


@dataclass
class Page:
    """What the template is told of the whole lesson."""

    title: str
    contents: list[Section]
    place: Place | None
    folds: int = 0


class Renderer(IPythonRenderer):
    """Markdown as JupyterLab shows it, with this project's colours for code."""

    def block_code(self, code: str, info: str | None = None) -> str:
        return highlight(code.removesuffix("\n"), info or "text")


def markdown_html(cell: NotebookNode) -> str:
    renderer = Renderer(escape=False, attachments=cell.get("attachments", {}), exclude_anchor_links=True)
    return MarkdownWithMath(renderer=renderer).render(cell.source)


class Headings:
    """The headings of a lesson, each with an anchor that no other has."""

    def __init__(self) -> None:
        self.title = ""
        self.sections: list[Section] = []
        self.anchors: set[str] = set()

    def add(self, level: int, words: str) -> str:
        anchor = self.anchor(words)
        predict = PREDICT.fullmatch(words)
        what = (predict and predict["what"]) or words
        section = Section(anchor, what, predict is not None)
        if level == 1:
            self.title = self.title or words
        elif level == 2 or not self.sections:
            self.sections.append(section)
        elif level == 3:
            self.sections[-1].parts.append(section)
        return anchor

    def anchor(self, words: str) -> str:
        # As JupyterLab makes them, so that a link to a heading works in both places.
        base = words.replace(" ", "-") or "section"
        anchor, number = base, 1
        while anchor in self.anchors:
            number += 1
            anchor = f"{base}-{number}"
        self.anchors.add(anchor)
        return anchor


def neighbours(cell: NotebookNode) -> Iterator[tuple[str, Neighbour]]:
    """The links of the cell that `make links` writes, each with the word before it."""
    for block in parse(cell.source):
        word = ""
        for token in block.get("children", []):
            if token["type"] == "text":
                word = token["raw"].strip(" ·:")
            if token["type"] == "link":
                yield word, Neighbour(lesson_link(token["attrs"]["url"]), plain(token["children"]))


def place(notebook: NotebookNode, file: Path) -> Place | None:
    """Where the lesson in a file stands; None for a notebook that is no lesson."""
    links = dict(link for cell in notebook.cells if "navigation" in tags(cell) for link in neighbours(cell))
    before, after = links.get("Previous"), links.get("Next")
    if LESSON_NAME.fullmatch(f"{file.parent.name}/{file.stem}"):
        names = [one.stem for one in file.parent.glob("*.ipynb")]
        # The lessons beyond the fourteen are counted on.
        last = max(int(name[:2]) for name in names if LESSON_NAME.fullmatch(f"{file.parent.name}/{name}"))
        label = f"{PARTS[file.parent.name]} {int(file.stem[:2])} of {last}"
        return Place(label, "../index.html", before, after)
    label = LOOSE.get(file.stem, LOOSE[START])
    return Place(label, "index.html", before, after) if links else None


def prose(cell: NotebookNode) -> str:
    """The words of a Markdown cell as they are marked up; what an exercise folds says whether it is a hint."""
    html = markdown_html(cell)
    folded = FOLDED_PROSE.fullmatch(cell.get("id", ""))
    if folded is None:
        return html
    return html.replace("<details>", f'<details class="{"hint" if folded["hints"] else "about"}">')


def marks(cells: list[NotebookNode]) -> Iterator[tuple[NotebookNode, str]]:
    """Each code cell with what it is: `exercise`, `solution`, `python`, `predict`, or nothing special.

    What answers a prediction is the first output under a heading that asks for one, and all outputs from its `predict` to its
    `outcome`, which may stand in a later cell.
    """
    asked = False
    told = {one for cell in cells if cell.cell_type == "code" for one in TOLD.findall(cell.source)}
    pending: set[str] = set()
    for cell in cells:
        if cell.cell_type == "markdown":
            heads = re.findall(r"^#+ (.+)$", cell.source, re.MULTILINE)
            asked = PREDICT.match(heads[-1]) is not None if heads else asked
        elif cell.cell_type == "code":
            kind = next((tag for tag in ("exercise", "solution", "python") if tag in tags(cell)), "")
            pending |= told.intersection(PREDICTED.findall(cell.source))
            answers = (asked or bool(pending)) and bool(cell.outputs)
            pending -= set(TOLD.findall(cell.source))
            yield cell, kind or ("predict" if answers else "")
            asked = asked and not answers


class Prepare(Preprocessor):
    """Gives the template `resources.page`, and each cell its HTML or its kind in `metadata.page`."""

    enabled = Bool(True).tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        headings = Headings()
        for cell in nb.cells:
            if cell.cell_type == "markdown":
                cell.metadata.page = harmless(prose(cell), heading=headings.add)
        folds = 0
        for cell, kind in marks(nb.cells):
            cell.metadata.page = kind
            folds += kind != "" and kind != "exercise"
        about = resources.get("metadata", {})
        file = Path(about.get("path", "")) / f"{about.get('name', '')}.ipynb"
        title = headings.title or about.get("name", "")
        resources["page"] = Page(title, headings.sections, place(nb, file), folds)
        resources["numbers"] = count(1)
        resources["style_sheets"] = set()
        return nb, resources
