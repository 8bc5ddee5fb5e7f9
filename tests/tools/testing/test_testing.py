"""The driver of the whole test: it runs everything, counts right, and never passes over a failure."""

from __future__ import annotations

import asyncio
import json
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import psutil
import pytest
from authoring.project import HOME
from testing.__main__ import Done, Ran, last_words, run_all, table
from testing.counts import Counts, counts_of, failed_in
from testing.parts import BROWSER, FAST, NOT_SLOW, PAGES, ROOM, UNITS, WHOLE, Part

NODE = "\u2139 tests 7\n\u2139 suites 0\n\u2139 pass 4\n\u2139 fail 2\n\u2139 cancelled 1\n\u2139 skipped 0\n\u2139 todo 0\n"


@pytest.mark.parametrize(
    ("text", "status", "counts"),
    [
        (NODE, 1, Counts(4, 3)),
        ("inside: \n\u2139 pass 1\n\u2139 fail 0\n\u2139 cancelled 0\n" + NODE, 1, Counts(4, 3)),
        (NODE.replace("fail 2", "fail 0").replace("cancelled 1", "cancelled 0"), 0, Counts(4, 0)),
        # Too little of the code was covered.
        (NODE.replace("fail 2", "fail 0").replace("cancelled 1", "cancelled 0"), 1, Counts(4, 1)),
        ("....\n2 failed, 36 passed, 1 skipped, 3 errors in 194.82s (0:03:14)\n", 1, Counts(36, 5)),
        ("1 failed, 36 passed, 22 subtests passed in 4.82s\n", 1, Counts(36, 1)),
        ("SUBFAILED(n=1) a.py::b - x\nFAILED a.py::b - x\n2 failed, 36 passed in 4.8s\n", 1, Counts(36, 1)),
        ("1 error in 0.82s\n", 2, Counts(0, 1)),
        ("====== 36 passed in 1.2s ======\n", 0, Counts(36, 0)),
        ("no tests ran in 0.01s\n", 5, Counts(0, 1)),
        ("again x\n20 passed, 1 of them not at the first try, 1 failed\n", 1, Counts(20, 1)),
        ("21 passed, 0 failed\n", 0, Counts(21, 0)),
        ("0 passed, 0 failed\n", 0, Counts(0, 1)),
        ("All checks passed!\n", 0, Counts(1, 0)),
        ("", 0, Counts(1, 0)),
        ("", 2, Counts(0, 1)),
    ],
)
def test_what_a_command_printed_is_read_as_numbers(text: str, status: int, counts: Counts) -> None:
    assert counts_of(text, status) == counts


def python(source: str) -> tuple[str, ...]:
    return (sys.executable, "-c", source)


def test_all_parts_and_all_their_commands_run_although_one_fails(tmp_path: Path) -> None:
    passes, fails = python("print('3 passed in 0.1s')"), python("import sys; print('no good'); sys.exit(3)")
    parts = [Part("first", (fails, passes), ROOM), Part("second", (fails,), 1), Part("third", (passes,), 1)]
    ended = asyncio.run(run_all(parts, logs=tmp_path))
    assert {done.name: done.counts for done in ended} == {
        "first": Counts(3, 1),
        "second": Counts(0, 1),
        "third": Counts(3, 0),
    }
    lines = table([part.name for part in parts], ended, 12)
    assert [line.split()[0] for line in lines[:4]] == ["first", "second", "third", "whole"]
    assert lines[-1] == "6 passed, 2 failed"
    assert "no good" in (tmp_path / "first.log").read_text()


def test_how_what_failed_ends_is_said_once_more_by_parts(tmp_path: Path) -> None:
    fails = python("print(*range(99), 'no good', sep='\\n'); raise SystemExit(3)")
    parts = [
        Part("first", (fails, python("print('fine')"), ("no-such-command",)), 1),
        Part("second", (python("print('fine')"),), 1),
    ]
    said = last_words(asyncio.run(run_all(parts, logs=tmp_path)))
    assert (said[0], said[1], said[40]) == ("first failed:", "60", "no good")
    assert said[41:44] == ["", "first failed:", "no-such-command"] and "No such file" in said[44]
    assert not any("second" in line or "fine" in line for line in said)


