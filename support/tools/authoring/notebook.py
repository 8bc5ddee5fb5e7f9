"""Notebook files: reading, writing, tags."""

from __future__ import annotations

from pathlib import Path

import nbformat
from nbformat import NotebookNode

from authoring.errors import LessonFormError
from authoring.project import replace_file


def read_notebook(path: Path, lesson: str) -> NotebookNode:
    """Reads a notebook.

    Raises:
        LessonFormError: the file is no valid notebook of format 4.
    """
    try:
        text = path.read_text(encoding="utf-8")
        notebook = nbformat.reads(text, as_version=nbformat.NO_CONVERT)
        nbformat.validate(notebook)
    except (ValueError, nbformat.ValidationError, nbformat.reader.NotJSONError) as error:
        raise LessonFormError(lesson, f"is no valid notebook: {str(error).splitlines()[0]}") from error
    if (notebook.nbformat, notebook.nbformat_minor) < (4, 5):
        old = f"{notebook.nbformat}.{notebook.nbformat_minor}"
        raise LessonFormError(lesson, f"has notebook format {old}; save it in JupyterLab to make it 4.5")
    return notebook


def notebook_text(notebook: NotebookNode) -> str:
    """A notebook as its file reads."""
    return nbformat.writes(notebook).rstrip("\n") + "\n"


def write_notebook(path: Path, notebook: NotebookNode) -> None:
    """Writes a notebook whole or not at all."""
    replace_file(path, notebook_text(notebook))


def tags(cell: NotebookNode) -> list[str]:
    """A cell's tags."""
    return list(cell.metadata.get("tags", []))


def tagged(notebook: NotebookNode, tag: str) -> list[NotebookNode]:
    """The cells with a tag."""
    return [cell for cell in notebook.cells if tag in tags(cell)]
