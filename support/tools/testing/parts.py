"""The parts of the test: which commands, and how much of the computer each wants for itself."""

from __future__ import annotations

import sys
from dataclasses import dataclass

# What one computer has room for. A part that takes all of it judges times, and nothing runs beside it.
ROOM = 4
# Quick seconds, for where only errors and figures count: claims are judged in the lessons' own part.
QUICK = (("LESSON_SECOND_MS", "40"),)


@dataclass(frozen=True)
class Part:
    """Commands that run one after another, all of them although one fails."""

    name: str
    commands: tuple[tuple[str, ...], ...]
    room: int
    env: tuple[tuple[str, str], ...] = ()


def _python(*words: str) -> tuple[str, ...]:
    return (sys.executable, *words)


def _node_tests(files: str, at_once: int, *more: str) -> tuple[str, ...]:
    return ("node", "--test", "--test-reporter=spec", f"--test-concurrency={at_once}", *more, files)


CODE = Part(
    "code",
    (
        ("node", "node_modules/@biomejs/biome/bin/biome", "check", "--error-on-warnings"),
        _python("-m", "ruff", "check", "--quiet"),
        _python("-m", "ruff", "format", "--quiet", "--check"),
        ("node", "node_modules/typescript/bin/tsc", "-p", "."),
        _python("-m", "authoring", "links", "--check"),
        _python("-m", "authoring", "cells"),
    ),
    room=1,
)
UNITS = "tests/!(browser)/**/*.test.ts"
BROWSER = "tests/browser/**/*.test.ts"
COVERAGE = (
    "--experimental-test-coverage",
    "--test-coverage-include=support/**/*.ts",
    "--test-coverage-lines=98",
)

# The longest part that others may run beside comes before those; what judges times has the computer to itself first.
WHOLE = (
    Part("lessons", (_python("-m", "runner", "check", "--again"),), room=ROOM),
    Part("units", (_node_tests(UNITS, 3, *COVERAGE),), room=ROOM),
    Part(
        "python",
        (_python("-m", "pytest", "-q", "-p", "no:cacheprovider", "-n", "3", "--dist", "loadgroup", "tests"),),
        room=2,
    ),
    Part(
        "browser",
        (("node", "tests/browser/ensure-chromium.ts"), _node_tests(BROWSER, 1)),
        room=1,
        env=QUICK,
    ),
    Part("stock", (_python("-m", "runner", "stock"),), room=1, env=QUICK),
    CODE,
)
FAST = (
    Part("units", (_node_tests(UNITS, 4),), room=ROOM - 1),
    CODE,
    Part("lessons", (_python("-m", "runner", "check", "--again", "--changed"),), room=ROOM),
)
