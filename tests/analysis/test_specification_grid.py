"""One effect under other choices: against separate calls of the verbs, by hand, and by simulation."""

from dataclasses import replace
from itertools import product

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from pandas.testing import assert_frame_equal

import surveyanalysis as sa
from surveyanalysis.analysis.specification_effects import effects_on
from surveyanalysis.analysis.specification_permutations import (
    _arranged,
    _units,
    curve_statistics,
    with_focus,
    with_outcome,
)
from surveyanalysis.codebook.questions import Choice, Codebook, Question
from surveyanalysis.errors import (
    ChoiceError,
    ColumnError,
    DataError,
    DesignError,
    FormulaError,
    LevelError,
    SurveyError,
)
from surveyanalysis.language import both

ANSWERS = (both("None", "전혀"), both("No", "없음"), both("So so", "보통"), both("Yes", "있음"), both("Very", "매우"))
BOOK = Codebook(
    {
        "willing": Question(
            "willing", "likert", short=both("Willing", "의향"),
            choices=tuple(Choice(i, words) for i, words in enumerate(ANSWERS, 1)),
        ),
        "years": Question("years", "number", short=both("Years abroad", "체류 연수")),
        "age": Question("age", "number", short=both("Age", "연령")),
        "degree": Question(
            "degree", "single", short=both("Degree", "학위"),
            choices=(Choice("master", both("Master", "석사")), Choice("doctor", both("Doctor", "박사"))),
        ),
        "job": Question("job", "single", choices=tuple(Choice(c, both(c, c)) for c in ("firm", "lab", "office"))),
        "town": Question("town", "number"),
        "region": Question("region", "number"),
        "w": Question("w", "number"),
    }
)  # fmt: skip


def people(seed: int = 3, n: int = 120) -> pd.DataFrame:
    """Synthetic respondents in towns of five, one age in ten missing."""
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({"years": rng.integers(0, 15, n).astype(float), "age": rng.normal(45, 9, n).round()})
    frame["degree"] = rng.choice(["master", "doctor"], n)
    frame["job"] = rng.choice(["firm", "lab", "office"], n)
    frame["town"], frame["region"] = np.arange(n) // 5, np.arange(n) // 60
    frame["w"] = rng.uniform(0.5, 2, n)
    score = -0.12 * (frame["years"] - 7) + 0.02 * (frame["age"] - 45) + rng.logistic(size=n)
    frame["willing"] = 1 + np.digitize(score, [-2, -0.7, 0.7, 2])
    frame.loc[::10, "age"] = np.nan
    return frame


@pytest.fixture(scope="module")
def design() -> sa.Design:
    survey = sa.Survey.from_frame(people(), BOOK, synthetic=True)
    return sa.Design(survey, weights="w", strata="region", clusters="town")


@pytest.fixture(scope="module")
def grid(design) -> sa.SpecificationGrid:
    return sa.specification_grid(
        design, "willing", "years", cuts=[[4, 5], [5]], models=["logit", "probit", "ordered"],
        covariates=[[], ["age", "degree"]], weights=(True, False), designs=("design", "simple"),
    )  # fmt: skip


def by_hand(frame, cut, model, covariates, weights, drawn):
    """The effect by the verb itself, on a design made anew."""
    asked = {"weights": "w"} if weights else {}
    asked |= {"strata": "region", "clusters": "town"} if drawn == "design" else {}
    design = sa.Design(sa.Survey.from_frame(frame, BOOK), **asked)
    formula = " + ".join(["willing ~ years", *covariates])
    if model == "ordered":
        found = sa.ordered(design, formula).effects(["years"])
        at = np.array([level in cut for level in found.frame["level"]], float)
        return at @ found.frame["estimate"], np.sqrt(at @ found.covariance @ at), found.frame["df"].iloc[0]
    found = getattr(sa, model)(design, formula, event=cut).effects(["years"]).frame.iloc[0]
    return found["estimate"], found["se"], found["df"]


def test_a_grid_is_what_separate_calls_give_one_by_one(grid):
    crossed = product(
        [[4, 5], [5]], ["logit", "probit", "ordered"], [[], ["age", "degree"]], [True, False], ["design", "simple"]
    )
    expected = np.array([by_hand(people(), *choice) for choice in crossed], float)
    assert_allclose(grid.frame[["estimate", "se", "df"]].to_numpy(float), expected, rtol=1e-9)
    assert grid.frame["cut"].unique().tolist() == ["4, 5", "5"]
    assert set(grid.frame["status"]) == {"solved"} and set(grid.frame["n"]) == {108, 120}


