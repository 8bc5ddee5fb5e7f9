"""What Python has compiled of modules in temporary folders, which nobody reads when those are gone."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def no_bytecode_left_of(*folders: Path) -> Iterator[None]:
    """Removes at the end what the folder for all bytecode (`PYTHONPYCACHEPREFIX`) has of modules below these folders.

    Tests make folders whose names never come again, and import modules from there.
    """
    try:
        yield
    finally:
        if sys.pycache_prefix:
            for folder in folders:
                place = Path(sys.pycache_prefix, *folder.absolute().parts[1:])
                shutil.rmtree(place, ignore_errors=True)


def temporary_folders(memory: Path | None) -> list[Path]:
    """Where tests make folders."""
    return [Path(tempfile.gettempdir()), *([] if memory is None else [memory])]
