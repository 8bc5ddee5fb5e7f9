"""The authors' tools, tried on small projects of their own."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import nbformat
import pytest
from authoring.__main__ import main
from authoring.catalogue import catalogue, lesson_names
from authoring.cells import check_cells, format_cells
from authoring.complaints import Complaint
from authoring.errors import LessonExistsError, LessonFormError, LessonNameError
from authoring.links import update_links
from authoring.new_lesson import new_lesson
from authoring.picture import update_picture
from authoring.project import HOME, Project
from nbformat.v4 import new_output
from small_project import code, prose, put


def test_lessons_come_as_start_page_concepts_examples_and_what_is_beyond(project: Project) -> None:
    put(project, "concepts/10-ten")
    put(project, "beyond/15-fifteen")
    names = ["00-start-here", "concepts/01-one", "concepts/10-ten", "examples/02-two", "beyond/15-fifteen"]
    labels = ["Start", "Concept 1", "Concept 10", "Example 2", "Beyond 15"]
    assert [lesson.name for lesson in catalogue(project)] == names
    assert [lesson.label for lesson in catalogue(project)] == labels


def test_a_lesson_beyond_is_in_navigation_and_table_as_the_others_are(project: Project) -> None:
    path = put(project, "beyond/15-fifteen", code("15;", text="15\n"), title="Fifteen")
    update_links(project, check=False)
    assert "Next: [Fifteen](../beyond/15-fifteen.ipynb)" in last_cell(project, "examples/02-two")
    assert nbformat.read(path, 4).cells[-1].source.startswith("Previous: [Two](../examples/02-two.ipynb)")
    table = nbformat.read(project.notebooks / "00-start-here.ipynb", 4).cells[1].source
    assert (
        "| Beyond\N{NO-BREAK SPACE}15 | [Fifteen](beyond/15-fifteen.ipynb) | A sentence of purpose. | 5 |"
        in table
    )


def test_a_lesson_beyond_says_that_it_needs_todays_typescript(project: Project) -> None:
    put(project, "beyond/15-fifteen")
    (complaint,) = check_cells(project, ["beyond/15-fifteen"])
    assert (complaint.cell, "today's TypeScript" in complaint.what) == (1, True)
    new_lesson(project, "beyond/16-sixteen")
    (project.root / "support").symlink_to(HOME / "support")
    assert check_cells(project, ["beyond/16-sixteen"]) == []


def last_cell(project: Project, name: str) -> str:
    """The words of a lesson's last cell."""
    return str(nbformat.read(project.notebooks / f"{name}.ipynb", 4).cells[-1].source)


def test_a_readers_own_new_notebook_is_no_lesson(project: Project) -> None:
    (project.notebooks / "Untitled.ipynb").write_text("{}")
    assert len(lesson_names(project)) == 3


@pytest.mark.parametrize("name", ["concepts/One", "other/01-one", "concepts/1-one", "lesson"])
def test_a_notebook_with_another_name_is_refused_by_that_name(project: Project, name: str) -> None:
    put(project, name)
    with pytest.raises(LessonNameError, match=name):
        lesson_names(project)


def test_two_lessons_with_one_number_are_refused(project: Project) -> None:
    put(project, "concepts/01-another")
    with pytest.raises(LessonNameError, match="same number"):
        lesson_names(project)


@pytest.mark.parametrize(
    ("first", "what"),
    [
        ("no title", "does not begin with a title"),
        ("# T\n\nPurpose.", "how many minutes"),
        ("# T\n\n**5 minutes** · x", "no sentence of purpose"),
    ],
)
def test_a_first_cell_without_its_form_is_named(project: Project, first: str, what: str) -> None:
    path = put(project, "examples/03-three")
    notebook = nbformat.read(path, 4)
    notebook.cells[0].source = first
    nbformat.write(notebook, path)
    with pytest.raises(LessonFormError, match=f"examples/03-three: .*{what}"):
        catalogue(project)


