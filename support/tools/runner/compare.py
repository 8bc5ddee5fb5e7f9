"""Outputs against committed outputs. Pure.

Most cells give the same output in every run, to the letter. A cell that declares itself `machine-dependent` is compared in
shape: the same kinds of output in the same order, and the same text once every number is replaced, with its sign, and
padding and rules (`----`) may have any length. A picture inside HTML counts as one picture, whatever it shows and says of
its rows.
"""

from __future__ import annotations

import copy
import difflib
import json
import re
from typing import Any

from nbformat import NotebookNode

from runner.faults import Fault

MACHINE_DEPENDENT = "machine-dependent"
_NUMBER = re.compile(r"(?:(?<![\w.)\]])[-+\u2212])?\d+(?:[.,]\d+)*(?:[eE][-+]?\d+)?")
_PADDING = re.compile(r"[ \t]+")
# What a number leaves of its column: at the edge of a line, none is as much as some.
_EDGE = re.compile(r"^ | $", re.MULTILINE)
# A rule under a table, a bar of blocks: as long as the numbers beside it are.
_RULE = re.compile(r"([^\w\s#])\1+")
_PICTURE = re.compile(r"data:image/[a-z+]+;base64,[A-Za-z0-9+/=]+")
# What lies over a picture and says what each of its rows did.
_ROWS = re.compile(r'<div hidden="hidden" class="rows".*?</div>', re.DOTALL)
# A timeline says it only where a stretch is long enough to be drawn solid.
_HELD = re.compile(r", the thread held for [\d.]+ s")
_MOST_LINES = 20

Output = dict[str, Any]


def _plain(output: NotebookNode) -> Output:
    """An output as a notebook file holds it, without what a run leaves in it."""
    kept = json.loads(json.dumps(output))
    kept.pop("execution_count", None)
    kept.pop("transient", None)
    return kept


def plain_outputs(cell: NotebookNode) -> list[Output]:
    """The outputs of a cell, comparable."""
    return [_plain(output) for output in cell.outputs]


def _blurred(value: Any) -> Any:
    if isinstance(value, str):
        text = _NUMBER.sub("#", _HELD.sub("", _ROWS.sub("", _PICTURE.sub("[picture]", value))))
        return _RULE.sub(r"\1", _EDGE.sub("", _PADDING.sub(" ", text)))
    if isinstance(value, list):
        return [_blurred(one) for one in value]
    if isinstance(value, dict):
        return {name: _blurred(one) for name, one in value.items()}
    return value


def same_shape(one: list[Output], other: list[Output]) -> bool:
    """Whether two lists of outputs differ in numbers, padding and pictures only."""
    return _blurred(one) == _blurred(other)


def _lines(outputs: list[Output]) -> list[str]:
    return [
        line
        for output in outputs
        for line in json.dumps(output, indent=1, ensure_ascii=False, sort_keys=True).splitlines()
    ]


def difference(committed: list[Output], now: list[Output]) -> str:
    """A short unified diff of outputs."""
    return short_diff(_lines(committed), _lines(now))


def short_diff(old: list[str], new: list[str]) -> str:
    """A short unified diff."""
    lines = list(difflib.unified_diff(old, new, "committed", "now", lineterm="", n=1))
    more = len(lines) - _MOST_LINES
    shown = [line[:200] for line in lines[:_MOST_LINES]]
    return "\n".join(f"  {line}" for line in [*shown, *([f"… {more} more lines"] if more > 0 else [])])


def is_machine_dependent(cell: NotebookNode) -> bool:
    return MACHINE_DEPENDENT in cell.metadata.get("tags", [])


def cell_differs(committed: NotebookNode, now: NotebookNode) -> bool:
    """Whether a cell's outputs are others than committed, as far as the cell declares that they matter."""
    before, after = plain_outputs(committed), plain_outputs(now)
    if is_machine_dependent(committed):
        return not same_shape(before, after)
    return before != after


def joined(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """Outputs with neighbouring pieces of one stream joined, as JupyterLab shows and saves them."""
    found: list[NotebookNode] = []
    for output in outputs:
        last = found[-1] if found else None
        if output.output_type == "stream" and last and last.get("name") == output.name:
            last.text += output.text
        else:
            found.append(copy.deepcopy(output))
    return found


def output_faults(committed: NotebookNode, now: NotebookNode) -> list[Fault]:
    """Where two runs of the same notebook differ."""
    found: list[Fault] = []
    pairs = zip(committed.cells, now.cells, strict=True)
    code = [
        (before, after) for before, after in pairs if before.cell_type == "code" and before.source.strip()
    ]
    for number, (before, after) in enumerate(code, 1):
        if cell_differs(before, after):
            detail = difference(plain_outputs(before), plain_outputs(after))
            found.append(Fault("output", number, detail))
    counts = [before.execution_count for before, _ in code]
    if counts != list(range(1, len(code) + 1)):
        found.append(Fault("form", None, f"  execution counts are {counts}"))
    return found


def too_many_machine_dependent(notebooks: list[NotebookNode]) -> str | None:
    """What is wrong when more than one code cell in ten is not compared exactly; None when all is well."""
    code = [cell for notebook in notebooks for cell in notebook.cells if cell.cell_type == "code"]
    loose = sum(1 for cell in code if is_machine_dependent(cell))
    if loose * 10 <= len(code):
        return None
    return f"{loose} of {len(code)} code cells are machine-dependent; at most one in ten may be"
