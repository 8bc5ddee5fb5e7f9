"""Exercises: one source, its cells in the lesson, and what of a source is refused."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from authoring.notebook import read_notebook
from authoring.project import Project
from nbformat import NotebookNode
from nbformat.v4 import new_output
from practice import trial
from practice.cells import cells
from practice.place import NoPlaceError, lesson_key, too_few, update_exercises
from practice.source import Exercise, ExerciseFormError, parse, read_exercises
from practice.table import failed_lines, table_lines, wrong_lines
from practice.trial import Told
from small_project import code, prose, put

SOURCE = """# 02-a: Tea

Make tea.

## Stub

```ts
import { exercise } from "support";

function tea() {}

await exercise("02-a", tea);
```

## Hints

1. One.
2. Two,
   in two lines.
3. Three.

## Solution

```ts
import { solution } from "support";

const made = () => "tea";

await solution("02-a", made);
```

## After

So it is.

## Wrong: coffee

Says: it is coffee

```ts
function tea() {
  return "coffee"; // ## no heading
}
```

## Wrong: water

Says: it is water

```ts
import { x } from "y";

function tea() {
  return "water";
}
```

## Wrong: nothing

Says: nothing came

```ts
function tea() {}
```

## Cheat: a picture of tea

Says: it is a picture

