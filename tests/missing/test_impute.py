"""Imputation as a verb: who is filled, with what, whatever the workers; and what is refused."""

import io
import sys

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose, assert_array_equal
from pandas.testing import assert_frame_equal

import surveyanalysis as sa
from surveyanalysis.errors import ChoiceError, ColumnError, DataError, SeparationError
from surveyanalysis.missing import progress

from .people import BOOK, designed, frame, survey

ASKED = ["age", "works", "pay", "stage", "job", "why"]
FEW = {"m": 3, "iterations": 3}


def said(result):
    return " ".join(note["en"] for note in result.origin.notes)


def test_nobody_is_filled_who_was_not_asked():
    people = survey()
    filled = sa.impute(people, ASKED, **FEW)
    idle = (people.frame["works"] == "no").to_numpy()
    for design in filled.designs:
        found = design.survey.frame
        assert found.loc[idle, ["pay", "rich"]].isna().all(axis=None)
        assert found.loc[~idle, "pay"].notna().all()
        assert found[["stage", "job", "why_money", "why_home"]].notna().all(axis=None)


def test_the_base_of_the_codebook_tells_who_was_asked_where_no_reasons_are_known():
    people = sa.Survey.from_frame(frame(), BOOK)
    found = sa.impute(people, ASKED, **FEW).designs[0].survey.frame
    assert found.loc[people.frame["works"] == "no", "pay"].isna().all()
    assert found.loc[people.frame["works"] == "yes", "pay"].notna().all()


def test_answers_that_were_given_stay_and_reasons_go_where_answers_come():
    people = survey()
    filled = sa.impute(people, ASKED, **FEW)
    for design in filled.designs:
        for name in ("pay", "stage", "job", "why_home", "age"):
            given = people.frame[name].notna()
            assert (design.survey.frame.loc[given, name] == people.frame.loc[given, name]).all()
        assert (design.survey.reasons.isna() == design.survey.frame.notna()).all(axis=None)
    assert_frame_equal(people.frame, survey().frame)


def test_filled_answers_are_answers_that_somebody_gave_and_types_stay():
    people = survey()
    for design in sa.impute(people, ASKED, m=6, iterations=2).designs:
        found = design.survey.frame
        assert (found.dtypes == people.frame.dtypes).all()
        for name in ("pay", "stage", "job"):
            assert {*found[name].dropna()} <= {*people.frame[name].dropna()}
        assert "none" not in {*found["job"]}


def test_derived_questions_are_computed_anew_and_those_known_stay():
    for design in sa.impute(survey(), ASKED, **FEW).designs:
        found = design.survey.frame
        asked = found["works"] == "yes"
        assert ((found.loc[asked, "pay"] > 40) == (found.loc[asked, "rich"] == "rich")).all()


def test_whole_numbers_stay_whole():
    people = pd.DataFrame({"kids": pd.array([0, 1, 2, None, 3, 1, None, 0, 2, 1], "Int64"), "age": range(30, 40)})
    found = sa.impute(people, ["kids", "age"], **FEW).designs[1].survey.frame["kids"]
    assert found.dtype == "Int64"
    assert found.notna().all()


def test_a_question_none_of_whose_reasons_is_filled_cannot_predict():
    people = survey()
    lost = people.reasons["stage"]
    with pytest.raises(DataError, match=r"'stage' is missing for .* reasons that are not among `reasons`") as wrong:
        sa.impute(people, ["age", "stage", "job"], reasons=[""], **FEW)
    assert str(int(lost.notna().sum())) in str(wrong.value)


def test_don_t_know_stays_an_answer_where_it_is_not_among_the_reasons():
    people = survey()
    filled = sa.impute(people, ["age", "stage"], reasons=["omitted"], **FEW)
    reasons = people.reasons["stage"]
    found = filled.designs[0].survey.frame["stage"]
    assert found[reasons == "dk"].isna().all()
    assert found[reasons == "omitted"].notna().all()


