"""Echo servers: the lessons' styles and their peers, each in a process of its own, one client for all."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from functools import partial

from bench.model import BenchError, Case, Measure, Quantity, Setting, Values
from bench.programs import (
    Running,
    client,
    compiled,
    deno,
    keep_to,
    missing,
    node,
    number_from,
    python,
    result_of,
    start,
)

SERVER_CORE = 0
CLIENT_CORE = 1
CONNECTIONS = 100
BYTES = 1024
STYLES = ("callbacks", "pipe", "for await, stream", "recv, sendAll", "for await, socket")
PYTHONS = (
    "asyncio streams",
    "asyncio Protocol",
    "asyncio sock_recv",
    "uvloop streams",
    "uvloop Protocol",
    "tornado",
    "gevent",
)


def commands(setting: Setting) -> dict[str, list[str]]:
    absent = missing(setting)
    found = {style: node("echo", style) for style in STYLES}
    found |= {style: python(setting, "echo", style) for style in PYTHONS}
    if "Deno" not in absent:
        found["Deno, await read"] = deno(setting, "deno", "echo")
        found["Deno, node:net callbacks"] = deno(setting, "echo", "callbacks")
    if "C" not in absent:
        found["C, epoll"] = compiled(setting, "echo")
    return found


def measure(setting: Setting, server: Running, ms: int) -> Values:
    """A load of some ms. CPU time is the server's own, which a client that is too slow does not change."""
    before = server.cpu_seconds()
    told = result_of(setting, client(setting, "echo", server.told, CONNECTIONS, BYTES, ms), core=CLIENT_CORE)
    used = server.cpu_seconds() - before
    handled = number_from(told, "handled")
    if handled == 0:
        raise BenchError(f"no message came back within {ms} ms")
    return {
        "messages a second": number_from(told, "perSecond"),
        "CPU µs a message": 1e6 * used / handled,
    }


def cases(setting: Setting) -> Iterator[Case]:
    ms = setting.size(700, 60)

    def serve(stack: contextlib.ExitStack) -> Mapping[str, Measure]:
        servers = {name: start(stack, setting, command) for name, command in commands(setting).items()}
        for server in servers.values():
            keep_to(server.process.pid, SERVER_CORE)
        return {name: partial(measure, setting, server, ms) for name, server in servers.items()}

    yield Case(
        key="echo",
        title="Echo servers",
        about=(
            f"{CONNECTIONS} connections, each with one message of {BYTES} bytes on its way at a time, for {ms} ms;"
            " the server on one core, the client on the other."
        ),
        quantities=[Quantity("messages a second", "more"), Quantity("CPU µs a message", "less")],
        base="callbacks",
        rounds=setting.size(8, 1),
        open=serve,
        absent=missing(setting),
        warm=not setting.quick,
    )
