"""Which lessons to run."""

from __future__ import annotations

import subprocess
from pathlib import Path

from authoring.catalogue import chosen, lesson_names, lesson_path
from authoring.project import HOME, Project
from nbformat import NotebookNode

PROJECT = Project(HOME)
# What every lesson depends on: a change here concerns all of them.
SHARED = ("support/", "package-lock.json", "requirements.txt")


def code_cells(notebook: NotebookNode) -> list[tuple[int, NotebookNode]]:
    """The cells that Run All runs, with their place in the notebook. It passes over code cells without code."""
    return [
        (at, cell)
        for at, cell in enumerate(notebook.cells)
        if cell.cell_type == "code" and cell.source.strip()
    ]


def all_lessons(project: Project = PROJECT) -> list[Path]:
    """The notebooks of all lessons, in their order."""
    return [lesson_path(project, name) for name in lesson_names(project)]


def name_of(path: Path, project: Project = PROJECT) -> str:
    """`concepts/01-why-async`; a notebook elsewhere goes by its file's name."""
    if project.notebooks not in path.parents:
        return path.stem
    return path.relative_to(project.notebooks).with_suffix("").as_posix()


def select(wanted: list[str], project: Project = PROJECT) -> list[Path]:
    """The notebooks that files, names of lessons or beginnings of names stand for; all lessons for none.

    Raises:
        LessonNameError: one of them stands for no notebook.
    """
    files = [Path(text).resolve() for text in wanted if text.endswith(".ipynb") and Path(text).is_file()]
    names = [text for text in wanted if not (text.endswith(".ipynb") and Path(text).is_file())]
    lessons = [lesson_path(project, name) for name in chosen(project, names)] if names or not wanted else []
    return list(dict.fromkeys(files + lessons))


def changed(project: Project = PROJECT) -> list[Path]:
    """The lessons that differ from the last commit; all when something that they share does, or git can't say."""
    command = ["git", "status", "--porcelain", "-z", "-uall", "--no-renames"]
    try:
        listed = subprocess.run(command, cwd=project.root, check=True, capture_output=True, text=True)
    except (OSError, subprocess.CalledProcessError):
        return all_lessons(project)
    names = [entry[3:] for entry in listed.stdout.split("\0") if entry]
    if any(name.startswith(SHARED) for name in names):
        return all_lessons(project)
    return [path for path in all_lessons(project) if project.name(path) in names]
