"""The page of words, which is gathered from the lessons."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from authoring.catalogue import catalogue
from authoring.errors import LessonFormError
from authoring.links import update_links
from authoring.project import Project
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

FIRST = "# {title}\n\nA sentence of purpose.\n\n**5 minutes** · Know first: nothing."
TABLE = "| Python | TypeScript |\n|---|---|\n"


def prose(source: str, *tags: str) -> NotebookNode:
    return new_markdown_cell(source, metadata={"tags": list(tags)})


def put(project: Project, name: str, *cells: NotebookNode) -> Path:
    title = name.rpartition("-")[2]
    path = project.notebooks / f"{name}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(new_notebook(cells=[prose(FIRST.format(title=title)), *cells]), path)
    return path


@pytest.fixture
def project(tmp_path: Path) -> Project:
    made = Project(tmp_path)
    put(made, "00-start-here", prose("", "lessons"))
    put(
        made,
        "examples/01-one",
        prose(f"## Coming from Python\n\nWords.\n\n{TABLE}| `a` | `b` |\n\n## Exercises"),
    )
    put(made, "beyond/02-two", prose(f"{TABLE}| `not` | these |"))
    put(made, "words-for-python", prose("Before."), prose("old", "words"), prose("After."))
    return made


def words(project: Project) -> list[str]:
    """The cells of the page that are written from lessons."""
    update_links(project, check=False)
    cells = nbformat.read(project.notebooks / "words-for-python.ipynb", 4).cells
    return [cell.source for cell in cells if "words" in cell.metadata.get("tags", [])]


def test_the_page_repeats_the_tables_of_the_lessons_that_have_one(project: Project) -> None:
    assert words(project) == [f"### Example 1: [one](examples/01-one.ipynb)\n\n{TABLE}| `a` | `b` |"]


def test_the_page_stands_last_keeps_its_own_words_and_is_up_to_date_once_written(project: Project) -> None:
    assert [lesson.label for lesson in catalogue(project)] == ["Start", "Example 1", "Beyond 2", "Words"]
    words(project)
    assert update_links(project, check=True) == ([], [])
    cells = nbformat.read(project.notebooks / "words-for-python.ipynb", 4).cells
    assert [cell.source for cell in cells if not cell.source.startswith("###")][1:] == [
        "Before.",
        "After.",
        "Previous: [two](beyond/02-two.ipynb) · [All lessons](00-start-here.ipynb)",
    ]


def test_a_row_that_changes_in_a_lesson_makes_the_page_out_of_date(project: Project) -> None:
    words(project)
    path = project.notebooks / "examples/01-one.ipynb"
    path.write_text(path.read_text().replace("`b`", "`c`"))
    assert update_links(project, check=True)[0] == ["notebooks/words-for-python.ipynb"]
    assert words(project)[0].endswith("| `a` | `c` |")


def test_a_table_may_stand_in_a_later_cell_and_ends_with_the_part_of_the_lesson(project: Project) -> None:
    put(
        project,
        "examples/03-three",
        prose("## Before\n\n| no |\n|---|"),
        prose("## Coming from Python"),
        new_code_cell("1;"),
        prose(f"{TABLE}| 1 | 2 |\n\nAnd:\n\n{TABLE}| 3 | 4 |"),
        prose("## Exercises\n\n| no |\n|---|"),
    )
    assert words(project)[1].split("\n\n")[1:] == [f"{TABLE}| 1 | 2 |", f"{TABLE}| 3 | 4 |"]


def test_a_link_in_a_row_leads_to_the_same_place_from_the_page(project: Project) -> None:
    row = "| [a](04-four.ipynb#x) [b](../00-start-here.ipynb) | [c](https://x.org/y) [d](#part) |"
    put(project, "examples/04-four", prose(f"## Coming from Python\n\n{TABLE}{row}"))
    moved = "| [a](examples/04-four.ipynb#x) [b](00-start-here.ipynb) | [c](https://x.org/y) [d](#part) |"
    assert words(project)[1].endswith(moved)
    assert update_links(project, check=True)[1] == []


def test_a_page_without_a_place_for_the_words_is_named(project: Project) -> None:
    put(project, "words-for-python", prose("None."))
    with pytest.raises(LessonFormError, match=r"words-for-python: .*tagged words"):
        update_links(project, check=False)
