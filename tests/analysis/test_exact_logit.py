"""The exact logit as a verb: columns, words, tests of terms, and what it refuses."""

from functools import partial

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

import surveyanalysis as sa
from surveyanalysis.analysis import exact_logit
from surveyanalysis.errors import ChoiceError, ColumnError, DataError
from tests import references


@pytest.fixture(scope="module")
def women():
    frame = references.data("endometrial")
    return frame.assign(EH=(2 * frame["EH"]).round() / 2, PI=pd.cut(frame["PI"], [-1, 12, 18, 99], labels=list("lmh")))


@pytest.fixture(scope="module")
def found(women):
    return sa.exact_logit(women, "HG ~ NV + PI + EH")


def test_a_separated_term_has_an_estimate_and_one_end(found):
    """Heinze and Schemper (2002): the maximum likelihood estimate of NV is infinite."""
    row = found.frame.set_index("term").loc["NV"]
    assert np.isfinite(row["estimate"])
    assert np.isfinite(row["ci_low"])
    assert row["ci_high"] == np.inf
    assert any("median unbiased" in note["en"] and "NV" in note["en"] for note in found.origin.notes)


def test_exact_and_penalised_estimates_are_near(women, found):
    """Where nothing is separated, the exact estimate, Firth's and maximum likelihood tell one story."""
    plain = women.drop(columns="NV")
    exact = sa.exact_logit(plain, "HG ~ EH").frame.iloc[0]
    ml = sa.logit(plain, "HG ~ EH", variance="model").frame.iloc[1]
    assert abs(exact["estimate"] - ml["estimate"]) < 0.1 * ml["se"]
    assert_allclose(exact["se"], ml["se"], rtol=0.05)


def test_fisher_s_test_of_a_crosstab_has_the_same_p(women):
    frame = women.assign(late=(women["PI"] == "h").astype(int))
    p = sa.crosstab(frame.astype({"HG": "category", "late": "category"}), "HG", by="late").test("exact").p
    exact = sa.exact_logit(frame, "HG ~ late")
    assert_allclose([exact.frame["p"][0], exact.test("late").p], p, rtol=1e-9)


def test_a_factor_alone_is_fisher_freeman_halton_s_test(women):
    """Given both margins, outcomes of a factor's slopes are the tables of that test."""
    p = sa.crosstab(women.astype({"HG": "category"}), "HG", by="PI").test("exact").p
    assert_allclose(sa.exact_logit(women, "HG ~ PI").test("PI").p, p, rtol=1e-9)


def test_columns_follow_the_contract(found):
    frame = found.frame
    columns = ["outcome", "component", "term", "estimate", "se", "statistic", "df", "p", "ci_low", "ci_high", "n"]
    assert list(frame.columns) == columns
    assert_allclose(np.diag(found.covariance), frame["se"] ** 2)
    assert np.isnan(found.covariance[0, 1])
    odds = found.exponentiate()
    assert odds.scale == "odds_ratio"
    assert_allclose(odds.frame["ci_low"], np.exp(frame["ci_low"]))


def test_missing_answers_are_left_out_and_told(women):
    holes = women.assign(EH=women["EH"].where(women.index > 2))
    some = sa.exact_logit(holes, "HG ~ EH")
    assert_allclose(some.frame["estimate"], sa.exact_logit(women.iloc[3:], "HG ~ EH").frame["estimate"])
    assert any("3 left out" in note["en"] for note in some.origin.notes)


def test_matched_sets_are_those_of_clogit():
    case = references.case("f.exact.clogit.smoke")
    row = sa.exact_logit(references.data("birthwt"), "low ~ smoke", matched="race").frame.iloc[0]
    assert_allclose(row[["estimate", "se"]].astype(float), [case.values["estimate"], case.values["se"]], rtol=1e-6)


def test_mid_p_is_less_cautious(women, found):
    mid = sa.exact_logit(women, "HG ~ NV + PI + EH", mid_p=True)
    assert (mid.frame["p"] < found.frame["p"]).all()
    assert (mid.frame["ci_low"] >= found.frame["ci_low"]).all()
    assert any("mid-p" in note["en"] for note in mid.origin.notes)


@pytest.mark.parametrize("method", ["probability", "score", "tail"])
def test_methods_are_told_and_a_test_of_one_slope_is_its_row(women, method):
    exact = sa.exact_logit(women, "HG ~ PI + EH", method=method)
    assert_allclose(exact.test("EH").p, exact.frame.set_index("term").loc["EH", "p"])
    assert 0 < exact.test("PI").p <= 1
    for lang in ("en", "ko"):
        assert exact.table(lang).to_text()


def test_what_makes_outcomes_unequally_likely_is_refused(women):
    frame = women.assign(w=np.arange(len(women)) + 1.0, town=np.arange(len(women)) // 8)
    design = sa.Design(frame, clusters="town")
    for asked, said in (
        (sa.Design(frame, weights="w"), "weights differ"),
        (design, "clusters"),
        (design.replicated("JK1"), "replicate"),
    ):
        with pytest.raises(ChoiceError, match=said):
            sa.exact_logit(asked, "HG ~ EH")


def test_wrong_words_are_refused(women, found):
    with pytest.raises(ChoiceError, match="probability"):
        sa.exact_logit(women, "HG ~ EH", method="fisher")
    with pytest.raises(ChoiceError, match="no terms"):
        sa.exact_logit(women, "HG ~ 1")
    with pytest.raises(ColumnError, match="EH"):
        found.test("EHH")
    with pytest.raises(ChoiceError, match="Name a question"):
        found.test()
    with pytest.raises(DataError, match="missing for 1"):
        sa.exact_logit(women.assign(set=pd.Series(1.0, women.index).where(women.index > 0)), "HG ~ EH", matched="set")


def test_more_terms_than_respondents_and_too_large_tables_are_refused(monkeypatch):
    few = partial(exact_logit.conditional, states=5_000)
    rng = np.random.default_rng(1)
    wide = pd.DataFrame(rng.integers(0, 9, (6, 8)), columns=list("abcdefgh")).assign(y=[0, 1, 0, 1, 0, 1])
    with pytest.raises(DataError):
        sa.exact_logit(wide, "y ~ a + b + c + d + e + f + g + h")
    long = pd.DataFrame(rng.normal(size=(200, 4)).round(3), columns=list("abcd")).assign(y=np.arange(200) % 2)
    monkeypatch.setattr(exact_logit, "conditional", few)
    with pytest.raises(DataError, match="partial sums"):
        sa.exact_logit(long, "y ~ a + b + c + d")
