"""The quick form of the whole bench: every kind is measured for real, and what comes out has its structure.

Nothing here judges speed.
"""

from __future__ import annotations

import math
import os
import re
import subprocess
import sys
import uuid
from collections.abc import Sequence
from itertools import chain
from pathlib import Path

import psutil
import pytest

from bench import environment, kinds
from bench.figures import read
from bench.model import Setting, Table

ROOT = environment.ROOT
# Without a C compiler, or with a Deno that npm does not have, the others are measured all the same.
MAY_BE_ABSENT = {"C", "Deno"}
# What tells this run's processes from those of another bench.
MARK = {"TSASYNC_BENCH_TEST": uuid.uuid4().hex}


def bench(*words: str, **more: str) -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "PYTHONPATH": f"{ROOT / 'support/tools'}:{ROOT / 'tests'}", **more}
    command = [sys.executable, "-m", "bench", *words]
    return subprocess.run(
        command, cwd=ROOT, env=env, capture_output=True, text=True, timeout=300, check=False
    )


def every_key() -> list[str]:
    setting = Setting(True, environment.PEERS, environment.compiler(), Path("unused"))
    return [case.key for case in kinds.cases(setting)]


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, list[Table], Path]:
    """What one quick run printed, and the figures that it wrote."""
    out = tmp_path_factory.mktemp("bench") / "figures.json"
    done = bench("--quick", "--out", str(out), **MARK)
    assert done.returncode == 0, done.stderr
    return done.stdout, read(out), out


def test_every_case_of_every_kind_is_measured(measured: tuple[str, list[Table], Path]) -> None:
    _, tables, _ = measured
    assert [table.key for table in tables] == every_key()
    assert {table.key.split(":")[0] for table in tables} == set(kinds.ALL)


def test_no_side_fails(measured: tuple[str, list[Table], Path]) -> None:
    _, tables, _ = measured
    for table in tables:
        assert set(table.absent) <= MAY_BE_ABSENT, f"{table.key}: {table.absent}"
        assert table.sides


def test_every_side_has_a_finite_number_for_each_quantity_and_round(
    measured: tuple[str, list[Table], Path],
) -> None:
    _, tables, _ = measured
    for table in tables:
        names = {quantity.name for quantity in table.quantities}
        for side, values in table.sides.items():
            assert set(values) == names, f"{table.key}, {side}"
            assert all(map(math.isfinite, chain.from_iterable(values.values()))), f"{table.key}, {side}"


def test_a_table_has_the_side_that_others_are_divided_by(measured: tuple[str, list[Table], Path]) -> None:
    _, tables, _ = measured
    for table in tables:
        assert table.base == "" or table.base in table.sides, table.key


def test_machine_versions_and_day_are_named(measured: tuple[str, list[Table], Path]) -> None:
    text, tables, _ = measured
    for table in tables:
        assert re.fullmatch(r"\d{4}-\d{2}-\d{2}", table.day)
        assert table.machine["processor"] in text
        for name in ("node", "python", "aiohttp", "uvloop", "gevent", "p-limit", "effect"):
            assert re.match(r"\d+\.", table.versions[name]), name


def test_one_round_alone_tells_no_difference_and_meets_no_goal(
    measured: tuple[str, list[Table], Path],
) -> None:
    text, _, _ = measured
    assert "one round" in text
    assert "no difference" not in text
    assert "Goals" not in text


def test_nothing_that_was_started_is_left(measured: tuple[str, list[Table], Path]) -> None:
    del measured
    left = [one for one in psutil.process_iter(["environ", "cmdline"]) if is_marked(one)]
    assert [one.info["cmdline"] for one in left] == []


def is_marked(process: psutil.Process) -> bool:
    return MARK.items() <= (process.info["environ"] or {}).items()


def test_a_run_can_be_compared_with_another(measured: tuple[str, list[Table], Path]) -> None:
    _, _, out = measured
    done = bench("--quick", "--only", "cpu", "--out", str(out), "--against", str(out))
    assert done.returncode == 0, done.stderr
    assert "then" in done.stdout
    assert "now ÷ then" in done.stdout
    assert [table.key for table in read(out)] == every_key()


def test_without_a_compiler_the_client_in_typescript_takes_its_place(tmp_path: Path) -> None:
    out = tmp_path / "figures.json"
    done = bench("--quick", "--only", "echo delay", "--out", str(out), CC="no-such-compiler")
    assert done.returncode == 0, done.stderr
    for table in read(out):
        assert table.absent["C"] == "no C compiler here"
        assert table.base in table.sides, table.key
        assert all(lost == [0] for lost in (side.get("lost", [0]) for side in table.sides.values()))


@pytest.mark.parametrize(
    ("words", "told"),
    [(("--only", "eco"), "no case is called eco"), (("--quick", "--against", "no.json"), "no.json")],
)
def test_what_can_not_be_done_is_told_in_one_line(words: Sequence[str], told: str) -> None:
    done = bench(*words)
    assert done.returncode == 1
    assert told in done.stderr
    assert "Traceback" not in done.stderr
