"""Items side by side: two roads to shares and means, scales, wrong input."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

import surveyanalysis as sa
from surveyanalysis.errors import ChoiceError, LevelError
from surveyanalysis.language import say

from .designs import ASKED, respondents


@pytest.mark.parametrize("asked", ASKED)
def test_items_are_proportions_and_means_of_their_own(asked):
    design = sa.Design(respondents(), **ASKED[asked])
    found = sa.likert(design, ["q", "r"])
    own = pd.concat([sa.proportion(design, item).frame for item in ("q", "r")], ignore_index=True)
    numbers = ["estimate", "se", "df", "ci_low", "ci_high", "n_weighted"]
    assert_allclose(found.frame[numbers], own[numbers], rtol=1e-9, atol=1e-14)
    means = sa.mean(design, ["q", "r"]).frame
    assert_allclose(found.detail["means"][["mean", "se", "ci_low"]], means[["estimate", "se", "ci_low"]], rtol=1e-10)
    assert found.detail["scale"] == (1, 2, 3, 4, 5)


def test_items_covary():
    """The mean score's difference from the joint covariance of the shares equals the mean of differences."""
    frame = respondents().dropna(subset=["q"]).reset_index(drop=True)
    found = sa.likert(sa.Design(frame, weights="w", clusters="c"), ["q", "r"])
    scores = np.array([1, 2, 3, 4, 5, -1, -2, -3, -4, -5])
    difference = frame.assign(d=frame["q"].astype(float) - frame["r"].astype(float))
    row = sa.mean(sa.Design(difference, weights="w", clusters="c"), "d").frame.iloc[0]
    assert_allclose(scores @ found.frame["estimate"], row.estimate, rtol=1e-10)
    assert_allclose(scores @ found.covariance @ scores, row.se**2, rtol=1e-9)


def test_plain_numbers_share_the_scale_of_all_items():
    found = sa.likert(pd.DataFrame({"a": [1, 2, 2], "b": [4, 2, None]}), ["a", "b"])
    assert found.detail["scale"] == (1, 2, 4)
    assert found.frame["count"].tolist() == [1, 2, 0, 0, 1, 1]


def test_words_are_scored_by_position_and_said():
    scale = pd.CategoricalDtype(["low", "mid", "high"], ordered=True)
    found = sa.likert(pd.DataFrame({"a": ["low", "high"]}).astype(scale), "a")
    assert found.detail["means"]["mean"].tolist() == [2]
    assert "positions" in " ".join(say(note) for note in found.origin.notes)


def test_two_items_are_tested_as_pairs():
    frame = respondents()
    (test,) = sa.likert(frame, ["q", "r"], test=True).detail["tests"]
    assert test.p == sa.paired(frame, "q", "r").p
    with pytest.raises(ChoiceError, match="two items, not 1"):
        sa.likert(frame, "q", test=True)


def test_items_on_different_scales_are_refused():
    with pytest.raises(LevelError, match="one scale"):
        sa.likert(respondents(), ["q", "g"])
