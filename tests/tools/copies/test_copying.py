"""The commands as a reader gives them: what they say, how they end, and that two of them wait for one another."""

from __future__ import annotations

import fcntl
import json
import os
import random
import re
import resource
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from authoring.project import HOME
from own_mounts import in_own_mounts
from small_copy import FIRST, Course, course, sources

ONE, TWO = "concepts/01-one.ipynb", "concepts/02-two.ipynb"


def command(made: Course, *words: str) -> list[str]:
    return [sys.executable, "-m", "copies", "--project", str(made.root), *words]


def copies(made: Course, *words: str, **env: str) -> subprocess.CompletedProcess[str]:
    known = {name: value for name, value in os.environ.items() if not name.startswith("JUPYTER")}
    done = subprocess.run(command(made, *words), env=known | env, capture_output=True, text=True, check=False)
    assert "Traceback" not in done.stderr, done.stderr
    return done


def make(*words: str, folder: Path = HOME) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["make", *words], cwd=folder, capture_output=True, text=True, check=False)


def processor_seconds_of(words: Sequence[str]) -> float:
    """How long a command computes; what others take of a processor is not counted."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(words, check=True, capture_output=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


@pytest.fixture
def read(tmp_path: Path) -> Course:
    made = course(tmp_path)
    assert copies(made, "update").returncode == 0
    return made


@pytest.fixture
def small_folder() -> Iterator[str]:
    """A folder for a copy inside of this project, and not the reader's."""
    name = f"build/test-copies-{os.getpid()}"
    yield name
    shutil.rmtree(HOME / name, ignore_errors=True)


def test_the_first_update_says_where_the_copy_is_and_the_next_one_is_silent(tmp_path: Path) -> None:
    made = course(tmp_path)
    first = copies(made, "update")
    assert (first.returncode, first.stdout) == (0, "")
    assert first.stderr.startswith(
        "lessons: your own copy is in my-lessons, to change as you like: 00-start-here, "
    )
    assert first.stderr.endswith(" and 3 more\n") and first.stderr.count("\n") == 1
    again = copies(made, "update")
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")


def test_a_reader_is_told_what_came_in_what_lies_beside_and_how_to_take_it(read: Course) -> None:
    read.add(ONE, "mine();")
    for name in (ONE, TWO):
        read.publish(name, ["# Newer"])
    said = copies(read, "update").stderr.splitlines()
    assert said == [
        "lessons: newer now, since you have changed nothing there: concepts/02-two",
        (
            "lessons: concepts/01-one is as you have changed it. A newer version lies beside it:"
            " 01-one.new-version.ipynb. To go on with that one: make reset LESSON=concepts/01-one (yours is kept)"
        ),
    ]
    assert copies(read, "update").stderr.splitlines() == said[1:]
    back = copies(read, "reset", "concepts/01-one").stderr
    assert back.startswith(
        "lessons: concepts/01-one is as at first. What you had is kept beside it: 01-one.kept-20"
    )
    assert copies(read, "update").stderr == ""


def test_what_can_not_be_read_is_told_with_what_to_do(read: Course) -> None:
    read.mine(ONE).write_text("{mine")
    read.original(TWO).write_text("<<<<<<< HEAD")
    said = copies(read, "update").stderr.splitlines()
    assert said[0].startswith(
        "lessons: my-lessons/concepts/01-one.ipynb is no notebook any more. To begin it anew: make reset"
    )
    assert said[1].startswith("lessons: the original of concepts/02-two can't be read (")
    assert "so your copy stays as it is" in said[1] and len(said) == 2


def test_an_unknown_lesson_ends_with_status_1_and_the_names_of_those_that_exist(read: Course) -> None:
    done = copies(read, "reset", "concepts/99")
    assert done.returncode == 1
    assert done.stderr.startswith("lessons: there is no lesson 'concepts/99'. There are: 00-start-here, ")


def test_without_a_lesson_or_a_folder_that_can_be_one_it_says_so(read: Course) -> None:
    assert copies(read, "reset", "").stderr.startswith(
        "lessons: which lesson? Name one, as in LESSON=concepts/01"
    )
    done = copies(read, "--copy", "notebooks", "update")
    assert done.returncode == 1 and "notebooks is where the originals are" in done.stderr


