"""The list of lessons as a page, with what each is for and for whom."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import jinja2
import markupsafe
from authoring.catalogue import Lesson
from authoring.prose import parse, plain
from nbformat import NotebookNode

from pages.beside import Beside
from pages.convert import page_css

HERE = Path(__file__).parent / "templates"
TITLE = "Asynchronous programming in TypeScript"
ABOUT = "A course in lessons that were run, with their outputs."
PARTS = (
    ("Start", "Begin here"),
    ("Concept", "Concepts"),
    ("Example", "Examples"),
    ("Beyond", "Beyond the fourteen"),
    ("Capstone", "Capstones"),
    ("Words", "To look up"),
    ("Teachers", "For teachers"),
)


@dataclass(frozen=True)
class Download:
    """The whole course as one file beside the index."""

    name: str
    words: str
    bytes: int

    @property
    def size(self) -> str:
        return f"{self.bytes / 1e6:.1f} MB"


def readers(notebook: NotebookNode) -> str:
    """For whom a lesson is, in its own words: what to know first, and what one can do afterwards. Empty when unsaid."""
    first = parse(notebook.cells[0].source)
    paragraphs = [plain(token["children"]) for token in first if token["type"] == "paragraph"]
    said = next((words for words in paragraphs if re.match(r"\d+ minutes? ·", words)), "")
    parts = [part.strip() for part in said.split(" · ")[1:]]
    return " ".join(sorted(parts, key=lambda part: not part.startswith("Know first")))


def how_long(minutes: int) -> str:
    """`45 minutes`, `about 14 hours`."""
    if minutes < 90:
        return f"{minutes} {'minute' if minutes == 1 else 'minutes'}"
    return f"about {round(minutes / 60)} hours"


def index_page(
    lessons: Sequence[Lesson],
    known: Mapping[str, str],
    downloads: Sequence[Download] = (),
    others: Sequence[Beside] = (),
) -> str:
    """The page.

    Args:
        known: for whom each lesson is, by its name.
        downloads: the files that lie beside the page.
        others: pages that are no lessons.
    """
    own = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE), autoescape=True, keep_trailing_newline=True
    )
    grouped = [(heading, [x for x in lessons if x.label.split()[0] == part]) for part, heading in PARTS]
    return own.get_template("index.html.j2").render(
        css=markupsafe.Markup(page_css()),
        title=TITLE,
        about=ABOUT,
        lessons=lessons,
        time=how_long(sum(lesson.minutes for lesson in lessons)),
        parts=[(heading, part) for heading, part in grouped if part],
        readers=known,
        downloads=downloads,
        others=others,
    )
