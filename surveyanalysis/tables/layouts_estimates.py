"""Layouts of ratios, spread, design effects, contrasts, differences, standardised estimates and reliability."""

from dataclasses import replace

import numpy as np

from ..language import say
from ..results import Estimates
from .formats import printed
from .grid import COUNT, PERCENT, Measure, P, grid, interval, number
from .layouts_descriptive import decimals_for
from .layouts_models import decimals_by
from .pairs import paired
from .table import Cell, Column, Format, Row, Table
from .words import confidence, foot, subtitle, title, word

TWO = Format("number", 2)
SMALL = (0.1, 0.01)


def ratio(result: Estimates, lang: str) -> Table:
    """Ratios with their errors and bases."""
    whole = paired(result)
    return grid(whole, ("outcome", *whole.by), _measures(whole, lang, "ratio"), lang)


def variance(result: Estimates, lang: str) -> Table:
    """Variances, covariances or standard deviations with their errors and bases."""
    whole = paired(result)
    return grid(whole, ("outcome", *whole.by), _measures(whole, lang, "estimate"), lang)


def correlation(result: Estimates, lang: str) -> Table:
    """Correlations of pairs, with the p-value of none."""
    whole = paired(result)
    measures = [*_measures(whole, lang, "correlation"), number(word("p", lang), "p", P)]
    return grid(whole, ("outcome", *whole.by), measures, lang)


def total_by_ratio(result: Estimates, lang: str) -> Table:
    """Totals of the groups, then of all."""
    groups = result.detail["groups"]
    whole = paired(replace(groups, kind="total_by_ratio", origin=result.origin))
    measures = _measures(whole, lang, "total")
    made = grid(whole, ("outcome", *whole.by), measures, lang)
    if not whole.by:
        return made
    record = result.frame.iloc[0].to_dict()
    return replace(made, rows=(*made.rows, Row(word("all", lang), tuple(m.cell(record) for m in measures), "total")))


def _measures(result: Estimates, lang: str, what: str) -> list[Measure]:
    """Columns n, estimate, SE, interval."""
    decimals = decimals_of(result)
    plain, ends = Format("number", decimals), Format("interval", decimals)
    return [
        number(word("n", lang), "n", COUNT),
        number(word(what, lang), "estimate", plain),
        number(word("se", lang), "se", plain),
        interval(result, lang, ends),
    ]


def decimals_of(result: Estimates) -> int:
    """Decimals by the size of large numbers, by the standard errors of small ones."""
    frame = result.frame
    large = float(np.nanmax(np.abs(frame["estimate"].to_numpy(float)), initial=0)) >= 100
    return decimals_for(frame["estimate"]) if large or "se" not in frame else decimals_by(result, SMALL)


def design_effect(result: Estimates, lang: str) -> Table:
    """The estimates with their errors, then what the design does to them."""
    inner, of = result.detail["estimates"], result.detail["of"]
    frame = result.frame.assign(
        value=inner["estimate"], se=inner["se"], deft=inner["deft"], effective=inner["effective"]
    )
    share = "level" in frame and of == "mean"
    form = PERCENT if share else Format("number", decimals_for(frame["value"]))
    measures = [
        number(word("n", lang), "n", COUNT),
        number(word("percent" if share else of, lang), "value", form),
        number(word("se", lang), "se", form),
        number(word("deff", lang), "estimate", TWO),
        number(word("deft", lang), "deft", TWO),
    ]
    if of == "mean":
        measures.append(number(word("effective", lang), "effective", COUNT))
    return grid(replace(result, _frame=frame), ("outcome", "level", *result.by), measures, lang)


def contrast(result: Estimates, lang: str) -> Table:
    """Functions of estimates by their names; the expressions at the foot."""
    frame = result.frame
    said = "; ".join(f"{name} = {what}" for name, what in zip(frame["outcome"], frame["term"]) if name != what)
    made = grid(result, ("outcome",), _tested(result, lang, "contrast"), lang, notes=[said] if said else [])
    return replace(made, title=say(result.origin.what, lang), subtitle="")


def differences(result: Estimates, lang: str) -> Table:
    """Pairs of groups, with p-values before and after correction."""
    corrected = result.detail["correction"] != "none"
    frame = result.frame.assign(p_plain=result.detail["p"])
    whole, points = replace(result, _frame=frame), result.scale in ("proportion", "probability")
    measures = _tested(whole, lang, "difference_points" if points else "difference", points)
    if corrected:
        measures[3:4] = [number(word("p_plain", lang), "p_plain", P), number(word("p_adjusted", lang), "p", P)]
    made = grid(whole, ("outcome", "level", *result.by, "component", "term"), measures, lang)
    return replace(made, stub_head=word("comparison", lang))


def _tested(result: Estimates, lang: str, what: str, points: bool = False) -> list[Measure]:
    """Columns estimate, SE, t, p, interval."""
    decimals = 1 if points else decimals_of(result)
    finite = bool(np.isfinite(result.frame["df"]).any())
    measures = [
        number(word(what, lang), "estimate", Format("signed" if points else "number", decimals, percent=points)),
        number(word("se", lang), "se", Format("percent" if points else "number", decimals)),
        number(word("t" if finite else "z", lang), "statistic", TWO),
        number(word("p", lang), "p", P),
    ]
    return [*measures, interval(result, lang, Format("interval", decimals, percent=points, between=", "))]


def standardised(result: Estimates, lang: str) -> Table:
    """Means or shares as they are and standardised."""
    share = result.scale == "proportion"
    decimals = 1 if share else decimals_for(result.frame["estimate"])
    plain = PERCENT if share else Format("number", decimals)
    whole = replace(result, _frame=result.frame.assign(crude=result.detail["crude"]))
    measures = [
        number(word("n", lang), "n", COUNT),
        number(word("crude", lang), "crude", plain),
        number(word("standardised", lang), "estimate", plain),
        number(word("se", lang), "se", plain),
        interval(result, lang, Format("interval", decimals, percent=share)),
    ]
    return grid(whole, ("outcome", *result.by, "level") if share else ("outcome", *result.by), measures, lang)


def alpha(result: Estimates, lang: str) -> Table:
    """Items with what each adds, then alpha of all of them."""
    record, items = result.frame.iloc[0].to_dict(), result.detail["items"]
    heads = ("mean", "sd", "rest", "without")
    rows = [
        Row(result.labels.column(str(name), lang), tuple(Cell(item[head], TWO) for head in heads))
        for name, item in items.iterrows()
    ]
    whole = Row(word("alpha", lang), (*(Cell() for _ in heads[1:]), Cell(record["estimate"], TWO)), "total")
    ends = printed(Cell((record["ci_low"], record["ci_high"]), Format("interval", 2)))
    said = f"{word('se', lang)} {printed(Cell(record['se'], Format('number', 3)))}"
    note = f"{word('alpha', lang)}: {said}, {word('interval', lang, c=confidence(result))} {ends}; n = {record['n']:,}"
    columns = tuple(Column(word(head, lang)) for head in heads)
    return Table(
        columns, (*rows, whole), title(result, lang), subtitle(result, lang), word("item", lang),
        (note, *foot(result.origin, lang)), lang,
    )  # fmt: skip
