"""Bootstrap of any statistic, by the design."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from ..design.design import Design, as_design
from ..design.replicated import FAILED
from ..design.resampling import Resampling
from ..errors import ChoiceError, DataError, DesignError, one_of
from ..estimators.bootstrap_ends import accelerations, bca_ends, percentile_ends
from ..estimators.fit import Matrix, Vector
from ..intervals import check_confidence, t_interval, t_p_values
from ..language import Text, both
from ..results import Estimates
from .bases import Data
from .draws import check_draws, check_seed
from .progress import followed
from .refits import Measured, Refits, Statistic, batches, evaluated_under, measured, stacked

Kind = Literal["auto", "pairs", "rao_wu"]
Ends = Literal["bca", "percentile", "normal"]
KINDS: Mapping[str, Text] = {
    "pairs": both("respondents or clusters drawn with replacement", "응답자 또는 집락 복원추출"),
    "rao_wu": both(
        "Rao-Wu bootstrap, m - 1 of m clusters in each stratum", "라오-우 부트스트랩(층별 집락 m개 중 m-1개)"
    ),
}
RESAMPLING: Mapping[str, Resampling] = {"pairs": "bootstrap", "rao_wu": "rao_wu"}
INTERVALS: Mapping[str, Text] = {
    "bca": both("BCa bootstrap", "BCa 부트스트랩"),
    "percentile": both("percentile bootstrap", "백분위수 부트스트랩"),
    "normal": both("normal bootstrap", "정규 부트스트랩"),
}
ONE_SIDED = both(
    "all draws lie on one side of an estimate, so that it has no BCa interval: its percentiles are given",
    "모든 추출값이 추정값의 한쪽에 있어 BCa 신뢰구간 대신 백분위수 구간을 제시",
)
FEW = 1000  # draws below which ends are rough


def bootstrap(
    data: Data,
    statistic: Statistic,
    *,
    draws: int = 1000,
    seed: int = 1,
    kind: Kind = "auto",
    interval: Ends = "bca",
    confidence: float = 0.95,
    workers: int = 1,
    progress: bool = True,
) -> Estimates:
    """Errors and intervals of any statistic by drawing the sample again.

    Parameters
    ----------
    data
        Design, or a survey or frame taken as a simple random sample.
    statistic
        Function of a design: ``lambda design: sa.logit(design, "moved ~ age")``. It may return estimates, a model,
        a number or several numbers.
    draws, seed
        How many samples are drawn, and from which seed; the same seed gives the same numbers.
    kind
        "pairs": as many respondents (or clusters) as there are, with replacement within strata. "rao_wu": m - 1 of the
        m of a stratum, weighted up. "auto": pairs for a simple random sample, else Rao-Wu.
    interval
        "bca": percentiles corrected for bias and skewness; "percentile"; "normal": estimate -+ z errors.
    workers
        Threads; they change no number.
    progress
        Whether a terminal shows how far the work is, after two seconds.

    Returns
    -------
    Estimates
        What the statistic returned, with bootstrap errors, covariance and intervals; statistic and p, where it had
        them, are those of z = estimate / error. ``detail["draws"]`` holds all draws, shape (draws, rows), NaN
        where one failed.

    Raises
    ------
    ChoiceError
        `statistic` is no function or returns no number; `draws`, `seed` or `workers` is no whole number in its range.
    DataError
        More than a tenth of the draws give no estimate (separation, an empty level): their share is named.
    DesignError
        The design has replicate weights already, or unequal inclusion probabilities.

    Notes
    -----
    Draws are sets of weights, so that strata, clusters, finite populations and adjusted weights count (Rao and Wu
    1988). Draws without a result are left out, counted and told. BCa: Efron (1987), acceleration by leaving out one
    first-stage unit at a time. With few clusters the bootstrap of clusters is too optimistic: see `wild_bootstrap`.

    References
    ----------
    R ``boot::boot.ci`` (f.boot.*), survey ``as.svrepdesign``.

    Examples
    --------
    >>> import pandas as pd
    >>> from surveyanalysis.analysis.describe import mean
    >>> pay = pd.DataFrame({"pay": [3.0, 4, 5, 7, 4, 6, 8, 19]})
    >>> found = bootstrap(pay, lambda design: mean(design, "pay"), draws=499)
    >>> found.frame["estimate"].tolist(), found.frame["ci_high"].gt(10).tolist()
    ([7.0], [True])
    """
    one_of(kind, ("auto", *KINDS), "kind")
    one_of(interval, tuple(INTERVALS), "interval")
    check_confidence(confidence)
    count, drawn_from = check_draws(draws, least=2), check_seed(seed)
    if not isinstance(workers, int) or isinstance(workers, bool) or workers < 1:
        raise ChoiceError(f"`workers` is {workers!r}; it must be a whole number of at least 1.")
    if not callable(statistic):
        raise ChoiceError("`statistic` must be a function of a design: lambda design: sa.mean(design, 'age').")
    design = as_design(data)
    if design.replicates is not None:
        raise DesignError("The design has replicate weights already: its verbs use them. Bootstrap the design itself.")
    chosen = ("pairs" if design.sample.plain and not design.steps else "rao_wu") if kind == "auto" else kind
    refits = Refits(design, statistic, measured(statistic(design)))
    asked = _Asked(chosen, count, drawn_from, interval, confidence, workers, progress)
    return _result(refits, asked)


@dataclass(frozen=True)
class _Asked:
    """What is drawn, and how intervals are made of it."""

    kind: str
    draws: int
    seed: int
    interval: Ends
    confidence: float
    workers: int
    progress: bool


def _result(refits: Refits, asked: _Asked) -> Estimates:
    """The statistic's result with errors by the draws."""
    first = refits.first
    replicates = refits.design.replicated(RESAMPLING[asked.kind], replicates=asked.draws, seed=asked.seed)
    values = _values(refits, replicates, asked.workers, "bootstrap" if asked.progress else "")
    known = np.isfinite(first.values)
    kept = np.isfinite(values[:, known]).all(axis=1)
    failed = int((~kept).sum())
    if failed > FAILED * asked.draws:
        raise DataError(
            f"{failed:,} of {asked.draws:,} draws give no estimate ({failed / asked.draws:.0%}), more than {FAILED:.0%}"
            ": what is left would not stand for all. Leave out terms, merge rare answers, or use `firth` or "
            "`exact_logit`."
        )
    inside = values[kept]
    covariance = np.full((len(known),) * 2, np.nan)
    covariance[np.ix_(known, known)] = np.cov(inside[:, known], rowvar=False, ddof=1)
    low, high, notes = _ends(refits, inside, np.sqrt(np.diag(covariance)), asked)
    return _told(first, covariance, (low, high), values, asked, (*notes, *_failures(failed, asked.draws)))


