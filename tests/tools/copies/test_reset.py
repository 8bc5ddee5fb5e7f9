"""Lessons taken back to their originals: nothing that was the reader's goes."""

from __future__ import annotations

import os
import re
from datetime import timedelta
from pathlib import Path

import pytest
from copies import reset as reset_module
from copies.errors import CopyFolderError, UnknownLessonError
from copies.notes import Note, Told
from small_copy import FIRST, NOON, Course, course, outputs, sources

ONE, TWO, THREE = "concepts/01-one.ipynb", "concepts/02-two.ipynb", "beyond/03-three.ipynb"
SHOP, TILL = "beyond/shop.ts", "beyond/till.ts"
KEPT = "concepts/01-one.kept-2026-11-29-120000.ipynb"


@pytest.fixture
def read(tmp_path: Path) -> Course:
    """A course of which a reader has a copy, with a change in the first lesson."""
    made = course(tmp_path)
    made.update()
    made.add(ONE, "mine();")
    return made


def test_a_lesson_is_as_at_first_without_outputs_and_what_was_there_is_kept_by_its_time(read: Course) -> None:
    read.run(ONE)
    before = read.mine(ONE).read_bytes()
    assert read.reset("concepts/01") == [Note(Told.KEPT, ONE, KEPT)]
    assert sources(read.mine(ONE)) == FIRST[ONE] and outputs(read.mine(ONE)) == [[], []]
    assert read.mine(KEPT).read_bytes() == before
    assert read.update() == []


def test_a_second_reset_keeps_the_second_change_and_the_first_kept_one(read: Course) -> None:
    read.reset("concepts/01")
    read.add(ONE, "mine again();")
    read.reset("concepts/01")
    again = KEPT.replace("120000", "120000-2")
    assert sources(read.mine(KEPT))[-1] == "mine();" and sources(read.mine(again))[-1] == "mine again();"
    read.add(ONE, "and again();")
    assert read.reset("concepts/01", NOON + timedelta(seconds=61))[0].other == KEPT.replace(
        "120000", "120101"
    )


def test_a_lesson_that_was_only_run_leaves_nothing_to_keep(read: Course) -> None:
    read.run(TWO)
    assert read.reset("concepts/02") == [Note(Told.SAME, TWO)]
    assert outputs(read.mine(TWO)) == [[]] and read.files() == sorted(FIRST | {ONE: []})


def test_a_reset_takes_the_newer_version_and_what_lay_beside_is_in_its_place(read: Course) -> None:
    read.publish(ONE, ["# One", "better();"])
    read.update()
    read.reset("concepts/01")
    assert sources(read.mine(ONE)) == ["# One", "better();"]
    assert read.files() == sorted([*FIRST, KEPT])


def test_a_newer_version_beside_in_which_the_reader_has_written_stays(read: Course) -> None:
    read.publish(ONE, ["# One", "better();"])
    read.update()
    read.add("concepts/01-one.new-version.ipynb", "mine too();")
    read.reset("concepts/01")
    assert sources(read.mine("concepts/01-one.new-version.ipynb"))[-1] == "mine too();"


def test_modules_that_a_lesson_uses_go_back_with_it(read: Course) -> None:
    for name in (SHOP, TILL):
        read.mine(name).write_text("mine\n")
    notes = read.reset("beyond/04")
    assert notes == [Note(Told.SAME, "beyond/04-four.ipynb")]
    notes = read.reset("beyond/03")
    kept = {note.name: note.other for note in notes if note.told is Told.KEPT}
    assert set(kept) == {SHOP, TILL}
    assert all(read.mine(other).read_text() == "mine\n" for other in kept.values())
    assert kept[SHOP] == "beyond/shop.kept-2026-11-29-120000.ts"
    assert read.mine(TILL).read_bytes() == read.original(TILL).read_bytes()


def test_all_takes_every_lesson_and_module_back(read: Course) -> None:
    read.mine(SHOP).write_text("mine\n")
    notes = read.reset("all")
    assert {note.name for note in notes if note.told is Told.KEPT} == {ONE, SHOP}
    assert {note.name for note in notes} == set(FIRST)


