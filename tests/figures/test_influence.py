"""The figure of influence: every respondent a dot, the most influential named, names apart."""

import matplotlib as mpl
import numpy as np
import pandas as pd
import pytest

import surveyanalysis as sa

mpl.use("Agg")


@pytest.fixture(scope="module")
def model():
    rng = np.random.default_rng(4)
    frame = pd.DataFrame({"x": rng.normal(size=80), "z": rng.normal(size=80)})
    frame["y"] = (frame["x"] + rng.logistic(size=80) > 0).astype(int)
    frame.loc[3, ["x", "y"]] = [9.0, 0]
    frame.index = [f"R{i}" for i in frame.index]
    return sa.logit(frame, "y ~ x + z")


def parts(ax, gid: str) -> list:
    return [artist for artist in ax.get_children() if artist.get_gid() == gid]


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_every_respondent_is_a_dot_and_the_most_influential_are_named(model, lang):
    found = model.influence()
    ax = found.plot(lang=lang)
    assert len(parts(ax, "dot")) == 80
    names = [artist.get_text() for artist in parts(ax, "name")]
    assert names[0] == "R3"
    assert set(names) <= set(found.frame["respondent"].head(5))
    assert len(parts(ax, "reference")) == 3


def test_names_do_not_cover_each_other(model):
    ax = model.influence().plot()
    ax.figure.canvas.draw()
    boxes = [artist.get_window_extent() for artist in parts(ax, "name")]
    assert not any(a.overlaps(b) for i, a in enumerate(boxes) for b in boxes[:i])


def test_dots_stand_at_leverage_and_shift(model):
    found = model.influence()
    dots = parts(found.plot(), "dot")
    at = np.array([[dot.get_xdata()[0], dot.get_ydata()[0]] for dot in dots])
    np.testing.assert_allclose(at, found.frame[["leverage", "shift"]])
