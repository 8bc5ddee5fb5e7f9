"""Writes the outputs of a run into a lesson."""

from __future__ import annotations

import copy
from pathlib import Path

from authoring.notebook import notebook_text
from authoring.project import replace_file
from nbformat import NotebookNode

from runner.compare import cell_differs, is_machine_dependent

KERNELSPEC = {"display_name": "TypeScript (tslab)", "language": "typescript", "name": "tslab"}
# As the kernel gives it, or JupyterLab writes the kernel's into a lesson as soon as it is opened.
LANGUAGE = {
    "codemirror_mode": {"mode": "typescript", "name": "javascript", "typescript": True},
    "file_extension": ".ts",
    "mimetype": "text/typescript",
    "name": "typescript",
    "version": "6.0.3",
}


# What JupyterLab and nbclient note of one run or of one reader.
VOLATILE = ("execution", "trusted", "collapsed", "scrolled", "ExecuteTime")


def merged(committed: NotebookNode, now: NotebookNode) -> NotebookNode:
    """The notebook to write: cells as committed, outputs of the run, nothing that changes from run to run."""
    result = copy.deepcopy(committed)
    result.metadata["kernelspec"] = KERNELSPEC
    result.metadata["language_info"] = LANGUAGE
    result.metadata.pop("widgets", None)
    number = 0
    for before, after, cell in zip(committed.cells, now.cells, result.cells, strict=True):
        for name in VOLATILE:
            cell.metadata.pop(name, None)
        if cell.cell_type != "code":
            continue
        if not cell.source.strip():
            cell.outputs, cell.execution_count = [], None
            continue
        number += 1
        cell.execution_count = number
        if is_machine_dependent(cell) and not cell_differs(before, after):
            continue
        cell.outputs = copy.deepcopy(after.outputs)
        for output in cell.outputs:
            output.pop("transient", None)
    return result


def write(path: Path, notebook: NotebookNode) -> bool:
    """Writes a notebook whole or not at all; returns whether the file has changed."""
    text = notebook_text(notebook)
    if path.exists() and path.read_text(encoding="utf-8") == text:
        return False
    replace_file(path, text)
    return True
