"""The newest TypeScript's strict check over extracted cells."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

from authoring.errors import ToolError
from authoring.project import node_command

# As the kernel compiles cells, and a little stricter.
# Unused names are found here and not by Biome, for which the last line of a cell, `answer;`, is no use of `answer`.
OPTIONS = {
    "target": "esnext",
    "module": "esnext",
    "moduleResolution": "bundler",
    "moduleDetection": "force",
    "lib": ["esnext"],
    # A cell finds a module that lies beside its lesson, as it does in the kernel.
    "rootDirs": [".", "../../notebooks"],
    "types": ["node"],
    "strict": True,
    "noUncheckedIndexedAccess": True,
    "noUnusedLocals": True,
    "noImplicitReturns": True,
    "noFallthroughCasesInSwitch": True,
    "allowImportingTsExtensions": True,
    "noEmit": True,
    "skipLibCheck": True,
}
PLACED = re.compile(r"(.+?)\((\d+),\d+\): error (TS\d+): (.*)")
UNPLACED = re.compile(r"error (TS\d+): .*")


def write_settings(folder: Path) -> None:
    """Writes the check's tsconfig.json."""
    settings = {"compilerOptions": OPTIONS, "include": ["**/*.ts"]}
    (folder / "tsconfig.json").write_text(json.dumps(settings, indent=2) + "\n", encoding="utf-8")


def parse(output: str, folder: Path) -> list[tuple[Path, int, str]]:
    """File, line and words of each complaint about a module below the folder.

    Complaints about the files that cells import are left out: those are checked on their own, with their own settings.

    Raises:
        ToolError: a complaint is about no file at all, so the check itself went wrong.
    """
    found: list[tuple[Path, int, str]] = []
    for line in output.splitlines():
        if match := PLACED.fullmatch(line):
            path, at, code, words = match.groups()
            found.append((folder / path, int(at), f"{words} ({code})"))
        elif UNPLACED.fullmatch(line):
            raise ToolError(f"TypeScript could not check the cells: {line}")
        elif line.startswith("  ") and found:
            path, at, words = found[-1]
            found[-1] = (path, at, f"{words} {line.strip()}")
    resolved = [(path.resolve(), at, words) for path, at, words in found]
    return [found for found in resolved if found[0].is_relative_to(folder.resolve())]


def check_types(folder: Path) -> list[tuple[Path, int, str]]:
    """Checks all modules below a folder that has its settings.

    Raises:
        ToolError: TypeScript is not installed or did not do its work.
    """
    command = [*node_command("typescript/bin/tsc"), "-p", ".", "--pretty", "false"]
    ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if ran.returncode not in (0, 1, 2) or (ran.returncode != 0 and "error TS" not in ran.stdout):
        said = (ran.stderr or ran.stdout).strip().splitlines()
        raise ToolError(f"TypeScript ended with {ran.returncode}: {said[-1] if said else 'no output'}")
    return parse(ran.stdout, folder)
