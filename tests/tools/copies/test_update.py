"""The reader's copy, made and kept up to date: newer lessons come in, and nothing of the reader's goes."""

from __future__ import annotations

import errno
import json
import os
from pathlib import Path

import nbformat
import pytest
from authoring.project import HOME
from copies import files
from copies.content import fresh, said
from copies.errors import CopyFolderError
from copies.files import Places
from copies.notes import Note, Told
from copies.update import update
from small_copy import FIRST, KERNEL, Course, cells_of, course, notebook, outputs, sources

ONE, TWO, THREE = "concepts/01-one.ipynb", "concepts/02-two.ipynb", "beyond/03-three.ipynb"
SHOP = "beyond/shop.ts"
ONE_NEWER = "concepts/01-one.new-version.ipynb"


@pytest.fixture
def read(tmp_path: Path) -> Course:
    """A course of which a reader has a copy."""
    made = course(tmp_path)
    made.update()
    return made


def told(notes: list[Note]) -> set[tuple[Told, str]]:
    return {(note.told, note.name) for note in notes}


def test_a_copy_has_all_lessons_and_modules_without_outputs_and_the_originals_keep_theirs(
    tmp_path: Path,
) -> None:
    made = course(tmp_path)
    before = {name: made.original(name).read_bytes() for name in FIRST}
    made.original("Untitled.ipynb").write_text("an author's own")
    notes = made.update()
    assert made.files() == sorted(FIRST)
    assert outputs(made.mine(ONE)) == [[], []]
    assert [one.get("execution_count") for one in cells_of(made.mine(ONE))] == [None, None, None]
    assert sources(made.mine(ONE)) == FIRST[ONE]
    assert {name: made.original(name).read_bytes() for name in FIRST} == before
    assert told(notes) == {(Told.MADE, name) for name in FIRST}


def test_the_real_lessons_are_copied_as_valid_notebooks_that_say_the_same_and_show_nothing(
    tmp_path: Path,
) -> None:
    update(Places(HOME, HOME / "notebooks", copy := HOME / "build" / "test-copy" / tmp_path.name), False)
    try:
        originals = [
            path for path in (HOME / "notebooks").rglob("*.ipynb") if ".ipynb_checkpoints" not in path.parts
        ]
        for path in originals:
            original = nbformat.read(path, 4)
            mine = nbformat.read(copy / path.relative_to(HOME / "notebooks"), 4)
            nbformat.validate(mine)
            assert (mine.metadata, len(mine.cells)) == (original.metadata, len(original.cells))
            for one, other in zip(mine.cells, original.cells, strict=True):
                assert (one.source, one.id, one.metadata) == (other.source, other.id, other.metadata)
                assert one.get("outputs", []) == []
        assert len(originals) >= 28
        assert (copy / "beyond/watch-shop.ts").read_bytes() == (
            HOME / "notebooks/beyond/watch-shop.ts"
        ).read_bytes()
    finally:
        for path in sorted(copy.rglob("*"), reverse=True):
            path.rmdir() if path.is_dir() else path.unlink()
        copy.rmdir()


def test_a_newer_lesson_comes_in_by_itself_where_the_reader_has_only_run_it(read: Course) -> None:
    read.run(ONE)
    read.publish(ONE, ["# One", "one();", "better();"])
    assert told(read.update()) == {(Told.NEWER, ONE)}
    assert sources(read.mine(ONE)) == ["# One", "one();", "better();"]
    assert read.files() == sorted(FIRST)
    assert read.update() == []


def test_what_a_reader_has_run_stays_as_long_as_no_newer_lesson_comes(read: Course) -> None:
    read.run(ONE)
    before = read.mine(ONE).read_bytes()
    assert read.update() == []
    # The author runs the lesson once more: other outputs are no newer lesson.
    again = notebook(FIRST[ONE])
    again["cells"][1]["outputs"] = []
    read.original(ONE).write_text(json.dumps(again))
    assert read.update() == []
    assert read.mine(ONE).read_bytes() == before


def test_newer_metadata_alone_come_in_and_leave_what_the_reader_has_run(read: Course) -> None:
    read.run(ONE)
    renewed = notebook(FIRST[ONE]) | {"metadata": {"kernelspec": KERNEL, "language_info": {"version": "7"}}}
    read.original(ONE).write_text(json.dumps(renewed))
    assert read.update() == []
    mine = json.loads(read.mine(ONE).read_text())
    assert mine["metadata"]["language_info"] == {"version": "7"}
    assert json.dumps(outputs(read.mine(ONE))).count("the reader's run") == 2


