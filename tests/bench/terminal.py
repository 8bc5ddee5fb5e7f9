"""The tables as text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from bench import cells, goals
from bench.model import Table


def aligned(lines: Sequence[Sequence[str]]) -> Iterator[str]:
    """Lines whose columns stand under one another."""
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        yield "  " + "  ".join(text.ljust(width) for text, width in zip(line, widths, strict=True)).rstrip()


def _rounds(table: Table) -> str:
    counts = {len(values) for side in table.sides.values() for values in side.values()}
    most = max(counts, default=0)
    return f"{most} rounds in turns, minimum / median / maximum" if most != 1 else "one round"


def table_text(table: Table) -> Iterator[str]:
    yield f"{table.title} [{table.key}]"
    yield f"  {table.about}"
    quick = "; QUICK, THE FIGURES MEAN NOTHING" if table.quick else ""
    yield f"  {table.day}, {_rounds(table)}; others took {table.others:.1f} of a core meanwhile{quick}"
    if table.sides:
        for part in cells.parts(table):
            yield from aligned(part)
    for side, why in table.absent.items():
        yield f"  {side}: not measured, {why}"


def against_text(now: Table, then: Table) -> Iterator[str]:
    yield f"{now.title} [{now.key}]: {then.day}, then {now.day}"
    if now.machine != then.machine:
        yield "  on another machine: compare ratios of sides, not figures"
    lines = cells.against(now, then)
    if lines:
        yield from aligned([["", "", "then", "now", "now ÷ then", ""], *lines])


def goals_text(tables: Iterable[Table]) -> Iterator[str]:
    lines = [list(goals.words(verdict)) for verdict in goals.verdicts(tables)]
    if lines:
        yield "Goals"
        yield from aligned([["", "limit", "measured", ""], *lines])


def setting_text(machine: dict[str, str], versions: dict[str, str]) -> Iterator[str]:
    yield ", ".join(machine.values())
    yield ", ".join(f"{name} {version}" for name, version in versions.items())
