"""The committed files of the STEPI study: made by the lines in their README, and clean to the counts of the article.

Oracles: the counts inferred from print (34, 43, 28 of 51, 18 of 51, 19, 16 on a base of 57 among 214), counted here
with pandas; the README's own code, run again; the twin itself.
"""

import re
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from surveyanalysis.cleaning.recipe import clean
from surveyanalysis.codebook.yaml_file import read_codebook
from surveyanalysis.reading.export import read_export
from surveyanalysis.reproduction.published import read_published
from surveyanalysis.reproduction.twin import twin

FOLDER = Path(__file__).resolve().parents[1] / "data" / "stepi_2011"
FILES = ("responses.csv", "responses_cp949.csv")


@pytest.fixture(scope="module")
def people():
    return twin(FOLDER / "codebook.yaml", FOLDER / "published.yaml", n=214, seed=2011)


@pytest.fixture(scope="module", params=FILES)
def cleaned(request):
    return clean(read_export(FOLDER / "raw" / request.param), FOLDER / "codebook.yaml", FOLDER / "recipe.yaml")


def test_the_lines_of_the_readme_write_the_committed_bytes(tmp_path):
    lines = re.search(r"```python\n(.*?)```", (FOLDER / "README.md").read_text(encoding="utf-8"), re.DOTALL).group(1)
    copy = tmp_path / "stepi_2011"
    shutil.copytree(FOLDER, copy, ignore=shutil.ignore_patterns("raw"))
    exec(lines.replace('"data/stepi_2011"', repr(str(copy))), {})
    for name in FILES:
        assert (copy / "raw" / name).read_bytes() == (FOLDER / "raw" / name).read_bytes(), name


def test_the_recipe_leads_to_the_respondents_of_the_article(cleaned):
    assert len(cleaned) == 214
    assert (cleaned.frame["employer"] == "company").sum() == 57
    assert cleaned.synthetic


@pytest.mark.parametrize(
    ("question", "answers", "count", "base"),
    [
        ("willing_korea", [4, 5], 34, 57),
        ("willing_us", [4, 5], 43, 57),
        ("preferred_job", ["research"], 28, 51),
        ("preferred_job", ["planning"], 18, 51),
        ("association_support", ["sponsorship"], 19, 57),
        ("association_support", ["database"], 16, 57),
    ],
)
def test_the_six_counts_are_exact_after_cleaning(cleaned, question, answers, count, base):
    company = cleaned.frame.loc[cleaned.frame["employer"] == "company", question]
    assert (company.isin(answers).sum(), company.notna().sum()) == (count, base)


def test_the_six_who_name_no_job_gave_no_answer(cleaned):
    silent = (cleaned.frame["employer"] == "company") & cleaned.frame["preferred_job"].isna()
    assert cleaned.reasons.loc[silent, "preferred_job"].tolist() == ["omitted"] * 6


def test_cleaning_gives_the_twin_back(cleaned, people):
    assert_frame_equal(cleaned.frame.reset_index(drop=True), people.frame)
    assert_frame_equal(cleaned.reasons.reset_index(drop=True), people.reasons)


def test_the_case_flow_is_that_of_the_readme(cleaned):
    steps = [n for _, n in cleaned.flow().steps]
    assert [steps[0], steps[-1]] == [243, 214]
    assert [n for _, n in cleaned.flow().drops if n] == [5, 17, 7]


def test_every_file_says_that_the_respondents_are_synthetic():
    assert read_codebook(FOLDER / "codebook.yaml").synthetic and read_published(FOLDER / "published.yaml").synthetic
    assert "synthetic" in (FOLDER / "README.md").read_text(encoding="utf-8")


def test_words_and_codes_are_the_codebooks():
    """Every question and answer in the file of printed numbers is one that was asked."""
    book, published = read_codebook(FOLDER / "codebook.yaml"), read_published(FOLDER / "published.yaml")
    for number in (*published.numbers, *published.margins):
        if number.question:
            assert set(number.codes) <= set(book[number.question].codes)
    assert [n.printed for n in published.numbers] == [
        "214", "57", "Sixty percent", "75 percent", "55 percent", "35.3 percent", "33.3", "28.1",
    ]  # fmt: skip


@pytest.mark.parametrize("companies_only", [False, True])
def test_a_logit_of_interest_has_a_maximum_and_falls_with_years_abroad(people, companies_only):
    """statsmodels' Logit: it warns or raises where outcomes are separated."""
    from statsmodels.discrete.discrete_model import Logit

    frame = people.frame[people.frame["employer"] == "company"] if companies_only else people.frame
    degrees = pd.get_dummies(frame["degree"]).iloc[:, 1:].astype(float)
    x = np.column_stack([np.ones(len(frame)), frame[["age", "years_abroad"]].astype(float), degrees])
    fit = Logit((frame["interested"] == "yes").to_numpy(float), x).fit(disp=False)
    assert fit.mle_retvals["converged"] and np.abs(fit.params).max() < 5
    assert fit.params[2] < 0 and fit.pvalues[2] < 0.05
