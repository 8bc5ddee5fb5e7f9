"""A kernel that is killed in the midst of a lesson leaves nothing behind."""

from __future__ import annotations

import os
import random
import subprocess
import tempfile
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import nbformat
import pytest
from kernels import ROOT, Kernel, kernel
from runner.lessons import code_cells
from runner.processes import MARK, family, remaining

# KILLS=10 kills each lesson ten times.
KILLS = int(os.environ.get("KILLS", "1"))
# Nobody judges a claim here, so a lesson second may be short.
QUICK = {"LESSON_SECOND_MS": "40"}
# The lessons that start processes, with how many seconds they run then.
LESSONS = {
    "concepts/05-nodes-loop": 5,
    "concepts/07-what-waiting-costs": 7,
    "examples/11-parallelism": 16,
    "examples/13-files-and-database": 9,
    "beyond/15-cancellation": 7,
}
DATABASE = "examples/13-files-and-database"
PATIENCE = 15


@contextmanager
def own_temporary_folder() -> Iterator[Path]:
    """A folder for all temporary files of a lesson; others may pass through it, as they may through the system's."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


def cells_of(lesson: str) -> list[str]:
    notebook = nbformat.read(ROOT / "notebooks" / f"{lesson}.ipynb", 4)
    return [cell.source for _, cell in code_cells(notebook)]


def run_until(running: Kernel, lesson: str, end: float) -> int:
    """Runs the lesson's cells one after another until the moment comes; returns in which of them that was."""
    cells = cells_of(lesson)
    for number, source in enumerate(cells, 1):
        request = running.send(source)
        while not running.has_ended(request):
            if time.monotonic() > end:
                return number
            running.listen(0.05)
    return len(cells)


def kill_during(lesson: str, seconds: float, env: Mapping[str, str]) -> None:
    mark = uuid.uuid4().hex
    with own_temporary_folder() as temporary:
        with kernel(
            folder=(ROOT / "notebooks" / lesson).parent,
            env={**env, **QUICK, MARK: mark, "TMPDIR": str(temporary)},
        ) as running:
            assert running.pid is not None
            number = run_until(running, lesson, time.monotonic() + seconds)
            children = family(running.pid)
            running.kill()

        def left() -> list[str]:
            # The ports that a process listens on are its own and end with it.
            return [*remaining(mark, children).values(), *(path.name for path in temporary.iterdir())]

        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and left():
            time.sleep(0.1)
        assert left() == [], f"killed in cell {number}, after {seconds:.1f} s"


def moments(lesson: str) -> Iterator[float]:
    """When to kill: random, and the same in each run of the tests."""
    seeded = random.Random(f"{lesson} {KILLS}")
    return (seeded.uniform(0.2, LESSONS[lesson]) for _ in range(KILLS))


@pytest.fixture(scope="module")
def readers_database() -> Iterator[str]:
    """The address of a second PostgreSQL, such as a reader may have."""
    holder = subprocess.Popen(
        ["node", str(ROOT / "tests/helpers/postgres/holder.ts")], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    try:
        assert holder.stdout is not None
        yield holder.stdout.readline().strip()
    finally:
        holder.terminate()
        holder.wait()


def objects(url: str) -> str:
    """All schemas and all that is in those that are not the system's own."""
    asked = subprocess.run(
        ["node", str(ROOT / "tests/helpers/postgres/objects.ts"), url],
        check=True,
        capture_output=True,
        text=True,
    )
    return asked.stdout


@pytest.mark.parametrize("lesson", LESSONS)
def test_no_process_port_or_folder_is_left_when_the_kernel_is_killed_in(lesson: str) -> None:
    for seconds in moments(lesson):
        kill_during(lesson, seconds, os.environ)


def test_no_object_is_left_in_the_readers_database_when_the_kernel_is_killed(readers_database: str) -> None:
    before = objects(readers_database)
    for seconds in moments(DATABASE):
        kill_during(DATABASE, seconds, {**os.environ, "DATABASE_URL": readers_database})
        assert objects(readers_database) == before


def test_the_lesson_runs_whole_on_the_readers_database_and_leaves_nothing_there(
    readers_database: str,
) -> None:
    before = objects(readers_database)
    env = {**os.environ, **QUICK, "DATABASE_URL": readers_database}
    with kernel(folder=(ROOT / "notebooks" / DATABASE).parent, env=env) as running:
        ran = [running.wait(running.send(source), 120) for source in cells_of(DATABASE)]
        assert [one.traceback for one in ran if one.status != "ok"] == []
        assert running.seconds_to_end() < PATIENCE
    assert objects(readers_database) == before