@pytest.mark.parametrize("workers", [2, 3])
def test_the_same_seed_gives_the_same_numbers_whatever_the_workers(workers, monkeypatch):
    monkeypatch.setattr("surveyanalysis.estimators.chained.LARGE", 5000)
    one, other = (sa.impute(survey(), ASKED, m=7, iterations=2, seed=3, workers=k) for k in (1, workers))
    for a, b in zip(one.chains.values, other.chains.values):
        assert_array_equal(a, b)
    assert_array_equal(one.chains.trace, other.chains.trace)


def test_another_seed_gives_other_numbers_and_the_first_imputations_stay_with_more():
    few, more, other = (sa.impute(survey(), ASKED, m=m, iterations=2, seed=s) for m, s in ((3, 1), (5, 1), (3, 2)))
    assert all(np.array_equal(a, b[:3]) for a, b in zip(few.chains.values, more.chains.values))
    assert not all(np.array_equal(a, b) for a, b in zip(few.chains.values, other.chains.values))


def test_each_type_has_its_equation():
    equations = sa.impute(survey(), ASKED, **FEW).frame.set_index("question")["equation"].to_dict()
    assert equations == {"pay": "matching", "stage": "ordered", "job": "nominal", "why_money": "logistic",
                         "why_home": "logistic"}  # fmt: skip


def test_an_equation_can_be_chosen():
    people = survey()
    filled = sa.impute(people, ["age", "stage", "job"], equations={"stage": "matching", "job": "nominal"}, **FEW)
    assert filled.frame.set_index("question")["equation"]["stage"] == "matching"
    assert {*filled.designs[0].survey.frame["stage"]} <= {1, 2, 3, 4}
    with pytest.raises(ChoiceError, match="no order"):
        sa.impute(people, ["age", "job"], equations={"job": "matching"}, **FEW)
    with pytest.raises(ChoiceError, match="'matching' only"):
        sa.impute(people, ["age", "pay"], equations={"pay": "ordered"}, **FEW)
    with pytest.raises(ChoiceError, match="`equations` names 'age'"):
        sa.impute(people, ["pay"], equations={"age": "matching"}, **FEW)
    with pytest.raises(ChoiceError, match="equations\\['stage'\\]"):
        sa.impute(people, ["age", "stage"], equations={"stage": "norm"}, **FEW)


def test_weights_and_strata_are_in_the_equations_and_clusters_where_they_are_asked_for():
    design = sa.Design(designed(), weights="w", strata="s", clusters="c")
    asked = ["age", "stage", "job"]
    plain, carried, more = (
        sa.impute(design, asked, design=words, **FEW) for words in ((), ("weights", "strata"), ("clusters",))
    )
    counts = [one.frame.set_index("question")["predictors"]["stage"] for one in (plain, carried, more)]
    assert counts[1] == counts[0] + 2
    assert counts[2] > counts[0] + 20
    assert "log weight, strata" in said(carried)
    assert "in the equations: nothing" in said(plain)
    with pytest.raises(ChoiceError, match="`design` is 'psu'"):
        sa.impute(design, asked, design=["psu"])


def test_by_default_everything_is_imputed_but_what_describes_the_design():
    design = sa.Design(designed().drop(columns=["rich"]), weights="w", strata="s", clusters="c")
    names = [one.name for one in sa.impute(design, **FEW).answers]
    assert {*names} == {"age", "works", "pay", "stage", "job", "why_money", "why_home"}


def test_rows_outside_a_domain_and_rows_of_weight_zero_are_left_alone():
    people = designed()
    people.loc[:20, "w"] = 0.0
    filled = sa.impute(sa.Design(people, weights="w").where(s="n"), ["age", "stage"], **FEW)
    found = filled.designs[0].survey.frame["stage"]
    outside = (people["s"] == "s") | (people["w"] == 0)
    assert (found[outside].isna() == people["stage"][outside].isna()).all()
    assert found[~outside].notna().all()
    apart = sa.impute(people[~outside].reset_index(drop=True), ["age", "stage"], design=(), **FEW)
    without = sa.impute(sa.Design(people, weights="w").where(s="n"), ["age", "stage"], design=(), **FEW)
    assert_array_equal(apart.chains.values[0], without.chains.values[0])


