"""Outputs against committed outputs."""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import psutil
import pytest
from authoring.errors import LessonNameError
from authoring.project import Project
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook, new_output
from runner.compare import cell_differs, difference, output_faults, same_shape, too_many_machine_dependent
from runner.lessons import all_lessons, changed, name_of, select
from runner.processes import FIRST, go_first
from runner.write import merged

ROOT = Path(__file__).parents[3]


def cell(text: str, *tags: str, count: int = 1) -> NotebookNode:
    output = new_output("stream", name="stdout", text=text)
    return new_code_cell("run()", outputs=[output], metadata={"tags": list(tags)}, execution_count=count)


def figure(svg: str) -> NotebookNode:
    picture = base64.b64encode(svg.encode()).decode()
    html = f'<img alt="x" src="data:image/svg+xml;base64,{picture}">'
    output = new_output("display_data", data={"text/html": html})
    return new_code_cell("", outputs=[output], metadata={"tags": ["machine-dependent"]})


def test_equal_outputs_do_not_differ_whatever_the_counts_in_them() -> None:
    assert not cell_differs(cell("a", count=1), cell("a", count=7))


def test_one_other_letter_differs() -> None:
    assert cell_differs(cell("a"), cell("b"))


def test_other_numbers_have_the_same_shape_in_a_machine_dependent_cell_only() -> None:
    assert cell_differs(cell("took 1.5 s"), cell("took 2 s"))
    assert not cell_differs(
        cell("took 1.5 s", "machine-dependent"), cell("took 1,002.25 s", "machine-dependent")
    )


def test_a_number_that_fills_its_column_has_the_shape_of_one_that_does_not() -> None:
    short = cell("   8.6 ms  in one piece\n 400.2 ms  in many\n", "machine-dependent")
    assert not cell_differs(short, cell("  11.8 ms  in one piece\n1131.8 ms  in many\n", "machine-dependent"))


def test_other_words_or_another_kind_of_output_have_another_shape() -> None:
    assert cell_differs(cell("took 1 s", "machine-dependent"), cell("took 1 ms", "machine-dependent"))
    one = [{"output_type": "stream", "name": "stdout", "text": "1"}]
    assert not same_shape(one, [{"output_type": "stream", "name": "stderr", "text": "1"}])
    assert not same_shape(one, [])


def test_a_timeline_with_and_without_a_solid_stretch_has_the_same_shape() -> None:
    light = cell("7 tasks: makespan 16 s, sum of the tasks 16 s.", "machine-dependent")
    solid = cell(
        "7 tasks: makespan 51 s, sum of the tasks 51 s, the thread held for 2 s.", "machine-dependent"
    )
    assert not cell_differs(light, solid)
    assert cell_differs(
        light, cell("7 tasks: makespan 16 s, sum of the tasks 16 s, failed.", "machine-dependent")
    )


def test_another_picture_has_the_same_shape() -> None:
    assert not cell_differs(figure("<svg>1</svg>"), figure("<svg>2 and more</svg>"))


def test_a_diff_is_short() -> None:
    long = [{"text": str(n)} for n in range(1000)]
    assert len(difference(long, []).splitlines()) <= 22
    assert "more lines" in difference(long, [])


def test_counts_that_are_not_one_to_n_are_a_fault() -> None:
    notebook = new_notebook(cells=[cell("a", count=1), cell("b", count=3)])
    (fault,) = output_faults(notebook, notebook)
    assert fault.kind == "form" and "[1, 3]" in fault.detail


def test_more_than_one_cell_in_ten_may_not_be_machine_dependent() -> None:
    exact = [cell("a") for _ in range(9)]
    loose = cell("a", "machine-dependent")
    assert too_many_machine_dependent([new_notebook(cells=[*exact, loose])]) is None
    assert too_many_machine_dependent([new_notebook(cells=[*exact[1:], loose])]) == (
        "1 of 9 code cells are machine-dependent; at most one in ten may be"
    )


