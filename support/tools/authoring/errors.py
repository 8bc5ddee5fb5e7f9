"""What can go wrong for an author. Each message is one line: the offending value, and what to do."""

from __future__ import annotations


class AuthoringError(Exception):
    """Base of all errors that a command reports and ends on."""


class LessonFormError(AuthoringError):
    """A lesson isn't in the form that all lessons have."""

    def __init__(self, lesson: str, what: str) -> None:
        super().__init__(f"{lesson}: {what}")
        self.lesson = lesson


class LessonNameError(AuthoringError):
    """A name that no lesson can have, or that no lesson has."""


class LessonExistsError(AuthoringError):
    """A lesson of this name or number is there already."""


class NotExecutedError(AuthoringError):
    """A lesson has no outputs to show."""

    def __init__(self, lesson: str, what: str) -> None:
        super().__init__(f"{lesson}: {what}. Run: make execute LESSON={lesson}")
        self.lesson = lesson


class ToolError(AuthoringError):
    """TypeScript or Biome could not be run, or said something that is not understood."""