def test_intervals_and_p_are_those_of_the_verbs(grid, design):
    own = sa.probit(design, "willing ~ years", event=[5]).effects(["years"]).frame.iloc[0]
    asked = "cut == '5' and model == 'probit' and covariates == '' and weights and design == 'design'"
    row = grid.frame.query(asked).iloc[0]
    names = ["statistic", "p", "ci_low", "ci_high"]
    assert_allclose(row[names].astype(float), own[names].astype(float), rtol=1e-9)


def test_the_summary_counts_what_the_frame_holds(grid):
    frame, summary = grid.frame, grid.summary.iloc[0]
    assert summary["specifications"] == summary["solved"] == len(frame) == len(grid) == 48
    assert_allclose(summary["median"], np.median(frame["estimate"]))
    assert_allclose([summary["lowest"], summary["highest"]], [frame["estimate"].min(), frame["estimate"].max()])
    negative = frame["estimate"] < 0
    assert summary["same_sign"] == negative.sum()
    assert summary["significant"] == (frame["p"] < 0.05).sum()
    assert summary["significant_same_sign"] == (negative & (frame["p"] < 0.05)).sum()


def test_controls_give_every_subset_and_a_common_base_that_equals_another_counts_once(design):
    grid = sa.specification_grid(
        design, "willing", "years", cuts=[[4, 5]], controls=["age", "degree"], missing=("complete", "common")
    )
    shown = grid.frame[["covariates", "missing", "n"]].values.tolist()
    assert shown == [["", "complete", 120], ["", "common", 108], ["age", "complete", 108], ["degree", "complete", 120],
                     ["degree", "common", 108], ["age + degree", "complete", 108]]  # fmt: skip
    kept = design.within(people()["age"].notna().to_numpy())
    alone = sa.logit(kept, "willing ~ years", event=[4, 5])
    assert_allclose(grid.frame["estimate"][1], alone.effects().frame["estimate"].item(), rtol=1e-9)


def test_imputed_answers_are_a_rule_for_missing_ones(design):
    """Against effects of each imputation by separate calls, pooled by Rubin's rules."""
    filled = sa.impute(design, ["years", "age", "degree"], m=3, iterations=3, seed=4, progress=False)
    asked = {"cuts": [[4, 5], [5]], "controls": ["age"], "missing": ("complete", "imputed"), "imputed": filled}
    grid = sa.specification_grid(design, "willing", "years", **asked, models=["logit", "ordered"])
    frame = grid.frame
    rules = frame.groupby("covariates")["missing"].agg(list).to_dict()
    assert rules == {"": ["complete"] * 4, "age": ["complete", "imputed"] * 4}
    made = frame.query("missing == 'imputed' and model == 'logit' and cut == '5'").iloc[0]
    assert made["n"] == len(design) > frame.query("covariates == 'age' and missing == 'complete'")["n"].iloc[0]
    pooled = filled.fit(lambda d: sa.logit(d, "willing ~ years + age", event=[5]).effects(["years"]), progress=False)
    for name in ("estimate", "se", "df", "p", "ci_low"):
        assert_allclose(made[name], pooled.frame[name].item(), rtol=1e-8)
    assert "imputed" in str(grid.table()) or "imputed" in str(grid)
    assert grid.plot().get_figure() is not None
    with pytest.raises(ChoiceError, match="imputed anew in every draw"):
        grid.permutation_test(draws=9)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"missing": ["imputed"]}, "imputed=sa.impute"),
        ({"imputed": "filled"}, 'does not hold "imputed"'),
        ({"missing": ["imputed"], "imputed": "filled"}, "no imputations of these respondents"),
    ],
)
def test_wrong_imputations_are_named(design, more, words):
    with pytest.raises(ChoiceError, match=words):
        sa.specification_grid(design, "willing", "years", cuts=[[5]], **more)


def test_domains_steps_levels_and_nominal_models(design):
    grid = sa.specification_grid(
        design, "willing", "job", focus_level="office", cuts=[[4, 5]], models=["multinomial", "firth"],
        where=[None, "years > 4"],
    )  # fmt: skip
    part = sa.multinomial(design.where("years > 4"), "willing ~ job").effects().frame
    own = part[(part["term"] == "job[office]") & part["level"].isin([4, 5])]["estimate"].sum()
    assert_allclose(grid.frame.query("model == 'multinomial' and where == 'years > 4'")["estimate"].item(), own)
    ten = sa.specification_grid(design, "willing", "years", cuts=[[4, 5]], step=10).frame["estimate"].item()
    wanted = sa.logit(design, "willing ~ years", event=[4, 5]).effects(steps={"years": 10}).frame["estimate"].item()
    assert_allclose(ten, wanted)


