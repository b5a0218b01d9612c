"""Surveys from frames and from counts. Oracles: the frame given; the 72 counts of the housing survey."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from surveyanalysis import Choice, Codebook, Question, Survey, read_codebook
from surveyanalysis.errors import ColumnError, DataError, LevelError, SurveyError

HOUSING = Path(__file__).parent.parent / "data" / "copenhagen_housing"
SCALE = tuple(Choice(code, {"en": str(code)}) for code in ("불만족", "보통", "만족"))


@pytest.fixture
def book():
    return Codebook(
        {
            "satisfied": Question("satisfied", "likert", choices=SCALE),
            "employer": Question("employer", "single", choices=tuple(Choice(c, {}) for c in (1, 2, 9))),
            "age": Question("age", "number"),
        }
    )


@pytest.fixture
def counts():
    return pd.read_csv(HOUSING / "counts.csv")


def test_a_frame_keeps_its_types_and_the_order_of_its_categories():
    frame = pd.DataFrame(
        {
            "rating": pd.Categorical(["low", "high"], ["low", "mid", "high"], ordered=True),
            "sector": ["lab", "firm"],
            "age": [31.5, np.nan],
            "member": [True, False],
            "day": pd.to_datetime(["2010-07-10", "2010-07-11"]),
        }
    )
    survey = Survey.from_frame(frame)
    assert [q.type for q in survey.codebook] == ["likert", "single", "number", "single", "date"]
    assert survey.question("rating").codes == ("low", "mid", "high")
    assert survey.question("sector").codes == ("lab", "firm")
    assert survey.frame["age"].dtype == float and survey.frame["member"].dtype == bool


def test_the_frame_that_was_given_never_changes(book):
    frame = pd.DataFrame({"satisfied": ["만족", None], "employer": [1, 9]})
    before = frame.copy()
    survey = Survey.from_frame(frame, book)
    taken = survey.frame
    taken.loc[0, "employer"] = 2
    pd.testing.assert_frame_equal(frame, before)
    assert survey.frame["employer"].tolist() == [1, 9]


def test_a_codebook_gives_codes_and_order_with_the_answers_that_nobody_chose(book):
    frame = pd.DataFrame(
        {"satisfied": ["만족", None, "보통"], "employer": [1.0, np.nan, 9.0], "age": [40, 50, 60], "w": [1, 2, 3]}
    )
    survey = Survey.from_frame(frame, book)
    satisfied, employer = survey.frame["satisfied"], survey.frame["employer"]
    assert satisfied.cat.ordered and satisfied.cat.categories.tolist() == ["불만족", "보통", "만족"]
    assert not employer.cat.ordered and employer.cat.categories.tolist() == [1, 2, 9]
    assert satisfied.cat.codes.tolist() == [2, -1, 1] and employer.cat.codes.tolist() == [0, -1, 2]
    assert survey.frame["age"].tolist() == [40, 50, 60] and survey.frame["w"].tolist() == [1, 2, 3]


def test_answers_that_are_not_in_the_codebook_are_listed_with_their_rows(book):
    """pandas alone would make them missing."""
    frame = pd.DataFrame({"satisfied": ["매우만족", "만족", "매우만족", "몰라"]})
    with pytest.raises(LevelError, match=r"'satisfied'.*'매우만족' \(2\), '몰라' \(1\).*'불만족', '보통', '만족'"):
        Survey.from_frame(frame, book)
    with pytest.raises(LevelError, match=r"'1' \(1\)"):
        Survey.from_frame(pd.DataFrame({"employer": ["1"]}), book)


def test_columns_may_bear_the_names_that_they_have_in_the_file(counts):
    codebook = read_codebook(HOUSING / "codebook.yaml")
    survey = Survey.from_frame(counts.drop(columns="Freq"), codebook)
    assert survey.frame.columns.tolist() == ["satisfaction", "influence", "type", "contact"]
    with pytest.raises(DataError, match="more than once"):
        Survey.from_frame(pd.DataFrame([[1, 2]], columns=["a", "a"]), codebook)


def test_counts_become_persons_never_weights(counts):
    """1,681 residents, each a row, so that standard errors rest on 1,681 and not on 72."""
    survey = Survey.from_counts(counts, count="Freq", codebook=read_codebook(HOUSING / "codebook.yaml"))
    assert len(survey) == 1681 == counts.Freq.sum() and "Freq" not in survey.frame
    again = survey.frame.groupby(["satisfaction", "influence", "type", "contact"], observed=False).size()
    for row in counts.itertuples():
        assert again[row.Sat, row.Infl, row.Type, row.Cont] == row.Freq
    assert survey.frame["satisfaction"].cat.categories.tolist() == ["Low", "Medium", "High"]
    assert survey.frame["type"].cat.categories.tolist() == ["Tower", "Apartment", "Atrium", "Terrace"]


def test_counts_of_a_frame_whose_index_repeats_are_not_multiplied():
    frame = pd.DataFrame({"answer": ["yes", "no"], "n": [2, 1]}, index=[0, 0])
    assert Survey.from_counts(frame, count="n").frame["answer"].tolist() == ["yes", "yes", "no"]


def test_a_cell_with_nobody_has_no_rows():
    survey = Survey.from_counts(pd.DataFrame({"answer": ["yes", "no", "maybe"], "n": [2, 0, 1]}), count="n")
    assert survey.frame["answer"].tolist() == ["yes", "yes", "maybe"]


@pytest.mark.parametrize("count", [2.5, -1, np.nan, "many", np.inf])
def test_a_count_that_is_no_number_of_persons_is_refused_with_its_row(count):
    frame = pd.DataFrame({"answer": ["yes", "no"], "n": pd.Series([3, count], dtype=object)})
    with pytest.raises(DataError, match=r"'n', row 1: .* is not a whole number of persons"):
        Survey.from_counts(frame, count="n")


def test_wrong_frames_are_refused(counts, book):
    with pytest.raises(ColumnError, match="Nearest: 'Freq'"):
        Survey.from_counts(counts, count="freq")
    with pytest.raises(DataError, match="no rows"):
        Survey.from_frame(pd.DataFrame({"a": []}), book)
    with pytest.raises(DataError, match="no rows"):
        Survey.from_counts(pd.DataFrame({"a": ["yes"], "n": [0]}), count="n")


def test_an_unknown_column_or_question_names_the_nearest(book):
    survey = Survey.from_frame(pd.DataFrame({"age": [40]}), book)
    with pytest.raises(ColumnError, match="Nearest: 'age'"):
        survey.column("aeg")
    with pytest.raises(ColumnError, match="Nearest: 'employer'"):
        survey.question("emplyer")
    assert "age" in survey and "nothing" not in survey and survey.reasons.isna().all(axis=None)


# --- merging answers ---


def scale() -> Survey:
    answers = pd.Categorical([1, 5, 3, None, 2, 4], categories=[1, 2, 3, 4, 5], ordered=True)
    return Survey.from_frame(pd.DataFrame({"q": answers, "job": list("abcabc")}))


THREE = {"low": [1, 2], "middle": [3], "high": [4, 5]}


def test_merged_answers_are_a_scale_in_its_order_and_keep_their_reasons():
    survey = scale()
    found = survey.merged("q", THREE, "q3", labels={"low": {"en": "Low", "ko": "낮음"}})
    assert found.frame["q3"].astype(object).where(lambda s: s.notna(), None).tolist() == [
        "low", "high", "middle", None, "low", "high"
    ]  # fmt: skip
    assert found.frame["q3"].cat.ordered
    assert found.question("q3").level_label("low")["ko"] == "낮음"
    assert found.reasons["q3"].equals(found.reasons["q"].rename("q3"))
    assert "q3" not in survey


@pytest.mark.parametrize(
    ("groups", "words"),
    [
        ({"low": [1, 2], "high": [4, 5]}, "3 is in no group"),
        ({"low": [1, 2, 3], "high": [3, 4, 5]}, "'low' and 'high'"),
        ({"low": [1, 2], "high": [3, 4, 9]}, "9"),
        ({"ends": [1, 5], "middle": [2, 3, 4]}, "neighbours"),
        ({"high": [4, 5], "low": [1, 2, 3]}, "in its order"),
        ({"all": [1, 2, 3, 4, 5]}, "at least two groups"),
    ],
)
def test_groups_that_do_not_fit_are_named(groups, words):
    with pytest.raises(SurveyError, match=words):
        scale().merged("q", groups, "q3")


def test_only_categories_are_merged_under_a_new_name():
    with pytest.raises(SurveyError, match="already"):
        scale().merged("q", THREE, "job")
    number = Survey.from_frame(pd.DataFrame({"age": [3, 4]}))
    with pytest.raises(SurveyError, match="number question"):
        number.merged("age", {"a": [3], "b": [4]}, "x")
