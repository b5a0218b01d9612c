"""The selection model: printed Stata output, R's values, independence, invariances, views, refusals."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

import surveyanalysis as sa
from surveyanalysis.errors import ChoiceError, ConvergenceError, DataError, SeparationError
from surveyanalysis.estimators.fit import Fit, numeric_scores
from tests.references import FOLDER, case, data

PAID = "lwage ~ education + experience + experience^2"
WORKS = "s ~ nwi + education + experience + experience^2 + age + youngkids + oldkids"


def women() -> pd.DataFrame:
    """Mroz's women, with wages of those who work alone, and weights, strata and clusters made up."""
    frame = data("PSID1976")
    works = frame["s"] == 1
    return frame.assign(
        lwage=frame["lwage"].where(works),
        wage=frame["wage"].where(works),
        w=1 + (frame["age"] % 7) / 3,
        stratum=np.arange(len(frame)) % 3,
        cluster=np.arange(len(frame)) % 60,
    )


@pytest.fixture(scope="module")
def frame():
    return women()


@pytest.fixture(scope="module")
def models(frame):
    verbs = {
        "ml": sa.heckman(frame, PAID, WORKS, variance="model"),
        "two-step": sa.heckman(frame, PAID, WORKS, method="two_step", variance="observed"),
        "OLS": sa.linear(frame, PAID, variance="model"),
    }
    design = sa.Design(frame, weights="w", strata="stratum", clusters="cluster")
    verbs["design"] = sa.heckman(design, PAID, WORKS)
    verbs["design, two-step"] = sa.heckman(design, PAID, WORKS, method="two_step")
    return verbs


def flat(frame):
    """The same wage for all who work."""
    return frame.assign(lwage=frame["lwage"] * 0 + 2)


OURS = {
    "educ": "education",
    "exper": "experience",
    "expersq": "experience^2",
    "nwifeinc": "nwi",
    "kidslt6": "youngkids",
    "kidsge6": "oldkids",
    "_cons": "(intercept)",
    "(Intercept)": "(intercept)",
    "/athrho": "atanh(rho)",
    "/lnsigma": "log(sigma)",
}
COLUMNS = {"Coef.": "estimate", "Std. Err.": "se", "t": "statistic", "z": "statistic"}


def computed(models, row: str, column: str) -> float:
    """Our number for a printed cell."""
    head, _, term = row.partition(": ")
    model = models["ml" if head.startswith("ML") else "OLS" if head == "OLS" else "two-step"]
    single = {
        "OLS: R-squared": ("OLS", "r2"),
        "OLS: Root MSE": ("OLS", "sigma"),
        "two-step rho": ("two-step", "rho"),
        "two-step sigma": ("two-step", "sigma"),
        "ML Log likelihood": ("ml", "loglik"),
        "ML LR test rho=0": ("ml", "rho_lr"),
    }
    if row in single:
        which, name = single[row]
        return models[which].extra[name]
    if row in ("ML rho", "ML sigma", "ML lambda"):
        return model.extra[row[3:] + ("_se" if column == "Std. Err." else "")]
    term = term or row.removeprefix("ML ")
    rows = model.frame[model.frame["term"] == OURS.get(term, term)]
    part = "selection" if "selection" in head else None if term.startswith("/") or term == "lambda" else "slope"
    return (rows if part is None else rows[rows["component"] == part])[COLUMNS[column]].item()


def test_every_printed_cell_of_mrozs_wages_is_ours(models):
    """Stata's `heckman, twostep` and `heckman` (Wooldridge, example 17.5): 105 cells, 13 of them on a flat likelihood
    where Stata stopped short of the optimum (5e-5 relative)."""
    from ruamel.yaml import YAML

    table = YAML(typ="safe").load((FOLDER / "mroz_wage_heckman.yaml").read_text("utf-8"))
    flat = {(cell["row"], cell["column"]) for cell in table["differing"]}
    wrong = []
    for cell in table["cells"]:
        printed, found = cell["printed"], computed(models, cell["row"], cell["column"])
        decimals = len(printed.partition(".")[2])
        bound = 0.5 * 10.0**-decimals * 1.001
        if (cell["row"], cell["column"]) in flat:
            bound = max(bound, 5e-5 * abs(float(printed)))
        if abs(found - float(printed)) > bound:
            wrong.append((cell["row"], cell["column"], printed, found))
    assert wrong == []
    assert len(table["cells"]) == 105


