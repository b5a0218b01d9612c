"""Steps that adjust weights, from what a researcher says to what the variance needs."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from ..errors import DesignError, one_of
from ..estimators.fit import Matrix, Vector
from ..language import Text, both
from ..survey import Survey
from .calibrating import calibrate
from .columns import listed, numbers_of
from .distances import METHODS as DISTANCES
from .distances import Bounds, Method
from .margin_columns import KnownMargin, Questions, Totals, known_margin
from .nonresponse import class_adjustment
from .raking import post_stratify, rake
from .steps import Cells, Raked, Regression, Responded, Step
from .trimming import trim

WORDS = {
    "linear": both("linear", "선형"),
    "raking": both("raking", "레이킹"),
    "logit": both("logit", "로짓"),
}


def post_stratification(survey: Survey, weights: Vector, questions: Questions, totals: Totals) -> Step:
    """Every cell scaled to its total."""
    margin = known_margin(survey, questions, totals, weights)

    def reweigh(w: Vector) -> Vector:
        return post_stratify(margin.codes, margin.totals, w, margin.levels, name=margin.name)

    words = both("post-stratified by {q}", "{q} 사후층화", q=margin.name)
    parts = _margin_parts([margin], words, reweigh, weights)
    return Cells(**parts, cell=np.maximum(margin.codes, 0), count=len(margin.levels))


def raking(survey: Survey, weights: Vector, margins: Mapping[Any, Totals], tolerance: float, iterations: int) -> Step:
    """Weights scaled until every margin has its totals."""
    if len(margins) < 2:
        raise DesignError("Raking needs two margins or more. For one, use `post_stratified`.")
    known = [known_margin(survey, questions, totals, weights) for questions, totals in margins.items()]

    def reweigh(w: Vector) -> Vector:
        codes, totals = [m.codes for m in known], [m.totals for m in known]
        names = [(m.name, m.levels) for m in known]
        return rake(codes, totals, w, names, tolerance=tolerance, iterations=iterations).weights

    words = both("raked to {q}", "{q} 레이킹", q=", ".join(m.name for m in known))
    parts = _margin_parts(known, words, reweigh, weights)
    cells = tuple(np.maximum(m.codes, 0) for m in known)
    return Raked(**parts, cells=cells, counts=tuple(len(m.levels) for m in known))


def calibration(
    survey: Survey,
    weights: Vector,
    margins: Mapping[Any, Totals | float],
    method: Method,
    bounds: Bounds | None,
    population: float | None,
) -> Step:
    """Weights changed as little as possible to meet totals of categories and numbers."""
    one_of(method, DISTANCES, "method")
    if not margins:
        raise DesignError("`margins` is empty: give {question: {level: people}} or {question: total}.")
    columns, totals, names = [], [], []
    if population is not None:
        columns, totals, names = [np.ones((len(survey), 1))], [np.array([float(population)])], [["population"]]
    for question, given in margins.items():
        x, total, name = _covariate(survey, question, given, weights)
        columns.append(x)
        totals.append(total)
        names.append(name)
    x, wanted, flat = np.hstack(columns), np.concatenate(totals), [name for group in names for name in group]

    def reweigh(w: Vector) -> Vector:
        return calibrate(x, wanted, w, names=flat, method=method, bounds=bounds).weights

    said = ", ".join(" x ".join(q) if isinstance(q, tuple) else str(q) for q in margins)
    within = f", {bounds[0]:g}–{bounds[1]:g}" if bounds else ""
    words = {
        "en": f"calibrated ({WORDS[method]['en']}{within}) to {said}",
        "ko": f"{said} 보정({WORDS[method]['ko']}{within})",
    }
    after = reweigh(weights)
    return Regression(words, reweigh, weights, after, tuple(flat), wanted, lambda w: w @ x, x=x)


def _covariate(survey: Survey, question: Any, given: Any, weights: Vector) -> tuple[Matrix, Vector, list[str]]:
    """Columns, totals and names of one margin of a calibration."""
    if isinstance(given, Mapping | pd.Series):
        margin = known_margin(survey, question, given, weights)
        return margin.indicators(), margin.totals, margin.names
    column = survey.column(question, "margins")
    if isinstance(column.dtype, pd.CategoricalDtype) or not isinstance(given, int | float | np.number):
        raise DesignError(
            f"`margins` gives {given!r} for {question!r} ({column.dtype}). Give {{level: people}} for categories, one "
            "total for a number."
        )
    values = numbers_of(column, "margins")
    wrong = ~np.isfinite(values) & (weights != 0)
    if wrong.any():
        raise DesignError(f"{question!r} is missing or no number for {listed(column.index, wrong)}.")
    return np.where(np.isfinite(values), values, 0.0)[:, None], np.array([float(given)]), [str(question)]


def _margin_parts(margins: Sequence[KnownMargin], words: Text, reweigh: Any, weights: Vector) -> dict[str, Any]:
    """What steps on margins of categories share."""

    def totals(w: Vector) -> Vector:
        return np.concatenate([np.bincount(np.maximum(m.codes, 0), w, len(m.levels)) for m in margins])

    return {
        "words": words,
        "reweigh": reweigh,
        "before": weights,
        "after": reweigh(weights),
        "names": tuple(name for margin in margins for name in margin.names),
        "wanted": np.concatenate([margin.totals for margin in margins]),
        "totals": totals,
    }


def trimming(weights: Vector, lower: float, upper: float, strict: bool) -> Step:
    """Weights cut at bounds."""

    def reweigh(w: Vector) -> Vector:
        return trim(w, lower, upper, strict)

    after = reweigh(weights)
    cut = int(((weights < lower) | (weights > upper)).sum())
    words = both("{k} weights trimmed to {a:g}–{b:g}", "가중치 {k}개를 {a:g}~{b:g}로 절사", k=cut, a=lower, b=upper)
    return Step(words, reweigh, weights, after, **_whole(weights))


def nonresponse(survey: Survey, weights: Vector, responded: str, classes: Questions | None) -> Step:
    """Respondents carry the weights of their class."""
    answered = _yes(survey, responded, weights)
    codes, names, said = _classes(survey, classes, weights)

    def reweigh(w: Vector) -> Vector:
        return class_adjustment(w, codes, answered, names, name=said or "class")

    after = reweigh(weights)
    words = both("non-response adjusted in {k} classes{en}", "무응답 조정({k}개 집단{ko})", k=len(names),
                 en=f" ({said})" if said else "", ko=f", {said}" if said else "")  # fmt: skip
    return Responded(
        words, reweigh, weights, after, **_whole(weights), cell=np.maximum(codes, 0), count=len(names),
        responded=answered.astype(float),
    )  # fmt: skip


def _classes(survey: Survey, classes: Questions | None, weights: Vector) -> tuple[Any, list[str], str]:
    """Weighting class of each row, the classes' names, and what they are of."""
    if classes is None:
        return np.zeros(len(survey), np.intp), ["everybody"], ""
    listed_names = [classes] if isinstance(classes, str) else list(classes)
    columns = [survey.column(name, "classes") for name in listed_names]
    for column in columns:
        absent = column.isna().to_numpy() & (weights != 0)
        if absent.any():
            raise DesignError(f"`classes`: {column.name!r} is missing for {listed(column.index, absent)}. Fill it in.")
    texts = [column.astype(str) for column in columns]
    keys = texts[0] if len(texts) == 1 else texts[0].str.cat(texts[1:], sep=" / ")
    codes, names = pd.factorize(keys, sort=True)
    return codes.astype(np.intp), [str(name) for name in names], " x ".join(listed_names)


