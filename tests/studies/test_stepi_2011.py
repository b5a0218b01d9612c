"""The STEPI study: counts by the article, verdicts that can fail."""

import csv

import pytest

import surveyanalysis as sa
from surveyanalysis.studies import load_study, study_folder


@pytest.fixture(scope="module")
def survey():
    return load_study("stepi-2011")


def test_the_bases_are_those_of_the_article(survey):
    assert survey.synthetic
    assert len(survey) == 214
    assert len(sa.Design(survey).where(employer="company")) == 57


@pytest.mark.parametrize(
    ("question", "level", "count", "base"),
    [
        ("willing_korea", [4, 5], 34, 57),
        ("willing_us", [4, 5], 43, 57),
        ("preferred_job", "research", 28, 51),
        ("preferred_job", "planning", 18, 51),
        ("association_support", "sponsorship", 19, 57),
        ("association_support", "database", 16, 57),
    ],
)
def test_the_six_shares_have_the_inferred_counts(survey, question, level, count, base):
    company = sa.Design(survey).where(employer="company")
    row = sa.proportion(company, question, level=level).frame.iloc[0]
    assert (row["count"], row["n"]) == (count, base)


def test_the_wilson_intervals_are_those_of_the_counts(survey):
    """Wilson 95 %: 34/57 [46.7, 71.4], 28/51 [41.4, 67.7], by the formula on the inferred counts."""
    frame = sa.reproduce("stepi-2011", survey).frame.set_index("printed")
    low, high = frame.loc["Sixty percent", ["ci_low", "ci_high"]]
    assert (round(100 * low, 1), round(100 * high, 1)) == (46.7, 71.4)


def test_every_verdict_is_by_construction_and_never_the_same(survey):
    counts = sa.reproduce("stepi-2011", survey).counts
    assert counts["by construction"] == sum(counts.values()) > 0


def test_one_changed_raw_answer_changes_a_verdict(tmp_path):
    """Sponsorship 19/57 = 33.3 becomes 18/57 = 31.6 when one respondent's cell is changed in the raw file."""
    folder = study_folder("stepi-2011")
    with (folder / "raw" / "responses.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    survey = load_study("stepi-2011")
    company = survey.frame[(survey.frame.employer == "company") & (survey.frame.association_support == "sponsorship")]
    key, column = rows[0].index("ResponseId"), rows[0].index("Q18")
    changed = next(row for row in rows if row[key] == company.index[0])
    changed[column] = "Joint research, exchange of people"
    with (tmp_path / "responses.csv").open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(rows)
    other = sa.clean(tmp_path / "responses.csv", folder / "codebook.yaml", folder / "recipe.yaml")
    run = sa.reproduce("stepi-2011", other)
    assert not run.holds
    assert run.counts["differs"] == 1
    assert sa.reproduce("stepi-2011", survey).holds
