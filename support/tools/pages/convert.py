"""Lessons as HTML, by nbconvert with this project's template."""

from __future__ import annotations

from authoring.catalogue import Lesson
from authoring.errors import NotExecutedError
from authoring.project import HERE
from nbconvert.exporters import HTMLExporter
from nbformat import NotebookNode
from traitlets.config import Config, PyFileConfigLoader

# What set-up copies into .venv, where JupyterLab's own export finds it: both make the same page.
JUPYTER = HERE.parent / "setup" / "config"
SETTINGS = JUPYTER / "etc" / "jupyter" / "jupyter_nbconvert_config.py"
TEMPLATES = JUPYTER / "share" / "jupyter" / "nbconvert" / "templates"


def settings() -> Config:
    """This project's settings for exports."""
    return PyFileConfigLoader(SETTINGS.name, str(SETTINGS.parent)).load_config()


def exporter() -> HTMLExporter:
    """nbconvert's exporter, with this project's template and settings and no others."""
    return HTMLExporter(config=settings(), extra_template_basedirs=[str(TEMPLATES)])


def page_css() -> str:
    """The style sheet of all pages."""
    return (TEMPLATES / "tsasync" / "static" / "page.css").read_text(encoding="utf-8")


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
