"""Regression of quantiles as a verb: R quantreg, statsmodels, designs, crossing, refusals."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

import surveyanalysis as sa
from surveyanalysis.errors import ChoiceError, DataError
from tests.references import case, cases, data

from .designs import respondents

PAID = "lwage ~ education + experience"
TAUS = [0.1, 0.5, 0.9]


@pytest.fixture(scope="module")
def workers() -> pd.DataFrame:
    """Mroz's women who work, with weights and clusters made up."""
    frame = data("PSID1976")
    frame = frame[frame["s"] == 1]
    return frame.assign(w=1 + (frame["age"] % 7) / 3, cluster=np.arange(len(frame)) % 60)


def term_of(label: str) -> str:
    return {"(Intercept)": "(intercept)"}.get(label, label.replace("I(", "").replace("^2)", "^2"))


@pytest.mark.parametrize("name", list(cases("l.quantile.mroz")))
@pytest.mark.parametrize(("density", "key"), [("local", "nid"), ("common", "iid")])
def test_slopes_and_errors_equal_r_rq(workers, name, density, key):
    """quantreg::rq and summary(se = "nid" and "iid")."""
    reference = case(name)
    values, labels = reference.values, list(reference.values["coef"])
    formula = "lwage ~ " + " + ".join(term_of(label) for label in labels[1:])
    model = sa.quantile_regression(workers, formula, reference.args["tau"], density=density, variance="model")
    rows = model.frame.set_index("term").loc[[term_of(label) for label in labels]]
    assert_allclose(rows["estimate"], list(values["coef"].values()), rtol=1e-9)
    assert_allclose(rows["se"], list(values[key].values()), rtol=reference.rtol)


def test_slopes_equal_those_of_statsmodels(workers):
    from statsmodels.api import QuantReg, add_constant

    x = add_constant(workers[["education", "experience"]])
    found = sa.quantile_regression(workers, PAID, TAUS).params.reshape(3, 3)
    for tau, ours in zip(TAUS, found):
        assert_allclose(ours, QuantReg(workers["lwage"], x).fit(q=tau, max_iter=3000).params, rtol=1e-3)


def test_equal_slopes_equal_r_anova(workers):
    """quantreg::anova.rq, jointly and by term."""
    values = case("u.rq.equal").values
    model = sa.quantile_regression(workers, PAID, TAUS, variance="model")
    joint = model.equal_slopes()
    assert_allclose([joint.statistic, joint.df], [values["joint"]["F"], values["joint"]["df"]], rtol=1e-6)
    for name, statistic in values["each"].items():
        assert_allclose(model.equal_slopes(name).statistic, statistic, rtol=1e-6)


def test_several_quantiles_are_each_alone(workers):
    together = sa.quantile_regression(sa.Design(workers, weights="w", clusters="cluster"), PAID, TAUS)
    for at, tau in enumerate(TAUS):
        alone = sa.quantile_regression(sa.Design(workers, weights="w", clusters="cluster"), PAID, tau)
        rows = together.frame.iloc[3 * at : 3 * at + 3]
        assert_allclose(rows[["estimate", "se"]], alone.frame[["estimate", "se"]], rtol=1e-9)
    assert together.frame["level"].unique().tolist() == TAUS


def test_without_covariates_it_is_the_quantile(workers):
    model = sa.quantile_regression(sa.Design(workers, weights="w"), "lwage ~ 1", 0.3)
    ranked = workers.sort_values("lwage")
    share = ranked["w"].cumsum() / ranked["w"].sum()
    assert_allclose(model.params, ranked["lwage"][share >= 0.3].iloc[0], rtol=1e-9)


def test_a_simple_random_sample_has_the_errors_of_independent_respondents(workers):
    """Both take tau (1 - tau) or its sample version in the middle: near each other, not equal."""
    design, model = (sa.quantile_regression(workers, PAID, TAUS, variance=kind) for kind in ("design", "model"))
    assert_allclose(design.frame["se"], model.frame["se"], rtol=0.2)


