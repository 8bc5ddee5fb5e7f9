"""The kinds of work, one module each, in the order of the table."""

from __future__ import annotations

from collections.abc import Iterator

from bench.kinds import cpu, delay, echo, jobs, kernels, recording, storage, timers, waits
from bench.model import Case, Setting

ALL = {
    "echo": echo.cases,
    "delay": delay.cases,
    "jobs": jobs.cases,
    "cpu": cpu.cases,
    "timers": timers.cases,
    "storage": storage.cases,
    "kernels": kernels.cases,
    "waits": waits.cases,
    "recording": recording.cases,
}


def cases(setting: Setting) -> Iterator[Case]:
    """Every case of every kind."""
    for make in ALL.values():
        yield from make(setting)
