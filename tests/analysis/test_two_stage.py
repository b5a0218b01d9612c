"""Two-stage least squares as a verb: R's ivreg, printed tests, robust and design errors, theory, refusals."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from scipy.optimize import minimize
from scipy.stats import chi2, f

import surveyanalysis as sa
from surveyanalysis.errors import ChoiceError, DataError, FormulaError
from surveyanalysis.estimators.fit import numeric_scores
from tests.references import case, data

from .designs import respondents

PAID = "lwage ~ education + experience + experience^2"
PARENTS = "meducation + feducation + experience + experience^2"


@pytest.fixture(scope="module")
def workers() -> pd.DataFrame:
    """Mroz's women who work, with weights, strata and clusters made up."""
    frame = data("PSID1976")
    frame = frame[frame["s"] == 1]
    n = len(frame)
    return frame.assign(w_=1 + (frame["age"] % 7) / 3, stratum=np.arange(n) % 3, cluster=np.arange(n) % 60)


def plain(label: str) -> str:
    return label.replace("I(", "").replace("^2)", "^2").replace("(Intercept)", "(intercept)")


@pytest.mark.parametrize("name", ["l.iv.over", "l.iv.just", "l.iv.two"])
def test_it_equals_r_ivreg_with_its_diagnostics(workers, name):
    """AER::ivreg: coefficients, errors, HC0 of sandwich, weak instruments, Wu-Hausman, Sargan."""
    reference = case(name)
    args, values = reference.args, reference.values
    terms = [plain(label) for label in values["coef"]][1:]
    design = sa.Design(workers, weights=args["weights"])
    formulas = f"lwage ~ {' + '.join(terms)}", " + ".join(map(plain, args["instruments"]))
    model, robust = (sa.two_stage(design, *formulas, variance=kind) for kind in ("model", "hc0"))
    order = [model.frame["term"].tolist().index(plain(label)) for label in values["coef"]]
    assert_allclose(model.frame["estimate"].to_numpy()[order], list(values["coef"].values()), rtol=1e-8)
    r = reference.frame("vcov").to_numpy()
    assert_allclose(model.covariance[np.ix_(order, order)], r, rtol=1e-7, atol=1e-9 * np.abs(r).max())
    hc0 = reference.frame("HC0").to_numpy()
    assert_allclose(robust.covariance[np.ix_(order, order)], hc0, rtol=1e-7, atol=1e-9 * np.abs(hc0).max())
    found = dict(zip(values["diagnostics"]["rows"], values["diagnostics"]["matrix"]))
    weak = model.first_stage().frame
    expected = [row for label, row in found.items() if label.startswith("Weak")]
    assert_allclose(weak[["df", "df_denominator", "statistic", "p"]], np.array(expected, float), rtol=1e-7)
    need, given = model.endogeneity(), found["Wu-Hausman"]
    assert_allclose([need.df, need.df_denominator, need.statistic, need.p], given, rtol=1e-7)
    if found["Sargan"][2] is not None and found["Sargan"][0]:
        over = model.overidentification()
        assert_allclose([over.df, over.statistic, over.p], [found["Sargan"][i] for i in (0, 2, 3)], rtol=1e-7)


def test_the_printed_tests_of_mrozs_wages(workers):
    """Wooldridge, examples 15.5, 15.7 and 15.8: F 55.40, t 1.67, n R2 0.378; Stata's robust score test 0.4435."""
    model = sa.two_stage(workers, PAID, PARENTS, variance="model")
    assert [round(model.frame["estimate"].iloc[1], 3), round(model.frame["se"].iloc[1], 3)] == [0.061, 0.031]
    assert round(model.first_stage().frame["statistic"].item(), 2) == 55.40
    assert round(model.endogeneity().statistic ** 0.5, 2) == 1.67
    assert round(model.overidentification().statistic, 3) == 0.378
    robust = sa.two_stage(workers, PAID, PARENTS, variance="hc0")
    assert_allclose(robust.overidentification().statistic, 0.443461, rtol=1e-5)
    assert model.first_stage().extra["stock_yogo_size"] == 19.93


