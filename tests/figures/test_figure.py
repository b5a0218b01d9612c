"""What holds for every figure: nothing cut or overlapping, settings untouched, files that repeat themselves."""

import io
import itertools
import sys
from dataclasses import replace

import matplotlib
import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.image import imread
from matplotlib.text import Text

from surveyanalysis.errors import ChoiceError, OutputError
from surveyanalysis.figures import theme
from surveyanalysis.figures.figure import DRAWERS, close, draw, picture, save
from surveyanalysis.figures.flow import draw_flow
from surveyanalysis.figures.theme import contrast, legible
from surveyanalysis.language import both
from surveyanalysis.results import Estimates, Labels

from ..tables import samples
from .test_flow import FLOW

DRAWN = {name: make for name, make in samples.ALL.items() if make().kind in DRAWERS}


def texts_of(ax):
    """Every text that is seen, with its extent in pixels."""
    figure = ax.figure
    figure.canvas.draw()
    renderer = figure.canvas.get_renderer()
    seen = [t for t in figure.findobj(Text) if t.get_visible() and t.get_text().strip()]
    inside = [t for t in seen if is_tick_in_view(ax, t)]
    return [(t, t.get_window_extent(renderer)) for t in inside]


def is_tick_in_view(ax, text):
    labels = [*ax.get_xticklabels(), *ax.get_yticklabels()]
    others = [*ax.xaxis.get_minorticklabels(), *ax.yaxis.get_minorticklabels()]
    return text in labels or text not in others


def overlapping(one, other):
    """Area that two boxes share, in square pixels, one pixel of tolerance."""
    width = min(one.x1, other.x1) - max(one.x0, other.x0) - 1
    height = min(one.y1, other.y1) - max(one.y0, other.y0) - 1
    return max(width, 0) * max(height, 0)


@pytest.mark.parametrize("width", [3.3, 6.3, 10.0])
@pytest.mark.parametrize("lang", ["en", "ko", "both"])
@pytest.mark.parametrize("name", [*DRAWN, "flow"])
def test_no_text_is_cut_small_or_over_another(name, lang, width):
    ax = draw_flow(**FLOW, lang=lang, width=width) if name == "flow" else draw(DRAWN[name](), lang=lang, width=width)
    page = ax.figure.bbox
    found = texts_of(ax)
    for text, box in found:
        assert text.get_fontsize() >= 7
        assert page.x0 <= box.x0 and box.x1 <= page.x1, text.get_text()
        assert page.y0 <= box.y0 and box.y1 <= page.y1, text.get_text()
    clashes = [(a.get_text(), b.get_text()) for (a, x), (b, y) in itertools.combinations(found, 2) if overlapping(x, y)]
    assert not clashes


@pytest.mark.parametrize("name", DRAWN)
def test_settings_are_as_they_were_and_no_figure_stays_open(name):
    before = dict(matplotlib.rcParams)
    draw(DRAWN[name](), lang="ko")
    assert dict(matplotlib.rcParams) == before
    if pyplot := sys.modules.get("matplotlib.pyplot"):
        assert pyplot.get_fignums() == []


def test_the_users_settings_do_not_reach_the_figure():
    """Independent: the same bytes as without them."""
    plain = picture(draw(samples.frequencies()), dpi=60)
    strange = {
        "font.size": 30,
        "axes.facecolor": "yellow",
        "axes.grid": False,
        "axes.linewidth": 9,
        "xtick.bottom": False,
        "ytick.major.size": 30,
        "lines.linewidth": 20,
    }
    with matplotlib.rc_context(strange):
        assert picture(draw(samples.frequencies()), dpi=60) == plain


def test_hangul_is_drawn_not_boxes():
    """Independent: the same picture with the font that has no Hangul, whose boxes raise a warning when drawn."""
    ax = draw(samples.frequencies(), lang="ko")
    good = imread(io.BytesIO(picture(ax, dpi=80)))
    for text in ax.figure.findobj(Text):
        text.set_fontfamily("DejaVu Sans")
    with pytest.warns(UserWarning, match="missing from font"):
        tofu = imread(io.BytesIO(picture(ax, dpi=80)))
    assert good.shape == tofu.shape
    assert np.abs(good - tofu).mean() > 0.005


