"""Profile intervals of models of maximum likelihood: their definition by R's uniroot, duality, what they refuse."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

import surveyanalysis as sa
from surveyanalysis.errors import ChoiceError
from surveyanalysis.estimators.maximum_profile import binary_profile, ordered_profile
from tests.references import case, cases

from .designs import respondents
from .test_regression import classical_data

FITS = {
    "logit": lambda d, **asked: sa.logit(d, "yes ~ z + sex", variance="model", **asked),
    "probit": lambda d, **asked: sa.probit(d, "yes ~ z + sex", variance="model", **asked),
    "cloglog": lambda d, **asked: sa.cloglog(d, "yes ~ z + sex", variance="model", **asked),
    "ordered": lambda d, **asked: sa.ordered(d, "q ~ z + sex", variance="model", **asked),
    "ordered cauchit": lambda d, **asked: sa.ordered(d, "q ~ z + sex", link="cauchit", variance="model", **asked),
}
every_fit = pytest.mark.parametrize("fit", FITS.values(), ids=FITS)


@pytest.fixture(scope="module")
def people():
    return respondents()


@pytest.mark.parametrize("name", cases("n.profile."))
def test_ends_are_roots_of_the_definition(name):
    """R uniroot of glm.fit with an offset, and of the maximum over the other parameters of a cumulative model."""
    reference = case(name)
    frame, args = classical_data(reference.data[0]), reference.args
    verb = {"binomial": sa.logit, "ordinal": sa.ordered}[args["family"]]
    asked = {"link": args["link"]} if args["family"] == "ordinal" else {}
    found = verb(frame, args["formula"], variance="model", **asked).profile_intervals()
    expected = reference.frame("interval")
    assert_allclose(found.frame[["ci_low", "ci_high"]], expected, rtol=reference.rtol * 10, atol=1e-9)


@every_fit
def test_an_interval_of_the_confidence_of_p_ends_at_zero(people, fit):
    model = fit(people)
    row = model.profile_intervals().frame.iloc[-1]
    again = model.profile_intervals(1 - row["p"]).frame.iloc[-1]
    assert_allclose(min(abs(again["ci_low"]), abs(again["ci_high"])), 0, atol=1e-7)


@every_fit
def test_p_is_that_of_the_likelihood_ratio_and_thresholds_are_left_out(people, fit):
    model = fit(people)
    found = model.profile_intervals()
    row = found.frame.set_index("term").loc["z"]
    test = model.test("z", method="likelihood_ratio")
    assert_allclose([row["statistic"] ** 2, row["p"]], [test.statistic, test.p], rtol=1e-7)
    assert set(found.frame["component"]) == {"slope"}
    assert found.covariance.shape == (len(found),) * 2
    assert "profile interval" in found.origin.interval["en"]
    assert found.table("ko").to_text()


def test_many_respondents_have_wald_s_intervals(people):
    """The profile is a parabola in the limit."""
    many = sa.logit(people.loc[np.tile(np.arange(240), 50)].reset_index(drop=True), "yes ~ z + sex", variance="model")
    wald, profile = many.frame, many.profile_intervals().frame
    gap = (profile[["ci_low", "ci_high"]] - wald[["ci_low", "ci_high"]]).abs().max(axis=None)
    assert gap < 0.03 * wald["se"].min()


def test_two_ordered_levels_have_the_interval_of_the_logit():
    rng = np.random.default_rng(3)
    x, y = np.column_stack([np.ones(60), rng.normal(2001, 2, 60), rng.random(60) < 0.4]), rng.integers(0, 2, 60)
    for column in (1, 2):
        binary = binary_profile(x, y.astype(float), np.ones(60), column, link="logit")
        ordered = ordered_profile(x, y, np.ones(60), 2, column, link="logit")
        assert_allclose([ordered[0].low, ordered[0].high], [binary[0].low, binary[0].high], rtol=1e-7)
        assert_allclose(ordered[1].statistic, binary[1].statistic, rtol=1e-7, atol=1e-10)


def test_rows_of_weight_zero_are_absent_and_a_weight_of_two_is_two_rows():
    rng = np.random.default_rng(9)
    x, y = np.column_stack([np.ones(40), rng.normal(size=40)]), rng.integers(0, 3, 40)
    weights = np.repeat([1.0, 2.0, 0.0, 1.0], 10)
    rows = np.repeat(np.arange(40), weights.astype(int))
    once, again = (
        ordered_profile(x[at], y[at], w, 3, 1, link="probit")
        for at, w in ((slice(None), weights), (rows, np.ones(len(rows))))
    )
    assert_allclose([once[0].low, once[0].high, once[1].p], [again[0].low, again[0].high, again[1].p], rtol=1e-7)


def test_weights_times_a_constant_change_nothing(people):
    one, other = (
        FITS["logit"](sa.Design(people.assign(w=k * people["w"]), weights="w")).profile_intervals() for k in (1.0, 40.0)
    )
    assert_allclose(other.frame[["ci_low", "ci_high", "p"]], one.frame[["ci_low", "ci_high", "p"]], rtol=1e-7)


def test_what_a_profile_cannot_know_is_refused(people):
    with pytest.raises(ChoiceError, match='variance="model"'):
        sa.logit(people, "yes ~ z").profile_intervals()
    with pytest.raises(ChoiceError, match="confidence"):
        sa.logit(people, "yes ~ z", variance="model").profile_intervals(95)
    with pytest.raises(ChoiceError, match="one linear predictor"):
        sa.multinomial(people, "g ~ z", variance="model").profile_intervals()