@pytest.fixture(scope="module")
def sampled(workers) -> sa.Design:
    return sa.Design(workers, weights="w_", strata="stratum", clusters="cluster")


def test_a_design_gives_the_errors_of_r_svyivreg(sampled):
    """survey::svyivreg with as many instruments as endogenous terms."""
    values = case("u.iv.design").values
    model = sa.two_stage(sampled, "lwage ~ education + experience", "feducation + experience")
    assert_allclose(model.frame["estimate"], list(values["coef"].values()), rtol=1e-8)
    assert_allclose(model.covariance, values["vcov"]["matrix"], rtol=1e-7)


def test_first_stages_and_need_by_design_equal_r(workers, sampled):
    """survey::regTermTest of svyglm; sandwich::vcovHC; svyglm with the first stage's residuals."""
    asked = "lwage ~ education + experience", "meducation + feducation + experience"
    model, expected = sa.two_stage(sampled, *asked), case("u.iv.first").values
    first = model.first_stage().frame
    wanted = [expected["design"][name] for name in ("F", "df1", "df2", "p")]
    assert_allclose(first[["statistic", "df", "df_denominator", "p"]].iloc[0], wanted, rtol=1e-6)
    assert_allclose(model.endogeneity().statistic, case("u.iv.need").values["F"], rtol=1e-6)
    plain = sa.two_stage(workers, *asked, variance="hc0")
    assert_allclose(plain.first_stage().frame["statistic"].item(), expected["hc0"], rtol=1e-7)
    assert_allclose(plain.overidentification().statistic, case("u.iv.over").values["statistic"], rtol=1e-7)


THREE = "meducation + feducation + heducation + experience"


def test_hansens_j_equals_r(workers, sampled):
    """By definition: crossprod of the moments; survey::svytotal under strata, clusters and weights."""
    expected, formula = case("u.iv.hansen").values, "lwage ~ education + experience"
    plain = sa.two_stage(workers, formula, THREE, variance="hc0").overidentification("hansen")
    assert_allclose([plain.statistic, plain.df], [expected["hc0"], 2], rtol=1e-8)
    assert_allclose(plain.p, chi2.sf(expected["hc0"], 2), rtol=1e-8)
    by_design = sa.two_stage(sampled, formula, THREE)
    found = by_design.overidentification("hansen")
    assert_allclose(found.statistic, expected["design"] / 2, rtol=1e-8)
    assert_allclose(found.p, f.sf(found.statistic, 2, by_design.df), rtol=1e-8)
    assert "Hansen's J" in str(found)


def test_hansens_j_is_the_least_that_any_slopes_leave(workers):
    """Minimised by Nelder and Mead's method, without a derivative and without a second step."""
    model = sa.two_stage(workers, "lwage ~ education + experience", THREE, variance="hc0")
    frame = model.model_frame
    x, z, y = frame.x[:, model.response.columns], frame.x[:, model.response.tools], model.outcome.y
    z = z / np.sqrt((z**2).sum(axis=0))
    rows = z * (y - x @ model.params)[:, None]
    weight = np.linalg.inv(rows.T @ rows)

    def value(b):
        g = z.T @ (y - x @ b)
        return g @ weight @ g

    least = minimize(
        value, model.params, method="Nelder-Mead", options={"xatol": 1e-10, "fatol": 1e-13, "maxiter": 5000}
    )
    assert_allclose(model.overidentification("hansen").statistic, least.fun, rtol=1e-7)


