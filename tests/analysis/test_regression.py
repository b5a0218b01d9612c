"""Binary and ordered models against R, against theory, and against what surveys break."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from surveyanalysis.analysis.ordinal import ordered
from surveyanalysis.analysis.regression import binary_model, logit
from surveyanalysis.codebook.questions import Choice, Codebook, Question
from surveyanalysis.design.design import Design
from surveyanalysis.errors import ChoiceError, ColumnError, DataError, SeparationError
from surveyanalysis.estimators.binary import binary_fit
from surveyanalysis.estimators.fit import numeric_scores
from surveyanalysis.language import say
from surveyanalysis.survey import Survey

from ..references import case, data


def r_design(args: dict, frame: pd.DataFrame) -> Design:
    """The design of a reference case."""
    d = args["design"]
    strata, clusters = (d[k][0] if d[k] else None for k in ("strata", "psu"))
    return Design(frame, weights=d["weights"][0], strata=strata, clusters=clusters, population=(d["fpc"] or [None])[0])


def api(name: str) -> pd.DataFrame:
    """The API schools with the outcomes of the reference cases; E, H, M as in the cases' coefficients."""
    frame = data(name)
    frame["wide"] = pd.Categorical(frame["sch.wide"], categories=["No", "Yes"], ordered=True)
    frame["improved"] = pd.Categorical(frame["comp.imp"], categories=["No", "Yes"], ordered=True)
    frame["y3"] = pd.cut(frame["api00"], [0, 550, 650, 750, 1000], labels=[1, 2, 3, 4])
    frame["stype"] = frame["stype"].cat.reorder_categories(["E", "H", "M"])
    return frame


def renamed(name: str) -> str:
    """Our name of a coefficient for R's."""
    if name == "(Intercept)":
        return "(intercept)"
    for factor in ("stype", "comp.imp", "children", "Infl", "Type", "Cont", "religion", "degree", "country", "gender",
                   "temp", "contact", "foreign", "race"):  # fmt: skip
        if name.startswith(factor) and len(name) > len(factor):
            return f"{factor}[{name[len(factor) :]}]"
    return {"I(age)": "age", "I(age^2)": "age^2"}.get(name, name)


def assert_coefficients(model, expected: pd.DataFrame, rtol: float) -> None:
    """Every column of `expected` (R names in the index) equals the model's frame.

    A statistic carries the errors of estimate and standard error; its p-value z^2 times that (far tails). Standard
    errors are held against the largest of the case: R's own two ways differ by 9e-8 where Fisher scoring stops early
    (cloglog); ends of intervals carry about twice that.
    """
    found = model.frame.set_index("term").loc[[renamed(n) for n in expected.index]]
    for name, column in expected.items():
        tail = 1 + expected["statistic"].to_numpy() ** 2 if name == "p" else 1.0
        bound = {"statistic": 2 * rtol, "p": 2 * rtol * tail}.get(name, rtol)
        size = {"se": 1.0, "ci_low": 3.0, "ci_high": 3.0}.get(name, 0.0) * expected["se"].max()
        wrong = np.abs(found[name].to_numpy() - column.to_numpy()) > bound * np.abs(column.to_numpy()) + rtol * size
        assert not wrong.any(), f"{name}: {found.loc[wrong, name].to_dict()}, R has {column[wrong].to_dict()}"


DESIGN_FORMULAS = {
    "b.glm.logit.strat": ("wide ~ ell + meals + mobility", "logit"),
    "b.glm.logit.clus1": ("improved ~ ell + meals + stype", "logit"),
    "b.glm.logit.n57": ("wide ~ mobility + meals", "logit"),
    "b.glm.logit.n120": ("wide ~ mobility + meals", "logit"),
    "b.glm.cloglog.strat": ("wide ~ ell + mobility", "cloglog"),
}


def design_model(name: str):
    formula, link = DESIGN_FORMULAS[name]
    reference = case(name)
    return binary_model(r_design(reference.args, api(reference.data[0])), formula, link, "design", None, 0.95)


