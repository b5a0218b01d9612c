"""Each kind of result becomes the table that a journal prints: cells asserted as data."""

from dataclasses import replace

import numpy as np
import pytest

from surveyanalysis.errors import ChoiceError
from surveyanalysis.language import both
from surveyanalysis.results import Estimates
from surveyanalysis.tables.formats import printed
from surveyanalysis.tables.layouts import LAYOUTS, layout
from surveyanalysis.tables.text import text_width

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
    assert shown(table)[-3:] == [
        ["Base", "57", "", ""],
        ["No answer", "6", "", ""],
        ["With those missing", "63", "", ""],
    ]
    assert "Synthetic respondents." in table.notes


def test_the_same_table_in_korean():
    table = samples.frequencies().table("ko")
    assert table.title == "학회·협회에 가장 필요한 지원은?"
    assert [column.head for column in table.columns] == ["n", "%", "95% 신뢰구간"]
    assert [row[0] for row in shown(table)][-3:] == ["사례 수", "무응답", "결측 포함"]
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


def test_quantiles_stand_under_their_groups():
    table = samples.quantile().table()
    assert [column.head for column in table.columns] == ["n", "Estimate", "SE", "95% CI"]
    assert (table.stub_head, samples.quantile().table("ko").stub_head) == ("Quantile", "분위수")
    rows = shown(table)
    assert rows[0] == ["Employer: Company"]
    assert rows[1] == ["25th percentile", "57", "35.00", "1.30", "33.00–38.00"]
    assert samples.quantile().table("ko").rows[2].stub == "중앙값"


def test_a_distribution_shows_shares_and_their_base():
    table = samples.distribution().table()
    assert table.stub_head == "Value"
    assert shown(table)[0][:3] == ["up to 30", "9", "15.8"]
    assert shown(table)[-1][:2] == ["Base", "57"]


def test_a_test_is_one_row():
    table = samples.test_result().table()
    assert [c.head for c in table.columns] == ["Statistic", "df", "p", "Cramér's V", "95% CI", "n"]
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


@pytest.mark.parametrize(
    ("name", "english", "korean"),
    [
        ("Cramér's V", "Cramér's V", "크라메르 V"),
        ("matched-pairs rank-biserial correlation", "Rank-biserial correlation", "순위이연상관"),
        ("difference in shares (first - second)", "First − second, share", "비율 차이(첫째 − 둘째)"),
        ("an_effect of another house", "An effect of another house", "An effect of another house"),
    ],
)
def test_effects_are_named_in_the_language_of_the_table(name, english, korean):
    result = replace(samples.test_result(), effect_name=name)
    assert result.table().columns[3].head == english
    assert result.table("ko").columns[3].head == korean


def test_every_number_that_a_paired_test_tells_has_korean_words():
    told = {"first_higher": 8.0, "second_higher": 35.0, "equal": 12.0, "both_yes": 30.0, "only_first": 4.0}
    note = replace(samples.test_result(), extra=told).table("ko").notes[0]
    assert note == "첫째가 높음 = 8; 둘째가 높음 = 35; 같음 = 12; 둘 다 = 30; 첫째만 = 4"


def test_what_the_name_of_a_test_says_is_not_said_again():
    told = {"draws": 100_000.0, "seed": 1.0, "monte_carlo_se": 0.00036}
    notes = replace(samples.test_result(), extra=told).table().notes
    assert notes == samples.test_result().table().notes


def test_a_test_is_headed_by_the_questions_that_it_is_about():
    asked = {"q1": both("Now?\n(one answer)", "지금은?\n(하나만)"), "q2": both("In 20 years?", "20년 뒤는?")}
    result = samples.test_result()
    table = replace(result, origin=replace(result.origin, questions=asked)).table("ko")
    assert table.title == "지금은? · 20년 뒤는?"


def test_the_interval_of_an_effect_has_the_confidence_that_was_asked_for():
    result = samples.test_result()
    ninety = replace(result, origin=replace(result.origin, interval=both("90% t interval", "90% t 신뢰구간")))
    assert [c.head for c in ninety.table().columns][4] == "90% CI"


def test_counts_and_sums_of_ranks_have_no_decimals_that_they_cannot_have():
    """McNemar's 4 discordant pairs are no 4.00; a sum of mid-ranks ends in .0 or .5; chi-squares keep theirs."""
    result = samples.test_result()
    for statistic, df, words in ((4.0, None, "4"), (15.5, None, "15.5"), (4.0, 1.0, "4.00")):
        exact = replace(result, statistic=statistic, df=df, df_denominator=None)
        assert shown(exact.table())[0][1] == words


def test_where_everybody_answered_the_base_is_said_once():
    result = samples.frequencies()
    complete = replace(result, detail={"missing": (), "domain_n": 57})
    assert [row.stub for row in complete.table().rows if row.kind == "total"] == ["Base"]


@pytest.mark.parametrize("lang", ["en", "ko"])
@pytest.mark.parametrize("name", samples.ALL)
def test_text_tables_stay_within_a_hundred_columns(name, lang):
    lines = samples.ALL[name]().table(lang).to_text().splitlines()
    assert max(map(text_width, lines)) <= 100
