"""A course of four small lessons and a module, and what its author and its reader do with it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TypeAlias

from copies.files import Places
from copies.notes import Note
from copies.reset import reset
from copies.update import update

Cell: TypeAlias = "dict[str, object]"
NOON = datetime(2026, 11, 29, 12, 0, 0)
KERNEL = {"display_name": "TypeScript (tslab)", "language": "typescript", "name": "tslab"}
FIRST = {
    "00-start-here.ipynb": ["# Start here"],
    "concepts/01-one.ipynb": ["# One", "one();", "more();"],
    "concepts/02-two.ipynb": ["# Two", "two();"],
    "beyond/03-three.ipynb": ["# Three", 'import { shop } from "./shop.ts";'],
    "beyond/04-four.ipynb": ["# Four", "four();"],
    "beyond/shop.ts": ['import { till } from "./till.ts";'],
    "beyond/till.ts": ["export const till = 1;"],
}


def cell(source: str, number: int) -> Cell:
    """A title is prose, anything else code that was run."""
    if source.startswith("#"):
        return {"cell_type": "markdown", "id": f"c{number}", "metadata": {}, "source": [source]}
    output = {"name": "stdout", "output_type": "stream", "text": [f"ran {source}"]}
    return {
        "cell_type": "code",
        "id": f"c{number}",
        "metadata": {"tags": ["exercise"]},
        "source": [source],
        "outputs": [output],
        "execution_count": number,
    }


def notebook(sources: Sequence[str]) -> dict[str, object]:
    cells = [cell(source, number) for number, source in enumerate(sources, 1)]
    return {"cells": cells, "metadata": {"kernelspec": KERNEL}, "nbformat": 4, "nbformat_minor": 5}


def cells_of(path: Path) -> list[Cell]:
    return json.loads(path.read_text(encoding="utf-8"))["cells"]


def sources(path: Path) -> list[str]:
    return ["".join(one["source"]) for one in cells_of(path)]


def outputs(path: Path) -> list[object]:
    return [one["outputs"] for one in cells_of(path) if one["cell_type"] == "code"]


@dataclass(frozen=True)
class Course:
    """A project with originals, and the copy that a reader may have of them."""

    root: Path

    @property
    def places(self) -> Places:
        return Places(self.root, self.root / "notebooks", self.root / "my-lessons")

    def original(self, name: str) -> Path:
        return self.places.original(name)

    def mine(self, name: str) -> Path:
        return self.places.mine(name)

    def publish(self, name: str, sources: Sequence[str]) -> None:
        """The author writes a file, as a whole new one."""
        path = self.original(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        text = json.dumps(notebook(sources)) if name.endswith(".ipynb") else "\n".join(sources) + "\n"
        new = path.with_name("being-pulled")
        new.write_text(text, encoding="utf-8")
        new.replace(path)

    def change(self, name: str, number: int, **fields: object) -> None:
        """Changes fields of a cell of the copy, as JupyterLab saves it."""
        read = json.loads(self.mine(name).read_text(encoding="utf-8"))
        read["cells"][number] |= fields
        self.mine(name).write_text(json.dumps(read, indent=1), encoding="utf-8")

    def add(self, name: str, source: str) -> None:
        """The reader adds a cell."""
        read = json.loads(self.mine(name).read_text(encoding="utf-8"))
        read["cells"].append(cell(source, len(read["cells"]) + 1))
        self.mine(name).write_text(json.dumps(read, indent=1), encoding="utf-8")

    def run(self, name: str) -> None:
        """The reader runs a lesson: outputs, counts, new ids, notes of JupyterLab's, and an empty cell at its end."""
        read = json.loads(self.mine(name).read_text(encoding="utf-8"))
        for number, one in enumerate(read["cells"], 101):
            one["id"] = f"new-{number}"
            one["source"] = "".join(one["source"]).splitlines(keepends=True)
            if one["cell_type"] == "code":
                one["execution_count"] = number
                one["outputs"] = [{"name": "stdout", "output_type": "stream", "text": ["the reader's run"]}]
                one["metadata"] |= {"execution": {"iopub.execute_input": "2026"}, "collapsed": False}
        read["cells"].append(cell("", 99) | {"outputs": [], "execution_count": None})
        read["metadata"]["language_info"] = {"name": "typescript", "version": "6.0.3"}
        self.mine(name).write_text(json.dumps(read, indent=1), encoding="utf-8")

    def update(self, is_open: bool = False) -> list[Note]:
        return update(self.places, is_open)

    def reset(self, lesson: str, now: datetime = NOON) -> list[Note]:
        return reset(self.places, lesson, now)

    def files(self) -> list[str]:
        """The names of all that is in the copy, but for its record."""
        found = [
            path for path in self.places.copy.rglob("*") if not path.is_dir() and path.name != ".copies.json"
        ]
        return sorted(path.relative_to(self.places.copy).as_posix() for path in found)


def course(folder: Path) -> Course:
    made = Course(folder.resolve())
    for name, sources in FIRST.items():
        made.publish(name, sources)
    return made