def test_a_copy_that_can_not_be_brought_up_to_date_is_opened_all_the_same(tmp_path: Path) -> None:
    made = course(tmp_path)
    # A folder in the place of the record: it can't be written, whoever asks.
    made.mine(".copies.json").mkdir(parents=True)
    first = copies(made, "update")
    assert first.returncode == 1 and "nothing of yours is lost" in first.stderr
    made.mine("00-start-here.ipynb").write_text("{}")
    assert copies(made, "update").returncode == 0


COPIES = '"$1" -m copies --project "$2"'


NAMES_OF_WHAT_IS_NO_JSON = """
import json, sys
from pathlib import Path
for path in map(Path, sys.argv[1:]):
    try:
        json.loads(path.read_text())
    except ValueError:
        print(f"broken:{path.name}")
"""


def test_on_a_full_disk_it_says_so_each_file_is_whole_and_with_more_room_it_goes_on(tmp_path: Path) -> None:
    made = course(tmp_path)
    for number in range(40):
        made.publish(f"examples/{number:02}-many.ipynb", ["# Many", "many();"])
    made.places.copy.mkdir()
    script = f"""
        mount -t tmpfs -o size=200k tmpfs "$2/my-lessons"
        {COPIES} update
        echo mine >> "$2/my-lessons/concepts/01-one.ipynb"
        dd if=/dev/zero of="$2/my-lessons/filled" 2>/dev/null || true
        {COPIES} reset concepts/01 && exit 1
        tail -n 1 "$2/my-lessons/concepts/01-one.ipynb"
        ls -A "$2/my-lessons/concepts"
        find "$2/my-lessons" -name "*.ipynb" -exec "$1" -c "$3" {{}} +
        mount -o remount,size=2m "$2/my-lessons"
        {COPIES} update
        ls "$2/my-lessons/examples" | wc -l
    """
    run = in_own_mounts(script, str(made.root), NAMES_OF_WHAT_IS_NO_JSON, cwd=made.root)
    assert run.returncode == 0, run.stderr
    assert "Traceback" not in run.stderr
    assert len(re.findall(r"lessons: there is no room left for .*Make some, then run", run.stderr)) == 2
    # The one that the reader has written in is no JSON now, as it should be.
    assert run.stdout.split() == ["mine", "01-one.ipynb", "02-two.ipynb", "broken:01-one.ipynb", "40"]


def test_in_a_folder_that_can_only_be_read_lessons_open_as_they_are_and_a_reset_fails(read: Course) -> None:
    read.publish(ONE, ["# Newer"])
    script = f"""
        mount --bind "$2/my-lessons" "$2/my-lessons"
        mount -o remount,bind,ro "$2/my-lessons"
        {COPIES} update
        {COPIES} reset concepts/01 || echo "status $?"
    """
    run = in_own_mounts(script, str(read.root), cwd=read.root)
    assert run.stdout == "status 1\n"
    assert len(re.findall(r"^lessons: .* can't be written\. Make it", run.stderr, re.MULTILINE)) == 2
    assert sources(read.mine(ONE)) == FIRST[ONE]


