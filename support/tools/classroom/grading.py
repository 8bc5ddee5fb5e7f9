"""The real nbgrader, in a folder of its own: it makes the release, grades what made-up students hand in, and tells the points."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from authoring.errors import ToolError
from authoring.project import Project, alone_in
from practice.source import read_exercises

from classroom.course import FOLDER, chosen, write_course
from classroom.students import STUB, expected, students, submit

REQUIREMENTS = Path(__file__).with_name("requirements.txt")
INSTALLED = Path("build") / "nbgrader"
POINTS = """
import json, sys
from nbgrader.api import Gradebook
with Gradebook("sqlite:///gradebook.db") as book:
    rows = [
        [submission.student.id, grade.name, grade.score, grade.max_score]
        for submission in book.assignment_submissions(sys.argv[1])
        for notebook in submission.notebooks
        for grade in notebook.grades
    ]
print(json.dumps(rows))
"""


@dataclass(frozen=True)
class Points:
    """What nbgrader gave a student for an exercise, and whether that is as it has to be."""

    student: str
    exercise: str
    score: float
    of: float

    @property
    def holds(self) -> bool:
        return self.score == expected(self.student) * self.of


def install(root: Path) -> Path:
    """nbgrader and what it needs beside JupyterLab, on first use; kept until its pins change.

    Raises:
        ToolError: pip could not install it.
    """
    folder = root / INSTALLED
    with alone_in(folder):
        _install_in(folder)
    return folder


def _install_in(folder: Path) -> None:
    stamp = folder / "requirements.txt"
    if stamp.exists() and stamp.read_text() == REQUIREMENTS.read_text():
        return
    command = [
        *(sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--require-hashes", "--upgrade"),
        *("--no-compile", "--disable-pip-version-check", "--target", str(folder), "-r", str(REQUIREMENTS)),
    ]
    ran = subprocess.run(command, capture_output=True, text=True, check=False)
    if ran.returncode != 0:
        raise ToolError(f"nbgrader could not be installed: {' '.join(ran.stderr.split())[-500:]}")
    stamp.write_text(REQUIREMENTS.read_text())


def _run(installed: Path, course: Path, *command: str) -> str:
    """Runs Python with nbgrader at hand, in a course's folder."""
    path = os.pathsep.join([str(installed), os.environ.get("PYTHONPATH", "")])
    programs = os.pathsep.join([str(installed / "bin"), os.environ["PATH"]])
    env = os.environ | {"PYTHONPATH": path, "PATH": programs, "DELAY_SERVER_PORT": "0"}
    ran = subprocess.run(
        [sys.executable, *command], cwd=course, env=env, capture_output=True, text=True, check=False
    )
    if ran.returncode != 0:
        raise ToolError(f"{' '.join(command[:3])} ended with {ran.returncode}: {ran.stderr.strip()[-1500:]}")
    return ran.stdout


def grade(project: Project, asked: list[str], most: int | None = None) -> list[Points]:
    """Hands out the exercises of lessons, hands in every answer that their sources have, and grades them.

    Args:
        most: how many of an exercise's wrong answers to take at most.

    Raises:
        ToolError: nbgrader can't be installed or fails.
    """
    installed = install(project.root)
    course = project.root / FOLDER
    # What an earlier trial has handed in would be graded again.
    shutil.rmtree(course, ignore_errors=True)
    write_course(project, course, asked)
    given: list[Points] = []
    for key, lesson in chosen(project, asked).items():
        name = lesson.replace("/", "-")
        own = [exercise for exercise in read_exercises(project) if exercise.lesson == key]
        answers = students(own, most)
        _run(installed, course, "-m", "nbgrader", "generate_assignment", name, "--force")
        submit(course, name, answers)
        _run(installed, course, "-m", "nbgrader", "autograde", name, "--create", "--force")
        for student, exercise, score, of in json.loads(_run(installed, course, "-c", POINTS, name)):
            if student == STUB or exercise in answers[student]:
                given.append(Points(student, exercise, score, of))
    return given


def score_lines(points: list[Points]) -> list[str]:
    """The table: a line for each exercise, a column for each student."""
    names = list(dict.fromkeys(one.student for one in points))
    lines = ["exercise  " + "  ".join(names)]
    for exercise in dict.fromkeys(one.exercise for one in points):
        own = {one.student: one for one in points if one.exercise == exercise}
        cells = [
            (f"{own[name].score:g}{'' if own[name].holds else ' ✗'}" if name in own else "·").rjust(len(name))
            for name in names
        ]
        lines.append(f"{exercise:<8}  " + "  ".join(cells))
    return lines
