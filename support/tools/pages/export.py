"""`make html`: executed lessons as pages that need nothing else, and the course as one file of each kind."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path

from authoring.catalogue import Lesson, lesson_names, read_lesson
from authoring.project import Project, replace_file

from pages.archive import archive
from pages.beside import pages_beside
from pages.book import Chapter, chapters
from pages.chromium import NoChromiumError, find_chromium
from pages.convert import exporter, lesson_page
from pages.epub import epub
from pages.index import Download, index_page, readers
from pages.pdf import pdf

# The files written last time, each with a hash of what was written.
LIST = ".written.json"
ZIP, EPUB, PDF = "tsasync.zip", "tsasync.epub", "tsasync.pdf"
# The folder that the zip unpacks to.
FOLDER = "tsasync"
WORDS = {ZIP: "all pages in one zip", EPUB: "EPUB", PDF: "PDF"}

Files = dict[str, str | bytes]


@dataclass(frozen=True)
class Written:
    """What an export wrote and removed, as paths inside `html`; and why there is no PDF, when there is none."""

    files: list[str]
    removed: list[str]
    no_pdf: str | None = None


def digest(content: str | bytes) -> str:
    return hashlib.sha256(content.encode() if isinstance(content, str) else content).hexdigest()


def written_before(folder: Path) -> dict[str, str]:
    """The files that an earlier run wrote, with their hashes; none when its list is missing or damaged."""
    try:
        known = json.loads((folder / LIST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    if not isinstance(known, dict):
        return {}
    return {name: value for name, value in known.items() if isinstance(value, str)}


def remove_old(folder: Path, old: dict[str, str], new: dict[str, str]) -> list[str]:
    """Removes files of an earlier run that no longer belong.

    A file that was changed since, or that lies outside the folder, is somebody's own and stays.
    """
    removed = []
    for name, value in old.items():
        path = (folder / name).resolve()
        if name in new or not path.is_file() or not path.is_relative_to(folder.resolve()):
            continue
        if digest(path.read_bytes()) == value:
            path.unlink()
            removed.append(name)
            if path.parent != folder.resolve() and not any(path.parent.iterdir()):
                path.parent.rmdir()
    return removed


def newest(lessons: list[Lesson]) -> str:
    """When the newest lesson was written, as an EPUB wants it."""
    latest = max(int(lesson.path.stat().st_mtime) for lesson in lessons)
    return datetime.fromtimestamp(latest, timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def print_pdf(book: list[Chapter]) -> bytes | str:
    """The PDF; or, in one line, why there is none."""
    try:
        return pdf(book, find_chromium())
    except NoChromiumError as error:
        return str(error)


def whole_course(lessons: list[Lesson], pages: Mapping[str, str], index: str) -> tuple[Files, str | None]:
    """The course as one file of each kind, and why there is no PDF, when there is none.

    Args:
        index: the index of the zip, in which the others do not lie.
    """
    inside = {f"{FOLDER}/{name}.html": page for name, page in pages.items()}
    book = list(chapters(lessons, pages))
    files: Files = {
        ZIP: archive({f"{FOLDER}/index.html": index, **inside}),
        EPUB: epub(book, newest(lessons)),
    }
    printed = print_pdf(book)
    if isinstance(printed, str):
        return files, printed
    return files | {PDF: printed}, None


def write_all(folder: Path, files: Files) -> list[str]:
    """Writes the files, and removes those of an earlier run that are none of them; gives the removed ones."""
    old = written_before(folder)
    new = {name: digest(content) for name, content in files.items()}
    # Noted before anything is written: after a stop half-way the next run still knows its own files.
    replace_file(folder / LIST, json.dumps({**old, **new}, indent=1) + "\n")
    for name, content in files.items():
        replace_file(folder / name, content)
    removed = remove_old(folder, old, new)
    replace_file(folder / LIST, json.dumps(new, indent=1) + "\n")
    return removed


def export(project: Project, pages_only: bool = False) -> Written:
    """Writes a page for each lesson, the index, and the whole course as one file of each kind, into `html`.

    What other tools have put into `build/pages` goes there too, and stands in the index.

    Nothing is executed.

    Args:
        pages_only: writes no zip, EPUB and PDF.

    Raises:
        AuthoringError: a lesson's form is not kept, or it was not executed. Then nothing is written.
    """
    read = [read_lesson(project, name) for name in lesson_names(project)]
    lessons = [lesson for lesson, _ in read]
    known = {lesson.name: readers(notebook) for lesson, notebook in read}
    convert = exporter()
    pages = {lesson.name: lesson_page(convert, lesson, notebook) for lesson, notebook in read}
    whole, no_pdf = ({}, None) if pages_only else whole_course(lessons, pages, index_page(lessons, known))
    downloads = [Download(name, WORDS[name], len(content)) for name, content in whole.items()]
    files: Files = {f"{name}.html": page for name, page in pages.items()}
    others = pages_beside(project)
    files |= {one.name: one.text for one in others}
    files["index.html"] = index_page(lessons, known, downloads, others)
    files |= whole
    return Written(list(files), write_all(project.html, files), no_pdf)
