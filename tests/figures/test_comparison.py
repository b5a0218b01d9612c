"""Several models in one figure, as data."""

from dataclasses import replace

import pytest

from surveyanalysis.analysis.term_rows import columns_of_models, term_rows
from surveyanalysis.errors import ChoiceError
from surveyanalysis.figures.figure import draw
from surveyanalysis.figures.theme import SERIES

from ..tables import samples
from .test_dots import lines, words


def several(count):
    result = samples.model_comparison()
    first = result.models["(1)"]
    models = {f"({i})": first for i in range(1, count + 1)}
    columns = columns_of_models(models)
    return replace(result, models=models, columns=columns, rows=term_rows(models, {}, columns))


def test_every_slope_of_every_model_is_a_dot_with_its_interval():
    result = samples.model_comparison()
    ax = draw(result)
    slopes = [model.frame.query("component == 'slope'") for model in result.models.values()]
    drawn = [line.get_xdata()[0] for line in lines(ax, "dot")]
    assert sorted(drawn) == sorted(value for frame in slopes for value in frame["estimate"])
    ends = {tuple(line.get_xdata()) for line in lines(ax, "interval")}
    assert ends == {pair for frame in slopes for pair in zip(frame["ci_low"], frame["ci_high"])}
    assert not any("|" in label.get_text() for label in ax.get_yticklabels())


def test_models_are_dodged_in_one_row_and_told_apart_by_hue_and_shape():
    ax = draw(samples.model_comparison())
    first, second = lines(ax, "dot")[:2]
    assert first.get_ydata()[0] < second.get_ydata()[0]
    looks = [(line.get_color(), line.get_marker()) for line in (first, second)]
    assert looks == list(SERIES[:2])
    assert words(ax, "legend") == ["(1) · n = 57", "(2) · n = 51"]


def test_title_interval_and_notes_stand_around_the_axes():
    ax = draw(samples.model_comparison(), lang="ko")
    assert words(ax, "title") == ["한국 근무 의향"]
    assert words(ax, "subtitle") == ["순서형 로짓 · 95% 윌슨 신뢰구간"]
    notes = " ".join(words(ax, "note"))
    assert "모형별 응답자 수가 다름: (1) 57, (2) 51" in notes
    assert "가상(합성) 응답자." in notes
    assert "괄호" not in notes


def test_ratios_stand_on_a_log_axis_around_one():
    models = {name: samples.coefficients("odds_ratio") for name in ("(1)", "(2)")}
    ax = draw(replace(several(2), models=models))
    assert ax.get_xscale() == "log"
    assert lines(ax, "reference")[0].get_xdata()[0] == 1


def test_levels_of_an_outcome_head_their_rows():
    models = {"(1)": samples.effects(5), "(2)": samples.effects(5)}
    columns = columns_of_models(models)
    result = replace(several(2), models=models, columns=columns, rows=term_rows(models, {}, columns))
    ax = draw(result)
    assert words(ax, "head") == [samples.SCALE[code]["en"] for code in range(1, 6)]
    assert len(lines(ax, "dot")) == 2 * 5 * 6


def test_five_models_are_told_apart_and_six_are_refused():
    looks = {(line.get_color(), line.get_marker()) for line in lines(draw(several(5)), "dot")}
    assert len(looks) == len({marker for _, marker in looks}) == 5
    with pytest.raises(ChoiceError, match="Draw at most 5, or use"):
        draw(several(6))


def test_models_on_several_scales_have_no_common_axis():
    result = several(2)
    models = {"(1)": result.models["(1)"], "(2)": replace(result.models["(2)"], scale="value")}
    with pytest.raises(ChoiceError, match=r"'\(1\)' is in log_odds, '\(2\)' is in value"):
        draw(replace(result, models=models))