def test_bootstrap_replicates_come_near_the_errors_of_densities(workers):
    """Bootstrap of respondents, 60 replicates; theory, to a half."""
    design = sa.Design(workers, weights="w")
    one = sa.quantile_regression(design, PAID).frame["se"]
    again = sa.quantile_regression(design.replicated("bootstrap", replicates=60, seed=3), PAID)
    assert_allclose(again.frame["se"], one, rtol=0.5)
    assert "density" not in str(again)


def test_a_jackknife_is_cautioned(workers):
    design = sa.Design(workers, weights="w", clusters="cluster").replicated("JK1")
    assert "no consistent errors of quantiles" in str(sa.quantile_regression(design, "lwage ~ education")).replace(
        "\n", " "
    )


def test_units_and_the_order_of_rows_do_not_matter(workers):
    moved = workers.assign(education=5 + 12 * workers["education"], lwage=100 + 3 * workers["lwage"])
    one = sa.quantile_regression(workers, PAID, TAUS).frame
    other = sa.quantile_regression(moved.sample(frac=1, random_state=4), PAID, TAUS).frame
    at = one["term"] == "education"
    assert_allclose(4 * other["estimate"][at], one["estimate"][at], rtol=1e-7)
    assert_allclose(other["statistic"][at], one["statistic"][at], rtol=1e-6)


def test_score_equations_hold_at_the_vertex(workers):
    """Contributions sum to 0: the shares below are exactly tau along every column."""
    scores = sa.quantile_regression(sa.Design(workers, weights="w"), PAID, TAUS).fit.scores
    assert np.abs(scores.sum(axis=0)).max() < 1e-8 * np.abs(scores).sum(axis=0).max()


def test_crossing_quantiles_are_told():
    frame = respondents().dropna(subset=["z"])[:60]
    model = sa.quantile_regression(frame, "y ~ z + made + sex", [0.5, 0.52, 0.55])
    assert "cross for" in str(model)
    assert "교차" in model.table("ko").to_text()


def test_an_outcome_of_few_values_has_no_density_and_says_so(workers):
    model = sa.quantile_regression(workers.assign(few=workers["youngkids"]), "few ~ education")
    assert "too few values around the quantile" in str(model).replace("\n", " ")
    assert np.isnan(model.frame["se"]).all()
    assert "밀도가 없으므로" in model.table("ko").to_text().replace("\n", " ")
    assert "density" not in model.origin.notes[-1]["ko"]


def test_effects_and_predictions_are_of_every_quantile(workers):
    model = sa.quantile_regression(workers, PAID, TAUS)
    effects = model.effects(["education"]).frame
    assert effects["level"].tolist() == TAUS
    assert_allclose(effects["estimate"], model.params.reshape(3, 3)[:, 1], rtol=1e-9)
    found = model.predict({"education": [8, 12]})
    assert len(found.frame) == 6
    assert "Median" in str(found)
    for result in (model, model.effects(), found):
        assert result.plot().get_figure() is not None


@pytest.mark.parametrize(
    ("error", "call", "message"),
    [
        (ChoiceError, lambda f: sa.quantile_regression(f, PAID, 1.5), "`tau` is 1.5"),
        (ChoiceError, lambda f: sa.quantile_regression(f, PAID, []), "`quantiles` names none"),
        (ChoiceError, lambda f: sa.quantile_regression(f, PAID, "median"), "`quantiles` is 'median'"),
        (ChoiceError, lambda f: sa.quantile_regression(f, PAID, density="kernel"), "'local', 'common'"),
        (ChoiceError, lambda f: sa.quantile_regression(f, PAID).equal_slopes(), "two quantiles and a term"),
        (ChoiceError, lambda f: sa.quantile_regression(f.assign(g=f["lwage"].astype(str)), "g ~ age"), "'g'"),
        (DataError, lambda f: sa.quantile_regression(f[:3], PAID), "more respondents than coefficients"),
    ],
)
def test_what_has_no_quantile_is_refused(workers, error, call, message):
    with pytest.raises(error, match=message):
        call(workers)
