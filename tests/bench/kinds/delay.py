"""Delay servers: how many can be asleep at once, each server cold, in a new process for every round."""

from __future__ import annotations

import contextlib
import re
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from bench.environment import ROOT, allow_many_files
from bench.model import BenchError, Case, Measure, Quantity, Setting, Values
from bench.programs import (
    Running,
    client,
    compiled,
    deno,
    missing,
    node,
    node_path,
    number_from,
    python,
    result_of,
    start,
)

OURS = "ours"
PYTHONS = ("asyncio streams", "uvloop streams", "aiohttp", "aiohttp on uvloop", "tornado", "gevent")
# Both a server and the client have a file for each connection, and some of their own.
OWN_FILES = 100


def delay_server(stack: contextlib.ExitStack, setting: Setting, second_ms: int = 1000) -> Running:
    """The project's own server, alone, as `make server` starts it."""
    main = str(ROOT / "support/helpers/delay-server/main.ts")
    command = [node_path(), "--max-semi-space-size=4", main, "--port", "0"]
    running = start(stack, setting, command, {"LESSON_SECOND_MS": str(second_ms)})
    stack.callback(running.process.terminate)
    return running


def port_of(told: str) -> str:
    """The port in what a server tells first.

    Raises:
        BenchError: there is none
    """
    found = re.search(r"(?:^|localhost:)(\d+)", told)
    if found is None:
        raise BenchError(f"told no port: {told}")
    return found[1]


def asleep(
    setting: Setting, make: Callable[[contextlib.ExitStack], Running], count: int, seconds: float
) -> Values:
    """Asks a new server for all at once.

    Memory is what it has grown by at four fifths of the delay, when all are asleep.
    """
    with contextlib.ExitStack() as stack:
        server = make(stack)
        before = server.memory()
        command = client(setting, "sleepers", port_of(server.told), count, seconds)
        thread = stack.enter_context(ThreadPoolExecutor(1))
        asking = thread.submit(result_of, setting, command)
        time.sleep(0.8 * seconds)
        memory = server.memory() - before
        told = asking.result()
    return {
        "makespan ÷ delay": number_from(told, "ms") / 1000 / seconds,
        "KiB a sleeper": memory / 1024 / count,
        "lost": number_from(told, "lost"),
    }


def makers(setting: Setting) -> dict[str, Callable[[contextlib.ExitStack], Running]]:
    """What starts each server."""
    absent = missing(setting)
    commands = {name: node("delay", name) for name in ("node:http", "node:net")}
    commands |= {name: python(setting, "delay", name) for name in PYTHONS}
    if "Deno" not in absent:
        commands["Deno.serve"] = deno(setting, "deno", "delay")
    if "C" not in absent:
        commands["C, epoll"] = compiled(setting, "delay")
    own = {OURS: partial(delay_server, setting=setting)}
    return own | {
        name: partial(start, setting=setting, command=command) for name, command in commands.items()
    }


def case(setting: Setting, count: int, seconds: float, rounds: int) -> Case:
    most = allow_many_files() - OWN_FILES

    def sides(_stack: contextlib.ExitStack) -> Mapping[str, Measure]:
        return {
            name: partial(asleep, setting, make, min(count, most), seconds)
            for name, make in makers(setting).items()
        }

    fewer = (
        ""
        if count <= most
        else f" This system lets a process have no more than {most} files open, so there are fewer."
    )
    return Case(
        key=f"delay:{count}x{seconds:g}",
        title=f"Delay servers, {count:,} asleep for {seconds:g} s",
        about=(
            f"{count:,} requests of {seconds:g} s at once, each on a connection of its own, to a server that has just"
            f" started; the memory is what it has grown by meanwhile.{fewer}"
        ),
        quantities=[
            Quantity("makespan ÷ delay", "less"),
            Quantity("KiB a sleeper", "less"),
            Quantity("lost", "less"),
        ],
        base=OURS,
        rounds=rounds,
        open=sides,
        absent=missing(setting),
    )


def cases(setting: Setting) -> Iterator[Case]:
    if setting.quick:
        yield case(setting, 50, 0.2, 1)
        return
    yield case(setting, 1000, 1, 5)
    yield case(setting, 10_000, 1, 4)
    yield case(setting, 10_000, 5, 2)
    yield case(setting, 18_000, 5, 2)
