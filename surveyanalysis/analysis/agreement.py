"""How far two answers of the same respondents agree beyond chance."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from ..design.design import as_design
from ..design.linearized import carried
from ..errors import ChoiceError, DataError, one_of
from ..estimators.fit import Matrix, Vector
from ..intervals import check_confidence, t_interval
from ..language import Text, both
from ..results import Estimates, estimates_frame
from .bases import Data, answered
from .contingency import CellTable
from .groups import labels_with
from .origins import interval_words, origin_of
from .squares import read_square

Weighting = Literal["unweighted", "linear", "quadratic"]
WEIGHTINGS = ("unweighted", "linear", "quadratic")
WHAT = {
    "unweighted": both("Cohen's kappa", "코헨의 카파"),
    "linear": both("Cohen's kappa, linear weights", "코헨의 카파, 선형 가중"),
    "quadratic": both("Cohen's kappa, quadratic weights", "코헨의 카파, 이차 가중"),
}
PARTS = ("kappa", "observed", "expected")
FEW = 5
LOPSIDED = 0.8


@dataclass(frozen=True)
class Agreement:
    """Kappa, observed and expected agreement, shape (3,), with their derivatives by the cells' shares, (3, k * k)."""

    values: Vector
    slopes: Matrix


def kappa(
    data: Data, first: str, second: str, *, weights: Weighting = "unweighted", confidence: float = 0.95
) -> Estimates:
    """Estimate Cohen's kappa of two questions, or of two coders of the same answers.

    Parameters
    ----------
    data
        Design, or a survey or frame taken as a simple random sample.
    first, second
        Two questions with the same answers.
    weights
        What a disagreement counts: "unweighted" (all alike); "linear" or "quadratic" in the number of steps between two
        answers of a scale. (Sampling weights belong to the design.)

    Returns
    -------
    Estimates
        Kind "agreement"; rows by `component`: kappa, observed agreement, agreement expected by chance; joint
        covariance; t intervals. `extra`: largest kappa that these margins allow, and 2 observed - 1 (PABAK).

    Raises
    ------
    LevelError
        The questions have different answers.
    ChoiceError
        Linear or quadratic weights for answers without order.
    DataError
        Nobody answered both; or all gave one and the same answer, where kappa does not exist.

    Notes
    -----
    With shares p_ij of the cells, margins r and c, and agreement a_ij = 1(i = j), 1 - |i - j| / (k - 1) or
    1 - (i - j)^2 / (k - 1)^2: P = sum a p, E = sum a r c, kappa = (P - E) / (1 - E) (Cohen 1960, 1968). Linearised:
    d kappa = dP / (1 - E) - (1 - P) / (1 - E)^2 dE; replicates compute it again. Base: respondents with both answers.

    References
    ----------
    R survey ``svykappa`` (unweighted); statsmodels ``cohens_kappa`` (weighted; Fleiss, Cohen and Everitt 1969).

    Examples
    --------
    >>> import pandas as pd
    >>> coded = pd.DataFrame({"one": list("aaabbbbb"), "two": list("aabbbbba")})
    >>> kappa(coded, "one", "two").frame[["component", "estimate"]].round(3)
      component  estimate
    0     kappa     0.467
    1  observed     0.750
    2  expected     0.531
    """
    design = as_design(data)
    one_of(weights, WEIGHTINGS, "weights")
    check_confidence(confidence)
    square = read_square(design.survey, first, second)
    if weights != "unweighted" and not square.ordered:
        raise ChoiceError(
            f"`weights` is {weights!r}, but the answers {square.levels!r} have no order: make both questions ordered, "
            "or leave out `weights`."
        )
    used = answered(design, square.known, first, second)
    cells = square.cells(used)
    share = cells.weighted / cells.weighted.sum()
    found = agreement_of(share, weights)
    covaried = used.covaried(
        found.values,
        lambda other: agreement_of(square.shares(used, other), weights).values,
        lambda: carried(found.slopes @ (np.eye(share.size) - share.ravel()[:, None]), cells.covariance),
    )
    covariance = covaried.matrix
    frame = _frame(found, covariance, first, second, cells, used.row_weights.sum(), confidence)
    notes = _notes(found, cells)
    interval = interval_words("t", confidence)
    origin = origin_of(
        WHAT[weights], design, used, first, second, interval=interval, notes=notes, failed=covaried.failed
    )
    labels = labels_with(design.survey, {first: square.levels, second: square.levels})
    extra = {"largest_kappa": _largest(share, found), "pabak": float(2 * found.values[1] - 1)}
    if weights != "unweighted":
        extra = {}
    return Estimates(frame, covariance, "agreement", "value", (), labels, origin, extra)


