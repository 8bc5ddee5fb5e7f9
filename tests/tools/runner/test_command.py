"""The command in a process of its own: where it runs, and how it is stopped."""

from __future__ import annotations

import os
import pty
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import nbformat
import psutil
import pytest
from authoring.project import Project
from nbformat.v4 import new_code_cell, new_notebook
from runner.__main__ import Outcome, arguments, changed_meanwhile, for_stock, jobs_of
from runner.execute import limit_faults
from runner.faults import Fault
from runner.lessons import PROJECT, changed
from runner.processes import MARK, is_running

ROOT = Path(__file__).parents[3]
FIXTURES = Path(__file__).parent / "fixtures"
KERNEL = {"kernelspec": {"name": "tslab", "display_name": "TypeScript (tslab)", "language": "typescript"}}


def command(what: str, *words: str | Path) -> list[str]:
    return [sys.executable, "-m", "runner", what, *map(str, words)]


def test_outputs_are_the_same_in_a_terminal_and_in_another_country() -> None:
    ours, its = pty.openpty()
    env = os.environ | {"FORCE_COLOR": "1", "TZ": "Asia/Tokyo", "LC_ALL": "de_DE.UTF-8"}
    run = subprocess.run(
        command("check", FIXTURES / "object.ipynb"), check=False, cwd=ROOT, env=env, stdout=its, stderr=its
    )
    os.close(its)
    said = os.read(ours, 10_000).decode()
    os.close(ours)
    assert run.returncode == 0, said
    assert "1 passed, 0 failed" in said


def wait_until(happened: Callable[[], bool], limit_s: float = 30) -> None:
    end = time.monotonic() + limit_s
    while not happened():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.02)


def lessons_processes(runner: psutil.Process) -> list[psutil.Process]:
    found = []
    for process in runner.children(recursive=True):
        try:
            if MARK in process.environ():
                found.append(process)
        except psutil.Error:
            continue
    return found


