"""A table's cells as text, for the terminal and for the page. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from bench.model import Quantity, Table
from bench.spread import Ratio, ratio_of, ratio_of_runs, spread_of

# More quantities than this do not fit side by side.
WIDE = 3
Rounds = Mapping[str, Sequence[float]]


def number(value: float) -> str:
    """Three digits of a number, or all of those before the point."""
    size = abs(value)
    digits = 0 if size >= 100 else 1 if size >= 10 else 2 if size >= 0.1 or size == 0 else 4
    return f"{value:,.{digits}f}"


def measured(values: Sequence[float]) -> str:
    """Minimum, median and maximum."""
    spread = spread_of(values)
    return " / ".join(map(number, (spread.low, spread.median, spread.high)))


def compared(ratio: Ratio) -> str:
    """A ratio with its spread; where the spread has 1 in it, that there is no difference to tell."""
    if ratio.rounds < 2:
        return "one round"
    if ratio.low == ratio.high == 1:
        return "the same"
    spread = f"{number(ratio.low)} to {number(ratio.high)}"
    return f"{number(ratio.middle)} ({spread})" if ratio.differs else f"no difference ({spread})"


def parts(table: Table) -> Iterator[list[list[str]]]:
    """A table's lines, the names of the columns first; in parts where it has too many quantities for one width."""
    most = 2 if len(table.quantities) > WIDE else WIDE
    for first in range(0, len(table.quantities), most):
        yield _lines(table, table.quantities[first : first + most])


def _lines(table: Table, quantities: Sequence[Quantity]) -> list[list[str]]:
    base = table.sides.get(table.base)
    lines = [["", *(name for one in quantities for name in _columns(one.name, table.base))]]
    for side, values in table.sides.items():
        line = [side]
        for quantity in quantities:
            line.append(measured(values[quantity.name]))
            if side == table.base:
                line.append("1")
            elif table.base:
                line.append(_over(values, base, quantity))
        lines.append(line)
    return lines


def _columns(name: str, base: str) -> list[str]:
    return [name, f"÷ {base}"] if base else [name]


def _over(values: Rounds, base: Rounds | None, quantity: Quantity) -> str:
    return compared(ratio_of(values[quantity.name], base[quantity.name])) if base is not None else "no base"


def against(now: Table, then: Table) -> list[list[str]]:
    """Each quantity of each side that both runs have: then, now, and the ratio."""
    lines = []
    names = {one.name for one in then.quantities}
    for side, values in now.sides.items():
        before = then.sides.get(side)
        if before is None:
            continue
        for quantity in now.quantities:
            if quantity.name not in names:
                continue
            old, new = before[quantity.name], values[quantity.name]
            ratio = ratio_of_runs(new, old)
            lines.append(
                [
                    side,
                    quantity.name,
                    measured(old),
                    measured(new),
                    compared(ratio),
                    _verdict(ratio, quantity.better),
                ]
            )
    return lines


def _verdict(ratio: Ratio, better: str) -> str:
    if not ratio.differs:
        return ""
    return "better" if (ratio.middle > 1) == (better == "more") else "worse"