EDITS = {
    "an edited source": lambda one: one.change(ONE, 1, source=["mine();"]),
    "an added cell": lambda one: one.add(ONE, "mine();"),
    "edited prose": lambda one: one.change(ONE, 0, source="# Mine"),
    "a tag": lambda one: one.change(ONE, 1, metadata={"tags": ["exercise", "mine"]}),
    "a picture pasted into prose": lambda one: one.change(
        ONE, 0, attachments={"a.png": {"image/png": "AAAA"}}
    ),
    "code made prose": lambda one: one.change(ONE, 1, cell_type="markdown"),
    "a deleted cell": lambda one: one.mine(ONE).write_text(json.dumps(notebook(FIRST[ONE][:2]))),
    "cells in another order": lambda one: one.mine(ONE).write_text(json.dumps(notebook(FIRST[ONE][::-1]))),
    "a file that is no JSON any more": lambda one: one.mine(ONE).write_text('{"cells": [<<<<<<< mine'),
    "an empty file": lambda one: one.mine(ONE).write_bytes(b""),
    "JSON that is no notebook": lambda one: one.mine(ONE).write_text("[1, 2]"),
    "a cell that is none": lambda one: one.mine(ONE).write_text('{"nbformat": 4, "cells": [7]}'),
    "a source that is no text": lambda one: one.change(ONE, 1, source=[{"mine": 1}]),
}


@pytest.mark.parametrize("edit", EDITS)
def test_where_the_reader_has_changed_something_theirs_stays_and_the_newer_one_lies_beside_it(
    read: Course, edit: str
) -> None:
    EDITS[edit](read)
    before = read.mine(ONE).read_bytes()
    read.publish(ONE, ["# One", "better();"])
    notes = read.update()
    assert Note(Told.BESIDE, ONE, ONE_NEWER) in notes
    assert read.mine(ONE).read_bytes() == before
    assert sources(read.mine(ONE_NEWER)) == ["# One", "better();"]
    # Told at each start, as long as it lies there.
    assert Note(Told.BESIDE, ONE, ONE_NEWER) in read.update()


@pytest.mark.parametrize("edit", EDITS)
def test_a_change_alone_is_left_alone(read: Course, edit: str) -> None:
    EDITS[edit](read)
    before = read.mine(ONE).read_bytes()
    assert {note.told for note in read.update()} <= {Told.UNREADABLE}
    assert read.mine(ONE).read_bytes() == before and read.files() == sorted(FIRST)


def test_a_still_newer_lesson_takes_the_place_of_the_newer_one_unless_that_was_changed(read: Course) -> None:
    read.add(ONE, "mine();")
    read.publish(ONE, ["# One", "better();"])
    read.update()
    read.run(ONE_NEWER)
    read.publish(ONE, ["# One", "best();"])
    read.update()
    assert sources(read.mine(ONE_NEWER)) == ["# One", "best();"]
    read.add(ONE_NEWER, "mine too();")
    read.publish(ONE, ["# One", "still better();"])
    second = "concepts/01-one.new-version-2.ipynb"
    assert Note(Told.BESIDE, ONE, second) in read.update()
    assert sources(read.mine(ONE_NEWER)) == ["# One", "best();", "mine too();"]
    assert sources(read.mine(second)) == ["# One", "still better();"]


def test_a_newer_version_that_the_reader_throws_away_is_not_offered_again(read: Course) -> None:
    read.add(ONE, "mine();")
    read.publish(ONE, ["# One", "better();"])
    read.update()
    read.mine(ONE_NEWER).unlink()
    assert read.update() == [] and read.update() == []
    assert not read.mine(ONE_NEWER).exists()


def test_a_newer_version_goes_when_the_reader_takes_their_change_back_or_the_course_its_own(
    read: Course,
) -> None:
    read.add(ONE, "mine();")
    read.publish(ONE, ["# One", "better();"])
    read.update()
    read.mine(ONE).write_text(json.dumps(notebook(FIRST[ONE])))
    assert told(read.update()) == {(Told.NEWER, ONE)}
    assert sources(read.mine(ONE)) == ["# One", "better();"] and read.files() == sorted(FIRST)
    read.add(ONE, "mine();")
    read.publish(ONE, ["# One", "worse();"])
    read.update()
    read.publish(ONE, ["# One", "better();"])
    assert read.update() == []
    assert sources(read.mine(ONE)) == ["# One", "better();", "mine();"] and read.files() == sorted(FIRST)


def test_the_newer_one_put_in_the_place_of_the_readers_is_the_lesson_from_then_on(read: Course) -> None:
    read.add(ONE, "mine();")
    read.publish(ONE, ["# One", "better();"])
    read.update()
    read.mine(ONE_NEWER).replace(read.mine(ONE))
    assert read.update() == []
    read.publish(ONE, ["# One", "best();"])
    assert told(read.update()) == {(Told.NEWER, ONE)}


