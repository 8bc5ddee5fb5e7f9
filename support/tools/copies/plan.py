"""What becomes of one file of a copy when its original is newer, is gone, or the same. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from copies.content import Fresh
from copies.record import Known


class Do(Enum):
    """What is done to the copy of a file."""

    NOTHING = "nothing"
    PUT = "put"
    # The same words under newer metadata: what the reader has run stays.
    RENEW = "renew"
    BESIDE = "beside"
    REMOVE = "remove"
    # The course has dropped it, and the reader has changed it: from now on it is a notebook of theirs.
    LEAVE = "leave"


@dataclass(frozen=True)
class Mine:
    """What is in the copy. `said` is None where a file can't be read as what it should be."""

    there: bool
    said: str | None = None


def is_changed(known: Known, mine: Mine, fresh: Fresh | None) -> bool:
    """Whether anything there may be the reader's. What can't be read may."""
    originals = known.ours | ({fresh.said} if fresh is not None else set())
    return mine.there and mine.said not in originals


def decide(known: Known, mine: Mine, fresh: Fresh | None) -> Do:
    """What is to be done.

    Args:
        fresh: the original; None when there is none any more.
    """
    changed = is_changed(known, mine, fresh)
    if fresh is None:
        return Do.LEAVE if changed else Do.REMOVE
    if not mine.there:
        return Do.PUT
    if changed:
        return Do.NOTHING if fresh.said in (known.base, known.told) else Do.BESIDE
    if mine.said != fresh.said:
        return Do.PUT
    return Do.NOTHING if known.exact in (None, fresh.exact) else Do.RENEW


def in_conflict(known: Known, mine: Mine, fresh: Fresh) -> bool:
    """Whether the reader's differs from a newer original."""
    return is_changed(known, mine, fresh) and fresh.said != known.base
