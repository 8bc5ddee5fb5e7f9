"""What a reader waits for: JupyterLab, the pages, and Run All of each lesson."""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from authoring.notebook import read_notebook
from runner.execute import execute
from runner.lessons import all_lessons, name_of

from bench.environment import ROOT
from bench.model import BenchError, Case, Measure, Quantity, Setting, Values

SECONDS = "seconds"
START_S = 60
# Not the reader's own, which is theirs.
COPY = "build/bench/lessons"
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+/lab\S*\?token=\w+")


def answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=10) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False


def end(process: subprocess.Popen[bytes]) -> None:
    """Ends a command with all that it started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def lab(setting: Setting) -> Values:
    """Until `make lab` has a page for the browser.

    Raises:
        BenchError: it has none in time
    """
    begin = time.monotonic()
    with contextlib.ExitStack() as stack:
        said = stack.enter_context((setting.scratch / "lab.err").open("w+", encoding="utf-8"))
        process = subprocess.Popen(
            ["make", "lab", f"MY_LESSONS={COPY}", "ARGS=--no-browser --port 0"],
            cwd=ROOT,
            start_new_session=True,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=said,
        )
        stack.callback(end, process)
        while time.monotonic() < begin + START_S and process.poll() is None:
            # It tells its address somewhat before it answers there.
            found = ADDRESS.search(Path(said.name).read_text(encoding="utf-8"))
            if found is not None and answers(found[0]):
                return {SECONDS: time.monotonic() - begin}
            time.sleep(0.02)
    raise BenchError("JupyterLab told no address, or did not answer there")


def html(setting: Setting) -> Values:
    """The pages of `make html`, without zip, EPUB and PDF, into a folder that is thrown away."""
    project = setting.scratch / "project"
    if not project.exists():
        project.mkdir()
        lessons = shutil.ignore_patterns("concepts", "examples") if setting.quick else None
        shutil.copytree(ROOT / "notebooks", project / "notebooks", ignore=lessons)
    begin = time.monotonic()
    command = [sys.executable, "-m", "pages", "--project", str(project), "--pages-only"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise BenchError(f"failed: {(done.stderr or done.stdout).strip()[-200:]}")
    return {SECONDS: time.monotonic() - begin}


def run_all(path: Path) -> Values:
    """Run All of a lesson in a new kernel.

    Raises:
        BenchError: it did not come to its end
    """
    notebook = read_notebook(path, name_of(path))
    begin = time.monotonic()
    run = asyncio.run(execute(notebook, path.parent))
    if run.stopped is not None:
        raise BenchError(f"stopped: {run.stopped.kind}")
    return {SECONDS: time.monotonic() - begin}


def lessons_case(setting: Setting, paths: Sequence[Path]) -> Case:
    def sides(stack: contextlib.ExitStack) -> Mapping[str, Measure]:
        del stack
        return {name_of(path): partial(run_all, path) for path in paths}

    return Case(
        key="waits:lessons",
        title="Run All of each lesson",
        about="From the start of a kernel to the end of the last cell. A lesson sleeps for most of its time.",
        quantities=[Quantity(SECONDS, "less")],
        base="",
        rounds=setting.size(2, 1),
        open=sides,
    )


def cases(setting: Setting) -> Iterator[Case]:
    def sides(stack: contextlib.ExitStack) -> Mapping[str, Measure]:
        del stack
        return {"make lab, warm": partial(lab, setting), "make html, pages": partial(html, setting)}

    yield Case(
        key="waits:commands",
        title="What a reader waits for",
        about="JupyterLab: from the command to its page. All is set up already.",
        quantities=[Quantity(SECONDS, "less")],
        base="",
        rounds=setting.size(5, 1),
        open=sides,
    )
    paths = all_lessons()
    yield lessons_case(setting, paths[:1] if setting.quick else paths)
