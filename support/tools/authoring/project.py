"""Where things are."""

from __future__ import annotations

import fcntl
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
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


@contextmanager
def alone_in(folder: Path, waiting: str = "") -> Iterator[None]:
    """One command at a time works on a folder, which is made. The system takes the lock back from one that is killed.

    Args:
        waiting: said on stderr when another one is at work
    """
    folder.mkdir(parents=True, exist_ok=True)
    held = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if waiting:
                print(waiting, file=sys.stderr, flush=True)
            fcntl.flock(held, fcntl.LOCK_EX)
        yield
    finally:
        os.close(held)


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