def separated() -> pd.DataFrame:
    frame = people()
    frame["always"] = np.where(frame["willing"] == 5, "x", np.where(np.arange(len(frame)) % 2, "x", "y"))
    return frame


def test_a_separated_specification_is_a_row_with_its_reason():
    frame = separated().assign(willing=lambda f: pd.Categorical(f["willing"], [1, 2, 3, 4, 5], ordered=True))
    grid = sa.specification_grid(frame, "willing", "years", cuts=[[4, 5], [5]], controls=["always"])
    lost = grid.frame[grid.frame["estimate"].isna()]
    assert lost[["cut", "covariates", "status"]].values.tolist() == [["5", "always", "separated"]]
    assert "separated" in lost["reason"].item() and "always" in lost["reason"].item()
    assert grid.summary[["specifications", "solved"]].values.tolist() == [[4, 3]]
    assert "1 of 4 specifications without an estimate: separation 1" in grid.table().to_text(200)
    assert "분리" in grid.table("ko").to_text(200)
    with pytest.raises(DataError, match="None of the 1 specifications has an estimate"):
        sa.specification_grid(frame, "willing", "years", cuts=[[5]], covariates=[["always"]])


WRONG = {
    "no question": ({"focus": "yaers"}, ColumnError, "`focus` is 'yaers'.*Nearest: 'years'"),
    "no outcome": ({"outcome": "wiling"}, ColumnError, "`outcome`.*Nearest: 'willing'"),
    "the outcome": ({"focus": "willing"}, ChoiceError, "outcome itself"),
    "focus a covariate": ({"covariates": [["age"], ["years"]]}, ChoiceError, "`focus` is 'years'.*among the covar"),
    "focus in a function": ({"controls": ["log(years)"]}, ChoiceError, "among the covariates"),
    "unknown covariate": ({"controls": ["agee"]}, ColumnError, "Nearest: 'age'"),
    "outcome a covariate": ({"controls": ["willing"]}, FormulaError, "willing"),
    "no model": ({"models": []}, ChoiceError, "`models` is empty"),
    "unknown link": ({"models": ["logitt"]}, ChoiceError, "`models` is 'logitt'.*Nearest: 'logit'"),
    "a model twice": ({"models": ["logit", "logit"]}, ChoiceError, "'logit' twice"),
    "no cut": ({"cuts": []}, ChoiceError, "`cuts` is \\[\\]"),
    "no such answer": ({"cuts": [[6]]}, LevelError, "has no answer 6"),
    "all answers": ({"cuts": [[1, 2, 3, 4, 5]]}, ChoiceError, "some, not all"),
    "a cut twice": ({"cuts": [[4, 5], [5, 4]]}, ChoiceError, "twice"),
    "ordered without cut": ({"cuts": None, "models": ["ordered"]}, ChoiceError, "say by `cuts`"),
    "both kinds": ({"controls": ["age"], "covariates": [["age"]]}, ChoiceError, "not both"),
    "covariates as texts": ({"covariates": ["age"]}, ChoiceError, "give lists of terms"),
    "no sets": ({"covariates": []}, ChoiceError, "give lists of terms"),
    "a set twice": ({"covariates": [["age", "degree"], ["degree", "age"]]}, ChoiceError, "twice"),
    "no design": ({"designs": ["srs"]}, ChoiceError, "`designs` is 'srs'"),
    "no domain": ({"where": []}, ChoiceError, "`where` is empty"),
    "nobody": ({"where": ["years > 99"]}, DataError, "Nobody is in the domain"),
    "a step of nothing": ({"step": 0}, ChoiceError, "`step` is 0"),
    "a level of a number": ({"focus_level": "a"}, ChoiceError, "is a number"),
    "which level": ({"focus": "job"}, ChoiceError, "say by `focus_level` which"),
    "the reference": ({"focus": "job", "focus_level": "firm"}, ChoiceError, "Name another answer"),
    "no level": ({"focus": "job", "focus_level": "firn"}, LevelError, "has no answer 'firn'"),
    "confidence": ({"confidence": 95}, ChoiceError, "confidence"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_wrong_choices_are_named(design, name):
    changed, error, words = WRONG[name]
    asked = {"outcome": "willing", "focus": "years", "cuts": [[4, 5]]} | changed
    with pytest.raises(error, match=words) as raised:
        sa.specification_grid(design, asked.pop("outcome"), asked.pop("focus"), **asked)
    assert isinstance(raised.value, SurveyError)


def test_choices_that_change_nothing_are_refused():
    survey = sa.Survey.from_frame(people(), BOOK)
    with pytest.raises(ChoiceError, match="`weights` asks for True, False, but the design has equal weights"):
        sa.specification_grid(survey, "willing", "years", cuts=[[5]], weights=(True, False))
    with pytest.raises(ChoiceError, match="no strata or clusters"):
        sa.specification_grid(survey, "willing", "years", cuts=[[5]], designs=("design", "simple"))
    replicated = sa.Design(survey, weights="w", clusters="town").replicated("JK1")
    with pytest.raises(DesignError, match="Replicate weights do not tell"):
        sa.specification_grid(replicated, "willing", "years", cuts=[[5]], weights=(True, False))
    with pytest.raises(ChoiceError, match="2\\^11 subsets"):
        sa.specification_grid(survey, "willing", "years", cuts=[[5]], controls=[f"x{i}" for i in range(11)])


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        ({"draws": 0}, "`draws` is 0"),
        ({"draws": 9.5}, "`draws` is 9.5"),
        ({"seed": 1.5}, "`seed` is 1.5"),
        ({"seed": True}, "`seed` is True"),
        ({"shuffled": "age"}, "`shuffled` is 'age'"),
    ],
)
def test_wrong_draws_are_named(grid, asked, words):
    with pytest.raises(ChoiceError, match=words):
        grid.permutation_test(**asked)


