"""The exercises of a lesson as an instructor's notebook, in the form of nbgrader 0.9. Pure."""

from __future__ import annotations

import re
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from practice.cells import fold
from practice.source import Exercise

KERNEL = {"name": "tslab", "display_name": "TypeScript (tslab)", "language": "typescript"}
CALL = re.compile(r"await (?:exercise|solution)\(\"[^\"]+\", (\w+)\);")
# What a grading cell and an answer's cell say of themselves to nbgrader.
SCHEMA = {"schema_version": 3, "task": False}
BEGIN, END = "// BEGIN SOLUTION", "// END SOLUTION"


def _called(code: str) -> str:
    """The name of the function that an exercise's last line hands in."""
    found = CALL.search(code.rstrip().split("\n")[-1])
    if found is None:
        raise ValueError(f"its last line hands in no function by name: {code.splitlines()[-1]}")
    return found[1]


def _without_call(code: str) -> str:
    return "\n".join(code.rstrip().split("\n")[:-1]).strip()


def stub_of(exercise: Exercise) -> str:
    """What a student begins with: the stub, without the line that checks it."""
    return _without_call(exercise.stub)


def solution_of(exercise: Exercise) -> str:
    """What an instructor's cell has: the solution under the stub's name, between nbgrader's marks."""
    *parts, last = [code for _, code in exercise.solution]
    own, asked = _called(last), _called(exercise.stub)
    code = "\n\n".join([*parts, _without_call(last)])
    return "\n".join([BEGIN, code, f"const {asked} = {own};", END])


def _marked(source: str, name: str, **metadata: Any) -> NotebookNode:
    return new_code_cell(source, id=name, metadata=metadata)


def exercise_cells(exercise: Exercise) -> list[NotebookNode]:
    """The text, the answer's cell, the hints and the cell that grades it."""
    answer = SCHEMA | {"grade": False, "grade_id": f"{exercise.id}-answer", "locked": False, "solution": True}
    grading = SCHEMA | {
        "grade": True,
        "grade_id": exercise.id,
        "locked": True,
        "solution": False,
        "points": 1,
    }
    hints = "\n".join(fold(f"Hint {number}", hint) for number, hint in enumerate(exercise.hints, 1))
    check = f'import {{ grade }} from "support";\n\nawait grade("{exercise.id}", {_called(exercise.stub)});'
    return [
        new_markdown_cell(f"## {exercise.id}: {exercise.title}\n\n{exercise.text}", id=f"{exercise.id}-text"),
        _marked(
            solution_of(exercise),
            f"{exercise.id}-answer",
            nbgrader=answer,
            tsasync={"stub": stub_of(exercise)},
        ),
        new_markdown_cell(hints, id=f"{exercise.id}-hints"),
        _marked(check, f"{exercise.id}-grade", nbgrader=grading),
    ]


def assignment(title: str, exercises: list[Exercise]) -> NotebookNode:
    """The notebook that an instructor has: with solutions, and a point for each exercise."""
    head = (
        f"# {title}\n\nWrite your answers into the cells of the exercises. Each is checked by the cell after its hints, which says what"
        " it found: run it as often as you like. An answer that does is worth one point."
    )
    cells = [new_markdown_cell(head, id="head")]
    for exercise in exercises:
        cells += exercise_cells(exercise)
    return new_notebook(cells=cells, metadata={"kernelspec": KERNEL, "language_info": {"name": "typescript"}})


def handed_in(released: NotebookNode, answers: dict[str, str]) -> NotebookNode:
    """A released notebook with answers in its cells: what a student would hand in."""
    copy = NotebookNode(released)
    for cell in copy.cells:
        name = str(cell.get("metadata", {}).get("nbgrader", {}).get("grade_id", "")).removesuffix("-answer")
        if cell.cell_type == "code" and cell.metadata.nbgrader.solution and name in answers:
            cell.source = answers[name]
    return copy


def wrong_answers(exercise: Exercise) -> list[tuple[str, str]]:
    """Each wrong answer and cheat as a student would hand it in, with its name."""
    return [(answer.name, _without_call(exercise.cell_of(answer))) for answer in exercise.answers]
