"""Each kind of result becomes the table that a journal prints: cells asserted as data."""

import numpy as np
import pytest

from surveyanalysis.errors import ChoiceError
from surveyanalysis.results import Estimates
from surveyanalysis.tables.formats import printed
from surveyanalysis.tables.layouts import LAYOUTS, layout

from . import samples


def shown(table):
    """Stub and printed cells of every row."""
    return [[row.stub, *(printed(cell, table.lang) for cell in row.cells)] for row in table.rows]


def test_frequencies_show_the_base_and_the_missing():
    """Counts 19 and 16 of 57 are the 33.3 and 28.1 percent printed in STEPI (2011), Figure 6."""
    table = samples.frequencies().table()
    assert [column.head for column in table.columns] == ["n", "%", "95% CI"]
    assert shown(table)[0] == ["Sponsorship", "19", "33.3", "22.5–46.3"]
    assert shown(table)[1] == ["Database of professionals", "16", "28.1", "18.1–40.8"]
    assert shown(table)[-3:] == [["Base", "57", "", ""], ["No answer", "6", "", ""], ["In the domain", "63", "", ""]]
    assert "Synthetic respondents." in table.notes


def test_the_same_table_in_korean():
    table = samples.frequencies().table("ko")
    assert table.title == "학회·협회에 가장 필요한 지원은?"
    assert [column.head for column in table.columns] == ["n", "%", "95% 신뢰구간"]
    assert [row[0] for row in shown(table)][-3:] == ["사례 수", "무응답", "분석대상"]
    english = samples.frequencies().table()
    assert [row[1:] for row in shown(table)] == [row[1:] for row in shown(english)]


def test_a_weighted_base_stands_under_the_number_of_respondents():
    rows = shown(samples.weighted_proportion().table())
    assert rows[-2:] == [["Base", "57", "", ""], ["Weighted base", "1,234.5", "", ""]]


def test_crosstab_groups_are_spanners_with_percent_and_n():
    table = samples.crosstab().table()
    assert [c.spanner for c in table.columns] == [
        s for s in ("All", "Company", "University", "Institute") for _ in "ab"
    ]
    assert [c.head for c in table.columns] == ["%", "n"] * 4
    rows = shown(table)
    assert rows[0][1:] == ["23.4", "50", "33.3", "19", "24.7", "20", "14.5", "11"]
    assert rows[-1] == ["Base", "", "214", "", "57", "", "81", "", "76"]
    company = [float(row[3]) for row in rows[:5]]
    assert sum(company) == pytest.approx(100, abs=0.3)


def test_multiple_response_shows_both_percentages_and_the_number_of_answers():
    table = samples.multiple_response().table()
    assert [c.head for c in table.columns] == ["n", "% of respondents", "95% CI", "% of answers"]
    of_answers = [float(row[4]) for row in shown(table)[:5]]
    assert sum(of_answers) == pytest.approx(100, abs=0.3)
    assert sum(float(row[2]) for row in shown(table)[:5]) > 100
    assert "Answers given: 90" in table.notes


def test_likert_items_are_rows_and_the_scale_is_spanned():
    table = samples.likert().table()
    assert [c.spanner for c in table.columns] == ["Answers, %"] * 5 + [""] * 3
    row = shown(table)[0]
    assert row == ["Outlook, 10 years", "21.1", "38.6", "24.6", "12.3", "3.5", "57", "2.39", "0.13"]
    assert table.notes[0] == "Paired test (Wilcoxon): p < .001"


def test_ranking_shows_first_choice_top_k_and_mean_rank():
    table = samples.ranking().table()
    assert [c.spanner or c.head for c in table.columns] == ["First choice"] * 2 + ["Top 3"] * 2 + ["Mean rank"]
    assert shown(table)[0] == ["Sponsorship", "20", "35.1", "40", "70.2", "1.60"]


