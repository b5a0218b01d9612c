"""What two margins say about a paired difference.

Oracles: PUBLISHED bounds of the 2011 article (34 and 43 of 57: p from .0039 to .188, below .05 just if c <= 4); the
binomial test of SciPy; a search through all paired tables.
"""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from surveyanalysis.errors import ChoiceError
from surveyanalysis.reproduction.paired_margins import paired_bounds


def test_the_margins_of_the_article_do_not_settle_its_comparison():
    bounds = paired_bounds(34, 43, 57)
    frame = bounds.frame
    assert frame[["only_second", "only_first"]].iloc[[0, -1]].to_numpy().tolist() == [[9, 0], [23, 14]]
    assert_allclose(bounds.p_range, (0.00390625, 0.188), atol=5e-4)
    assert ((frame.p < 0.05) == (frame.only_first <= 4)).all()
    assert not bounds.settled and bounds.most_against == 4
    assert "the margins do not settle it" in bounds.words["en"] and ".0039 to .188" in bounds.words["en"]
    assert "판단할 수 없음" in bounds.words["ko"]


@pytest.mark.parametrize(("first", "second", "base"), [(34, 43, 57), (43, 34, 57), (5, 5, 20), (1, 19, 20), (0, 0, 3)])
def test_every_paired_table_is_there_with_the_p_of_the_binomial_test(first, second, base):
    from scipy.stats import binomtest

    frame = paired_bounds(first, second, base).frame
    tables = [(y, first - y, second - y, base - first - second + y) for y in range(base + 1)]
    possible = sorted(t for t in tables if min(t) >= 0)
    cells = ["both_yes", "only_first", "only_second", "neither"]
    assert sorted(map(tuple, frame[cells].to_numpy().tolist())) == possible
    for row in frame.itertuples():
        pairs = row.only_first + row.only_second
        assert_allclose(row.p, binomtest(row.only_first, pairs, 0.5).pvalue if pairs else 1.0, rtol=1e-12)


def test_margins_that_settle_it_say_so():
    assert paired_bounds(2, 19, 20).settled and "whichever table" in paired_bounds(2, 19, 20).words["en"]
    assert paired_bounds(10, 10, 20).settled and "no table" in paired_bounds(10, 10, 20).words["en"]


def test_the_order_of_the_questions_only_mirrors_the_tables():
    a, b = paired_bounds(34, 43, 57), paired_bounds(43, 34, 57)
    assert_allclose(np.sort(a.p), np.sort(b.p), rtol=1e-14)
    assert a.most_against == b.most_against


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ((58, 43, 57), "first_count"),
        ((34, -1, 57), "second_count"),
        ((0, 0, 0), "base"),
        ((34.0, 43, 57), "first_count"),
    ],
)
def test_counts_outside_the_base_are_refused(arguments, name):
    with pytest.raises(ChoiceError, match=name):
        paired_bounds(*arguments)