def _values(refits: Refits, replicated: Design, workers: int, words: str) -> Matrix:
    """Values under every set of replicate weights, shape (R, k)."""
    replicates = replicated.replicates
    assert replicates is not None
    rows = np.arange(len(replicated.survey))
    weights: Iterator[Vector] = (replicates.weights(r, rows) for r in range(replicates.count))
    together = refits.together()
    if together is None:
        found = evaluated_under(refits.shorter(), weights, workers)
    else:
        found = (values for sets in batches(weights, len(rows)) for values in together(sets))
    return stacked(followed(found, replicates.count, words, bool(words)))


def _ends(refits: Refits, values: Matrix, se: Vector, asked: _Asked) -> tuple[Vector, Vector, tuple[Text, ...]]:
    """Interval ends of each row, and what must be said of them."""
    at = refits.first.values
    if asked.interval == "normal":
        return *t_interval(at, se, float("inf"), asked.confidence), ()
    low, high = percentile_ends(values, asked.confidence)
    if asked.interval == "percentile":
        return low, high, ()
    corrected = bca_ends(values, at, _acceleration(refits, asked), asked.confidence)
    missing = np.isnan(corrected[0]) & (se > 0)
    low = np.where(np.isnan(corrected[0]), low, corrected[0])
    high = np.where(np.isnan(corrected[1]), high, corrected[1])
    return low, high, (ONE_SIDED,) if missing.any() else ()


def _acceleration(refits: Refits, asked: _Asked) -> Vector:
    """Accelerations by leaving out one first-stage unit at a time."""
    design = refits.design
    stage = design.sample.first
    left_out = design.replicated("JK1" if len(stage.size) == 1 else "JKn")
    values = _values(refits, left_out, asked.workers, "")
    kept = np.isfinite(values[:, np.isfinite(refits.first.values)]).all(axis=1)
    failed = int((~kept).sum())
    if failed > FAILED * len(values):
        raise DataError(
            f"Without one of the {len(values)} clusters or respondents at a time, {failed} samples give no estimate: "
            "there is no BCa interval. Use interval='percentile'."
        )
    strata = stage.stratum if len(values) == len(stage.stratum) else np.zeros(len(values), np.intp)
    return accelerations(values[kept], np.unique(strata[kept], return_inverse=True)[1])


def _told(
    first: Measured, covariance: Matrix, ends: tuple[Vector, Vector], values: Matrix, asked: _Asked,
    notes: tuple[Text, ...],
) -> Estimates:  # fmt: skip
    """Rows with their new errors, and the origin that says whence."""
    source, se = first.estimates, np.sqrt(np.diag(covariance))
    frame = source.frame.assign(se=se, ci_low=ends[0], ci_high=ends[1])
    z = np.divide(first.values, se, out=np.full(len(se), np.nan), where=se > 0)
    tests = {"statistic": z, "df": np.full(len(se), np.inf), "p": t_p_values(z, np.full(len(se), np.inf))}
    frame = frame.assign(**{name: column for name, column in tests.items() if name in frame})
    errors = both("bootstrap standard errors ({e})", "부트스트랩 표준오차({k})", e=KINDS[asked.kind]["en"],
                  k=KINDS[asked.kind]["ko"])  # fmt: skip
    name = INTERVALS[asked.interval]
    words = both("{c:g}% {e} interval", "{c:g}% {k} 신뢰구간", c=100 * asked.confidence, e=name["en"], k=name["ko"])
    drawn = both(
        "{n:,} bootstrap draws ({e}), seed {s}", "부트스트랩 {n:,}회({k}), 난수 시드 {s}",
        n=asked.draws, s=asked.seed, e=KINDS[asked.kind]["en"], k=KINDS[asked.kind]["ko"],
    )  # fmt: skip
    rough = both(
        "fewer than {n:,} draws: interval ends are rough", "추출 {n:,}회 미만: 신뢰구간 끝값이 대략적임", n=FEW
    )
    told = (drawn, *notes, *((rough,) if asked.draws < FEW and asked.interval != "normal" else ()))
    origin = replace(source.origin, variance=errors, interval=words, df=None, df_rule={}).with_notes(*told)
    return replace(
        source, _frame=frame, covariance=covariance, origin=origin, detail={**source.detail, "draws": values}
    )


def _failures(failed: int, draws: int) -> tuple[Text, ...]:
    """One note on draws that gave no estimate."""
    if not failed:
        return ()
    return (
        both(
            "{k:,} of {n:,} draws gave no estimate and were left out",
            "추출 {n:,}회 중 {k:,}회는 추정 불가로 제외",
            k=failed,
            n=draws,
        ),
    )
