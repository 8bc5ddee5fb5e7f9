"""What a lesson says, apart from what running it leaves there. Pure."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TypeAlias

from copies.errors import NoNotebookError

Json: TypeAlias = "bool | int | float | str | list[Json] | dict[str, Json] | None"
Fields: TypeAlias = "dict[str, Json]"

NOTEBOOK = ".ipynb"
# What JupyterLab and nbclient note of one run or of one reader.
VOLATILE = ("execution", "trusted", "collapsed", "scrolled", "ExecuteTime")


@dataclass(frozen=True)
class Fresh:
    """A file as it goes into a copy.

    `said` is a hash of what a reader could have changed in it: the same for two files that differ by outputs, counts, ids
    and JupyterLab's notes. `exact` is one of all its bytes.
    """

    content: bytes
    said: str
    exact: str


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _notebook(content: bytes) -> tuple[Fields, list[Fields]]:
    """A notebook and its cells.

    Raises:
        NoNotebookError: it is none of format 4.
    """
    try:
        read: Json = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise NoNotebookError(f"it can't be read: {error}") from error
    cells = read.get("cells") if isinstance(read, dict) else None
    if not isinstance(read, dict) or read.get("nbformat") != 4 or not isinstance(cells, list):
        raise NoNotebookError("it is no notebook of format 4")
    whole = [cell for cell in cells if isinstance(cell, dict)]
    if len(whole) < len(cells):
        raise NoNotebookError("one of its cells is none")
    return read, whole


def _metadata(cell: Fields) -> Fields:
    metadata = cell.get("metadata", {})
    if not isinstance(metadata, dict):
        raise NoNotebookError("the metadata of a cell are none")
    return metadata


def _source(cell: Fields) -> str:
    source = cell.get("source", "")
    lines = source if isinstance(source, list) else [source]
    text = [line for line in lines if isinstance(line, str)]
    if len(text) < len(lines):
        raise NoNotebookError("the source of a cell is no text")
    return "".join(text).replace("\r\n", "\n")


def _words(cell: Fields) -> list[Json]:
    """What of a cell is its author's or its reader's."""
    return [
        cell.get("cell_type"),
        _source(cell),
        _metadata(cell).get("tags", []),
        cell.get("attachments") or {},
    ]


def _is_empty(cell: Fields) -> bool:
    return not _source(cell).strip() and not cell.get("attachments")


def _cells_said(cells: list[Fields]) -> list[list[Json]]:
    """The words of all cells. Shift and Enter in the last one puts an empty cell behind it: that is none."""
    end = len(cells)
    while end > 0 and _is_empty(cells[end - 1]):
        end -= 1
    return [_words(cell) for cell in cells[:end]]


def _dump(value: Json) -> bytes:
    # Half a surrogate pair can't be written as it is; JSON has an escape for it.
    return (json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode(
        errors="backslashreplace"
    )


def said(name: str, content: bytes) -> str | None:
    """A hash of what a reader could have changed in a file; None when it should be a notebook and is none."""
    if not name.endswith(NOTEBOOK):
        return _hash(content.replace(b"\r\n", b"\n"))
    try:
        words: Json = [*_cells_said(_notebook(content)[1])]
        return _hash(_dump(words))
    except (NoNotebookError, RecursionError):
        return None


def fresh(name: str, content: bytes) -> Fresh:
    """A file of the originals as it goes into a copy: a notebook without outputs, anything else as it is.

    Raises:
        NoNotebookError: a notebook's file is none.
    """
    if name.endswith(NOTEBOOK):
        notebook, cells = _notebook(content)
        for cell in cells:
            for note in VOLATILE:
                _metadata(cell).pop(note, None)
            if cell.get("cell_type") == "code":
                cell["outputs"], cell["execution_count"] = [], None
        content = _dump(notebook)
    words = said(name, content)
    if words is None:
        raise NoNotebookError("it is no notebook of format 4")
    return Fresh(content, words, _hash(content))


def with_outputs(new: bytes, run: bytes) -> bytes:
    """A notebook with the outputs of another one, whose cells say the same.

    Raises:
        NoNotebookError: one of the two is no notebook.
    """
    notebook, cells = _notebook(new)
    for cell, other in zip(cells, _notebook(run)[1], strict=False):
        if cell.get("cell_type") == "code":
            cell["outputs"] = other.get("outputs", [])
            cell["execution_count"] = other.get("execution_count")
    return _dump(notebook)
