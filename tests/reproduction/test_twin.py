"""Synthetic respondents: fixed counts are hit exactly, the rest is as assumed.

Oracles: the counts asked for, counted here with pandas alone; scipy.optimize.linear_sum_assignment for the assignment;
statsmodels' logit and ordered logit for the assumed slopes; numpy quantiles for the assumed distributions.
"""

import itertools

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_array_equal
from pandas.testing import assert_frame_equal

from surveyanalysis.codebook.questions import Binding, Choice, Codebook, Missing, Question
from surveyanalysis.errors import ChoiceError, PublishedError
from surveyanalysis.reproduction.assumptions import read_assumptions
from surveyanalysis.reproduction.published import Margin, Published, printed_number
from surveyanalysis.reproduction.quotas import assign, quota_table, sort_out
from surveyanalysis.reproduction.twin import twin


def choices(*codes):
    return tuple(Choice(code, {"en": str(code)}) for code in codes)


def book(*questions):
    reasons = {r: Missing(r, {"en": r}) for r in ("dk", "omitted", "na")}
    return Codebook({q.id: q for q in questions}, id="small", missing=reasons)


SECTOR = Question("sector", "single", choices=choices("firm", "lab", "school"))
AGREE = Question("agree", "likert", choices=choices(1, 2, 3, 4, 5))
USES = Question("uses", "multi", choices=choices("a", "b", "c"), base="agree >= 3", max_choices=2)
RANKS = Question("ranks", "rank", choices=choices("x", "y", "z", "w"), top=2)
BORN = Question("born", "number", integer=True, range=(1940, 1990))
AGE = Question("age", "number", integer=True, derived="2010 - born")
KEEN = Question("keen", "single", choices=choices("no", "yes"), derived="agree >= 4", event="yes")
NEEDS = Question("needs", "grid", choices=choices(1, 2, 3), items={"i": {"en": "I"}, "j": {"en": "J"}})
NOTE = Question("note", "text", base="sector == 'firm'")
DAY = Question("day", "date", range=("2010-07-01", "2010-07-10"))
EVERYTHING = book(SECTOR, AGREE, USES, RANKS, BORN, AGE, KEEN, NEEDS, NOTE, DAY)


def published(*margins, assumptions=None):
    return Published("small", {}, (), margins=margins, assumptions=assumptions or {})


MARGINS = (
    Margin("firms", "sector", "firm", 20, 60),
    Margin("firms_agree", "agree", (4, 5), 11, 18, {"sector": "firm"}),
    Margin("rest_disagree", "agree", 1, 9, None, {"sector": ("lab", "school")}),
    Margin("use_a", "uses", "a", 17, 25),
    Margin("need_i", "needs_i", 3, 30, 55),
)


def test_every_fixed_count_is_hit_by_sub_group_too():
    frame = twin(EVERYTHING, published(*MARGINS), 60, seed=1).frame
    firms = frame["sector"] == "firm"
    assert (firms.sum(), frame["sector"].notna().sum()) == (20, 60)
    assert (frame.loc[firms, "agree"].isin([4, 5]).sum(), frame.loc[firms, "agree"].notna().sum()) == (11, 18)
    assert (frame.loc[~firms, "agree"] == 1).sum() == 9
    assert (frame["uses_a"].sum(), frame["uses_a"].notna().sum()) == (17, 25)
    assert ((frame["needs_i"] == 3).sum(), frame["needs_i"].notna().sum()) == (30, 55)


def test_a_base_below_the_group_makes_item_nonrespondents_with_a_reason():
    survey = twin(EVERYTHING, published(*MARGINS), 60, seed=1)
    firms = survey.frame["sector"] == "firm"
    silent = firms & survey.frame["agree"].isna()
    assert silent.sum() == 2
    assert set(survey.reasons.loc[silent, "agree"]) == {"omitted"}
    assert survey.synthetic


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_structure_of_the_questionnaire_is_kept(seed):
    survey = twin(EVERYTHING, published(*MARGINS), 60, seed=seed)
    frame, reasons = survey.frame, survey.reasons
    asked = frame["agree"].isin([3, 4, 5])
    ticks = frame[["uses_a", "uses_b", "uses_c"]]
    assert ticks[~asked].isna().all(axis=None) and set(reasons.loc[~asked, "uses_b"]) == {"na"}
    assert ticks[asked].dropna().sum(axis=1).between(1, 2).all()
    ranks = frame[["ranks_x", "ranks_y", "ranks_z", "ranks_w"]]
    assert all(sorted(row.dropna()) == [1, 2] for _, row in ranks.iterrows())
    assert set(reasons["ranks_x"][frame["ranks_x"].isna()]) == {"unranked"}
    assert (frame["age"] == 2010 - frame["born"]).all() and frame["born"].between(1940, 1990).all()
    assert ((frame["keen"] == "yes") == frame["agree"].isin([4, 5]))[frame["agree"].notna()].all()
    assert reasons.loc[frame["agree"].isna(), "keen"].equals(reasons.loc[frame["agree"].isna(), "agree"])
    assert frame.notna().eq(reasons.isna()).all(axis=None)


