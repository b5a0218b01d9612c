"""Levels at which few gave one of the answers are told, wherever in a long file they stand."""

import numpy as np
import pandas as pd

import surveyanalysis as sa
from surveyanalysis.language import say

LONG = 20_000  # more than is read at once


def told(frame: pd.DataFrame) -> tuple[list[str], list[str]]:
    """Coefficients of `place`, and what the model says of thin levels."""
    model = sa.logit(sa.Design(sa.Survey.from_frame(frame)), "y ~ place")
    return list(model.frame["term"]), [say(note) for note in model.origin.notes]


def synthetic(last: list[int]) -> pd.DataFrame:
    """Two large places, and at the very end of the file a third, of these answers."""
    rng = np.random.default_rng(1)
    place = np.append(rng.choice(["a", "b"], LONG), np.repeat("c", len(last)))
    y = np.append(rng.integers(0, 2, LONG), last)
    return pd.DataFrame({"y": y, "place": pd.Categorical(place, ["a", "b", "c", "nobody"])})


def test_a_thin_level_at_the_end_of_a_long_file_is_told():
    terms, notes = told(synthetic([0] * 9 + [1] * 3))
    assert "place[c]" in terms
    assert any("place = c (3)" in note for note in notes)
    assert not any("place = a" in note or "place = b" in note for note in notes)


def test_levels_with_enough_of_each_answer_are_not():
    terms, notes = told(synthetic([0] * 5 + [1] * 5))
    assert "place[c]" in terms and "place[nobody]" not in terms
    assert not any("fewer than" in note for note in notes)