def test_score_and_j_agree_where_theory_says_so(workers):
    """To the first order under valid instruments; with equal variances J is Sargan's, and replicates come near."""
    args = "lwage ~ education + experience", THREE
    robust = sa.two_stage(workers, *args, variance="hc0")
    assert_allclose(robust.overidentification().statistic, robust.overidentification("hansen").statistic, rtol=0.1)
    model = sa.two_stage(workers, *args, variance="model")
    assert model.overidentification("hansen").statistic == model.overidentification().statistic
    design = sa.Design(workers, weights="w_", clusters="cluster")
    one, other = (sa.two_stage(d, *args).overidentification("hansen").statistic
                  for d in (design, design.replicated("JK1")))  # fmt: skip
    assert_allclose(other, one, rtol=0.05)
    moved = workers.assign(education=5 + 12 * workers["education"], meducation=1e6 + 3 * workers["meducation"])
    again = sa.two_stage(moved.sample(frac=1, random_state=1), *args, variance="hc0").overidentification("hansen")
    assert_allclose(again.statistic, robust.overidentification("hansen").statistic, rtol=1e-7)


def test_an_instrument_that_acts_by_itself_is_told_by_both(workers):
    """The outcome moved by an instrument, so that it is no valid one."""
    wrong = workers.assign(lwage=workers["lwage"] + 0.2 * workers["feducation"])
    model = sa.two_stage(wrong, "lwage ~ education + experience", THREE)
    assert max(model.overidentification(kind).p for kind in ("score", "hansen")) < 1e-4


def test_the_statistic_of_cragg_and_donald_is_that_of_its_definition(workers):
    tools = "meducation + feducation + heducation + hwage + experience"
    found = sa.two_stage(workers, "lwage ~ education + nwi + experience", tools).first_stage()
    assert_allclose(found.extra["cragg_donald"], case("u.iv.cragg").values["statistic"], rtol=1e-8)


def test_instruments_that_are_the_terms_would_be_least_squares(workers):
    """Just identified by itself: the instrument is the term's own double."""
    twin = workers.assign(double=2 * workers["education"] + 1)
    model = sa.two_stage(twin, PAID, PARENTS.replace("meducation + feducation", "double"))
    least = sa.linear(twin, PAID)
    assert_allclose(model.params, least.params, rtol=1e-8)
    assert_allclose(model.frame["se"], least.frame["se"], rtol=1e-8)


def test_the_error_by_design_is_that_of_numerical_derivatives(workers):
    design = sa.Design(workers, weights="w_", strata="stratum", clusters="cluster")
    model = sa.two_stage(design, PAID, PARENTS)
    used = model.model_frame.used
    expected = used.covariance(numeric_scores(model.refit, used.row_weights, 1e-4))
    assert_allclose(model.params_covariance, expected, rtol=1e-5, atol=1e-8 * np.abs(expected).max())
    assert_allclose(model.fit.scores.sum(axis=0), 0, atol=1e-9)
    assert model.df == design.df + 1 - 4


def test_replicates_come_near_linearised_errors_and_tests(workers):
    design = sa.Design(workers, weights="w_", clusters="cluster")
    one, other = (sa.two_stage(d, PAID, PARENTS) for d in (design, design.replicated("JK1")))
    assert_allclose(other.frame["se"], one.frame["se"], rtol=0.15)
    for test in ("endogeneity", "overidentification"):
        assert_allclose(getattr(other, test)().statistic, getattr(one, test)().statistic, rtol=0.25)
    assert_allclose(other.first_stage().frame["statistic"], one.first_stage().frame["statistic"], rtol=0.25)


def test_units_and_the_order_of_rows_do_not_matter(workers):
    design = sa.Design(workers, weights="w_", clusters="cluster")
    moved = workers.assign(education=5 + 12 * workers["education"], meducation=3 * workers["meducation"])
    other = sa.two_stage(
        sa.Design(moved.sample(frac=1, random_state=1), weights="w_", clusters="cluster"), PAID, PARENTS
    )
    one = sa.two_stage(design, PAID, PARENTS)
    assert_allclose(12 * other.frame["estimate"].iloc[1], one.frame["estimate"].iloc[1], rtol=1e-8)
    assert_allclose(other.frame["statistic"].iloc[1:], one.frame["statistic"].iloc[1:], rtol=1e-8)
    assert_allclose(other.overidentification().statistic, one.overidentification().statistic, rtol=1e-7)


