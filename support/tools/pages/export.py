"""`html`: executed lessons as pages that need nothing else."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from authoring.catalogue import lesson_names, read_lesson
from authoring.project import Project, replace_file

from pages.convert import exporter, lesson_page
from pages.index import index_page, readers

# The files written last time, each with a hash of what was written.
LIST = ".written.json"


def digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


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
        if digest(path.read_text(encoding="utf-8", errors="replace")) == value:
            path.unlink()
            removed.append(name)
            if path.parent != folder.resolve() and not any(path.parent.iterdir()):
                path.parent.rmdir()
    return removed


def export(project: Project) -> tuple[list[str], list[str]]:
    """Writes a page for each lesson, and the index, into `html`. Nothing is executed.

    Returns:
        The files written and the files removed, as paths inside `html`.

    Raises:
        AuthoringError: a lesson's form is not kept, or it was not executed. Then nothing is written.
    """
    lessons = [read_lesson(project, name) for name in lesson_names(project)]
    convert = exporter()
    pages = {f"{lesson.name}.html": lesson_page(convert, lesson, notebook) for lesson, notebook in lessons}
    pages["index.html"] = index_page(
        [lesson for lesson, _ in lessons], {lesson.name: readers(notebook) for lesson, notebook in lessons}
    )
    old = written_before(project.html)
    new = {name: digest(page) for name, page in pages.items()}
    # Noted before anything is written: after a stop half-way the next run still knows its own files.
    replace_file(project.html / LIST, json.dumps({**old, **new}, indent=1) + "\n")
    for name, page in pages.items():
        replace_file(project.html / name, page)
    removed = remove_old(project.html, old, new)
    replace_file(project.html / LIST, json.dumps(new, indent=1) + "\n")
    return list(pages), removed
