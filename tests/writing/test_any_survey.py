"""Random surveys written as exports and cleaned: the oracle is the survey that was written."""

import pytest
from pandas.testing import assert_frame_equal

from surveyanalysis.cleaning.recipe import Recipe, clean
from surveyanalysis.cleaning.steps import step
from surveyanalysis.errors import ChoiceError
from surveyanalysis.reading.export import read_export
from surveyanalysis.writing.mess import Mess
from surveyanalysis.writing.qualtrics import write_export
from tests.writing.random_surveys import random_survey

SEEDS = range(4)


@pytest.fixture(scope="module", params=SEEDS)
def survey(request):
    return random_survey(request.param)


@pytest.mark.parametrize("values", ["labels", "codes"])
def test_whatever_was_asked_cleaning_gives_the_answers_back(survey, values, tmp_path):
    file = write_export(survey, tmp_path / "raw.csv", values=values, languages=survey.codebook.languages)
    found = clean(read_export(file), survey.codebook)
    assert_frame_equal(found.frame.reset_index(drop=True), survey.frame)
    assert_frame_equal(found.reasons.reset_index(drop=True), survey.reasons)


MESS = Mess(tests=3, duplicates=8, break_offs=5, stray=0.3)
TIDY = Recipe(
    [
        step("drop_status"),
        step("drop_duplicates", on=["external_id"], keep="most_complete"),
        step("drop_unfinished"),
        *map(step, ("normalise_text", "map_values", "parse")),
    ]
)


def rows(frame, survey):
    words = [q.id for q in survey.codebook if q.type == "text"]
    return sorted(map(str, frame.drop(columns=words).astype(object).itertuples(index=False)))


def test_mess_is_cleaned_away(survey, tmp_path):
    """Compared as rows in any order: of two equal answers of one person either may be kept."""
    languages = survey.codebook.languages
    export = read_export(write_export(survey, tmp_path / "raw.csv", languages=languages, mess=MESS, seed=3))
    assert len(export) == len(survey) + 3 + 8 + 5
    found = clean(export, survey.codebook, TIDY)
    assert rows(found.frame, survey) == rows(survey.frame, survey)
    assert rows(found.reasons, survey) == rows(survey.reasons, survey)
    said = found.ledger.frame.to_csv() + found.frame.to_csv() + found.ledger.answering.to_csv()
    assert not [word for word in ("example.org", "192.0.2", "198.51.100") if word in said.lower()]


def test_values_are_labels_or_codes(survey, tmp_path):
    with pytest.raises(ChoiceError, match="'labels', 'codes'"):
        write_export(survey, tmp_path / "raw.csv", values="numbers")