def test_the_same_seed_makes_the_same_respondents_and_another_others():
    one, same, other = (twin(EVERYTHING, published(*MARGINS), 60, seed=seed) for seed in (7, 7, 8))
    assert_frame_equal(one.frame, same.frame)
    assert_frame_equal(one.reasons, same.reasons)
    assert not one.frame.equals(other.frame)


def test_one_more_assumption_leaves_the_answers_to_other_questions_as_they_were():
    plain = twin(EVERYTHING, published(*MARGINS), 60, seed=7).frame
    changed = twin(EVERYTHING, published(*MARGINS, assumptions={"ranks": {"worths": {"x": 9}}}), 60, seed=7).frame
    assert_frame_equal(plain.drop(columns=["ranks_x", "ranks_y", "ranks_z", "ranks_w"]),
                       changed.drop(columns=["ranks_x", "ranks_y", "ranks_z", "ranks_w"]))  # fmt: skip


def test_printed_numbers_count_as_margins():
    number = printed_number("p", "60%", question="agree", answer=(4, 5), base=57, count=34)
    base_only = printed_number("b", "3.1", question="sector", base=59)
    frame = twin(EVERYTHING, Published("p", {}, (number, base_only)), 60, seed=1).frame
    assert (frame["agree"].isin([4, 5]).sum(), frame["agree"].notna().sum(), frame["sector"].notna().sum()) == (
        34,
        57,
        59,
    )


def test_assumed_shares_come_out_to_the_nearest_respondent():
    assumed = {"agree": {"shares": {1: 0.1, 2: 0.2, 3: 0.4, 4: 0.2, 5: 0.1}, "missing": {"dk": 0.2}}}
    survey = twin(book(AGREE), published(assumptions=assumed), 1000, seed=3)
    counts = survey.frame["agree"].value_counts(sort=False).to_numpy()
    assert np.abs(counts - [80, 160, 320, 160, 80]).max() <= 1
    assert abs((survey.reasons["agree"] == "dk").sum() - 200) <= 1


def test_assumed_slopes_are_found_by_models_of_statsmodels():
    from statsmodels.miscmodels.ordinal_model import OrderedModel

    assumed = {"born": {"distribution": "normal", "mean": 1965, "sd": 10}, "agree": {"leans_on": {"age": -0.08}}}
    frame = twin(book(BORN, AGE, AGREE), published(assumptions=assumed), 600, seed=5).frame
    fit = OrderedModel(frame["agree"].cat.codes.to_numpy(), frame[["age"]].astype(float).to_numpy(), distr="logit")
    result = fit.fit(method="bfgs", disp=False)
    assert abs(result.params[0] + 0.08) < 3 * result.bse[0]


def test_distributions_of_numbers_are_those_assumed():
    assumed = {"born": {"distribution": "normal", "mean": 1965, "sd": 6}}
    born = twin(book(BORN), published(assumptions=assumed), 2000, seed=5).frame["born"].astype(float)
    assert abs(born.mean() + 0.5 - 1965) < 0.6 and abs(born.std() - 6) < 0.4
    years = Question("years", "number", range=(0, 60))
    assumed = {"years": {"distribution": "lognormal", "median": 10, "sigma": 0.5, "at_most": "2010 - born"}}
    frame = twin(book(BORN, years), published(assumptions=assumed), 2000, seed=5).frame
    assert abs(frame["years"].median() - 10) < 0.6
    assert (frame["years"] <= 2010 - frame["born"]).all()