@pytest.mark.parametrize(("moment", "number"), [("start", signal.SIGINT), ("cell", signal.SIGTERM)])
def test_a_command_that_is_stopped_leaves_no_process_and_no_change(
    tmp_path: Path, moment: str, number: signal.Signals
) -> None:
    sign, path = tmp_path / "running", tmp_path / "long.ipynb"
    source = (
        'import { spawn } from "node:child_process";\nimport * as fs from "node:fs";\n'
        'void spawn("sleep", ["302"], { detached: true });\n'
        f'fs.writeFileSync("{sign}", "");\nawait new Promise((resolve) => setTimeout(resolve, 60_000));'
    )
    nbformat.write(new_notebook(cells=[new_code_cell(source)], metadata=KERNEL), path)
    before = path.read_bytes()
    # Whoever starts the tests in the background may have them ignore Ctrl-C, and the command would inherit that.
    usual = signal.signal(signal.SIGINT, signal.default_int_handler)
    child = subprocess.Popen(
        command("execute", path),
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    signal.signal(signal.SIGINT, usual)
    try:
        runner = psutil.Process(child.pid)
        wait_until(lambda: bool(lessons_processes(runner)) if moment == "start" else sign.exists())
        started = lessons_processes(runner)
        child.send_signal(number)
        _, said = child.communicate(timeout=30)
    finally:
        child.kill()
    assert (child.returncode, said) == (130, "runner: stopped; no kernel is left running\n")
    assert started and not [process for process in started if is_running(process)]
    assert path.read_bytes() == before


def test_a_python_without_the_kernel_is_told_what_to_do(tmp_path: Path) -> None:
    code = (
        "import sys; sys.prefix = sys.argv.pop(1)\nfrom runner.__main__ import main\n"
        "from jupyter_core import paths; paths.ENV_JUPYTER_PATH[:] = []\nsys.exit(main())"
    )
    env = os.environ | {"HOME": str(tmp_path), "JUPYTER_DATA_DIR": str(tmp_path)}
    words = [sys.executable, "-c", code, str(tmp_path), "check", str(FIXTURES / "object.ipynb")]
    run = subprocess.run(words, check=False, cwd=ROOT, env=env, capture_output=True, text=True)
    assert run.returncode == 2, run.stderr
    assert "the tslab kernel is not installed here. Run: make test" in run.stderr
    assert "Traceback" not in run.stderr


def test_a_broken_notebook_is_a_fault_and_the_others_still_run(tmp_path: Path) -> None:
    broken = tmp_path / "broken.ipynb"
    broken.write_text("{")
    run = subprocess.run(
        command("check", broken, FIXTURES / "object.ipynb"),
        check=False,
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert run.returncode == 1, run.stderr
    assert "broken: is no valid notebook" in run.stdout
    assert run.stdout.endswith("\n1 passed, 1 failed\n")


def test_lessons_whose_figures_are_written_run_one_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    for words, jobs in [
        (["execute"], 1),
        (["execute", "--jobs", "3"], 3),
        (["check"], os.cpu_count() or 1),
        (["stock"], os.cpu_count() or 1),
    ]:
        monkeypatch.setattr(sys, "argv", ["runner", *words])
        assert jobs_of(arguments()) == jobs


def test_options_may_stand_before_the_lessons(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["runner", "check", "--again", "--jobs", "1", "examples/14"])
    args = arguments()
    assert (args.what, args.again, args.jobs, args.lessons) == ("check", True, 1, ["examples/14"])


def test_stock_tslab_is_not_asked_to_run_what_is_beyond_and_the_runner_says_so(
    capsys: pytest.CaptureFixture[str],
) -> None:
    paths = [
        PROJECT.notebooks / f"{name}.ipynb" for name in ("examples/14-a", "beyond/15-b", "capstones/20-c")
    ]
    assert for_stock(paths) == paths[:1]
    assert (
        "2 lessons of beyond and capstones left out: stock tslab's compiler is older"
        in capsys.readouterr().out
    )
    assert for_stock(paths[:1]) == paths[:1]
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("jobs", ["0", "-1", "many"])
def test_a_number_of_jobs_that_is_none_is_refused(
    jobs: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["runner", "check", f"--jobs={jobs}"])
    with pytest.raises(SystemExit) as ended:
        arguments()
    assert ended.value.code == 2
    assert f"{jobs!r} is no positive whole number" in capsys.readouterr().err


@pytest.mark.parametrize("limit", ["ten", 0, -1, True, None])
def test_a_limit_that_is_no_number_of_seconds_is_a_fault_of_its_cell(limit: object) -> None:
    notebook = new_notebook(cells=[new_code_cell("a"), new_code_cell("b")])
    notebook.cells[1].metadata["tsasync"] = {"timeout": limit}
    (fault,) = limit_faults(notebook)
    assert (fault.kind, fault.cell) == ("form", 2)
    assert repr(limit) in fault.detail


def test_a_lesson_that_was_saved_or_removed_while_it_ran_is_not_overwritten(tmp_path: Path) -> None:
    path = Path(shutil.copy(FIXTURES / "object.ipynb", tmp_path))
    notebook = nbformat.read(path, as_version=4)
    outcome = Outcome(path, path.read_bytes(), notebook, notebook, [], 0)
    assert changed_meanwhile(outcome) == []
    path.write_text("saved by somebody")
    assert [fault.kind for fault in changed_meanwhile(outcome)] == ["changed"]
    path.unlink()
    assert [fault.kind for fault in changed_meanwhile(outcome)] == ["changed"]


def test_all_lessons_count_as_changed_where_git_has_nothing_to_say(tmp_path: Path) -> None:
    (tmp_path / "notebooks").mkdir()
    shutil.copy(FIXTURES / "object.ipynb", tmp_path / "notebooks" / "00-start-here.ipynb")
    assert changed(Project(tmp_path)) == [tmp_path / "notebooks" / "00-start-here.ipynb"]


def test_what_a_lesson_printed_can_not_steer_the_terminal() -> None:
    shown = str(Fault("stderr", 1, "  \x1b[2Jgone\rback é"))
    assert "\x1b" not in shown and "\r" not in shown
    assert "\\x1b[2Jgone\\rback é" in shown
