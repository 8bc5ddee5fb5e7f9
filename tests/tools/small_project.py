"""A project of three small lessons, for the tests of the authors' tools and of the pages."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from authoring.project import HOME, Project
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

FIRST = (
    "# {title}\n\nA sentence of purpose.\n\n**5 minutes** · You will be able to run it · Know first: nothing."
)
KERNEL = {"name": "tslab", "display_name": "TypeScript (tslab)", "language": "typescript"}


def code(source: str, *tags: str, text: str = "") -> NotebookNode:
    outputs = [new_output("stream", name="stdout", text=text)] if text else []
    cell = new_code_cell(source, outputs=outputs, execution_count=1 if text else None)
    if tags:
        cell.metadata["tags"] = list(tags)
    return cell


def prose(source: str, *tags: str) -> NotebookNode:
    cell = new_markdown_cell(source)
    if tags:
        cell.metadata["tags"] = list(tags)
    return cell


def put(project: Project, name: str, *cells: NotebookNode, title: str = "A title") -> Path:
    notebook = new_notebook(cells=[prose(FIRST.format(title=title)), *cells], metadata={"kernelspec": KERNEL})
    path = project.notebooks / f"{name}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, path)
    return path


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = Project(tmp_path)
    (tmp_path / "node_modules").symlink_to(HOME / "node_modules")
    put(made, "00-start-here", prose("", "lessons"), code("1;", text="1\n"), title="Start here")
    put(made, "concepts/01-one", code("1;", text="one\n"), title="One & only")
    put(made, "examples/02-two", code("2;", text="two\n"), title="Two")
    return made