@pytest.mark.parametrize("shuffled", ["focus", "outcome"])
def test_a_draw_is_the_grid_of_the_rearranged_survey(design, shuffled):
    """Refitting the models on moved answers gives what the verbs give on a survey with these answers."""
    asked = {"cuts": [[4, 5]], "models": ["logit", "ordered"], "controls": ["age"], "weights": (True, False)}
    grid = sa.specification_grid(design, "willing", "years", **asked)
    order = np.random.default_rng(1).permutation(120)
    column = {"focus": "years", "outcome": "willing"}[shuffled]
    frame = people()
    moved = frame.assign(**{column: frame[column].to_numpy()[order]})
    again = sa.specification_grid(
        sa.Design(sa.Survey.from_frame(moved, BOOK), weights="w", strata="region", clusters="town"),
        "willing", "years", **asked,
    )  # fmt: skip
    values = moved["years"].to_numpy() if shuffled == "focus" else moved["willing"].to_numpy() - 1
    refit = with_focus if shuffled == "focus" else with_outcome
    effects = [
        effects_on(grid.plan, refit(grid.plan, one.model, values, one.specification), [one.specification])[0]
        for one in grid.solved
    ]
    found = [(effect.estimate, effect.se, effect.p) for effect in effects]
    assert_allclose(found, again.frame[["estimate", "se", "p"]].to_numpy(float), rtol=1e-6)


def test_answers_change_places_within_strata_and_whole_clusters_keep_together(design, grid):
    frame = people()
    values = frame["years"].to_numpy()
    inside = next(_arranged(values, _units(grid.plan, "years", values), 1, 1))
    assert (inside != values).any()
    for town in range(24):  # years differ within towns: they stay there
        assert sorted(inside[frame["town"] == town]) == sorted(values[frame["town"] == town])
    whole = frame.assign(years=frame["town"] % 7 + 0.0)
    moved = sa.Design(sa.Survey.from_frame(whole, BOOK), strata="region", clusters="town")
    values = whole["years"].to_numpy()
    units = _units(replace(grid.plan, design=moved), "years", values)
    for one in _arranged(values, units, 5, 1):
        assert (pd.Series(one).groupby(frame["town"]).nunique() == 1).all()
        assert sorted(one[:60]) == sorted(values[:60]) and sorted(one[60:]) == sorted(values[60:])


def test_the_statistics_of_a_curve_by_hand():
    curve = np.array([[0.1, 2.0, 0.04], [0.3, 3.0, 0.01], [-0.2, -2.5, 0.02], [np.nan] * 3, [0.2, 1.0, 0.3]])
    assert_allclose(curve_statistics(curve, 0.05), [0.15, 2, 3.5 / 2])
    assert_allclose(curve_statistics(-curve * [1, 1, -1], 0.05), [-0.15, 2, -3.5 / 2])
    assert curve_statistics(np.full((2, 3), np.nan), 0.05).tolist() == [0, 0, 0]


