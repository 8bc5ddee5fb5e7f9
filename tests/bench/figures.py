"""The figures as a file: tables of one run or of several, each with its own day, machine and versions."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from bench.model import BenchError, Quantity, Table

FORMAT = 1


def rounded(value: float) -> float:
    """Six digits, which is more than any round can tell."""
    return float(f"{value:.6g}")


def to_json(tables: Iterable[Table]) -> str:
    plain = [dataclasses.asdict(table) for table in tables]
    for table in plain:
        table["sides"] = {
            side: {name: [rounded(value) for value in values] for name, values in quantities.items()}
            for side, quantities in table["sides"].items()
        }
    return json.dumps({"format": FORMAT, "tables": plain}, indent=1, ensure_ascii=False) + "\n"


def _table(plain: Mapping[str, Any]) -> Table:
    quantities = [Quantity(**one) for one in plain["quantities"]]
    return Table(**{**plain, "quantities": quantities})


def from_json(text: str, name: str) -> list[Table]:
    """Reads figures.

    Raises:
        BenchError: they are none, or another version's
    """
    try:
        told = json.loads(text)
        if told["format"] != FORMAT:
            raise ValueError(f"format {told['format']}, and this is {FORMAT}")
        return [_table(one) for one in told["tables"]]
    except (ValueError, KeyError, TypeError) as error:
        raise BenchError(f"{name} holds no figures of the bench: {error}") from None


def read(path: Path) -> list[Table]:
    """Reads a file of figures.

    Raises:
        BenchError: it is not there, or holds none
    """
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise BenchError(f"{path}: {error.strerror}") from None
    return from_json(text, str(path))


def merged(old: Iterable[Table], new: Iterable[Table], order: Iterable[str]) -> list[Table]:
    """The newest table of each case, in the order of the cases; what is no case any more goes."""
    newest = {table.key: table for table in (*old, *new)}
    return [newest[key] for key in order if key in newest]
