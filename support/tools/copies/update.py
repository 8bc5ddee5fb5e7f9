"""`update`: makes the copy, and brings newer lessons in where the reader has changed nothing."""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass, replace

from copies.content import NOTEBOOK, Fresh, with_outputs
from copies.files import (
    Places,
    alone,
    check_places,
    content_of,
    files_of,
    is_inside,
    put,
    remove_leftovers,
    seen,
)
from copies.names import newer_names
from copies.notes import Note, Told
from copies.plan import Do, Mine, decide, in_conflict
from copies.record import Seen
from copies.state import Copy, open_copy


@dataclass(frozen=True)
class Step:
    """What is to be done about a file, and what the original and its copy looked like when that was decided."""

    name: str
    do: Do
    mine: Mine
    new: Fresh | None
    original_seen: Seen
    mine_seen: Seen
    # Where a newer version goes that lies beside the reader's.
    beside: str = ""


def sights(copy: Copy, name: str, original_seen: Seen) -> Seen:
    """What an original, its copy and the newer versions beside it look like from outside; nothing if one is missing."""
    places = copy.places
    others = seen(places.mine(name), *map(places.mine, copy.known(name).beside))
    return (*original_seen, *others) if original_seen and others else ()


def free_name(copy: Copy, name: str) -> str:
    """Where a newer version goes: a new name, or in the place of an older one that nobody has touched."""
    ours = copy.untouched(copy.known(name).beside)
    return next(one for one in newer_names(name) if one in ours or not os.path.lexists(copy.places.mine(one)))


def look(copy: Copy, name: str, is_there: bool) -> Step | None:
    """Decides what becomes of a file; None when there is nothing to do."""
    path = copy.places.mine(name)
    if not is_inside(copy.places, path):
        copy.tell(Told.ELSEWHERE, name)
        return None
    known = copy.known(name)
    original_seen, mine_seen = seen(copy.places.original(name)), seen(path)
    if known.seen and known.seen == sights(copy, name, original_seen):
        return None
    mine = copy.mine(name)
    if mine.there and mine.said is None:
        copy.tell(Told.UNREADABLE, name)
    new = copy.original(name) if is_there else None
    if is_there and new is None:
        return None
    do = decide(known, mine, new)
    beside = free_name(copy, name) if do is Do.BESIDE else ""
    return Step(name, do, mine, new, original_seen, mine_seen, beside)


def announce(copy: Copy, step: Step) -> None:
    """Notes what is about to be put where, for whoever comes after a stop half-way."""
    known = copy.known(step.name)
    if step.new is not None and step.do in (Do.PUT, Do.RENEW):
        copy.record[step.name] = known.intending(step.new.said)
    if step.new is not None and step.do is Do.BESIDE:
        copy.record[step.name] = replace(known, beside={**known.beside, step.beside: step.new.said}, seen=())


def drop(copy: Copy, step: Step) -> None:
    """Takes out a file that the course no longer has, unless the reader has changed it: then it is theirs."""
    for other in copy.untouched(copy.known(step.name).beside):
        os.unlink(copy.places.mine(other))
    if step.do is Do.LEAVE:
        copy.tell(Told.LEFT, step.name)
    elif step.mine.there:
        os.unlink(copy.places.mine(step.name))
        copy.tell(Told.GONE, step.name)
    copy.record.pop(step.name)


def bring(copy: Copy, step: Step, new: Fresh) -> None:
    """Puts an original where nothing of the reader's is, or beside what is."""
    path = copy.places.mine(step.name)
    if step.do is Do.BESIDE:
        put(copy.places.mine(step.beside), new.content)
        copy.record[step.name] = replace(copy.known(step.name), told=new.said)
        return
    run = content_of(path) if step.do is Do.RENEW and step.name.endswith(NOTEBOOK) else None
    put(path, new.content if run is None else with_outputs(new.content, run))
    copy.resolve(step.name, new)
    if step.do is Do.PUT:
        copy.tell(Told.NEWER if step.mine.there else Told.MADE, step.name)


def settle(copy: Copy, step: Step, new: Fresh) -> None:
    """Notes where a file stands that stays as it is."""
    known = copy.known(step.name)
    untouched = copy.untouched(known.beside)
    if step.mine.said == new.said:
        copy.resolve(step.name, new)
    elif in_conflict(known, step.mine, new):
        copy.record[step.name] = replace(known, beside={one: known.beside[one] for one in untouched})
    else:
        for other in untouched:
            os.unlink(copy.places.mine(other))
        copy.record[step.name] = replace(known, beside={}, told=known.base)


def take(copy: Copy, step: Step) -> None:
    """Does what was decided, unless somebody has saved the file since: then the next command sees to it."""
    if step.mine_seen != seen(copy.places.mine(step.name)):
        return
    if step.new is None:
        drop(copy, step)
    elif step.do is Do.NOTHING:
        settle(copy, step, step.new)
    else:
        bring(copy, step, step.new)
    # A file that can't be read is told of each time, so it is looked at each time.
    if step.name in copy.record and (step.mine.said is not None or not step.mine.there):
        looks = sights(copy, step.name, step.original_seen)
        copy.record[step.name] = replace(copy.known(step.name), seen=looks)


def update(places: Places, is_open: bool) -> list[Note]:
    """Makes the copy or brings it up to date, and says what there is to tell.

    Args:
        is_open: a JupyterLab shows the copy. What is there is left alone then: it may have lines that are not saved.

    Raises:
        CopyFolderError: the folder can't be a copy.
        OSError: a file can't be written. What was done until then stays done, and the rest is as it was.
    """
    check_places(places)
    with alone(places.copy):
        copy = open_copy(places)
        originals = files_of(places.originals)
        gone = [name for name in copy.record if name not in originals]
        names = [*originals, *gone]
        remove_leftovers(places, names)
        steps = [step for name in names if (step := look(copy, name, name in originals))]
        due = [step for step in steps if not (is_open and step.mine.there)]
        for step in steps:
            if step not in due and step.do is not Do.NOTHING:
                copy.tell(Told.WAITING, step.name)
        for step in due:
            announce(copy, step)
        copy.save()
        try:
            for step in due:
                take(copy, step)
        except OSError:
            with contextlib.suppress(OSError):
                copy.save()
            raise
        copy.save()
        for name in originals:
            for other in copy.known(name).beside:
                copy.tell(Told.BESIDE, name, other)
        return copy.notes
