"""The synthetic survey of tests/exports in all its layouts, and its truth as a plain table."""

from dataclasses import replace
from pathlib import Path

import pandas as pd

from surveyanalysis.codebook.questions import Binding, Codebook
from surveyanalysis.codebook.yaml_file import read_codebook

EXPORTS = Path(__file__).parent.parent / "exports"
CODEBOOK = Path(__file__).with_name("one_survey.codebook.yaml")
RECIPE = Path(__file__).with_name("one_survey.recipe.yaml")
SPLIT = "qualtrics_ko_choicetext_split.csv"
LAYOUTS = {
    SPLIT: False,
    "qualtrics_ko_choicetext_onecolumn.csv": True,
    "qualtrics_ko_numeric_split_seen-99.csv": False,
    "qualtrics_ko_numeric_onecolumn.csv": True,
    "qualtrics_ko_choicetext_utf16.tsv": False,
}
"""File -> whether the answers to q5 are joined in one column."""


def codebook(joined: bool = False) -> Codebook:
    """The codebook; where answers are joined, q5 is bound to one column."""
    book = read_codebook(CODEBOOK)
    return bound(book, "q5", Binding(column="Q5", join=",")) if joined else book


def bound(book: Codebook, question: str, binding: Binding) -> Codebook:
    """The same codebook with another binding of one question."""
    return replace(book, questions={**book.questions, question: replace(book[question], binding=binding)})


def truth() -> pd.DataFrame:
    """truth.csv as text, one row a respondent."""
    return pd.read_csv(EXPORTS / "truth.csv", dtype="str", keep_default_na=False).set_index("rid")


NAMES = {"gender": "sq1", "birth_year": "sq2", "employer": "sq3", "employer_other": "sq3_other", "q8_won": "q8"}
DONT_KNOW = ("q1", "q2", "q7_1", "q7_2", "q7_3", "q7_4")
ORDER = (
    *[
        "sq1",
        "sq2",
        "sq3",
        "sq3_other",
        "q1",
        "q2",
        "q3",
        "q4",
        "q5",
        "q5_other",
        "q6",
        "q7_1",
        "q7_2",
        "q7_3",
        "q7_4",
        "q8",
        "q9",
        "q10",
    ],
)


def true_answers() -> pd.DataFrame:
    """What the clean frame must hold, as text: "" where missing; q5 as ticks, q6 as the rank of each policy."""
    raw = truth().rename(columns=NAMES)
    held = [c for c in raw if c in ORDER or c.startswith(("q5_", "q7_"))]
    answers = raw[held].copy()
    for name in DONT_KNOW:
        answers[name] = answers[name].replace("8", "")
    for policy in "12345":
        ranks = [[rank for rank in "123" if row[f"q6_r{rank}"] == policy] for row in raw.to_dict("records")]
        answers[f"q6_{policy}"] = ["".join(r) for r in ranks]
    return answers


def true_reasons() -> pd.DataFrame:
    """Why each answer is missing, by the rules that README of the survey states; "" where there is one."""
    raw = truth().rename(columns=NAMES)
    rows = [_reasons_of(row) for row in raw.to_dict("records")]
    return pd.DataFrame(rows, index=raw.index)


def _reasons_of(row: dict[str, str]) -> dict[str, str]:
    held = {name: row.get(name, "") for name in ORDER}
    held["q5"] = "".join(row[f"q5_{i}"] for i in range(1, 7))
    held["q6"] = row["q6_r1"]
    last = max(i for i, name in enumerate(ORDER) if held[name])
    not_asked = {
        "q4": row["q3"] == "2",
        "q9": row["q3"] == "2",
        "sq3_other": row["sq3"] != "9",
        "q5_other": held["q5"] != "" and row["q5_6"] == "0",
    }
    reasons = {}
    for i, name in enumerate(ORDER):
        if not_asked.get(name):
            reason = "na"
        elif row["finished"] == "0" and i > last:
            reason = "notreached"
        elif name in DONT_KNOW and held[name] == "8":
            reason = "dk"
        else:
            reason = "" if held[name] else "omitted"
        reasons[name] = reason
    return reasons
