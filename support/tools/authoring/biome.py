"""Biome over extracted cells: linter and formatter, with the settings in cells.biome.json."""

from __future__ import annotations

import json
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from authoring.errors import ToolError
from authoring.extraction import CodeCell
from authoring.project import HERE, node_command

SETTINGS = HERE / "cells.biome.json"


def run_biome(folder: Path, *arguments: str) -> dict[str, Any]:
    """Runs Biome in a folder.

    Raises:
        ToolError: Biome is not installed or did not do its work.
    """
    options = ["--reporter=json", "--max-diagnostics=none", f"--config-path={SETTINGS}"]
    command = [*node_command("@biomejs/biome/bin/biome"), *arguments, *options, "."]
    ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    try:
        report = json.loads(ran.stdout)
    except ValueError:
        said = (ran.stderr or ran.stdout).strip()
        raise ToolError(f"Biome ended with {ran.returncode}: {' '.join(said.split())[:500]}") from None
    if not isinstance(report, dict) or "diagnostics" not in report:
        raise ToolError("Biome's report is not as expected; its version differs from package-lock.json's")
    return report


def lint(folder: Path, modules: int) -> list[tuple[Path, int, str]]:
    """File, line and words of each complaint.

    Args:
        modules: how many modules there are, so that a run which skipped some is noticed.

    Raises:
        ToolError: Biome did not do its work.
    """
    report = run_biome(folder, "lint")
    seen = report["summary"]["changed"] + report["summary"]["unchanged"]
    if seen != modules:
        raise ToolError(f"Biome looked at {seen} of {modules} modules; see {SETTINGS.name}")
    found = []
    for diagnostic in report["diagnostics"]:
        if diagnostic["severity"] in ("error", "warning", "fatal"):
            rule = diagnostic["category"].removeprefix("lint/")
            place = diagnostic["location"]
            found.append(
                (folder / place["path"], place["start"]["line"], f"{diagnostic['message']} ({rule})")
            )
    return found


def formatted(cells: dict[str, list[CodeCell]]) -> dict[str, dict[int, str]]:
    """Each lesson's cells, formatted one by one, so that no cell changes how another is read.

    A cell that does not parse stays as it is; TypeScript's check says why.

    Raises:
        ToolError: Biome did not do its work.
    """
    with tempfile.TemporaryDirectory(prefix="cells-") as name:
        folder = Path(name)
        files = {
            (lesson, cell.number): folder / f"{lesson.replace('/', '__')}__{cell.number}.ts"
            for lesson, own in cells.items()
            for cell in own
        }
        for lesson, own in cells.items():
            for cell in own:
                files[lesson, cell.number].write_text(cell.source + "\n", encoding="utf-8")
        if files:
            run_biome(folder, "format", "--write")
        written: dict[str, dict[int, str]] = {lesson: {} for lesson in cells}
        for (lesson, number), path in files.items():
            written[lesson][number] = path.read_text(encoding="utf-8").rstrip("\n")
    return written
