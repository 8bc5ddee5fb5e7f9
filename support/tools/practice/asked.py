"""Predictions as a reader meets them: each is asked before anything shows its answer. Pure."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from authoring.complaints import Complaint
from authoring.prose import headings
from nbformat import NotebookNode

from practice.source import FOLDER, ExerciseFormError

PREDICT = re.compile(r"\bpredict\(\s*\"([^\"]+)\",\s*(\"[^\"]*\")")
OUTCOME = re.compile(r"\boutcome\(\s*\"([^\"]+)\"")
STRING = re.compile(r"\"([^\"\n]*)\"|`([^`\n]*)`")
CHECK = re.compile(r"\bcheck\((.*?)\);", re.DOTALL)
NUMBER = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?![\w.])")
HEADING = "Predict"


@dataclass(frozen=True)
class Prediction:
    """What comes out, and the other choices."""

    id: str
    answer: str
    others: tuple[str, ...]


def read_predictions(root: Path, key: str) -> list[Prediction]:
    """A lesson's predictions; none where it has no file of them.

    Raises:
        ExerciseFormError: the file is not in its form.
    """
    path = root / FOLDER / key / "predictions.json"
    if not path.exists():
        return []
    inside = Path(key) / path.name
    try:
        given: Any = json.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise ExerciseFormError(inside, f"it is no JSON: {error}") from None
    found = []
    for name, one in given.items() if isinstance(given, dict) else []:
        others = one.get("others") if isinstance(one, dict) else None
        if not isinstance(others, dict) or not others or not isinstance(one.get("answer"), str):
            raise ExerciseFormError(inside, f"{name} has no answer, or no other choices with their ideas")
        if plain(one["answer"]) in map(plain, others):
            raise ExerciseFormError(inside, f"{name} has its answer among the wrong choices")
        if not name.startswith(f"{key}-"):
            raise ExerciseFormError(inside, f"{name} does not begin with {key}-")
        if empty := [choice for choice, idea in others.items() if not str(idea).strip()]:
            raise ExerciseFormError(inside, f"{name} has no idea for {empty[0]!r}")
        found.append(Prediction(name, one["answer"], tuple(others)))
    return found


def plain(words: str) -> str:
    """Words without what two ways to write them differ in."""
    return re.sub(r"[\s,;.`*]+", "", words.lower())


def _shows(text: str, answer: str) -> bool:
    """Whether a text has an answer in it, as words of their own."""
    return re.search(rf"(?<![\w.]){re.escape(answer.lower())}(?![\w.])", text.lower()) is not None


def _printed(cell: NotebookNode) -> str:
    return "\n".join(
        str(output.get("text", "")) + str(output.get("data", {}).get("text/plain", ""))
        for output in cell.get("outputs", [])
    )


def _question(cells: list[NotebookNode], at: int) -> int | None:
    """The cell with the heading that a prediction stands under."""
    for before in range(at - 1, -1, -1):
        if cells[before].cell_type == "markdown" and (found := list(headings(cells[before].source))):
            return before if found[-1][1].startswith(HEADING) else None
    return None


def _asked_in(source: str) -> str:
    """The prose of a question: what follows the last heading."""
    return re.split(r"^#+ .*$", source, flags=re.MULTILINE)[-1]


def _choices(prose: str, prediction: Prediction) -> str | None:
    """What is wrong with the choices that the prose names."""
    if "Choose:" not in prose:
        return (
            None
            if re.search(r"\b[Ww]rite\b", prose)
            else "the question names no choices; write `Choose: … · ….`"
        )
    named = plain(prose.split("Choose:", 1)[1])
    missing = [one for one in (prediction.answer, *prediction.others) if plain(one) not in named]
    return f"the question does not name the choice {missing[0]!r}" if missing else None


def _code(source: str, prediction: Prediction) -> str | None:
    """What of the code of a run gives its answer away."""
    strings = {plain(one or other) for one, other in STRING.findall(source)}
    choices = [plain(one) for one in (prediction.answer, *prediction.others)]
    # Where other choices stand there too, the answer does not stand out.
    others = sum(one in strings for one in choices[1:])
    if choices[0] in strings and others < min(2, len(choices) - 1):
        return f"its code has the answer, {prediction.answer!r}"
    numbers = set(NUMBER.findall(prediction.answer))
    for check in CHECK.findall(source):
        if numbers & set(NUMBER.findall(check)) or _shows(check, prediction.answer):
            return "a check beside the run gives the answer away; move it to a later cell"
    return None


def _places(cells: list[NotebookNode], call: re.Pattern[str], name: str) -> list[tuple[int, int]]:
    """Where a call with this name stands: the cells, and the places in them."""
    return [
        (at, found.start())
        for at, cell in enumerate(cells)
        if cell.cell_type == "code"
        for found in call.finditer(cell.source)
        if found[1] == name
    ]


def _one(lesson: str, cells: list[NotebookNode], prediction: Prediction) -> Iterator[Complaint]:
    name = prediction.id
    asks = _places(cells, PREDICT, name)
    tells = _places(cells, OUTCOME, name)
    if len(asks) != 1 or len(tells) != 1 or tells[0] < asks[0]:
        at = asks[0][0] if asks else 0
        yield Complaint(lesson, at + 1, 0, f"{name} is not predicted once and told once after it")
        return
    ask, tell = asks[0][0], tells[0][0]
    question = _question(cells, ask)
    if question is None:
        yield Complaint(lesson, ask + 1, 0, f"{name} stands under no heading `{HEADING}: …`")
        return
    between = cells[question:ask]
    prose = "\n".join(
        _asked_in(cell.source) if at == 0 else cell.source
        for at, cell in enumerate(between)
        if cell.cell_type == "markdown"
    )
    if wrong := _choices(prose, prediction):
        yield Complaint(lesson, question + 1, 0, f"{name}: {wrong}")
    if f'"{name}", "?"' not in re.sub(r"\(\s+", "(", cells[ask].source).replace(",\n", ", "):
        yield Complaint(lesson, ask + 1, 0, f'{name} is not left open; commit it with "?"')
    code = "\n".join(cell.source for cell in cells[ask : tell + 1] if cell.cell_type == "code")
    if wrong := _code(code, prediction):
        yield Complaint(lesson, ask + 1, 0, f"{name}: {wrong}")
    for at in range(question, ask):
        if cells[at].cell_type == "code" and _shows(_printed(cells[at]), prediction.answer):
            yield Complaint(lesson, at + 1, 0, f"{name}: this output, before its run, has the answer")
    heads = [words for _, words in headings(cells[question].source)][-1:]
    for cell in cells[ask + 1 : tell + 2]:
        if cell.cell_type == "markdown":
            heads += [words for _, words in headings(cell.source)][:1]
    for words in heads:
        if _shows(words, prediction.answer) and not prediction.answer.isdigit():
            yield Complaint(lesson, question + 1, 0, f"{name}: the heading {words!r} has the answer")


def complaints(lesson: str, notebook: NotebookNode, predictions: list[Prediction]) -> Iterator[Complaint]:
    """What of a lesson is not as its predictions want it."""
    known = {prediction.id for prediction in predictions}
    for number, cell in enumerate(notebook.cells, 1):
        if cell.cell_type != "code":
            continue
        for name in [one for one, _ in PREDICT.findall(cell.source)] + OUTCOME.findall(cell.source):
            if name not in known:
                yield Complaint(lesson, number, 0, f"{name} is not in predictions.json")
    for prediction in predictions:
        yield from _one(lesson, notebook.cells, prediction)
    for number, cell in enumerate(notebook.cells, 1):
        for _, words in headings(cell.source) if cell.cell_type == "markdown" else []:
            if words.startswith(HEADING) and not _is_predicted(notebook.cells, number - 1, words):
                yield Complaint(lesson, number, 0, f"nothing is predicted under the heading {words!r}")


def _is_predicted(cells: list[NotebookNode], at: int, words: str) -> bool:
    """Whether a prediction follows a heading before the next one."""
    own = [found for _, found in headings(cells[at].source)]
    if own[-1] != words:
        return False
    for cell in cells[at + 1 :]:
        if cell.cell_type == "markdown" and list(headings(cell.source)):
            return False
        if cell.cell_type == "code" and PREDICT.search(cell.source):
            return True
    return False