def test_a_command_that_can_not_be_started_is_a_failure(tmp_path: Path) -> None:
    (done,) = asyncio.run(run_all([Part("gone", (("no-such-command-anywhere",),), 1)], logs=tmp_path))
    assert done.counts == Counts(0, 1)


def test_a_command_that_does_not_end_is_stopped_and_a_failure_and_the_next_one_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("testing.__main__.LIMIT_S", 2)
    monkeypatch.setattr("testing.__main__.PATIENCE_S", 1)
    hangs, passes = python("import time; time.sleep(303)"), python("print('3 passed in 0.1s')")
    (done,) = asyncio.run(run_all([Part("hangs", (hangs, passes), ROOM)], logs=tmp_path))
    assert done.counts == Counts(3, 1)
    assert "\nstopped: it had not ended after 2 s\n" in done.log.read_text()
    assert done.seconds < 20


def test_what_failed_is_named_once_for_each_file_or_test() -> None:
    node = "\u2716 failing tests:\n\ntest at tests/a.test.ts:80:1\nx\n\ntest at tests/a.test.ts:119:1\n"
    assert failed_in(node) == ["tests/a.test.ts"]
    pytests = "FAILED tests/x/test_a.py::test_b[c d] - assert 1 == 2\nERROR tests/x/test_c.py - Import\n"
    assert failed_in(pytests) == ["tests/x/test_a.py::test_b[c d]", "tests/x/test_c.py"]
    ours = "FAILED examples/02-simple (3.0 s)\n  In [1]: output\nok     examples/03 (2.1 s)\nFAILED 02-a (0.4 s)\n"
    assert failed_in(ours) == ["examples/02-simple", "02-a"]
    assert failed_in("FAILED 24 outputs depend on the machine, of 20 at most\n") == []


FLAKY = """
import sys
from pathlib import Path
runs, passes, asked = Path("runs"), int(sys.argv[1]), sys.argv[2:]
runs.write_text(runs.read_text() + "x" if runs.exists() else "x")
ok = len(runs.read_text()) >= passes
others = 0 if asked else 2
if not ok:
    print("FAILED test_flaky.py::test_it[2] - assert False")
print(f"{others + 1} passed in 0.1s" if ok else f"1 failed, {others} passed in 0.1s" if others else "1 failed in 0.1s")
sys.exit(not ok)
"""


def flaky(tmp_path: Path, passes: int) -> Part:
    """A part with three tests of which one fails, until it has been run so many times. It says so as pytest does."""
    (tmp_path / "flaky.py").write_text(FLAKY)
    runs = (sys.executable, "flaky.py", str(passes))
    return Part("flaky", (runs,), 1, again=runs)


def test_a_test_that_fails_once_passes_and_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("testing.__main__.HOME", tmp_path)
    (tmp_path / "test_flaky.py").write_text(
        "from pathlib import Path\nimport pytest\nran = Path(__file__).with_name('ran')\n"
        "@pytest.mark.parametrize('n', [1, 2, 3])\ndef test_it(n):\n    if n != 2: return\n"
        "    before = ran.exists()\n    ran.touch()\n    assert before\n"
    )
    pytests = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", f"--rootdir={tmp_path}")
    part = Part("flaky", ((*pytests, str(tmp_path)),), 1, again=pytests)
    (done,) = asyncio.run(run_all([part], logs=tmp_path))
    assert done.counts == Counts(3, 0)
    assert "\nagain test_flaky.py::test_it[2]\n" in done.log.read_text()


