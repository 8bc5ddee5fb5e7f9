"""How many checks passed and failed, read from what a test runner printed. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass

# The last line of each kind counts: what runs inside a test may print such a line too.
_NODE = {name: re.compile(rf"^\u2139 {name} (\d+)$", re.MULTILINE) for name in ("pass", "fail", "cancelled")}
_PYTEST = re.compile(r"^(?:=+ )?(\d+ [a-z][a-z0-9, ]+) in [\d.]+s", re.MULTILINE)
# A line in pytest's summary for a part of a test, which it counts beside the test that has failed with it.
_PART_FAILED = re.compile(r"^SUBFAILED\b", re.MULTILINE)
_RUNNER = re.compile(r"^(\d+) passed(?:, [^\n]*)?, (\d+) failed$", re.MULTILINE)


# What failed, as it can be named to run it again: a file of Node's, a test of pytest's, a lesson or an exercise of ours.
_FAILED_FILE = re.compile(r"^test at (\S+):\d+:\d+$", re.MULTILINE)
_FAILED_TEST = re.compile(r"^(?:FAILED|ERROR) (\S+\.py(?:::.*?)?)(?: - .*)?$", re.MULTILINE)
_FAILED_OWN = re.compile(r"^FAILED (\S+) \([\d.]+ s\)$", re.MULTILINE)


@dataclass(frozen=True)
class Counts:
    """How many checks passed, and how many failed."""

    passed: int
    failed: int

    def __add__(self, other: Counts) -> Counts:
        return Counts(self.passed + other.passed, self.failed + other.failed)


def _of_node(text: str) -> Counts | None:
    found = {name: pattern.findall(text) for name, pattern in _NODE.items()}
    if not all(found.values()):
        return None
    last = {name: int(numbers[-1]) for name, numbers in found.items()}
    return Counts(last["pass"], last["fail"] + last["cancelled"])


def _of_pytest(text: str) -> Counts | None:
    lines = _PYTEST.findall(text)
    if not lines:
        return None
    # "12 subtests passed" are of tests that are counted already.
    numbers = {word: int(number) for number, word in re.findall(r"(\d+) ([a-z ]+)", lines[-1])}
    failed = sum(numbers.get(word, 0) for word in ("failed", "error", "errors"))
    return Counts(numbers.get("passed", 0), failed - len(_PART_FAILED.findall(text)))


def _of_runner(text: str) -> Counts | None:
    lines = _RUNNER.findall(text)
    return Counts(*map(int, lines[-1])) if lines else None


def counts_of(text: str, status: int) -> Counts:
    """What a command printed, in numbers.

    A command that tells none is one check. One that failed has at least one failure, whatever it printed, and one that is
    said to have checked nothing has failed.
    """
    read = _of_node(text) or _of_pytest(text) or _of_runner(text) or Counts(int(status == 0), 0)
    failed = status != 0 or read.passed + read.failed == 0
    return Counts(read.passed, max(read.failed, int(failed)))


def failed_in(text: str) -> list[str]:
    """The files, tests, lessons or exercises that a runner says have failed, each once, in their order."""
    named = (_FAILED_FILE, _FAILED_TEST, _FAILED_OWN)
    return list(dict.fromkeys(name for pattern in named for name in pattern.findall(text)))
