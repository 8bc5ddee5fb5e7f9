"""The command line: `python -m authoring links | new | cells`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from authoring.catalogue import chosen
from authoring.cells import check_cells, format_cells
from authoring.errors import AuthoringError
from authoring.links import update_links
from authoring.new_lesson import new_lesson
from authoring.picture import update_picture
from authoring.project import HOME, Project


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="authoring", description="The authors' tools.", allow_abbrev=False)
    parser.add_argument("--project", type=Path, default=HOME, metavar="FOLDER", help="the project's folder")
    commands = parser.add_subparsers(dest="command", required=True)
    links = commands.add_parser(
        "links", help="write previous, next, the table of lessons and the README's picture; check all links"
    )
    links.add_argument("--check", action="store_true", help="write nothing; fail when something differs")
    new = commands.add_parser("new", help="start a lesson from the template")
    new.add_argument(
        "name",
        help="as in concepts/02-coroutines, examples/03-adding-tasks, beyond/16-streams or capstones/20-crawler",
    )
    cells = commands.add_parser("cells", help="check the lessons' code cells, or format them")
    cells.add_argument("lessons", nargs="*", metavar="LESSON", help="only these, as in examples/02")
    cells.add_argument("--write", action="store_true", help="format the cells, check nothing")
    return parser


def run_links(project: Project, check: bool) -> int:
    differing, broken = update_links(project, check)
    differing += update_picture(project, check)
    for name in differing:
        print(f"{name}: {'differs from what make links writes' if check else 'written'}")
    for line in broken:
        print(line)
    if check and differing:
        print("Run: make links")
    return 1 if broken or (check and differing) else 0


def run_new(project: Project, name: str) -> int:
    path = new_lesson(project, name)
    print(
        f"{project.name(path)} is made. Write it in JupyterLab (make lab ORIGINALS=1), then:"
        f" make format links execute LESSON={name}"
    )
    return 0


def run_cells(project: Project, asked: list[str], write: bool) -> int:
    names = chosen(project, asked)
    if write:
        for name in format_cells(project, names):
            print(f"{name}: written")
        return 0
    complaints = check_cells(project, names)
    for complaint in complaints:
        print(complaint)
    return 1 if complaints else 0


def main(argv: list[str] | None = None) -> int:
    """Runs a command. Status 1: it found something wrong; what, and what to do, is printed."""
    asked = arguments().parse_args(argv)
    project = Project(asked.project.resolve())
    try:
        if asked.command == "links":
            return run_links(project, asked.check)
        if asked.command == "new":
            return run_new(project, asked.name)
        return run_cells(project, asked.lessons, asked.write)
    except AuthoringError as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
