"""Where tests make folders, no bytecode of theirs is left."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from testing.bytecode import no_bytecode_left_of


def compile_a_module(folder: Path, prefix: Path) -> None:
    """Imports a module from a folder, as a test does."""
    folder.mkdir(parents=True)
    (folder / "some_module.py").write_text("x = 1\n")
    env = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    subprocess.run(
        [sys.executable, "-c", "import some_module"],
        check=True,
        cwd=folder,
        env=env | {"PYTHONPYCACHEPREFIX": str(prefix), "PYTHONPATH": ""},
    )


def test_bytecode_of_modules_in_temporary_folders_goes_with_them_and_no_other_does(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prefix = tmp_path / "bytecode"
    monkeypatch.setattr(sys, "pycache_prefix", str(prefix))
    with no_bytecode_left_of(tmp_path / "temporary"):
        compile_a_module(tmp_path / "temporary" / "of a test", prefix)
        compile_a_module(tmp_path / "lasting", prefix)
        assert len(list(prefix.rglob("some_module*.pyc"))) == 2
    (left,) = prefix.rglob("some_module*.pyc")
    assert left.parent.name == "lasting"


def test_without_a_folder_for_all_bytecode_nothing_is_removed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "pycache_prefix", None)
    (tmp_path / "kept").touch()
    with no_bytecode_left_of(tmp_path):
        pass
    assert (tmp_path / "kept").exists()
