"""Quantiles, their intervals and distribution functions against R survey 4.1: tests/references/scripts/quantiles.R."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

import surveyanalysis as sa
from surveyanalysis.design.replicate_columns import Replicates
from surveyanalysis.estimators.quantile import RULES
from tests import references
from tests.references.adapters.makers import made

from .designs import design_of

OURS = {"mean": "mean", "xlogit": "logit", "beta": "beta", "asin": "arcsine"}
OURS |= {"score": "score_r", "quantile": "quantile"}
ENDS = ["estimate", "ci_low", "ci_high", "se"]


def own_design(args):
    """The design and the domain that a case of quantiles.R describes."""
    frame = references.data(args["data"]).rename(columns=lambda name: name.replace(".", "_"))
    frame = made(frame, args.get("make") or [])
    asked = dict(args["design"])
    if "replicates" in args:
        asked["replicates"] = replicates_of(args["replicates"])
    design = sa.Design(frame, **asked, nested=True if {"strata", "clusters"} <= set(asked) else None)
    if "post" in args:
        design = design.post_stratified(args["post"]["question"], args["post"]["totals"])
    return design.where(args["where"].replace("&", "and")) if "where" in args else design


def replicates_of(asked):
    return Replicates(
        "rw*", asked["type"], combined=True, scale=asked["scale"], rscales=asked["rscales"], mse=asked["mse"]
    )


def numbers(rows):
    return np.array([[references.number(x) for x in np.atleast_1d(row)] for row in rows])


def together(case, key):
    """The values of all groups of a case, one row a group and probability."""
    return np.concatenate([numbers(group[key]) for group in case.values.values()])


@pytest.mark.parametrize("name", references.cases("a.quantileci"))
def test_intervals_agree_with_r(name):
    """R svyquantile(interval.type = , qrule = "math", df = degf)."""
    case = references.case(name)
    interval = OURS[case.args["interval_type"]]
    frame = sa.quantile(design_of(case), case.args["var"], case.args["probs"], interval=interval).frame
    assert_allclose(frame[ENDS], case.frame("table"), rtol=case.rtol)
    assert set(frame["df"]) == {case.values["degf"]}


@pytest.mark.parametrize("name", references.cases("a.quantile.qrules"))
@pytest.mark.parametrize("rule", RULES)
def test_the_verb_knows_the_rules(name, rule):
    case = references.case(name)
    found = sa.quantile(design_of(case), case.args["var"], case.args["probs"], rule=rule)
    assert_allclose(found.frame["estimate"], case.series(rule), rtol=case.rtol)


def test_the_distribution_function_agrees_with_r():
    case = references.case("a.cdf.strat")
    points = [float(name[1:]) for name in case.values["cdf"]]
    found = sa.distribution(design_of(case), "api00", points)
    assert_allclose(found.frame["estimate"], case.series("cdf"), rtol=case.rtol)


@pytest.mark.parametrize("name", ["a.rep.JK1.clus1", "a.rep.JKn.strat50", "a.rep.JKn.strat50.mse", "a.rep.canty.clus1"])
def test_quantiles_by_replicates_agree_with_r(name):
    """R svyquantile.svyrep.design(interval.type = "quantile") of api99, as these cases hold it."""
    case = references.case(name)
    design = sa.Design(references.data(case.data[0]), weights="pw", replicates=replicates_of(case.args))
    frame = sa.quantile(design, "api99", [0.25, 0.5, 0.75], interval="quantile").frame
    assert_allclose(frame[ENDS], case.frame("quantile_by_replicates"), rtol=case.rtol)


@pytest.mark.parametrize("name", references.cases("q.rules"))
@pytest.mark.parametrize("rule", RULES)
def test_every_rule_by_group_and_domain(name, rule):
    """Ties, unequal weights, missing answers, small groups."""
    case = references.case(name)
    args = case.args
    found = sa.quantile(own_design(args), args["question"], args["probabilities"], by=args.get("by"), rule=rule)
    assert_allclose(found.frame["estimate"], together(case, rule).ravel(), rtol=case.rtol)


def test_r_gives_the_second_value_below_the_share_of_the_first():
    """Where we differ: by the rules' definition it is the first (qs() in R survey 4.1)."""
    case = references.case("q.first.small")
    design = own_design(case.args)
    found = sa.quantile(design, "api00", 0.01, by="stype").frame.set_index("stype")["estimate"]
    for group, theirs in case.values.items():
        answers = np.sort(design.where(stype=group).survey.frame.query("stype == @group")["api00"])
        assert (found[group], theirs["math"]) == (answers[0], answers[1])
        assert theirs["hf4"] < answers[0]


@pytest.mark.parametrize("name", references.cases("q.ends"))
def test_every_interval_by_group_and_domain(name):
    """All interval types, several rules; one stage, two stages, post-stratified, replicates; some ends are missing."""
    case = references.case(name)
    args = case.args
    design = own_design(args)
    for theirs in args["intervals"]:
        frame = sa.quantile(
            design,
            args["question"],
            args["probabilities"],
            by=args.get("by"),
            rule=args["rule"],
            interval=OURS[theirs],
            confidence=args["confidence"],
        ).frame
        assert_allclose(frame[ENDS], together(case, theirs), rtol=case.rtol, err_msg=theirs)
        each = len(args["probabilities"])
        assert_array_equal(frame["df"], np.repeat([group["df"] for group in case.values.values()], each))
        assert_array_equal(frame["n"], np.repeat([group["n"] for group in case.values.values()], each))


@pytest.mark.parametrize("name", references.cases("q.inverted"))
def test_score_intervals_hold_the_values_that_the_test_does_not_reject(name):
    """Found by looking at every answer, with R svymean for the share and its error."""
    case = references.case(name)
    args = case.args
    found = sa.quantile(own_design(args), args["question"], args["probabilities"], by=args.get("by"), interval="score")
    expected = np.concatenate([numbers(group) for group in case.values.values()])
    assert_array_equal(found.frame[["ci_low", "ci_high"]], expected)


@pytest.mark.parametrize("name", references.cases("q.below"))
def test_distribution_functions_by_group_and_domain(name):
    case = references.case(name)
    args = case.args
    frame = sa.distribution(own_design(args), args["question"], args["points"], by=args.get("by")).frame
    assert_allclose(frame["estimate"], together(case, "share").ravel(), rtol=case.rtol, atol=1e-15)
    assert_allclose(frame["se"], together(case, "se").ravel(), rtol=1e-8, atol=1e-12)


@pytest.mark.parametrize("name", references.cases("q.together"))
def test_quantiles_are_correlated_as_the_shares_below_them(name):
    """R vcov(svytotal(influence functions)); the same rows of answers."""
    case = references.case(name)
    args = case.args
    found = sa.quantile(own_design(args), args["question"], args["probabilities"], by=args.get("by"), interval="beta")
    se = found.frame["se"].to_numpy()
    known = ~np.isnan(se)
    assert known.sum() > 3
    correlation = (found.covariance / np.outer(se, se))[np.ix_(known, known)]
    expected = numbers(case.values["correlation"])[np.ix_(known, known)]
    assert_allclose(correlation, expected, rtol=1e-8, atol=1e-10)
