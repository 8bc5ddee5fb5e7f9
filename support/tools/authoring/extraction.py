"""A lesson's code cells as one TypeScript module, and the way back from a line of it to its cell."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nbformat import NotebookNode


@dataclass(frozen=True)
class CodeCell:
    """A code cell with its number, counted from 1 over all cells of the notebook."""

    number: int
    source: str


@dataclass(frozen=True)
class Module:
    """The text of a module, and for each cell the module's line on which the cell's first line is."""

    text: str
    starts: dict[int, int]

    def locate(self, line: int) -> tuple[int, int]:
        """The cell that a line of the module is in, and the line within that cell."""
        cell, start = min(self.starts.items(), key=lambda item: item[1])
        for number, first in self.starts.items():
            if start < first <= line:
                cell, start = number, first
        return cell, max(1, line - start + 1)


def code_cells(notebook: NotebookNode) -> list[CodeCell]:
    """The code cells that are not empty."""
    numbered = enumerate(notebook.cells, 1)
    return [
        CodeCell(n, cell.source) for n, cell in numbered if cell.cell_type == "code" and cell.source.strip()
    ]


IMPORT = re.compile(r"^import (type )?\{([^}]*)\} from (\"[^\"]+\");$", re.MULTILINE)


def without_known_imports(source: str, known: set[tuple[str, str]]) -> str:
    """A cell without the names that an earlier cell has imported from the same module, on as many lines.

    In a notebook a name may be imported again, so that a cell runs by itself; in one module it may not.

    Args:
        known: names with their modules; those of this cell are added
    """

    def rest(found: re.Match[str]) -> str:
        names = [name.strip() for name in found[2].split(",") if name.strip()]
        plain = {name: (name.removeprefix("type ").strip(), found[3]) for name in names}
        new = [name for name in names if plain[name] not in known]
        known.update(plain.values())
        if len(new) == len(names):
            return found[0]
        kind = found[1] or ("type " if all(name.startswith("type ") for name in new) else "")
        bare = [name.removeprefix("type ") if kind else name for name in new]
        import_ = f"import {kind}{{ {', '.join(bare)} }} from {found[3]};" if new else ""
        return import_ + "\n" * found[0].count("\n")

    return IMPORT.sub(rest, source)


def module(cells: list[CodeCell]) -> Module:
    """All cells as one module. A comment marks where each begins; a blank line keeps it apart from the code."""
    lines: list[str] = []
    starts: dict[int, int] = {}
    known: set[tuple[str, str]] = set()
    for cell in cells:
        lines += [f"// cell {cell.number}", ""]
        starts[cell.number] = len(lines) + 1
        lines += [*without_known_imports(cell.source, known).split("\n"), ""]
    return Module("\n".join(lines), starts)
