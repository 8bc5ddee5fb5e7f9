"""`new`: starts a lesson from the template."""

from __future__ import annotations

from pathlib import Path

from authoring.catalogue import LESSON_NAME, lesson_path, runs_on_stock
from authoring.errors import LessonExistsError, LessonNameError
from authoring.form import TODAYS
from authoring.notebook import notebook_text, read_notebook
from authoring.project import HERE, Project

TEMPLATE = HERE / "template.ipynb"
TEMPLATE_TITLE = "# Title"
TODAYS_NOTE = f"This lesson uses {TODAYS}; a stock tslab, whose compiler is older, does not run it."


def new_lesson(project: Project, name: str) -> Path:
    """Makes a lesson's notebook.

    Raises:
        LessonNameError: no lesson can have this name.
        LessonExistsError: a lesson of this name or number is there; it is left as it is.
    """
    match = LESSON_NAME.fullmatch(name)
    if not match:
        raise LessonNameError(
            f"{name!r} is no name for a lesson. Give a folder, two digits and words in small letters, as in"
            " concepts/02-coroutines or examples/03-adding-tasks"
        )
    _, number, words = match.groups()
    path = lesson_path(project, name)
    taken = sorted(path.parent.glob(f"{number}-*.ipynb"))
    if taken:
        raise LessonExistsError(
            f"{project.name(taken[0])} is there already. Take another number than {number}"
        )
    notebook = read_notebook(TEMPLATE, "the template")
    title = words.replace("-", " ").capitalize()
    notebook.cells[0].source = notebook.cells[0].source.replace(TEMPLATE_TITLE, f"# {title}", 1)
    if not runs_on_stock(name):
        notebook.cells[0].source += f"\n\n{TODAYS_NOTE}"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("x", encoding="utf-8") as file:
        file.write(notebook_text(notebook))
    return path