def test_two_syllables_look_different():
    """Boxes would all look the same."""

    def drawn(label):
        ax = draw(samples.frequencies(support={"a": both(label, label)}, counts=(57,)), lang="ko")
        return imread(io.BytesIO(picture(ax, dpi=80)))

    assert not np.array_equal(drawn("가"), drawn("힣"))


def test_a_dollar_is_a_dollar():
    """The trap: 'cost $5 to $10' is set as mathematics."""
    words = "cost $5 to $10"
    ax = draw(samples.frequencies(support={"a": both(words, words), "b": both("x_1 $\\frac$", "y")}, counts=(30, 27)))
    labels = [t for t in ax.figure.findobj(Text) if "$" in t.get_text()]
    assert labels
    assert not any(t.get_parse_math() for t in labels)
    picture(ax, dpi=60)


@pytest.mark.parametrize("ending", ["png", "svg"])
def test_saving_twice_gives_the_same_bytes_and_holds_no_date(tmp_path, ending):
    first = save(draw(samples.frequencies(), lang="ko"), tmp_path / f"a.{ending}")
    second = save(draw(samples.frequencies(), lang="ko"), tmp_path / f"b.{ending}")
    assert first.read_bytes() == second.read_bytes()
    assert b"date" not in first.read_bytes().lower()


def test_dots_per_inch_are_as_asked(tmp_path):
    ax = draw(samples.frequencies(), width=6.3)
    for dpi in (200, 300):
        assert imread(save(ax, tmp_path / "a.png", dpi)).shape[1] == round(6.3 * dpi)


def test_an_ending_that_is_no_picture_is_refused(tmp_path):
    with pytest.raises(ChoiceError, match=r"'png', 'svg'"):
        save(draw(samples.frequencies()), tmp_path / "a.docx")
    assert not list(tmp_path.iterdir())


def test_a_folder_that_cannot_be_written_leaves_nothing(tmp_path):
    (tmp_path / "file").write_text("x")
    with pytest.raises(OutputError, match="Nothing was changed"):
        save(draw(samples.frequencies()), tmp_path / "file" / "a.png")


def test_a_notebook_shows_the_picture_once():
    """Independent: IPython's own formatters; pyplot, which would show it a second time, does not hold it."""
    IPython = pytest.importorskip("IPython")
    ax = samples.frequencies().plot()
    data, metadata = IPython.core.formatters.PNGFormatter()(ax)
    assert data.startswith(b"\x89PNG")
    assert metadata["width"] == round(96 * 6.3)
    import matplotlib.pyplot as plt

    assert plt.get_fignums() == []


@pytest.mark.parametrize("name", DRAWN)
def test_given_axes_are_drawn_in_and_returned(name):
    figure = Figure(figsize=(9, 6))
    left, right = figure.subplots(1, 2)
    figure.subplots_adjust(left=0.2, top=0.8, bottom=0.25)
    place = left.get_position().bounds
    assert draw(DRAWN[name](), ax=left) is left
    assert left.get_position().bounds == place
    assert not right.get_lines() and not right.patches
    assert left.get_lines() or left.patches


def test_axes_on_a_part_of_a_figure_can_be_drawn_in():
    figure = Figure(figsize=(10, 4))
    part, _ = figure.subfigures(1, 2)
    assert draw(samples.likert(), ax=part.subplots()).patches


def test_closing_frees_a_figure_of_either_kind():
    import matplotlib.pyplot as plt

    ax = plt.figure().add_subplot()
    close(draw(samples.frequencies(), ax=ax))
    assert plt.get_fignums() == []
    own = draw(samples.frequencies())
    close(own)
    assert not own.figure or not own.figure.axes


@pytest.mark.parametrize("name", DRAWN)
def test_drawing_leaves_the_result_as_it_was(name):
    result = DRAWN[name]()
    before = result.frame
    draw(result)
    assert before.equals(result.frame)


