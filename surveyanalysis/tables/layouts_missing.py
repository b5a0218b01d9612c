"""Layouts of missing answers, imputations, and what judges them."""

from typing import Any

from ..language import say
from ..results import Estimates
from .grid import COUNT, PERCENT, grid, interval, number, records
from .layouts_models import decimals_by
from .table import Cell, Column, Format, Row, Table
from .words import foot, level_label, word

PATTERNS = 10
"""Combinations that a table lists."""
TWO, THREE = Format("number", 2), Format("number", 3)


def missing_map(result: Any, lang: str) -> Table:
    """Questions as rows, reasons as columns; the commonest combinations under them."""
    heads = [Column(word("asked_n", lang)), *(Column(say(label, lang)) for label in result.reasons.values())]
    heads += [Column(word(name, lang)) for name in ("missing_n", "missing_share", "not_asked")]
    names = ["asked", *(f"reason:{reason}" for reason in result.reasons), "missing", "share", "not_asked"]
    if len(result.reasons) == 1:  # the reason's column would repeat the next one
        heads, names = [heads[0], *heads[2:]], [names[0], *names[2:]]
    rows = [
        Row(
            result.labels.column(record["question"], lang),
            tuple(Cell(record[name], PERCENT if name == "share" else COUNT) for name in names),
        )
        for record in records(result.frame)
    ]
    at = names.index("missing")
    rows += [Row(word("patterns", lang), kind="group"), *_patterns(result, at, len(names), lang)]
    return _table(result, heads, rows, lang)


def _patterns(result: Any, at: int, width: int, lang: str) -> list[Row]:
    """Combinations with their numbers of respondents, in the column of missing answers."""
    rows = []
    for record in records(result.patterns.head(PATTERNS)):
        lacking = [result.labels.column(name, lang) for name, owed in record.items() if name != "n" and owed]
        words = ", ".join(lacking) or word("no_missing", lang)
        rows.append(Row(words, _alone(record["n"], at, width), indent=1))
    rest = result.patterns.iloc[PATTERNS:]
    if len(rest):
        words = word("other_patterns", lang, k=len(rest))
        rows.append(Row(words, _alone(int(rest["n"].sum()), at, width), indent=1))
    return rows


def _alone(value: int, at: int, width: int) -> tuple[Cell, ...]:
    return tuple(Cell(value, COUNT) if i == at else Cell() for i in range(width))


def imputed(result: Any, lang: str) -> Table:
    """Filled questions with their equations and numbers."""
    names = (("asked", "asked_n", COUNT), ("answered", "answered_n", COUNT), ("imputed", "imputed_n", COUNT),
             ("share", "missing_share", PERCENT), ("not_asked", "not_asked", COUNT),
             ("predictors", "predictor_columns", COUNT))  # fmt: skip
    rows = [
        Row(
            result.labels.column(record["question"], lang),
            (Cell(word(record["equation"], lang)), *(Cell(record[name], form) for name, _, form in names)),
        )
        for record in records(result.frame)
    ]
    heads = [Column(word("equation", lang), "left"), *(Column(word(head, lang)) for _, head, _ in names)]
    return _table(result, heads, rows, lang)


def convergence(result: Any, lang: str) -> Table:
    """Questions with what was traced and the ratio of spreads."""
    rows = [
        Row(result.labels.column(name, lang), (Cell(say(result.measured[name], lang)), Cell(ratio, TWO)))
        for name, ratio in result.ratios.items()
    ]
    return _table(result, [Column(word("traced", lang), "left"), Column(word("spread_ratio", lang))], rows, lang)


def plausibility(result: Any, lang: str) -> Table:
    """Shares of answers given and filled, question by question."""
    rows: list[Row] = []
    for name, part in result.frame.groupby("question", sort=False):
        rows.append(Row(result.labels.column(str(name), lang), kind="group"))
        for record in records(part):
            ends = Cell((record["low"], record["high"]), Format("interval", 1, percent=True))
            cells = (Cell(record["observed"], PERCENT), Cell(record["imputed"], PERCENT), ends)
            rows.append(Row(level_label(result, str(name), record["level"], lang), cells, indent=1))
    heads = [Column(word(head, lang)) for head in ("observed_answers", "filled_answers", "over_imputations")]
    return _table(result, heads, rows, lang)


def information(result: Any, lang: str) -> Table:
    """Where the variance of pooled estimates comes from."""
    names = (("within", "within_variance", Format("number", 5)), ("between", "between_variance", Format("number", 5)),
             ("increase", "increase", TWO), ("fmi", "fmi", TWO), ("df", "df", Format("number", 1)))  # fmt: skip
    rows = [
        Row(result.words(record, lang), tuple(Cell(record[name], form) for name, _, form in names))
        for record in records(result.frame)
    ]
    return _table(result, [Column(word(head, lang)) for _, head, _ in names], rows, lang)


def sensitivity(result: Estimates, lang: str) -> Table:
    """Assumptions as rows."""
    share = result.scale == "proportion"
    decimals = 1 if share else decimals_by(result, (0.1, 0.01))
    plain = Format("percent" if share else "number", decimals)
    measures = [
        number(word("n", lang), "n", COUNT),
        number(word("percent" if share else "mean", lang), "estimate", plain),
        number(word("se", lang), "se", plain),
        interval(result, lang, Format("interval", decimals, percent=share, between="–" if share else ", ")),
    ]
    return grid(result, ("outcome", "level", "component"), measures, lang)


def _table(result: Any, heads: list[Column], rows: list[Row], lang: str) -> Table:
    """A table of questions, titled by what it shows."""
    what, notes = say(result.origin.what, lang), tuple(foot(result.origin, lang))
    return Table(tuple(heads), tuple(rows), what, "", word("question", lang), notes, lang)
