"""What a kernel leaves behind: listening ports while it lives, processes when it is gone."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import psutil

MARK = "TSASYNC_LESSON"
DELAY_SERVER = "support/helpers/delay-server/main.ts"
# The lesson's delay server notices that its last lesson has gone, and goes too.
GRACE = 0.5


# Before everybody else, but for what the system itself puts first.
FIRST = -10


def go_first(pid: int) -> bool:
    """Lets a kernel that runs a lesson, and what it starts from now on, have the processor before others.

    A lesson measures time, and another kernel's start or a busy process beside it must not show in its pictures. Only root
    may ask for this; for others nothing changes. Returns whether it was granted.
    """
    try:
        psutil.Process(pid).nice(FIRST)
    except psutil.Error:
        return False
    return True


def _command(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""


def listening(pid: int, own_ports: frozenset[int]) -> list[str]:
    """TCP ports on which a kernel or a process that it started listens, but for Jupyter's own and the delay server's."""
    try:
        kernel = psutil.Process(pid)
        family = [kernel, *kernel.children(recursive=True)]
    except psutil.Error:
        return []
    found: list[str] = []
    for process in family:
        if DELAY_SERVER in _command(process):
            continue
        try:
            connections = process.net_connections(kind="tcp")
        except psutil.Error:
            continue
        ports = {one.laddr.port for one in connections if one.status == psutil.CONN_LISTEN}
        found += [f"port {port}, process {process.name()}" for port in sorted(ports - own_ports)]
    return found


def marked(mark: str) -> list[psutil.Process]:
    """The processes that carry a lesson's mark in their environment, also those whose parent has gone."""
    found = []
    for process in psutil.process_iter():
        try:
            if process.environ().get(MARK) == mark and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process)
        except (psutil.Error, OSError):
            continue
    return found


def family(pid: int) -> set[psutil.Process]:
    """The processes below a kernel, also those that were given another environment."""
    try:
        return set(psutil.Process(pid).children(recursive=True))
    except psutil.Error:
        return set()


def is_running(process: psutil.Process) -> bool:
    """Whether a process has not ended; one that its parent has not collected yet has."""
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def remaining(mark: str, known: set[psutil.Process]) -> dict[psutil.Process, str]:
    """What still runs of a lesson's processes, in words.

    Args:
        known: processes that are the lesson's, whatever their environment
    """
    left = {*marked(mark), *filter(is_running, known)}
    return {process: f"process {process.pid}: {_command(process)[:200]}" for process in left}


async def end_orphans(mark: str, known: set[psutil.Process]) -> list[str]:
    """Waits a moment for a lesson's processes to end, kills those that do not, and tells which.

    Args:
        known: processes that are the lesson's, whatever their environment
    """
    deadline = time.monotonic() + GRACE
    while (left := remaining(mark, known)) and time.monotonic() < deadline:
        await asyncio.sleep(0.05)
    for process in left:
        try:
            process.kill()
        except psutil.Error:
            continue
    return list(left.values())


# The share of one processor from which on the work of others is felt in a lesson's times.
FELT = 0.25
# What a guest took is in `user` as well.
NOT_WORK = ("idle", "iowait", "guest", "guest_nice")


def busy_seconds(times: dict[str, float]) -> float:
    """How long the processors worked, of all that they did: also for programs that give way, since two that are one core's
    threads slow each other down all the same.

    Args:
        times: seconds by kind, as `psutil.cpu_times` tells them
    """
    return sum(value for name, value in times.items() if name not in NOT_WORK)


def waited_seconds(pid: int) -> float:
    """How long a process's main thread has been ready to run, and others had the processor; 0 where the system does not say."""
    try:
        return int(Path(f"/proc/{pid}/schedstat").read_text().split()[1]) / 1e9
    except (OSError, ValueError, IndexError):
        return 0.0


def _worked(process: psutil.Process) -> float:
    """How many seconds a process has worked, with those below it that have ended."""
    try:
        return sum(process.cpu_times()[:4])
    except psutil.Error:
        return 0


class Others:
    """Measures how much of the processors other programs than this one, and all that it starts, take from now on."""

    def __init__(self) -> None:
        self._at, self._worked = time.monotonic(), self._others()

    @staticmethod
    def _others() -> float:
        own = psutil.Process()
        busy = busy_seconds(psutil.cpu_times()._asdict())
        return busy - sum(map(_worked, [own, *own.children(recursive=True)]))

    def share(self) -> float:
        """Of one processor; 2 where others held two all the time."""
        return max(0.0, (self._others() - self._worked) / max(time.monotonic() - self._at, 0.01))