def test_a_module_comes_in_as_a_lesson_does_and_one_that_was_changed_stays(read: Course) -> None:
    read.publish(SHOP, ["export const shop = 2;"])
    assert told(read.update()) == {(Told.NEWER, SHOP)}
    read.mine(SHOP).write_text("export const shop = 'mine';\n")
    read.publish(SHOP, ["export const shop = 3;"])
    assert Note(Told.BESIDE, SHOP, "beyond/shop.new-version.ts") in read.update()
    assert read.mine(SHOP).read_text() == "export const shop = 'mine';\n"


def test_a_module_that_git_has_written_with_other_line_ends_comes_in_as_it_is(read: Course) -> None:
    read.original(SHOP).write_bytes(read.original(SHOP).read_bytes().replace(b"\n", b"\r\n"))
    assert read.update() == []
    assert read.mine(SHOP).read_bytes() == read.original(SHOP).read_bytes()


def test_a_new_lesson_appears_and_one_that_the_course_drops_goes_unless_it_was_changed(read: Course) -> None:
    read.add(TWO, "mine();")
    for name in (ONE, TWO):
        read.original(name).unlink()
    read.publish("concepts/03-new.ipynb", ["# New"])
    assert told(read.update()) == {(Told.MADE, "concepts/03-new.ipynb"), (Told.GONE, ONE), (Told.LEFT, TWO)}
    assert not read.mine(ONE).exists()
    assert sources(read.mine(TWO)) == [*FIRST[TWO], "mine();"]
    assert read.update() == []


def test_a_renamed_lesson_comes_under_its_new_name_and_what_was_changed_stays_under_the_old(
    read: Course,
) -> None:
    read.add(TWO, "mine();")
    for old, new in ((ONE, "concepts/03-one.ipynb"), (TWO, "concepts/04-two.ipynb")):
        read.original(old).rename(read.original(new))
    read.update()
    assert sources(read.mine(TWO))[-1] == "mine();"
    assert {"concepts/03-one.ipynb", "concepts/04-two.ipynb"} < set(read.files()) and ONE not in read.files()


def test_a_readers_own_notebooks_stay_also_when_the_course_brings_one_of_that_name(read: Course) -> None:
    own = read.mine("concepts/05-own.ipynb")
    own.write_text(json.dumps(notebook(["# My own"])))
    assert read.update() == []
    read.publish("concepts/05-own.ipynb", ["# The course's"])
    notes = read.update()
    assert notes == [Note(Told.BESIDE, "concepts/05-own.ipynb", "concepts/05-own.new-version.ipynb")]
    assert sources(own) == ["# My own"]


def test_a_lesson_that_the_reader_has_deleted_or_renamed_is_there_again(read: Course) -> None:
    read.mine(ONE).rename(read.mine("concepts/my-one.ipynb"))
    assert told(read.update()) == {(Told.MADE, ONE)}
    assert sources(read.mine("concepts/my-one.ipynb")) == FIRST[ONE]


@pytest.mark.parametrize(
    "record", [None, b"", b"[]", b'{"version": 1, "files": {"a": 1, "b": {"beside": 3}}}', b"\xff"]
)
def test_without_a_record_everything_that_differs_is_the_readers(read: Course, record: bytes | None) -> None:
    read.publish(ONE, ["# One", "better();"])
    path = read.mine(".copies.json")
    path.unlink() if record is None else path.write_bytes(record)
    assert told(read.update()) == {(Told.BESIDE, ONE)}
    assert sources(read.mine(ONE)) == FIRST[ONE]


def test_a_lesson_that_jupyterlab_may_show_waits_and_a_missing_one_comes(read: Course) -> None:
    read.add(TWO, "mine();")
    before = read.mine(ONE).read_bytes()
    for name in (ONE, TWO):
        read.publish(name, ["# Newer"])
    read.publish("concepts/03-new.ipynb", ["# New"])
    notes = read.update(is_open=True)
    assert told(notes) == {(Told.WAITING, ONE), (Told.WAITING, TWO), (Told.MADE, "concepts/03-new.ipynb")}
    assert (
        read.mine(ONE).read_bytes() == before and not read.mine("concepts/02-two.new-version.ipynb").exists()
    )
    assert told(read.update()) == {(Told.NEWER, ONE), (Told.BESIDE, TWO)}


def test_a_newer_version_that_jupyterlab_may_show_is_not_removed(read: Course) -> None:
    read.add(ONE, "mine();")
    read.publish(ONE, ["# One", "better();"])
    read.update()
    read.mine(ONE).write_bytes(read.mine(ONE_NEWER).read_bytes())
    read.update(is_open=True)
    assert read.mine(ONE_NEWER).exists()
    read.update()
    assert not read.mine(ONE_NEWER).exists()