def test_ranks_follow_their_worths():
    """Plackett-Luce: the share of first ranks is the worth over the sum of worths."""
    worths = {"x": 4, "y": 3, "z": 2, "w": 1}
    frame = twin(book(RANKS), published(assumptions={"ranks": {"worths": worths}}), 3000, seed=2).frame
    first = [(frame[f"ranks_{c}"] == 1).sum() / 3000 for c in "xyzw"]
    np.testing.assert_allclose(first, [0.4, 0.3, 0.2, 0.1], atol=3 * np.sqrt(0.25 / 3000))


@pytest.mark.parametrize(
    ("margins", "named"),
    [
        ((Margin("m", "agree", 4, 30, 20),), "`m`"),
        ((Margin("low", "agree", (1, 2), 40), Margin("high", "agree", (4, 5), 40)), "`low`.*`high`"),
        ((Margin("fine", "agree", 3, 5), Margin("firms", "sector", "firm", 70)), "`firms`"),
        ((Margin("all", "agree", 5, 30), Margin("part", "agree", 5, 31, None, {"sector": "firm"}),
          Margin("firms", "sector", "firm", 40)), "`all`.*`part`"),
    ],
)  # fmt: skip
def test_contradictory_counts_are_named_and_no_others(margins, named):
    with pytest.raises(PublishedError, match=named) as error:
        twin(EVERYTHING, published(*margins), 60, seed=1)
    assert "fine" not in str(error.value)


@pytest.mark.parametrize(
    ("margin", "said"),
    [
        (Margin("m", "agre", 4, 3), "Nearest: 'agree'"),
        (Margin("m", "agree", 9, 3), "no answer 9"),
        (Margin("m", "agree", 4, 3, None, {"sector": "frm"}), "no answer 'frm'"),
        (Margin("m", "born", None, 3), "a number question"),
        (Margin("m", "keen", "yes", 3), "derived"),
        (Margin("m", "uses", ("a", "b"), 3), "one option"),
    ],
)
def test_counts_that_cannot_be_fixed_are_refused(margin, said):
    with pytest.raises(PublishedError, match=said):
        twin(EVERYTHING, published(margin), 60, seed=1)


@pytest.mark.parametrize(
    ("assumed", "said"),
    [
        ({"agre": {}}, "Nearest: 'agree'"),
        ({"agree": {"share": {1: 0.2}}}, "Nearest: 'shares'"),
        ({"agree": {"shares": {7: 0.2}}}, "7 is no answer"),
        ({"agree": {"shares": {1: 1.2}}}, "between 0 and 1"),
        ({"agree": {"missing": {"dontknow": 0.2}}}, "no reason for missing"),
        ({"sector": {"leans_on": {"born": 1}}}, "'born' is no answer"),
        ({"agree": {"leans_on": {1: {"born": 1}}}}, "expression: number"),
        ({"born": {"distribution": "gamma"}}, "Choose one of"),
        ({"born": {"distribution": "normal", "mean": 3}}, "needs the number 'sd'"),
        ({"ranks": {"worths": {"x": 0}}}, "above 0"),
        ({"keen": {"shares": {"yes": 0.4}}}, "derived"),
        ({"agree": 5}, "mapping"),
    ],
)
def test_wrong_assumptions_are_refused(assumed, said):
    with pytest.raises(PublishedError, match=said):
        read_assumptions(assumed, EVERYTHING)


def test_assumptions_that_lean_on_each_other_are_refused():
    assumed = {"agree": {"leans_on": {"born": 1}}, "born": {"leans_on": {"agree": 1}}}
    with pytest.raises(PublishedError, match=r"circle: .*agree"):
        twin(EVERYTHING, published(assumptions=assumed), 60, seed=1)


def test_options_that_cannot_be_spread_over_respondents_are_refused():
    assumed = {"uses": {"shares": {"a": 0.1, "b": 0.1, "c": 0.1}}}
    with pytest.raises(PublishedError, match="at least 1"):
        twin(EVERYTHING, published(assumptions=assumed), 60, seed=1)


def test_nobody_cannot_be_drawn():
    with pytest.raises(ChoiceError, match="at least one"):
        twin(EVERYTHING, published(), 0, seed=1)


