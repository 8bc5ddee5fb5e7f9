"""The lessons there are, in order, with what each says of itself."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from nbformat import NotebookNode

from authoring.errors import AuthoringError, LessonFormError, LessonNameError
from authoring.notebook import read_notebook
from authoring.project import Project
from authoring.prose import headings, parse, plain

START = "00-start-here"
# All words for readers who come from Python: a page of the course, and no lesson of a folder.
WORDS = "words-for-python"
# What a teacher needs: another such page, and the last one.
TEACHERS = "for-teachers"
LOOSE = {START: "Start", WORDS: "Words", TEACHERS: "Teachers"}
# The folders in their order, with the word that stands before a lesson's number.
PARTS = {"concepts": "Concept", "examples": "Example", "beyond": "Beyond", "capstones": "Capstone"}
LESSON_NAME = re.compile(rf"({'|'.join(PARTS)})/(\d\d)-([a-z0-9]+(?:-[a-z0-9]+)*)")
# The lessons of these folders may use all that our kernel knows, so stock tslab is not asked to run them.
TODAYS = ("beyond", "capstones")
# What JupyterLab calls a reader's own new notebook, and a copy of one.
SCRATCH = re.compile(r"(Untitled\d*|.*-Copy\d+)\.ipynb")
MINUTES = re.compile(r"\*\*(\d+) minutes?\*\*")
FORM = (
    "The first cell has `# Title`, a paragraph with one sentence of purpose, and a paragraph that begins"
    " `**25 minutes** · You will be able to … · Know first: …`"
)


@dataclass(frozen=True)
class Lesson:
    """One lesson as its first cell introduces it; the words are plain, without Markdown."""

    name: str
    path: Path
    title: str
    purpose: str
    minutes: int

    @property
    def number(self) -> int:
        """0 for what is in no folder."""
        return int(self.name.split("/")[-1][:2]) if self.folder else 0

    @property
    def folder(self) -> str:
        return folder_of(self.name)

    @property
    def label(self) -> str:
        """`Concept 1`, `Example 14`, `Beyond 15`, `Start`, `Words`, `Teachers`."""
        if self.folder:
            return f"{PARTS[self.folder]} {self.number}"
        return LOOSE.get(self.name, LOOSE[START])


def folder_of(name: str) -> str:
    """`concepts` of `concepts/01-why-async`; nothing of the first page."""
    return name.rpartition("/")[0]


def runs_on_stock(name: str) -> bool:
    """Whether a lesson keeps to the TypeScript that stock tslab compiles."""
    return folder_of(name) not in TODAYS


def order(name: str) -> tuple[int, str]:
    """Where a lesson stands: the first page, the folders in their order, the numbers, and last words and teachers' page."""
    last = {WORDS: len(PARTS) + 1, TEACHERS: len(PARTS) + 2}
    return last.get(name, ["", *PARTS].index(folder_of(name))), name


def lesson_names(project: Project) -> list[str]:
    """The names of all lessons: the first page, the folders, each in order, and the page of words.

    Raises:
        AuthoringError: there is no lesson.
        LessonNameError: a notebook is not named as a lesson, or two lessons have one number.
    """
    names = []
    for path in project.notebooks.rglob("*.ipynb"):
        inside = path.relative_to(project.notebooks)
        hidden = any(part.startswith(".") for part in inside.parts)
        if hidden or SCRATCH.fullmatch(path.name):
            continue
        name = inside.with_suffix("").as_posix()
        if name not in LOOSE and not LESSON_NAME.fullmatch(name):
            raise LessonNameError(
                f"notebooks/{name}.ipynb is not named as a lesson. Rename it, as in"
                " concepts/02-coroutines.ipynb, or move it out of notebooks"
            )
        names.append(name)
    if not names:
        raise AuthoringError("notebooks has no lessons. Start one: make lesson NAME=concepts/01-why-async")
    names.sort(key=order)
    for one, two in pairwise(names):
        if one != START and one.split("-")[0] == two.split("-")[0]:
            raise LessonNameError(f"{one} and {two} have the same number. Rename one of them")
    return names


def chosen(project: Project, asked: list[str]) -> list[str]:
    """The lessons whose name begins with one of the names asked for; all when none is asked for.

    Raises:
        LessonNameError: no lesson has such a name.
    """
    names = lesson_names(project)
    if not asked:
        return names
    picked: set[str] = set()
    for name in asked:
        start = name.removeprefix("notebooks/").removesuffix(".ipynb")
        found = [known for known in names if known.startswith(start)]
        if not found:
            raise LessonNameError(f"there is no lesson {name}. There are: {', '.join(names)}")
        picked.update(found)
    return [name for name in names if name in picked]


def lesson_path(project: Project, name: str) -> Path:
    return project.notebooks / f"{name}.ipynb"


def describe(name: str, path: Path, notebook: NotebookNode) -> Lesson:
    """Reads title, purpose and minutes from a notebook's first cell.

    Raises:
        LessonFormError: the first cell lacks one of them.
    """
    first = notebook.cells[0] if notebook.cells else None
    if first is None or first.cell_type != "markdown":
        raise LessonFormError(name, f"does not begin with a Markdown cell. {FORM}")
    blocks = [token for token in parse(first.source) if token["type"] != "blank_line"]
    head = blocks[0] if blocks else None
    if head is None or head["type"] != "heading" or head["attrs"]["level"] != 1:
        raise LessonFormError(name, f"cell 1 does not begin with a title. {FORM}")
    title = plain(head["children"])
    paragraphs = [plain(token["children"]) for token in blocks[1:] if token["type"] == "paragraph"]
    minutes = MINUTES.search(first.source)
    if not title:
        raise LessonFormError(name, f"cell 1 has an empty title. {FORM}")
    if not minutes:
        raise LessonFormError(name, f"cell 1 does not say how many minutes it takes. {FORM}")
    if not paragraphs or re.match(r"\d+ minutes?\b", paragraphs[0]):
        raise LessonFormError(name, f"cell 1 has no sentence of purpose under the title. {FORM}")
    return Lesson(name, path, title, paragraphs[0], int(minutes[1]))


def read_lesson(project: Project, name: str) -> tuple[Lesson, NotebookNode]:
    """One lesson and its notebook."""
    path = lesson_path(project, name)
    notebook = read_notebook(path, name)
    count = [
        level for cell in notebook.cells if cell.cell_type == "markdown" for level, _ in headings(cell.source)
    ]
    if count.count(1) > 1:
        raise LessonFormError(
            name, f"has {count.count(1)} titles (`# …`). Keep the first; make the others `## …`"
        )
    return describe(name, path, notebook), notebook


def catalogue(project: Project) -> list[Lesson]:
    """All lessons, in order.

    Raises:
        AuthoringError: a lesson's name or form is not kept; the message names the lesson and what is wrong.
    """
    return [read_lesson(project, name)[0] for name in lesson_names(project)]