@pytest.mark.parametrize(
    "word",
    [
        "concepts/01-one",
        "concepts/01-one.ipynb",
        "my-lessons/concepts/01-one.ipynb",
        "notebooks/concepts/01-one.ipynb",
        "01-one",
        "concepts/01",
        " 01 ",
    ],
)
def test_a_lesson_goes_by_its_name_or_the_beginning_of_it(read: Course, word: str) -> None:
    assert [note.name for note in read.reset(word)] == [ONE]


@pytest.mark.parametrize("word", ["concepts/09", "concepts/01-one.kept-2026", "../notebooks", "ALL", "one"])
def test_an_unknown_lesson_names_those_that_exist_and_changes_nothing(read: Course, word: str) -> None:
    before = {name: read.mine(name).read_bytes() for name in read.files()}
    with pytest.raises(UnknownLessonError) as error:
        read.reset(word)
    assert str(error.value).startswith(
        f"there is no lesson {word!r}. There are: 00-start-here, beyond/03-three"
    )
    assert "concepts/02-two" in str(error.value)
    assert {name: read.mine(name).read_bytes() for name in read.files()} == before


def test_a_beginning_of_several_names_asks_which_and_none_asks_for_one(read: Course) -> None:
    with pytest.raises(
        UnknownLessonError, match=r"may be concepts/01-one, concepts/02-two\. Say which, or LESSON=all"
    ):
        read.reset("concepts")
    with pytest.raises(UnknownLessonError, match=r"^which lesson\?.*There are: 00-start-here"):
        read.reset("")


@pytest.mark.parametrize("what", ["no JSON", "a folder", "a link"])
def test_what_can_not_be_read_is_kept_as_it_is(read: Course, what: str) -> None:
    path = read.mine(ONE)
    path.unlink()
    if what == "no JSON":
        path.write_text("{my lines")
    elif what == "a folder":
        path.mkdir()
        (path / "mine").write_text("my lines")
    else:
        path.symlink_to("02-two.ipynb")
        read.add(TWO, "my lines")
    read.reset("concepts/01")
    assert sources(path) == FIRST[ONE] and not path.is_symlink()
    kept = read.mine(KEPT)
    assert "my lines" in ((kept / "mine") if kept.is_dir() else kept).read_text()
    assert kept.is_symlink() == (what == "a link")


def test_a_lesson_that_is_missing_comes_back_also_where_there_is_no_copy_yet(tmp_path: Path) -> None:
    made = course(tmp_path)
    assert made.reset("concepts/01") == [Note(Told.SAME, ONE)]
    assert made.files() == [ONE]
    made.update()
    assert made.files() == sorted(FIRST)


def test_a_folder_of_the_copy_that_leads_out_of_it_is_refused(read: Course) -> None:
    read.mine("concepts").rename(read.mine("mine"))
    read.mine("concepts").symlink_to(read.original("concepts"))
    before = read.original(ONE).read_bytes()
    with pytest.raises(CopyFolderError, match="my-lessons/concepts is a link"):
        read.reset("concepts/01")
    assert read.original(ONE).read_bytes() == before


def test_a_reset_that_fails_half_way_leaves_the_lesson_as_it_was(
    read: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = read.mine(ONE).read_bytes()
    real = os.replace

    def refuse(source: Path, target: Path) -> None:
        if Path(target).name == "01-one.ipynb":
            raise PermissionError(13, "Permission denied", str(target))
        real(source, target)

    monkeypatch.setattr(reset_module.os, "replace", refuse)
    with pytest.raises(PermissionError):
        read.reset("concepts/01")
    assert read.mine(ONE).read_bytes() == before
    assert not [name for name in read.files() if re.search(r"kept|being-written", name)]


def test_what_was_noted_of_progress_stays_through_updates_and_resets(read: Course) -> None:
    noted = read.mine("progress.jsonl")
    noted.write_text('{"exercise":"c01-a","solved":true}\n', encoding="utf-8")
    before = noted.read_bytes()
    read.publish(TWO, ["# Two", "better();"])
    read.update()
    read.publish(ONE, ["# One", "better();"])
    read.update(is_open=True)
    read.reset(ONE)
    read.reset("all")
    assert sources(read.mine(ONE)) == ["# One", "better();"]
    assert noted.read_bytes() == before
