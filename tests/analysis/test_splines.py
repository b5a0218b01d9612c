"""Splines in formulas: models against R, curves against numeric derivatives, and errors that name what is wrong."""

import re

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

import surveyanalysis as sa
from surveyanalysis.analysis.formula import SPLINES
from surveyanalysis.analysis.model_matrix import model_frame
from surveyanalysis.codebook.questions import Codebook, Question
from surveyanalysis.errors import ChoiceError, ColumnError, DataError, FormulaError
from surveyanalysis.language import say
from tests import references

from .test_test_references import design_for

SLOPE = 1e-8  # of average derivatives, by differences of fourth order


def people(n: int = 240) -> pd.DataFrame:
    """Synthetic respondents, whose answer bends with age."""
    rng = np.random.default_rng(12)
    frame = pd.DataFrame({"age": rng.integers(20, 66, n), "pay": rng.gamma(4, 9, n), "w": rng.uniform(0.5, 3, n)})
    frame["g"] = pd.Categorical(rng.choice(list("ab"), n), list("ab"))
    frame["stratum"], frame["town"] = np.arange(n) % 2, np.arange(n) // 6
    latent = 1.5 * np.sin((frame["age"] - 20) / 10) + 0.5 * (frame["g"] == "b") + rng.logistic(size=n)
    frame["y"] = (latent > 0.2).astype(int)
    frame["scale"] = pd.Categorical(np.digitize(latent, [-0.5, 1]), [0, 1, 2], ordered=True)
    return frame


def designed(frame: pd.DataFrame) -> sa.Design:
    return sa.Design(frame, weights="w", strata="stratum")


def close_covariance(found, expected, rtol):
    expected = np.array(expected, float)
    size = np.sqrt(np.outer(np.diag(expected), np.diag(expected)))
    assert_allclose(np.sqrt(np.diag(found)), np.sqrt(np.diag(expected)), rtol=rtol)
    assert_allclose(found / size, expected / size, rtol=0, atol=10 * rtol)


def ours(theirs, spline):
    """Our name of a coefficient: R's N2:stypeM is "ns(meals, 3)[2]:stype[M]"."""
    levels = re.sub(r"(stype|awards)(\w+)", r"\1[\2]", theirs.lower() if theirs == "(Intercept)" else theirs)
    return re.sub(r"\bN(\d)", lambda found: f"{spline}[{found[1]}]", levels)


@pytest.mark.parametrize("name", [n for n in references.cases("k.") if references.case(n).topic == "by_design"])
def test_models_by_design_agree_with_r(name):
    """R svyglm with splines::ns and bs, regTermTest; average derivatives by splineDesign(derivs = 1)."""
    case = references.case(name)
    args, values, rtol = case.args, case.values, case.rtol
    model = (sa.linear if "family" in args else sa.logit)(design_for(args), args["formula"])
    spline = str(next(f for f in model.model_frame.formula.factors if f.use in SPLINES))
    order = [model.frame["term"].tolist().index(ours(theirs, spline)) for theirs in values["names"]]
    assert_allclose(model.frame["estimate"].to_numpy()[order], values["estimate"], rtol=rtol)
    close_covariance(model.estimates.covariance[np.ix_(order, order)], values["vcov"], rtol)
    test = model.test(args["test"].replace("N", spline))
    assert_allclose([test.statistic, test.df, test.df_denominator], values["test"][:3], rtol=10 * rtol)
    assert_allclose(test.p, values["test"][3], rtol=1e-6)
    if "grid" in args:
        # R crosses grids with the first question fastest, as expand.grid does; here the last one is
        frame = model.predict(args["grid"]).frame.sort_values(list(args["grid"])[::-1], kind="stable")
        assert_allclose(frame["estimate"], values["predicted"], rtol=10 * rtol)
        assert_allclose(frame["se"], values["predicted_se"], rtol=10 * rtol)
    if "effect" in values:
        effects = {held: model.effects([args["question"]], covariates=held).frame for held in ("fixed", "sampled")}
        assert_allclose(effects["fixed"]["estimate"], values["effect"], rtol=SLOPE)
        assert_allclose(effects["fixed"]["se"], values["effect_fixed_se"], rtol=SLOPE)
        if "effect_sampled_se" in values:
            assert_allclose(effects["sampled"]["se"], values["effect_sampled_se"], rtol=SLOPE)


