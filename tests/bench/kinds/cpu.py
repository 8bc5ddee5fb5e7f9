"""Computations on one worker and on more, up to as many as there are cores."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from bench.model import BenchError, Case, Measure, Quantity, Setting, Values
from bench.programs import node, numbers_of, python, result_of

MOST = 8
# Python's loop takes some sixty times as long for a round, so it does fewer of them.
ROUNDS = {"node": 400_000_000, "python": 8_000_000}


def on_workers(setting: Setting, command: Sequence[str], rounds: int, most: int) -> Values:
    seconds = numbers_of(result_of(setting, command))
    if len(seconds) != most:
        raise BenchError(f"told {len(seconds)} times of {most}")
    values = {f"speed-up on {n}": seconds[0] / seconds[n - 1] for n in range(2, most + 1)}
    return {**values, "ns a round on 1": 1e9 * seconds[0] / rounds}


def cases(setting: Setting) -> Iterator[Case]:
    most = max(2, min(os.cpu_count() or 1, MOST))
    jobs = 2 * most
    share = 50 if setting.quick else 1

    def sides(_stack: contextlib.ExitStack) -> Mapping[str, Measure]:
        each = {kind: rounds // share for kind, rounds in ROUNDS.items()}
        ways = {
            "worker threads, piscina": (node("cpu", "threads", each["node"], jobs, most), each["node"]),
            "child processes, node": (node("cpu", "processes", each["node"], jobs, most), each["node"]),
            "processes, Python": (
                python(setting, "cpu", "processes", each["python"], jobs, most),
                each["python"],
            ),
            "threads, Python": (
                python(setting, "cpu", "threads", each["python"], jobs, most),
                each["python"],
            ),
        }
        return {
            name: partial(on_workers, setting, command, rounds * jobs, most)
            for name, (command, rounds) in ways.items()
        }

    yield Case(
        key="cpu",
        title="Computations on workers",
        about=f"{jobs} equal computations on 1 to {most} workers; the speed-up is over one worker of the same kind.",
        quantities=[
            *(Quantity(f"speed-up on {n}", "more") for n in range(2, most + 1)),
            Quantity("ns a round on 1", "less"),
        ],
        base="worker threads, piscina",
        rounds=setting.size(3, 1),
        open=sides,
    )
