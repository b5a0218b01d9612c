"""Rankings: counts by hand, two roads, wrong input."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

import surveyanalysis as sa
from surveyanalysis.errors import ChoiceError, DataError
from surveyanalysis.language import say

from .designs import ASKED, OPTIONS, coded, respondents


def ranked(*rows):
    return coded(pd.DataFrame(rows, columns=[f"pick_{code}" for code in OPTIONS], dtype=float))


def picked(found, code):
    return found.frame[found.frame["level"] == code].set_index("component")


def test_counts_by_hand():
    nan = np.nan
    found = sa.ranking(ranked([1, 2, 3, nan], [2, 1, nan, 3], [1, nan, 2, nan], [nan] * 4), "pick")
    pay, home = picked(found, "pay"), picked(found, "home")
    assert list(pay.index) == ["first", "top_2", "top_3", "mean_rank"]
    assert_allclose(pay["estimate"], [2 / 3, 1, 1, 4 / 3])
    assert_allclose(home["estimate"], [0, 0, 1 / 3, 3])
    assert pay["n"].tolist() == [3, 3, 3, 3]
    assert home["n"].tolist() == [3, 3, 3, 1]
    assert pay["count"].tolist() == [2, 3, 3, 3]
    assert "1 left out" in " ".join(say(note) for note in found.origin.notes)


@pytest.mark.parametrize("asked", ASKED)
def test_first_choices_are_proportions_and_mean_ranks_are_means(asked):
    frame = respondents()
    some = frame[[f"pick_{code}" for code in OPTIONS]].notna().any(axis=1)
    frame["first"] = (frame["pick_peers"] == 1).astype("boolean").mask(~some)
    design = sa.Design(frame, **ASKED[asked])
    found = picked(sa.ranking(coded(design), "pick"), "peers")
    numbers = ["estimate", "se", "df", "ci_low", "ci_high", "n_weighted"]
    share, rank = sa.proportion(design, "first", level=True), sa.mean(design, "pick_peers")
    assert_allclose(found.loc["first", numbers].astype(float), share.frame.iloc[0][numbers].astype(float), rtol=1e-9)
    assert_allclose(found.loc["mean_rank", numbers].astype(float), rank.frame.iloc[0][numbers].astype(float), rtol=1e-9)


def test_top_limits_the_components():
    found = sa.ranking(coded(respondents()), "pick", top=1).frame
    assert found["component"].unique().tolist() == ["first", "mean_rank"]


def test_first_choices_sum_to_one_where_all_rank_one_first():
    found = sa.ranking(coded(respondents()), "pick").frame
    some = respondents()[[f"pick_{code}" for code in OPTIONS]]
    assert_allclose(
        found.loc[found["component"] == "first", "estimate"].sum(),
        (some == 1).sum().sum() / some.notna().any(axis=1).sum(),
    )


def test_ties_are_said_and_odd_ranks_refused():
    tied = sa.ranking(ranked([1, 1, 2, 3], [2, 1, 3, np.nan]), "pick")
    assert "1 respondents gave one rank to several options" in " ".join(say(note) for note in tied.origin.notes)
    with pytest.raises(DataError, match="row 1: 0 is not a rank"):
        sa.ranking(ranked([1, 2, 3, 4], [0, 1, 2, 3]), "pick")
    with pytest.raises(DataError, match="Nobody"):
        sa.ranking(ranked([np.nan] * 4, [np.nan] * 4), "pick")
    with pytest.raises(ChoiceError, match="not a ranking"):
        sa.ranking(respondents(), "q")
    with pytest.raises(ChoiceError, match="at least 1"):
        sa.ranking(coded(respondents()), "pick", top=0)
