"""The Copenhagen study: 1,681 residents, every printed cell held, verdicts that can fail."""

import pandas as pd
import pytest

import surveyanalysis as sa
from surveyanalysis.reproduction.compare import compare
from surveyanalysis.studies import find_study, load_study, study_folder


@pytest.fixture(scope="module")
def survey():
    return load_study("copenhagen-housing")


@pytest.fixture(scope="module")
def run(survey):
    return sa.reproduce("copenhagen-housing", survey)


def test_counts_become_persons(survey):
    assert len(survey) == 1681
    assert not survey.synthetic


def test_every_printed_cell_holds(run):
    assert run.holds
    assert len(run.rows) >= 52
    assert run.counts["same"] >= 52


def test_one_changed_printed_cell_differs(survey, tmp_path):
    text = (study_folder("copenhagen-housing") / "published.yaml").read_text(encoding="utf-8")
    assert text.count('"1.289"') == 1
    (tmp_path / "published.yaml").write_text(text.replace('"1.289"', '"1.298"'), encoding="utf-8")
    published = sa.read_published(tmp_path / "published.yaml")
    changed = compare(published, find_study("copenhagen-housing").computed(survey, published), synthetic=False)
    assert changed.counts["differs"] == 1
    assert not changed.holds


def test_one_changed_resident_changes_verdicts(survey):
    frame = survey.frame
    frame["satisfaction"] = frame["satisfaction"].where(frame.index != frame.index[0], "High")
    moved = sa.Survey.from_frame(frame, survey.codebook)
    assert (frame["satisfaction"] != survey.frame["satisfaction"]).sum() == 1
    assert not sa.reproduce("copenhagen-housing", moved).holds


def test_the_counts_are_those_of_the_table(survey):
    """Madsen's table, first cells: low influence, tower, low contact: 21 low, 21 medium, 28 high."""
    table = pd.read_csv(study_folder("copenhagen-housing") / "counts.csv")
    cell = survey.frame.query("influence == 'Low' and type == 'Tower' and contact == 'Low'")
    assert cell["satisfaction"].value_counts(sort=False).tolist() == [21, 21, 28]
    assert table["Freq"].sum() == len(survey)


def test_the_cards_are_counted_from_the_survey(survey):
    cards = find_study("copenhagen-housing").cards(survey)
    table = pd.read_csv(study_folder("copenhagen-housing") / "counts.csv")
    assert [number for number, _ in cards] == [f"{table['Freq'].sum():,}", str((table["Freq"] > 0).sum()), "2"]