@pytest.mark.parametrize("name", ["c.heckman.mroz.lwage", "c.heckman.mroz.greene"])
def test_both_ways_equal_r(frame, name):
    reference = case(name)
    formulas = [reference.args[k].replace("I(", "").replace("^2)", "^2") for k in ("outcome", "selection")]
    for method, key in (("ml", "ml"), ("two_step", "twostep")):
        found = sa.heckman(frame, *formulas, method=method, variance="model").frame
        expected = reference.values[key]
        if method == "ml":
            outcome = [v for k, v in expected["coef"].items() if k.startswith("out:")]
            errors = [v for k, v in expected["se"].items() if k.startswith("out:")]
        else:
            outcome, errors = list(expected["coef"].values())[:-1], list(expected["se"].values())[:-1]
        slopes = found[found["component"] == "slope"]
        assert_allclose(slopes["estimate"], outcome, rtol=10 * reference.rtol)
        assert_allclose(slopes["se"], errors, rtol=10 * reference.rtol)


def test_a_higher_maximum_elsewhere_is_told(frame):
    reference = case("c.heckman.mroz.greene")
    formulas = [reference.args[k].replace("I(", "").replace("^2)", "^2") for k in ("outcome", "selection")]
    model = sa.heckman(frame, *formulas)
    assert "has a log-likelihood higher by 101.60" in str(model)
    assert "상관 0.993에서 로그우도가 101.60 더 높음" in model.table("ko").to_text().replace("\n", " ")


def test_weights_equal_r(frame):
    reference = case("l.heckman.lwage")
    labels = [label for label in reference.values["coef"] if label.startswith(("out:", "sel:"))]

    def formula(part):
        named = [label[4:].replace("I(", "").replace(")", "") for label in labels if label.startswith(part)]
        return " + ".join(name for name in named if name != "(Intercept")

    model = sa.heckman(sa.Design(frame, weights="w"), f"lwage ~ {formula('out:')}", f"s ~ {formula('sel:')}")
    parts = {"out:": "slope", "sel:": "selection"}
    own = {"log_sigma": ("spread", "log(sigma)"), "atanh_rho": ("error_correlation", "atanh(rho)")}
    rows = model.frame.set_index(["component", "term"])
    for at, (label, value) in enumerate(reference.values["coef"].items()):
        term = label[4:].replace("I(", "").replace("^2)", "^2").replace("(Intercept)", "(intercept)")
        found = rows.loc[own.get(label) or (parts[label[:4]], term)]
        assert_allclose(found["estimate"], value, rtol=1e-5)
        assert_allclose(found["se"] ** 2, reference.values["vcov_design"]["matrix"][at][at], rtol=1e-5)
    assert "rho_lr" not in model.extra


@pytest.mark.parametrize("kind", ["design", "design, two-step"])
def test_score_equations_hold_and_errors_are_those_of_numerical_derivatives(models, kind):
    model = models[kind]
    used = model.model_frame.used
    assert np.abs(model.fit.scores.sum(axis=0)).max() < 1e-7 * np.abs(model.fit.scores).sum(axis=0).max()
    some = used.row_weights.copy()
    rows = slice(0, 12)

    def refit(w):
        whole = some.copy()
        whole[rows] = w
        return model.refit(whole)

    assert_allclose(model.fit.scores[rows], numeric_scores(refit, some[rows], 1e-4), rtol=1e-4, atol=1e-8)


@pytest.mark.parametrize("method", ["ml", "two_step"])
def test_without_correlation_it_is_a_linear_regression_and_a_probit(method):
    """Drawn with rho = 0: rho within three errors of 0, slopes near those of both models apart."""
    rng = np.random.default_rng(4)
    n = 3000
    frame = pd.DataFrame({"a": rng.normal(size=n), "b": rng.normal(size=n)})
    frame["seen"] = (0.3 + 0.5 * frame["a"] + frame["b"] + rng.normal(size=n) > 0).astype(int)
    frame["y"] = np.where(frame["seen"] == 1, 1 + 0.7 * frame["a"] + rng.normal(size=n), np.nan)
    model = sa.heckman(frame, "y ~ a", "seen ~ a + b", method=method)
    assert abs(model.extra["rho"]) < 3 * model.extra["rho_se"]
    rows = model.frame.set_index(["component", "term"])["estimate"]
    apart = sa.linear(frame, "y ~ a").frame.set_index("term")["estimate"]
    assert_allclose(rows["slope"], apart, atol=0.05)
    probit = sa.probit(frame, "seen ~ a + b").frame.set_index("term")["estimate"]
    assert_allclose(rows["selection"], probit, atol=1e-6 if method == "two_step" else 0.01)
    assert model.independence().p > 0.01