@pytest.mark.parametrize("name", [n for n in references.cases("k.") if references.case(n).topic == "by_model"])
def test_models_without_a_design_agree_with_r(name):
    """R glm and clm with splines::ns and bs."""
    case = references.case(name)
    frame = references.data(case.data[0])
    if case.args["verb"] == "ordered":
        levels = ["Too Little", "About Right", "Too Much"]
        frame["poverty"] = pd.Categorical(frame["poverty"], levels, ordered=True)
    model = getattr(sa, case.args["verb"])(frame, case.args["formula"], variance="model")
    cuts = (model.frame["component"] == "threshold").to_numpy()
    order = [*np.flatnonzero(cuts), *np.flatnonzero(~cuts)]  # R clm has the thresholds first
    assert_allclose(model.frame["estimate"].to_numpy()[order], case.values["estimate"], rtol=case.rtol)
    close_covariance(model.estimates.covariance[np.ix_(order, order)], case.values["vcov"], case.rtol)
    assert_allclose(model.extra["loglik"], case.values["loglik"], rtol=1e-10)


def test_columns_are_named_by_term_and_number_and_labelled_in_both_languages():
    book = Codebook({"y": Question("y", "number"), "age": Question("age", "number", {"en": "Age", "ko": "연령"})})
    survey = sa.Survey.from_frame(people()[["y", "age"]], book)
    frame = model_frame(sa.Design(survey), "y ~ ns(age, df=3)")
    assert [t.name for t in frame.terms[1:]] == ["ns(age, 3)[1]", "ns(age, 3)[2]", "ns(age, 3)[3]"]
    assert frame.terms[2].label == {"en": "Age: natural spline, 2 of 3", "ko": "연령: 자연 스플라인, 3개 중 2"}
    assert {t.term for t in frame.terms[1:]} == {"ns(age, 3)"} and frame.terms[1].questions == ("age",)
    knots = ", ".join(f"{k:.6g}" for k in survey.frame["age"].quantile([1 / 3, 2 / 3]))
    assert say(frame.notes[0]) == (
        f"natural spline ns(age, 3): knots at {knots} (quantiles of the respondents used, without weights), a line "
        "beyond 20 and 65; its coefficients are read together, as a curve"
    )
    assert knots in frame.notes[0]["ko"] and "직선" in frame.notes[0]["ko"]


def test_knots_and_ends_are_those_of_the_respondents_used():
    """Neither rows outside the domain, nor of weight zero, nor with missing answers, nor weights, move the knots."""
    frame = people()
    wild = frame.assign(age=frame["age"].where(frame.index >= 30, 500 + frame.index))
    base = model_frame(designed(frame.iloc[30:]), "y ~ ns(age, 4) + pay").x
    for other in (
        designed(wild).where("age < 100"),
        designed(wild.assign(w=wild["w"].where(wild.index >= 30, 0))),
        designed(wild.assign(pay=wild["pay"].where(wild.index >= 30))),
        designed(wild.iloc[30:].assign(w=1.0)),
    ):
        assert_allclose(model_frame(other, "y ~ ns(age, 4) + pay").x, base, rtol=1e-14)


def test_replicates_keep_the_knots_of_the_whole_sample():
    """A jackknife by hand: the same columns, fitted without one town at a time."""
    frame = people()
    design = sa.Design(frame, weights="w", clusters="town").replicated("JK1")
    model = sa.logit(design, "y ~ ns(age, 3) + g")
    towns = frame["town"].to_numpy()
    count = towns.max() + 1
    params = [model.refit(frame["w"].to_numpy() * (towns != t) * count / (count - 1)).params for t in range(count)]
    away = np.array(params) - np.mean(params, axis=0)
    close_covariance(model.estimates.covariance, (count - 1) / count * away.T @ away, 1e-7)


@pytest.mark.parametrize(
    ("formula", "interaction"),
    [
        ("y ~ ns(age, 3)*g", "ns(age, 3):g"),
        ("y ~ g + ns(age, 3) + ns(age, 3):g", "g:ns(age, 3)"),
        ("y ~ bs(age, 4)*pay", "bs(age, 4):pay"),
        ("y ~ ns(age, 2)*ns(pay, 2)", "ns(age, 2):ns(pay, 2)"),
        ("scale ~ ns(age, knots = (30, 50))*g", "ns(age, knots = (30, 50)):g"),
    ],
)
def test_interactions_are_products_and_tested_by_their_name(formula, interaction):
    frame = people()
    model = (sa.ordered if formula.startswith("scale") else sa.logit)(designed(frame), formula)
    basis, x = model.model_frame.basis, model.model_frame.x
    names = [t.name for t in basis.columns]
    inside = [t for t in basis.columns if t.kind == "interaction"]
    for term in inside:
        one, other = (x[:, names.index(part)] for part in term.name.split(":"))
        assert_allclose(x[:, names.index(term.name)], one * other)
    found = {t.term for t in inside}
    assert found <= {interaction, ":".join(reversed(interaction.split(":")))} and len(found) == 1
    assert model.test(*found).df == len(inside)
    assert model.test("age").df == sum("age" in t.questions for t in basis.columns)
    gvif = model.variance_inflation().frame
    assert gvif["df"].sum() == len(names) - 1 and gvif["term"].is_unique


