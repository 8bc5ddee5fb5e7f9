"""What `make` sets up, tried on a clone in a folder of its own whose name has a space."""

from __future__ import annotations

import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).parents[3]
SETUP = Path("support/tools/setup/setup.py")
NOWHERE = "http://127.0.0.1:9/simple"


@pytest.fixture
def setup_module() -> ModuleType:
    spec = importlib.util.spec_from_file_location("setup_under_test", ROOT / SETUP)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def copy_of_project(to: Path) -> Path:
    """The files git knows or would take, as a fresh clone has them."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "-z"], cwd=ROOT, check=True, capture_output=True
    )
    for name in listed.stdout.decode().split("\0"):
        if name and (ROOT / name).is_file():
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, to / name)
    return to


@pytest.fixture(scope="module")
def clone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = copy_of_project(tmp_path_factory.mktemp("a clone") / "in a folder")
    yield folder
    shutil.rmtree(folder)


def set_up(folder: Path, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(SETUP)],
        check=False,
        cwd=folder,
        env=os.environ | env,
        capture_output=True,
        text=True,
    )


def one_line(run: subprocess.CompletedProcess[str]) -> str:
    """The last line, where the error stands; nothing like a traceback may stand before it."""
    assert "Traceback" not in run.stderr
    return run.stderr.strip().splitlines()[-1]


def test_a_python_that_is_too_old_is_told_what_to_do(
    setup_module: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 9, 1))
    assert setup_module.main() == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "Python 3.10 or newer is needed" in said and "PYTHON=" in said


def test_a_missing_venv_module_is_named_with_the_package_that_brings_it(
    setup_module: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "ensurepip", None)
    assert setup_module.main() == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and "apt install python3-venv" in said


def test_without_a_network_one_line_says_so_and_what_to_do(tmp_path: Path) -> None:
    folder = copy_of_project(tmp_path)
    run = set_up(
        folder, PIP_INDEX_URL=NOWHERE, PIP_RETRIES="0", PIP_CONFIG_FILE=os.devnull, PIP_NO_CACHE_DIR="1"
    )
    assert run.returncode == 1
    assert "Check the network, then run the same command again" in one_line(run)
    assert (folder / ".venv/setup.log").exists()


def test_a_download_that_was_killed_half_way_goes_on_with_the_next_call(clone: Path) -> None:
    first = subprocess.Popen(
        [sys.executable, str(SETUP)], cwd=clone, stderr=subprocess.DEVNULL, start_new_session=True
    )
    half_way = clone / ".venv" / "setup.json"
    deadline = time.monotonic() + 60
    while not half_way.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(1)
    os.killpg(first.pid, signal.SIGKILL)
    first.wait()
    again = set_up(clone)
    assert again.returncode == 0, again.stderr
    assert "making .venv" not in again.stderr
    assert "ready" in one_line(again)


@pytest.mark.parametrize(
    ("name", "program"),
    [("tslab", "support/kernel/main.ts"), ("tslab-stock", "node_modules/tslab/bin/tslab")],
)
def test_a_kernelspec_names_the_real_node_and_the_projects_own_kernel(
    clone: Path, name: str, program: str
) -> None:
    spec = json.loads((clone / ".venv/share/jupyter/kernels" / name / "kernel.json").read_text())
    node, kernel = [word for word in spec["argv"] if word.startswith("/")]
    assert Path(node).is_absolute() and Path(node).read_bytes()[:2] != b"#!"
    assert kernel == str(clone / program)


def test_a_cell_runs_in_a_folder_whose_path_has_a_space(clone: Path) -> None:
    code = (
        "import nbformat, nbclient; from nbformat.v4 import new_notebook, new_code_cell;"
        "nb = new_notebook(cells=[new_code_cell('import { sleep } from \"support\"; await sleep(0); typeof sleep')]);"
        "nbclient.NotebookClient(nb, kernel_name='tslab', resources={'metadata': {'path': 'notebooks'}}).execute();"
        "print(nb.cells[0].outputs[0].data['text/plain'])"
    )
    (clone / "notebooks").mkdir(exist_ok=True)
    run = subprocess.run(
        [".venv/bin/python", "-c", code],
        check=False,
        cwd=clone,
        env=own_jupyter(clone),
        capture_output=True,
        text=True,
    )
    assert run.stdout.strip() == "'function'", run.stderr


def own_jupyter(clone: Path) -> dict[str, str]:
    folders = {name: str(clone / ".venv/jupyter") for name in ("JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR")}
    return os.environ | folders | {"JUPYTER_CONFIG_DIR": str(clone / ".venv/jupyter"), "PYTHONPATH": ""}


def test_an_unchanged_tree_is_checked_in_under_a_second_and_in_silence(clone: Path) -> None:
    start = time.monotonic()
    run = set_up(clone)
    assert time.monotonic() - start < 1
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")


def test_a_changed_requirements_file_installs_the_python_packages_again_and_nothing_else(clone: Path) -> None:
    with (clone / "requirements.txt").open("a") as file:
        file.write("# changed\n")
    run = set_up(clone)
    assert run.returncode == 0
    assert "installing JupyterLab" in run.stderr
    assert "making .venv" not in run.stderr and "installing tslab" not in run.stderr


def test_a_lock_file_that_does_not_fit_is_told_in_one_line_and_leaves_nothing_marked_as_done(
    clone: Path,
) -> None:
    package = clone / "package.json"
    before = package.read_text()
    package.write_text(before.replace('"rxjs": "7', '"rxjs": "6'))
    run = set_up(clone)
    assert run.returncode == 1
    assert "The Node packages could not be installed" in one_line(run) and ".venv/setup.log" in one_line(run)
    package.write_text(before)
    again = set_up(clone)
    assert again.returncode == 0 and "installing tslab" in again.stderr


def test_two_commands_at_once_install_a_removed_folder_once_and_write_nowhere_else(
    tmp_path: Path, clone: Path
) -> None:
    home = tmp_path / "home"
    home.mkdir()
    shutil.rmtree(clone / "node_modules")
    env = os.environ | {"HOME": str(home), "npm_config_cache": str(tmp_path / "cache")}
    both = [
        subprocess.Popen([sys.executable, str(SETUP)], cwd=clone, env=env, stderr=subprocess.PIPE, text=True)
        for _ in range(2)
    ]
    said = [one.communicate()[1] for one in both]
    assert [one.returncode for one in both] == [0, 0]
    assert "".join(said).count("installing tslab") == 1
    assert (clone / "node_modules/support").exists()
    kept = {path.relative_to(home).parts[0] for path in home.rglob("*")}
    assert not {".jupyter", ".ipython", ".local"} & kept, kept


def pending(folder: Path) -> list[str]:
    code = "import json, setup; print(json.dumps(setup.pending()))"
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=folder / SETUP.parent, check=True, capture_output=True, text=True
    )
    return json.loads(run.stdout)


def test_a_moved_folder_is_to_be_set_up_anew(clone: Path) -> None:
    moved = clone.with_name("moved")
    clone.rename(moved)
    try:
        assert pending(moved) == ["venv", "python packages", "node packages", "jupyter"]
    finally:
        moved.rename(clone)
    assert pending(clone) == []
