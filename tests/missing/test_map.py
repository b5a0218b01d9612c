"""Who did not answer what: counts against the frame itself."""

import numpy as np
import pandas as pd
import pytest

import surveyanalysis as sa
from surveyanalysis.errors import ChoiceError, ColumnError

from .people import BOOK, frame, survey


def test_counts_by_reason_add_up_and_those_not_asked_are_no_missing_answers():
    people = survey()
    found = sa.missing_map(people).frame.set_index("question")
    assert (found["asked"] + found["not_asked"] == len(people)).all()
    assert (found["answered"] + found["missing"] == found["asked"]).all()
    reasons = found[[name for name in found if name.startswith("reason:")]]
    assert (reasons.sum(axis=1) == found["missing"]).all()
    why = people.reasons
    assert found.loc["stage", "reason:dk"] == (why["stage"] == "dk").sum() > 0
    assert found.loc["pay", "not_asked"] == (why["pay"] == "na").sum() > 0
    assert found.loc["age", "missing"] == 0


def test_patterns_count_everybody_once_the_most_frequent_first():
    found = sa.missing_map(survey(), ["pay", "stage", "job"]).patterns
    assert found["n"].sum() == 214
    assert found["n"].is_monotonic_decreasing
    owed = frame()[["stage", "job"]].isna().assign(pay=frame()["pay"].isna() & (frame()["works"] == "yes"))
    for _, row in found.iterrows():
        assert row["n"] == (owed == row[["stage", "job", "pay"]].astype(bool)).all(axis=1).sum()


def test_the_base_of_the_codebook_counts_where_no_reasons_are_known():
    found = sa.missing_map(sa.Survey.from_frame(frame(), BOOK), "pay").frame.iloc[0]
    assert found["not_asked"] == (frame()["works"] == "no").sum()


def test_a_domain_counts_its_respondents():
    design = sa.Design(survey()).where(works="yes")
    found = sa.missing_map(design, ["pay"])
    assert found.frame["asked"].iloc[0] == (frame()["works"] == "yes").sum()
    assert found.frame["not_asked"].iloc[0] == 0
    assert "of 214 respondents" in found.origin.base_line()


def test_tables_and_figures_say_who_did_not_answer():
    found = sa.missing_map(survey())
    text = found.table().to_text(140)
    assert "Don't know" in text
    assert "Missing together" in text
    assert "함께 결측인 문항" in found.table("ko").to_text(140)
    ax = found.plot()
    tiles = [patch for patch in ax.patches if patch.get_gid() == "missing"]
    shown = found.patterns.head(16).drop(columns="n").to_numpy(bool)
    assert len(tiles) == shown.sum()
    assert [label.get_text() for label in ax.get_xticklabels()] == [f"{n:,}" for n in found.patterns["n"].head(16)]


def test_wrong_questions_are_named():
    with pytest.raises(ColumnError, match=r"'payy'.*Nearest: 'pay'"):
        sa.missing_map(survey(), ["payy"])
    with pytest.raises(ChoiceError, match="`questions` is empty"):
        sa.missing_map(survey(), [])


def test_a_frame_without_missing_answers_has_one_pattern():
    found = sa.missing_map(pd.DataFrame({"a": [1, 2, 3]}))
    assert found.patterns["n"].tolist() == [3]
    assert np.isfinite(found.frame["share"]).all()
    assert found.table().to_text()
    assert found.plot()
