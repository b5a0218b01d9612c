"""One number under several assumptions on those who did not answer, side by side."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..analysis.bases import Data, answered
from ..analysis.groups import labels_with, one_column
from ..analysis.measured import Measured, averages, measured_frame
from ..analysis.origins import interval_words, origin_of
from ..analysis.shares import counted_together
from ..analysis.variables import categories, column_words, is_categorical, is_scored, numbers
from ..design.design import Design, as_design
from ..errors import ChoiceError, DataError
from ..estimators.fit import Vector
from ..intervals import check_confidence, proportion_interval, t_interval
from ..language import Text, both, say
from ..results import Estimates, Labels, estimates_frame
from .answers import columns_named, owes
from .impute import impute
from .imputed import Imputed
from .pool import pool
from .pooled import Pooled
from .weighted import response_weighted

ROWS = ("complete_cases", "weighted", "imputed", "lowest", "highest")
ASSUMED = both(
    "complete cases: answering depends on nothing; weighted and imputed: on {{by}} only; lowest and highest: whatever "
    "those who did not answer would have said",
    "완전응답: 무응답이 무작위; 가중·대체: 무응답이 {{by}}에만 의존; 최소·최대: 무응답자의 답에 대한 가정 없음",
)


@dataclass(frozen=True, eq=False)
class Asked:
    """The number that is estimated.

    Attributes
    ----------
    name, level
        Question, and the answer whose share it is; None for a mean.
    low, high
        Least and largest value of an answer.
    owed
        Who was asked and did not answer, shape (n,).
    """

    name: str
    level: Any
    low: float
    high: float
    owed: NDArray[np.bool_]
    labels: Labels

    def values(self, design: Design) -> Vector:
        """The value of every answer in a design, shape (n,)."""
        if self.level is None:
            return _scored(design, self.name)
        found = categories(design.survey, self.name)
        at, _, _ = counted_together(found, self.level, self.labels)
        return np.where(found.codes < 0, np.nan, np.isin(found.codes, at).astype(float))

    @property
    def share(self) -> bool:
        """Whether it is a share."""
        return self.level is not None


def missing_sensitivity(
    data: Data,
    question: str,
    *,
    explained_by: str | Sequence[str],
    level: Any = None,
    imputed: Imputed | None = None,
    bounds: tuple[float, float] | None = None,
    m: int = 20,
    iterations: int = 10,
    seed: int = 1,
    confidence: float = 0.95,
) -> Estimates:
    """Estimate one share or mean under several assumptions on those who did not answer.

    Parameters
    ----------
    data
        Design, or a survey or frame taken as a simple random sample.
    question
        A question with missing answers.
    explained_by
        Questions that may explain who answers; they weight and impute.
    level
        The answer, or answers counted together, whose share is estimated; None for the mean of numbers or scores.
    imputed
        Imputations to use; else the question is imputed from `explained_by`, with those of them that are missing.
    bounds
        Least and largest value that an answer can have; those of the codebook or of the scale where it is not given.
    m, iterations, seed
        Of the imputation.

    Returns
    -------
    Estimates
        Kind "missing_sensitivity"; rows by `component`: "complete_cases"; "weighted" by the inverse probability to
        answer; "imputed"; "lowest" and "highest", as if all who did not answer had given the least, the largest value.
        Covariances between rows are not estimated (NaN).

    Raises
    ------
    ChoiceError
        A share needs a `level`, a mean of numbers `bounds`; an answer lies outside them.
    DataError
        Nobody owes an answer.

    Notes
    -----
    Manski (1995) for the bounds: between them lies what the sample would have given with complete answers, whatever is
    assumed. Where weighted and imputed differ much, one of their models is wrong.

    Examples
    --------
    >>> import pandas as pd
    >>> people = pd.DataFrame({"wants": ["yes", "no", "yes", None, "no", "yes", None, "yes", "no", "yes"],
    ...                        "age": [20, 44, 31, 40, 52, 27, 35, 30, 33, 41]})
    >>> found = missing_sensitivity(people, "wants", level="yes", explained_by="age", m=5)
    >>> found.frame[["component", "estimate"]].round(2).iloc[[0, 3, 4]].values.tolist()
    [['complete_cases', 0.62], ['lowest', 0.5], ['highest', 0.7]]
    """
    check_confidence(confidence)
    design = as_design(data)
    by = columns_named(design.survey, explained_by, "explained_by")
    asked = _asked(design, question, level, bounds)
    filled = impute(design, [question, *by], m=m, iterations=iterations, seed=seed) if imputed is None else imputed
    weighted = response_weighted(design, question, explained_by=by)
    values = asked.values(design)
    given = ~np.isnan(values)
    whole = given | asked.owed
    single = [
        _measured(answered(design, given, question), values),
        _measured(answered(weighted, given, question), values),
        *(
            _measured(answered(design, whole, question), np.where(asked.owed, end, values))
            for end in (asked.low, asked.high)
        ),
    ]
    pooled = _pooled(asked, filled, whole, confidence)
    return _joined(design, asked, single, pooled, by, confidence)


def _asked(design: Design, question: str, level: Any, bounds: tuple[float, float] | None) -> Asked:
    """Read what is asked for, and its bounds."""
    survey, name = design.survey, one_column(design.survey, question)
    owed = owes(survey, name) & design.inside & (design.weights != 0)
    if not owed.any():
        raise DataError(f"Nobody who was asked {name!r} left it out: there is nothing to assume.")
    labels = labels_with(survey, {name: ()})
    if level is not None:
        found = categories(survey, name)
        labels = labels_with(survey, {name: found.levels})
        labels = counted_together(found, level, labels)[2]
        return Asked(name, level, 0.0, 1.0, owed, labels)
    seen = _scored(design, name)[design.inside]
    low, high = _bounds(design, name, seen[~np.isnan(seen)], bounds)
    return Asked(name, None, low, high, owed, labels)


def _scored(design: Design, name: str) -> Vector:
    if is_categorical(design.survey, name) and not is_scored(design.survey, name):
        raise ChoiceError(f"{name!r} holds answer categories: say whose share is meant, such as level='yes'.")
    return numbers(design.survey, name)


def _bounds(design: Design, name: str, seen: Vector, bounds: tuple[float, float] | None) -> tuple[float, float]:
    """Least and largest value of an answer: as given, of the scale, or of the codebook."""
    question = design.survey.question(name)
    if bounds is None and is_categorical(design.survey, name):
        codes = categories(design.survey, name).levels
        bounds = (float(min(codes)), float(max(codes)))
    if bounds is None and question.range and not question.to and None not in question.range:
        bounds = question.range
    if bounds is None:
        raise ChoiceError(
            f"`bounds`: the codebook has no range for {name!r}. Say what the least and the largest answer can be, such "
            f"as bounds=({seen.min():g}, {seen.max():g}), those that were given."
        )
    low, high = map(float, bounds)
    if not (low < high and low <= seen.min() and seen.max() <= high):
        raise ChoiceError(
            f"`bounds` is ({low:g}, {high:g}), but answers to {name!r} go from {seen.min():g} to {seen.max():g}."
        )
    return low, high


def _measured(used: Design, values: Vector) -> Measured:
    """One mean."""
    known = np.where(used.inside, values, np.nan)[:, None]
    return averages(used, known, np.zeros(len(values), np.intp), 1)


def _pooled(asked: Asked, imputed: Imputed, whole: NDArray[np.bool_], confidence: float) -> Pooled:
    """The mean of every imputation, pooled."""
    if asked.name not in [one.name for one in imputed.equations]:
        raise ChoiceError(
            f"`imputed` does not fill {asked.name!r}. It fills: {', '.join(e.name for e in imputed.equations)}."
        )

    def one(design: Design) -> Estimates:
        found = _measured(answered(design, whole, asked.name), asked.values(design))
        frame = measured_frame(found, {"outcome": [asked.name]}, counted=False)
        return Estimates(frame, found.covariance, "mean")

    return pool([one(design) for design in imputed.designs], confidence=confidence)


def _joined(
    design: Design, asked: Asked, single: Sequence[Measured], pooled: Pooled, by: Sequence[str], confidence: float
) -> Estimates:
    """All rows as one result."""
    complete, weighted, low, high = single
    middle = pooled.frame.iloc[0]
    n = np.array([complete.n[0], weighted.n[0], middle["n"], low.n[0], high.n[0]], np.int64)
    p = np.array([complete.estimate[0], weighted.estimate[0], middle["estimate"], low.estimate[0], high.estimate[0]])
    se = np.array([complete.se[0], weighted.se[0], middle["se"], low.se[0], high.se[0]])
    df = np.array([complete.df[0], weighted.df[0], middle["df"], low.df[0], high.df[0]], float)
    ends = proportion_interval(p, se, n.astype(float), df, "wilson", confidence) if asked.share else (
        t_interval(p, se, df, confidence))  # fmt: skip
    level = {"level": [_level_name(asked)] * len(ROWS)} if asked.share else {}
    frame = estimates_frame({"outcome": [asked.name] * len(ROWS), **level, "component": list(ROWS), "estimate": p,
                             "se": se, "df": df, "ci_low": ends[0], "ci_high": ends[1], "n": n})  # fmt: skip
    covariance = np.where(np.eye(len(ROWS), dtype=bool), np.diag(se**2), np.nan)
    used = answered(design, ~np.isnan(asked.values(design)), asked.name)
    told = {lang: ", ".join(say(column_words(design.survey, name), lang) for name in by) for lang in ("en", "ko")}
    assumed: Text = {lang: ASSUMED[lang].format(by=told[lang]) for lang in told}
    words = both("Share under assumptions on those who did not answer", "무응답 가정별 비율") if asked.share else (
        both("Mean under assumptions on those who did not answer", "무응답 가정별 평균"))  # fmt: skip
    origin = origin_of(words, design, used, asked.name, notes=(assumed, *pooled.origin.notes),
                       interval=interval_words("wilson" if asked.share else "t", confidence), grouped=True)  # fmt: skip
    return Estimates(frame, covariance, "missing_sensitivity", "proportion" if asked.share else "value",
                     labels=asked.labels, origin=origin, detail={"imputed": pooled})  # fmt: skip


def _level_name(asked: Asked) -> Any:
    """What the answers counted together are called."""
    wanted = list(asked.level) if isinstance(asked.level, list | tuple | set | frozenset) else [asked.level]
    return wanted[0] if len(wanted) == 1 else ", ".join(map(str, wanted))
