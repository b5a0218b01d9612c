"""Corrected p-values: R p.adjust (p.adjust.*), statsmodels for Sidak, orders that must hold, wrong input."""

import itertools

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from pandas.testing import assert_series_equal
from statsmodels.stats.multitest import multipletests

import surveyanalysis as sa
from surveyanalysis.analysis.multiplicity import CORRECTION_WORDS
from surveyanalysis.errors import ChoiceError, DataError
from tests import references

SOME = [0.01, 0.04, 0.03, 0.005, 0.2, 0.04, 0.999, 0.0]


def floats(values):
    return np.array([references.number(value) for value in values])


@pytest.mark.parametrize("name", references.cases("p.adjust."))
def test_every_method_of_r(name):
    """R p.adjust, missing p-values among them."""
    case = references.case(name)
    p = floats(case.args["p"])
    for method, expected in case.values.items():
        assert_allclose(sa.adjust_p(p, method), floats(expected), rtol=case.rtol, err_msg=method)


@pytest.mark.parametrize(("method", "theirs"), [("sidak", "sidak"), ("holm_sidak", "holm-sidak")])
def test_sidak_s_methods_are_statsmodels(method, theirs):
    assert_allclose(sa.adjust_p(SOME, method), multipletests(SOME, method=theirs)[1], rtol=1e-12)


def test_a_missing_p_value_is_no_test():
    """T055: multipletests counts it in Holm, and loses everything in Benjamini-Hochberg."""
    assert_allclose(sa.adjust_p([0.01, np.nan, 0.02]), [0.02, np.nan, 0.02])
    assert_allclose(sa.adjust_p([0.01, np.nan, 0.02], "benjamini_hochberg"), [0.02, np.nan, 0.02])


def test_holm_is_the_method_when_none_is_named():
    """T056: 3 x .01, 2 x .02, .04."""
    assert_allclose(sa.adjust_p([0.01, 0.02, 0.04]), [0.03, 0.04, 0.04])


def test_a_series_keeps_its_index_and_name():
    p = pd.Series([0.01, None, 0.04], index=["pay", "peers", "home"], name="p")
    expected = pd.Series([0.02, np.nan, 0.04], index=p.index, name="p")
    assert_series_equal(sa.adjust_p(p), expected)
    assert p.isna().sum() == 1
    nullable = sa.adjust_p(pd.Series([0.01, pd.NA, 0.04], dtype="Float64"))
    assert_allclose(nullable, expected)


@pytest.mark.parametrize("method", CORRECTION_WORDS)
def test_what_holds_of_every_method(method):
    p = np.array([0.2, 0.011, 0.011, 0.5, 0.04, 0.003])
    adjusted = sa.adjust_p(p, method)
    assert ((adjusted >= p) & (adjusted <= 1)).all()
    assert (np.diff(adjusted[np.argsort(p, kind="stable")]) >= 0).all()
    turned = np.random.default_rng(2).permutation(len(p))
    assert_allclose(sa.adjust_p(p[turned], method), adjusted[turned])
    assert_allclose(sa.adjust_p([0.3], method), [0.3])
    assert len(sa.adjust_p([], method)) == 0
    assert np.isnan(sa.adjust_p([np.nan, None], method)).all()


def test_the_methods_stand_in_the_order_of_their_power():
    """Holm within Bonferroni, Hochberg within Holm, Hommel within Hochberg, each Sidak within its Bonferroni."""
    p = np.random.default_rng(4).beta(0.3, 2, 30)
    found = {method: sa.adjust_p(p, method) for method in CORRECTION_WORDS}
    chain = ("bonferroni", "holm", "hochberg", "hommel")
    pairs = [
        *itertools.pairwise(chain),
        ("bonferroni", "sidak"),
        ("holm", "holm_sidak"),
        ("hommel", "benjamini_hochberg"),
    ]
    for wide, narrow in [*pairs, ("benjamini_yekutieli", "benjamini_hochberg")]:
        assert (found[narrow] <= found[wide] + 1e-15).all(), (narrow, wide)


def test_tiny_p_values_keep_their_digits():
    assert_allclose(sa.adjust_p([1e-300, 0.5], "sidak"), [2e-300, 0.75], rtol=1e-12)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ([0.01, 1.2], "holds 1.2 at 1"),
        ([-0.01], "holds -0.01"),
        (["0.01"], "'0.01'"),
        ([True], "True"),
        (pd.Series([0.5, 7], index=["pay", "home"]), "at 'home'"),
        (0.05, "one list, array or Series"),
        (pd.DataFrame({"p": [0.1]}), "a DataFrame"),
        ({"pay": 0.1}, "a dict"),
    ],
)
def test_wrong_p_values_are_named(wrong, words):
    with pytest.raises(DataError) as caught:
        sa.adjust_p(wrong)
    assert words in str(caught.value)


def test_a_wrong_method_lists_the_methods():
    with pytest.raises(ChoiceError, match="benjamini_hochberg"):
        sa.adjust_p([0.01], "fdr_bh")
