"""Levels along a number: stacked areas and panels, as data; nothing cut or overlapping."""

import itertools

import numpy as np
import pytest
from matplotlib.figure import Figure

from surveyanalysis.errors import ChoiceError
from surveyanalysis.figures.figure import draw, picture
from surveyanalysis.figures.insets import rows_of
from surveyanalysis.language import both
from surveyanalysis.results import Estimates, Labels

from ..tables import samples
from .test_dots import words
from .test_figure import overlapping, texts_of


def by_employer() -> Estimates:
    """Predictions of five levels along age for three employers: synthetic."""
    plain = samples.predictions(5)
    parts = [plain.frame.assign(employer=name) for name in ("company", "university", "institute")]
    frame = samples.pd.concat(parts, ignore_index=True)[
        ["outcome", "level", "age", "employer", *plain.frame.columns[3:]]
    ]
    names = {("employer", name): both(name.title(), name) for name in ("company", "university", "institute")}
    labels = Labels({**plain.labels.columns, "employer": both("Employer", "소속")}, {**plain.labels.levels, **names})
    return samples.estimates(
        "predictions",
        frame.to_dict("list"),
        ("age", "employer"),
        scale="probability",
        labels=labels,
        origin=plain.origin,
    )


def gid(ax, part):
    return [c for c in ax.collections if c.get_gid() == part]


def test_areas_are_the_levels_probabilities_and_fill_everything():
    result = samples.predictions(5)
    ax = draw(result, kind="stacked")
    areas = gid(ax, "area")
    assert len(areas) == 5 and ax.get_ylim() == (0, 1)
    for area, (_, rows) in zip(areas, result.frame.groupby("level")):
        corners = area.get_paths()[0].vertices
        for age, share in zip(rows["age"], rows["estimate"]):
            at = corners[corners[:, 0] == age, 1]
            assert at.max() - at.min() == pytest.approx(share)
    assert words(ax, "name") == [samples.SCALE[c]["en"] for c in range(1, 6)]
    assert "The intervals stand in the table." in words(ax, "note")


def test_groups_have_a_panel_each_and_the_levels_a_legend():
    ax = draw(by_employer(), kind="stacked")
    assert [len(gid(inner, "area")) for inner in ax.child_axes] == [5, 5, 5]
    assert [words(inner, "panel") for inner in ax.child_axes] == [["Company"], ["University"], ["Institute"]]
    assert words(ax, "legend") == [samples.SCALE[c]["en"] for c in range(1, 6)]


def test_a_panel_holds_the_lines_of_its_level_with_their_ribbons():
    result = samples.predictions(5)
    ax = draw(result, kind="panels")
    assert len(ax.child_axes) == 5
    assert len({inner.get_ylim() for inner in ax.child_axes}) == 1
    for inner, (level, rows) in zip(ax.child_axes, result.frame.groupby("level")):
        (line,) = [line for line in inner.lines if line.get_gid() == "line"]
        np.testing.assert_array_equal(line.get_ydata(), rows["estimate"])
        assert len(gid(inner, "ribbon")) == 1
        assert words(inner, "panel")[0].replace("\n", " ") == samples.SCALE[level]["en"]
    several = draw(by_employer(), kind="panels")
    assert words(several, "legend") == ["Company", "University", "Institute"]
    assert all(len(inner.lines) == 3 for inner in several.child_axes)


def test_panels_that_do_not_fit_go_into_further_rows():
    assert [rows_of(5, inner) for inner in (450.0, 250.0, 40.0)] == [1, 2, 5]
    tops = {
        round(inner.get_position().y1, 6) for inner in draw(samples.predictions(5), kind="panels", width=3.3).child_axes
    }
    assert len(tops) == 3


@pytest.mark.parametrize("width", [3.3, 6.3, 10.0])
@pytest.mark.parametrize("lang", ["en", "ko", "both"])
@pytest.mark.parametrize("kind", ["stacked", "panels"])
@pytest.mark.parametrize("make", [lambda: samples.predictions(5), by_employer], ids=["one group", "three groups"])
def test_no_text_is_cut_small_or_over_another(make, kind, lang, width):
    ax = draw(make(), lang=lang, width=width, kind=kind)
    page, found = ax.figure.bbox, texts_of(ax)
    for text, box in found:
        assert text.get_fontsize() >= 7
        assert page.x0 <= box.x0 and box.x1 <= page.x1, text.get_text()
        assert page.y0 <= box.y0 and box.y1 <= page.y1, text.get_text()
    clashes = [(a.get_text(), b.get_text()) for (a, x), (b, y) in itertools.combinations(found, 2) if overlapping(x, y)]
    assert not clashes


@pytest.mark.parametrize("kind", ["stacked", "panels"])
def test_given_axes_are_drawn_in(kind):
    ax = Figure(figsize=(9, 6)).subplots()
    ax.figure.subplots_adjust(left=0.2, top=0.8, bottom=0.25)
    assert draw(by_employer(), ax=ax, kind=kind) is ax
    assert picture(ax, dpi=60)


def test_what_cannot_be_drawn_so_is_refused():
    with pytest.raises(ChoiceError, match="needs a number of the grid"):
        samples.predictions_by_employer().plot(kind="stacked")
    with pytest.raises(ChoiceError, match="shows several levels"):
        samples.predictions(1).plot(kind="panels")
    with pytest.raises(ChoiceError, match="'stacked', 'panels'"):
        samples.predictions(5).plot(kind="area")
    with pytest.raises(ChoiceError, match="one kind of figure"):
        samples.frequencies().plot(kind="stacked")
    two = by_employer()
    frame = two.frame.assign(town=["a", "b", "b"] * (len(two) // 3))
    crossed = samples.estimates("predictions", frame[["outcome", "level", "age", "employer", "town",
                                *two.frame.columns[4:]]].to_dict("list"), ("age", "employer", "town"),
                                scale="probability", labels=two.labels, origin=two.origin)  # fmt: skip
    with pytest.raises(ChoiceError, match="'employer', 'town'"):
        crossed.plot(kind="stacked")
