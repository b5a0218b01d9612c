"""One survey in five layouts cleans to one truth (tests/exports/truth.csv, made with the files)."""

import pandas as pd
import pytest

from surveyanalysis.cleaning.recipe import clean, read_recipe
from tests.cleaning.one_survey import EXPORTS, LAYOUTS, RECIPE, codebook, true_answers, true_reasons


def as_text(series):
    """A typed column as the truth writes it."""
    if series.dtype == "boolean":
        return series.map({True: "1", False: "0"}, na_action="ignore").astype("str").fillna("")
    if pd.api.types.is_datetime64_any_dtype(series.dtype):
        return series.dt.strftime("%Y-%m-%d").fillna("")
    if pd.api.types.is_numeric_dtype(series.dtype):
        return series.astype("Int64").astype("str").fillna("")
    return series.astype(object).map(str, na_action="ignore").astype("str").fillna("")


@pytest.fixture(scope="module", params=LAYOUTS)
def survey(request):
    return clean(EXPORTS / request.param, codebook(LAYOUTS[request.param]), RECIPE)


def test_every_layout_cleans_to_the_truth(survey):
    truth = true_answers()
    frame = survey.frame.loc[truth.index]
    assert len(survey) == len(truth) == 60
    for column in truth:
        assert as_text(frame[column]).tolist() == truth[column].tolist(), column


def test_every_layout_gives_the_same_reasons_for_missing_answers(survey):
    truth = true_reasons()
    reasons = survey.reasons.loc[truth.index].fillna("")
    for name in truth:
        columns = [c for c in survey.codebook[name].columns if c in reasons] if name in survey.codebook else [name]
        for column in columns:
            wanted = truth[name]
            if name == "q6":
                unranked = survey.frame.loc[truth.index, column].isna() & (wanted == "")
                wanted = wanted.mask(unranked, "unranked")
            assert reasons[column].tolist() == wanted.tolist(), column


def test_every_missing_answer_has_a_reason_and_no_answer_has_one(survey):
    assert (survey.frame.isna() == survey.reasons.notna()).all(axis=None)


def test_types_follow_the_codebook(survey):
    frame = survey.frame
    assert not frame["sq3"].cat.ordered
    assert frame["sq3"].cat.categories.tolist() == [1, 2, 3, 4, 9]
    assert frame["q1"].cat.ordered and frame["q7_2"].cat.ordered
    assert str(frame["q5_1"].dtype) == "boolean"
    assert str(frame["q6_1"].dtype) == str(frame["sq2"].dtype) == "Int64"
    assert str(frame["q8"].dtype) == "float64"
    assert pd.api.types.is_datetime64_any_dtype(frame["q9"].dtype)
    assert str(frame["q10"].dtype) == "str"
    assert frame.index.is_unique and frame.index.name == "respondent"


def test_questions_that_are_not_in_the_file_have_no_column(survey):
    assert not {"q11", "q12"} & set(survey.frame.columns)


def test_personal_data_reach_neither_the_frame_nor_the_ledger(survey):
    assert not {"IPAddress", "RecipientEmail"} & set(survey.frame.columns)
    assert "203.0.113" not in survey.ledger.frame.to_csv() + survey.frame.to_csv() + survey.ledger.answering.to_csv()


def test_how_people_answered_is_kept_beside_the_answers(survey):
    answering = survey.ledger.answering
    assert answering.loc["R001", "duration"] == 1413
    assert answering.loc["R001", "start"] == pd.Timestamp("2010-07-14 07:48:00")
    assert sorted(answering.index[~answering["finished"]]) == ["R007", "R019", "R033", "R048"]


def test_the_recipe_file_reads_as_written():
    recipe = read_recipe(RECIPE)
    assert [s.name for s in recipe.steps][:3] == ["test_rows", "dup_exact", "dup_person"]
    assert recipe.key == "external_id"
