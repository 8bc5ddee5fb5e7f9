"""The lessons in a Jupyter of the reader's own: another environment, another home, and only the kernelspec brought there."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import venv
from pathlib import Path

import nbclient
import pytest
from authoring.project import HOME

RUN_LESSON = """
import nbclient, nbformat, sys
from jupyter_client.kernelspec import KernelSpecManager
print(sorted(KernelSpecManager(ensure_native_kernel=False).find_kernel_specs()))
lesson = nbformat.read("00-start-here.ipynb", 4)
lesson.cells = [nbformat.v4.new_code_cell(
    'import { check, record, sleep, whole } from "support";\\n'
    'const run = await record(() => sleep(2));\\ncheck("two seconds", whole(run.makespan) >= 2);'
)]
nbclient.execute(lesson, cwd=".", timeout=60)
print(lesson.cells[0].outputs[0].text.strip())
"""


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Python environment of its own, which knows Jupyter's client and no kernel."""
    folder = tmp_path_factory.mktemp("other")
    venv.EnvBuilder(symlinks=True).create(folder / "env")
    packages = Path(nbclient.__file__).parent.parent
    (site,) = (folder / "env" / "lib").glob("python*/site-packages")
    (site / "jupyter.pth").write_text(f"{packages}\n")
    return folder


def environment(folder: Path) -> dict[str, str]:
    away = ("JUPYTER", "IPYTHON", "PYTHON", "XDG", "VIRTUAL_ENV")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(away)}
    return {**kept, "HOME": str(folder / "home"), "LESSON_SECOND_MS": "40"}


def own(folder: Path, word: str, **more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(HOME / "support/tools/setup/own_jupyter.py"), word]
    env = {**environment(folder), **more}
    return subprocess.run(command, env=env, capture_output=True, text=True, check=False)


def run_lesson(folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(folder / "env" / "bin" / "python"), "-c", RUN_LESSON],
        cwd=HOME / "notebooks",
        env=environment(folder),
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_lesson_runs_in_another_environment_between_install_and_remove(other: Path) -> None:
    before = run_lesson(other)
    assert before.stdout.strip() == "[]" and "No such kernel named tslab" in before.stderr
    installed = own(other, "install")
    assert (installed.returncode, installed.stderr) == (0, "") and "kernels/tslab" in installed.stdout
    assert own(other, "install").returncode == 0
    ran = run_lesson(other)
    assert ran.stdout.splitlines() == ["['tslab']", "✓ two seconds"], ran.stderr
    assert own(other, "remove").stdout.endswith("kernels/tslab is removed\n")
    assert run_lesson(other).stdout.strip() == "[]"
    assert "nothing to remove" in own(other, "remove").stdout
    left = [path for path in (other / "home").rglob("*") if path.is_file() and "kernel" in path.as_posix()]
    assert left == []


@pytest.mark.parametrize("word", ["install", "remove"])
def test_another_kernel_of_this_name_is_left_alone(tmp_path: Path, word: str) -> None:
    spec = tmp_path / "data" / "kernels" / "tslab" / "kernel.json"
    spec.parent.mkdir(parents=True)
    spec.write_text(json.dumps({"argv": ["node", "/opt/tslab", "{connection_file}"]}))
    tried = own(tmp_path, word, JUPYTER_DATA_DIR=str(tmp_path / "data"))
    assert tried.returncode == 1 and tried.stderr.count("\n") == 1
    assert "is another kernel" in tried.stderr and "/opt/tslab" in spec.read_text()