```ts
const tea = () => "picture";
```
"""


def written(project: Project, text: str = SOURCE) -> None:
    folder = project.root / "support" / "exercises" / "02"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "a.md").write_text(text)
    (folder / "a.ts").write_text("export const check = 1;\n")


def place(cell_id: str = "ex-02-a-text") -> NotebookNode:
    cell = prose("")
    cell["id"] = cell_id
    return cell


def test_a_source_is_read_part_by_part() -> None:
    one = parse(Path("02/a.md"), SOURCE)
    assert (one.id, one.title, one.text, one.after) == ("02-a", "Tea", "Make tea.", "So it is.")
    assert one.hints == ("One.", "Two,\nin two lines.", "Three.")
    assert [(answer.name, answer.is_cheat) for answer in one.answers] == [
        ("coffee", False),
        ("water", False),
        ("nothing", False),
        ("a picture of tea", True),
    ]


def test_a_wrong_answer_is_run_with_the_stubs_imports_unless_it_has_its_own_and_the_stubs_call() -> None:
    one = parse(Path("02/a.md"), SOURCE)
    coffee, water, *_ = one.answers
    assert one.cell_of(coffee).startswith('import { exercise } from "support";\nfunction tea() {')
    assert one.cell_of(coffee).endswith('await exercise("02-a", tea);')
    assert one.cell_of(water).startswith('import { x } from "y";')


REFUSED = {
    "another name than its file's": ("# 02-a:", "# 02-b:", "does not begin with `# 02-a: Title`"),
    "no hints": ("## Hints", "## Hint", "has not one section `## Hints`"),
    "two hints": ("3. Three.\n", "", "it has 2 hints; give it 3"),
    "two wrong answers": (
        SOURCE[SOURCE.index("## Wrong: nothing") : SOURCE.index("## Cheat")],
        "",
        "it needs 3 wrong answers and a cheat",
    ),
    "no cheat": (SOURCE[SOURCE.index("## Cheat") :], "", "it needs 3 wrong answers and a cheat"),
    "a wrong answer that nothing is said of": ("Says: it is water\n", "", "no `Wrong: …` or `Cheat: …` with"),
    "a section of another name": ("## After", "## Afterwards", "no `Wrong: …` or `Cheat: …` with"),
    "a stub that asks nothing": (
        'await exercise("02-a", tea);',
        "tea();",
        "the last line of its code is not",
    ),
    "no code": ("```ts\nfunction tea() {}\n```", "", "has 0 blocks of TypeScript; give it one"),
}


@pytest.mark.parametrize("case", REFUSED.values(), ids=REFUSED.keys())
def test_a_source_that_lacks_a_part_is_refused_in_one_line(case: tuple[str, str, str]) -> None:
    old, new, says = case
    assert old in SOURCE
    with pytest.raises(ExerciseFormError) as refused:
        parse(Path("02/a.md"), SOURCE.replace(old, new))
    assert says in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_long_solution_has_several_cells_all_of_them_folded() -> None:
    more = 'Then it is poured.\n\n```ts\nawait solution("02-a", poured);\n```\n\n## After'
    one = parse(Path("02/a.md"), SOURCE.replace("## After", more))
    assert [prose for prose, _ in one.solution] == ["", "Then it is poured."]
    made = cells(one)
    assert [cell.id for cell in made[3:6]] == [
        "ex-02-a-solution",
        "ex-02-a-before-solution-2",
        "ex-02-a-solution-2",
    ]
    assert made[4].source.startswith("<details>")
    assert all(made[at].metadata["jupyter"]["source_hidden"] for at in (3, 5))


def test_a_text_without_a_check_is_refused(project: Project) -> None:
    written(project)
    (project.root / "support/exercises/02/a.ts").unlink()
    with pytest.raises(ExerciseFormError, match="it has no check"):
        read_exercises(project)


def test_hints_and_solution_are_folded_and_the_stub_is_not() -> None:
    text, stub, hints, solution, after = cells(parse(Path("02/a.md"), SOURCE))
    assert text.source == "### Exercise 02-a: tea\n\nMake tea."
    assert "jupyter" not in stub.metadata
    assert hints.source.count("<details><summary>Hint ") == 3
    assert solution.metadata["jupyter"] == {"source_hidden": True, "outputs_hidden": True}
    assert after.source.startswith("<details>")


def test_the_cells_are_written_where_the_lesson_has_its_place_and_the_rest_stays(project: Project) -> None:
    written(project)
    path = put(project, "examples/02-two", code("1;"), place(), prose("## After"))
    assert update_exercises(project, check=True) == ["examples/02-two"]
    assert len(read_notebook(path, "x").cells) == 4
    assert update_exercises(project, check=False) == ["examples/02-two"]
    ids = [cell.id for cell in read_notebook(path, "x").cells]
    assert ids[2:7] == [f"ex-02-a-{part}" for part in ("text", "stub", "hints", "solution", "after")]
    assert read_notebook(path, "x").cells[7].source == "## After"
    assert update_exercises(project, check=True) == []


def test_an_output_stays_with_its_code_and_goes_when_the_code_changes(project: Project) -> None:
    written(project)
    path = put(project, "examples/02-two", place())
    update_exercises(project, check=False)
    notebook = read_notebook(path, "x")
    notebook.cells[2].outputs = [new_output("stream", name="stdout", text="not yet\n")]
    notebook.cells[4].outputs = [new_output("stream", name="stdout", text="solved\n")]
    nbformat.write(notebook, path)
    written(project, SOURCE.replace("function tea() {}\n\nawait", "function tea() { return 1; }\n\nawait"))
    update_exercises(project, check=False)
    after = read_notebook(path, "x").cells
    assert after[2].outputs == []
    assert after[4].outputs[0].text == "solved\n"


def test_a_lesson_without_the_place_is_refused_and_not_written(project: Project) -> None:
    written(project)
    path = put(project, "examples/02-two", place("ex-02-b-text"))
    before = path.read_text()
    with pytest.raises(NoPlaceError, match="examples/02-two has 0 places for 02-a"):
        update_exercises(project, check=False)
    assert path.read_text() == before


def test_exercises_of_a_lesson_that_there_is_not_are_refused(project: Project) -> None:
    written(project, SOURCE.replace("02-a", "09-a"))
    folder = project.root / "support" / "exercises"
    (folder / "02").rename(folder / "09")
    with pytest.raises(NoPlaceError, match="no lesson for support/exercises/09"):
        update_exercises(project, check=False)


def test_a_concept_and_an_example_of_one_number_have_two_names() -> None:
    assert lesson_key("concepts/02-coroutines") == "c02"
    assert lesson_key("examples/02-simple-coroutines") == "02"
    assert lesson_key("beyond/17-time") == "17"
    assert lesson_key("00-start-here") == ""


def test_a_lesson_without_enough_sources_is_found_and_a_capstone_needs_one() -> None:
    one = parse(Path("02/a.md"), SOURCE)
    names = ["00-start-here", "examples/02-two", "capstones/20-crawler", "for-teachers"]
    assert [str(found) for found in too_few(names, [one, one])] == [
        "examples/02-two, cell 1: exercises in support/exercises/02: 2 of at least 3",
        "capstones/20-crawler, cell 1: exercises in support/exercises/20: 0 of at least 1",
    ]
    capstone = parse(Path("20/a.md"), SOURCE.replace("02-a", "20-a"))
    assert list(too_few(names, [one, one, one, capstone])) == []


def test_the_table_counts_what_held_and_says_what_did_not() -> None:
    told = [
        Told("02-a", "", "stub", True, "☐", 0.5),
        Told("02-a", "coffee", "wrong", False, "✓ solved\nit passes", 0.5),
        Told("02-a", "water", "wrong", True, "☐", 2.5),
        Told("02-a", "", "solution", True, "✓", 2.1),
    ]
    assert table_lines(told)[1].split()[:5] == ["02-a", "1/1", "1/1", "1/2", "0/0"]
    assert table_lines(told)[1].endswith("over 2 s")
    assert wrong_lines(told) == ["02-a, wrong: coffee", "    ✓ solved", "    it passes"]
    assert failed_lines(told) == ["FAILED 02-a (5.6 s)"]
    assert failed_lines(told[2:]) == []


Asked = frozenset[tuple[str, str]]


@pytest.mark.parametrize(
    ("failing", "asked_again"),
    [
        (("wrong", "coffee"), {("wrong", "coffee"), ("stub", "")}),
        (("solution", ""), {("solution", ""), ("part", "of the solution")}),
        (("fault", "orphan"), set()),
    ],
)
def test_what_was_told_otherwise_is_asked_once_more_and_the_rest_stands(
    project: Project,
    monkeypatch: pytest.MonkeyPatch,
    failing: tuple[str, str],
    asked_again: set[tuple[str, str]],
) -> None:
    known = [("solution", ""), ("stub", ""), ("wrong", "coffee"), ("wrong", "water")]
    asked: list[Asked] = []

    async def try_together(_: Project, exercises: list[Exercise], only: Asked = frozenset()) -> list[Told]:
        asked.append(only)
        names = [name for name in known if not only or name in only]
        told = [
            Told(one.id, name, kind, len(asked) > 1 or (kind, name) != failing, "", 0.1)
            for one in exercises
            for kind, name in names
        ]
        fault = [Told("02-a", failing[1], "fault", False, "", 0.0)]
        return told + (fault if failing[0] == "fault" and len(asked) == 1 else [])

    monkeypatch.setattr(trial, "try_together", try_together)
    told = trial.try_all(project, [parse(Path("02/a.md"), SOURCE)])
    assert asked == [frozenset(), asked_again]
    assert all(one.holds for one in told)
    assert sorted((one.kind, one.answer) for one in told) == sorted(known)