@pytest.mark.parametrize(
    "formula", ["y ~ ns(age, 4) + g", "y ~ bs(age, 5)*g", "scale ~ ns(age, 3)*g", "y ~ ns(pay, 3) + log(pay) + g"]
)
def test_average_derivatives_are_those_of_predictions(formula):
    """Numeric derivative of the average of predictions, with every respondent moved, inside and at the ends."""
    frame = people()
    model = (sa.ordered if formula.startswith("scale") else sa.logit)(designed(frame), formula)
    basis, name = model.model_frame.basis, model.model_frame.formula.questions[0]
    answers, weights = model.model_frame.answers, model.model_frame.used.row_weights

    def average(by):
        moved = basis.matrix({**answers, name: answers[name] + by})
        return weights @ model.response.expected(model.params, moved) / weights.sum()

    expected = (average(1e-4) - average(-1e-4)) / 2e-4
    found = model.effects([name]).frame["estimate"]
    assert_allclose(found, expected, rtol=1e-5, atol=1e-9)


def test_a_natural_spline_of_one_column_is_the_line():
    frame = people()
    line, spline = (sa.logit(designed(frame), f"y ~ {term} + g") for term in ("age", "ns(age, 1)"))
    for name in ("estimate", "se", "p"):
        assert_allclose(line.effects().frame[name], spline.effects().frame[name], rtol=1e-7)
    assert_allclose(line.extra["loglik"], spline.extra["loglik"], rtol=1e-12)


def test_predictions_go_on_as_a_line_or_are_refused():
    frame = people()
    natural, cubic = (sa.logit(designed(frame), f"y ~ {term}") for term in ("ns(age, 3)", "bs(age, 4)"))
    far = natural.predict({"age": [65, 75, 85]})
    odds = np.log(far.frame["estimate"] / (1 - far.frame["estimate"])).to_numpy()
    assert_allclose(odds[2] - odds[1], odds[1] - odds[0], rtol=1e-9)
    assert "as a line beyond 20 to 65" in say(far.origin.notes[-1]) and far.origin.notes[-1]["ko"]
    assert natural.effects(at={"age": 80}).origin.notes[-1] == far.origin.notes[-1]
    assert far.origin.notes[-1] not in natural.effects().origin.notes
    assert far.origin.notes[:-1] == natural.predict({"age": [20, 65]}).origin.notes
    for asked in (lambda: cubic.predict({"age": [20, 65.5]}), lambda: cubic.effects(at={"age": 19})):
        with pytest.raises(DataError, match=r"bs\(age, 4\): .* lies outside 20 to 65.*ns\(age, 4\)"):
            asked()
    assert len(cubic.predict({"age": [20, 65]}).frame) == 2


def test_the_curve_is_drawn_with_a_ribbon():
    model = sa.logit(designed(people()), "y ~ ns(age, 3) + g")
    ax = model.predict({"age": range(20, 66)}).plot()
    (line,) = [artist for artist in ax.lines if artist.get_gid() == "line"]
    assert len(line.get_xdata()) == 46
    assert [artist.get_gid() for artist in ax.collections].count("ribbon") == 1


def test_rows_of_several_models_stand_together_only_with_the_same_knots():
    frame = people()
    whole, part = designed(frame), designed(frame).where("age < 60")
    models = {
        "1": sa.logit(whole, "y ~ ns(age, 2)"),
        "2": sa.logit(whole, "y ~ ns(age, 2) + g"),
        "3": sa.logit(part, "y ~ ns(age, 2)"),
    }
    rows = [row for row in sa.compare_models(models).rows if "spline" in say(row.heading)]
    assert [[place is not None for place in row.places] for row in rows] == [[True, True, False]] * 2 + [
        [False, False, True]
    ] * 2
    knot, other = np.median(frame["age"]), np.median(frame["age"][frame["age"] < 60])
    assert say(rows[0].heading) == f"age, natural spline (knots {knot:.6g}; 20 to 65)"
    assert say(rows[2].heading) == f"age, natural spline (knots {other:.6g}; 20 to 59)"
    assert [say(row.label) for row in rows] == ["1 of 2", "2 of 2"] * 2
    nested = sa.compare_models({"1": sa.logit(whole, "y ~ g"), "2": models["2"]}, blocks=True)
    assert nested.blocks["df"].tolist() == [2]
    assert nested.steps[0].words == {"en": "age", "ko": "age"}


