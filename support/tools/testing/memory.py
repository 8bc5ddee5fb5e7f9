"""A folder in memory for the temporary files of parts in which nobody measures a disk."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil

# Where Linux has files in memory.
MEMORY = Path("/dev/shm")
# A dozen databases at once, and what else a test writes. In a container there may be much less.
ENOUGH = 4 * 2**30


@contextmanager
def folder_in_memory(place: Path = MEMORY, enough: int = ENOUGH) -> Iterator[Path | None]:
    """A folder in memory, removed at the end; None where there is no such place, or not enough of it.

    A database has a thousand files. Some file systems take a minute to forget a removed one, and look at all of those
    whenever a new one is made.
    """
    try:
        room = min(psutil.disk_usage(str(place)).free, psutil.virtual_memory().available)
        made = tempfile.TemporaryDirectory(prefix="tsasync-test-", dir=place) if room >= enough else None
    except OSError:
        made = None
    if made is None:
        yield None
        return
    with made as name:
        # A database's user passes through it, as through the system's own.
        os.chmod(name, 0o755)
        yield Path(name)