def test_a_design_based_cloglog_model_agrees_with_svyglm():
    """R survey svyglm: coefficients, errors, t, p, intervals and the whole covariance; logits: tests/references."""
    reference, model = case("b.glm.cloglog.strat"), design_model("b.glm.cloglog.strat")
    expected = pd.DataFrame(
        {"estimate": reference.series("coef"), "se": reference.series("se"), "statistic": reference.series("t"),
         "p": reference.series("p")}
    )  # fmt: skip
    ci = reference.frame("ci95")
    expected["ci_low"], expected["ci_high"] = ci["low"], ci["high"]
    assert_coefficients(model, expected, reference.rtol)
    vcov = reference.frame("vcov").to_numpy()
    assert_allclose(model.params_covariance, vcov, rtol=reference.rtol, atol=reference.rtol * np.abs(vcov).max())


def classical_data(name: str) -> pd.DataFrame:
    """Data of the c.* cases with their outcomes in order."""
    frame = data(name)
    if name == "Womenlf":
        frame["work"] = (frame["partic"] != "not.work").astype(int)
    if name == "SwissLabor":
        frame["y"] = (frame["participation"] == "yes").astype(int)
    if name == "birthwt":
        frame["race"] = pd.Categorical(frame["race"], categories=[1, 2, 3])
    if name == "ProgramEffectiveness":
        frame = frame.assign(
            y=(frame["grade"] == "increase").astype(int), psi=(frame["participation"] == "yes").astype(int)
        )
    if name == "housing":
        return Survey.from_counts(as_ordered(frame, "Sat"), count="Freq").frame
    outcome = {"WVS": "poverty", "wine": "rating", "BEPS": "Europe"}.get(name)
    if name == "BEPS":
        frame["eur"] = pd.cut(frame["economic.cond.national"], [0, 1, 2, 3, 4, 5], labels=[1, 2, 3, 4, 5])
    return as_ordered(frame, outcome) if outcome in ("poverty", "rating") else frame