@pytest.mark.parametrize("kind", ["design", "design, two-step"])
def test_units_and_the_order_of_rows_do_not_matter(frame, models, kind):
    model = models[kind]
    moved = frame.assign(education=1000 + 12 * frame["education"], lwage=5 * frame["lwage"]).sample(
        frac=1, random_state=3
    )
    design = sa.Design(moved, weights="w", strata="stratum", clusters="cluster")
    other = sa.heckman(design, PAID, WORKS, method=model.response.method)
    one, two = (m.frame.set_index(["component", "term"]) for m in (model, other))
    at = [("slope", "education"), ("selection", "education")]
    assert_allclose(two.loc[at, "estimate"] * 12 / [5, 1], one.loc[at, "estimate"], rtol=1e-6)
    assert_allclose(two.loc[at, "statistic"], one.loc[at, "statistic"], rtol=1e-6)
    assert_allclose(
        [other.extra["rho"], other.extra["sigma"] / 5], [model.extra[k] for k in ("rho", "sigma")], rtol=1e-5
    )


def test_a_second_start_finds_the_same_maximum(frame, models):
    """Newton from the estimates of the two steps, and from those of other weights."""
    from surveyanalysis.estimators.heckman import heckman_fit

    model = models["ml"]
    x, response = model.model_frame.x, model.response
    turned = x[:, response.columns] @ np.diag([1, 40, 0.02, 3])
    fit = heckman_fit(turned, model.outcome.y, x[:, response.selection], model.outcome.seen, np.full(model.n, 3.0))
    assert_allclose(fit.params[:4] * [1, 40, 0.02, 3], model.params[:4], rtol=1e-6)
    assert_allclose(fit.params[4:], model.params[4:], rtol=1e-5)


@pytest.mark.parametrize("kind", ["design", "design, two-step"])
@pytest.mark.parametrize("view", ["latent", "selected", "observed", "probability"])
def test_expected_outcomes_have_the_right_derivatives(models, kind, view):
    model = models[kind].of(view)
    x, response, params = model.model_frame.x[:5], model.response, model.params
    jacobian, step = response.jacobian(params, x), 1e-6
    for j in range(len(params)):
        moved = np.eye(len(params))[j] * step
        numeric = (response.expected(params + moved, x) - response.expected(params - moved, x)) / (2 * step)
        assert_allclose(jacobian[:, :, j], numeric, rtol=1e-5, atol=1e-7)


@pytest.mark.parametrize("kind", ["ml", "two-step"])
def test_views_agree_with_each_other(models, kind):
    """E(y seen or 0) = P(seen) E(y | seen); E(y | seen) = x b + lambda times the Mills ratio."""
    model = models[kind]
    asked = {"education": [8, 12], "youngkids": [0, 1]}
    found = {
        v: model.of(v).predict(asked).frame["estimate"].to_numpy()
        for v in ("latent", "selected", "observed", "probability")
    }
    assert_allclose(found["observed"], found["probability"] * found["selected"], rtol=1e-12)
    from scipy.stats import norm

    z = norm.ppf(found["probability"])
    expected = found["latent"] + model.extra["lambda"] * norm.pdf(z) / found["probability"]
    assert_allclose(found["selected"], expected, rtol=1e-9)


def test_effects_are_of_the_view(models):
    model = models["ml"]
    latent = model.effects()
    assert latent.frame["term"].tolist() == ["education", "experience"]
    slope = model.frame.query("component == 'slope' and term == 'education'")["estimate"].item()
    assert_allclose(latent.frame["estimate"].iloc[0], slope, rtol=1e-9)
    chances = model.of("probability").effects()
    assert "youngkids" in set(chances.frame["term"])
    assert chances.scale == "effect"
    ratios = model.of("probability").risk_ratios().frame
    assert set(ratios["term"]) == set(chances.frame["term"])
    assert {"education", "youngkids"} <= set(model.of("selected").effects().frame["term"])
    with pytest.raises(ChoiceError, match="stands in the other formula alone"):
        model.effects(["youngkids"])


def test_replicates_come_near_linearised_errors(frame):
    """Jackknife of 60 clusters; theory, to a quarter."""
    design = sa.Design(frame, weights="w", clusters="cluster")
    one, other = (sa.heckman(d, "lwage ~ education", "s ~ education + youngkids", method="two_step").frame["se"]
                  for d in (design, design.replicated("JK1")))  # fmt: skip
    assert_allclose(other, one, rtol=0.25)


