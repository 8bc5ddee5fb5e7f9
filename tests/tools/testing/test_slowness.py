"""Limits in seconds on slow computers."""

from __future__ import annotations

import pytest
from testing.slowness import MOST, REFERENCE_S, factor, slowness


@pytest.mark.parametrize(("times", "told"), [(0.3, 1), (1, 1), (2.5, 2.5), (100, MOST)])
def test_a_limit_is_longer_where_the_same_work_takes_longer_but_not_without_an_end(
    times: float, told: float
) -> None:
    assert factor(times * REFERENCE_S) == pytest.approx(told)


def test_this_computer_is_measured_by_real_work() -> None:
    assert 1 <= slowness() <= MOST
