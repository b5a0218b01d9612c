"""How far items measure one thing: Cronbach's alpha."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from ..design.design import as_design
from ..errors import ChoiceError, DataError
from ..estimators.fit import Matrix, Vector
from ..estimators.moments import mean
from ..estimators.spread import alpha_fit
from ..language import LANGUAGES, Text, both
from ..results import Estimates, Labels
from .bases import Data, answered
from .cautions import cautions
from .fitted import fitted
from .groups import labels_with
from .measured import measured_frame
from .origins import interval_words, origin_of
from .variables import columns_of, numbers

ROUNDING = 1e-12  # of the variance of the sum
SCALE = "scale"
"""What a scale is called whose items belong to no one grid."""


def alpha(data: Data, items: str | Sequence[str], *, confidence: float = 0.95) -> Estimates:
    """Estimate Cronbach's alpha: how reliable the sum of several items is.

    Parameters
    ----------
    data
        Design, or a survey or frame taken as a simple random sample.
    items
        Two number questions (or likert items with numeric codes) or more; a grid stands for its items. Items that are
        worded against the others must be reversed before.

    Returns
    -------
    Estimates
        Kind "alpha", one row; `detail["items"]`: frame by item with mean, sd, total (correlation with the sum), rest
        (with the sum of the others) and without (alpha of the others); the last three also of standardised items
        (`total_standardised`, ...). `extra`: alpha of the standardised items, lambda6 (Guttman; of standardised items),
        mean, median and variance of the correlations between items. Items that go against the rest, and the
        respondents left out, are noted.

    Raises
    ------
    ChoiceError
        Fewer than two items, an item twice, or an item holds answer categories, not numbers.
    ColumnError, DataError
        An item does not exist; nobody answered all; everybody gave the same answer to an item.

    Notes
    -----
    Base: respondents of the domain with an answer to all items. k / (k - 1) * (1 - sum of the items' variances /
    variance of their sum), variances weighted; t interval, linearised through the variances. Standardised items:
    k r / (1 + (k - 1) r) with the mean correlation r. lambda6 = 1 - sum(1 - R2_j) / sum of all correlations, R2_j of
    item j on the others; missing where items determine each other.

    References
    ----------
    Cronbach (1951), Psychometrika 16, 297-334; Guttman (1945), Psychometrika 10, 255-282; R survey ``svycralpha``.

    Examples
    --------
    >>> marks = pd.DataFrame({"a": [1.0, 2.0, 3.0], "b": [2.0, 2.0, 4.0]})
    >>> round(alpha(marks, ["a", "b"]).frame["estimate"].item(), 4)
    0.9231
    """
    design = as_design(data)
    names = _items(columns_of(design.survey, items))
    values = np.stack([numbers(design.survey, name) for name in names], axis=1)
    used = answered(design, ~np.isnan(values).any(axis=1), *names)
    y = values[used.rows]
    _refuse_constant(y, names)
    everybody = np.zeros(len(values), np.intp)
    measured = fitted(used, everybody, 1, 1, lambda own, w: alpha_fit(y[own], w))
    name = items if isinstance(items, str) else SCALE
    frame = measured_frame(measured, {"outcome": [name]}, confidence=confidence, counted=False)
    by_item, extra = _by_item(y, used.row_weights, names)
    labels = labels_with(design.survey, {**dict.fromkeys(names, ()), name: ()})
    if name == SCALE:
        labels = Labels({**labels.columns, SCALE: both("Sum of the items", "문항의 합")}, labels.levels)
    notes = (*cautions(frame, (), labels), *_against(by_item, labels))
    origin = origin_of(both("Cronbach's alpha", "크론바흐 알파"), design, used, *names,
                       interval=interval_words("t", confidence), notes=notes, failed=measured.failed)  # fmt: skip
    return Estimates(frame, measured.covariance, "alpha", "value", (), labels, origin, extra, {"items": by_item})


def _items(names: list[str]) -> list[str]:
    """Two different items or more."""
    if len(names) < 2:
        raise ChoiceError(f"`items` names {', '.join(map(repr, names)) or 'nothing'}; alpha needs two items or more.")
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        raise ChoiceError(f"`items` names {twice!r} twice; it would agree with itself.")
    return names


def _refuse_constant(y: Matrix, names: list[str]) -> None:
    """Name the item to which everybody gave the same answer."""
    flat = np.flatnonzero(np.ptp(y, axis=0) == 0)
    if len(flat):
        raise DataError(
            f"All {len(y)} respondent(s) with answers to all items gave the same answer to {names[flat[0]]!r}: it "
            "tells nobody apart. Leave it out."
        )


def _by_item(y: Matrix, weights: Vector, names: list[str]) -> tuple[pd.DataFrame, dict[str, float]]:
    """What each item adds, as it is and standardised; and what the correlations say of all."""
    n, means = len(y), mean(y, weights).params
    cov = (y - means).T @ ((weights / weights.sum())[:, None] * (y - means)) * (n / (n - 1))
    sd = np.sqrt(np.diag(cov))
    standard = cov / np.outer(sd, sd)
    alike = {f"{name}_standardised": values for name, values in _with_others(standard).items()}
    columns = {"mean": means, "sd": sd, **_with_others(cov), **alike}
    return pd.DataFrame(columns, index=pd.Index(names, name="item")), _of_correlations(standard)


def _with_others(cov: Matrix) -> dict[str, Vector]:
    """Correlation of each item with the sum, with the sum of the others, and alpha of the others, shape (k,) each."""
    k, own, whole = len(cov), np.diag(cov), cov.sum()
    rest = whole - 2 * cov.sum(axis=1) + own
    with np.errstate(divide="ignore", invalid="ignore"):
        total = cov.sum(axis=1) / np.sqrt(own * whole)
        with_rest = (cov.sum(axis=1) - own) / np.sqrt(own * np.where(rest > ROUNDING * whole, rest, np.nan))
        without = (k - 1) / (k - 2) * (1 - (own.sum() - own) / rest) if k > 2 else np.full(k, np.nan)
    return {"total": total, "rest": with_rest, "without": without}


def _of_correlations(standard: Matrix) -> dict[str, float]:
    """Alpha of standardised items, lambda6, and mean, median and variance of the correlations between items."""
    k = len(standard)
    r = standard[np.triu_indices(k, 1)]
    unexplained = (
        1 / np.diag(np.linalg.inv(standard)) if np.linalg.cond(standard) < 1 / ROUNDING else np.full(k, np.nan)
    )
    return {
        "standardised": float(k / (k - 1) * (1 - k / standard.sum())),
        "lambda6": float(1 - unexplained.sum() / standard.sum()),
        "mean_r": float(r.mean()),
        "median_r": float(np.median(r)),
        "variance_r": float(r.var(ddof=1)) if k > 2 else float("nan"),
    }


def _against(by_item: pd.DataFrame, labels: Labels) -> tuple[Text, ...]:
    """One note on items that go against the sum of the others."""
    turned = by_item.index[by_item["rest"] < 0]
    if not len(turned):
        return ()
    named = {lang: ", ".join(labels.column(name, lang) for name in turned) for lang in LANGUAGES}
    words = both(
        "{en}: correlates negatively with the other items; reverse it first, if it is worded against them",
        "{ko}: 다른 문항과 음의 상관; 역문항이면 먼저 역코딩",
        **named,
    )
    return (words,)