def test_those_are_selected_whose_outcome_is_known(frame):
    by_answer = sa.heckman(frame, PAID, WORKS.partition("~")[2])
    assert_allclose(by_answer.params, sa.heckman(frame, PAID, WORKS).params, rtol=1e-9)
    assert "whose outcome is known" in str(by_answer)
    assert by_answer.frame["outcome"].unique().tolist() == ["lwage", "lwage known"]


def test_what_makes_it_fragile_is_said(frame):
    model = sa.heckman(frame, "lwage ~ education + experience", "s ~ education + experience", method="two_step")
    assert "no covariate is of selection alone" in str(model).replace("\n", " ").lower()
    assert "Heckman's" in str(sa.heckman(frame, PAID, WORKS, method="two_step", variance="model"))


def test_a_missing_answer_of_those_selected_is_left_out_and_counted(frame):
    some = frame.copy()
    some.loc[some.index[some["s"] == 1][:5], "lwage"] = np.nan
    model = sa.heckman(some, PAID, WORKS)
    assert model.n == 748
    assert "5 left out" in str(model)


def test_figures_and_tables_stand(models):
    for result in (models["design"], models["two-step"], models["design"].of("selected").effects()):
        assert result.plot().get_figure() is not None
    text = str(sa.compare_models({"ML": models["ml"], "two steps": models["two-step"], "OLS": models["OLS"]}))
    assert "Selection" in text
    assert "선택" in models["ml"].table("ko").to_text()


@pytest.mark.parametrize(
    ("error", "call", "message"),
    [
        (DataError, lambda f: sa.heckman(f.assign(lwage=1.0 * f["age"]), PAID, WORKS), "of 325 who are not selected"),
        (DataError, lambda f: sa.heckman(f[f["s"] == 1], PAID, "age"), "is selected: there is no selection"),
        (DataError, lambda f: sa.heckman(f[f["s"] == 1], PAID, WORKS), "A model needs both"),
        (
            DataError,
            lambda f: sa.heckman(f.assign(age=f["age"].where(f["s"] == 1)), PAID, WORKS),
            "'age' stands in `selection`, and none of the 325",
        ),
        (ConvergenceError, lambda f: sa.heckman(flat(f), PAID, WORKS, method="two_step"), "the outcome exactly"),
        (ChoiceError, lambda f: sa.heckman(f, PAID, "lwage ~ age"), "is the outcome and what selects"),
        (ChoiceError, lambda f: sa.heckman(f, PAID, "s ~ age + lwage"), "stands on both sides"),
        (ChoiceError, lambda f: sa.heckman(f, PAID, WORKS, method="heckit"), "'ml', 'two_step'"),
        (ChoiceError, lambda f: sa.heckman(f, PAID, WORKS).of("conditional"), "'latent', 'selected'"),
        (SeparationError, lambda f: sa.heckman(f.assign(works=1.0 * f["s"]), PAID, "s ~ works"), "'works'"),
    ],
)  # fmt: skip
def test_what_has_no_selection_or_no_solution_is_refused(frame, error, call, message):
    with pytest.raises(error, match=message):
        call(frame)


ALL = "s ~ nwi + education + age + youngkids + oldkids"
BOOK = """codebook: 1
survey: {id: women, languages: [en, ko]}
missing: {na: {en: Not asked, ko: 비해당}}
questions:
- {id: s, type: number, en: Works, ko: 취업}
- {id: education, type: number, en: Education, ko: 교육}
- {id: youngkids, type: number, en: Young children, ko: 어린 자녀}
- {id: lwage, type: number, base: s == 1, en: Log wage, ko: 로그 임금}
- {id: experience, type: number, base: s == 1, en: Experience, ko: 경력}
"""


@pytest.fixture(scope="module")
def skipped(frame):
    """Experience was asked of those who work alone."""
    return frame.assign(experience=frame["experience"].where(frame["s"] == 1))


@pytest.mark.parametrize("method", ["ml", "two_step"])
def test_a_question_that_only_those_selected_were_asked_leaves_nobody_out(frame, skipped, method):
    """The likelihood has no outcome of those not selected, so that nothing may change but what is averaged."""
    design = [sa.Design(some, weights="w", strata="stratum", clusters="cluster") for some in (frame, skipped)]
    whole, model = (sa.heckman(d, PAID, ALL, method=method) for d in design)
    assert model.n == 753
    assert_allclose(model.params, whole.params, rtol=1e-12)
    assert_allclose(model.covariance, whole.covariance, rtol=1e-12)
    assert "Without an answer, but not selected, so that it is not needed: experience (missing) 325" in str(model)
    assert "비선택자의 무응답은 분석에서 제외하지 않음: experience(결측) 325" in model.table("ko").to_text()
    assert "left out" not in str(model)


