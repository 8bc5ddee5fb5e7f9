"""Starts the programs that are measured: servers that tell their port, and programs that tell a result."""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import psutil

from bench.environment import PROGRAMS, deno_path, node_path, peers_python
from bench.model import BenchError, Setting

START_S = 60
PATIENCE_S = 300


def node(name: str, *words: object) -> list[str]:
    """The command of a program in TypeScript, which node runs."""
    return [node_path(), str(PROGRAMS / f"{name}.ts"), *map(str, words)]


def python(setting: Setting, name: str, *words: object) -> list[str]:
    """The command of a program in Python, with the peers' packages."""
    return [str(peers_python(setting.peers)), str(PROGRAMS / f"{name}.py"), *map(str, words)]


def deno(setting: Setting, name: str, *words: object) -> list[str]:
    """The command of a program that Deno runs, without looking up types or anything outside."""
    program = deno_path(setting.peers)
    flags = ["run", "--quiet", "--no-config", "--no-lock", "--no-check", "--allow-all"]
    return [str(program), *flags, str(PROGRAMS / f"{name}.ts"), *map(str, words)]


def compiled(setting: Setting, name: str, *words: object) -> list[str]:
    return [str(setting.peers / name), *map(str, words)]


def client(setting: Setting, *words: object) -> list[str]:
    """The one client of all servers: in C where there is a compiler, or else in TypeScript."""
    return compiled(setting, "client", *words) if setting.compiler else node("client", *words)


def missing(setting: Setting) -> dict[str, str]:
    """What can't be measured here, and why."""
    absent = {}
    if setting.compiler is None:
        absent["C"] = "no C compiler here"
    if deno_path(setting.peers) is None:
        absent["Deno"] = "npm has no Deno for this computer"
    return absent


def environment(setting: Setting, more: Mapping[str, str] | None = None) -> dict[str, str]:
    """What programs get: no settings of the project's own Python, real seconds, and where the peers are."""
    dropped = ("PYTHONPATH", "NODE_OPTIONS", "LESSON_SECOND_MS")
    env = {name: value for name, value in os.environ.items() if name not in dropped}
    return {**env, "BENCH_PEERS": str(setting.peers), "PYTHONDONTWRITEBYTECODE": "1", **(more or {})}


def keep_to(pid: int, core: int) -> None:
    """Keeps a process to one core, where the system can do that and there is more than one.

    Left alone, a server and its client are on one core in one round and on two in the next, which is half the speed.
    """
    with contextlib.suppress(AttributeError, OSError, ValueError):
        os.sched_setaffinity(pid, {core})


def result_of(
    setting: Setting,
    command: Sequence[str],
    env: Mapping[str, str] | None = None,
    core: int | None = None,
) -> Any:
    """Runs a program to its end, on one core if it is named, and reads the JSON of its last line.

    Raises:
        BenchError: it failed, took too long or told nothing
    """
    try:
        done = subprocess.run(
            command,
            env=environment(setting, env),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=True,
            preexec_fn=None if core is None else partial(keep_to, 0, core),
        )
        return json.loads(done.stdout.splitlines()[-1])
    except subprocess.TimeoutExpired:
        raise BenchError(f"took over {PATIENCE_S} s") from None
    except subprocess.CalledProcessError as error:
        raise BenchError(f"failed: {_cause(error.stderr) or f'exit status {error.returncode}'}") from None
    except (OSError, ValueError, IndexError) as error:
        raise BenchError(f"told no result: {error}") from None


def _cause(said: str) -> str:
    """The line of what a program complained of that names its error."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    named = [line for line in lines if re.match(r"[\w.]*(Error|Exception)\b", line)]
    return (named or lines or [""])[-1][:200]


def number_from(told: object, name: str) -> float:
    """A number of a program's result.

    Raises:
        BenchError: it is not there
    """
    value = told.get(name) if isinstance(told, dict) else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise BenchError(f"told no {name}: {told!r}")
    return float(value)


def numbers_of(told: object) -> list[float]:
    """A list of numbers that a program told.

    Raises:
        BenchError: it is none, or empty
    """
    if not isinstance(told, list) or not told:
        raise BenchError(f"told no numbers: {told!r}")
    return [number_from({"one": one}, "one") for one in told]


@dataclass(frozen=True)
class Running:
    """A program that runs, and what it told first."""

    process: psutil.Process
    told: str

    def _family(self) -> list[psutil.Process]:
        return [self.process, *self.process.children(recursive=True)]

    def cpu_seconds(self) -> float:
        """What it has used of the processors so far."""
        return sum(one.cpu_times().user + one.cpu_times().system for one in self._family())

    def memory(self) -> int:
        """The bytes that it has in memory now."""
        return sum(one.memory_info().rss for one in self._family())


def start(
    stack: contextlib.ExitStack,
    setting: Setting,
    command: Sequence[str],
    env: Mapping[str, str] | None = None,
) -> Running:
    """Starts a program that tells something in its first line and then runs until its input ends.

    What it prints goes to a file: nobody has to be quick to read it.

    Raises:
        BenchError: it ended first, or told nothing in time
    """
    said = setting.scratch / f"{time.monotonic_ns()}.out"
    complained = said.with_suffix(".err")
    with said.open("wb") as output, complained.open("wb") as errors:
        process = subprocess.Popen(
            command, env=environment(setting, env), stdin=subprocess.PIPE, stdout=output, stderr=errors
        )
    stack.callback(_end, process)
    until = time.monotonic() + START_S
    while "\n" not in (told := said.read_text(encoding="utf-8")):
        if process.poll() is not None or time.monotonic() > until:
            cause = _cause(complained.read_text(encoding="utf-8"))
            raise BenchError(f"did not start: {cause or 'it told nothing'}")
        time.sleep(0.01)
    return Running(psutil.Process(process.pid), told.splitlines()[0])


def _end(process: subprocess.Popen[bytes]) -> None:
    """Lets a program end by the end of its input, and kills it if it does not."""
    if process.stdin is not None:
        process.stdin.close()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
