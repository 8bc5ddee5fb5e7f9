"""Names of files: which lesson is meant, what a newer or a kept one is called. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import count
from pathlib import PurePosixPath

from copies.content import NOTEBOOK
from copies.errors import UnknownLessonError

ALL = "all"
START = f"00-start-here{NOTEBOOK}"


def _with(name: str, word: str) -> str:
    path = PurePosixPath(name)
    return (path.parent / f"{path.stem}.{word}{path.suffix}").as_posix()


def newer_names(name: str) -> Iterator[str]:
    """Names for a newer version that lies beside the reader's, best first."""
    for number in count(1):
        yield _with(name, "new-version" if number == 1 else f"new-version-{number}")


def kept_name(name: str, now: datetime, taken: Callable[[str], bool]) -> str:
    """A name, not taken yet, for what was there before a reset: it says when that was."""
    when = now.strftime("%Y-%m-%d-%H%M%S")
    names = (_with(name, f"kept-{when}{'' if number == 1 else f'-{number}'}") for number in count(1))
    return next(one for one in names if not taken(one))


def lesson_of(name: str) -> str:
    """`concepts/01-why-async`: how a lesson is called, and a module beside it by its file."""
    return name.removesuffix(NOTEBOOK)


def folder_of(name: str) -> str:
    """`concepts` of `concepts/01-why-async.ipynb`."""
    return name.rpartition("/")[0]


def last_part(name: str) -> str:
    """`01-why-async.ipynb` of `concepts/01-why-async.ipynb`."""
    return name.rpartition("/")[2]


def _stands_for(asked: str, lesson: str) -> bool:
    return lesson.startswith(asked) or last_part(lesson).startswith(asked)


def chosen(asked: str, names: Iterable[str], folders: Sequence[str]) -> list[str]:
    """The files that a word stands for: one, or all for `all`.

    Args:
        names: the files there are.
        folders: what may stand before a name, as in my-lessons/concepts/01-why-async.ipynb.

    Raises:
        UnknownLessonError: it stands for none, or for several.
    """
    known = {lesson_of(name): name for name in names}
    there = ", ".join(known)
    word = lesson_of(asked.strip())
    for folder in folders:
        word = word.removeprefix(f"{folder}/")
    if not word:
        raise UnknownLessonError(
            f"which lesson? Name one, as in LESSON=concepts/01, or LESSON={ALL}. There are: {there}"
        )
    if word == ALL:
        return list(known.values())
    found = [word] if word in known else [lesson for lesson in known if _stands_for(word, lesson)]
    if not found:
        raise UnknownLessonError(f"there is no lesson {asked.strip()!r}. There are: {there}")
    if len(found) > 1:
        raise UnknownLessonError(
            f"{asked.strip()!r} may be {', '.join(found)}. Say which, or LESSON={ALL} for every lesson"
        )
    return [known[found[0]]]
