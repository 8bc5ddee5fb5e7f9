"""Where things are."""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from pathlib import Path

from authoring.errors import ToolError

HERE = Path(__file__).resolve().parent
HOME = HERE.parents[2]


@dataclass(frozen=True)
class Project:
    """The folders that the commands work on."""

    root: Path

    @property
    def notebooks(self) -> Path:
        return self.root / "notebooks"

    @property
    def cells(self) -> Path:
        return self.root / "build" / "cells"

    @property
    def html(self) -> Path:
        return self.root / "html"

    def name(self, path: Path) -> str:
        """A file's path from the root, with forward slashes."""
        return path.relative_to(self.root).as_posix()


def node_command(tool: str | Path) -> list[str]:
    """The start of a command that runs a tool of node_modules, or a script of our own by its whole path.

    Raises:
        ToolError: node or the tool is not installed.
    """
    own = HOME / ".venv" / "nodejs" / "bin" / "node"
    node = str(own) if own.exists() else shutil.which("node")
    script = HOME / "node_modules" / tool
    if node is None or not script.exists():
        raise ToolError(
            f"{'node' if node is None else tool} is not installed. Run: make help, then make test"
        )
    return [node, str(script)]


def replace_file(path: Path, content: str | bytes) -> None:
    """Writes a file whole or not at all, so that a stop half-way loses nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        new.write_bytes(content.encode() if isinstance(content, str) else content)
        if path.exists():
            shutil.copymode(path, new)
        os.replace(new, path)
    finally:
        new.unlink(missing_ok=True)
