"""A prediction is asked before anything shows its answer: each way to show it is found."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_notebook
from practice.asked import Prediction, complaints, plain, read_predictions
from practice.source import ExerciseFormError
from small_project import code, prose

TEN = Prediction("02-ten", "30 s", ("184 s", "3 s"))
QUESTION = "### Predict: ten delays\n\nHow long? Choose: 30 s · 184 s · 3 s."
RUN = 'predict("02-ten", "?");\nconst ten = await record(run);\ntimeline(ten);\noutcome("02-ten", `${whole(ten.makespan)} s`);'


def found(*cells: NotebookNode, predictions: tuple[Prediction, ...] = (TEN,)) -> list[str]:
    return [one.what for one in complaints("examples/02", new_notebook(cells=list(cells)), list(predictions))]


def test_a_question_with_its_choices_then_its_run_is_as_it_should_be() -> None:
    assert found(prose(QUESTION), code(RUN), prose("All overlap: 30 s.")) == []
    assert found(prose(QUESTION), code("const run = 1;"), prose("Now."), code(RUN)) == []


WRONG = {
    "a question without choices": (prose("### Predict: ten\n\nHow long?"), code(RUN), "names no choices"),
    "a choice that is not named": (
        prose("### Predict: ten\n\nChoose: 30 s · 3 s."),
        code(RUN),
        "does not name the choice '184 s'",
    ),
    "no heading that asks": (prose("## Ten\n\nChoose: 30 s · 184 s · 3 s."), code(RUN), "under no heading"),
    "a prediction that is made already": (
        prose(QUESTION),
        code(RUN.replace('"?"', '"30 s"')),
        "not left open",
    ),
    "the answer in the code": (
        prose(QUESTION),
        code(RUN.replace("timeline(ten)", 'timeline(ten, { title: "30 s" })')),
        "its code has the answer",
    ),
    "a check that gives it away": (
        prose(QUESTION),
        code(RUN + '\ncheck("as long as one", whole(ten.makespan) === 30);'),
        "a check beside the run",
    ),
    "the answer in the heading": (
        prose("### Predict: 30 s or more\n\nChoose: 30 s · 184 s · 3 s."),
        code(RUN),
        "the heading 'Predict: 30 s or more' has the answer",
    ),
    "an outcome that is never told": (
        prose(QUESTION),
        code('predict("02-ten", "?");\n1;'),
        "not predicted once and told once",
    ),
    "an outcome before its prediction": (
        prose(QUESTION),
        code('outcome("02-ten", "x");\n' + RUN),
        "not predicted once and told once",
    ),
}


@pytest.mark.parametrize("case", WRONG.values(), ids=WRONG.keys())
def test_what_shows_an_answer_before_its_question_is_found(
    case: tuple[NotebookNode, NotebookNode, str],
) -> None:
    question, run, says = case
    assert any(says in one for one in found(question, run)), found(question, run)


def test_an_output_between_question_and_run_that_has_the_answer_is_found() -> None:
    early = code("console.log(1);", text="it takes 30 s\n")
    assert (
        "this output, before its run, has the answer"
        in found(prose(QUESTION), early, prose("So."), code(RUN))[0]
    )
    other = code("console.log(1);", text="it takes 130 s\n")
    assert found(prose(QUESTION), other, prose("So."), code(RUN)) == []


def test_the_heading_that_comes_next_is_looked_at_too() -> None:
    told = found(prose(QUESTION), code(RUN), prose("It was so.\n\n## Why 30 s"))
    assert told == ["02-ten: the heading 'Why 30 s' has the answer"]


def test_all_choices_may_stand_in_the_code_where_the_answer_does() -> None:
    table = RUN + '\nconst words = ["30 s", "184 s", "3 s"];'
    assert found(prose(QUESTION), code(table)) == []


def test_a_heading_that_asks_and_lets_nobody_predict_is_found_also_in_a_lesson_without_predictions() -> None:
    other = prose("### Predict: it\n\nWhat?")
    told = ["nothing is predicted under the heading 'Predict: it'"]
    assert found(prose(QUESTION), code(RUN), other, code("1;")) == told
    assert found(other, code("1;"), predictions=()) == told


def test_a_prediction_that_the_file_does_not_know_is_found() -> None:
    assert "02-ten is not in predictions.json" in found(prose(QUESTION), code(RUN), predictions=())


def test_two_ways_to_write_an_answer_are_one() -> None:
    assert plain("2, 6, 2, 4") == plain("2 6 2 4")
    assert plain("`race` first") == plain("Race first")
    assert plain("3 s") != plain("30 s")


BAD = {
    "no JSON": ("{", "it is no JSON"),
    "no others": ('{"02-a": {"answer": "1"}}', "no other choices"),
    "the answer as a wrong choice": (
        '{"02-a": {"answer": "1 s", "others": {"1s": "x"}}}',
        "among the wrong choices",
    ),
    "a choice without its idea": ('{"02-a": {"answer": "1", "others": {"2": " "}}}', "no idea for '2'"),
    "another lesson's": ('{"03-a": {"answer": "1", "others": {"2": "x"}}}', "does not begin with 02-"),
}


@pytest.mark.parametrize("case", BAD.values(), ids=BAD.keys())
def test_a_file_of_predictions_that_is_wrong_is_refused_in_one_line(
    tmp_path: Path, case: tuple[str, str]
) -> None:
    text, says = case
    path = tmp_path / "support" / "exercises" / "02" / "predictions.json"
    path.parent.mkdir(parents=True)
    path.write_text(text)
    with pytest.raises(ExerciseFormError, match=says):
        read_predictions(tmp_path, "02")


def test_a_file_of_predictions_is_read_in_its_order(tmp_path: Path) -> None:
    path = tmp_path / "support" / "exercises" / "02" / "predictions.json"
    path.parent.mkdir(parents=True)
    path.write_text(
        json.dumps(
            {"02-b": {"answer": "1", "others": {"2": "x"}}, "02-a": {"answer": "3", "others": {"4": "y"}}}
        )
    )
    assert read_predictions(tmp_path, "02") == [
        Prediction("02-b", "1", ("2",)),
        Prediction("02-a", "3", ("4",)),
    ]
    assert read_predictions(tmp_path, "03") == []
