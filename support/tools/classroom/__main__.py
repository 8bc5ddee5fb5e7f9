"""The command line: `python -m classroom write | try LESSON…`, `python -m classroom install`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from authoring.errors import AuthoringError
from authoring.project import HOME, Project

from classroom.course import FOLDER, write_course
from classroom.grading import Points, grade, install, score_lines


def tell(points: list[Points]) -> int:
    print("\n".join(score_lines(points)))
    held = sum(one.holds for one in points)
    print(f"{held} passed, {len(points) - held} failed")
    return 0 if held == len(points) else 1


def main(argv: list[str] | None = None) -> int:
    """Writes assignments for nbgrader, or tries how it grades them. Status 1: something is wrong; what is printed."""
    parser = argparse.ArgumentParser(
        prog="classroom", description="Assignments for nbgrader.", allow_abbrev=False
    )
    parser.add_argument(
        "what",
        choices=["write", "try", "install"],
        help="write them, or also hand in all answers and grade them, or only fetch the nbgrader that does",
    )
    parser.add_argument("lessons", nargs="*", metavar="LESSON", help="as in examples/02, or all")
    parser.add_argument("--project", type=Path, default=HOME, metavar="FOLDER", help="the project's folder")
    asked = parser.parse_args(argv)
    if (asked.what == "install") != (asked.lessons == []):
        parser.error("write and try need a lesson, as in examples/02, or all; install takes none")
    project = Project(asked.project.resolve())
    try:
        if asked.what == "install":
            install(project.root)
            return 0
        if asked.what == "try":
            return tell(grade(project, asked.lessons))
        written = write_course(project, project.root / FOLDER, asked.lessons)
    except AuthoringError as error:
        print(error, file=sys.stderr)
        return 1
    for path in written:
        print(f"{project.name(path)}: written")
    print(f"Now, in {FOLDER.as_posix()}: nbgrader generate_assignment {written[0].parent.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
