"""Results of several imputations become one, by Rubin's rules."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..analysis.multiplicity import adjust_p
from ..analysis.origins import interval_words
from ..errors import ChoiceError
from ..estimators.fit import Matrix, Vector
from ..estimators.pooling import Pooling, pooled
from ..intervals import check_confidence, proportion_interval, t_interval, t_p_values
from ..language import LANGUAGES, Text, both, say
from ..results import KEYS, Estimates, Origin, Test
from .pooled import Pooled
from .words import pooled_notes

SHARES = ("proportion", "frequencies", "crosstab", "multiple_response", "likert", "distribution")
"""Kinds whose estimates are shares from 0 to 1, so that their intervals are Wilson's."""
POOLED = (*SHARES, "mean", "total", "quantile", "ranking", "coefficients", "effects", "predictions", "ratio",
          "total_by_ratio", "variance", "correlation", "contrast", "differences", "standardised", "alpha")  # fmt: skip
"""Kinds whose numbers all can be combined."""
KEPT = ("n", "n_weighted")
"""Numbers of a fit that mean something over imputations."""
DF_RULE = both(
    "degrees of freedom by Barnard and Rubin, a number of its own for each estimate",
    "추정치별 자유도(바너드-루빈)",
)


def pool(results: Sequence[Any], *, df: float | None = None, confidence: float = 0.95) -> Pooled:
    """Combine the results of the same analysis on several imputations by Rubin's rules.

    Parameters
    ----------
    results
        Estimates or models, one for each imputation.
    df
        Degrees of freedom with complete answers: those of the results where it is not given; ``np.inf`` gives the
        degrees of freedom of Rubin (1987).
    confidence
        Level of the intervals.

    Returns
    -------
    Pooled
        The rows of the results. `.information` shows the fraction of missing information; `.test()` tests jointly.

    Raises
    ------
    ChoiceError
        Fewer than two results; results without standard errors, with different rows, or of odds ratios.

    Notes
    -----
    T = W + (1 + 1/m) B. t intervals with the degrees of freedom of Barnard and Rubin (1999); of shares Wilson's, with
    the effective sample size that T leaves (Lott and Reiter 2020 for simple random samples). Pool estimates whose
    distribution is near normal: log-odds, not odds ratios.

    References
    ----------
    Rubin (1987); Barnard and Rubin (1999); Li, Raghunathan and Rubin (1991); Reiter (2007). R mice ``pool``.

    Examples
    --------
    >>> import pandas as pd
    >>> from surveyanalysis.analysis.describe import mean
    >>> filled = [mean(pd.DataFrame({"age": [30.0, 40.0, 50.0, last]}), "age") for last in (38.0, 44.0, 35.0)]
    >>> pool(filled).frame[["estimate", "se", "df"]].round(3)
       estimate     se     df
    0     39.75  4.399  1.806
    """
    check_confidence(confidence)
    found = [_estimates(result, i) for i, result in enumerate(_listed(results))]
    frames = [one.frame for one in found]
    _refuse_different(found, frames)
    estimates = np.array([one["estimate"].to_numpy(float) for one in frames])
    return combined(found, estimates, np.array([one.covariance for one in found]), df, confidence)


def combined(
    found: Sequence[Estimates], estimates: Matrix, covariances: NDArray[np.float64], df: float | None, confidence: float
) -> Pooled:
    """Estimates (m, k) and their covariances (m, k, k) as one result.

    Parameters
    ----------
    found
        Where they come from: the result of every imputation, or one that stands for all.
    """
    frames = [one.frame for one in found]
    frame = frames[0].copy()
    rules = pooled(estimates, covariances, _complete_df(frames, df))
    _put(frame, frames, rules, confidence, _wilson(found[0]))
    detail = _details([one.detail for one in found], df, confidence)
    if "correction" in detail:
        detail["p"] = frame["p"].to_numpy(float)
        frame["p"] = adjust_p(frame["p"], detail["correction"])
    first = found[0]
    extra = {**{key: first.extra[key] for key in KEPT if key in first.extra}, "m": rules.m}
    return Pooled(
        frame, rules.total, first.kind, first.scale, first.by, first.labels, _origin(found, rules, confidence), extra,
        detail, pooling=rules, confidence=confidence,
    )  # fmt: skip


def _complete_df(frames: Sequence[pd.DataFrame], df: float | None) -> Vector:
    """Degrees of freedom with complete answers, one a row."""
    if df is not None:
        return np.full(len(frames[0]), float(df))
    return np.asarray(np.mean([frame["df"].to_numpy(float) for frame in frames], axis=0), float)


def _listed(results: Sequence[Any]) -> list[Any]:
    listed = list(results)
    if len(listed) < 2:
        raise ChoiceError(f"`results` holds {len(listed)}: Rubin's rules need the results of two imputations or more.")
    return listed


