"""The page for teachers: its minutes add up."""

from __future__ import annotations

import re

import pytest
from authoring.catalogue import TEACHERS, Lesson, describe, lesson_path, read_lesson
from authoring.errors import LessonFormError
from authoring.minutes import minutes, parts, shared_out
from authoring.project import HOME, Project
from nbformat.v4 import new_notebook
from small_project import FIRST, code, prose, put

PROJECT = Project(HOME)
PLANS = {"One hour": 60, "Three hours": 180, "Ten hours": 600}


@pytest.mark.parametrize("plan", PLANS)
def test_an_order_of_lessons_has_the_minutes_of_its_lessons_and_fills_its_time(plan: str) -> None:
    _, notebook = read_lesson(PROJECT, TEACHERS)
    text = "\n".join(cell.source for cell in notebook.cells)
    section = text.split(f"### {plan}\n")[1].split("\n#")[0]
    rows = re.findall(r"^\| (.*?) \| (\d+) \|", section, re.MULTILINE)
    assert len(rows) > 2
    for what, told in rows:
        if link := re.search(r"\]\((.*)\.ipynb\)", what):
            assert read_lesson(PROJECT, link[1])[0].minutes == int(told), what
    assert sum(int(told) for _, told in rows) == PLANS[plan]


def lesson(*cells: object) -> tuple[Lesson, object]:
    notebook = new_notebook(cells=[prose(FIRST.format(title="A").replace("5 minutes", "30 minutes")), *cells])
    return describe("examples/02-two", lesson_path(PROJECT, "examples/02-two"), notebook), notebook


def test_the_sections_of_a_lesson_add_up_to_its_minutes_and_an_exercise_has_four_of_them() -> None:
    exercise = code("1;", "exercise")
    exercise["id"] = "ex-02-a-stub"
    one, notebook = lesson(prose("## A"), code("1;"), prose("## B"), code("2;"), exercise, code("3;"))
    told = minutes(one, notebook)
    assert [title for title, _ in told] == ["the beginning", "A", "B"]
    assert sum(count for _, count in told) == 30
    assert [(part.cells, part.exercises) for part in parts(notebook)] == [(1, 0), (2, 0), (3, 1)]
    assert dict(told) == {"the beginning": 4, "A": 9, "B": 17}


def test_a_lesson_whose_exercises_take_longer_than_itself_is_refused() -> None:
    one, notebook = lesson(*(code("1;", "exercise") for _ in range(8)))
    with pytest.raises(LessonFormError, match="its exercises alone take more"):
        minutes(one, notebook)


@pytest.mark.parametrize(
    ("total", "weights"), [(10, [1, 1, 1]), (7, [5, 1, 1, 1]), (0, [1, 2]), (3, [0, 1]), (100, [3])]
)
def test_what_is_shared_out_is_all_of_it_in_whole_parts(total: int, weights: list[int]) -> None:
    given = shared_out(total, weights)
    assert sum(given) == total
    assert all(
        abs(one - total * weight / sum(weights)) < 1 for one, weight in zip(given, weights, strict=True)
    )


def test_nothing_to_weigh_gets_nothing() -> None:
    assert shared_out(5, [0, 0]) == [0, 0]


def test_a_page_for_teachers_without_its_cell_is_refused(project: Project) -> None:
    put(project, "for-teachers", prose("## x"), title="For teachers")
    from authoring.links import update_links

    with pytest.raises(LessonFormError, match="needs one Markdown cell tagged minutes"):
        update_links(project, check=True)
