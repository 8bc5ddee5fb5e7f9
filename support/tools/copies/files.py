"""Reading and changing files so that a stop at any moment leaves each either as it was or as it is to be."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from authoring.project import alone_in

from copies.errors import CopyFolderError
from copies.names import START
from copies.record import Seen

UNFINISHED = ".being-written"
# What JupyterLab calls a new notebook, and a copy of one: an author's, not the course's.
SCRATCH = re.compile(r"(Untitled\d*|.*-Copy\d+)\.ipynb")


@dataclass(frozen=True)
class Places:
    """The originals, and the reader's copy of them: both folders are below the project's."""

    root: Path
    originals: Path
    copy: Path

    def original(self, name: str) -> Path:
        return self.originals / name

    def mine(self, name: str) -> Path:
        return self.copy / name

    def word(self, path: Path) -> str:
        """A path as it is told: from the project's folder."""
        return path.relative_to(self.root).as_posix()


def check_places(places: Places) -> None:
    """Looks whether the copy may be written.

    Raises:
        CopyFolderError: there are no originals, or the copy's folder is none, is a link, or overlaps with them.
    """
    copy, originals = places.copy, places.originals
    if not copy.parent.resolve().is_relative_to(places.root):
        raise CopyFolderError(
            f"{copy} is outside of {places.root}: lessons there would not find what they import"
        )
    if not places.original(START).is_file():
        raise CopyFolderError(
            f"{places.word(originals)}/{START} is missing. Get the originals back: git checkout notebooks"
        )
    if copy.is_symlink():
        raise CopyFolderError(
            f"{places.word(copy)} is a link to {os.readlink(copy)}: lessons there would not find what they import."
            " Put a folder in its place"
        )
    if os.path.lexists(copy) and not copy.is_dir():
        raise CopyFolderError(
            f"{places.word(copy)} is no folder. Give it another name, then run the same command again"
        )
    one, other = copy.resolve(), originals.resolve()
    if one.is_relative_to(other) or other.is_relative_to(one):
        raise CopyFolderError(
            f"{places.word(copy)} is where the originals are. Choose another folder for the copy"
        )


def alone(copy: Path) -> contextlib.AbstractContextManager[None]:
    """One command at a time works on a copy."""
    return alone_in(copy, "lessons: another make lab or make reset is at work on them; waiting")


def files_of(originals: Path) -> list[str]:
    """The names of all that goes into a copy: lessons, and the modules that lie beside them."""
    found = []
    for at, folders, names in os.walk(originals):
        folders[:] = [one for one in folders if not one.startswith((".", "__"))]
        found += [
            Path(at, name).relative_to(originals).as_posix()
            for name in names
            if not name.startswith(".") and not SCRATCH.fullmatch(name)
        ]
    return sorted(found)


def seen(*paths: Path) -> Seen:
    """Sizes and times of files, which change when they do; nothing when one is missing."""
    numbers: list[int] = []
    for path in paths:
        try:
            about = os.lstat(path)
        except OSError:
            return ()
        numbers += [about.st_ino, about.st_size, about.st_mtime_ns]
    return tuple(numbers)


def content_of(path: Path) -> bytes | None:
    """A file's content; None where there is no file that can be read."""
    try:
        return path.read_bytes() if path.is_file() else None
    except OSError:
        return None


def is_inside(places: Places, path: Path) -> bool:
    """Whether a file's folder is really in the copy: a link on the way could lead to the originals."""
    folders = [one for one in path.parents if one.is_relative_to(places.copy) and one != places.copy]
    return all(not os.path.lexists(one) or (one.is_dir() and not one.is_symlink()) for one in folders)


def _hidden(path: Path) -> Path:
    return path.with_name(f".{path.name}{UNFINISHED}")


def remove_leftover(path: Path) -> None:
    """Removes what was begun to be written beside a file."""
    with contextlib.suppress(OSError):
        os.unlink(_hidden(path))


def remove_leftovers(places: Places, names: Iterable[str]) -> None:
    """Removes what a command that was killed had begun to write in the folders of these files."""
    for folder in {places.mine(name).parent for name in names}:
        if folder.is_dir() and is_inside(places, folder / "any"):
            for path in folder.glob(f".*{UNFINISHED}"):
                with contextlib.suppress(OSError):
                    os.unlink(path)


def write_hidden(path: Path, content: bytes) -> Path:
    """Writes a file's content beside it, where nobody sees it yet.

    Raises:
        OSError: it can't be written. Nothing is left of it.
    """
    new = _hidden(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    remove_leftover(path)
    try:
        with open(new, "xb", buffering=0) as file:
            left = memoryview(content)
            while left:
                left = left[file.write(left) :]
    except OSError:
        remove_leftover(path)
        raise
    return new


def put(path: Path, content: bytes) -> None:
    """Puts a file where it belongs, whole or not at all. A link is replaced, never followed.

    Raises:
        OSError: it can't be written. What was there is there.
    """
    new = write_hidden(path, content)
    try:
        os.replace(new, path)
    except OSError:
        remove_leftover(path)
        raise
