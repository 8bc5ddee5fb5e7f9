"""Whatever readers, authors and commands do, in any order, also killed at any moment: no line of a reader is ever lost."""

from __future__ import annotations

import io
import os
import random
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from copies import files, reset, state, update
from copies.content import fresh, said
from copies.errors import UnknownLessonError
from small_copy import FIRST, NOON, Course, course, sources

STEPS = 40
SEEDS = range(60)
# The calls that change anything on the disk.
CHANGES = ("replace", "rename", "unlink")


class Killed(BaseException):
    """The process is no more: whatever it still tries does nothing."""


class Machine:
    """Kills a command before one of its changes, after it, or in the midst of a write; `left` counts down to it."""

    def __init__(self) -> None:
        self.left: int | None = None

    def count(self) -> bool:
        """Whether it is now."""
        if self.left is None:
            return False
        if self.left < 0:
            raise Killed
        self.left -= 1
        return self.left < 0

    def change(self, real: Callable[..., None]) -> Callable[..., None]:
        def call(*words: object) -> None:
            if self.count():
                raise Killed
            real(*words)
            if self.count():
                raise Killed

        return call


class Written(io.FileIO):
    """A file that such a machine writes."""

    def __init__(self, machine: Machine, path: Path, mode: str) -> None:
        super().__init__(path, mode)
        self.machine = machine

    def write(self, content: memoryview) -> int:
        if self.machine.count():
            super().write(content[: len(content) // 2])
            raise Killed
        return super().write(content)


@pytest.fixture
def machine(monkeypatch: pytest.MonkeyPatch) -> Machine:
    made = Machine()
    calls = {name: made.change(getattr(os, name)) for name in CHANGES}
    own = SimpleNamespace(**{name: getattr(os, name) for name in dir(os)} | calls)
    for module in (files, reset, state, update):
        monkeypatch.setattr(module, "os", own)
    monkeypatch.setattr(files, "open", lambda path, mode, **_: Written(made, path, mode), raising=False)
    return made


class Life:
    """A random life of a copy. Each line that a reader writes is another one, so that it can be looked for."""

    def __init__(self, made: Course, seed: int, machine: Machine) -> None:
        self.course = made
        self.chance = random.Random(seed)
        self.machine = machine
        self.clock = NOON
        self.number = 0
        self.done: list[str] = []

    def line(self, who: str) -> str:
        self.number += 1
        return f"{who}-{self.number}-line();"

    def visible(self) -> list[str]:
        return [name for name in self.course.files() if not Path(name).name.startswith(".")]

    def notebooks(self) -> list[str]:
        return [name for name in self.visible() if name.endswith(".ipynb")]

    def readable(self) -> list[str]:
        def can(name: str) -> bool:
            with suppress(ValueError, OSError, KeyError, TypeError):
                return bool(sources(self.course.mine(name)))
            return False

        return [name for name in self.notebooks() if can(name)]

    def some(self, names: list[str]) -> str | None:
        return self.chance.choice(names) if names else None

    def lines(self) -> set[str]:
        """The lines of a reader that stand anywhere in the copy."""
        found: set[str] = set()
        for name in self.course.files():
            text = self.course.mine(name).read_text(encoding="utf-8", errors="replace")
            found |= {f"reader-{n}-line" for n in range(self.number + 1) if f"reader-{n}-line" in text}
        return found

    # What a reader does.

    def edit(self) -> None:
        if name := self.some(self.readable()):
            at = self.chance.randrange(len(sources(self.course.mine(name))))
            self.course.change(name, at, source=[self.line("reader")])

    def add(self) -> None:
        if name := self.some(self.readable()):
            self.course.add(name, self.line("reader"))

    def run(self) -> None:
        if name := self.some(self.readable()):
            self.course.run(name)

    def spoil(self) -> None:
        if name := self.some(self.notebooks()):
            path = self.course.mine(name)
            path.write_text(path.read_text(encoding="utf-8") + self.line("reader"), encoding="utf-8")

    def write_module(self) -> None:
        path = self.course.mine("beyond/shop.ts")
        if path.parent.is_dir():
            path.write_text(self.line("reader"), encoding="utf-8")

    def write_own(self) -> None:
        path = self.course.mine(self.chance.choice(["notes.ipynb", "concepts/05-later.ipynb"]))
        if path.parent.is_dir() and not path.exists():
            path.write_text(f'{{"nbformat": 4, "cells": [], "metadata": "{self.line("reader")}"}}')

    def delete(self) -> None:
        if name := self.some(self.visible()):
            self.course.mine(name).unlink()

    def rename(self) -> None:
        if name := self.some(self.visible()):
            path = self.course.mine(name)
            path.rename(path.with_name(f"mine-{self.line('name')[:-3]}{path.suffix}"))

    def lose_record(self) -> None:
        self.course.mine(".copies.json").unlink(missing_ok=True)

    # What an author does.

    def publish(self) -> None:
        name = self.chance.choice([*FIRST, "concepts/05-later.ipynb", "concepts/06-last.ipynb"])
        # Sometimes what it said at first, again.
        text = FIRST.get(name) if self.chance.random() < 0.3 else None
        self.course.publish(name, text or ["# Title", self.line("author")])

    def drop(self) -> None:
        name = self.some([one for one in FIRST if one != "00-start-here.ipynb"])
        if name:
            self.course.original(name).unlink(missing_ok=True)

    def half_pull(self) -> None:
        there = [one for one in FIRST if one != "00-start-here.ipynb" and self.course.original(one).exists()]
        if name := self.some(there):
            self.course.original(name).write_text("<<<<<<< HEAD")

    # What make does.

    def command(self) -> None:
        self.clock += timedelta(seconds=self.chance.choice([0, 0, 0, 1]))
        before = self.lines()
        self.machine.left = self.chance.randrange(25) if self.chance.random() < 0.4 else None
        try:
            if self.chance.random() < 0.6:
                self.course.update(is_open=self.chance.random() < 0.2)
            else:
                lesson = self.chance.choice(["all", "concepts/01", "concepts/01", "beyond/03", "beyond/shop"])
                self.course.reset(lesson, self.clock)
        except (Killed, UnknownLessonError):
            pass
        finally:
            self.machine.left = None
        lost = before - self.lines()
        assert not lost, f"{lost} lost by the last of: {self.done}"

    def step(self) -> None:
        deeds = (
            *(self.edit, self.add, self.run, self.spoil, self.write_module, self.write_own, self.delete),
            *(self.rename, self.lose_record, self.publish, self.drop, self.half_pull),
        )
        weights = (6, 6, 6, 1, 2, 1, 1, 1, 1, 8, 1, 1)
        (deed,) = self.chance.choices(deeds, weights)
        self.done.append(deed.__name__)
        deed()
        if self.chance.random() < 0.6:
            self.done.append("command")
            self.command()


@pytest.mark.parametrize("seed", SEEDS)
def test_no_line_of_a_reader_is_lost_and_the_copy_comes_to_rest(
    tmp_path: Path, machine: Machine, seed: int
) -> None:
    made = course(tmp_path)
    life = Life(made, seed, machine)
    for _ in range(STEPS):
        life.step()
    there = [name for name in FIRST if made.original(name).exists()]
    for name in there:
        if made.original(name).read_text() == "<<<<<<< HEAD":
            made.publish(name, ["# Whole again"])
    made.update()
    before = {name: made.mine(name).read_bytes() for name in made.files()}
    made.update()
    assert {name: made.mine(name).read_bytes() for name in made.files()} == before
    assert not [name for name in before if "being-written" in name]
    for name in there if "lose_record" not in life.done else []:
        now = fresh(name, made.original(name).read_bytes()).said
        assert said(name, before[name]) == now or b"reader-" in before[name], name


ONE, TWO = "concepts/01-one.ipynb", "concepts/02-two.ipynb"


@pytest.mark.parametrize("moment", range(26))
def test_an_update_killed_at_any_moment_is_made_good_by_the_next_also_when_the_lesson_is_newer_still(
    tmp_path: Path, machine: Machine, moment: int
) -> None:
    made = course(tmp_path)
    made.update()
    made.add(TWO, "mine();")
    for name in (ONE, TWO):
        made.publish(name, ["# Newer"])
    machine.left = moment
    with suppress(Killed):
        made.update()
    machine.left = None
    for name in (ONE, TWO):
        made.publish(name, ["# Newer still"])
    made.update()
    assert sources(made.mine(ONE)) == ["# Newer still"]
    assert sources(made.mine(TWO))[-1] == "mine();"
    beside = "concepts/02-two.new-version.ipynb"
    assert made.files() == sorted([*FIRST, beside]) and sources(made.mine(beside)) == ["# Newer still"]


@pytest.mark.parametrize("moment", range(20))
def test_a_reset_killed_at_any_moment_has_lost_nothing_and_can_be_done_again(
    tmp_path: Path, machine: Machine, moment: int
) -> None:
    made = course(tmp_path)
    made.update()
    made.add(ONE, "mine();")
    machine.left = moment
    with suppress(Killed):
        made.reset("concepts/01", NOON)
    machine.left = None
    made.update()
    made.reset("concepts/01", NOON)
    assert sources(made.mine(ONE)) == FIRST[ONE]
    (kept,) = [name for name in made.files() if name not in FIRST]
    assert sources(made.mine(kept))[-1] == "mine();"
