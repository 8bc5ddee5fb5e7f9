"""How much slower this computer is now than the one on which the limits of the tests were set."""

from __future__ import annotations

import time

# How long that one takes for the piece of work below when nothing else runs on it.
REFERENCE_S = 0.055
# A limit that may grow without an end is none.
MOST = 4.0


def factor(seconds: float) -> float:
    """By how much limits are longer where the piece of work takes so long: by nothing where it is quicker. Pure."""
    return min(max(seconds / REFERENCE_S, 1.0), MOST)


def slowness() -> float:
    """By how much a limit in seconds is longer here and now. What takes the processors from a test, takes them from this, too.

    Takes 0.2 s on the computer on which the limits were set.
    """
    start = time.monotonic()
    for _ in range(4):
        sum(number * number for number in range(1_000_000))
    return factor((time.monotonic() - start) / 4)
