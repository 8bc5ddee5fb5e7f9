"""Students that are made up: one for each answer that an exercise's source has, so that grading can be tried."""

from __future__ import annotations

import copy
from pathlib import Path

import nbformat
from authoring.project import replace_file
from practice.source import Exercise

from classroom.assignment import handed_in, solution_of, wrong_answers

STUB, SOLUTION = "stub", "solution"


def students(exercises: list[Exercise], most: int | None = None) -> dict[str, dict[str, str]]:
    """What each student answers, by the ids of exercises.

    `stub` answers nothing, `solution` all, `wrong-1` each exercise's first wrong answer, and so on.

    Args:
        most: how many of the wrong answers to take at most.
    """
    found: dict[str, dict[str, str]] = {
        STUB: {},
        SOLUTION: {exercise.id: solution_of(exercise) for exercise in exercises},
    }
    for exercise in exercises:
        for number, (_, code) in enumerate(wrong_answers(exercise)[:most], 1):
            found.setdefault(f"wrong-{number}", {})[exercise.id] = code
    return found


def expected(student: str) -> float:
    """The points that a student has to get for each exercise that they have answered."""
    return 1.0 if student == SOLUTION else 0.0


def submit(course: Path, name: str, answers: dict[str, dict[str, str]]) -> None:
    """Puts what each student hands in where nbgrader looks for it, made from what was released."""
    released = nbformat.read(course / "release" / name / f"{name}.ipynb", as_version=4)
    for student, own in answers.items():
        notebook = handed_in(copy.deepcopy(released), own)
        replace_file(
            course / "submitted" / student / name / f"{name}.ipynb", nbformat.writes(notebook) + "\n"
        )