def test_two_questions_that_say_the_same_do_not_break_an_equation():
    people = frame()[["age", "pay", "stage"]]
    twice = people.assign(months=12 * people["age"], same=people["stage"])
    filled = sa.impute(twice, [*twice], m=3, iterations=3)
    assert filled.frame.set_index("question")["predictors"]["pay"] == 3  # age, stage, same


def test_fifty_seven_respondents_are_enough_for_a_few_questions():
    filled = sa.impute(survey(n=57), ["age", "works", "pay", "stage"], m=5, iterations=5)
    found = filled.fit(lambda design: sa.mean(design, ["pay", "age"]))
    assert np.isfinite(found.frame[["estimate", "se", "ci_low"]]).all(axis=None)


def test_pooled_results_tell_what_was_imputed_and_when_m_is_small():
    found = sa.impute(survey(), ASKED, m=2, iterations=2, seed=9).fit(lambda design: sa.mean(design, "pay"))
    words = said(found)
    assert "2 imputations by chained equations" in words
    assert "seed 9" in words
    assert "Pay " in words
    assert "predictive mean matching" in words
    assert "why: Home" in " ".join(note["en"] for note in sa.impute(survey(), ASKED, **FEW).notes)
    assert "m = 2 is small: take m = " in words
    assert all({"en", "ko"} <= {*note} for note in found.origin.notes)
    assert "Rubin's rules" in found.origin.sentence()
    assert "루빈" in found.origin.sentence("ko")


def test_a_large_share_of_missing_answers_is_told():
    people = frame()
    people["pay"] = people["pay"].mask(np.arange(len(people)) % 3 > 0)
    filled = sa.impute(people, ["age", "pay"], **FEW)
    assert "results rest on the equation more than on answers" in " ".join(note["en"] for note in filled.notes)


def test_a_fit_that_fails_in_one_imputation_is_told_and_never_left_out():
    """T048: one separated refit of many must be reported."""
    filled = sa.impute(survey(), ["age", "stage", "job"], m=4, iterations=2)

    def analysis(design):
        if design is filled.designs[2]:
            raise SeparationError("it is separated.")
        return sa.mean(design, "age")

    with pytest.raises(SeparationError, match=r"Imputation 3 of 4: it is separated\. \(No imputation is left out"):
        filled.fit(analysis)


WRONG = [
    ({"m": 0}, ChoiceError, "`m` is 0; it must be a whole number of at least 2"),
    ({"m": 1}, ChoiceError, "`m` is 1"),
    ({"m": 20.0}, ChoiceError, "`m` is 20.0"),
    ({"m": True}, ChoiceError, "`m` is True"),
    ({"iterations": 0}, ChoiceError, "`iterations` is 0"),
    ({"seed": None}, ChoiceError, "`seed` is None"),
    ({"seed": "1"}, ChoiceError, "`seed` is '1'"),
    ({"seed": 1.5}, ChoiceError, "`seed` is 1.5"),
    ({"seed": -1}, ChoiceError, "`seed` is -1"),
    ({"donors": 0}, ChoiceError, "`donors` is 0"),
    ({"workers": 0}, ChoiceError, "`workers` is 0"),
    ({"scales": "dummies"}, ChoiceError, "`scales` is 'dummies'"),
    ({"questions": ["agee"]}, ColumnError, "`questions` is 'agee'.*Nearest: 'age'"),
    ({"questions": ["stage"], "predictors": ["jobb"]}, ColumnError, "`predictors` is 'jobb'"),
    ({"questions": ["stage"], "predictors": ["job"]}, DataError, "`predictors`: 'job' is missing for"),
    ({"questions": ["stage", "notes"]}, ChoiceError, "'notes' is a text question"),
    ({"questions": ["stage", "rich"]}, ChoiceError, "'rich' is derived \\(pay > 40\\)"),
    ({"questions": ["stage"], "reasons": ["dont_know"]}, ChoiceError, "`reasons` holds 'dont_know'"),
    ({"questions": ["stage"], "reasons": ["na"]}, ChoiceError, "`reasons` holds 'na': what nobody was asked"),
    ({"questions": ["age"]}, DataError, "there is nothing to impute"),
]