def _estimates(result: Any, i: int) -> Estimates:
    """The estimates of a result or a model."""
    found = result if isinstance(result, Estimates) else getattr(result, "estimates", None)
    if not isinstance(found, Estimates):
        more = " Tests are not averaged: pool the model, and use pooled.test(...)." if isinstance(result, Test) else ""
        raise ChoiceError(f"Result {i + 1} is a {type(result).__name__}; estimates or a model are needed.{more}")
    if found.kind not in POOLED or not {"se", "df"} <= {*found._frame}:
        raise ChoiceError(
            f"A result of kind {found.kind!r} has numbers that Rubin's rules do not combine. They combine estimates "
            f"with standard errors: {', '.join(POOLED)}."
        )
    if found.scale == "odds_ratio":
        raise ChoiceError("Odds ratios are not averaged: pool the model, then use pooled.exponentiate().")
    return found


def _refuse_different(found: Sequence[Estimates], frames: Sequence[pd.DataFrame]) -> None:
    """All imputations must estimate the same."""
    names = [n for n in (*KEYS[:2], *found[0].by, *KEYS[2:]) if n in frames[0]]
    columns = [[frame[name].tolist() for name in names if name in frame] for frame in frames]
    for i, own in enumerate(columns):
        if own != columns[0] or found[i].kind != found[0].kind:
            first, other = ([tuple(map(str, row)) for row in zip(*part)] for part in (columns[0], own))
            odd = next((key for key in (*first, *other) if (key in first) != (key in other)), ("their order",))
            raise ChoiceError(
                f"Results 1 and {i + 1} differ in their rows: {' / '.join(odd)}. Every imputation must give the same "
                "rows; where a rare answer occurs in some imputations only, merge it with another first."
            )


def _put(frame: pd.DataFrame, found: Sequence[pd.DataFrame], rules: Pooling, confidence: float, share: bool) -> None:
    """Write pooled numbers into the frame."""
    se, df = np.sqrt(np.diag(rules.total)), rules.df
    frame["estimate"], frame["se"], frame["df"] = rules.estimate, se, df
    for name in ("n", "count", "n_weighted"):
        if name in frame:
            means = np.mean([one[name].to_numpy(float) for one in found], axis=0)
            frame[name] = means if name == "n_weighted" else np.rint(means).astype(np.int64)
    if share:
        low, high = proportion_interval(rules.estimate, se, frame["n"].to_numpy(float), df, "wilson", confidence)
    else:
        low, high = t_interval(rules.estimate, se, df, confidence)
    frame["ci_low"], frame["ci_high"] = low, high
    if "statistic" in frame:
        with np.errstate(divide="ignore", invalid="ignore"):
            frame["statistic"] = rules.estimate / se
        frame["p"] = t_p_values(frame["statistic"].to_numpy(float), df)


def _details(parts: Sequence[Mapping[str, Any]], df: float | None, confidence: float) -> dict[str, Any]:
    """What tables need besides the rows: estimates pooled, numbers averaged, no tests, the rest as in the first."""
    out: dict[str, Any] = {}
    for key, first in parts[0].items():
        own: list[Any] = [part.get(key) for part in parts]
        if isinstance(first, Estimates):
            out[key] = pool(own, df=df, confidence=confidence)
        elif isinstance(first, pd.DataFrame) and {"estimate", "se", "df"} <= {*first}:
            out[key] = _pooled_frame(own, df, confidence)
        elif isinstance(first, np.ndarray) and first.dtype.kind == "f":
            out[key] = np.mean(own, axis=0)
        else:
            out[key] = () if isinstance(first, tuple) and any(isinstance(x, Test) for x in first) else first
    return out


def _pooled_frame(found: Sequence[Any], df: float | None, confidence: float) -> pd.DataFrame:
    """Estimates that are known by their errors alone; those that are counted are shares."""
    frame = found[0].copy()
    complete = _complete_df(found, df)
    squares = np.array([np.diag(one["se"].to_numpy(float) ** 2) for one in found])
    rules = pooled(np.array([one["estimate"] for one in found], float), squares, complete)
    _put(frame, found, rules, confidence, share="count" in frame)
    return frame


def _origin(found: Sequence[Estimates], rules: Pooling, confidence: float) -> Origin:
    """The origin of the first, with what differs over imputations said, and Rubin's rules."""
    first = found[0].origin
    notes = dict.fromkeys(_frozen(note) for one in found for note in one.origin.notes)
    counts = {note: sum(note in {_frozen(n) for n in one.origin.notes} for one in found) for note in notes}
    told = [dict(note) if k == len(found) else _in_some(dict(note), k, rules.m) for note, k in counts.items()]
    ends = interval_words("wilson" if _wilson(found[0]) else "t", confidence)
    variance: Text = {lang: f"{say(first.variance, lang)}; {RULES[lang].format(m=rules.m)}" for lang in LANGUAGES}
    return replace(
        first, notes=(*told, *pooled_notes(rules)), variance=variance, interval=ends, df=None, df_rule=DF_RULE
    )


RULES = both("combined over {{m}} imputations by Rubin's rules", "대체 {{m}}회를 루빈 규칙으로 통합")


def _wilson(one: Estimates) -> bool:
    return one.kind in SHARES and one.scale == "proportion" and "n" in one._frame


def _frozen(note: Text) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(note.items()))


def _in_some(note: Text, k: int, m: int) -> Text:
    """A note that holds in some imputations only."""
    return {"en": f"{say(note)} (in {k} of {m} imputations)", "ko": f"{say(note, 'ko')}(대체 {m}회 중 {k}회)"}
