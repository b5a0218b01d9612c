"""Layouts of descriptions: shares, frequencies, multiple response, means, totals, quantiles."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from ..language import say
from ..results import Estimates
from .bases import alone, base_rows
from .grid import COUNT, PERCENT, Measure, grid, interval, number, varying
from .layouts_crossed import crosstab
from .table import Cell, Format, Row, Table
from .words import word

PERCENT_ENDS = Format("interval", 1, percent=True)


def proportion(result: Estimates, lang: str) -> Table:
    """Answers as rows: n, percent, interval; a base under each group."""
    return _shares(result, lang, [])


def multiple_response(result: Estimates, lang: str) -> Table:
    """Options as rows; percent of respondents and, where known, of the answers given."""
    if len(result.by) == 1:
        return crosstab(result, lang)
    aligned = result.detail.get("share_of_answers")
    if aligned is None:
        return _shares(result, lang, [])
    whole = replace(result, _frame=result.frame.assign(share_of_answers=np.asarray(aligned, float)))
    return _shares(whole, lang, [number(word("share_of_answers", lang), "share_of_answers", PERCENT)])


def _shares(result: Estimates, lang: str, more: Sequence[Measure]) -> Table:
    keys = ("outcome", *result.by, "level")
    measures = [
        number(word("n", lang), "count", COUNT),
        number(word("share" if more else "percent", lang), "estimate", PERCENT),
        interval(result, lang, PERCENT_ENDS),
        *more,
    ]
    if varying(result.frame, keys)[-1:] != ["level"]:
        return grid(result, keys, [*measures, number(word("base", lang), "n", COUNT)], lang)
    notes = [f"{word('answers', lang)}: {result.detail['answers']:,.0f}"] if "answers" in result.detail else []
    return grid(result, keys, measures, lang, lambda rows: base_rows(rows, 0, len(measures), lang), notes)


def frequencies(result: Estimates, lang: str) -> Table:
    """Answers, then those who answered; where some did not, the missing by reason and all of them together."""
    table = proportion(result, lang)
    width = len(table.columns)
    extra = [
        Row(say(reason, lang), alone(Cell(int(n), COUNT), 0, width)) for reason, n in result.detail.get("missing", ())
    ]
    if extra and "domain_n" in result.detail:
        everybody = Cell(int(result.detail["domain_n"]), COUNT)
        extra.append(Row(word("asked", lang), alone(everybody, 0, width), "total"))
    return replace(table, rows=(*table.rows, *extra))


def mean(result: Estimates, lang: str) -> Table:
    """Means with their errors and bases."""
    return _measured(result, lang, word("mean", lang))


def total(result: Estimates, lang: str) -> Table:
    """Totals with their errors and bases."""
    return _measured(result, lang, word("total", lang))


def quantile(result: Estimates, lang: str) -> Table:
    """Quantiles with their errors and bases under each group; of one quantile, a row a group."""
    levels = result.frame["level"]
    if levels.nunique() > 1 or not result.by:
        return _measured(result, lang, word("estimate", lang))
    return _measured(result, lang, result.labels.level(result.frame["outcome"].iloc[0], levels.iloc[0], lang))


def distribution(result: Estimates, lang: str) -> Table:
    """Shares at or below the points; a base under each group."""
    return _shares(result, lang, [])


def _measured(result: Estimates, lang: str, what: str) -> Table:
    decimals = decimals_for(result.frame["estimate"])
    measures = [
        number(word("n", lang), "n", COUNT),
        number(what, "estimate", Format("number", decimals)),
        number(word("se", lang), "se", Format("number", decimals)),
        interval(result, lang, Format("interval", decimals)),
    ]
    return grid(result, ("outcome", *result.by, "level"), measures, lang)


def decimals_for(values: "pd.Series[float]") -> int:
    """Decimals that leave about four digits: 0 from 1000, 1 from 100, else 2."""
    largest = float(np.nanmax(np.abs(values.to_numpy(float)), initial=0))
    return 0 if largest >= 1000 else 1 if largest >= 100 else 2
