"""`reset`: takes lessons back to their originals, without outputs, and keeps beside them what the reader had."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from copies.content import NOTEBOOK, Fresh
from copies.errors import CopyFolderError
from copies.files import (
    Places,
    alone,
    check_places,
    content_of,
    files_of,
    is_inside,
    remove_leftover,
    write_hidden,
)
from copies.names import chosen, folder_of, kept_name, last_part
from copies.notes import Note, Told
from copies.plan import is_changed
from copies.state import Copy, open_copy


def with_modules(places: Places, name: str, names: Sequence[str]) -> list[str]:
    """A file with the modules beside it that it names, and those that they name: a lesson is nothing without them."""
    beside = [one for one in names if folder_of(one) == folder_of(name) and not one.endswith(NOTEBOOK)]
    found = [name]
    for one in found:
        text = (content_of(places.original(one)) or b"").decode(errors="replace")
        found += [
            other
            for other in beside
            if other not in found and re.search(rf"(?<![\w-]){re.escape(last_part(other))}\b", text)
        ]
    return found


def exchange(path: Path, content: bytes, kept: Path | None) -> None:
    """Puts content where a file is, and that file where it is kept.

    Raises:
        OSError: it can't be done. Then all is as it was.
    """
    written = write_hidden(path, content)
    try:
        if kept is not None:
            os.rename(path, kept)
        os.replace(written, path)
    except OSError:
        remove_leftover(path)
        if kept is not None and not os.path.lexists(path):
            with contextlib.suppress(OSError):
                os.rename(kept, path)
        raise


def take_back(copy: Copy, name: str, new: Fresh, now: datetime) -> None:
    """Puts an original in the place of its copy, and keeps that if anything in it is the reader's."""
    mine = copy.places.mine
    changed = is_changed(copy.known(name), copy.mine(name), new)
    kept = kept_name(name, now, lambda one: os.path.lexists(mine(one))) if changed else ""
    copy.record[name] = copy.known(name).intending(new.said)
    copy.save()
    exchange(mine(name), new.content, mine(kept) if kept else None)
    copy.resolve(name, new)
    copy.tell(Told.KEPT if changed else Told.SAME, name, kept)


def reset(places: Places, asked: str, now: datetime) -> list[Note]:
    """Takes a lesson, with the modules that it uses, or all of them back to the original.

    Args:
        asked: a lesson's name or its beginning, or `all`.
        now: what the kept files are named by.

    Raises:
        CopyFolderError: the folder can't be a copy.
        UnknownLessonError: there is no such lesson, or there are several.
        OSError: a file can't be written. That one and those after it are as they were.
    """
    check_places(places)
    names = files_of(places.originals)
    folders = [places.word(places.copy), places.word(places.originals)]
    wanted = chosen(asked, names, folders)
    if len(wanted) == 1:
        wanted = with_modules(places, wanted[0], names)
    with alone(places.copy):
        copy = open_copy(places)
        for name in wanted:
            if not is_inside(places, places.mine(name)):
                raise CopyFolderError(
                    f"{places.word(places.mine(name).parent)} is a link or a file. Put a folder in its place"
                )
            new = copy.original(name)
            if new is not None:
                take_back(copy, name, new, now)
        copy.save()
        return copy.notes