def test_links_are_written_once_and_then_found_up_to_date(project: Project) -> None:
    assert len(update_links(project, check=True)[0]) == 3
    update_links(project, check=False)
    assert update_links(project, check=True) == ([], [])
    last = nbformat.read(project.notebooks / "concepts/01-one.ipynb", 4).cells[-1]
    assert last.metadata.tags == ["navigation"]
    assert "](../00-start-here.ipynb)" in last.source and "](../examples/02-two.ipynb)" in last.source
    table = nbformat.read(project.notebooks / "00-start-here.ipynb", 4).cells[1].source
    assert (
        "| Concept\N{NO-BREAK SPACE}1 | [One \\& only](concepts/01-one.ipynb) | A sentence of purpose. | 5 |"
        in table
    )


def test_every_kind_of_link_is_followed_on_every_page(project: Project) -> None:
    put(
        project,
        "examples/03-three",
        prose(
            "[good](../00-start-here.ipynb#Lessons) [here](#part) `[code](none.md)` <a href='../no.html'>x</a>"
        ),
        prose("[case](../00-Start-Here.ipynb)"),
    )
    page = "[ok](notebooks/00-start-here.ipynb) ![p](none.svg) [abs](/etc/passwd) [out](../other.md) [](  )\n"
    (project.root / "README.md").write_text(page)
    assert update_links(project, check=True)[1] == [
        "examples/03-three, cell 2: the link ../no.html leads to no file",
        "examples/03-three, cell 3: the link ../00-Start-Here.ipynb leads to no file",
        "README.md: the link none.svg leads to no file",
        "README.md: the link /etc/passwd begins at the root of the disk; make it relative",
        "README.md: the link ../other.md leads out of the project",
        "README.md: an empty link",
    ]


def test_a_title_with_markdown_signs_reads_the_same_in_links(project: Project) -> None:
    put(project, "examples/03-three", title=r"A \[simple\] `one` \| two")
    assert catalogue(project)[-1].title == "A [simple] one | two"
    update_links(project, check=False)
    last = nbformat.read(project.notebooks / "examples/02-two.ipynb", 4).cells[-1].source
    assert r"Next: [A \[simple\] one \| two](03-three.ipynb)" in last


def test_a_link_that_leads_nowhere_is_named_with_its_cell(project: Project) -> None:
    put(project, "examples/03-three", prose("[gone](../concepts/99-gone.ipynb), [web](https://example.org)"))
    update_links(project, check=False)
    assert update_links(project, check=True)[1] == [
        "examples/03-three, cell 2: the link ../concepts/99-gone.ipynb leads to no file"
    ]


def test_a_new_lesson_has_the_form_of_all_lessons_and_passes_the_check(project: Project) -> None:
    path = new_lesson(project, "examples/03-adding-tasks")
    assert nbformat.read(path, 4).cells[0].source.startswith("# Adding tasks\n")
    (project.root / "support").symlink_to(HOME / "support")
    assert check_cells(project, ["examples/03-adding-tasks"]) == []


@pytest.mark.parametrize("name", ["", "03-x", "examples/3-x", "examples/03-X", "../03-x", "examples/03-x/y"])
def test_a_name_that_no_lesson_can_have_is_refused(project: Project, name: str) -> None:
    with pytest.raises(LessonNameError, match="is no name for a lesson"):
        new_lesson(project, name)


def test_a_lesson_that_exists_is_left_as_it_is(project: Project) -> None:
    with pytest.raises(LessonExistsError, match=r"examples/02-two\.ipynb is there already"):
        new_lesson(project, "examples/02-other")
    assert main(["--project", str(project.root), "new", "examples/02-two"]) == 1