def test_effects_and_typical_answers_are_of_those_who_were_asked(frame, skipped):
    design = sa.Design(skipped, weights="w", strata="stratum", clusters="cluster")
    model, works = sa.heckman(design, PAID, ALL), frame[frame["s"] == 1]
    slopes = model.frame.set_index(["component", "term"])["estimate"]["slope"]
    mean = np.average(works["experience"], weights=works["w"])
    found = model.effects(["experience"])
    assert_allclose(found.frame["estimate"], slopes["experience"] + 2 * slopes["experience^2"] * mean, rtol=1e-8)
    assert "of those with all answers (428)" in str(found)
    assert f"experience = {mean:.4g}" in str(model.predict({"education": [12]}))
    whole = sa.heckman(sa.Design(frame, weights="w", strata="stratum", clusters="cluster"), PAID, ALL)
    chances = [m.of("probability").effects().frame for m in (model, whole)]
    assert_allclose(chances[0][["estimate", "se"]], chances[1][["estimate", "se"]], rtol=1e-9)


def test_errors_of_an_average_over_those_asked_are_those_of_numerical_derivatives(skipped):
    """The average is one of those asked under any weights; Taylor's theorem by differences of the whole estimate."""
    model = sa.heckman(sa.Design(skipped, weights="w", clusters="cluster"), PAID, ALL)
    used, seen, k = model.model_frame.used, model.outcome.seen == 1, list(model.model_frame.terms)
    at = [[c.name for c in k].index(name) for name in ("experience", "experience^2")]
    at = [model.response.columns.index(j) for j in at]

    def average(weights):
        params, w = model.refit(weights).params, weights * seen
        return params[at[0]] + 2 * params[at[1]] * (w @ model.model_frame.answers["experience"]) / w.sum()

    rows = numeric_scores(lambda w: Fit(np.array([average(w)]), w), used.row_weights, 1e-4)
    expected = np.sqrt(used.covariance(rows)[0, 0])
    assert_allclose(model.effects(["experience"]).frame["se"], expected, rtol=1e-5)


def test_splines_and_categories_learn_from_those_who_were_asked(frame, skipped):
    kind = np.where(frame["s"] == 1, np.where(frame["age"] > 40, "old", "young"), None)
    model = sa.heckman(skipped.assign(kind=kind), "lwage ~ ns(experience, 3) + kind", ALL)
    known = sa.linear(skipped.assign(kind=kind), "lwage ~ ns(experience, 3) + kind")
    names = {column.name for column in known.model_frame.terms}
    at = [j for j, column in enumerate(model.model_frame.terms) if column.name in names]
    assert_allclose(model.model_frame.x[model.outcome.seen == 1][:, at], known.model_frame.x, rtol=1e-12)


def test_the_reason_of_skipping_and_who_is_left_out_are_told(skipped, tmp_path):
    book = tmp_path / "codebook.yaml"
    book.write_text(BOOK, encoding="utf-8")
    some = skipped[["s", "education", "youngkids", "lwage", "experience"]].copy()
    works, others = (some.index[some["s"] == value] for value in (1, 0))
    some.loc[works[:5], "experience"] = np.nan
    some.loc[others[:7], "youngkids"] = np.nan
    reasons = pd.DataFrame("", some.index, some.columns).mask(some.isna().mul(some["s"] == 0, axis=0), "na")
    reasons["youngkids"] = ""
    survey = sa.Survey(some, sa.read_codebook(book), reasons)
    model = sa.heckman(survey, "lwage ~ education + experience", "s ~ education + youngkids")
    text = " ".join(str(model).split())
    assert model.n == 753 - 12
    assert "12 left out: Young children (missing) 7, Experience (missing) 5" in text
    assert "so that it is not needed: Experience (not asked) 318" in text


def test_two_steps_without_model_based_errors_say_so_and_point_to_others():
    rng = np.random.default_rng(4)
    x = rng.normal(size=200)
    seen = 0.3 + 0.5 * x + rng.normal(size=200) > 0
    people = pd.DataFrame({"x": x, "pay": np.where(seen, 4 * (x - 0.5) ** 2 + rng.normal(size=200), np.nan)})
    model = sa.heckman(people, "pay ~ x", "x", method="two_step", variance="model")
    assert np.isnan(model.frame["se"].iloc[0])
    assert "variance of a slope would be negative" in str(model)
    other = sa.heckman(people, "pay ~ x", "x", method="two_step")
    assert np.isfinite(other.frame["se"]).all() and "would be negative" not in str(other)
