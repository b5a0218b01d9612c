"""Tests of models of counts and their rootogram: R's and Stata's numbers, the design, refusals."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy import stats

import surveyanalysis as sa
from surveyanalysis.errors import ChoiceError, DataError
from surveyanalysis.estimators.count_tests import overdispersion
from surveyanalysis.estimators.fit import numeric_scores
from tests.references import case, data

from .designs import respondents

BIO = "art ~ fem + mar + kid5 + phd + ment"


@pytest.fixture(scope="module")
def biochemists():
    frame = data("bioChemists")
    return {
        "poisson": sa.poisson(frame, BIO, variance="model"),
        "nb2": sa.negative_binomial(frame, BIO, variance="model"),
        "inflated": sa.zero_inflated(frame, BIO, variance="model"),
        "hurdle": sa.hurdle(frame, BIO, link="cloglog", variance="model"),
    }


@pytest.fixture(scope="module")
def firms():
    """Synthetic firms with products made, of which a third make none."""
    frame = respondents().dropna(subset=["z"])
    return frame.assign(made=np.where(np.random.default_rng(8).random(len(frame)) < 0.3, 0, frame["made"]))


@pytest.mark.parametrize("form", [1, 2])
def test_the_regression_for_overdispersion_equals_r_dispersiontest(biochemists, form):
    reference = case(f"n.dispersion.bio.{form}")
    found = biochemists["poisson"].overdispersion(form=reference.args["form"])
    assert_allclose([found.effect, found.statistic], [reference.values[k] for k in ("alpha", "statistic")], rtol=1e-8)
    assert_allclose(found.p, stats.norm.sf(found.statistic), rtol=1e-10)


def test_the_likelihood_ratio_of_the_dispersion_is_the_printed_one(biochemists):
    """Stata prints 180.20 (Long and Freese 2014, chapter 9), with half a chi-square."""
    for kind in ("poisson", "nb2"):
        found = biochemists[kind].overdispersion("likelihood_ratio")
        assert round(found.statistic, 2) == 180.20
        assert_allclose(found.p, stats.chi2.sf(found.statistic, 1) / 2, rtol=1e-6)


def test_the_error_of_the_dispersion_by_design_is_that_of_numerical_derivatives(firms):
    design = sa.Design(firms, weights="w", strata="s", clusters="c")
    model = sa.poisson(design, "made ~ z")
    x, y, used = model.model_frame.x, model.outcome.y, model.model_frame.used

    class Alpha:
        def __init__(self, w):
            self.params = np.array([overdispersion(x, y, w).alpha])

    covariance = used.covariance(numeric_scores(Alpha, used.row_weights, 1e-4))
    found = model.overdispersion()
    assert_allclose(found.statistic, found.effect / np.sqrt(covariance[0, 0]), rtol=1e-5)
    assert found.df == design.df


def test_counts_that_vary_less_than_poisson_s_speak_for_no_overdispersion(firms):
    even = firms.assign(made=2 + np.arange(len(firms)) % 2)
    found = sa.poisson(even, "made ~ z", variance="model").overdispersion()
    assert found.statistic < 0
    assert found.p > 0.99
    assert sa.poisson(even, "made ~ z").overdispersion("likelihood_ratio").p == 1


def test_vuong_equals_r_and_says_what_it_is_no_test_of(biochemists):
    """pscl::vuong."""
    expected = case("c.count.bio.vuong").values["z"]
    for correction, name in (("none", "raw"), ("aic", "aic"), ("bic", "bic")):
        found = biochemists["inflated"].vuong(biochemists["poisson"], correction)
        assert_allclose(found.statistic, expected[name], rtol=1e-5)
        assert_allclose(found.extra[f"vuong_{name if correction != 'none' else 'none'}"], expected[name], rtol=1e-5)
    assert "no test of zero inflation" in str(found)


def test_vuong_of_models_that_are_not_nested_has_no_caution_and_turns_its_sign():
    frame = data("bioChemists")
    one = sa.zero_inflated(frame, BIO, distribution="nb2", variance="model")
    two = sa.hurdle(frame, BIO, distribution="nb2", variance="model")
    found, reference = one.vuong(two), case("n.vuong.bio.zinb.hurdlenb")
    assert_allclose(found.statistic, reference.values["raw"], rtol=reference.rtol)
    assert_allclose(two.vuong(one).statistic, -found.statistic, rtol=1e-9)
    assert "no test" not in str(found)


def test_vuong_by_a_simple_random_sample_is_the_plain_one(biochemists):
    frame = data("bioChemists")
    designed = sa.zero_inflated(frame, BIO).vuong(sa.poisson(frame, BIO), "aic")
    plain = biochemists["inflated"].vuong(biochemists["poisson"], "aic")
    assert_allclose(designed.statistic, plain.statistic, rtol=1e-9)
    assert "lies at the bound of the other" in str(biochemists["nb2"].vuong(biochemists["poisson"]))


def test_replicates_come_near_the_linearised_tests(firms):
    """Jackknife of 30 clusters; theory, to a fifth."""
    design = sa.Design(firms, weights="w", clusters="c")

    def statistics(d):
        hurdle = sa.hurdle(d, "made ~ z", "1")
        return [
            hurdle.vuong(sa.negative_binomial(d, "made ~ z")).statistic,
            sa.poisson(d, "made ~ z").overdispersion().statistic,
        ]

    assert_allclose(statistics(design.replicated("JK1")), statistics(design), rtol=0.2)


def test_the_wald_test_of_a_hurdle_equals_r_hurdletest(biochemists):
    reference, found = case("n.hurdletest.bio"), biochemists["hurdle"].hurdle_test()
    assert found.df == reference.values["df"]
    assert_allclose(found.statistic, reference.values["statistic"], rtol=reference.rtol)


def test_likelihood_ratios_of_terms_are_differences_of_log_likelihoods(biochemists):
    found = biochemists["nb2"].test("ment", "phd", method="likelihood_ratio")
    smaller = sa.negative_binomial(data("bioChemists"), "art ~ fem + mar + kid5", variance="model")
    gain = 2 * (biochemists["nb2"].extra["loglik"] - smaller.extra["loglik"])
    assert_allclose([found.statistic, found.df, found.p], [gain, 2, stats.chi2.sf(gain, 2)], rtol=1e-7)
    both = sa.hurdle(data("bioChemists"), "art ~ fem + ment", variance="model").test("ment", method="likelihood_ratio")
    assert both.df == 2


def test_blocks_of_counts_are_tested_in_every_part(firms):
    small, large = (sa.hurdle(firms, f"made ~ {terms}") for terms in ("sex", "sex + z"))
    step = sa.compare_models({"1": small, "2": large}, blocks="likelihood_ratio").steps[0].test
    assert_allclose(step.statistic, 2 * (large.extra["loglik"] - small.extra["loglik"]), rtol=1e-7)
    assert sa.compare_models({"1": small, "2": large}, blocks=True).steps[0].test.df == 2
    other = sa.hurdle(firms, "made ~ sex + z", "sex + z + y")
    with pytest.raises(ChoiceError, match="differ in their zero parts"):
        sa.compare_models({"1": small, "2": other}, blocks=True)


def test_measures_of_fit_of_counts_are_the_printed_ones(biochemists):
    """Stata nbreg (Long and Freese 2014, chapter 9): pseudo R2 0.0304."""
    found = biochemists["nb2"].fit_measures()
    assert round(found.extra["mcfadden"], 4) == 0.0304
    assert "deviance" not in found.extra
    assert_allclose(biochemists["poisson"].fit_measures().extra["deviance"], 1634.371, rtol=1e-6)
    assert "Predicted answers" not in str(found)


def test_a_rootogram_holds_observed_and_expected_shares(biochemists):
    """Expected shares: R pscl (n.predictions.bio) of the first four counts."""
    model = sa.hurdle(data("bioChemists"), BIO, distribution="nb2", variance="model")
    found = model.rootogram(10)
    expected = case("n.predictions.bio").values["hurdle"][1:]
    assert_allclose(found.detail["predicted"][:4], expected, rtol=1e-5)
    assert_allclose([found.detail["predicted"].sum(), found.frame["estimate"].sum()], 1, rtol=1e-12)
    assert found.frame["count"].iloc[0] == 275
    assert "11+" in str(found)
    assert len(model.rootogram().frame) == 20


def test_bars_of_a_rootogram_hang_from_the_expected_roots(biochemists):
    found = biochemists["poisson"].rootogram(6)
    ax = found.plot()
    bars = [artist for artist in ax.patches if artist.get_gid() == "bar"]
    (curve,) = (line for line in ax.lines if line.get_gid() == "expected")
    tops = [bar.get_y() + bar.get_height() for bar in bars]
    assert_allclose(tops, np.sqrt(915 * found.detail["predicted"]), rtol=1e-12)
    assert_allclose(curve.get_ydata(), tops, rtol=1e-12)
    assert_allclose([bar.get_height() for bar in bars], np.sqrt(915 * found.frame["estimate"]), rtol=1e-12)


@pytest.mark.parametrize(
    ("error", "call", "message"),
    [
        (ChoiceError, lambda f: sa.hurdle(f, "made ~ z").overdispersion(), "tells zeros apart"),
        (ChoiceError, lambda f: sa.poisson(f, "made ~ z").overdispersion(form="nb3"), "'nb2', 'nb1'"),
        (DataError, lambda f: sa.poisson(weighted(f), "made ~ z").overdispersion("likelihood_ratio"), "equal weights"),
        (ChoiceError, lambda f: sa.hurdle(f, "made ~ z").hurdle_test(), "cloglog"),
        (ChoiceError, lambda f: sa.poisson(f, "made ~ z").vuong(sa.poisson(f, "made ~ 1")), "holds the other"),
        (ChoiceError, lambda f: sa.poisson(f, "made ~ z").vuong(sa.logit(f, "yes ~ z")), "is a Model"),
        (ChoiceError, lambda f: sa.poisson(f, "made ~ z").vuong(sa.poisson(f, "q_ ~ z")), "name one outcome"),
        (DataError, lambda f: sa.hurdle(f, "made ~ z").vuong(sa.poisson(f[3:], "made ~ z")), "different respondents"),
        (DataError, lambda f: sa.hurdle(f, "made ~ z").vuong(sa.poisson(f[::-1], "made ~ z")), "another order"),
        (ChoiceError, lambda f: sa.poisson(f, "made ~ z").rootogram(0), "`top` is 0"),
        (ChoiceError, lambda f: sa.poisson(f, "made ~ z").test("z", method="score"), "one linear predictor"),
    ],
)
def test_what_cannot_be_compared_is_refused(firms, error, call, message):
    frame = firms.assign(q_=np.arange(len(firms)) % 3)
    with pytest.raises(error, match=message):
        call(frame)


def weighted(frame):
    return sa.Design(frame, weights="w")
