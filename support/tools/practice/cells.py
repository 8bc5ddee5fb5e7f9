"""The cells of an exercise in its lesson: text, stub, hints, solution, and what is said after it."""

from __future__ import annotations

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell

from practice.source import Exercise

FOLDED = {"source_hidden": True, "outputs_hidden": True}


def cell_id(exercise_id: str, part: str) -> str:
    return f"ex-{exercise_id}-{part}"


def fold(summary: str, text: str) -> str:
    """Markdown that a reader has to open."""
    return f"<details><summary>{summary}</summary>\n\n{text}\n\n</details>"


def hints_text(hints: tuple[str, ...]) -> str:
    """The hints, each folded by itself, and the word that the solution follows."""
    folds = [fold(f"Hint {number}", hint) for number, hint in enumerate(hints, 1)]
    return "\n".join([*folds, "", "A solution, folded:"])


def cells(exercise: Exercise) -> list[NotebookNode]:
    """The cells, without outputs."""
    name = exercise.id

    def code(part: str, source: str, tag: str, jupyter: dict[str, bool]) -> NotebookNode:
        metadata = {"tags": [tag]} | ({"jupyter": jupyter} if jupyter else {})
        return new_code_cell(source, id=cell_id(name, part), metadata=metadata)

    heading = f"### Exercise {name}: {exercise.title[0].lower()}{exercise.title[1:]}"
    made = [
        new_markdown_cell(f"{heading}\n\n{exercise.text}", id=cell_id(name, "text")),
        code("stub", exercise.stub, "exercise", {}),
        new_markdown_cell(hints_text(exercise.hints), id=cell_id(name, "hints")),
    ]
    for number, (prose, source) in enumerate(exercise.solution, 1):
        part = "solution" if number == 1 else f"solution-{number}"
        if number > 1:
            said = fold("About the next part of the solution", prose) if prose else "The next part, folded:"
            made.append(new_markdown_cell(said, id=cell_id(name, f"before-{part}")))
        made.append(code(part, source, "solution", FOLDED))
    if exercise.after:
        made.append(new_markdown_cell(fold("About this solution", exercise.after), id=cell_id(name, "after")))
    return made