LONG = "\n".join(f"void {n};" for n in range(31))
COMPLAINTS = [
    (
        "type",
        [prose("Look."), code("void 0;"), prose("Look."), code('void 0;\nconst n: number = "text";')],
        5,
        2,
    ),
    ("across cells", [prose("Look."), code("const a = 1;"), prose("Look."), code("a.trim();")], 5, 1),
    ("null", [prose("Look."), code('const m = new Map<string, number>();\nm.get("a").toFixed();')], 3, 2),
    ("any", [prose("Look."), code("const a: any = 1;\nvoid a;")], 3, 1),
    ("unused", [prose("Look."), code("function f(): void {\n  const unused = 1;\n}\nf();")], 3, 2),
    ("format", [prose("Look."), code("void 0;\nconst a = 'x';")], 3, 2),
    ("long cell", [prose("Look."), code(LONG)], 3, 31),
    ("wide line", [prose("Look."), code(f'void "{"x" * 90}";')], 3, 1),
    ("no prose", [prose("Look."), code("void 0;"), code("void 1;")], 4, 0),
    ("exclamation", [prose("fine\n\nLook!")], 2, 3),
    ("skipped level", [prose("### Too deep")], 2, 1),
    ("heading twice", [prose("## One"), prose("### One")], 3, 1),
    ("a bare Predict", [prose("## One\n\n### Predict")], 2, 3),
    ("unknown tag", [prose("Look.", "shiny")], 2, 0),
    ("formula", [prose("A sum: $a + b$.")], 2, 0),
    ("mermaid", [prose("```mermaid\ngraph TD\n```")], 2, 0),
    ("picture without words", [prose("![](data:image/png;base64,AA==)")], 2, 0),
    ("stored picture", [prose("![a door](../pictures/door.png)")], 2, 0),
    ("empty cell", [prose("Look."), code(" ")], 3, 0),
    ("no DOM", [prose("Look."), code("void document.title;")], 3, 1),
    ("no such export", [prose("Look."), code('import { nothing } from "support";\n\nnothing();')], 3, 1),
    ("an import unused", [prose("Look."), code('import { rm } from "node:fs";')], 3, 1),
    ("open solution", [prose("Look."), code("void 0;", "solution")], 3, 0),
    ("open program in Python", [prose("Look."), code("void 0;", "python")], 3, 0),
]


def test_a_cell_imports_again_what_an_earlier_one_has_and_a_type_with_it(project: Project) -> None:
    first = 'import { equal } from "node:assert";\n\nequal(1, 1);'
    second = 'import { type AssertPredicate, equal } from "node:assert";\n\nconst p: AssertPredicate = Error;\nequal(p, Error);'
    put(project, "examples/03-three", prose("Look."), code(first), prose("Look."), code(second))
    assert check_cells(project, ["examples/03-three"]) == []


@pytest.fixture(scope="module")
def complaints(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Complaint]]:
    """What is found in a project with one lesson for each kind of complaint, looked at once as a whole."""
    project = Project(tmp_path_factory.mktemp("complaints"))
    (project.root / "node_modules").symlink_to(HOME / "node_modules")
    lessons = {f"examples/{n:02}-lesson": kind for n, (kind, *_) in enumerate(COMPLAINTS, 3)}
    for lesson, (_, cells, _, _) in zip(lessons, COMPLAINTS, strict=True):
        put(project, lesson, *cells)
    found = check_cells(project, list(lessons))
    return {kind: [one for one in found if one.lesson == lesson] for lesson, kind in lessons.items()}


@pytest.mark.parametrize(
    ("kind", "cell", "line"),
    [(kind, cell, line) for kind, _, cell, line in COMPLAINTS],
    ids=[kind for kind, *_ in COMPLAINTS],
)
def test_a_complaint_names_its_cell_and_line(
    complaints: dict[str, list[Complaint]], kind: str, cell: int, line: int
) -> None:
    found = complaints[kind]
    assert {(one.cell, one.line) for one in found} == {(cell, line)}, f"{kind}: {found}"


