"""The README's picture: a timeline out of a lesson's own outputs, so that it is one that a reader will see."""

from __future__ import annotations

import base64
import re

from authoring.catalogue import read_lesson
from authoring.errors import NotExecutedError
from authoring.project import Project, replace_file

LESSON = "concepts/01-why-async"
TITLE = "Started together"
FILE = "support/helpers/timeline/example.svg"
PICTURE = re.compile(rf'alt="Timeline, {TITLE}:[^"]*" src="data:image/svg\+xml;base64,([A-Za-z0-9+/=]+)"')


def lesson_picture(project: Project) -> str:
    """The SVG of the figure with the title, as its lesson last showed it.

    Raises:
        NotExecutedError: the lesson shows no such figure.
    """
    _, notebook = read_lesson(project, LESSON)
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            if match := PICTURE.search(output.get("data", {}).get("text/html", "")):
                return base64.b64decode(match[1]).decode()
    raise NotExecutedError(LESSON, f"shows no timeline called {TITLE}, which the README needs")


def update_picture(project: Project, check: bool) -> list[str]:
    """Writes the picture, or only looks; returns the file if it differs."""
    path = project.root / FILE
    text = lesson_picture(project) + "\n"
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return []
    if not check:
        replace_file(path, text)
    return [FILE]