def test_writing_keeps_cells_and_ids_and_takes_outputs() -> None:
    before, after = new_notebook(cells=[cell("a", count=9)]), new_notebook(cells=[cell("b", count=9)])
    result = merged(before, after)
    assert result.cells[0].id == before.cells[0].id
    assert (result.cells[0].outputs[0].text, result.cells[0].execution_count) == ("b", 1)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    first = "# T\n\nA purpose.\n\n**5 minutes** · x"
    notebook = new_notebook(cells=[nbformat.v4.new_markdown_cell(first)])
    for name in ("00-start-here", "concepts/01-one", "examples/02-two"):
        path = tmp_path / "notebooks" / f"{name}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(notebook, path)
    git = ["git", "-c", "user.name=t", "-c", "user.email=t@t"]
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "x"]):
        subprocess.run([*git, *command], cwd=tmp_path, check=True)
    return Project(tmp_path)


def names(paths: list[Path], project: Project) -> list[str]:
    return [name_of(path, project) for path in paths]


def test_a_lesson_is_chosen_by_its_name_or_the_beginning_of_it(project: Project) -> None:
    assert names(select(["examples/02"], project), project) == ["examples/02-two"]
    assert names(select(["notebooks/concepts/01-one.ipynb"], project), project) == ["concepts/01-one"]
    assert select([], project) == all_lessons(project)


def test_a_name_that_no_lesson_has_is_refused_with_those_that_there_are(project: Project) -> None:
    with pytest.raises(
        LessonNameError, match=r"examples/99.*00-start-here, concepts/01-one, examples/02-two"
    ):
        select(["examples/99"], project)


def test_changed_lessons_are_those_that_differ_from_the_last_commit(project: Project) -> None:
    assert changed(project) == []
    path = project.notebooks / "examples/02-two.ipynb"
    path.write_text(path.read_text().replace("A purpose", "Another"))
    assert names(changed(project), project) == ["examples/02-two"]


def test_all_lessons_count_as_changed_when_what_they_share_has_changed(project: Project) -> None:
    (project.root / "support").mkdir()
    (project.root / "support/new.ts").write_text("")
    assert len(changed(project)) == 3


def test_the_command_ends_with_a_plain_line_and_a_status(tmp_path: Path) -> None:
    fixtures = ROOT / "tests/tools/runner/fixtures"
    command = [
        sys.executable,
        "-m",
        "runner",
        "check",
        str(fixtures / "clean.ipynb"),
        str(fixtures / "stderr.ipynb"),
    ]
    run = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    assert run.returncode == 1
    assert run.stdout.splitlines()[-1] == "1 passed, 1 failed"
    unknown = subprocess.run([*command[:4], "nothing"], cwd=ROOT, check=False, capture_output=True, text=True)
    assert unknown.returncode == 2 and unknown.stderr.startswith("runner: there is no lesson nothing")
    assert json.loads((fixtures / "clean.ipynb").read_text())["nbformat"] == 4


def test_a_kernel_goes_first_where_that_is_allowed_and_runs_all_the_same_where_not() -> None:
    with subprocess.Popen(["sleep", "5"]) as process:
        granted = go_first(process.pid)
        assert psutil.Process(process.pid).nice() == (FIRST if granted else 0)
        assert granted == (os.geteuid() == 0)
        process.kill()
    assert go_first(process.pid) is False


def test_what_a_picture_says_of_its_rows_belongs_to_the_picture() -> None:
    def run(words: str, caption: str = "4 tasks") -> NotebookNode:
        rows = f'<div hidden="hidden" class="rows" role="radiogroup">\n<label>{words}</label>\n</div>'
        data = {"text/html": f"<figure>{rows}<p>{caption}</p></figure>"}
        output = new_output("display_data", data=data)
        return new_code_cell("", outputs=[output], metadata={"tags": ["machine-dependent"]})

    assert not cell_differs(run("a: 1 s. Woken by: b."), run("a: 2 s."))
    assert cell_differs(run("a: 1 s."), run("a: 1 s.", caption="4 bars"))
