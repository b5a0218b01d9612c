"""Tests and intervals of a regression from few clusters, by signs drawn for whole clusters."""

from dataclasses import replace
from typing import Literal

import numpy as np

from ..design.columns import Column
from ..errors import ChoiceError, one_of
from ..estimators.fit import Matrix, Vector
from ..estimators.wild import POINTS, Drawn, Hold, Signs, binary_hold, interval_of, linear_hold, p_of, signs_of, t_of
from ..intervals import check_confidence
from ..language import Text, both
from ..results import Estimates
from .draws import check_draws, check_seed
from .fitted_model import FittedModel
from .term_tests import tested
from .working_rows import WorkingRows, working_rows

FEW = 12  # clusters below which signs take six values rather than two
SIGNS: dict[str, Text] = {"rademacher": both("Rademacher", "라데마허"), "webb": both("Webb", "웹")}


def wild_bootstrap(
    model: FittedModel,
    *terms: str,
    clusters: Column | None = None,
    signs: Literal["auto", "rademacher", "webb"] = "auto",
    draws: int = 9999,
    seed: int = 1,
    null: float = 0.0,
    confidence: float | None = None,
) -> Estimates:
    """Test coefficients of a model whose respondents come from few clusters by the wild cluster bootstrap.

    Parameters
    ----------
    model, clusters, confidence
        As for `few_clusters`.
    *terms
        Questions, terms or rows to test, as for `Model.test`; by default all slopes.
    signs
        "rademacher": -1 or 1; "webb": six values. "auto": Webb's below 12 clusters.
    draws, seed
        Of a random sample of the combinations of signs, taken where there are more than 20,000; else all are counted.
    null
        Value of the coefficient that is tested.

    Returns
    -------
    Estimates
        Kind "coefficients": `se` is the ordinary cluster-robust one (CR1), `statistic` the distance from `null` in it,
        p and interval come from the bootstrap; `extra` holds the number of combinations and of clusters. An end is
        infinite where no value on that side can be refused.

    Raises
    ------
    ChoiceError
        `draws` or `seed` is no whole number in its range; else as for `few_clusters`.

    Notes
    -----
    The model is fitted with the coefficient held at the value tested; its residuals, their signs changed for whole
    clusters, make new outcomes; p is the share of combinations with a statistic at least as far from zero, ties and the
    combination that gives the data itself included (of a sample: (1 + as far) / (1 + draws)). The interval holds the
    values that the test keeps. Yes/no models: the scores take the signs, and the coefficients one Newton step.

    References
    ----------
    Cameron, Gelbach and Miller (2008), Rev. Econ. Stat. 90, 414; Webb (2013), Queen's Economics 1315; Kline and Santos
    (2012), J. Econom. Methods 1, 23. Checked against refits under every combination in R (f.wild.*).

    Examples
    --------
    >>> import pandas as pd
    >>> from surveyanalysis.analysis.linear import linear
    >>> staff = pd.DataFrame({"pay": [3.0, 4, 5, 7, 4, 6, 8, 9], "new": [0] * 4 + [1] * 4, "site": list("aabbccdd")})
    >>> wild_bootstrap(linear(staff, "pay ~ new"), clusters="site", signs="rademacher").frame["p"].tolist()
    [0.5]
    """
    one_of(signs, ("auto", *POINTS), "signs")
    level = check_confidence(model.confidence if confidence is None else confidence)
    if not isinstance(null, int | float) or isinstance(null, bool) or not np.isfinite(null):
        raise ChoiceError(f"`null` is {null!r}; it must be a number, such as 0.")
    rows = working_rows(model, clusters)
    kind: Signs = ("webb" if rows.count < FEW else "rademacher") if signs == "auto" else signs
    drawn = signs_of(rows.count, kind, check_draws(draws), check_seed(seed))
    at = tested(model, terms) if terms else list(range(1, len(model.params)))
    if not at:
        raise ChoiceError("The model has no slopes to test.")
    return _result(model, rows, at, drawn, kind, null, level)


