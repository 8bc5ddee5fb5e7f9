"""Lessons and the list of them as HTML."""

from __future__ import annotations

import json
from collections.abc import Sequence

import jinja2
from nbconvert.exporters import HTMLExporter
from nbformat import NotebookNode
from traitlets.config import Config

from authoring.catalogue import Lesson
from authoring.errors import NotExecutedError
from authoring.project import HERE

# What set-up copies into .venv, where JupyterLab's own export finds it: both make the same page.
JUPYTER = HERE.parent / "setup" / "config"
SETTINGS = JUPYTER / "etc" / "jupyter" / "jupyter_nbconvert_config.json"
TEMPLATES = JUPYTER / "share" / "jupyter" / "nbconvert" / "templates"
PARTS = (("Start", "Begin here"), ("Concept", "Concepts"), ("Example", "Examples"))


def exporter() -> HTMLExporter:
    """nbconvert's exporter, with this project's template and settings and no others."""
    settings = Config(json.loads(SETTINGS.read_text(encoding="utf-8")))
    return HTMLExporter(config=settings, extra_template_basedirs=[str(TEMPLATES)])


def require_outputs(lesson: Lesson, notebook: NotebookNode) -> None:
    """Refuses a lesson that was not executed.

    Raises:
        NotExecutedError: no code cell has an output, or some were executed and others not.
    """
    code = [(n, cell) for n, cell in enumerate(notebook.cells, 1) if cell.cell_type == "code"]
    if code and not any(cell.outputs for _, cell in code):
        raise NotExecutedError(lesson.name, "was not executed: no cell has an output")
    waiting = [n for n, cell in code if cell.execution_count is None and cell.source.strip()]
    if waiting and len(waiting) < len(code):
        raise NotExecutedError(lesson.name, f"cell {waiting[0]} was not executed, others were")


def lesson_page(convert: HTMLExporter, lesson: Lesson, notebook: NotebookNode) -> str:
    """A lesson's page, made from its outputs as they are.

    Raises:
        NotExecutedError: it has none.
    """
    require_outputs(lesson, notebook)
    about = {"name": lesson.path.stem, "path": str(lesson.path.parent)}
    return convert.from_notebook_node(notebook, resources={"metadata": about})[0]


def index_page(lessons: Sequence[Lesson]) -> str:
    """The list of lessons."""
    own = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE), autoescape=True, keep_trailing_newline=True
    )
    css = (TEMPLATES / "tsasync" / "static" / "page.css").read_text(encoding="utf-8")
    grouped = [(heading, [x for x in lessons if x.label.split()[0] == part]) for part, heading in PARTS]
    parts = [(heading, part) for heading, part in grouped if part]
    return own.get_template("index.html.j2").render(
        css=jinja2.utils.markupsafe.Markup(css), lessons=lessons, parts=parts
    )