@pytest.fixture
def lab(read: Course, tmp_path: Path) -> Iterator[dict[str, str]]:
    """A JupyterLab that is open on the copy, as far as one can tell from outside: its file, its process, its port."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        about = {"root_dir": str(read.places.copy), "pid": os.getpid(), "port": server.getsockname()[1]}
        runtime = tmp_path / "runtime"
        runtime.mkdir()
        (runtime / "jpserver-1.json").write_text("{half writ")
        (runtime / "jpserver-2.json").write_text(json.dumps(about))
        yield {"JUPYTER_RUNTIME_DIR": str(runtime)}


def test_while_jupyterlab_is_open_newer_lessons_wait_and_a_reset_says_how_to_see_it(
    read: Course, lab: dict[str, str]
) -> None:
    read.publish(ONE, ["# Newer"])
    said = copies(read, "update", **lab).stderr
    assert said == (
        "lessons: JupyterLab is open on my-lessons, so newer versions wait for the next make lab after it is closed:"
        " concepts/01-one\n"
    )
    assert sources(read.mine(ONE)) == FIRST[ONE]
    assert "File, Reload Notebook from Disk" in copies(read, "reset", "concepts/01", **lab).stderr
    assert sources(read.mine(ONE)) == ["# Newer"]


@pytest.mark.parametrize("gone", [{"pid": 2**22 + 1}, {"port": 1}, {"root_dir": "/elsewhere"}, {"pid": None}])
def test_a_jupyterlab_that_was_killed_or_shows_something_else_keeps_nothing_back(
    read: Course, lab: dict[str, str], gone: dict[str, object]
) -> None:
    path = Path(lab["JUPYTER_RUNTIME_DIR"]) / "jpserver-2.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | gone))
    read.publish(ONE, ["# Newer"])
    assert "newer now" in copies(read, "update", **lab).stderr


def test_a_second_command_says_that_it_waits_for_the_first(read: Course) -> None:
    held = os.open(read.places.copy, os.O_RDONLY)
    fcntl.flock(held, fcntl.LOCK_EX)
    with subprocess.Popen(command(read, "reset", "01"), stderr=subprocess.PIPE, text=True) as second:
        assert second.stderr is not None
        assert "is at work on them; waiting" in second.stderr.readline()
        assert second.poll() is None
        os.close(held)
        assert second.wait(20) == 0


def test_many_updates_at_once_make_one_copy(tmp_path: Path) -> None:
    made = course(tmp_path)
    started = [subprocess.Popen(command(made, "update"), stderr=subprocess.DEVNULL) for _ in range(4)]
    assert [one.wait(60) for one in started] == [0, 0, 0, 0]
    assert made.files() == sorted(FIRST) and copies(made, "update").stderr == ""


def test_an_update_that_is_killed_leaves_whole_files_and_the_next_one_goes_on(tmp_path: Path) -> None:
    chance = random.Random(1)
    made = course(tmp_path)
    for number in range(200):
        made.publish(f"examples/{number:03}-many.ipynb", ["# Many", "many();"])
    for _ in range(8):
        started = subprocess.Popen(command(made, "update"), stderr=subprocess.DEVNULL)
        time.sleep(0.08 + chance.random() * 0.1)
        started.send_signal(signal.SIGKILL)
        started.wait()
        shown = [name for name in made.files() if not Path(name).name.startswith(".")]
        assert all(sources(made.mine(name)) for name in shown if name.endswith(".ipynb"))
    assert copies(made, "update").returncode == 0
    assert len(made.files()) == 200 + len(FIRST)
    assert made.files() == [name for name in made.files() if not Path(name).name.startswith(".")]


def test_make_reset_takes_the_lessons_name_and_another_folder(small_folder: str) -> None:
    done = make("reset", f"MY_LESSONS={small_folder}", "LESSON=concepts/01")
    assert done.returncode == 0, done.stderr
    assert (HOME / small_folder / "concepts/01-why-async.ipynb").is_file()
    unknown = make("reset", f"MY_LESSONS={small_folder}", "LESSON=concepts/99")
    assert unknown.returncode != 0 and "There are: 00-start-here, " in unknown.stderr
    assert make("reset", f"MY_LESSONS={small_folder}").stderr.startswith("lessons: which lesson?")


def test_make_lab_opens_the_copy_and_with_originals_the_originals(tmp_path: Path) -> None:
    reader = make("-n", "lab", "ARGS=--no-browser").stdout
    assert '-m copies --copy "my-lessons" update' in reader
    assert '-m jupyterlab "my-lessons" --no-browser' in reader
    author = make("-n", "lab", "ORIGINALS=1").stdout
    assert "-m jupyterlab notebooks" in author and "copies" not in author
    assert "/lab/workspaces/originals" in author


def test_make_clean_leaves_what_the_reader_has_written(tmp_path: Path) -> None:
    shutil.copy(HOME / "Makefile", tmp_path)
    for name in (".venv", "node_modules", "build", "html", "my-lessons"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "file").write_text("x")
    assert make("clean", folder=tmp_path).returncode == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["Makefile", "my-lessons"]
    assert (tmp_path / "my-lessons" / "file").read_text() == "x"


def test_a_copy_is_made_and_looked_through_before_a_library_for_notebooks_were_loaded(
    small_folder: str,
) -> None:
    update = [sys.executable, "-m", "copies", "--copy", small_folder, "update"]
    load = [sys.executable, "-c", "import nbformat"]
    turns = [(processor_seconds_of(update), processor_seconds_of(load)) for _ in range(2)]
    # Some 0.4 of it, on quick and slow computers alike.
    assert min(ours for ours, _ in turns) < 0.8 * min(theirs for _, theirs in turns), turns
