"""What a recording costs, beside what Python's own tracer costs there."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from bench.environment import PROGRAMS
from bench.model import Case, Measure, Quantity, Setting, Values
from bench.programs import node, number_from, result_of


def by(setting: Setting, command: Sequence[str]) -> Values:
    # A lesson second as lessons have it.
    return {"seconds": number_from(result_of(setting, command, {"LESSON_SECOND_MS": "100"}), "seconds")}


def case(setting: Setting, what: str, count: int, about: str, rounds: int) -> Case:
    def sides(_stack: contextlib.ExitStack) -> Mapping[str, Measure]:
        commands = {how: node("recording", how, what, count) for how in ("plain", "recorded")}
        if what == "sleepers":
            # The tracer is in the project's own environment, where the tests need it too.
            program = [str(PROGRAMS / "recording.py"), str(count)]
            trace = ["-m", "viztracer", "--quiet", "--log_async", "-o", str(setting.scratch / "trace.json")]
            commands["asyncio, plain"] = [sys.executable, *program]
            commands["asyncio, under viztracer"] = [sys.executable, *trace, *program]
        return {name: partial(by, setting, command) for name, command in commands.items()}

    return Case(
        key=f"recording:{what}",
        title=f"A recording of {count:,} tasks",
        about=about,
        quantities=[Quantity("seconds", "less")],
        base="plain",
        rounds=rounds,
        open=sides,
    )


def cases(setting: Setting) -> Iterator[Case]:
    rounds = setting.size(5, 1)
    asked = "Each asks the delay server for 10 lesson seconds."
    yield case(setting, "requests", setting.size(200, 5), asked, rounds)
    slept = "Each sleeps three times for 50 ms: there is little but the recording's own work."
    yield case(setting, "sleepers", setting.size(10_000, 50), slept, rounds)
