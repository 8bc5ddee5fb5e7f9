"""What is measured, and what came of it, as plain data."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

# What one side's turn in one round gave, by the names of its quantities.
Values = Mapping[str, float]


class BenchError(Exception):
    """The bench can't go on, or a side has failed; the message says why in one line."""


@dataclass(frozen=True)
class Quantity:
    """Something that is measured, with its unit in its name."""

    name: str
    better: Literal["more", "less"]


@dataclass(frozen=True)
class Setting:
    """How the bench is run.

    Attributes:
        quick: sizes of a few seconds in all, for the tests: the figures mean nothing then
        peers: the folder of the peers' environment
        compiler: the C compiler, where there is one
        scratch: a folder for what is made meanwhile
    """

    quick: bool
    peers: Path
    compiler: str | None
    scratch: Path

    def size(self, usual: int, quick: int) -> int:
        return quick if self.quick else usual


# Measures one side once.
Measure = Callable[[], Values]
# Starts what all rounds share, as servers are, and gives the sides that can be measured.
Open = Callable[[contextlib.ExitStack], Mapping[str, Measure]]


@dataclass(frozen=True)
class Case:
    """One table: sides that do the same work, measured in turns.

    Attributes:
        key: kind and size, as in `delay:1000`
        about: one sentence: the work, and how it is measured
        base: the side that the others are divided by
        absent: sides that can't be measured here, and why
        warm: whether a first round is thrown away
    """

    key: str
    title: str
    about: str
    quantities: Sequence[Quantity]
    base: str
    rounds: int
    open: Open
    absent: Mapping[str, str] = field(default_factory=dict)
    warm: bool = False


@dataclass(frozen=True)
class Table:
    """What a case gave.

    Attributes:
        others: the share of one core that other programs took meanwhile; 2 where they held two all the time
        sides: each side's values of every round, by quantity
    """

    key: str
    title: str
    about: str
    quantities: Sequence[Quantity]
    base: str
    day: str
    machine: Mapping[str, str]
    versions: Mapping[str, str]
    others: float
    quick: bool
    sides: Mapping[str, Mapping[str, Sequence[float]]]
    absent: Mapping[str, str]
