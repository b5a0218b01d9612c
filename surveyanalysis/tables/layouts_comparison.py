"""Layout of several models side by side: a column a model, terms grouped by question, the fit at the foot."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from ..comparisons import ModelColumn, ModelComparison, Step
from ..language import say
from ..results import Estimates
from .bases import EMPTY
from .comparison_notes import notes_of, outcomes, statistic_name, subtitle_of, title_of
from .grid import P, Record, records
from .layouts_models import LIKELIHOODS, RATIOS, SHARES_OF_FIT, TWO, decimals_by
from .table import Cell, Column, Format, Row, Table
from .words import component_label, confidence, level_label, word

HEADLESS = ("slope", "intercept")
"""Components whose rows need no head of their own."""
CHANGES = ("deviance", "mcfadden", "r2")


def model_comparison(result: ModelComparison, lang: str) -> Table:
    """Lay out models as columns."""
    names = outcomes(result, lang)
    shared = len(set(names.values())) == 1
    return Table(
        tuple(_heads(result, {} if shared else names, lang)),
        (*_terms(result, lang), *_fit(result, lang), *_steps(result, lang)),
        title_of(result, lang),
        subtitle_of(result, lang),
        word("term", lang),
        tuple(notes_of(result, lang)),
        lang,
    )


def _heads(result: ModelComparison, names: Mapping[str, str], lang: str) -> Iterator[Column]:
    """Heads of the columns; over them the outcomes where they differ, or models with several columns."""
    wide = result.place == "beside" or any(column.level is not None for column in result.columns)
    for column in result.columns:
        model, outcome = result.models[column.model], names.get(column.model, "")
        level = level_words(model, column, lang)
        if not wide:
            yield Column(column.model, "right", outcome)
            continue
        over = " ".join(part for part in (column.model, outcome) if part)
        if result.place == "under":
            yield Column(level or word(model.scale, lang), "right", over)
            continue
        over = f"{over}: {level}" if level else over
        yield Column(word(model.scale, lang), "right", over)
        yield Column(_second_head(model, result.shown, lang), "right", over)


def level_words(model: Estimates, column: ModelColumn, lang: str) -> str:
    """Words of the level that a column stands for; nothing where the outcome has one."""
    if column.level is None:
        return ""
    return level_label(model, str(model.frame["outcome"].iloc[0]), column.level, lang)


def _second_head(model: Estimates, shown: str, lang: str) -> str:
    if shown == "interval":
        return word("interval", lang, c=confidence(model))
    return word(statistic_name(model) if shown == "t" else shown, lang)


def _terms(result: ModelComparison, lang: str) -> Iterator[Row]:
    """Coefficients, each with its second number under or beside it."""
    looks, frames = _looks(result), {name: records(model.frame) for name, model in result.models.items()}
    before = ""
    for term in result.rows:
        own = term.component if term.component not in HEADLESS else ""
        head = say(term.heading, lang) or (component_label(own, lang) if own else "")
        if head and head != before:
            yield Row(head, kind="group")
        before = head
        found = [
            None if place is None else frames[column.model][place] for column, place in zip(result.columns, term.places)
        ]
        pairs = [_pair(record, look, result) if record else (EMPTY, EMPTY) for record, look in zip(found, looks)]
        indent = int(bool(head))
        if result.place == "beside":
            yield Row(say(term.label, lang), tuple(cell for pair in pairs for cell in pair), indent=indent)
        else:
            yield Row(say(term.label, lang), tuple(first for first, _ in pairs), indent=indent)
            yield Row("", tuple(second for _, second in pairs), indent=indent)


Look = tuple[Format, Format]
"""Formats of an estimate and of its standard error or interval."""


def _looks(result: ModelComparison) -> list[Look]:
    """Formats of each column: as many decimals as the models of its scale and outcome need."""
    alike: dict[tuple[Any, ...], int] = {}
    kinds = {name: (model.scale, model.frame["outcome"].iloc[0]) for name, model in result.models.items()}
    for name, model in result.models.items():
        bounds = (0.005,) if model.scale == "effect" else (0.1, 0.01)
        alike[kinds[name]] = max(alike.get(kinds[name], 0), decimals_by(model, bounds))
    return [_look(kinds[c.model][0], alike[kinds[c.model]], result.shown) for c in result.columns]


def _look(scale: str, decimals: int, shown: str) -> Look:
    percent = scale == "effect"
    plain = Format("signed", decimals - 1, percent=True) if percent else Format("number", decimals)
    if shown == "interval":
        between = "–" if scale in RATIOS else ", "
        return plain, Format("interval", plain.decimals, percent, between, "[]")
    kinds = {"t": TWO, "p": P, "se": Format("percent" if percent else "number", plain.decimals)}
    return plain, replace(kinds[shown], brackets="()")


def _pair(record: Record, look: Look, result: ModelComparison) -> tuple[Cell, Cell]:
    """An estimate with its stars, and the number that stands with it."""
    if result.shown == "interval":
        second: Any = (record.get("ci_low"), record.get("ci_high"))
    else:
        second = record.get({"t": "statistic"}.get(result.shown, result.shown))
    return Cell(record["estimate"], look[0], mark=stars(record.get("p"), result.stars)), Cell(second, look[1])


def stars(p: Any, bounds: Sequence[float]) -> str:
    """One star for each bound that an unrounded p-value is below.

    Examples
    --------
    >>> stars(0.0499999, (0.1, 0.05, 0.01)), stars(0.05, (0.1, 0.05, 0.01))
    ('**', '*')
    """
    return "" if p is None or np.isnan(p) else "*" * sum(p < bound for bound in bounds)


def _fit(result: ModelComparison, lang: str) -> Iterator[Row]:
    """Numbers of each model as a whole, under its first column."""
    if result.statistics:
        yield Row(word("fit", lang), kind="group")
    for name in result.statistics:
        cells = {model: Cell(values.get(name), _fit_format(name, values)) for model, values in result.fit.items()}
        yield Row(_sentence(word({"df": "t_df"}.get(name, name), lang)), _spread(result, cells), indent=1)


def _fit_format(name: str, values: Mapping[str, float]) -> Format:
    if name in LIKELIHOODS:
        return TWO
    if name in (*SHARES_OF_FIT, "adjusted_r2"):
        return Format("number", 3)
    value = values.get(name, 0.0)
    whole = bool(np.isinf(value)) or float(value).is_integer()
    return Format("integer") if whole else Format("number", 1 if name in ("df", "n_weighted") else 2)


def _sentence(words: str) -> str:
    """Words with a capital: "n" is the "N" of a journal."""
    return words[:1].upper() + words[1:]


def _spread(result: ModelComparison, cells: Mapping[str, Cell]) -> tuple[Cell, ...]:
    """One cell a model, in the first of its columns."""
    seen: set[str] = set()
    out: list[Cell] = []
    for column in result.columns:
        out.append(EMPTY if column.model in seen else cells.get(column.model, EMPTY))
        out += [EMPTY] * (result.place == "beside")
        seen.add(column.model)
    return tuple(out)


def _steps(result: ModelComparison, lang: str) -> Iterator[Row]:
    """What each model adds to the one before it: the test, and changes of the fit."""
    if not result.steps:
        return
    yield Row(word("added", lang), kind="group")
    for key in ("wald_f", "wald_chi2", "likelihood_ratio_chi2"):
        tests = {step.model: step.test for step in result.steps if step.statistic == key}
        if tests:
            cells = {n: Cell(t.statistic, TWO, mark=stars(t.p, result.stars)) for n, t in tests.items()}
            yield Row(word(key, lang), _spread(result, cells), indent=1)
    yield Row(word("df", lang), _spread(result, {s.model: _degrees(s) for s in result.steps}), indent=1)
    yield Row(word("p", lang), _spread(result, {s.model: Cell(s.test.p, P) for s in result.steps}), indent=1)
    for name in CHANGES:
        if any(name in step.change for step in result.steps):
            form = Format("signed", 2 if name in LIKELIHOODS else 3)
            cells = {step.model: Cell(step.change.get(name), form) for step in result.steps}
            yield Row(word(f"{name}_change", lang), _spread(result, cells), indent=1)


def _degrees(step: Step) -> Cell:
    """Degrees of freedom; both where the statistic is an F."""
    below = step.test.df_denominator
    if below is None or step.method == "likelihood_ratio":
        return Cell(step.test.df, Format("integer"))
    return Cell((step.test.df, below), Format("interval", 0 if float(below).is_integer() else 1, between=", "))
