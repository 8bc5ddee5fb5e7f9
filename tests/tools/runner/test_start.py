"""A kernel that ends before it says a word, as one does whose port was taken meanwhile."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

import pytest
from authoring.notebook import read_notebook
from jupyter_client.kernelspec import KernelSpecManager
from runner.execute import KERNEL, execute
from runner.faults import LessonRun

CLEAN = Path(__file__).parent / "fixtures" / "clean.ipynb"
# Ends as often as it is told to, and then becomes the kernel.
STARTER = """
import os, sys
starts, failing, *kernel = sys.argv[1:]
with open(starts, "a+") as file:
    file.write("x")
    file.seek(0)
    if len(file.read()) <= int(failing):
        sys.exit("that port is taken")
os.execvp(kernel[0], kernel)
"""


def run_on(folder: Path, failing: int) -> tuple[LessonRun, int]:
    """Runs a lesson on a kernel whose first starts fail; returns how many starts there were."""
    usual = KernelSpecManager().get_kernel_spec(KERNEL)
    starts, starter, place = folder / "starts", folder / "starter.py", folder / "kernels" / "failing"
    starter.write_text(STARTER)
    place.mkdir(parents=True)
    argv = [sys.executable, str(starter), str(starts), str(failing), *usual.argv]
    (place / "kernel.json").write_text(json.dumps({**usual.to_dict(), "argv": argv}))
    run = asyncio.run(execute(read_notebook(CLEAN, "clean"), CLEAN.parent, "failing"))
    return run, len(starts.read_text())


@pytest.fixture(autouse=True)
def kernels_of_this_test(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path))


def test_it_is_started_anew_and_runs_the_lesson(tmp_path: Path) -> None:
    run, starts = run_on(tmp_path, failing=2)
    assert (run.stopped, starts) == (None, 3)
    assert all(cell.reply is not None for cell in run.cells)


def test_one_that_does_so_each_time_is_a_dead_kernel_with_what_it_said(tmp_path: Path) -> None:
    run, starts = run_on(tmp_path, failing=9)
    assert run.stopped is not None
    assert (run.stopped.kind, starts) == ("dead kernel", 3)
    assert "it did not start" in run.stopped.detail
    assert "that port is taken" in run.stopped.detail
