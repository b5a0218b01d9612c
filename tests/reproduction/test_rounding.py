"""Rounding modes. Oracle: the definitions, and Python's own round (half to even) on exact halves."""

from decimal import Decimal

import pytest

from surveyanalysis.reproduction.rounding import exact, rounded


@pytest.mark.parametrize(
    ("value", "up", "even", "cut", "ceil"),
    [
        ("2.25", "2.3", "2.2", "2.2", "2.3"),
        ("2.35", "2.4", "2.4", "2.3", "2.4"),
        ("-2.25", "-2.3", "-2.2", "-2.2", "-2.3"),
        ("2.20", "2.2", "2.2", "2.2", "2.2"),
        ("2.21", "2.2", "2.2", "2.2", "2.3"),
    ],
)
def test_each_mode_rounds_by_its_definition(value, up, even, cut, ceil):
    modes = {"half_up": up, "half_even": even, "truncate": cut, "ceil": ceil}
    assert {mode: str(rounded(Decimal(value), 1, mode)) for mode in modes} == modes


def test_half_to_even_is_that_of_python_on_whole_halves():
    for k in range(-9, 10, 2):
        assert rounded(Decimal(k) / 2, 0, "half_even") == round(k / 2)


def test_a_share_that_is_a_tie_stays_a_tie_in_percent():
    assert 0.145 * 100 != 14.5 and exact(0.145, percent=True) == Decimal("14.5")
    assert exact(0.1 + 0.2) == Decimal("0.3")
