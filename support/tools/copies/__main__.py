"""The command line: `python -m copies update | reset LESSON`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from authoring.project import HOME

from copies.errors import CopyError, CopyWriteError
from copies.files import Places
from copies.names import START
from copies.notes import Note, lines
from copies.reset import reset
from copies.running import is_open
from copies.update import update


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="copies", description="The reader's own copy of the lessons.", allow_abbrev=False
    )
    parser.add_argument("--project", type=Path, default=HOME, metavar="FOLDER", help="the project's folder")
    parser.add_argument(
        "--copy", default="my-lessons", metavar="FOLDER", help="the copy's, inside of the project's"
    )
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser(
        "update", help="make the copy, or bring it up to date where the reader has changed nothing"
    )
    back = commands.add_parser("reset", help="take a lesson back to its original, and keep what was there")
    back.add_argument("lesson", metavar="LESSON", help="as in concepts/01, or all")
    return parser


def places_of(asked: argparse.Namespace) -> Places:
    root = asked.project.resolve()
    return Places(root, root / "notebooks", Path(os.path.normpath(root / asked.copy)))


def runtime_folder() -> Path | None:
    named = os.environ.get("JUPYTER_RUNTIME_DIR")
    return Path(named) if named else None


def tell(notes: Sequence[Note], folder: str) -> None:
    """Progress goes to stderr, as set-up's does."""
    for line in lines(notes, folder):
        print(f"lessons: {line}", file=sys.stderr)


def run_update(places: Places) -> int:
    """Status 1: there is no copy that could be opened. An old one can, also when nothing newer could be written."""
    try:
        notes = update(places, is_open(places.copy, runtime_folder()))
    except OSError as error:
        print(f"lessons: {CopyWriteError(error, places.word(places.copy))}", file=sys.stderr)
        return 0 if places.mine(START).is_file() else 1
    tell(notes, places.word(places.copy))
    return 0


def run_reset(places: Places, lesson: str) -> int:
    try:
        notes = reset(places, lesson, datetime.now())
    except OSError as error:
        raise CopyWriteError(error, places.word(places.copy)) from error
    tell(notes, places.word(places.copy))
    if is_open(places.copy, runtime_folder()):
        print("lessons: where JupyterLab shows it: File, Reload Notebook from Disk", file=sys.stderr)
    return 0


def main(argv: list[str] | None = None) -> int:
    """Runs a command. Status 1: it could not be done; why, and what to do, is printed."""
    asked = arguments().parse_args(argv)
    places = places_of(asked)
    try:
        return run_update(places) if asked.command == "update" else run_reset(places, asked.lesson)
    except CopyError as error:
        print(f"lessons: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
