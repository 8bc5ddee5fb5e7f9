"""`python -m testing [--fast]`: every part of the test, although one fails, then one table and one line."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import signal
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import psutil
from authoring.project import HOME
from compilers.shared import NAME, shared_compiler

from testing.bytecode import no_bytecode_left_of, temporary_folders
from testing.counts import Counts, counts_of, failed_in
from testing.memory import folder_in_memory
from testing.parts import FAST, ROOM, WHOLE, Part

LOGS = HOME / "build" / "test"
# How long a command that is asked to stop may take, before it is killed.
PATIENCE_S = 10
# How long a command may take at all: three times what the longest took on the slowest computer so far.
LIMIT_S = 30 * 60
# The last place in the system's order of who may run.
LAST = 19
# How much of what a failed command printed is said once more at the end: there a runner tells what failed, and there a long
# output is looked at first.
LAST_LINES = 40


@dataclass(frozen=True)
class Ran:
    """What a command checked, the names of what failed, where it tells them, and how what it printed ends if anything did."""

    counts: Counts
    failed: tuple[str, ...] = ()
    end: tuple[str, ...] = ()


@dataclass(frozen=True)
class Done:
    """What became of a part's commands."""

    name: str
    seconds: float
    ran: tuple[Ran, ...]
    log: Path

    @property
    def counts(self) -> Counts:
        return sum((one.counts for one in self.ran), Counts(0, 0))


def family(pid: int) -> list[psutil.Process]:
    """The processes below one, also those in groups of their own, which no Ctrl-C reaches."""
    try:
        return psutil.Process(pid).children(recursive=True)
    except psutil.Error:
        return []


async def stop(process: asyncio.subprocess.Process) -> None:
    """Interrupts a command, as Ctrl-C would, and kills what of it and of all that it started does not end."""
    below = family(process.pid)
    await interrupt(process)
    _, left = await asyncio.to_thread(psutil.wait_procs, below, PATIENCE_S if below else 0)
    for one in left:
        with contextlib.suppress(psutil.Error):
            one.kill()


async def interrupt(process: asyncio.subprocess.Process) -> None:
    """Asks a command and its group to end, then tells them."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, number)
            await asyncio.wait_for(process.wait(), PATIENCE_S)
        except ProcessLookupError:
            return
        except asyncio.TimeoutError:
            continue


def give_way(pid: int) -> None:
    """Leaves a process, and what it starts from now on, only the moments that no other one wants."""
    with contextlib.suppress(OSError):
        os.setpriority(os.PRIO_PROCESS, pid, LAST)
        if sys.platform == "linux":
            os.sched_setscheduler(pid, os.SCHED_IDLE, os.sched_param(0))


async def run_command(command: Sequence[str], env: dict[str, str], log: Path, aside: bool = False) -> Ran:
    """Runs one command, with all that it prints at the end of a file.

    Args:
        aside: it gives way to all others
    """
    with log.open("ab") as out:
        out.write(f"$ {' '.join(command)}\n".encode())
        out.flush()
        start = out.tell()
        try:
            process = await asyncio.create_subprocess_exec(
                *command,
                cwd=HOME,
                env=env,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
        except OSError as error:
            out.write(f"{error}\n".encode())
            return Ran(Counts(0, 1), (), (" ".join(command), str(error)))
        if aside:
            give_way(process.pid)
        try:
            status = await asyncio.wait_for(process.wait(), LIMIT_S)
        except asyncio.TimeoutError:
            out.write(f"\nstopped: it had not ended after {LIMIT_S} s\n".encode())
            status = 1
        finally:
            await stop(process)
    with log.open("rb") as written:
        written.seek(start)
        text = written.read().decode("utf-8", "replace")
    counts = counts_of(text, status)
    end = text.splitlines()[-LAST_LINES:] if counts.failed else []
    return Ran(counts, tuple(failed_in(text)), tuple(end))


def has_another_try(part: Part, ran: Ran) -> bool:
    """Whether what has failed can be run by its names."""
    return bool(part.again and ran.failed and ran.counts.failed)


async def run_again(part: Part, first: Ran, env: dict[str, str], log: Path, how: str = "again") -> Ran:
    """Runs once more what has failed, where it has names. What passes now is told in the log."""
    if not has_another_try(part, first):
        return first
    second = await run_command([*part.again, *first.failed], env, log, part.aside)
    left = second.counts.failed
    # Without names for what has failed now, nobody knows what of the first run still does.
    still = second.failed or (first.failed if left else ())
    with log.open("a", encoding="utf-8") as out:
        out.writelines(f"{how} {name}\n" for name in first.failed if name not in still)
    return Ran(Counts(first.counts.passed + first.counts.failed - left, left), still, second.end)


def environment(part: Part, memory: Path | None) -> dict[str, str]:
    temporary = {"TMPDIR": str(memory)} if part.in_memory and memory is not None else {}
    return os.environ | temporary | dict(part.env)


async def run_part(part: Part, logs: Path, memory: Path | None) -> Done:
    """Runs a part's commands one after another, and what failed in each once more."""
    log = logs / f"{part.name}.log"
    log.unlink(missing_ok=True)
    start = time.monotonic()
    env = environment(part, memory)
    ran = []
    for command in part.commands:
        first = await run_command(command, env, log, part.aside)
        ran.append(first if part.has_tried_twice else await run_again(part, first, env, log))
    return Done(part.name, time.monotonic() - start, tuple(ran), log)