SHORTHANDS = [
    prose("Look."),
    code('import { sleep } from "support";\n\nconst tea = 1;\nlet cup = 0;\nvoid { tea, cup, sleep };'),
    prose("Look."),
    code("void ((tea: number) => ({ tea }));\nvoid {\n  one: 1,\n  tea,\n};"),
    prose("Look."),
    code("({ cup } = { cup: tea });\nvoid { sleep };"),
]


def test_a_shorthand_of_a_name_from_another_cell_is_refused_with_what_to_write(project: Project) -> None:
    put(project, "examples/03-three", *SHORTHANDS)
    (project.root / "support").symlink_to(HOME / "support")
    found = check_cells(project, ["examples/03-three"])
    assert [(one.cell, one.line) for one in found] == [(5, 4), (7, 1), (7, 2)]
    told = "tea is from cell 3, and stock tslab knows no shorthand for it; write { tea: tea }"
    assert str(found[0]) == f"examples/03-three, cell 5, line 4: {told}"
    assert "write { sleep: sleep }" in found[2].what


def test_a_lesson_that_stock_tslab_is_not_asked_to_run_may_use_any_shorthand(project: Project) -> None:
    put(project, "beyond/15-fifteen", prose("It uses today's TypeScript."), *SHORTHANDS[1:])
    (project.root / "support").symlink_to(HOME / "support")
    found = [one for one in check_cells(project, ["beyond/15-fifteen"]) if one.cell > 1]
    assert found == []


def test_a_cell_may_end_on_the_value_that_it_shows(project: Project) -> None:
    cell = code("const answer = await Promise.resolve(42);\nanswer;")
    put(project, "examples/03-three", prose("Look, `a != b`."), cell)
    assert check_cells(project, ["examples/03-three"]) == []


def test_a_cell_finds_a_module_beside_its_lesson_with_its_types(project: Project) -> None:
    put(project, "examples/03-three", prose("Look."), code('import { n } from "./n.ts";\n\nn.trim();'))
    (project.notebooks / "examples" / "n.ts").write_text("export const n: number = 1;\n")
    (complaint,) = check_cells(project, ["examples/03-three"])
    assert "'trim' does not exist on type 'number'" in complaint.what


def test_formatting_changes_the_cells_and_keeps_their_outputs(project: Project) -> None:
    path = put(project, "examples/03-three", prose("Look."), code("const a = 'x'", text="kept\n"))
    assert format_cells(project, ["examples/03-three"]) == ["notebooks/examples/03-three.ipynb"]
    cell = nbformat.read(path, 4).cells[2]
    assert (cell.source, cell.outputs[0].text) == ('const a = "x";', "kept\n")
    assert format_cells(project, ["examples/03-three"]) == []


def test_an_error_of_an_author_is_one_line_and_status_one(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    put(project, "other/01-x")
    assert main(["--project", str(project.root), "links"]) == 1
    assert capsys.readouterr().err.count("\n") == 1


def test_the_picture_of_the_readme_is_the_one_in_the_lesson(project: Project) -> None:
    svg = "<svg>of this run</svg>"
    html = f'<img alt="Timeline, Started together: x" src="data:image/svg+xml;base64,{base64.b64encode(svg.encode()).decode()}">'
    cell = code("1;")
    cell.outputs = [new_output("display_data", data={"text/html": html})]
    put(project, "concepts/01-why-async", cell)
    assert update_picture(project, check=True) == ["support/helpers/timeline/example.svg"]
    update_picture(project, check=False)
    assert (project.root / "support/helpers/timeline/example.svg").read_text() == svg + "\n"
    assert update_picture(project, check=True) == []


def test_the_committed_lessons_say_nothing_of_the_machine_they_ran_on() -> None:
    for path in sorted((HOME / "notebooks").rglob("*.ipynb")):
        if ".ipynb_checkpoints" not in path.parts:
            text = json.dumps(json.loads(path.read_text()))
            assert str(HOME) not in text and str(Path.home()) + "/" not in text