WRONG = [
    ("ns(age)", FormulaError, r"'ns\(age\)' does not say how much.*write ns\(age, 3\)"),
    ("bs(age)", FormulaError, r"write bs\(age, 5\)"),
    ("ns(age, 0)", FormulaError, r"'0' is no number of degrees of freedom of ns\(\), which has from 1 to 50"),
    ("bs(age, 2)", FormulaError, r"'2' is no number of degrees of freedom of bs\(\), which has from 3"),
    ("ns(age, 51)", FormulaError, "'51' is no number of degrees"),
    ("ns(age, 2.5)", FormulaError, "'2.5' stands where a whole number"),
    ("ns(age, nots = 3)", FormulaError, "'nots' is no argument of a spline: it has df and knots"),
    ("ns(age, knots = (30, 30))", FormulaError, "no knots.*different"),
    ("ns(age, knots = (30, 'a'))", FormulaError, "stands where a number is expected"),
    ("ns(g, 3)", FormulaError, "'g' holds answer categories: .* no spline"),
    ("bs(scale, 3)", FormulaError, "'scale' holds answer categories"),
    ("ns(nobody, 3)", ColumnError, "'nobody'"),
    ("ns(stratum, 2)", DataError, r"ns\(stratum, 2\): 'stratum' has 2 different value\(s\).*at least 3"),
    ("ns(one, 1)", DataError, r"has 1 different value\(s\)"),
    ("ns(age, knots = (10, 40))", DataError, "the knot 10 does not lie between 20 and 65"),
    ("bs(age, knots = 65)", DataError, "the knot 65 does not lie between"),
    ("ns(tied, 4)", DataError, r"share a value of 'tied' that knots coincide.*ns\(tied, knots = "),
    ("bs(age, knots = (20.1, 20.2, 20.3, 20.4, 20.5))", DataError, "cannot be told apart: too few different values"),
    ("age + ns(age, 3)", DataError, r"'ns\(age, 3\)' holds a linear combination of 'age'"),
    ("ns(age, 3) + age", DataError, r"'age' is a linear combination of 'ns\(age, 3\)'"),
    ("ns(age, 3) + ns(age, 4)", DataError, r"'ns\(age, 4\)' holds a linear combination of 'ns\(age, 3\)'"),
    ("ns(age, 3):g", FormulaError, r"needs the term 'ns\(age, 3\)' too"),
]


@pytest.mark.parametrize(("right", "error", "words"), WRONG, ids=[right for right, *_ in WRONG])
def test_what_is_wrong_is_named(right, error, words):
    frame = people().assign(one=3.0, tied=lambda f: np.where(f.index % 5, 40, f["age"]))
    with pytest.raises(error, match=words):
        sa.logit(sa.Design(frame), f"y ~ {right}")


def test_no_other_term_is_known_by_a_spline_that_the_model_lacks():
    model = sa.logit(sa.Design(people()), "y ~ ns(age, 3)")
    with pytest.raises((ColumnError, ChoiceError), match=r"Nearest: 'ns\(age, 3\)'"):
        model.test("ns(age,3)")


def rows_drawn(ax):
    return [label.get_text() for label in ax.get_yticklabels()]


@pytest.mark.parametrize("verb", [sa.logit, sa.linear])
def test_figures_leave_splines_to_the_table_where_there_is_something_else(verb):
    """Their coefficients say nothing alone, and would stretch the axis; a model of splines only is drawn whole."""
    frame = people()
    much = verb(designed(frame), "y ~ ns(age, 3)*pay + g")
    alone = verb(designed(frame), "y ~ ns(age, 3)")
    assert rows_drawn(much.plot()) == ["pay", "g: b (ref. a)"]
    assert len(rows_drawn(alone.plot())) == 3
    assert rows_drawn(sa.compare_models({"1": alone, "2": much}).plot()) == ["pay", "g: b (ref. a)"]
    assert len(rows_drawn(sa.compare_models({"1": alone}).plot())) == 3
    assert len(much.table().rows) > 8
    if verb is sa.logit:
        assert rows_drawn(much.exponentiate().plot(lang="ko")) == ["pay", "g: b (기준: a)"]
        assert rows_drawn(much.effects().plot()) == ["age", "pay", "g: b (ref. a)"]
