"""Rows that rest on two questions, told by one label: "exports / sales", "age · income"."""

from dataclasses import replace

from ..language import LANGUAGES, Text
from ..results import Estimates, Labels

BETWEEN = {"ratio": " / ", "total_by_ratio": " / "}


def paired(result: Estimates) -> Estimates:
    """The same rows, with the two questions of each named together as its outcome; a question with itself once."""
    frame, between = result.frame, BETWEEN.get(result.kind, " · ")
    names = list(zip(frame["outcome"], frame["term"]))
    joined = [first if first == second else f"{first}{between}{second}" for first, second in names]
    words: dict[str, Text] = {
        name: {
            lang: between.join(dict.fromkeys(result.labels.column(question, lang) for question in pair))
            for lang in LANGUAGES
        }
        for name, pair in zip(joined, names)
    }
    labels = Labels({**result.labels.columns, **words}, result.labels.levels)
    return replace(result, _frame=frame.assign(outcome=joined).drop(columns="term"), labels=labels)