def as_ordered(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    column = frame[name]
    levels = column.cat.categories if isinstance(column.dtype, pd.CategoricalDtype) else sorted(column.unique())
    return frame.assign(**{name: pd.Categorical(column, categories=levels, ordered=True)})


def classical_model(name: str):
    """The model of a case that R fitted with model-based errors."""
    reference = case(name)
    formula = reference.args["formula"].replace("I(age)", "age")
    frame, link = classical_data(reference.data[0]), reference.args["link"]
    if name.startswith("c.ord"):
        return ordered(frame, formula, link=link, variance="model")
    return binary_model(frame, formula, link, "model", None, 0.95)


# --- theory and invariance ---


@pytest.fixture(scope="module")
def people() -> pd.DataFrame:
    """Synthetic respondents with strata, clusters, unequal weights and missing answers."""
    rng = np.random.default_rng(20)
    n = 240
    frame = pd.DataFrame({"age": rng.integers(25, 65, n).astype(float), "z": rng.normal(size=n)})
    frame["employer"] = pd.Categorical(
        rng.choice(["company", "university", "lab"], n), ["company", "university", "lab"]
    )
    frame["abroad"] = rng.random(n) < 0.4
    latent = (
        0.05 * (frame["age"] - 45) + 0.8 * (frame["employer"] == "lab") - 0.5 * frame["abroad"] + rng.logistic(size=n)
    )
    frame["y"] = (latent > 0).astype(int)
    frame["scale"] = pd.Categorical(np.digitize(latent, [-1, 0, 1.5]) + 1, [1, 2, 3, 4], ordered=True)
    frame["w"] = rng.uniform(0.5, 3, n)
    frame["stratum"], frame["cluster"] = np.arange(n) % 3, np.arange(n) % 30
    frame.loc[rng.choice(n, 12, replace=False), "age"] = np.nan
    return frame


def weighted(frame: pd.DataFrame) -> Design:
    return Design(frame, weights="w", strata="stratum", clusters="cluster")


BINARY, ORDERED = "y ~ age + employer + abroad", "scale ~ age + employer + abroad"


def test_scaling_all_weights_changes_nothing(people):
    """P1."""
    for verb, formula in ((logit, BINARY), (ordered, ORDERED)):
        for variance in ("design", "model"):
            once = verb(weighted(people), formula, variance=variance)
            scaled = verb(weighted(people.assign(w=7.3 * people["w"])), formula, variance=variance)
            assert_allclose(scaled.frame[["estimate", "se", "p"]], once.frame[["estimate", "se", "p"]], rtol=1e-9)
            assert_allclose(scaled.extra["loglik"], once.extra["loglik"], rtol=1e-12)
            assert_allclose(scaled.effects().frame["se"], once.effects().frame["se"], rtol=1e-6)


def test_rows_in_any_order_give_the_same_numbers(people):
    """P2."""
    mixed = people.sample(frac=1, random_state=1)
    assert_allclose(logit(weighted(mixed), BINARY).frame["se"], logit(weighted(people), BINARY).frame["se"], rtol=1e-10)


def test_a_row_of_weight_zero_is_outside_the_domain(people):
    """P5: the row stays in its cluster."""
    out = people.index < 40
    zero = weighted(people.assign(w=people["w"].where(~out, 0.0)))
    domain = weighted(people.assign(kept=~out)).where(kept=True)
    for verb, formula in ((logit, BINARY), (ordered, ORDERED)):
        assert_allclose(
            verb(zero, formula).frame[["estimate", "se"]], verb(domain, formula).frame[["estimate", "se"]], rtol=1e-10
        )


def test_intercept_only_is_the_weighted_share_and_a_saturated_model_the_cells(people):
    """P9."""
    model = logit(weighted(people), "y ~ 1")
    share = np.average(people["y"], weights=people["w"])
    assert_allclose(model.params[0], np.log(share / (1 - share)), rtol=1e-10)
    saturated = logit(weighted(people), "y ~ employer*abroad")
    found = saturated.predict({"employer": ["company", "lab"], "abroad": [False, True]}).frame
    for row in found.itertuples():
        cell = people[(people["employer"] == row.employer) & (people["abroad"] == row.abroad)]
        assert_allclose(row.estimate, np.average(cell["y"], weights=cell["w"]), rtol=1e-9)


def test_an_affine_change_of_a_covariate_changes_its_slope_alone(people):
    """P10, with a covariate around three million (T020)."""
    moved = people.assign(age=3e6 + 12 * people["age"])
    for verb, formula in ((logit, BINARY), (ordered, ORDERED)):
        a, b = (verb(weighted(f), formula).frame.set_index("term") for f in (people, moved))
        assert_allclose(b.loc["age", ["estimate", "se"]] * 12, a.loc["age", ["estimate", "se"]], rtol=1e-7)
        assert_allclose(b.loc["age", "statistic"], a.loc["age", "statistic"], rtol=1e-7)
        effect = [verb(weighted(f), formula).effects(["age"]).frame["estimate"].to_numpy() for f in (people, moved)]
        assert_allclose(effect[1] * 12, effect[0], rtol=1e-6)


def test_another_reference_flips_the_contrast_and_nothing_else(people):
    """P11: same fit, same joint test."""
    first, other = (logit(weighted(people), f"y ~ age + {t}") for t in ("employer", "ref(employer, 'university')"))
    a, b = first.frame.set_index("term"), other.frame.set_index("term")
    assert_allclose(b.loc["employer[company]", "estimate"], -a.loc["employer[university]", "estimate"], rtol=1e-9)
    assert_allclose(b.loc["employer[company]", "se"], a.loc["employer[university]", "se"], rtol=1e-9)
    assert_allclose(other.test("employer").statistic, first.test("employer").statistic, rtol=1e-8)
    assert_allclose(other.extra["loglik"], first.extra["loglik"], rtol=1e-12)


def test_unused_levels_change_no_number_and_are_told(people):
    """P11, T017: of a covariate and of an outcome."""
    more = people.assign(
        employer=people["employer"].cat.set_categories(["company", "school", "university", "lab"]),
        scale=people["scale"].cat.set_categories([1, 2, 2.5, 3, 4, 5], ordered=True),
    )
    a, b = ordered(weighted(people), ORDERED), ordered(weighted(more), ORDERED)
    assert_allclose(b.frame["se"], a.frame["se"], rtol=1e-12)
    said = " ".join(say(n) for n in b.origin.notes)
    assert "employer: nobody chose school" in said
    assert "scale: nobody chose 2.5, 5" in said


def test_flipping_the_outcome_flips_signs(people):
    """P12: binary, and ordered with thresholds reversed."""
    a, b = logit(weighted(people), BINARY), logit(weighted(people), BINARY, event=0)
    assert_allclose(b.frame["estimate"], -a.frame["estimate"], rtol=1e-8)
    assert_allclose(b.frame["se"], a.frame["se"], rtol=1e-8)
    turned = people.assign(scale=people["scale"].cat.reorder_categories([4, 3, 2, 1], ordered=True))
    for link in ("logit", "probit"):
        up, down = (ordered(weighted(f), ORDERED, link=link).frame for f in (people, turned))
        slopes, cuts = up["component"] == "slope", up["component"] == "threshold"
        assert_allclose(down.loc[slopes, "estimate"], -up.loc[slopes, "estimate"], rtol=1e-7)
        assert_allclose(down.loc[cuts, "estimate"], -up.loc[cuts, "estimate"][::-1], rtol=1e-7)
        assert_allclose(down.loc[cuts, "se"], up.loc[cuts, "se"][::-1], rtol=1e-7)


@pytest.mark.parametrize("variance", ["design", "model"])
def test_an_ordered_model_of_two_levels_is_the_logit(people, variance):
    """P13: same slopes, errors, df and p; the threshold is minus the intercept."""
    two = people.assign(pair=pd.Categorical(people["y"], [0, 1], ordered=True))
    a = logit(weighted(two), "pair ~ age + employer", variance=variance).frame.set_index("term")
    b = ordered(weighted(two), "pair ~ age + employer", variance=variance).frame.set_index("term")
    slopes = ["age", "employer[university]", "employer[lab]"]
    columns = ["estimate", "se", "df", "p"]
    assert_allclose(b.loc[slopes, columns], a.loc[slopes, columns], rtol=1e-7)
    assert_allclose(b.loc["0|1", "estimate"], -a.loc["(intercept)", "estimate"], rtol=1e-8)


def test_a_simple_random_sample_has_hc0_errors(people):
    """P14: HC0 of statsmodels times sqrt(n / (n - 1))."""
    from statsmodels.discrete.discrete_model import Logit

    model = logit(people, BINARY)
    twin = Logit(model.outcome.y, model.model_frame.x).fit(disp=False, cov_type="HC0")
    n = len(model.outcome.y)
    domain = np.sqrt(len(people) / (len(people) - 1))  # the respondents with missing answers stay in the design
    assert n < len(people)
    assert_allclose(model.frame["se"], twin.bse * domain, rtol=1e-6)


def test_missing_answers_are_a_domain_of_the_design(people):
    """P25: the incomplete rows stay in the design; told with their number."""
    marked = people.assign(known=people["age"].notna())
    direct = logit(weighted(people), BINARY)
    domain = logit(weighted(marked).where(known=True), BINARY)
    assert_allclose(direct.frame["se"], domain.frame["se"], rtol=1e-12)
    assert "12 left out: age" in " ".join(say(n) for n in direct.origin.notes)
    assert direct.frame["n"].eq(len(people) - 12).all()


def test_weights_move_the_estimate(people):
    """T009: three times the weight of one respondent changes ordered and binary estimates."""
    heavy = people.assign(w=people["w"].mask(people.index == 5, 3 * people["w"]))
    for verb, formula in ((logit, BINARY), (ordered, ORDERED)):
        assert np.abs(verb(weighted(heavy), formula).params - verb(weighted(people), formula).params).max() > 1e-4


@pytest.mark.parametrize(("verb", "formula"), [(logit, BINARY), (ordered, ORDERED)])
def test_scores_are_the_derivative_by_weight(people, verb, formula):
    """Numerical derivative of the coefficients by each weight."""
    small = people.iloc[:60]

    def estimate(weights):
        return verb(weighted(small.assign(w=weights)), formula).fit

    weights = small["w"].to_numpy(float)
    model = verb(weighted(small), formula)
    expected = numeric_scores(estimate, weights)[model.model_frame.used.rows]
    assert_allclose(model.fit.scores, expected, atol=1e-6 * np.abs(expected).max())


def test_unweighted_models_agree_with_their_statsmodels_twins(people):
    """statsmodels Logit and OrderedModel (which prints log-increments for thresholds: T015)."""
    binary = logit(people, BINARY, variance="model")
    twin = binary.to_statsmodels()
    assert_allclose(twin.params, binary.params, rtol=1e-6)
    assert_allclose(twin.bse, binary.frame["se"], rtol=1e-6)
    assert_allclose(twin.llf, binary.extra["loglik"], rtol=1e-10)
    scale = ordered(people, ORDERED, variance="model")
    twin = scale.to_statsmodels()
    slopes = scale.frame.query("component == 'slope'")
    assert_allclose(twin.params[: len(slopes)], slopes["estimate"], rtol=1e-4)
    assert_allclose(twin.bse[: len(slopes)], slopes["se"], rtol=1e-3)
    with pytest.raises(ChoiceError, match="equal weights"):
        logit(weighted(people), BINARY).to_statsmodels()


def test_odds_ratios_exponentiate_the_ends_and_keep_p(people):
    model = logit(weighted(people), BINARY)
    ratio, frame = model.exponentiate(), model.frame
    for name in ("estimate", "ci_low", "ci_high"):
        assert_allclose(ratio.frame[name], np.exp(frame[name]))
    assert_allclose(ratio.frame["se"], frame["se"] * np.exp(frame["estimate"]))
    assert_allclose(ratio.frame["p"], frame["p"])
    assert_allclose(np.diag(ratio.covariance), ratio.frame["se"] ** 2)
    assert ratio.scale == "odds_ratio"
    assert set(ordered(people, ORDERED).exponentiate().frame["component"]) == {"slope"}
    with pytest.raises(ChoiceError, match="no odds ratios"):
        ordered(people, ORDERED, link="probit").exponentiate()


def test_a_test_by_question_takes_its_powers_and_interactions_along(people):
    model = logit(weighted(people), "y ~ age*abroad + age^2")
    assert model.test("age").df == 3
    assert model.test("age:abroad").df == 1
    assert model.test("abroad[True]").df == 1
    with pytest.raises(ColumnError, match="Nearest: 'abroad'"):
        model.test("abrod")


# --- contract ---


def test_the_frame_keeps_the_column_contract_and_labels_come_from_the_codebook():
    choices = (
        Choice("company", {"en": "Company", "ko": "기업"}),
        Choice("university", {"en": "University", "ko": "대학"}),
    )
    likert = tuple(
        Choice(i, {"en": w, "ko": k}) for i, w, k in ((1, "Low", "낮음"), (2, "Mid", "중간"), (3, "High", "높음"))
    )
    book = Codebook({
        "willing": Question("willing", "likert", short={"en": "Willing", "ko": "의향"}, choices=likert),
        "소속": Question("소속", "single", short={"en": "Employer", "ko": "소속"}, choices=choices),
    })  # fmt: skip
    rng = np.random.default_rng(3)
    frame = pd.DataFrame({
        "willing": pd.Categorical(rng.choice([1, 2, 3], 60), [1, 2, 3], ordered=True),
        "소속": pd.Categorical(rng.choice(["company", "university"], 60), ["company", "university"]),
    })  # fmt: skip
    model = ordered(Survey.from_frame(frame, book), "willing ~ 소속")
    assert list(model.frame.columns) == [
        "outcome", "component", "term", "estimate", "se", "statistic", "df", "p", "ci_low", "ci_high", "n"
    ]  # fmt: skip
    labels = model.estimates.labels
    assert labels.column("소속[university]") == "Employer: University (ref. Company)"
    assert labels.column("소속[university]", "ko") == "소속: 대학 (기준: 기업)"
    assert labels.column("2|3") == "Mid | High"
    assert_allclose(np.diag(model.estimates.covariance), model.frame["se"] ** 2)
    assert model.table().to_text()
    assert model.table("ko").to_html()


def test_models_leave_the_frame_alone(people):
    """P26: frame unchanged; a copy of the coefficients is a copy."""
    before = pd.util.hash_pandas_object(people).sum()
    model = logit(weighted(people), BINARY)
    model.effects()
    model.predict({"age": [30]})
    copy = model.frame
    copy["estimate"] = 0.0
    assert pd.util.hash_pandas_object(people).sum() == before
    assert model.frame["estimate"].abs().min() > 0


def test_notes_tell_events_per_slope_and_the_event(people):
    notes = " ".join(say(n) for n in logit(people.iloc[:57].fillna({"age": 40.0}), BINARY).origin.notes)
    assert "Event: 1 (against 0)" in notes
    assert "4 slopes" in notes
    assert "events per slope" in notes


# --- wrong input ---


def test_separation_is_refused_before_any_number(people):
    """T001-T005: perfect by a number, quasi by a level; the message names level, count and remedy."""
    apart = people.assign(y=(people["age"].fillna(30) > 45).astype(int))
    with pytest.raises(SeparationError, match="'age'"):
        logit(weighted(apart), "y ~ age")
    empty = people.assign(y=people["y"].mask(people["employer"] == "lab", 1))
    with pytest.raises(SeparationError, match=r"all \d+ with employer = 'lab' answered '1'.*Combine levels.*firth"):
        logit(weighted(empty), BINARY)
    with pytest.raises(SeparationError, match="employer = 'company'"):
        logit(people.assign(y=people["y"].mask(people["employer"] == "company", 0)), BINARY)
    top = people.assign(scale=people["scale"].mask(people["employer"] == "lab", 4))
    with pytest.raises(SeparationError, match="employer = 'lab' answered 4"):
        ordered(weighted(top), ORDERED)


def test_a_binary_outcome_must_say_its_event(people):
    """T021, T022."""
    coded = people.assign(y12=people["y"] + 1, text=np.where(people["y"] == 1, "go", "stay"))
    with pytest.raises(ChoiceError, match=r"holds 1, 2: .*event=2"):
        logit(coded, "y12 ~ age")
    with pytest.raises(ChoiceError, match=r"holds '(go', 'stay|stay', 'go)'.*event="):
        logit(coded, "text ~ age")
    base = logit(coded, "y ~ age").frame["estimate"]
    assert_allclose(logit(coded, "y12 ~ age", event=2).frame["estimate"], base)
    assert_allclose(logit(coded, "text ~ age", event="go").frame["estimate"], base)
    assert_allclose(logit(coded, "abroad ~ age").params, -logit(coded, "abroad ~ age", event=False).params, rtol=1e-8)
    joined = logit(coded, "scale ~ age", event=[3, 4])
    assert_allclose(joined.outcome.y, (people["scale"].astype(int) >= 3)[people["age"].notna()])
    with pytest.raises(ChoiceError, match="4 of the 4"):
        logit(coded, "scale ~ age", event=[1, 2, 3, 4])
    with pytest.raises(ValueError, match="no answer 9"):
        logit(coded, "scale ~ age", event=9)


def test_the_codebook_names_the_event():
    choices = (Choice("yes", {"en": "Yes"}), Choice("no", {"en": "No"}))
    book = Codebook({"q": Question("q", "single", choices=choices, event="yes"), "x": Question("x", "number")})
    frame = pd.DataFrame({"q": pd.Categorical(list("ynyynnyn")).rename_categories({"y": "yes", "n": "no"}),
                          "x": [1.0, 2, 3, 4, 5, 6, 7, 9]})  # fmt: skip
    model = logit(Survey.from_frame(frame, book), "q ~ x")
    assert model.outcome.levels == ("yes",)
    assert model.outcome.y.sum() == 4


def test_an_ordered_outcome_needs_an_order(people):
    """T016, T018: text, unordered categories and bare numbers are refused with the cure."""
    bare = people.assign(text=people["scale"].astype(str), number=people["scale"].astype(int))
    bare["nominal"] = pd.Categorical(bare["text"])
    for name in ("text", "nominal"):
        with pytest.raises(ChoiceError, match="no order; the alphabet never"):
            ordered(bare, f"{name} ~ age")
    with pytest.raises(ChoiceError, match="bare numbers"):
        ordered(bare, "number ~ age")


def test_a_constant_outcome_is_refused(people):
    with pytest.raises(DataError, match="each of the 228 respondents used has the event '1'"):
        logit(people.assign(y=1), BINARY)
    with pytest.raises(DataError, match="lacks the event '1'"):
        logit(people.assign(y=0), BINARY)
    with pytest.raises(DataError, match="needs at least two levels"):
        ordered(people.assign(scale=pd.Categorical([2] * len(people), [1, 2, 3], ordered=True)), ORDERED)


def test_wrong_words_list_the_choices(people):
    with pytest.raises(ChoiceError, match="'design', 'model'"):
        logit(people, BINARY, variance="clustered")
    with pytest.raises(ChoiceError, match="'logit', 'probit'"):
        ordered(people, ORDERED, link="log")
    with pytest.raises(ChoiceError, match="confidence"):
        logit(people, BINARY, confidence=95)


def test_without_degrees_of_freedom_nothing_is_inferred(people):
    few = people.assign(cluster=people.index % 4)
    model = logit(Design(few, weights="w", clusters="cluster"), BINARY)
    assert model.df <= 0
    assert model.frame["p"].isna().all()
    assert model.frame["ci_low"].isna().all()
    assert "no degrees of freedom" in " ".join(say(n) for n in model.origin.notes)


def test_separation_among_very_many_is_found_by_the_fit_and_named(people, monkeypatch):
    """Above the bound the iteration certifies overlap; where it cannot, the linear programme names the level."""
    from surveyanalysis.analysis import regression, solving

    monkeypatch.setattr(solving, "MANY", 10)
    monkeypatch.setattr(regression, "separating", lambda *_: pytest.fail("not needed where a maximum exists"))
    assert logit(weighted(people), BINARY).fit.converged
    monkeypatch.undo()
    monkeypatch.setattr(solving, "MANY", 10)
    empty = people.assign(y=people["y"].mask(people["employer"] == "lab", 1))
    with pytest.raises(SeparationError, match="employer = 'lab'"):
        logit(weighted(empty), BINARY)


def test_a_fit_without_a_solution_is_never_returned(people, monkeypatch):
    from dataclasses import replace

    from surveyanalysis.analysis import responses
    from surveyanalysis.errors import ConvergenceError

    def stopped(*args, **kwargs):
        return replace(binary_fit(*args, **kwargs), converged=False, message="the largest score is 1e-3")

    monkeypatch.setattr(responses, "binary_fit", stopped)
    with pytest.raises(ConvergenceError, match="no solution for its score equations: the largest score"):
        logit(people, BINARY)
