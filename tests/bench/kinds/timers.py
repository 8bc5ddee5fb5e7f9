"""Timers: how late ticks are, and how far a ticker has drifted at its end."""

from __future__ import annotations

import contextlib
import os
import statistics
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from bench.model import Case, Measure, Quantity, Setting, Values
from bench.programs import compiled, missing, node, numbers_of, python, result_of

PERIOD_MS = 10
WAYS = (
    "setInterval",
    "timers/promises",
    "sleep in a loop",
    "until a due time",
    "RxJS interval",
    "Effect Schedule.fixed",
)
PYTHONS = (
    "asyncio.sleep in a loop",
    "asyncio call_at",
    "uvloop call_at",
    "tornado PeriodicCallback",
    "gevent.sleep in a loop",
)


def lateness(setting: Setting, command: Sequence[str]) -> Values:
    """How late ticks were, each against the one before it, and the last one against the start."""
    late = numbers_of(result_of(setting, command))
    steps = sorted(now - before for before, now in zip([0.0, *late], late, strict=False))
    return {
        "drift of a tick, ms": statistics.median(steps),
        "worst tick, ms": steps[-1],
        "drift at the end, ms": late[-1],
    }


def burn(stack: contextlib.ExitStack, count: int) -> None:
    """Keeps so many cores busy."""
    for _ in range(count):
        process = subprocess.Popen([sys.executable, "-c", "while True: pass"])
        stack.callback(process.wait)
        stack.callback(process.kill)


def case(setting: Setting, key: str, burning: int, ticks: int, rounds: int) -> Case:
    absent = {name: why for name, why in missing(setting).items() if name == "C"}

    def sides(stack: contextlib.ExitStack) -> Mapping[str, Measure]:
        burn(stack, burning)
        commands = {name: node("timers", name, PERIOD_MS, ticks) for name in WAYS}
        commands |= {name: python(setting, "timers", name, PERIOD_MS, ticks) for name in PYTHONS}
        if not absent:
            commands["C, timerfd"] = compiled(setting, "timers", PERIOD_MS, ticks)
        return {name: partial(lateness, setting, command) for name, command in commands.items()}

    return Case(
        key=f"timers:{key}",
        title=f"Timers, {'nothing else' if burning == 0 else f'{burning} processes burning'} beside them",
        about=f"{ticks} ticks of {PERIOD_MS} ms.",
        quantities=[
            Quantity("drift of a tick, ms", "less"),
            Quantity("worst tick, ms", "less"),
            Quantity("drift at the end, ms", "less"),
        ],
        base="",
        rounds=rounds,
        open=sides,
        absent=absent,
    )


def cases(setting: Setting) -> Iterator[Case]:
    ticks, rounds = setting.size(150, 10), setting.size(3, 1)
    if not setting.quick:
        yield case(setting, "idle", 0, ticks, rounds)
    yield case(setting, "busy", os.cpu_count() or 1, ticks, rounds)