@pytest.mark.parametrize(("given", "error", "words"), WRONG, ids=[words for *_, words in WRONG])
def test_wrong_arguments_are_named(given, error, words):
    with pytest.raises(error, match=words):
        sa.impute(survey(), **{"questions": ["age", "stage"], **given})


def test_a_question_that_was_not_asked_is_not_imputed():
    people = survey()
    asked = people.frame
    asked.loc[asked["works"] == "yes", "pay"] = asked.loc[asked["works"] == "yes", "pay"].fillna(30)
    whole = sa.Survey(asked, BOOK, people.reasons.where(asked.isna()))
    with pytest.raises(DataError, match="'pay' is missing only for respondents who were not asked"):
        sa.impute(whole, ["pay", "age"])


@pytest.mark.parametrize(
    ("column", "words"),
    [
        ([np.nan] * 214, "'odd' is missing everywhere"),
        ([1.0, np.nan] * 107, "'odd' is '1' for all 107 who answered: a constant"),
    ],
)
def test_questions_that_say_nothing_are_refused_by_name(column, words):
    with pytest.raises(DataError, match=words):
        sa.impute(frame().assign(odd=column), ["age", "stage", "odd"])


def test_more_coefficients_than_answers_are_refused():
    rng = np.random.default_rng(0)
    wide = pd.DataFrame(rng.normal(size=(20, 25)), columns=[f"x{i}" for i in range(25)])
    wide.loc[:3, "x0"] = np.nan
    with pytest.raises(DataError, match=r"'x0' has .* coefficients for 16 answers"):
        sa.impute(wide, [*wide])


def test_progress_is_told_on_a_terminal_only_and_only_of_long_work(monkeypatch, capsys):
    class Terminal(io.StringIO):
        def isatty(self):
            return True

    monkeypatch.setattr(progress, "PATIENCE", -1.0)
    assert list(progress.told(range(3), 3, "imputation", True)) == [0, 1, 2]
    assert capsys.readouterr().err == ""
    screen = Terminal()
    monkeypatch.setattr(sys, "stderr", screen)
    list(progress.told(range(3), 3, "imputation", True))
    assert "imputation: 2 of 3" in screen.getvalue()
    before = screen.getvalue()
    list(progress.told(range(3), 3, "imputation", False))
    assert screen.getvalue() == before


def test_the_trace_and_the_filled_answers_can_be_looked_at():
    filled = sa.impute(survey(), ASKED, m=4, iterations=6)
    trace = filled.convergence.frame
    assert len(trace) == 5 * 4 * 6
    last = trace[(trace["question"] == "pay") & (trace["iteration"] == 6)]
    j = [one.name for one in filled.equations].index("pay")
    assert_allclose(last["mean"], filled.chains.values[j].mean(axis=1))
    assert {*filled.convergence.ratios} == {"pay", "stage", "job", "why_money", "why_home"}
    beside = filled.plausibility.frame
    sums = beside.groupby("question")[["observed", "imputed"]].sum()
    assert_allclose(sums, 1)
    assert (beside["low"] <= beside["imputed"]).all()
    assert (beside["imputed"] <= beside["high"]).all()


def test_lists_of_names_are_in_no_equation_unless_they_are_asked_for():
    people = frame()[["age", "stage", "job"]].assign(person=[f"p{i}" for i in range(214)])
    assert [one.name for one in sa.impute(people, **FEW).answers] == ["age", "stage", "job"]
