"""Where parts that measure no disk have their temporary files."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from testing.__main__ import run_all
from testing.memory import folder_in_memory
from testing.parts import Part


def test_a_folder_in_memory_lets_others_pass_and_is_gone_at_the_end(tmp_path: Path) -> None:
    with folder_in_memory(tmp_path, enough=0) as folder:
        assert folder is not None and folder.parent == tmp_path
        assert folder.stat().st_mode & 0o777 == 0o755
        (folder / "left").write_text("x")
    assert list(tmp_path.iterdir()) == []


def test_there_is_none_where_there_is_no_such_place_or_too_little_of_it(tmp_path: Path) -> None:
    with folder_in_memory(tmp_path / "nowhere", enough=0) as folder:
        assert folder is None
    with folder_in_memory(tmp_path, enough=2**60) as folder:
        assert folder is None
    assert list(tmp_path.iterdir()) == []


def test_only_parts_that_may_have_their_temporary_files_there(tmp_path: Path) -> None:
    says = (sys.executable, "-c", "import tempfile; print(tempfile.gettempdir())")
    parts = [Part("there", (says,), 1, in_memory=True), Part("not there", (says,), 1)]
    memory = tmp_path / "memory"
    memory.mkdir()
    asyncio.run(run_all(parts, logs=tmp_path, memory=memory))
    said = [(tmp_path / f"{part.name}.log").read_text().splitlines()[-1] for part in parts]
    assert said[0] == str(memory)
    assert said[1] != str(memory)
