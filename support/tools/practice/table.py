"""What came of all answers, as lines for a terminal."""

from __future__ import annotations

from itertools import groupby

from practice.trial import SLOW_SECONDS, Told


def wrong_lines(told: list[Told]) -> list[str]:
    """Each answer that was not told what its source says, with what it was told."""
    lines = []
    for one in told:
        if not one.holds:
            name = f"{one.exercise}, {one.kind}{': ' if one.answer else ''}{one.answer}"
            lines += [name, *(f"    {line}" for line in one.said.splitlines() or ["(it printed nothing)"])]
    return lines


def failed_lines(told: list[Told]) -> list[str]:
    """The exercises to run once more, as the lesson runner names lessons."""
    seconds = {one.exercise: 0.0 for one in told if not one.holds}
    for one in told:
        if one.exercise in seconds:
            seconds[one.exercise] += one.seconds
    return [f"FAILED {name} ({taken:.1f} s)" for name, taken in seconds.items()]


def table_lines(told: list[Told]) -> list[str]:
    """One line for each exercise: how its answers did, and the times of its checks."""
    lines = ["exercise  stub  solution  wrong  cheats  check of the solution, s  longest check, s"]
    for name, group in groupby(told, key=lambda one: one.exercise):
        own = list(group)

        def held(kind: str, own: list[Told] = own) -> str:
            of = [one.holds for one in own if one.kind == kind]
            return f"{sum(of)}/{len(of)}"

        solved = next((one.seconds for one in own if one.kind == "solution"), 0.0)
        longest = max(one.seconds for one in own)
        slow = f"  over {SLOW_SECONDS:g} s" if solved > SLOW_SECONDS else ""
        lines.append(
            f"{name:<8}  {held('stub'):>4}  {held('solution'):>8}  {held('wrong'):>5}  {held('cheat'):>6}"
            f"  {solved:>24.2f}  {longest:>16.2f}{slow}"
        )
    return lines