async def run_alone(part: Part, done: Done, memory: Path | None) -> Done:
    """Runs what has failed twice for the last time, when all other parts have ended: beside them, chance has an excuse."""
    start = time.monotonic()
    env = environment(part, memory)
    ran = [await run_again(part, one, env, done.log, "again, alone,") for one in done.ran]
    return replace(done, ran=tuple(ran), seconds=done.seconds + time.monotonic() - start)


def row(done: Done) -> str:
    """A line of the table."""
    return f"{done.name:10} {done.seconds:7.1f} s {done.counts.passed:6} passed {done.counts.failed:6} failed"


def report(done: Done) -> None:
    """Says how a part ended: in a line, and what it printed if anything failed. Second tries are always told."""
    print(row(done), flush=True)
    lines = done.log.read_text(encoding="utf-8", errors="replace").splitlines()
    shown = (
        lines if done.counts.failed else [line for line in lines if line.startswith(("again ", "again, "))]
    )
    for line in shown:
        print(f"  {line}", flush=True)


def last_words(ended: Sequence[Done]) -> list[str]:
    """How what failed ends, by parts."""
    failed = [(done.name, one.end) for done in ended for one in done.ran if one.counts.failed]
    return [line for name, end in failed for line in (f"{name} failed:", *end, "")]


def table(order: Sequence[str], ended: Sequence[Done], seconds: float) -> list[str]:
    """The lines that close the test: one for each part, the whole, and the sum alone."""
    rows = [row(done) for done in sorted(ended, key=lambda done: order.index(done.name))]
    whole = Done("whole", seconds, tuple(one for done in ended for one in done.ran), LOGS)
    return [*rows, row(whole), f"{whole.counts.passed} passed, {whole.counts.failed} failed"]


def fits(part: Part, running: Iterable[Part]) -> bool:
    """Whether there is room for a part. Those that give way take none from the others, and none wait for them."""
    return part.room + sum(one.room for one in running if one.aside == part.aside) <= ROOM


def next_to_run(waiting: Sequence[Part], running: Iterable[Part]) -> Part | None:
    """The first part of those that give way, or of the others, if there is room for it."""
    first = {part.aside: part for part in reversed(waiting)}
    return next((part for part in first.values() if fits(part, running)), None)


async def run_all(parts: Sequence[Part], logs: Path = LOGS, memory: Path | None = None) -> list[Done]:
    """Runs parts in two rows, those that give way beside the others, each as soon as there is room for it; at the end, alone,
    what has failed. Reports each as it ends.

    Args:
        memory: where the parts for which it is quicker have their temporary files
    """
    task = asyncio.current_task()
    assert task is not None
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:
            asyncio.get_running_loop().add_signal_handler(number, task.cancel)
    logs.mkdir(parents=True, exist_ok=True)
    waiting = list(parts)
    running: dict[asyncio.Task[Done], Part] = {}
    ended: list[Done] = []
    try:
        while waiting or running:
            while (part := next_to_run(waiting, running.values())) is not None:
                waiting.remove(part)
                running[asyncio.create_task(run_part(part, logs, memory))] = part
            finished, _ = await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
            for one in finished:
                del running[one]
                ended.append(one.result())
                report(ended[-1])
        for at, done in enumerate(ended):
            part = next(one for one in parts if one.name == done.name)
            if len(parts) > 1 and any(has_another_try(part, one) for one in done.ran):
                ended[at] = await run_alone(part, done, memory)
                report(ended[at])
    finally:
        for one in running:
            one.cancel()
        await asyncio.gather(*running, return_exceptions=True)
    return ended


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m testing", description="Runs all parts of the test.")
    parser.add_argument("--fast", action="store_true", help="only what takes under a minute")
    parser.add_argument("parts", nargs="*", help="only these parts")
    args = parser.parse_args()
    known = FAST if args.fast else WHOLE
    if unknown := set(args.parts) - {part.name for part in known}:
        names = ", ".join(part.name for part in known)
        parser.error(f"no part is called {', '.join(sorted(unknown))}; there are {names}")
    start = time.monotonic()
    try:
        with shared_compiler() as address, folder_in_memory() as memory:
            os.environ[NAME] = address
            asked = [part for part in known if not args.parts or part.name in args.parts]
            with no_bytecode_left_of(*temporary_folders(memory)):
                ended = asyncio.run(run_all(asked, memory=memory))
    except (asyncio.CancelledError, KeyboardInterrupt):
        print("testing: stopped", file=sys.stderr)
        return 130
    seconds = time.monotonic() - start
    lines = [*last_words(ended), *table([part.name for part in known], ended, seconds)]
    print("", *lines, sep="\n")
    return 1 if any(done.counts.failed for done in ended) else 0


if __name__ == "__main__":
    sys.exit(main())
