"""`links`: writes or checks the generated cells, and checks where all relative links lead."""

from __future__ import annotations

import copy
import os
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

from nbformat import NotebookNode

from authoring.catalogue import START, TEACHERS, WORDS, Lesson, lesson_names, read_lesson
from authoring.errors import LessonFormError
from authoring.minutes import put_minutes
from authoring.navigation import navigation, put_navigation, put_table, table
from authoring.notebook import notebook_text, write_notebook
from authoring.project import Project
from authoring.prose import links
from authoring.words import put_words

PAGES = ("README.md", "CONTRIBUTING.md")
ELSEWHERE = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*:|//|#")


def with_links(lessons: list[tuple[Lesson, NotebookNode]]) -> list[NotebookNode]:
    """The notebooks as they read when their generated cells are up to date.

    Raises:
        LessonFormError: the first page, its cell for the table or that of the page of words is missing.
    """
    all_lessons = [lesson for lesson, _ in lessons]
    if all_lessons[0].name != START:
        raise LessonFormError(START, f"is missing. notebooks/{START}.ipynb holds the table of lessons")
    written = []
    for at, (lesson, notebook) in enumerate(lessons):
        before = all_lessons[at - 1] if at > 0 else None
        after = all_lessons[at + 1] if at + 1 < len(all_lessons) else None
        new = copy.deepcopy(notebook)
        put_navigation(lesson, new, navigation(lesson, before, after))
        if lesson.name == START:
            put_table(lesson, new, table(all_lessons))
        if lesson.name == WORDS:
            put_words(lesson, new, lessons)
        if lesson.name == TEACHERS:
            put_minutes(lesson, new, lessons)
        written.append(new)
    return written


def exists_exactly(path: Path) -> bool:
    """Whether a file is there under this very name: a disk that ignores case must not hide a wrong letter."""
    if not path.exists():
        return False
    return path.name in ("", "..", ".") or path.name in os.listdir(path.parent)


def leads_nowhere(project: Project, page: Path, url: str) -> str | None:
    """Why a relative link on a page leads nowhere, or None."""
    if ELSEWHERE.match(url) or not url:
        return None if url else "an empty link"
    if url.startswith("/"):
        return f"the link {url} begins at the root of the disk; make it relative"
    target = Path(os.path.normpath(page.parent / unquote(re.split(r"[?#]", url)[0])))
    if not target.is_relative_to(project.root):
        return f"the link {url} leads out of the project"
    return None if exists_exactly(target) else f"the link {url} leads to no file"


def broken(project: Project, notebooks: list[tuple[Lesson, NotebookNode]]) -> Iterator[str]:
    """One line for each link that leads nowhere."""
    for lesson, notebook in notebooks:
        for number, cell in enumerate(notebook.cells, 1):
            for url in links(cell.source) if cell.cell_type == "markdown" else []:
                if why := leads_nowhere(project, lesson.path, url):
                    yield f"{lesson.name}, cell {number}: {why}"
    for name in PAGES:
        page = project.root / name
        for url in links(page.read_text(encoding="utf-8")) if page.exists() else []:
            if why := leads_nowhere(project, page, url):
                yield f"{name}: {why}"


def update_links(project: Project, check: bool) -> tuple[list[str], list[str]]:
    """Brings the generated cells up to date, or only looks.

    Args:
        check: writes nothing.

    Returns:
        The files that differed from what they should be, and a line for each link that leads nowhere.

    Raises:
        AuthoringError: a lesson's form is not kept. Then nothing is written.
    """
    lessons = [read_lesson(project, name) for name in lesson_names(project)]
    new = with_links(lessons)
    differing = []
    for (lesson, old), notebook in zip(lessons, new, strict=True):
        if notebook_text(old) != notebook_text(notebook):
            differing.append(project.name(lesson.path))
            if not check:
                write_notebook(lesson.path, notebook)
    fresh = [(lesson, notebook) for (lesson, _), notebook in zip(lessons, new, strict=True)]
    return differing, list(broken(project, fresh))