def test_a_file_saved_while_the_update_is_at_work_is_left_to_the_next_one(
    read: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    read.publish(ONE, ["# One", "better();"])
    real = files.os.replace

    def saved_meanwhile(source: str, target: Path) -> None:
        real(source, target)
        if target.name == ".copies.json" and sources(read.mine(ONE)) == FIRST[ONE]:
            read.add(ONE, "saved just now();")

    monkeypatch.setattr(files.os, "replace", saved_meanwhile)
    read.update()
    assert sources(read.mine(ONE))[-1] == "saved just now();"
    monkeypatch.undo()
    assert told(read.update()) == {(Told.BESIDE, ONE)}


@pytest.mark.parametrize("content", ["<<<<<<< HEAD\n{}", '{"cells": [], "nbformat": 3}', ""])
def test_an_original_that_is_no_notebook_is_told_and_the_copy_stays(read: Course, content: str) -> None:
    before = read.mine(ONE).read_bytes()
    read.original(ONE).write_text(content)
    assert told(read.update()) == {(Told.NO_ORIGINAL, ONE)}
    assert read.mine(ONE).read_bytes() == before


def test_originals_that_are_not_there_take_nothing_away(read: Course) -> None:
    before = read.files()
    read.original("00-start-here.ipynb").unlink()
    with pytest.raises(CopyFolderError, match="git checkout notebooks"):
        read.update()
    assert read.files() == before


def test_a_link_is_replaced_and_never_followed(read: Course) -> None:
    read.mine(ONE).unlink()
    read.mine(ONE).symlink_to(read.original(ONE))
    read.publish(ONE, ["# One", "better();"])
    read.mine(TWO).unlink()
    read.mine(TWO).symlink_to("nowhere.ipynb")
    before = read.original(ONE).read_bytes()
    read.update()
    assert read.original(ONE).read_bytes() == before
    assert read.mine(TWO).is_symlink()


@pytest.mark.parametrize("kind", ["link to the originals", "file"])
def test_a_folder_that_is_none_is_left_alone_and_told(read: Course, kind: str) -> None:
    before = read.original(ONE).read_bytes()
    read.mine("concepts").rename(read.mine("mine"))
    if kind == "file":
        read.mine("concepts").write_text("mine")
    else:
        read.mine("concepts").symlink_to(read.original("concepts"))
    read.publish(TWO, ["# Two", "newer();"])
    assert told(read.update()) == {(Told.ELSEWHERE, ONE), (Told.ELSEWHERE, TWO)}
    assert read.original(ONE).read_bytes() == before


def test_a_copy_that_is_a_link_a_file_or_the_originals_is_refused(tmp_path: Path) -> None:
    made = course(tmp_path)
    made.places.copy.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(CopyFolderError, match=r"is a link to .*elsewhere.*Put a folder"):
        made.update()
    made.places.copy.unlink()
    made.places.copy.write_text("mine")
    with pytest.raises(CopyFolderError, match="my-lessons is no folder"):
        made.update()
    for folder in ("notebooks", "notebooks/mine", "../elsewhere", "."):
        bad = Places(made.root, made.places.originals, Path(os.path.normpath(made.root / folder)))
        with pytest.raises(CopyFolderError, match=r"originals|outside"):
            update(bad, False)


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS])
def test_a_full_disk_or_a_read_only_folder_leaves_each_file_whole(
    read: Course, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    for name in (ONE, TWO):
        read.publish(name, ["# Newer"])
    before = {name: read.mine(name).read_bytes() for name in read.files()}
    left = [3]

    def open_file(path: object, *more: object, **options: object) -> object:
        left[0] -= "x" in str(more)
        if left[0] < 0:
            raise OSError(number, os.strerror(number), str(path))
        return open(path, *more, **options)

    monkeypatch.setattr(files, "open", open_file, raising=False)
    for allowed in range(3):
        left[0] = allowed
        with pytest.raises(OSError):
            read.update()
        assert set(read.files()) == set(FIRST)
        for name in read.files():
            said_now = said(name, read.mine(name).read_bytes())
            assert said_now in {said(name, before[name]), fresh(name, read.original(name).read_bytes()).said}
    monkeypatch.undo()
    read.update()
    assert sources(read.mine(ONE)) == sources(read.mine(TWO)) == ["# Newer"]


def test_an_update_with_nothing_to_do_writes_nothing(read: Course) -> None:
    read.update()
    before = {path: path.stat().st_mtime_ns for path in read.places.copy.rglob("*")}
    assert read.update() == []
    assert {path: path.stat().st_mtime_ns for path in read.places.copy.rglob("*")} == before
