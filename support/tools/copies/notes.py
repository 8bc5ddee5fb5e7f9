"""What a reader is told, in words. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from copies.names import last_part, lesson_of


class Told(Enum):
    """What there is to tell of a file of the course."""

    MADE = "made"
    NEWER = "newer"
    BESIDE = "beside"
    GONE = "gone"
    LEFT = "left"
    NO_ORIGINAL = "no original"
    UNREADABLE = "unreadable"
    ELSEWHERE = "elsewhere"
    WAITING = "waiting"
    SAME = "same"
    KEPT = "kept"


@dataclass(frozen=True)
class Note:
    """One thing to tell. `other` is a file beside, or a reason."""

    told: Told
    name: str
    other: str = ""


# At most this many lessons are named in one line.
NAMED = 4


def _named(notes: Sequence[Note]) -> str:
    names = [lesson_of(note.name) for note in notes]
    more = len(names) - NAMED
    return ", ".join(names) if more <= 0 else f"{', '.join(names[:NAMED])} and {more} more"


def _together(told: Told, notes: Sequence[Note], folder: str) -> str:
    """What is told of all files at once."""
    if told is Told.MADE:
        return f"your own copy is in {folder}, to change as you like: {_named(notes)}"
    if told is Told.NEWER:
        return f"newer now, since you have changed nothing there: {_named(notes)}"
    if told is Told.GONE:
        return f"no longer part of the course, and removed: {_named(notes)}"
    if told is Told.SAME:
        return f"as at first, and there was nothing of yours to keep: {_named(notes)}"
    return f"JupyterLab is open on {folder}, so newer versions wait for the next make lab after it is closed: {_named(notes)}"


def _one(note: Note, folder: str) -> str:
    """What is told of one file."""
    lesson = lesson_of(note.name)
    if note.told is Told.BESIDE:
        return (
            f"{lesson} is as you have changed it. A newer version lies beside it: {last_part(note.other)}."
            f" To go on with that one: make reset LESSON={lesson} (yours is kept)"
        )
    if note.told is Told.LEFT:
        return (
            f"{lesson} is no longer part of the course, or has another name now. What you have changed stays"
        )
    if note.told is Told.NO_ORIGINAL:
        return f"the original of {lesson} can't be read ({note.other}), so your copy stays as it is"
    if note.told is Told.UNREADABLE:
        return f"{folder}/{note.name} is no notebook any more. To begin it anew: make reset LESSON={lesson} (the file is kept)"
    if note.told is Told.ELSEWHERE:
        return f"{folder}/{note.name} does not lie in {folder} (a link, or a file instead of a folder), and is left alone"
    return f"{lesson} is as at first. What you had is kept beside it: {last_part(note.other)}"


TOGETHER = (Told.MADE, Told.NEWER, Told.GONE, Told.SAME, Told.WAITING)


def lines(notes: Sequence[Note], folder: str) -> list[str]:
    """What there is to tell, a line each; what happened to many files in the same way, in one line.

    Args:
        folder: how the copy's folder is called.
    """
    said = []
    for told in TOGETHER:
        if those := [note for note in notes if note.told is told]:
            said.append(_together(told, those, folder))
    return said + [_one(note, folder) for note in notes if note.told not in TOGETHER]
