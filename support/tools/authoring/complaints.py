"""A complaint about a cell, placed where the author finds it in the notebook."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Complaint:
    """What is wrong, and where. Cells are counted from 1 over all cells, lines from 1 within the cell."""

    lesson: str
    cell: int
    line: int
    what: str

    def __str__(self) -> str:
        line = f", line {self.line}" if self.line else ""
        return f"{self.lesson}, cell {self.cell}{line}: {self.what}"