def test_thresholds_stand_under_the_slopes_and_the_fit_at_the_foot():
    table = samples.coefficients().table()
    groups = [(i, row.stub) for i, row in enumerate(table.rows) if row.kind == "group"]
    assert groups == [(0, "Slopes"), (9, "Thresholds")]
    assert [c.head for c in table.columns] == ["Log-odds", "SE", "z", "p", "95% CI"]
    assert shown(table)[1] == ["Years abroad (per 10)", "−0.52", "0.24", "−2.17", ".030", "−0.99, −0.05"]
    assert shown(table)[10][4] == "<.001"
    assert table.notes[0] == "n = 57; log-likelihood = −34.22; AIC = 88.43"


def test_finite_degrees_of_freedom_make_it_a_t():
    result = samples.coefficients()
    frame = result.frame.assign(df=56.0)
    finite = Estimates(frame, result.covariance, "coefficients", "log_odds", labels=result.labels, origin=result.origin)
    assert [c.head for c in finite.table().columns][2] == "t"


def test_small_errors_get_more_decimals_in_the_whole_column():
    result = samples.coefficients()
    frame = result.frame.assign(se=0.012)
    fine = Estimates(frame, result.covariance, "coefficients", "log_odds", labels=result.labels, origin=result.origin)
    assert shown(fine.table())[1][1:3] == ["−0.520", "0.012"]


def test_odds_ratios_print_their_interval_with_a_dash():
    table = samples.coefficients("odds_ratio").table()
    assert table.columns[0].head == "Odds ratio"
    assert shown(table)[1][1::4] == ["0.59", "0.37–0.95"]


def test_effects_are_signed_percentage_points():
    rows = shown(samples.effects().table())
    assert rows[0][1] == "−13.0"
    assert rows[3][1] == "+13.8"


def test_predictions_over_groups_name_the_groups():
    table = samples.predictions_by_employer().table()
    assert table.stub_head == "Employer"
    assert shown(table)[0] == ["Company", "40.0", "5.0", "30.0–50.0"]


def test_means_by_group_show_their_bases():
    assert shown(samples.mean().table())[0] == ["Company", "57", "43.25", "1.10", "41.00–45.40"]


def test_a_test_is_one_row():
    table = samples.test_result().table()
    assert [c.head for c in table.columns] == ["Statistic", "df", "p", "cramers v", "95% CI", "n"]
    assert shown(table) == [["Rao-Scott chi-square", "12.35", "1.9, 411.2", "<.001", "0.18", "0.05, 0.30", "214"]]


def test_several_questions_head_their_rows_in_their_order():
    result = samples.mean()
    frame = result.frame
    frame["outcome"] = ["b", "a", "a"]
    two = Estimates(frame, result.covariance, "mean", by=("employer",), labels=result.labels)
    assert [row.stub for row in two.table().rows if row.kind == "group"] == ["b", "a"]


@pytest.mark.parametrize("name", samples.ALL)
def test_a_layout_leaves_the_result_as_it_was(name):
    result = samples.ALL[name]()
    before = result.frame
    layout(result, "ko")
    assert before.equals(result.frame)


@pytest.mark.parametrize("name", samples.ALL)
def test_every_data_row_has_a_cell_for_every_column(name):
    table = samples.ALL[name]().table()
    assert all(len(row.cells) == len(table.columns) for row in table.rows if row.kind != "group")


def test_nothing_answered_prints_blanks_not_nan():
    result = samples.frequencies()
    frame = result.frame.assign(estimate=np.nan, ci_low=np.nan, ci_high=np.nan)
    empty = Estimates(frame, result.covariance, "proportion", "proportion", labels=result.labels)
    assert "nan" not in empty.table().to_text().lower()


def test_a_kind_or_language_without_layout_is_refused_with_what_there_is():
    result = samples.frequencies()
    with pytest.raises(ChoiceError, match=r"Choose one of.*'en'"):
        layout(result, "de")
    with pytest.raises(ChoiceError, match="'proportion'"):
        layout(Estimates(result.frame, result.covariance, "proportoin"), "en")
    assert set(LAYOUTS) >= {"proportion", "test", "predictions"}