def test_a_test_that_fails_twice_fails_where_nothing_ran_beside_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("testing.__main__.HOME", tmp_path)
    (done,) = asyncio.run(run_all([flaky(tmp_path, 3)], logs=tmp_path))
    assert done.counts == Counts(2, 1)
    assert "\nagain" not in done.log.read_text()


@pytest.mark.parametrize(("passes", "failed"), [(2, 0), (3, 0), (4, 1)])
def test_what_fails_twice_beside_other_parts_is_run_for_the_last_time_when_they_have_ended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, passes: int, failed: int
) -> None:
    monkeypatch.setattr("testing.__main__.HOME", tmp_path)
    ran = tmp_path / "runs"
    look = f"""
import pathlib, time
ran = pathlib.Path({str(ran)!r})
end = time.monotonic() + 60
while (not ran.exists() or len(ran.read_text()) < 2) and time.monotonic() < end: time.sleep(0.05)
time.sleep(0.5)
print(ran.read_text(), 'so far')
"""
    parts = [flaky(tmp_path, passes), Part("other", (python(look),), 1)]
    ended = {done.name: done for done in asyncio.run(run_all(parts, logs=tmp_path))}
    assert ended["flaky"].counts == Counts(3 - failed, failed)
    assert "xx so far" in ended["other"].log.read_text()
    assert len(ran.read_text()) == min(passes, 3)
    said = ended["flaky"].log.read_text()
    assert ("\nagain test_flaky" in said, "\nagain, alone, test_flaky" in said) == (passes == 2, passes == 3)


def test_what_its_own_command_has_tried_twice_is_run_once_more_at_the_end_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("testing.__main__.HOME", tmp_path)
    parts = [replace(flaky(tmp_path, 3), has_tried_twice=True), Part("other", (python("1"),), 1)]
    done = asyncio.run(run_all(parts, logs=tmp_path))
    assert (tmp_path / "runs").read_text() == "xx"
    assert sum((one.counts for one in done), Counts(0, 0)) == Counts(3, 1)


def test_nothing_is_told_to_pass_when_the_second_run_fails_without_saying_what(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("testing.__main__.HOME", tmp_path)
    part = replace(flaky(tmp_path, 9), again=python("raise SystemExit(3)"))
    (done,) = asyncio.run(run_all([part], logs=tmp_path))
    assert done.counts == Counts(2, 1)
    assert "\nagain" not in done.log.read_text()


SPAN = "import time; a = time.monotonic(); time.sleep(0.3); print('\\n', a, time.monotonic())"


def spans(parts: list[Part], logs: Path) -> dict[str, tuple[float, float]]:
    """When each of these parts, which run `SPAN`, began and ended."""
    asyncio.run(run_all(parts, logs=logs))
    said = {part.name: (logs / f"{part.name}.log").read_text().split()[-2:] for part in parts}
    return {name: (float(begun), float(ended)) for name, (begun, ended) in said.items()}


def meet(one: tuple[float, float], other: tuple[float, float]) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def test_nothing_runs_beside_a_part_that_judges_times(tmp_path: Path) -> None:
    rooms = {"alone": ROOM, "one": 1, "two": ROOM - 1, "again alone": ROOM}
    ran = spans([Part(name, (python(SPAN),), room) for name, room in rooms.items()], tmp_path)
    assert meet(ran["one"], ran["two"])
    assert not [name for name in ("one", "two", "again alone") if meet(ran["alone"], ran[name])]
    assert not [name for name in ("one", "two") if meet(ran["again alone"], ran[name])]


def test_what_gives_way_to_all_others_runs_beside_them_and_no_part_waits_for_it(tmp_path: Path) -> None:
    ran = spans(
        [
            Part("alone", (python(SPAN),), ROOM),
            Part("aside", (python(SPAN), python(SPAN), python(SPAN)), 2, aside=True),
            Part("aside too", (python(SPAN),), ROOM - 1, aside=True),
            Part("next", (python(SPAN),), 1),
        ],
        tmp_path,
    )
    both = (tmp_path / "aside.log").read_text().split()
    first = next(float(word) for word in both if word.replace(".", "").isdigit())
    aside = (first, ran["aside"][1])
    assert meet(ran["alone"], aside)
    assert not meet(aside, ran["aside too"])
    assert meet(aside, ran["next"]) and not meet(ran["alone"], ran["next"])


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such order")
def test_what_gives_way_does_so_with_all_that_it_starts(tmp_path: Path) -> None:
    said = "import os; print(os.getpriority(os.PRIO_PROCESS, 0), os.sched_getscheduler(0) == os.SCHED_IDLE)"
    starts = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {said!r}])"
    for aside in (False, True):
        part = Part("part", (python(f"import time; time.sleep(0.2); {starts}"),), 1, aside=aside)
        asyncio.run(run_all([part], logs=tmp_path))
        last = (tmp_path / "part.log").read_text().splitlines()[-1]
        assert (last == "19 True") == aside, last