def _result(
    model: FittedModel, rows: WorkingRows, at: list[int], drawn: Drawn, kind: str, null: float, level: float
) -> Estimates:
    """One row a coefficient."""
    source = model.estimates
    covariance = _cluster_robust(rows, model.params)[np.ix_(at, at)]
    se = np.sqrt(np.diag(covariance))
    holds = [_hold(rows, column) for column in at]
    held = [hold(null) for hold in holds]
    ends = [interval_of(hold, drawn, model.params[j], s, level) for hold, j, s in zip(holds, at, se)]
    columns = {
        "se": se,
        "statistic": np.array([t_of(one) for one in held]) / np.sqrt(_small_sample(rows)),
        "df": float(rows.count - 1),
        "p": np.array([p_of(one, drawn) for one in held]),
        "ci_low": np.array([low for low, _ in ends]),
        "ci_high": np.array([high for _, high in ends]),
    }
    endless = np.isinf([columns["ci_low"], columns["ci_high"]]).any()
    notes = (*_told(rows, drawn, kind, null), *((_endless(rows.count),) if endless else ()))
    words = both("{c:g}% wild bootstrap interval", "{c:g}% 와일드 부트스트랩 신뢰구간", c=100 * level)
    errors = both("cluster-robust standard errors (CR1), {g} clusters ({c})",
                  "집락강건 표준오차(CR1), 집락 {g}개({c})", g=rows.count, c=rows.named)  # fmt: skip
    origin = replace(
        source.origin, variance=errors, df=None, df_rule={}, interval=words, notes=(*source.origin.notes, *notes)
    )
    frame = source.frame.iloc[at].reset_index(drop=True).assign(**columns)
    extra = {"clusters": rows.count, "draws": len(drawn.signs)}
    return replace(source, _frame=frame, covariance=covariance, origin=origin, extra=extra)


def _hold(rows: WorkingRows, column: int) -> Hold:
    """The bootstrap of one coefficient."""
    if rows.link is None:
        return linear_hold(rows.x, rows.y, rows.weights, rows.clusters, column)
    return binary_hold(rows.x, rows.y, rows.weights, rows.clusters, column, rows.link)


def _small_sample(rows: WorkingRows) -> float:
    """The factor of CR1: G / (G - 1) (n - 1) / (n - k)."""
    n, k = rows.x.shape
    return rows.count / (rows.count - 1) * (n - 1) / (n - k)


def _cluster_robust(rows: WorkingRows, params: Vector) -> Matrix:
    """Covariance of the coefficients by CR1, shape (k, k)."""
    x, residuals, weights, _ = rows.last_step(params)
    bread = np.linalg.inv(x.T @ (weights[:, None] * x))
    scores = np.zeros((rows.count, x.shape[1]))
    np.add.at(scores, rows.clusters, (weights * residuals)[:, None] * x)
    turned = scores @ bread
    return np.asarray(_small_sample(rows) * turned.T @ turned)


def _told(rows: WorkingRows, drawn: Drawn, kind: str, null: float) -> tuple[Text, ...]:
    """How the combinations were taken."""
    how = SIGNS[kind]
    number = f"{len(drawn.signs):,}"
    taken = (
        both("wild cluster bootstrap, all {b} combinations of {e} signs",
             "와일드 집락 부트스트랩, {k} 부호 {b}개 조합 전부",
             b=number, e=how["en"], k=how["ko"])
        if drawn.every
        else both("wild cluster bootstrap, {b} draws of {e} signs", "와일드 집락 부트스트랩, {k} 부호 {b}회 추출",
                  b=number, e=how["en"], k=how["ko"])
    )  # fmt: skip
    other = (both("the value tested is {v:g}", "검정값 {v:g}", v=null),) if null else ()
    return (taken, *other, *rows.notes)


def _endless(clusters: int) -> Text:
    """Note on an interval without an end."""
    return both(
        "an interval without an end: with {g} clusters no value on that side can be refused at this level",
        "신뢰구간의 한쪽 끝이 없음: 집락 {g}개로는 그쪽의 어떤 값도 이 수준에서 기각할 수 없음",
        g=clusters,
    )
