"""Coefficients, effects, groups and predictions as data."""

from dataclasses import replace

import numpy as np
import pytest

from surveyanalysis.figures.axis import number_ticks, percent_ticks, point_ticks, ratio_ticks, reach, steps
from surveyanalysis.figures.figure import draw
from surveyanalysis.figures.probabilities import apart
from surveyanalysis.language import both

from ..tables import samples


def lines(ax, part):
    return [line for line in ax.lines if line.get_gid() == part]


def words(ax, part):
    return [t.get_text() for t in ax.texts if t.get_gid() == part]


def test_dots_and_intervals_of_slopes_are_those_of_the_frame():
    result = samples.coefficients()
    ax = draw(result)
    slopes = result.frame.query("component == 'slope'")
    assert [line.get_xdata()[0] for line in lines(ax, "dot")] == slopes["estimate"].to_list()
    assert [tuple(line.get_xdata()) for line in lines(ax, "interval")] == list(zip(slopes["ci_low"], slopes["ci_high"]))
    assert [t.get_text() for t in ax.get_yticklabels()][4] == "Management (ref. research)"
    assert words(ax, "value")[0] == "−0.52 [−0.99, −0.05]"


def test_no_effect_is_a_line_at_zero_or_for_ratios_at_one():
    assert lines(draw(samples.coefficients()), "reference")[0].get_xdata()[0] == 0
    ratios = draw(samples.coefficients("odds_ratio"))
    assert lines(ratios, "reference")[0].get_xdata()[0] == 1
    assert ratios.get_xscale() == "log"
    assert "1" in [t.get_text() for t in ratios.get_xticklabels()]


def test_the_intercept_is_left_to_the_table():
    result = samples.coefficients()
    from surveyanalysis.results import Estimates

    frame = result.frame
    frame.loc[0, "term"] = "(intercept)"
    ax = draw(Estimates(frame, result.covariance, "coefficients", "log_odds", labels=result.labels))
    assert len(lines(ax, "dot")) == 7


def test_levels_of_an_outcome_stand_apart_in_one_row_and_are_told_apart_without_colour():
    ax = draw(samples.effects(5))
    dots = lines(ax, "dot")
    assert len(dots) == 30
    heights = [float(line.get_ydata()[0]) for line in dots[:5]]
    assert heights == sorted(heights) and len(set(heights)) == 5
    assert len({line.get_marker() for line in dots[:5]}) == 5
    assert words(ax, "legend") == [samples.SCALE[c]["en"] for c in range(1, 6)]


def test_effects_are_measured_in_signed_points():
    ax = draw(samples.effects())
    assert words(ax, "axis-title") == ["percentage points"]
    assert "+20" in [t.get_text() for t in ax.get_xticklabels()]
    assert words(ax, "value")[3].startswith("+13.8")


def test_groups_of_an_answer_stand_together_each_with_its_name():
    result = samples.crosstab()
    ax = draw(result)
    assert words(ax, "head") == [text["en"] for text in samples.SUPPORT.values()]
    assert [t.get_text() for t in ax.get_yticklabels()] == ["Company", "University", "Institute"] * 5
    drawn = np.array([line.get_xdata()[0] for line in lines(ax, "dot")]).reshape(5, 3)
    np.testing.assert_array_equal(drawn, result.frame["estimate"].to_numpy().reshape(3, 5).T)
    assert words(ax, "value")[:3] == ["33.3% (19)", "24.7% (20)", "14.5% (11)"]
    assert "n: Company 57, University 81, Institute 76." in words(ax, "note")


def test_answers_and_groups_of_the_same_name_are_told_apart():
    """Both questions of the housing study have the answers low, medium, high."""
    steps = {"sponsorship": both("Low", "낮음"), "database": both("High", "높음")}
    result = samples.crosstab(employers=steps, bases=(57, 81))
    same = {("support", code): text for code, text in steps.items()}
    labels = replace(result.labels, levels={**result.labels.levels, **same})
    heads = words(draw(replace(result, labels=labels)), "head")
    assert heads[:2] == ["Support needed by societies: Low", "Support needed by societies: High"]


def test_a_title_names_the_groups():
    assert words(draw(samples.crosstab()), "title") == ["Support needed by societies, by Employer"]
    assert words(draw(samples.crosstab(), lang="ko"), "title") == ["소속별 학회·협회에 가장 필요한 지원"]


def test_a_number_of_the_grid_becomes_a_line_with_its_ribbon():
    result = samples.predictions()
    ax = draw(result)
    (line,) = lines(ax, "line")
    np.testing.assert_array_equal(line.get_xdata(), result.frame["age"])
    np.testing.assert_array_equal(line.get_ydata(), result.frame["estimate"])
    assert len([c for c in ax.collections if c.get_gid() == "ribbon"]) == 1
    assert words(ax, "axis-title") == ["Age"]


def test_each_level_has_a_line_named_at_its_end():
    result = samples.predictions(5)
    ax = draw(result)
    assert len(lines(ax, "line")) == 5
    np.testing.assert_allclose(sum(line.get_ydata() for line in lines(ax, "line")), 1)
    assert words(ax, "name") == [samples.SCALE[c]["en"] for c in range(1, 6)]


def test_categories_become_dots():
    ax = draw(samples.predictions_by_employer())
    assert [line.get_xdata()[0] for line in lines(ax, "dot")] == [0.4, 0.55, 0.31]


def test_names_are_moved_apart_and_keep_their_order():
    placed = apart([0.1, 0.5, 0.5, 0.51, 1.0], 0.08, 1.0)
    assert placed == sorted(placed)
    assert min(np.diff(placed)) >= 0.08 - 1e-6
    assert max(placed) <= 1.0


@pytest.mark.parametrize(("low", "high"), [(0, 0.46), (-0.3, 0.31), (25, 65), (-1e-4, 1e-4), (0, 1e7)])
def test_grid_lines_are_round_and_few(low, high):
    at = steps(low, high)
    assert 2 <= len(at) <= 7
    assert all(low - 1e-9 <= a <= high + 1e-9 for a in at)


def test_axes_are_numbered_as_readers_expect():
    assert percent_ticks(1.3)[-1] == (1.0, "100%")
    assert [words for _, words in point_ticks(-0.3, 0.3)] == ["−30", "−20", "−10", "0", "+10", "+20", "+30"]
    assert [words for _, words in number_ticks(0, 1, 4)] == ["0.00", "0.25", "0.50", "0.75", "1.00"]
    assert [words for _, words in ratio_ticks(0.1, 10)] == ["0.1", "0.2", "0.5", "1", "2", "5", "10"]
    assert "1" in [words for _, words in ratio_ticks(1e-6, 1e6)]


def test_labels_beside_bars_stay_on_the_page():
    """By hand: 0.5 of x of 100 points, and 40 points of label, in 100 points: x = 0.5 * 100 / 60."""
    assert reach([0.5], [40], inner=100, right=0) == pytest.approx(0.5 * 100 / 60)


def test_a_dot_at_the_edge_is_whole_and_its_halo_lies_under_the_interval():
    ax = draw(samples.crosstab())
    dots, halos = lines(ax, "dot"), lines(ax, "halo")
    assert len(dots) == len(halos) > 0
    assert not any(line.get_clip_on() for line in (*dots, *halos))
    assert max(h.get_zorder() for h in halos) < min(i.get_zorder() for i in lines(ax, "interval"))