def test_title_and_foot_say_what_a_reader_needs():
    ax = draw(samples.frequencies(), lang="ko")
    said = {
        part: " ".join(t.get_text() for t in ax.texts if t.get_gid() == part) for part in ("title", "subtitle", "note")
    }
    assert said["title"] == "학회·협회에 가장 필요한 지원은?"
    assert said["subtitle"] == "응답자 비율 · n = 57 · 95% 윌슨 신뢰구간"
    assert "기업 소속 57" in said["note"] and "가상(합성) 응답자." in said["note"]


def test_there_is_no_box_and_no_tick():
    ax = draw(samples.frequencies())
    assert not any(spine.get_visible() for spine in ax.spines.values())
    assert all(tick.tick1line.get_markersize() == 0 for tick in ax.xaxis.get_major_ticks())


def test_a_figure_that_does_not_exist_is_refused_with_those_that_do():
    with pytest.raises(ChoiceError, match=r"use `\.table\(\)`"):
        samples.test_result().plot()
    with pytest.raises(ChoiceError, match="'both'"):
        draw(samples.frequencies(), lang="jp")
    with pytest.raises(ChoiceError, match="inches"):
        draw(samples.frequencies(), width=630)


def test_thirty_answers_with_long_names_still_fit():
    words = "아주 긴 응답 범주의 이름이 여기에 들어가며 끝까지 읽을 수 있어야 합니다"
    support = {i: both(f"{i} {words}", f"{i} {words}") for i in range(30)}
    ax = draw(samples.frequencies(support=support, counts=tuple(range(1, 31))), lang="ko", width=3.3)
    found = texts_of(ax)
    page = ax.figure.bbox
    assert all(page.x0 <= box.x0 and box.x1 <= page.x1 for _, box in found)
    assert not any(overlapping(x, y) for (_, x), (_, y) in itertools.combinations(found, 2))


def test_nobody_and_everybody_can_be_drawn():
    ax = draw(samples.frequencies(counts=(57, 0, 0, 0, 0)))
    assert [t.get_text() for t in ax.texts if t.get_gid() == "value"][:2] == ["100.0% (57)", "0.0% (0)"]
    picture(ax, dpi=60)


def test_missing_estimates_are_left_out_not_drawn_as_zero():
    result = samples.effects()
    frame = result.frame
    frame.loc[0, ["estimate", "ci_low", "ci_high"]] = np.nan
    ax = draw(Estimates(frame, result.covariance, "effects", "effect", labels=Labels(), origin=result.origin))
    picture(ax, dpi=60)
    assert len([line for line in ax.lines if line.get_gid() == "interval"]) == 5


def test_lines_and_markers_stand_out_three_to_one_and_words_four_and_a_half():
    """WCAG 2: 1.4.11 and 1.4.3. Independent: black on white is 21, #767676 the lightest grey that passes AA."""
    assert contrast("#767676", "#ffffff") > 4.5 > contrast("#777777", "#ffffff")
    for colour, _ in (*theme.SERIES, *theme.LEVELS):
        assert contrast(colour, "#ffffff") >= 3
        assert contrast(legible(colour), "#ffffff") >= 4.5
    assert contrast(theme.GREY, "#ffffff") >= 4.5


def test_the_subtitle_says_of_whom():
    result = samples.frequencies()
    company = replace(result, origin=replace(result.origin, filter=both("Employer: Company", "소속: 기업")))
    ax = draw(company, lang="ko")
    subtitle = [t.get_text() for t in ax.texts if t.get_gid() == "subtitle"]
    assert subtitle == ["응답자 비율 · 소속: 기업, n = 57 · 95% 윌슨 신뢰구간"]


def test_a_ranking_says_what_its_bars_are_and_of_how_many():
    ax = draw(samples.ranking())
    subtitle = " ".join(t.get_text() for t in ax.texts if t.get_gid() == "subtitle")
    assert subtitle.startswith("First choice and top 3, share of respondents · n = 57")
