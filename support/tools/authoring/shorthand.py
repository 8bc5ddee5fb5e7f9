"""Shorthand properties that stock tslab can't run: of names that come from another cell."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from authoring.complaints import Complaint
from authoring.errors import ToolError
from authoring.extraction import Module
from authoring.project import HERE, node_command


def shorthands(paths: Iterable[Path]) -> list[dict[str, Any]]:
    """The shorthand properties of modules, each with the lines on which its name is declared there.

    Raises:
        ToolError: TypeScript is not installed or did not do its work.
    """
    command = [*node_command(HERE / "shorthand.ts"), *map(str, paths)]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        found: list[dict[str, Any]] = json.loads(ran.stdout)
    except ValueError:
        said = (ran.stderr or ran.stdout).strip().splitlines()
        raise ToolError(f"shorthand.ts ended with {ran.returncode}: {said[-1] if said else ''}") from None
    return found


def shorthand_complaints(modules: dict[Path, tuple[str, Module]]) -> list[Complaint]:
    """What stock tslab would fail on, with a `ReferenceError`, in modules that it is asked to run.

    Raises:
        ToolError: TypeScript is not installed or did not do its work.
    """
    complaints = []
    for one in shorthands(modules) if modules else []:
        lesson, extracted = modules[Path(one["file"]).resolve()]
        cell, line = extracted.locate(one["line"])
        elsewhere = [extracted.locate(at)[0] for at in one["declared"]]
        if elsewhere and cell not in elsewhere:
            name = one["name"]
            what = f"{name} is from cell {elsewhere[0]}, and stock tslab knows no shorthand for it; write"
            complaints.append(Complaint(lesson, cell, line, f"{what} {{ {name}: {name} }}"))
    return complaints