def _yes(survey: Survey, name: str, weights: Vector) -> Any:
    """A yes/no column as true or false of each row."""
    column = survey.column(name, "responded")
    wrong = column.isna().to_numpy() & (weights != 0)
    values = pd.unique(column.dropna())
    if wrong.any() or not all(value in (0, 1) for value in values):
        what = f"is missing for {listed(column.index, wrong)}" if wrong.any() else f"holds {list(values[:3])!r}"
        raise DesignError(f"Column {name!r} {what}; it must say yes or no (True/False, 1/0) of everybody drawn.")
    return column.fillna(False).to_numpy(bool)


def multiplicity(survey: Survey, weights: Vector, frames: str | Sequence[str]) -> Step:
    """Weights divided by the number of frames that respondents are in."""
    if isinstance(frames, str):
        column = survey.column(frames, "frames")
        number = numbers_of(column, "frames")
    else:
        number = np.sum([_yes(survey, name, weights).astype(float) for name in frames], axis=0)
    wrong = ~(number >= 1) & (weights != 0)
    if wrong.any():
        raise DesignError(
            f"`frames`: {listed(survey.frame.index, wrong)} are in no frame, or in an unknown number: they could not "
            "have been reached. Correct the columns."
        )
    number = np.where(number >= 1, number, 1.0)
    said = frames if isinstance(frames, str) else ", ".join(frames)
    words = both("divided by the number of frames ({q})", "추출틀 중복 수로 나눔({q})", q=said)
    return Step(words, lambda w: w / number, weights, weights / number, **_whole(weights))


def _whole(weights: Vector) -> dict[str, Any]:
    """The only margin of steps that know none: the sum of weights."""
    return {"names": ("sum of weights",), "wanted": np.array([np.nan]), "totals": lambda w: np.array([w.sum()])}
