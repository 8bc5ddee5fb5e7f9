"""The figures that are kept with the project, which the page is made of."""

from __future__ import annotations

from pathlib import Path

from bench import environment, kinds
from bench.__main__ import KEPT, main
from bench.figures import read
from bench.goals import GOALS
from bench.model import Setting


def every_key() -> list[str]:
    setting = Setting(False, environment.PEERS, environment.compiler(), Path("unused"))
    return [case.key for case in kinds.cases(setting)]


def test_the_kept_figures_are_of_all_cases_in_their_order() -> None:
    kept = read(KEPT)
    assert [table.key for table in kept] == every_key()
    assert not any(table.quick for table in kept)


def test_every_goal_names_a_side_and_a_quantity_that_were_measured() -> None:
    kept = {table.key: table for table in read(KEPT)}
    for goal in GOALS:
        table = kept[goal.key]
        for side in (goal.side, goal.over) if goal.over else (goal.side,):
            assert goal.quantity in table.sides[side], goal


def test_the_page_is_written_from_the_kept_figures(tmp_path: Path) -> None:
    assert main(["--page", str(tmp_path / "page.html")]) == 0
    text = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert all(f'id="{key}"' in text for key in every_key())
