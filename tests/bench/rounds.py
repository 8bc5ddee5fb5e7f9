"""Measures the sides of a case in turns."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Mapping

from runner.processes import Others

from bench.machine import day, machine
from bench.model import BenchError, Case, Measure, Table, Values


def _in_turn(sides: Mapping[str, Measure], number: int) -> list[str]:
    """The order of a round: each begins with another side, so that nobody always follows the same one."""
    names = list(sides)
    first = number % len(names)
    return names[first:] + names[:first]


def say(line: str) -> None:
    """Tells whoever waits how far it is; the tables alone go to stdout."""
    print(line, file=sys.stderr, flush=True)


def measure(case: Case, versions: Mapping[str, str], quick: bool) -> Table:
    """Runs all rounds of a case. A side that fails in any round is told as absent, and the others go on."""
    absent = dict(case.absent)
    taken: dict[str, list[Values]] = {}
    others = Others()
    begin = time.monotonic()
    with contextlib.ExitStack() as stack:
        sides = dict(case.open(stack))
        for number in range(case.rounds + case.warm):
            for name in _in_turn(sides, number):
                if name in absent:
                    continue
                try:
                    values = sides[name]()
                except BenchError as error:
                    absent[name] = str(error)
                    continue
                if number >= case.warm:
                    taken.setdefault(name, []).append(values)
            say(
                f"{case.key}: round {number + 1} of {case.rounds + case.warm}, {time.monotonic() - begin:.0f} s"
            )
    rows = {
        name: {one.name: [values[one.name] for values in taken[name]] for one in case.quantities}
        for name in sides
        if name in taken and name not in absent
    }
    return Table(
        key=case.key,
        title=case.title,
        about=case.about,
        quantities=case.quantities,
        base=case.base,
        day=day(),
        machine=machine(),
        versions=versions,
        others=round(others.share(), 2),
        quick=quick,
        sides=rows,
        absent=absent,
    )
