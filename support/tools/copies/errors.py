"""What can go wrong with a reader's copy. Each message is one line: the offending value, and what to do."""

from __future__ import annotations

import errno


class CopyError(Exception):
    """Base of all errors that a command reports and ends on."""


class CopyFolderError(CopyError):
    """The folder for the copy can't be one, or the originals are not where they should be."""


class CopyWriteError(CopyError):
    """The disk or the folder takes no more. What was being written is as it was before."""

    def __init__(self, error: OSError, folder: str) -> None:
        place = error.filename or folder
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            why = f"there is no room left for {place}. Make some"
        elif error.errno in (errno.EROFS, errno.EACCES, errno.EPERM):
            why = f"{place} can't be written. Make it and its folder writable for you"
        else:
            why = f"{error}. Check that {folder} is there and writable"
        super().__init__(f"{why}, then run the same command again: nothing of yours is lost")


class UnknownLessonError(CopyError):
    """A name that stands for no lesson, or for several."""


class NoNotebookError(CopyError):
    """A file is no notebook, or not one of format 4."""
