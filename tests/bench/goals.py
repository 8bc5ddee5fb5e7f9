"""What the figures ought to be, on two cores."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from bench.model import Table
from bench.spread import Ratio, ratio_of


@dataclass(frozen=True)
class Goal:
    """A side's quantity, over another side's or by itself, against a limit."""

    key: str
    side: str
    quantity: str
    over: str | None
    relation: Literal["at least", "at most"]
    limit: float


ECHO, MAKESPAN, SLEEPER = "messages a second", "makespan ÷ delay", "KiB a sleeper"
GOALS = (
    Goal("echo", "callbacks", ECHO, "C, epoll", "at least", 0.70),
    Goal("echo", "callbacks", ECHO, "asyncio streams", "at least", 4),
    Goal("echo", "recv, sendAll", ECHO, "callbacks", "at least", 0.9),
    Goal("echo", "for await, socket", ECHO, "callbacks", "at least", 0.85),
    Goal("delay:1000x1", "ours", MAKESPAN, None, "at most", 1.07),
    Goal("delay:10000x1", "ours", MAKESPAN, None, "at most", 1.15),
    Goal("delay:10000x5", "ours", SLEEPER, "aiohttp", "at most", 1),
    Goal("delay:18000x5", "ours", SLEEPER, "aiohttp", "at most", 1),
    Goal("jobs:1000000", "p-limit", "seconds", "pool", "at least", 10),
    Goal("jobs:1000000", "p-map", "seconds", "pool", "at least", 4),
    Goal("jobs:1000000", "mapPool", "seconds", "p-map", "at most", 1),
    Goal("jobs:1000000", "pool", "peak MB", "p-limit", "at most", 0.1),
    Goal("cpu", "worker threads, piscina", "speed-up on 2", None, "at least", 1.9),
    *(
        Goal("kernels", "ours", name, "stock tslab", "at most", 1)
        for name in ("ready, s", "first import, s", "the same import again, ms", "small cell, ms")
    ),
    *(
        Goal("kernels", "ours", name, "Deno", "at most", 1.5)
        for name in ("ready, s", "first import, s", "the same import again, ms", "small cell, ms")
    ),
)


@dataclass(frozen=True)
class Verdict:
    """A goal and what was measured; `met` is None where rounds disagree."""

    goal: Goal
    ratio: Ratio
    met: bool | None


def _judge(goal: Goal, table: Table) -> Verdict | None:
    side = table.sides.get(goal.side)
    over: Mapping[str, list[float]] | None = table.sides.get(goal.over) if goal.over is not None else None
    if side is None or (goal.over is not None and over is None):
        return None
    values = side[goal.quantity]
    ratio = ratio_of(values, over[goal.quantity] if over is not None else [1.0] * len(values))
    met = ratio.is_at_least(goal.limit) if goal.relation == "at least" else ratio.is_at_most(goal.limit)
    return Verdict(goal, ratio, met)


def verdicts(tables: Iterable[Table]) -> Iterator[Verdict]:
    """What can be said of each goal whose sides were measured."""
    known = {table.key: table for table in tables if not table.quick}
    for goal in GOALS:
        verdict = _judge(goal, known[goal.key]) if goal.key in known else None
        if verdict is not None:
            yield verdict


def words(verdict: Verdict) -> tuple[str, str, str, str]:
    """What is asked, the limit, what was measured, and whether that meets it."""
    goal, ratio = verdict.goal, verdict.ratio
    over = f" ÷ {goal.over}" if goal.over is not None else ""
    asked = f"{goal.key}: {goal.side}{over}, {goal.quantity}"
    measured = f"{ratio.middle:.2f} ({ratio.low:.2f} to {ratio.high:.2f})"
    return asked, f"{goal.relation} {goal.limit:g}", measured, _outcome(verdict)


def _outcome(verdict: Verdict) -> str:
    if verdict.met is not None:
        return "met" if verdict.met else "missed"
    if verdict.ratio.rounds < 2:
        return "one round"
    middle, limit = verdict.ratio.middle, verdict.goal.limit
    reached = middle >= limit if verdict.goal.relation == "at least" else middle <= limit
    return f"{'met' if reached else 'missed'} by the median, rounds disagree"
