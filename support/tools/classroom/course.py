"""A folder that nbgrader takes for a course: its settings, and a source for each assignment."""

from __future__ import annotations

from pathlib import Path

import nbformat
from authoring.catalogue import lesson_names, read_lesson
from authoring.errors import AuthoringError
from authoring.project import Project, replace_file
from practice.place import lesson_key
from practice.source import read_exercises

from classroom.assignment import assignment

FOLDER = Path("build") / "assignment"
SETTINGS = '''"""Written by `make assignment`: how nbgrader makes students' notebooks of these, and how it grades them."""

from nbgrader.preprocessors import NbGraderPreprocessor


class GiveStubs(NbGraderPreprocessor):
    """Puts the stub of an exercise in the place of its solution."""

    def preprocess_cell(self, cell, resources, cell_index):
        stub = cell.metadata.get("tsasync", {}).get("stub")
        if stub is not None:
            cell.source = stub
        return cell, resources


c = get_config()  # noqa: F821
c.CourseDirectory.course_id = "tsasync"
c.ClearSolutions.code_stub = {"typescript": "// Write your answer here."}
c.ClearSolutions.begin_solution_delimeter = "BEGIN SOLUTION"
c.ClearSolutions.end_solution_delimeter = "END SOLUTION"
c.GenerateAssignment.preprocessors = [
    "nbgrader.preprocessors.IncludeHeaderFooter",
    "nbgrader.preprocessors.LockCells",
    "nbgrader.preprocessors.ClearSolutions",
    GiveStubs,
    "nbgrader.preprocessors.ClearOutput",
    "nbgrader.preprocessors.CheckCellMetadata",
    "nbgrader.preprocessors.ComputeChecksums",
    "nbgrader.preprocessors.SaveCells",
    "nbgrader.preprocessors.ComputeChecksums",
    "nbgrader.preprocessors.CheckCellMetadata",
]
# A check may have to be tried again on a busy computer.
c.ExecutePreprocessor.timeout = 120
c.Execute.timeout = 120
'''


class NoExercisesError(AuthoringError):
    """A lesson has no exercises that could be handed out."""


def lessons_with_exercises(project: Project) -> dict[str, str]:
    """The names of the lessons that have exercises, by the key that ids of exercises begin with."""
    keys = {one.lesson for one in read_exercises(project)}
    return {lesson_key(name): name for name in lesson_names(project) if lesson_key(name) in keys}


def chosen(project: Project, asked: list[str]) -> dict[str, str]:
    """The lessons asked for, `all` of them or by the beginnings of their names.

    Raises:
        NoExercisesError: one of them has no exercises.
    """
    known = lessons_with_exercises(project)
    if asked == ["all"]:
        return known
    picked = {key: name for key, name in known.items() if any(name.startswith(start) for start in asked)}
    for start in asked:
        if not any(name.startswith(start) for name in picked.values()):
            raise NoExercisesError(
                f"there are no exercises in {start}. Lessons that have some: {', '.join(known.values())}, or all"
            )
    return picked


def write_course(project: Project, folder: Path, asked: list[str]) -> list[Path]:
    """Writes the settings and a source for each lesson asked for.

    Returns:
        The notebooks written.
    """
    lessons = chosen(project, asked)
    exercises = read_exercises(project)
    written = []
    replace_file(folder / "nbgrader_config.py", SETTINGS)
    for key, name in lessons.items():
        title = read_lesson(project, name)[0].title
        short = name.replace("/", "-")
        path = folder / "source" / short / f"{short}.ipynb"
        own = [one for one in exercises if one.lesson == key]
        replace_file(path, nbformat.writes(assignment(title, own)) + "\n")
        written.append(path)
    return written
