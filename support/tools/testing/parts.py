"""The parts of the test: which commands, and how much of the computer each wants for itself."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace

from authoring.project import HOME
from compilers.shared import NAME

# What one computer has room for. A part that takes all of it judges times, and nothing runs beside it.
ROOM = 4
# Quick seconds, for where only errors and figures count: claims are judged in the lessons' own part.
QUICK = (("LESSON_SECOND_MS", "40"),)
# What measures kernels measures them as they are by themselves.
ALONE = ((NAME, ""),)


@dataclass(frozen=True)
class Part:
    """Commands that run one after another, all of them although one fails."""

    name: str
    commands: tuple[tuple[str, ...], ...]
    room: int
    # It judges no times, so it runs beside parts that do, and takes only the moments in which a processor has nothing to do.
    aside: bool = False
    # How what failed is run once more, one at a time, when its names are put behind; none where that proves nothing. What fails
    # again is run for the last time when all other parts have ended.
    again: tuple[str, ...] = ()
    # Its own command does that once already, so that it is left to the end of all.
    has_tried_twice: bool = False
    env: tuple[tuple[str, str], ...] = ()
    # Its temporary files may be in memory: nobody measures a disk in it.
    in_memory: bool = False


def _python(*words: str) -> tuple[str, ...]:
    return (sys.executable, *words)


def _node_tests(at_once: int, *more: str) -> tuple[str, ...]:
    return ("node", "--test", "--test-reporter=spec", f"--test-concurrency={at_once}", *more)


# With each test's name as it ends: what a test waits for is among those that have no line yet.
_PYTEST = _python("-m", "pytest", "-v", "-p", "no:cacheprovider", "--durations=20")
# Files side by side, since the tests of one share what they set up. The folder with the longest of them, the tools', is first,
# so that none of those runs on alone at the end.
_FOLDERS = sorted(
    {path.relative_to(HOME).parts[1] for path in (HOME / "tests").rglob("test_*.py")} - {"bench"},
    key=lambda name: (name != "tools", name),
)
_SIDE_BY_SIDE = (
    "-n",
    "3",
    "--dist",
    "loadfile",
    "--no-loadscope-reorder",
    *(f"tests/{name}" for name in _FOLDERS),
)

_CHECK = _python("-m", "runner", "check", "--again")
_CHECK_ONE = _python("-m", "runner", "check", "--jobs", "1")
_TRY = _python("-m", "practice", "try")
_KNOWN_TYPES = "build/types.tsbuildinfo"
_ENSURE_CHROMIUM = ("node", "tests/browser/ensure-chromium.ts")
_CHECKS = (
    ("node", "node_modules/@biomejs/biome/bin/biome", "check", "--error-on-warnings"),
    _python("-m", "ruff", "check", "--quiet"),
    _python("-m", "ruff", "format", "--quiet", "--check"),
    # Of a file that has not changed since the last time, and that uses none which has, it knows already what is wrong with it.
    (
        "node",
        "node_modules/typescript/bin/tsc",
        "-p",
        ".",
        "--incremental",
        "--tsBuildInfoFile",
        _KNOWN_TYPES,
    ),
    _python("-m", "authoring", "links", "--check"),
    _python("-m", "authoring", "cells"),
    _python("-m", "practice", "check"),
)
# What only tests need comes from elsewhere while the lessons wait: the last ones need it. Should the network stand still, nobody
# waits for it.
DOWNLOADS = Part("downloads", (_ENSURE_CHROMIUM, _python("-m", "classroom", "install")), room=1, aside=True)
CODE = Part("code", _CHECKS, room=ROOM - 1, aside=True)
LESSONS = Part("lessons", (_CHECK,), room=ROOM, again=_CHECK_ONE, has_tried_twice=True)
UNITS = "tests/!(browser)/**/*.test.ts"
# A file that takes over eight processor-seconds says so by its name: what starts databases, or sends thousands of messages.
NOT_SLOW = "tests/!(browser)/**/!(*.slow).test.ts"
PAGES = "tests/browser/*.test.ts"
BROWSER = "tests/browser/*/**/*.test.ts"
# Of the helpers: the kernel is tested from outside, in processes that Node's coverage does not see.
COVERAGE = (
    "--experimental-test-coverage",
    "--test-coverage-include=support/helpers/**/*.ts",
    "--test-coverage-lines=98",
)

# Two rows. The parts that give way are one after another beside all others; two of them that compute would be felt. Of the
# others, what judges times comes first; it waits for most of its time.
WHOLE = (
    LESSONS,
    DOWNLOADS,
    CODE,
    Part(
        "stock",
        (_python("-m", "runner", "stock", "--again"),),
        room=ROOM - 1,
        aside=True,
        again=_python("-m", "runner", "stock", "--jobs", "1"),
        has_tried_twice=True,
        env=QUICK,
        in_memory=True,
    ),
    Part(
        "pages",
        (_ENSURE_CHROMIUM, _node_tests(1, PAGES)),
        room=ROOM - 1,
        aside=True,
        again=_node_tests(1),
        in_memory=True,
    ),
    # Nobody judges its times.
    Part("bench", ((*_PYTEST, "tests/bench"),), room=ROOM - 1, aside=True, again=_PYTEST, env=ALONE),
    Part("units", (_node_tests(3, *COVERAGE, UNITS),), room=ROOM, again=_node_tests(1), in_memory=True),
    Part("exercises", (_TRY,), room=ROOM, again=_TRY, has_tried_twice=True, in_memory=True),
    Part("python", ((*_PYTEST, *_SIDE_BY_SIDE),), room=2, again=_PYTEST, in_memory=True),
    Part(
        "browser",
        (_ENSURE_CHROMIUM, _node_tests(2, BROWSER)),
        room=2,
        again=_node_tests(1),
        env=QUICK,
        in_memory=True,
    ),
)
FAST = (
    Part("units", (_node_tests(4, NOT_SLOW),), room=ROOM - 1, again=_node_tests(1), in_memory=True),
    # The units leave no moment free, so it would be the last to end if it gave way to them.
    replace(CODE, room=1, aside=False),
    replace(LESSONS, commands=((*_CHECK, "--changed"),)),
)
