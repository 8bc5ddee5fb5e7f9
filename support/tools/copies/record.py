"""What a copy was made from, as it is noted inside it. Reading never fails: a lost record makes everything the reader's."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from copies.content import Fields, Json

RECORD = ".copies.json"
VERSION = 1
# Sizes and times of an original and of its copy: as long as both stay, there is nothing to do.
Seen: TypeAlias = "tuple[int, ...]"


@dataclass(frozen=True)
class Known:
    """One file of a copy. The hashes are those of `content.Fresh`.

    base: what the copy was last made from.
    intended: what was about to be put there; a stop in between leaves either there.
    told: what was brought or offered last.
    exact: the very bytes that the copy was made from.
    beside: the newer versions that were put beside the reader's, each with what it said.
    """

    base: str | None = None
    intended: tuple[str, ...] = ()
    told: str | None = None
    exact: str | None = None
    beside: Mapping[str, str] = field(default_factory=dict)
    seen: Seen = ()

    @property
    def ours(self) -> set[str]:
        """What a copy says that nobody has changed."""
        return {*self.intended, *([] if self.base is None else [self.base])}

    def intending(self, words: str) -> Known:
        return replace(self, intended=tuple(sorted({*self.intended, words})), seen=())


Record: TypeAlias = "dict[str, Known]"


def _text(value: Json) -> str | None:
    return value if isinstance(value, str) else None


def _known(fields: Fields) -> Known:
    intended, beside, seen = fields.get("intended"), fields.get("beside"), fields.get("seen")
    return Known(
        _text(fields.get("base")),
        tuple(one for one in intended if isinstance(one, str)) if isinstance(intended, list) else (),
        _text(fields.get("told")),
        _text(fields.get("exact")),
        {name: words for name, words in beside.items() if isinstance(words, str)}
        if isinstance(beside, dict)
        else {},
        tuple(one for one in seen if isinstance(one, int)) if isinstance(seen, list) else (),
    )


def read_record(content: bytes | None) -> Record:
    """The record in a file's content; an empty one when there is none, or it is damaged."""
    try:
        read: Json = json.loads(content or b"")
    except (ValueError, RecursionError):
        return {}
    files = read.get("files") if isinstance(read, dict) and read.get("version") == VERSION else None
    if not isinstance(files, dict):
        return {}
    return {name: _known(fields) for name, fields in files.items() if isinstance(fields, dict)}


def record_text(record: Record) -> bytes:
    """The record as its file reads."""
    files = {
        name: {
            "base": known.base,
            "intended": known.intended,
            "told": known.told,
            "exact": known.exact,
            "beside": dict(known.beside),
            "seen": known.seen,
        }
        for name, known in sorted(record.items())
    }
    return (json.dumps({"version": VERSION, "files": files}, indent=1) + "\n").encode()
