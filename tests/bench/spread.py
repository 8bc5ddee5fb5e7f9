"""Minimum, median and maximum; the ratio of two sides, and whether it says anything. Pure."""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Spread:
    """What was measured in some rounds."""

    low: float
    median: float
    high: float


def spread_of(values: Sequence[float]) -> Spread:
    """The spread of at least one value."""
    return Spread(min(values), statistics.median(values), max(values))


@dataclass(frozen=True)
class Ratio:
    """One side's median over another's, and how far single rounds went.

    `low` and `high` are the least and the greatest ratio of one round: what slows a round slows both sides of it.
    """

    low: float
    middle: float
    high: float
    rounds: int

    @property
    def differs(self) -> bool:
        """Whether every round says the same side is greater. One round alone says nothing."""
        return self.rounds > 1 and (self.low > 1 or self.high < 1)

    def is_at_least(self, limit: float) -> bool | None:
        """Whether the ratio reaches a limit: None where rounds disagree, or there is only one."""
        if self.rounds < 2 or self.low < limit <= self.high:
            return None
        return self.low >= limit

    def is_at_most(self, limit: float) -> bool | None:
        """Whether the ratio stays within a limit: None where rounds disagree, or there is only one."""
        if self.rounds < 2 or self.low <= limit < self.high:
            return None
        return self.high <= limit


def _over(one: float, other: float) -> float:
    if other == 0:
        return 1.0 if one == 0 else math.inf
    return one / other


def ratio_of(one: Sequence[float], other: Sequence[float]) -> Ratio:
    """The ratio of two sides that were measured in the same rounds."""
    pairs = [_over(a, b) for a, b in zip(one, other, strict=True)]
    # Of few rounds the ratio of the medians may lie outside of what any round had.
    middle = _over(statistics.median(one), statistics.median(other))
    return Ratio(min(*pairs, middle), middle, max(*pairs, middle), len(pairs))


def ratio_of_runs(now: Sequence[float], then: Sequence[float]) -> Ratio:
    """The ratio of two runs on different days, whose rounds have nothing in common: all of one against all of the other."""
    one, other = spread_of(now), spread_of(then)
    low, high = _over(one.low, other.high), _over(one.high, other.low)
    return Ratio(low, _over(one.median, other.median), high, min(len(now), len(then)))