def test_the_joint_test_repeats_by_its_seed_and_counts_the_sample_among_the_draws(design):
    grid = sa.specification_grid(design, "willing", "years", cuts=[[4, 5], [5]], models=["logit", "probit"])
    a, b, c = (grid.permutation_test(draws=19, seed=seed) for seed in (4, 4, 5))
    assert_frame_equal(a.detail["draws"], b.detail["draws"])
    assert not a.detail["draws"].equals(c.detail["draws"])
    drawn = a.detail["draws"].abs()
    far = (drawn >= a.frame.set_index("component")["estimate"].abs() * (1 - 1e-9)).sum()
    assert_allclose(a.frame["p"], (1 + far.to_numpy()) / 20)
    assert a.frame["p"].min() >= 0.05
    assert a.frame["component"].tolist() == ["median", "significant", "stouffer"]
    assert "joint permutation test of 4 specifications (19 draws, seed 4)" in a.table().to_text(200)
    assert "결합 순열검정" in a.table("ko").to_text(200)


def test_the_joint_test_keeps_its_size_where_nothing_is_related():
    """Of 100 samples without a relation about 20 have p <= 0.2: binomial, four standard deviations either way."""
    small = 0
    for seed in range(100):
        rng = np.random.default_rng(seed)
        frame = pd.DataFrame({"y": rng.random(40) < 0.5, "x": rng.normal(size=40), "z": rng.normal(size=40)})
        grid = sa.specification_grid(frame, "y", "x", controls=["z"])
        small += grid.permutation_test(draws=9, seed=seed).frame["p"].iloc[0] <= 0.2
    assert 4 <= small <= 36


def test_a_strong_relation_is_found_and_rearranging_the_outcome_agrees():
    rng = np.random.default_rng(1)
    x = rng.normal(size=80)
    frame = pd.DataFrame({"y": 2 * x + rng.logistic(size=80) > 0, "x": x, "z": rng.normal(size=80)})
    grid = sa.specification_grid(frame, "y", "x", models=["logit", "probit"], controls=["z"])
    for shuffled in ("focus", "outcome"):
        median, significant, stouffer = grid.permutation_test(draws=49, shuffled=shuffled).frame["p"]
        assert median == stouffer == 0.02 and significant <= 0.2  # four at most: some draws reach it


def test_answers_that_cannot_change_places_are_told():
    frame = people().assign(years=lambda f: f["region"] + 0.0)
    grid = sa.specification_grid(
        sa.Design(sa.Survey.from_frame(frame, BOOK), strata="region"), "willing", "years", cuts=[[4, 5]]
    )
    with pytest.raises(DataError, match="'years' has one answer within every stratum"):
        grid.permutation_test(draws=5)
    replicated = sa.Design(sa.Survey.from_frame(people(), BOOK), weights="w").replicated("JK1")
    with pytest.raises(DesignError, match="could change places"):
        sa.specification_grid(replicated, "willing", "years", cuts=[[4, 5]]).permutation_test(draws=5)


def test_tables_speak_both_languages(grid):
    english, korean = grid.table().to_text(250), grid.table("ko").to_text(250)
    for words in ("ordered logit", "Yes, Very", "unweighted", "simple random", "Age, Degree", "of 48 with its sign"):
        assert words in english
    for words in ("순서형 로짓", "있음, 매우", "비가중", "단순임의", "연령, 학위", "중앙값"):
        assert words in korean
    assert len(grid.table().rows) == 48


def parts(ax, name):
    return [artist for inner in ax.child_axes for artist in inner.get_children() if artist.get_gid() == name]


@pytest.mark.parametrize("lang", ["en", "ko", "both"])
def test_the_curve_rises_and_the_matrix_holds_each_specification_once_a_choice(grid, lang):
    ax = grid.plot(lang=lang)
    curve, matrix = ax.child_axes
    dots = np.concatenate([np.column_stack(dot.get_data()) for dot in parts(ax, "dot")])
    assert_allclose(dots[dots[:, 0].argsort(), 1], np.sort(grid.frame["estimate"]))
    held = [line.get_ydata()[0] for line in parts(ax, "choice") for _ in line.get_xdata()]
    rows = pd.Series(held).value_counts()
    assert rows[1] == rows[2] == 24 and rows.sum() == 4 * 48 + 2 * 24  # four choices of one, two terms in half of all
    assert curve.get_xlim() == matrix.get_xlim()
    assert grid.plot(ax=ax.figure.add_axes((0.3, 0.3, 0.5, 0.5)), lang=lang).child_axes
