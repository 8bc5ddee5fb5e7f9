"""Assignments: what students get, what they don't, and what the real nbgrader gives for their answers."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from authoring.project import HOME, Project
from classroom.__main__ import main
from classroom.assignment import BEGIN, END, assignment, handed_in, solution_of, stub_of, wrong_answers
from classroom.course import NoExercisesError, chosen
from classroom.grading import Points, grade, score_lines
from classroom.students import students
from practice.source import read_exercises

PROJECT = Project(HOME)
EXERCISES = [one for one in read_exercises(PROJECT) if one.lesson == "02"]


def test_an_instructors_cell_has_the_solution_under_the_stubs_name_between_nbgraders_marks() -> None:
    fastest = EXERCISES[0]
    lines = solution_of(fastest).split("\n")
    assert (lines[0], lines[-1]) == (BEGIN, END)
    assert lines[-2] == "const fastest = fastestOnly;"
    assert "await solution" not in solution_of(fastest)
    assert stub_of(fastest).endswith("}")


def test_each_exercise_has_an_answer_that_is_open_and_a_check_that_is_locked_and_worth_a_point() -> None:
    notebook = assignment("A title", EXERCISES)
    about = [cell.metadata.nbgrader for cell in notebook.cells if "nbgrader" in cell.metadata]
    answers = [one for one in about if one["solution"]]
    checks = [one for one in about if one["grade"]]
    assert [one["grade_id"] for one in checks] == [one.id for one in EXERCISES]
    assert all(one["locked"] and one["points"] == 1 for one in checks)
    assert all(not one["locked"] and not one["grade"] for one in answers)
    assert len(answers) == len(checks) == len(EXERCISES)


def test_what_is_handed_in_stands_in_the_answers_cell_and_nowhere_else() -> None:
    notebook = assignment("A title", EXERCISES)
    _, code = wrong_answers(EXERCISES[0])[0]
    before = [cell.source for cell in notebook.cells]
    after = [cell.source for cell in handed_in(notebook, {"02-a": code}).cells]
    assert [at for at, (a, b) in enumerate(zip(before, after, strict=True)) if a != b] == [2]
    assert after[2] == code


def test_there_is_a_student_for_each_answer() -> None:
    made = students(EXERCISES)
    most = max(len(one.answers) for one in EXERCISES)
    assert list(made) == ["stub", "solution", *(f"wrong-{n}" for n in range(1, most + 1))]
    assert made["stub"] == {}
    assert set(made["solution"]) == {one.id for one in EXERCISES}
    assert list(students(EXERCISES, most=1)) == ["stub", "solution", "wrong-1"]


def test_a_lesson_without_exercises_is_refused_and_those_with_some_are_named() -> None:
    with pytest.raises(
        NoExercisesError, match=r"no exercises in examples/99\. .*examples/02-simple-coroutines"
    ):
        chosen(PROJECT, ["examples/99"])
    assert main(["write", "examples/99"]) == 1


@pytest.mark.parametrize("words", [["write"], ["try"], ["install", "examples/02"]])
def test_a_command_with_a_lesson_too_few_or_too_many_is_told_what_it_takes(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2
    assert "write and try need a lesson" in capsys.readouterr().err


# In the place of pip: it takes its time, and tells that it was here and alone.
SLOW_PIP = """
import subprocess, sys, time; from pathlib import Path; from classroom import grading
def run(command, **_):
    folder = Path(command[command.index("--target") + 1]); assert not (folder / "at work").exists()
    (folder / "at work").touch(); time.sleep(0.5); (folder / "at work").unlink(); print("installed")
    return subprocess.CompletedProcess(command, 0, "", "")
grading.subprocess.run = run
grading.install(Path(sys.argv[1]))
"""


def test_two_commands_at_once_install_nbgrader_once(tmp_path: Path) -> None:
    both = [
        subprocess.Popen(
            [sys.executable, "-c", SLOW_PIP, str(tmp_path)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    said = [one.communicate() for one in both]
    assert [one.returncode for one in both] == [0, 0], said
    assert sorted(out for out, _ in said) == ["", "installed\n"]


def test_the_table_marks_points_that_are_not_as_they_should_be() -> None:
    table = score_lines(
        [Points("stub", "02-a", 1, 1), Points("solution", "02-a", 1, 1), Points("wrong-1", "02-b", 0, 1)]
    )
    assert table[1].split() == ["02-a", "1", "✗", "1", "·"]
    assert table[2].split() == ["02-b", "·", "·", "0"]


def test_the_real_nbgrader_gives_no_point_for_a_stub_or_a_wrong_answer_and_one_for_a_solution(
    tmp_path: Path,
) -> None:
    points = grade(PROJECT, ["examples/02"], most=1)
    assert len(points) == 3 * len(EXERCISES)
    assert all(one.holds for one in points), "\n".join(score_lines(points))
    released = PROJECT.root / "build/assignment/release/examples-02-simple-coroutines"
    text = "".join(
        "".join(cell["source"]) for cell in json.loads(next(released.glob("*.ipynb")).read_text())["cells"]
    )
    assert "fastestOnly" not in text
    assert "async function fastest(" in text
