"""Tests of independence, means and ranks, and intervals of shares, against R 4.2 survey 4.1.

Stored cases (a.chisq, a.ttest, a.ranktest, a.ciprop) and cases of our own: tests/references/scripts/tests.R.
"""

import numpy as np
import pytest
from numpy.testing import assert_allclose

import surveyanalysis as sa
from tests import references

from . import designs
from .test_more_references import design_of

TAIL = 1e-9  # p-values and intervals: R's pf, pt and qt against SciPy's
LIKELIHOOD = 1e-3  # R reads these ends off a spline of ten steps; its own stored cases bear 1e-4
LIKELIHOOD_CASE = 1e-4
METHODS = {"F": "rao_scott", "Chisq": "rao_scott_chisq", "Wald": "wald", "adjWald": "adjusted_wald"}


def design_for(args):
    """The design of a case, with replicates where it asks for them."""
    whole = design_of({name: value for name, value in args.items() if name != "where"})
    if "replicates" in args:
        whole = whole.replicated(args["replicates"])
    return whole.where(args["where"].replace("&", "and")) if "where" in args else whole


def numbers_of(test):
    return [test.statistic, test.df, *([] if test.df_denominator is None else [test.df_denominator])]


def check_independence(args, values, rtol):
    table = sa.crosstab(design_for(args), args["question"], by=args["by"])
    for theirs, ours in METHODS.items():
        if theirs in values:
            *numbers, p = values[theirs]
            test = table.test(ours)
            assert_allclose(numbers_of(test), numbers, rtol=rtol, err_msg=theirs)
            assert_allclose(test.p, p, rtol=TAIL, err_msg=theirs)
        else:
            assert np.isnan(table.test(ours).p), theirs
    test = table.test("saddlepoint")
    assert_allclose([test.statistic, test.p], values["saddlepoint"], rtol=rtol)
    if "likelihood_ratio" in values:
        test = table.test("likelihood_ratio")
        assert_allclose([test.statistic, test.p], values["likelihood_ratio"], rtol=TAIL)


def check_t_test(args, values, rtol):
    t, df, p, estimate, *ends = values["numbers"]
    test = sa.t_test(design_for(args), args["question"], by=args.get("by"))
    assert_allclose([test.statistic, test.df, test.effect, *test.effect_ci], [t, df, estimate, *ends[:2]], rtol=rtol)
    assert_allclose(test.p, p, rtol=TAIL)
    narrower = sa.t_test(design_for(args), args["question"], by=args.get("by"), confidence=0.9)
    assert_allclose(narrower.effect_ci, ends[2:], rtol=rtol)


def check_groups(args, values, rtol):
    test = sa.group_test(design_for(args), args["question"], by=args["by"])
    assert_allclose(numbers_of(test), values["numbers"][:3], rtol=rtol)
    assert_allclose(test.p, values["numbers"][3], rtol=TAIL)


def check_ranks(args, values, rtol):
    for score, expected in values.items():
        name = "auto" if score == "wilcoxon" else score
        test = sa.rank_test(design_for(args), args["question"], by=args["by"], test=name)
        two = test.df_denominator is None
        assert_allclose(numbers_of(test), expected[: 2 if two else 3], rtol=rtol, err_msg=score)
        assert_allclose(test.p, expected[2 if two else 3], rtol=TAIL, err_msg=score)
        if two:
            assert_allclose(test.effect, expected[3], rtol=rtol, err_msg=score)


def check_shares(args, values, rtol):
    design = design_for(args)
    levels = np.atleast_1d(args["confidence"])
    for interval, expected in values.items():
        if interval == "exact" and design.simple:
            continue  # the textbook's, on n itself
        for confidence, ends in zip(levels, expected, strict=True):
            asked = {"level": args["level"], "interval": interval, "confidence": float(confidence)}
            row = sa.proportion(design, args["question"], **asked).frame.iloc[0]
            if row["se"] > 1e-9 and None not in ends:
                found = [row["ci_low"], row["ci_high"]]
                assert_allclose(found, ends, rtol=LIKELIHOOD if interval == "likelihood" else TAIL, err_msg=interval)


CHECKS = {
    "independence": check_independence,
    "t_test": check_t_test,
    "groups": check_groups,
    "ranks": check_ranks,
    "shares": check_shares,
}


@pytest.mark.parametrize("name", references.cases("t."))
def test_agrees_with_r(name):
    case = references.case(name)
    CHECKS[case.topic](case.args, case.values, case.rtol)


def stored_design(case, **more):
    """The design of a stored case, two stages included."""
    if designs.one_stage(case):
        return designs.design_of(case, **more)
    frame = references.data(case.data[0]).assign(**more)
    return sa.Design(frame, clusters=["dnum", "snum"], population=["fpc1", "fpc2"])


@pytest.mark.parametrize("name", references.cases("a.chisq."))
def test_all_statistics_of_the_stored_crosstabs_agree_with_r(name):
    case = references.case(name)
    rows, columns = case.args["vars"]
    table = sa.crosstab(stored_design(case), rows, by=columns)
    for theirs, ours in {**METHODS, "saddlepoint": "saddlepoint"}.items():
        expected, test = case.values[theirs], table.test(ours)
        found = {"statistic": test.statistic, "df1": test.df, "df2": test.df_denominator, "p": test.p}
        assert_allclose([found[key] for key in expected], list(expected.values()), rtol=case.rtol, err_msg=theirs)


@pytest.mark.parametrize("name", references.cases("a.ttest."))
def test_the_stored_t_tests_agree_with_r(name):
    case = references.case(name)
    question, by = case.args["formula"].split(" ~ ")
    test = sa.t_test(stored_design(case), question, by=None if by == "0" else by)
    expected = case.values
    found = [test.statistic, test.df, test.p, test.effect, *test.effect_ci]
    estimate = expected.get("difference", expected.get("mean"))
    ends = expected["ci95"].values()
    assert_allclose(found, [expected["t"], expected["df"], expected["p"], estimate, *ends], rtol=case.rtol)


RANKS = {"wilcoxon": "wilcoxon", "vanderWaerden": "van_der_waerden", "median": "median"}


@pytest.mark.parametrize("name", references.cases("a.ranktest."))
def test_the_stored_rank_tests_agree_with_r(name):
    """R calls the chi-square of several groups `df` and its degrees of freedom `statistic`."""
    case = references.case(name)
    design = stored_design(case)
    for theirs, ours in RANKS.items():
        test, expected = sa.rank_test(design, "api00", by="comp.imp", test=ours), case.values[theirs]
        found = [test.statistic, test.df, test.effect, test.p]
        known = [expected[key] for key in ("statistic", "df", "estimate", "p")]
        assert_allclose(found, known, rtol=case.rtol, err_msg=theirs)
    test, expected = sa.rank_test(design, "api00", by="stype"), case.values["KruskalWallis"]
    found = [test.df, test.extra["chi2"], test.p]
    assert_allclose(found, [expected["statistic"], expected["df"], expected["p"]], rtol=case.rtol)


@pytest.mark.parametrize(
    "name", [n for n in references.cases("a.ciprop.") if "likelihood" in references.case(n).values]
)
def test_the_stored_likelihood_intervals_agree_with_r(name):
    case = references.case(name)
    column, value = case.args["event"].split(">")
    event = (references.data(case.data[0])[column] > float(value)).astype("boolean")
    row = sa.proportion(stored_design(case, event=event), "event", level=True, interval="likelihood").frame.iloc[0]
    expected = case.values["likelihood"]
    assert_allclose([row["ci_low"], row["ci_high"]], [expected["low"], expected["high"]], rtol=LIKELIHOOD_CASE)