def test_a_test_that_is_stopped_leaves_no_process(tmp_path: Path) -> None:
    sleeper = "import subprocess; subprocess.Popen(['sleep', '303'], start_new_session=True).wait()"
    source = (
        "import asyncio, sys; from pathlib import Path; import testing.__main__ as t; t.PATIENCE_S = 1;"
        f"sleeper = (sys.executable, '-c', {sleeper!r});"
        "parts = [t.Part('a', (('sh', '-c', 'sleep 303 & wait'),), 1), t.Part('b', (sleeper,), 1)];"
        "asyncio.run(t.run_all(parts, logs=Path(sys.argv[1])))"
    )
    child = subprocess.Popen([sys.executable, "-c", source, str(tmp_path)], stderr=subprocess.DEVNULL)
    process = psutil.Process(child.pid)
    end = time.monotonic() + 30
    while len(started := process.children(recursive=True)) < 4:
        assert time.monotonic() < end, "it did not start in time"
        time.sleep(0.05)
    child.send_signal(signal.SIGTERM)
    child.wait(30)
    assert [one for one in started if one.is_running() and one.status() != psutil.STATUS_ZOMBIE] == []


def test_every_test_file_belongs_to_a_part_without_being_named() -> None:
    script = "console.log(JSON.stringify(process.argv.slice(1).map((one) => require('fs').globSync(one))))"
    run = subprocess.run(
        ["node", "-e", script, UNITS, PAGES, BROWSER, NOT_SLOW],
        cwd=HOME,
        check=True,
        capture_output=True,
        text=True,
    )
    units, pages, browser, not_slow = json.loads(run.stdout)
    slow = set(units) - set(not_slow)
    assert slow and all(name.endswith(".slow.test.ts") for name in slow) and set(not_slow) < set(units)
    assert units and pages and browser
    assert len({*units, *pages, *browser}) == len(units) + len(pages) + len(browser)
    there = {path.relative_to(HOME).as_posix() for path in (HOME / "tests").rglob("*.test.ts")}
    assert {*units, *pages, *browser} == there


def test_no_two_test_files_in_python_have_one_name_of_which_pytest_would_refuse_the_second() -> None:
    names = sorted(path.name for path in (HOME / "tests").rglob("test_*.py"))
    assert names == sorted(set(names))


@pytest.mark.parametrize("parts", [WHOLE, FAST])
def test_every_part_has_room_and_a_name_of_its_own(parts: tuple[Part, ...]) -> None:
    assert all(1 <= part.room <= ROOM for part in parts)
    assert len({part.name for part in parts}) == len(parts)


def test_the_table_shows_seconds_and_counts() -> None:
    done = Done("units", 61.04, (Ran(Counts(812, 0)),), Path("x"))
    assert table(["units"], [done], 62)[0].split() == ["units", "61.0", "s", "812", "passed", "0", "failed"]
