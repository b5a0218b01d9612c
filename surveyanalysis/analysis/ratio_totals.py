"""Totals through a ratio to something whose total is known."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from ..design.design import Design
from ..design.linearized import carried
from ..errors import ChoiceError, DataError, unknown_level
from ..estimators.fit import Vector
from ..language import LANGUAGES, Text, both, say
from ..results import Estimates
from .bases import Data
from .groups import By, Groups
from .measured import Measured
from .ratios import RATIO, Ratios, ratio_estimates, ratios_of


def total_by_ratio(
    data: Data,
    numerator: str,
    denominator: str,
    *,
    totals: float | Mapping[Any, float],
    by: By = None,
    confidence: float = 0.95,
) -> Estimates:
    """Estimate a population total through the ratio to a question whose population total is known.

    Parameters
    ----------
    data
        Design, or a survey or frame taken as a simple random sample.
    numerator
        Number question whose total is asked for.
    denominator
        Number question whose total is known.
    totals
        The known total: one number (combined ratio estimator); with `by` a mapping from group to number, of several
        questions crossed from tuples (separate ratio estimator: a ratio in each group).
    by
        Group question, such as the strata.

    Returns
    -------
    Estimates
        Kind "total_by_ratio", one row: the total. `detail["groups"]`: the totals of the groups, kind "total", and
        `detail["ratios"]`: their ratios, each with joint covariance.

    Raises
    ------
    ChoiceError
        `totals` is no number, or no mapping where `by` is given; a question holds no numbers.
    LevelError
        `totals` names a group that does not exist.
    DataError
        A group has respondents but no total, or a total but no respondents; the denominator's total in it is zero.
    ColumnError
        A question does not exist.

    Notes
    -----
    sum over groups of T_g r_g, with r_g = sum w y / sum w x in the group; variance T' V T with V the joint covariance
    of the ratios (Cochran 1977, sections 6.10 to 6.12). df are those of the domain. Base: as `ratio`.

    References
    ----------
    R survey ``predict(svyratio(...), total = )``, ``svyratio(separate = TRUE)``.

    Examples
    --------
    >>> import pandas as pd
    >>> firms = pd.DataFrame({"exports": [2.0, 6.0], "sales": [10.0, 30.0]})
    >>> round(total_by_ratio(firms, "exports", "sales", totals=5_000).frame["estimate"].item(), 9)
    1000.0
    """
    if not isinstance(numerator, str) or not isinstance(denominator, str):
        raise ChoiceError("`total_by_ratio` takes one numerator and one denominator; use `ratio` for several.")
    found = ratios_of(data, numerator, denominator, by)
    known = _known_totals(totals, found)
    present = np.flatnonzero(found.measured.n > 0)
    parts = _scaled(found.measured, known)
    groups = ratio_estimates("total", found, parts, both("Total through a ratio", "비추정 총계"), confidence)
    ratios = ratio_estimates("ratio", found, found.measured, RATIO, confidence)
    one = replace(found, groups=Groups((), np.zeros_like(found.groups.codes), 1))
    whole = ratio_estimates("total_by_ratio", one, _summed(parts.take(present), found.used), _what(by), confidence)
    origin = replace(groups.origin, what=whole.origin.what, df=found.used.df)
    note = _told(known, found)
    return replace(whole, origin=origin.with_notes(note), detail={"groups": groups, "ratios": ratios})


def _known_totals(totals: float | Mapping[Any, float], found: Ratios) -> Vector:
    """Known total of every group, shape (G,); NaN where nobody is."""
    groups = found.groups
    if not groups.names:
        return np.array([_one_total(totals)])
    if not isinstance(totals, Mapping):
        raise ChoiceError("`totals` is one number, but `by` is given: give {group: total}, or leave `by` out.")
    levels = groups.keys
    stranger = next((key for key in totals if key not in levels), None)
    if stranger is not None:
        raise unknown_level(stranger, " x ".join(groups.names), levels)
    for level, n in zip(levels, found.measured.n):
        if n > 0 and level not in totals:
            raise DataError(f"`totals` has nothing for the group {level!r}, which has {n} respondent(s).")
        if n == 0 and level in totals:
            raise DataError(
                f"`totals` has a number for the group {level!r}, where nobody answered: merge it with another."
            )
    return np.array([_one_total(totals[key]) if key in totals else np.nan for key in levels])


def _one_total(value: Any) -> float:
    if isinstance(value, int | float | np.number) and not isinstance(value, bool) and np.isfinite(value):
        return float(value)
    raise ChoiceError(f"`totals` holds {value!r}; give the known total as a number, or {{group: number}} with `by`.")


def _scaled(ratios: Measured, totals: Vector) -> Measured:
    """Totals of the groups."""
    covariance = ratios.covariance * np.outer(totals, totals)
    return replace(ratios, estimate=ratios.estimate * totals, covariance=covariance)


def _summed(parts: Measured, used: Design) -> Measured:
    """The sum over groups."""
    ones = np.ones((1, len(parts.estimate)))
    return Measured(
        parts.estimate.sum(keepdims=True),
        carried(ones, parts.covariance),
        np.array([used.df]),
        parts.n.sum(keepdims=True),
        parts.n_weighted.sum(keepdims=True),
        parts.count.sum(keepdims=True),
        np.array([parts.complete.all()]),
        parts.failed,
    )


def _what(by: By) -> Text:
    if by is None:
        return both("Total by the combined ratio estimator", "결합 비추정 총계")
    return both("Total by the separate ratio estimator", "층별 비추정 총계")


def _told(known: Vector, found: Ratios) -> Text:
    """The known totals in one note."""
    label = {lang: found.labels.column(found.denominators[0], lang) for lang in LANGUAGES}
    rows = [(g, total) for g, total in enumerate(known) if np.isfinite(total)]
    said = {lang: ", ".join(f"{_group_label(found, g, lang)}{total:,.10g}" for g, total in rows) for lang in LANGUAGES}
    words = both("known totals of {en}: ", "{ko}의 알려진 총계: ", **label)
    return {lang: say(words, lang) + said[lang] for lang in LANGUAGES}


def _group_label(found: Ratios, g: int, lang: str) -> str:
    """Group as a reader calls it, before its number."""
    names = [found.labels.level(name, levels[g], lang) for name, levels in found.groups.levels.items()]
    return f"{' / '.join(names)} " if names else ""