def agreement_of(share: Matrix, weights: Weighting) -> Agreement:
    """Kappa of the cells' shares, shape (k, k), with its derivatives.

    Raises
    ------
    DataError
        Agreement by chance is complete.
    """
    steps = abs(np.subtract.outer(np.arange(len(share)), np.arange(len(share)))).astype(float)
    top = max(len(share) - 1, 1)
    counted = {"unweighted": steps == 0, "linear": 1 - steps / top, "quadratic": 1 - (steps / top) ** 2}
    agree = counted[weights].astype(float)
    rows, columns = share.sum(axis=1), share.sum(axis=0)
    observed, expected = float((agree * share).sum()), float(rows @ agree @ columns)
    if expected > 1 - 1e-12:
        raise DataError(
            "All respondents gave one and the same answer to both questions: agreement by chance is complete, and "
            "kappa does not exist."
        )
    by_chance = ((agree @ columns)[:, None] + (agree.T @ rows)[None, :]).ravel()
    slope = agree.ravel() / (1 - expected) - (1 - observed) / (1 - expected) ** 2 * by_chance
    value = (observed - expected) / (1 - expected)
    return Agreement(np.array([value, observed, expected]), np.stack([slope, agree.ravel(), by_chance]))


def _frame(
    found: Agreement,
    covariance: Matrix,
    first: str,
    second: str,
    cells: CellTable,
    total: float,
    confidence: float,
) -> pd.DataFrame:
    """One row a part."""
    se = np.sqrt(np.diag(covariance))
    low, high = t_interval(found.values, se, cells.df, confidence)
    keys = {"outcome": first, "component": list(PARTS), "term": second}
    numbers = {"estimate": found.values, "se": se, "df": cells.df, "ci_low": low, "ci_high": high}
    return estimates_frame({**keys, **numbers, "n": cells.n, "n_weighted": float(total)})


def _largest(share: Matrix, found: Agreement) -> float:
    """Kappa of the best table with these margins."""
    best = float(np.minimum(share.sum(axis=0), share.sum(axis=1)).sum())
    return (best - found.values[2]) / (1 - found.values[2])


def _notes(found: Agreement, cells: CellTable) -> tuple[Text, ...]:
    """Prevalence: kappa is low, and its error unsure, where nearly all respondents give one answer."""
    margins = np.concatenate([cells.counts.sum(axis=0), cells.counts.sum(axis=1)])
    few = int(((margins > 0) & (margins < FEW)).sum())
    notes = []
    if few or found.values[2] > LOPSIDED:
        notes.append(
            both(
                "prevalence: agreement of {o:.0%}, of which chance alone gives {e:.0%}; kappa is low, and its interval "
                "unsure, where an answer is rare",
                "유병률 주의: 일치율 {o:.0%}, 우연 일치율 {e:.0%}; 드문 응답이 있으면 카파가 낮아지고 구간이 불확실함",
                o=found.values[1],
                e=found.values[2],
            )
        )
    if few:
        words = both("answers with 1 to 4 respondents on one question: {k}", "한 문항에서 1~4명인 응답: {k}개", k=few)
        notes.append(words)
    return tuple(notes)
