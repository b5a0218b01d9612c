"""Diverging bars as data."""

import numpy as np
import pytest

from surveyanalysis.figures.figure import draw
from surveyanalysis.figures.likert import pieces, starts
from surveyanalysis.figures.theme import diverging

from ..tables import samples


def drawn(ax, item, steps):
    """Pieces of one item, in the order of the scale."""
    return [p for p in ax.patches if p.get_gid() == "piece"][item * steps : (item + 1) * steps]


def words(ax, part):
    return [t.get_text() for t in ax.texts if t.get_gid() == part]


def test_the_neutral_answer_is_split_at_zero():
    result = samples.likert()
    ax = draw(result)
    shares = result.frame["estimate"].to_numpy().reshape(2, 5)
    for item in range(2):
        parts = drawn(ax, item, 5)
        assert [p.get_width() for p in parts] == pytest.approx(list(shares[item]))
        neutral = parts[2]
        assert neutral.get_x() == pytest.approx(-neutral.get_width() / 2)
        assert parts[0].get_x() == pytest.approx(-(shares[item, :2].sum() + shares[item, 2] / 2))


def test_an_even_scale_meets_at_zero():
    parts = drawn(draw(samples.ALL["likert4"]()), 0, 4)
    assert parts[2].get_x() == pytest.approx(0)
    assert parts[1].get_x() + parts[1].get_width() == pytest.approx(0)


@pytest.mark.parametrize("steps", [2, 3, 4, 5, 6, 7, 10])
def test_pieces_join_without_gap_on_any_scale(steps):
    shares = np.random.default_rng(steps).dirichlet(np.ones(steps))
    left = starts(shares)
    np.testing.assert_allclose(left[1:], left[:-1] + shares[:-1], atol=1e-15)
    assert left[0] + 1 == pytest.approx(left[-1] + shares[-1])
    assert len(set(diverging(steps))) == steps


def test_percents_from_five_up_are_written_inside():
    assert words(draw(samples.likert()), "inside") == ["21", "39", "25", "12", "7", "19", "33", "32", "9"]


def test_n_and_mean_stand_at_the_right():
    assert words(draw(samples.likert()), "margin") == ["n = 57\nmean 2.39", "n = 57\nmean 3.16"]
    assert words(draw(samples.likert(), lang="ko"), "margin")[0] == "n = 57\n평균 2.39"


def test_the_axis_counts_away_from_zero_on_both_sides():
    ticks = [t.get_text() for t in draw(samples.likert()).get_xticklabels()]
    assert "0" in ticks
    assert not any("−" in t or "-" in t for t in ticks)


def test_tests_stand_at_the_foot():
    assert "Paired test (Wilcoxon): p < .001" in words(draw(samples.likert()), "note")


def test_items_and_steps_keep_the_codebooks_order():
    codes, items, shares = pieces(samples.likert())
    assert codes == [1, 2, 3, 4, 5]
    assert items == ["outlook_10y", "outlook_20y"]
    np.testing.assert_allclose(shares.sum(axis=1), 1)
    assert words(draw(samples.likert()), "legend")[0] == "Very negative"