def test_quotas_are_the_nearest_whole_numbers_to_the_raked_target():
    """Against all tables of that size, counted out."""
    target = np.array([[2.6, 1.7, 0.7], [1.2, 2.9, 0.9]])
    fixed = [(np.array([[True, False, False], [True, False, False]]), 4)]
    found = quota_table(target, np.array([5, 5]), fixed, np.ones((2, 3), bool))
    rows = [r for r in itertools.product(range(6), repeat=3) if sum(r) == 5]
    raked = target.copy()
    for _ in range(2000):
        raked *= 5 / raked.sum(axis=1, keepdims=True)
        raked[:, 0] *= 4 / raked[:, 0].sum()
    tables = [np.array(t) for t in itertools.product(rows, rows) if t[0][0] + t[1][0] == 4]
    best = min(tables, key=lambda t: np.abs(t - raked).sum())
    assert_array_equal(found, best)


def test_assignment_is_the_best_of_all():
    """Against scipy.optimize.linear_sum_assignment with each answer repeated as often as its quota."""
    from scipy.optimize import linear_sum_assignment

    rng = np.random.default_rng(3)
    scores, quota = rng.normal(size=(12, 3)), np.array([5, 4, 3])
    chosen = assign(scores, np.zeros(12, np.intp), quota[None])
    slots = np.repeat(np.arange(3), quota)
    rows, places = linear_sum_assignment(-scores[:, slots])
    assert_array_equal(chosen.argmax(axis=1)[rows], slots[places])
    assert_array_equal(chosen.sum(axis=0), quota)


def test_types_are_those_of_the_questions():
    frame = twin(EVERYTHING, published(), 30, seed=1, assumptions={"note": {"share": 1, "texts": ["one", "two"]}}).frame
    assert frame["agree"].cat.ordered and not frame["sector"].cat.ordered
    assert frame["uses_a"].dtype == "boolean" and frame["born"].dtype == "Int64" and frame["ranks_x"].dtype == "Int64"
    assert pd.api.types.is_datetime64_any_dtype(frame["day"]) and frame["day"].between("2010-07-01", "2010-07-10").all()
    assert set(frame.loc[frame["sector"] == "firm", "note"]) == {"one", "two"}
    assert list(frame.columns) == [c for q in EVERYTHING for c in q.columns]


def test_a_question_that_nobody_is_asked_is_empty():
    nobody = Question("more", "multi", choices=choices("a", "b"), base="born > 2000", binding=Binding())
    survey = twin(book(BORN, nobody), published(), 20, seed=1)
    assert survey.frame["more_a"].isna().all() and set(survey.reasons["more_a"]) == {"na"}


def test_sorting_finds_the_assignment_of_the_programme():
    """Against `assign` with scores that are the latent answer times the position on the scale."""
    rng = np.random.default_rng(4)
    latent, groups = rng.normal(size=30), rng.integers(0, 2, 30)
    quotas = np.array([rng.multinomial((groups == g).sum(), [0.2, 0.5, 0.3]) for g in (0, 1)])
    expected = assign(np.outer(latent, np.arange(3)), groups, quotas)
    assert_array_equal(sort_out(latent, groups, quotas), expected)


COUNTED = (AGREE, SECTOR, Question("item", "grid", choices=choices(1, 2, 3), items={"i": {}}))


@pytest.mark.parametrize("seed", range(8))
def test_counts_of_people_who_exist_are_always_hit(seed):
    """Counts and bases taken from a random table, so that they cannot contradict each other."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(5, 90))
    sectors = [c.code for c in SECTOR.choices]
    table = pd.DataFrame({"sector": rng.choice(sectors, n), "agree": rng.choice([1, 2, 3, 4, 5, 0], n)})
    table["item_i"] = rng.choice([1, 2, 3, 0], n)
    margins = [Margin(f"s{c}", "sector", c, int((table["sector"] == c).sum()), n) for c in sectors]
    for k in range(5):
        column, group = str(rng.choice(["agree", "item_i"])), str(rng.choice(sectors))
        codes = tuple(int(c) for c in rng.choice([1, 2, 3], 2, replace=False))
        rows = table[table["sector"] == group] if rng.random() < 0.6 else table
        among = {} if rows is table else {"sector": group}
        count, base = int(rows[column].isin(codes).sum()), int((rows[column] > 0).sum())
        margins.append(Margin(f"m{k}", column, codes, count, base, among))
    survey = twin(book(*COUNTED), published(*margins), n, seed=seed)
    frame = survey.frame
    for margin in margins:
        inside = (frame["sector"] == margin.among["sector"]) if margin.among else pd.Series(True, index=frame.index)
        answers = frame.loc[inside, margin.question]
        assert (answers.isin(margin.codes).sum(), answers.notna().sum()) == (margin.count, margin.base)
    assert survey.synthetic and "synthetic" in repr(survey)
