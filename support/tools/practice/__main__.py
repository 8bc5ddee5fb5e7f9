"""The command line: `python -m practice write | check | try`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from authoring.catalogue import lesson_names, lesson_path
from authoring.complaints import Complaint
from authoring.errors import AuthoringError
from authoring.notebook import read_notebook
from authoring.project import HOME, Project

from practice.asked import complaints, read_predictions
from practice.place import lesson_key, too_few, update_exercises
from practice.source import read_exercises
from practice.table import failed_lines, table_lines, wrong_lines
from practice.trial import AT_ONCE, try_all


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="practice", description="Exercises.", allow_abbrev=False)
    parser.add_argument("--project", type=Path, default=HOME, metavar="FOLDER", help="the project's folder")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("write", help="write the cells of all exercises into their lessons")
    commands.add_parser(
        "check",
        help="write nothing; fail where a lesson differs from its exercises' sources, has too few, or shows an answer before it asks",
    )
    tries = commands.add_parser("try", help="run the stub, the solution and every wrong answer")
    tries.add_argument("exercises", nargs="*", metavar="EXERCISE", help="only these, as in 02 or 02-a")
    tries.add_argument("--jobs", type=int, default=AT_ONCE, help="how many kernels at once")
    return parser


def run_update(project: Project, check: bool) -> int:
    differing = update_exercises(project, check)
    for name in differing:
        print(f"{name}: {'differs from its exercises. Run: make exercises' if check else 'written'}")
    wrong = [*too_few(lesson_names(project), read_exercises(project)), *ill_asked(project)] if check else []
    for complaint in wrong:
        print(complaint)
    return 1 if wrong or (check and differing) else 0


def ill_asked(project: Project) -> list[Complaint]:
    """What is not asked, or not before its answer is shown, in all lessons."""
    found: list[Complaint] = []
    for name in lesson_names(project):
        if key := lesson_key(name):
            notebook = read_notebook(lesson_path(project, name), name)
            found += complaints(name, notebook, read_predictions(project.root, key))
    return found


def run_tries(project: Project, asked: list[str], jobs: int) -> int:
    exercises = read_exercises(project)
    chosen = [one for one in exercises if not asked or any(one.id.startswith(start) for start in asked)]
    if not chosen:
        raise AuthoringError(
            f"there is no exercise {' '.join(asked)}. There are: {', '.join(one.id for one in exercises)}"
        )
    told = try_all(project, chosen, jobs)
    print("\n".join([*table_lines(told), *wrong_lines(told), *failed_lines(told)]))
    held = sum(one.holds for one in told)
    print(f"{held} passed, {len(told) - held} failed")
    return 0 if held == len(told) else 1


def main(argv: list[str] | None = None) -> int:
    """Runs a command. Status 1: it found something wrong; what, and what to do, is printed."""
    asked = arguments().parse_args(argv)
    project = Project(asked.project.resolve())
    try:
        if asked.command == "try":
            return run_tries(project, asked.exercises, asked.jobs)
        return run_update(project, asked.command == "check")
    except AuthoringError as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
