"""A copy while a command works on it: what is there, what is known of it, and what there is to tell."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field

from copies.content import Fresh, fresh, said
from copies.errors import NoNotebookError
from copies.files import Places, content_of, put
from copies.notes import Note, Told
from copies.plan import Mine
from copies.record import RECORD, Known, Record, read_record, record_text


@dataclass
class Copy:
    """One copy. Its record is read once, and written when something is about to change and has changed."""

    places: Places
    record: Record
    saved: bytes
    notes: list[Note] = field(default_factory=list)

    def tell(self, told: Told, name: str, other: str = "") -> None:
        self.notes.append(Note(told, name, other))

    def known(self, name: str) -> Known:
        return self.record.get(name, Known())

    def mine(self, name: str) -> Mine:
        """What the copy of a file says."""
        path = self.places.mine(name)
        content = content_of(path)
        return Mine(os.path.lexists(path), None if content is None else said(name, content))

    def original(self, name: str) -> Fresh | None:
        """A file of the originals; None, and told, when it can't be read: in the midst of a merge, for example."""
        content = content_of(self.places.original(name))
        try:
            if content is not None:
                return fresh(name, content)
            why = "it can't be opened"
        except NoNotebookError as error:
            why = str(error)
        self.tell(Told.NO_ORIGINAL, name, why)
        return None

    def untouched(self, beside: Mapping[str, str]) -> list[str]:
        """The newer versions beside the reader's that are still as they were put there."""
        return [name for name, words in beside.items() if self.mine(name) == Mine(True, words)]

    def resolve(self, name: str, new: Fresh) -> None:
        """Notes that a file is now what its original is, and removes newer versions beside it that nobody has touched."""
        beside = self.known(name).beside
        self.record[name] = Known(new.said, (), new.said, new.exact)
        for other in self.untouched(beside):
            os.unlink(self.places.mine(other))

    def save(self) -> None:
        """Writes the record, if it is another one than before.

        Raises:
            OSError: it can't be written.
        """
        text = record_text(self.record)
        if text != self.saved:
            put(self.places.mine(RECORD), text)
            self.saved = text


def open_copy(places: Places) -> Copy:
    """The copy with what is known of it."""
    saved = content_of(places.mine(RECORD)) or b""
    return Copy(places, read_record(saved), saved)
