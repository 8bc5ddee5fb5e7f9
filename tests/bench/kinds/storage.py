"""Rows into a real PostgreSQL, and files."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from bench.model import Case, Measure, Quantity, Setting, Values
from bench.programs import node, number_from, python, result_of, start

INSERTS = ("one at a time", "ten connections", "one transaction")
FILES = ("sync", "fs/promises, pool of 100")
FILES_PYTHON = ("sync", "asyncio.to_thread, semaphore of 100", "gevent, pool of 10 threads")


def rate(
    setting: Setting, unit: str, count: int, command: Sequence[str], env: Mapping[str, str] | None = None
) -> Values:
    return {f"{unit} a second": count / number_from(result_of(setting, command, env), "seconds")}


def inserts(setting: Setting, count: int, rounds: int) -> Case:
    def sides(stack: contextlib.ExitStack) -> Mapping[str, Measure]:
        env = {"DATABASE_URL": start(stack, setting, node("database")).told}
        commands = {f"postgres, {way}": node("inserts", way, count) for way in INSERTS}
        commands |= {f"asyncpg, {way}": python(setting, "inserts", way, count) for way in INSERTS}
        return {
            name: partial(rate, setting, "rows", count, command, env) for name, command in commands.items()
        }

    return Case(
        key="storage:inserts",
        title=f"{count:,} rows into PostgreSQL",
        about="One insert a row, into a server of the bench's own, on this computer's disk.",
        quantities=[Quantity("rows a second", "more")],
        base="postgres, one at a time",
        rounds=rounds,
        open=sides,
    )


def files(setting: Setting, count: int, rounds: int) -> Case:
    def sides(_stack: contextlib.ExitStack) -> Mapping[str, Measure]:
        commands = {f"node, {way}": node("files", way, count) for way in FILES}
        commands |= {f"Python, {way}": python(setting, "files", way, count) for way in FILES_PYTHON}
        return {name: partial(rate, setting, "files", count, command) for name, command in commands.items()}

    return Case(
        key="storage:files",
        title=f"{count:,} files of 1 KiB",
        about="All are written, then all are read, in the temporary folder.",
        quantities=[Quantity("files a second", "more")],
        base="node, fs/promises, pool of 100",
        rounds=rounds,
        open=sides,
    )


def cases(setting: Setting) -> Iterator[Case]:
    rounds = setting.size(5, 1)
    yield inserts(setting, setting.size(2000, 20), rounds)
    yield files(setting, setting.size(5_000, 50), setting.size(3, 1))
