"""The pure parts of the bench: ratios that say nothing say so, figures survive their file, two runs compare."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from html.parser import HTMLParser

import pytest

from bench import cells, terminal
from bench.figures import from_json, merged, to_json
from bench.goals import GOALS, verdicts
from bench.model import BenchError, Quantity, Table
from bench.page import page
from bench.spread import ratio_of, ratio_of_runs, spread_of

MACHINE = {"processor": "a processor, 2 cores"}


def table(
    key: str, sides: Mapping[str, Mapping[str, Sequence[float]]], base: str = "ours", better: str = "less"
) -> Table:
    names = next(iter(sides.values())) if sides else {}
    return Table(
        key=key,
        title=f"A title of <{key}>",
        about="About it.",
        quantities=[Quantity(name, "more" if better == "more" else "less") for name in names],
        base=base,
        day="2026-11-01",
        machine=MACHINE,
        versions={"node": "24"},
        others=0.25,
        quick=False,
        sides=sides,
        absent={"a peer": "no <peer> here"},
    )


def test_a_spread_has_minimum_median_and_maximum() -> None:
    spread = spread_of([5, 1, 3, 9])
    assert (spread.low, spread.median, spread.high) == (1, 4, 9)


def test_a_ratio_is_of_the_medians_and_its_spread_is_of_the_rounds() -> None:
    ratio = ratio_of([10, 20, 60], [5, 10, 20])
    assert (ratio.low, ratio.middle, ratio.high) == (2, 2, 3)
    assert ratio.differs


def test_a_ratio_of_medians_outside_of_all_rounds_widens_the_spread() -> None:
    # Round by round 0.5, 0.5, 2; the medians are 2 and 2.
    ratio = ratio_of([1, 2, 8], [2, 4, 1])
    assert ratio.low <= ratio.middle <= ratio.high


@pytest.mark.parametrize(
    ("one", "other"),
    [([1, 3], [2, 2]), ([2, 2], [2, 1]), ([5], [1])],
    ids=["on both sides of 1", "reaching 1", "one round"],
)
def test_a_spread_that_crosses_one_is_no_difference(one: list[float], other: list[float]) -> None:
    ratio = ratio_of(one, other)
    assert not ratio.differs
    assert not cells.compared(ratio)[0].isdigit()


def test_rounds_that_fall_on_both_sides_of_a_limit_leave_it_open() -> None:
    ratio = ratio_of([2, 4], [1, 1])
    assert ratio.is_at_least(2) is True
    assert ratio.is_at_least(3) is None
    assert ratio.is_at_least(5) is False
    assert ratio.is_at_most(4) is True
    assert ratio.is_at_most(3) is None
    assert ratio.is_at_most(1) is False


def test_losses_that_are_none_on_both_sides_are_the_same() -> None:
    assert cells.compared(ratio_of([0, 0], [0, 0])) == "the same"
    assert ratio_of([1, 1], [0, 0]).differs


def test_runs_of_two_days_are_compared_all_against_all() -> None:
    assert ratio_of_runs([10, 12], [5, 6]).low == pytest.approx(10 / 6)
    assert not ratio_of_runs([5, 9], [6, 7]).differs


def test_a_wide_table_comes_in_parts_with_each_quantity_once() -> None:
    wide = table("kernels", {"ours": {name: [1.0, 1.0] for name in "abcde"}})
    heads = [part[0] for part in cells.parts(wide)]
    assert [name for head in heads for name in head if len(name) == 1] == list("abcde")


def test_figures_come_back_from_their_file_as_they_were() -> None:
    one = table("echo", {"ours": {"s": [1.5, 2.25]}, "theirs": {"s": [3.0, 4.0]}})
    assert from_json(to_json([one]), "a file") == [one]


@pytest.mark.parametrize("text", ["", "[]", '{"format": 99, "tables": []}', '{"format": 1, "tables": [{}]}'])
def test_a_file_that_holds_no_figures_is_refused_by_name(text: str) -> None:
    with pytest.raises(BenchError, match=r"^x\.json holds no figures"):
        from_json(text, "x.json")


def test_the_newest_table_of_each_case_is_kept_in_the_order_of_the_cases() -> None:
    old = [table("b", {"ours": {"s": [1.0]}}), table("gone", {})]
    new = [table("b", {"ours": {"s": [2.0]}}), table("a", {})]
    kept = merged(old, new, ["a", "b"])
    assert [one.key for one in kept] == ["a", "b"]
    assert kept[1].sides["ours"]["s"] == [2.0]


def test_against_tells_better_from_worse_and_from_nothing() -> None:
    then = table("echo", {name: {"s": [10.0, 11.0]} for name in ("faster", "slower", "alike", "gone")})
    now = table(
        "echo", {"faster": {"s": [5.0, 6.0]}, "slower": {"s": [20.0, 21.0]}, "alike": {"s": [10.0, 12.0]}}
    )
    lines = cells.against(now, then)
    assert [(line[0], line[-1]) for line in lines] == [
        ("faster", "better"),
        ("slower", "worse"),
        ("alike", ""),
    ]
    assert "no difference" in lines[2][-2]


def test_against_another_machine_says_so() -> None:
    then = table("echo", {"ours": {"s": [1.0]}})
    now = dataclasses.replace(then, machine={"processor": "another"})
    assert any("another machine" in line for line in terminal.against_text(now, then))


def test_goals_are_judged_by_rounds_and_only_where_both_sides_were_measured() -> None:
    values = {"seconds": [1.0, 1.0], "peak MB": [1.0, 1.0]}
    sides = {
        "pool": values,
        "p-limit": {"seconds": [20.0, 30.0], "peak MB": [20.0, 30.0]},
        "p-map": {"seconds": [2.0, 2.0], "peak MB": [2.0, 2.0]},
    }
    met = {
        (one.goal.side, one.goal.quantity): one.met
        for one in verdicts([table("jobs:1000000", sides, "pool")])
    }
    assert met[("p-limit", "seconds")] is True
    assert met[("p-map", "seconds")] is False
    assert ("mapPool", "seconds") not in met


def test_quick_figures_are_no_proof_of_a_goal() -> None:
    sides = {"pool": {"seconds": [1.0, 1.0]}, "p-limit": {"seconds": [20.0, 20.0]}}
    assert not list(verdicts([dataclasses.replace(table("jobs:1000000", sides), quick=True)]))


class Page(HTMLParser):
    """What a page holds, and that all it opens is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.seen.append(tag)
        if tag not in ("meta", "link", "br"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_page_has_every_table_and_escapes_what_it_is_told() -> None:
    text = page([table("echo", {"<b>ours": {"s": [1.0, 2.0]}}, base="<b>ours"), table("cpu", {})])
    read = Page()
    read.feed(text)
    assert read.open == []
    assert "script" not in read.seen
    assert "b" not in read.seen
    assert "<b>ours" in read.text
    assert "A title of <cpu>" in read.text
    assert "no <peer> here" in read.text


def test_every_goal_is_about_a_quantity_by_name() -> None:
    assert len({dataclasses.astuple(goal) for goal in GOALS}) == len(GOALS)
