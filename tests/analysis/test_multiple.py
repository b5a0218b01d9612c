"""Several answers: bases, shares of answers, groups, wrong input."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

import surveyanalysis as sa
from surveyanalysis.errors import ChoiceError, ColumnError
from surveyanalysis.language import say

from .designs import ASKED, coded, respondents


def test_the_base_is_who_answered_and_shares_of_answers_are_beside():
    """T084: A and B ticked by 2 of 3, C by 1 of 3; the fourth did not answer."""
    ticks = pd.DataFrame(
        {"a": [True, True, False, None], "b": [False, True, True, None], "c": [False, False, True, None]},
        dtype="boolean",
    )
    found = sa.multiple_response(ticks, ["a", "b", "c"])
    assert_allclose(found.frame["estimate"], [2 / 3, 2 / 3, 1 / 3])
    assert_allclose(found.detail["share_of_answers"], [0.4, 0.4, 0.2])
    assert found.detail["answers"] == 5
    assert found.frame["n"].tolist() == [3, 3, 3]
    assert "1 left out" in " ".join(say(note) for note in found.origin.notes)


def test_who_ticked_nothing_stays_in_the_base():
    ticks = pd.DataFrame({"a": [True, False], "b": [False, False]})
    assert sa.multiple_response(ticks, ["a", "b"]).frame["estimate"].tolist() == [0.5, 0]
    none = sa.multiple_response(pd.DataFrame({"a": [False, False]}), ["a"])
    assert np.isnan(none.detail["share_of_answers"]).all()


@pytest.mark.parametrize("asked", ASKED)
def test_each_option_is_a_proportion_of_its_own(asked):
    """Two roads: `proportion` of the option's column."""
    design = sa.Design(respondents(), **ASKED[asked])
    found = sa.multiple_response(coded(design), "why", by="sex").frame
    for code in ("pay", "family"):
        own = sa.proportion(coded(design), f"why_{code}", level=True, by="sex").frame
        rows = found[found["level"] == code].reset_index(drop=True)
        numbers = ["estimate", "se", "df", "ci_low", "ci_high", "n_weighted"]
        assert_allclose(rows[numbers], own[numbers], rtol=1e-9, atol=1e-14)
        assert rows[["count", "n"]].equals(own[["count", "n"]])


def test_options_and_groups_carry_the_codebook_s_words_and_order():
    found = sa.multiple_response(coded(respondents()), "why", by="sex")
    assert found.frame["level"].tolist() == ["pay", "peers", "family"] * 2
    assert found.labels.level("why", "pay", "ko") == "보기 pay"
    assert found.labels.level("sex", "f") == "women"
    assert say(found.origin.questions["why"]) == "Why did you leave?"


def test_respondents_with_some_options_missing_are_left_out_and_said():
    ticks = pd.DataFrame({"a": [True, True, False], "b": [False, None, True]}, dtype="boolean")
    found = sa.multiple_response(ticks, ["a", "b"])
    assert found.frame["n"].tolist() == [2, 2]
    assert "some options missing" in " ".join(say(note) for note in found.origin.notes)


def test_other_questions_are_refused():
    frame = respondents()
    with pytest.raises(ChoiceError, match="one answer"):
        sa.multiple_response(frame, "q")
    with pytest.raises(ChoiceError, match="not yes/no"):
        sa.multiple_response(frame, ["z"])
    with pytest.raises(ChoiceError, match="empty list"):
        sa.multiple_response(frame, [])
    with pytest.raises(ColumnError, match="Nearest: 'why'"):
        sa.multiple_response(coded(frame), "whyy")
