"""Jobs through a pool: trivial ones by the million, and requests to a delay server."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from bench.kinds.delay import delay_server, port_of
from bench.model import Case, Measure, Quantity, Setting, Values
from bench.programs import node, number_from, python, result_of

# Their memory grows by little or nothing with the number of jobs.
FLAT = ("pool", "bare worker loop", "mapPool", "p-map, iterable")
FLAT_PYTHON = ("asyncio, workers", "asyncio, queue", "gevent, pool")
OTHERS = ("pool, async iterable", "mapPool, in order", "p-limit", "p-map", "p-queue", "Effect.forEach")
OTHERS_PYTHON = ("asyncio, semaphore", "uvloop, queue")
# Keeps what waits in an array that it empties from the front: a million took 44 s here.
SLOW = ("RxJS mergeMap",)


def by(setting: Setting, command: Sequence[str]) -> Values:
    told = result_of(setting, command)
    return {"seconds": number_from(told, "seconds"), "peak MB": number_from(told, "megabytes")}


def trivial(setting: Setting, count: int, ways: Sequence[str], pythons: Sequence[str], rounds: int) -> Case:
    def sides(_stack: contextlib.ExitStack) -> Mapping[str, Measure]:
        commands = {name: node("jobs", name, count) for name in ways}
        commands |= {name: python(setting, "jobs", name, count) for name in pythons}
        return {name: partial(by, setting, command) for name, command in commands.items()}

    return Case(
        key=f"jobs:{count}",
        title=f"{count:,} trivial jobs, 100 at a time",
        about="Each job is an async function that adds a number; each side is a process of its own.",
        quantities=[Quantity("seconds", "less"), Quantity("peak MB", "less")],
        base="pool",
        rounds=rounds,
        open=sides,
    )


def requests(setting: Setting, count: int, at_once: int, rounds: int) -> Case:
    def over_ideal(command: Sequence[str]) -> Values:
        return {"makespan ÷ ideal": number_from(result_of(setting, command), "seconds") / (count / at_once)}

    def sides(stack: contextlib.ExitStack) -> Mapping[str, Measure]:
        port = port_of(delay_server(stack, setting).told)
        words = (port, count, at_once, 1)
        commands = {
            "pool, undici": node("get-many", "pool", *words),
            "p-limit, undici": node("get-many", "p-limit", *words),
            "asyncio, aiohttp, semaphore": python(setting, "get-many", *words),
        }
        return {name: partial(over_ideal, command) for name, command in commands.items()}

    return Case(
        key="jobs:requests",
        title=f"{count:,} requests of 1 s, {at_once:,} at a time",
        about=f"To the project's delay server. Ideal is {count // at_once} s.",
        quantities=[Quantity("makespan ÷ ideal", "less")],
        base="pool, undici",
        rounds=rounds,
        open=sides,
    )


def cases(setting: Setting) -> Iterator[Case]:
    whole = (*FLAT, *OTHERS)
    pythons = (*FLAT_PYTHON, *OTHERS_PYTHON)
    if setting.quick:
        yield trivial(setting, 2000, (*whole, *SLOW), pythons, 1)
        yield requests(setting, 20, 20, 1)
        return
    yield trivial(setting, 100_000, (*whole, *SLOW), pythons, 5)
    yield trivial(setting, 1_000_000, whole, pythons, 3)
    yield trivial(setting, 10_000_000, FLAT, FLAT_PYTHON[:1], 3)
    yield requests(setting, 10_000, 1000, 3)
