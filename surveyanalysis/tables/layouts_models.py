"""Layouts of models: coefficients, effects, predictions, tests."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ..language import say
from ..results import Estimates, Test
from .formats import printed
from .grid import Measure, P, grid, interval, number
from .table import Cell, Column, Format, Row, Table
from .words import confidence, effect_label, foot, questions_asked, word

TWO = Format("number", 2)
RATIOS = ("odds_ratio", "risk_ratio", "rate_ratio")
LIKELIHOODS = ("loglik", "loglik_penalised", "loglik_null", "deviance", "aic", "bic")
SHARES_OF_FIT = ("mcfadden", "pseudo_r2", "r2", "adjusted_r2")
IN_THE_NAME = ("draws", "seed", "monte_carlo_se")
"""Numbers of a test that its name says already."""
NOT_PRINTED = ("dispersion", "deviance_null", "pearson_chi2")
"""Numbers of a fit that papers do not print."""


def coefficients(result: Estimates, lang: str) -> Table:
    """Slopes, then thresholds as a group of their own; the fit at the foot."""
    decimals = decimals_by(result, (0.1, 0.01))
    plain = Format("number", decimals)
    both_ends = Format("interval", decimals, between="–" if result.scale in RATIOS else ", ")
    measures = [
        number(word(result.scale, lang), "estimate", plain),
        number(word("se", lang), "se", plain),
        *_tested(result, lang),
        interval(result, lang, both_ends),
    ]
    return grid(
        result,
        ("outcome", "level", *result.by, "component", "term"),
        measures,
        lang,
        notes=fit_lines(result.extra, lang),
    )


def _tested(result: Estimates, lang: str) -> list[Measure]:
    """Columns of the statistic (z, or t with finite degrees of freedom) and its p-value, where the frame has them."""
    frame = result.frame
    if "statistic" not in frame or frame["statistic"].isna().all():
        return []
    finite = "df" in frame and bool(np.isfinite(frame["df"]).any())
    head = word("t" if finite else "z", lang)
    return [number(head, "statistic", TWO), number(word("p", lang), "p", P)]


def fit_lines(extra: Mapping[str, Any], lang: str) -> list[str]:
    """Named numbers of a fit in one line: "n = 57; log-likelihood = −34.20; AIC = 78.40"."""
    parts = []
    for name, value in extra.items():
        if name in NOT_PRINTED or (name == "n_weighted" and value == extra.get("n")):
            continue
        whole = float(value).is_integer() and name not in LIKELIHOODS
        form = (
            P
            if name == "p" or name.endswith("_p")
            else Format("integer")
            if whole
            else Format("number", 3 if name in SHARES_OF_FIT else 2)
        )
        shown = printed(Cell(value, form))
        if shown:
            parts.append(f"{word(name, lang)} = {shown}".replace("= <", "< "))
    return ["; ".join(parts)] if parts else []


def decimals_by(result: Estimates, bounds: Sequence[float]) -> int:
    """Decimals of a column: two, and one more for each bound that the smallest standard error stays under.

    Errors of ratios count on the log scale.
    """
    frame = result.frame
    errors = (frame["se"] / frame["estimate"] if result.scale in RATIOS else frame["se"]).to_numpy(float)
    seen = errors[np.isfinite(errors) & (errors > 0)]
    return 2 + sum(bool(seen.min(initial=1.0) < bound) for bound in bounds)


def bounds_of(result: Estimates) -> tuple[float, ...]:
    """Standard errors under which effects get one decimal more, and one more: those of risk ratios are small."""
    return {"effect": (0.005,), "risk_ratio": (0.01,)}.get(result.scale, (0.1, 0.01))


def effects(result: Estimates, lang: str) -> Table:
    """Differences in probability, in percentage points; ratios of probabilities; effects on means, in their units."""
    if result.scale != "effect":
        return _effects_as_numbers(result, lang)
    decimals = decimals_by(result, bounds_of(result)) - 1
    measures = [
        number(word("effect", lang), "estimate", Format("signed", decimals, percent=True)),
        number(word("se", lang), "se", Format("percent", decimals)),
        *_tested(result, lang),
        interval(result, lang, Format("interval", decimals, percent=True, between=", ")),
    ]
    return grid(result, _keys(result), measures, lang)


def _keys(result: Estimates) -> tuple[str, ...]:
    """What tells effects apart: the term alone where the outcome has one level."""
    frame = result.frame
    one = "level" not in frame or frame["level"].nunique() == 1
    return ("outcome", *result.by, "term") if one else ("outcome", *result.by, "term", "level")


def _effects_as_numbers(result: Estimates, lang: str) -> Table:
    """Ratios of probabilities, or effects on means in their units."""
    decimals, ratio = decimals_by(result, bounds_of(result)), result.scale in RATIOS
    plain = Format("number", decimals)
    measures = [
        number(word(result.scale if ratio else "effect_plain", lang), "estimate", plain),
        number(word("se", lang), "se", plain),
        *_tested(result, lang),
        interval(result, lang, Format("interval", decimals, between="–" if ratio else ", ")),
    ]
    return grid(result, _keys(result), measures, lang)


def predictions(result: Estimates, lang: str) -> Table:
    """Predicted probabilities over a grid; means and linear predictors as numbers."""
    if result.scale != "probability":
        decimals = decimals_by(result, (0.1, 0.01))
        plain = Format("number", decimals)
        measures = [
            number(word(result.scale, lang), "estimate", plain),
            number(word("se", lang), "se", plain),
            interval(result, lang, Format("interval", decimals, between=", ")),
        ]
        return grid(result, ("outcome", *result.by, "level"), measures, lang)
    measures = [
        number(word("probability", lang), "estimate", Format("percent")),
        number(word("se", lang), "se", Format("percent", 1)),
        interval(result, lang, Format("interval", 1, percent=True)),
    ]
    return grid(result, ("outcome", *result.by, "level"), measures, lang)


def test(result: Test, lang: str) -> Table:
    """One row: statistic, degrees of freedom, p, effect with its interval, n."""
    cells: list[tuple[str, Cell]] = [
        (word("statistic", lang), Cell(result.statistic, _counted(result))),
        (word("df", lang), Cell(*_degrees(result))),
        (word("p", lang), Cell(result.p, P)),
        (effect_label(result.effect_name, lang), Cell(result.effect, TWO)),
        (word("interval", lang, c=confidence(result)), Cell(result.effect_ci, Format("interval", 2, between=", "))),
        (word("n", lang), Cell(result.n or None, Format("integer"))),
    ]
    shown = [(head, cell) for head, cell in cells if printed(cell, lang)]
    columns = tuple(Column(head) for head, _ in shown)
    rows = (Row(say(result.name, lang), tuple(cell for _, cell in shown)),)
    told = {n: value for n, value in result.extra.items() if n not in IN_THE_NAME and not n.startswith("deff_")}
    notes = (*fit_lines(told, lang), *foot(result.origin, lang))
    asked = questions_asked(result.origin, lang)
    return Table(columns, rows, asked, stub_head=word("test", lang), notes=notes, lang=lang)


def _counted(result: Test) -> Format:
    """Two decimals; of exact tests, whose statistics are counts or sums of ranks, those that there are."""
    exact = result.df is None and float(2 * result.statistic).is_integer()
    return Format("number", 0 if float(result.statistic).is_integer() else 1) if exact else TWO


def _degrees(result: Test) -> tuple[Any, Format]:
    """Degrees of freedom; both where the statistic is an F."""
    if result.df is None or result.df_denominator is None:
        return result.df, _whole_or(result.df)
    pair: Sequence[float] = (result.df, result.df_denominator)
    return tuple(pair), Format("interval", max(_whole_or(d).decimals for d in pair), between=", ")


def _whole_or(value: float | None) -> Format:
    whole = value is None or float(value).is_integer() or np.isinf(value)
    return Format("number", 0 if whole else 1)