def test_the_classical_statistic_of_one_term_is_that_of_cragg_and_donald(workers):
    found = sa.two_stage(workers, PAID, PARENTS, variance="model").first_stage()
    assert_allclose(found.extra["cragg_donald"], found.frame["statistic"].item(), rtol=1e-10)
    two = sa.two_stage(workers, "lwage ~ education + nwi", "meducation + feducation + hwage").first_stage()
    assert two.extra["cragg_donald"] < two.frame["statistic"].max()
    assert "stock_yogo_size" not in two.extra
    assert 0 < two.frame["partial_r2"].min() < two.frame["partial_r2"].max() < 1


def test_weak_instruments_are_told():
    model = sa.two_stage(respondents(), "y ~ z", "made")
    assert "the instruments are weak" in str(model).lower()
    assert "약한 도구변수" in model.table("ko").to_text()


def test_effects_are_of_terms_not_of_instruments(workers):
    model = sa.two_stage(workers, PAID, PARENTS)
    assert model.effects().frame["term"].tolist() == ["education", "experience"]
    with pytest.raises(ChoiceError, match="stands in the other formula alone"):
        model.effects(["meducation"])
    found = model.predict({"education": [8, 12]})
    assert "experience = " in str(found) and "meducation = " not in str(found)
    assert found.plot().get_figure() is not None
    both = sa.compare_models({"least squares": sa.linear(workers, PAID), "instruments": model})
    assert "education" in str(both)


@pytest.mark.parametrize(
    ("error", "call", "message"),
    [
        (
            ChoiceError,
            lambda f: sa.two_stage(f, PAID, "meducation"),
            r"3 endogenous terms \(education, experience, .* 1",
        ),
        (ChoiceError, lambda f: sa.two_stage(f, PAID, PAID.partition("~")[2]), "nothing is endogenous"),
        (ChoiceError, lambda f: sa.two_stage(f, "lwage ~ education", "hours ~ age"), "right-hand side alone"),
        (FormulaError, lambda f: sa.two_stage(f, "lwage ~ education", "lwage"), "outcome and a covariate at once"),
        (DataError, lambda f: sa.two_stage(f.assign(one=1.0), "lwage ~ education", "one"), "'one' does not vary"),
        (
            DataError,
            lambda f: sa.two_stage(f.assign(twice=2 * f["age"]), "lwage ~ education", "age + twice"),
            "'twice' is a linear combination of 'age'",
        ),
        (
            ChoiceError,
            lambda f: sa.two_stage(f, "lwage ~ education", "meducation").overidentification(),
            "as many instruments as coefficients",
        ),
        (ChoiceError, lambda f: sa.two_stage(f, PAID, PARENTS, variance="hc3"), "'design', 'model'"),
        (ChoiceError, lambda f: sa.two_stage(f, PAID, PARENTS).overidentification("j"), "'score', 'hansen'"),
        (
            DataError,
            lambda f: sa.two_stage(
                sa.Design(f.assign(few=np.arange(len(f)) % 4), clusters="few"), PAID, PARENTS
            ).overidentification("hansen"),
            'the design has 3 degrees of freedom. Take statistic="score"',
        ),
        (
            DataError,
            lambda f: sa.two_stage(f.assign(twice=2 * f["education"]), "lwage ~ education", "twice").endogeneity(),
            "give 'education' exactly",
        ),
        (
            DataError,
            lambda f: sa.two_stage(f.assign(y=1 + f["education"]), "y ~ education", PARENTS).overidentification(),
            "give the outcome exactly",
        ),
    ],
)
def test_what_is_not_identified_is_refused(workers, error, call, message):
    with pytest.raises(error, match=message):
        call(workers)
