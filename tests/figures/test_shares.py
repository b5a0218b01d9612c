"""Bars as data: lengths, order, values and intervals are those of the frame."""

import pytest
from matplotlib.colors import to_hex

from surveyanalysis.figures.figure import draw
from surveyanalysis.figures.theme import ACCENT, TINT

from ..tables import samples


def bars(ax, part="bar"):
    return sorted((p for p in ax.patches if p.get_gid() == part), key=lambda p: p.get_y())


def words(ax, part="value"):
    return [t.get_text() for t in ax.texts if t.get_gid() == part]


def labels(ax):
    return [t.get_text() for t in ax.get_yticklabels()]


def test_bars_are_as_long_as_the_shares_and_in_the_codebooks_order():
    result = samples.frequencies(counts=(5, 19, 9, 16, 8))
    ax = draw(result)
    assert [bar.get_width() for bar in bars(ax)] == result.frame["estimate"].to_list()
    assert labels(ax) == [text["en"] for text in samples.SUPPORT.values()]
    assert ax.yaxis_inverted()


def test_values_are_percent_with_counts():
    assert words(draw(samples.frequencies())) == ["33.3% (19)", "28.1% (16)", "15.8% (9)", "14.0% (8)", "8.8% (5)"]


def test_intervals_are_those_of_the_frame():
    result = samples.frequencies()
    lines = [line for line in draw(result).lines if line.get_gid() == "interval"]
    drawn = [tuple(line.get_xdata()) for line in lines]
    assert drawn == list(zip(result.frame["ci_low"], result.frame["ci_high"]))


def test_dark_bars_are_the_largest_and_those_whose_interval_reaches_it():
    """By hand: 40.8 and 33.3 against the largest share 33.3; 27.4, 25.3 and 18.9 stay under it."""
    colours = [to_hex(bar.get_facecolor()) for bar in bars(draw(samples.frequencies()))]
    assert colours == [ACCENT, ACCENT, TINT, TINT, TINT]
    assert any("Dark" in note for note in words(draw(samples.frequencies()), "note"))


def test_several_answers_are_sorted_by_share():
    result = samples.multiple_response()
    ax = draw(result)
    assert [bar.get_width() for bar in bars(ax)] == sorted(result.frame["estimate"], reverse=True)
    assert labels(ax)[0] == "Children's schooling"
    assert "several allowed" in words(ax, "subtitle")[0]
    notes = words(ax, "note")
    assert len(notes) == len(set(notes))


def test_first_choices_lie_within_the_top_three():
    result = samples.ranking()
    ax = draw(result)
    frame = result.frame
    assert [bar.get_width() for bar in bars(ax)] == sorted(
        frame.loc[frame["component"] == "top_3", "estimate"], reverse=True
    )
    first = frame[frame["component"] == "first"].set_index("level")["estimate"]
    assert [bar.get_width() for bar in bars(ax, "part")] == list(
        first[["sponsorship", "startup", "database", "joint", "other"]]
    )
    assert words(ax, "legend") == ["First choice", "Top 3"]


def test_weighted_shares_say_that_their_counts_are_not():
    notes = words(draw(samples.weighted_proportion()), "note")
    assert "Counts in brackets are unweighted." in notes
    assert "Counts in brackets are unweighted." not in words(draw(samples.proportion()), "note")


def test_both_languages_stand_one_over_the_other():
    assert labels(draw(samples.frequencies(), lang="both"))[0] == "학회·협회 후원\nSponsorship"


def test_long_labels_are_wrapped_not_cut():
    ax = draw(samples.multiple_response(), lang="en", width=3.3)
    longest = max(labels(ax), key=len)
    assert "\n" in longest
    assert longest.replace("\n", " ") == samples.BARRIERS[0][0]


@pytest.mark.parametrize("counts", [(57, 0, 0, 0, 0), (12, 12, 11, 11, 11)])
def test_the_axis_never_goes_beyond_all(counts):
    ax = draw(samples.frequencies(counts=counts))
    assert max(ax.get_xticks()) <= 1
