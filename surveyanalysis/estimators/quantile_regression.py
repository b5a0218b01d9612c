"""Quantile regression: exact slopes, and errors by the density around the quantile."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

import numpy as np

from ..errors import ChoiceError, DataError, one_of
from .definite import definite_inverse
from .fit import Fit, Matrix, Vector
from .likelihood import check_rows, present, spread
from .quantile_program import ZERO, Vertex, quantile_vertex
from .whitening import constant_column, coordinates

Density = Literal["local", "common"]
Bandwidth = Literal["hall_sheather", "bofinger"]
COARSE = (
    "the outcome takes too few values around the quantile: it has no density there, so that errors do not exist. Fit "
    "an ordered model, or take errors by replicates"
)
MANY = "other slopes leave the same loss: the solution is one of many"
UNSURE = 0.05  # the error rate of Hall and Sheather's interval


def quantile_regression(
    x: Matrix,
    y: Vector,
    weights: Vector,
    tau: float = 0.5,
    *,
    density: Density = "local",
    bandwidth: Bandwidth = "hall_sheather",
) -> Fit:
    """Regression of a conditional quantile.

    Parameters
    ----------
    x
        Covariates with the intercept's column, shape (m, k); no missing values.
    y
        Outcome, shape (m,).
    weights
        Shape (m,), not negative; rows of weight 0 count as absent.
    tau
        Which quantile, between 0 and 1: 0.5 is the median.
    density
        How the density of the outcome at its quantile is estimated. "local": for each row, by the quantiles tau - h
        and tau + h at its covariates (Hendricks and Koenker 1992; R ``summary.rq(se = "nid")``). "common": one for
        all, by the residuals around the quantile (``se = "iid"``), which is right where the covariates move the
        quantiles alike.
    bandwidth
        h by Hall and Sheather (1988), or Bofinger (1975).

    Returns
    -------
    Fit
        `params` (k,); `covariance` tau (1 - tau) H^-1 (x'Wx) H^-1, with H = sum w f x x' and f the density. `scores`
        are w (share above - 1 + tau) x H^-1, the linearised contributions for a design's covariance: a quantile is no
        smooth function of the weights, so that they are not its derivative. A `message` says where other slopes do as
        well.

    Raises
    ------
    DataError
        A column depends on others, there are no more rows than columns, or values are missing.
    ChoiceError
        tau is not between 0 and 1, or a word is unknown.

    Notes
    -----
    Minimises sum w (y - x b)(tau - 1[y < x b]) exactly: see `quantile_program`. Checked against R ``quantreg::rq``:
    slopes to rounding, errors "nid" and "iid" (l.quantile.*). R multiplies rows by their weights before it takes
    errors; here weights count respondents.

    References
    ----------
    Koenker and Bassett 1978, Econometrica 46: 33-50; Koenker 2005, Quantile Regression, Cambridge, section 3.4.

    Examples
    --------
    >>> x = np.column_stack([np.ones(7), np.arange(7.0)])
    >>> y = np.array([0.0, 1.0, 3.0, 2.5, 4.0, 9.0, 6.0])
    >>> quantile_regression(x, y, np.ones(7)).params.round(9)
    array([0., 1.])
    """
    found = quantile_regressions(x, y, weights, (tau,), density=density, bandwidth=bandwidth)
    return replace(found, message=found.message.partition(": ")[2])


def quantile_regressions(
    x: Matrix,
    y: Vector,
    weights: Vector,
    taus: Sequence[float],
    *,
    density: Density = "local",
    bandwidth: Bandwidth = "hall_sheather",
    errors: bool = True,
) -> Fit:
    """Regressions of several conditional quantiles, with their joint covariance.

    Parameters
    ----------
    x, y, weights, density, bandwidth
        As for `quantile_regression`.
    taus
        Which quantiles, T numbers between 0 and 1.
    errors
        Whether densities, scores and a covariance are wanted; without them three times as quick.

    Returns
    -------
    Fit
        `params` (T k,), the slopes of each quantile together; blocks of `covariance` (min(s, t) - s t) H_s^-1 (x'Wx)
        H_t^-1 (Koenker 2005, section 3.2.3). `message` names quantiles: "0.5: ...; 0.9: ...".

    Examples
    --------
    >>> x = np.column_stack([np.ones(7), np.arange(7.0)])
    >>> y = np.array([0.0, 1.0, 3.0, 2.5, 4.0, 9.0, 6.0])
    >>> quantile_regressions(x, y, np.ones(7), (0.5, 0.9), errors=False).params.round(3)
    array([0. , 1. , 0. , 1.8])
    """
    one_of(density, ("local", "common"), "density")
    one_of(bandwidth, ("hall_sheather", "bofinger"), "bandwidth")
    for tau in taus:
        if not 0 < tau < 1:
            raise ChoiceError(f"`tau` is {tau:g}. A quantile lies between 0 and 1: 0.5 is the median.")
    check_rows(x, y, weights)
    used = present(weights)
    y_used, w = np.asarray(y[used], float), weights[used]
    z, turn = coordinates(x[used])
    if len(z) <= z.shape[1]:
        raise DataError(f"{len(z)} respondents cannot tell {z.shape[1]} slopes and the spread around. Leave out terms.")
    # moved by a constant, so that numbers such as years keep their digits
    constant = constant_column(x[used])
    origin = float(np.median(y_used)) if constant is not None else 0.0
    unit = float(np.sqrt(((y_used - origin) ** 2).mean())) or 1.0
    inner = (y_used - origin) / unit
    vertices = [quantile_vertex(z, inner, w, tau) for tau in taus]
    slopes = [unit * (turn @ found.slopes) for found in vertices]
    if constant is not None:
        for each in slopes:
            each[constant] += origin / x[used][0, constant]
    params = np.concatenate(slopes)
    if not errors:
        return Fit(params, np.full((len(y), len(params)), np.nan))
    breads = [_bread(z, inner, w, tau, found, density, bandwidth) for tau, found in zip(taus, vertices)]
    scores = [
        unit * (w * (found.shares - 1 + tau))[:, None] * (z @ bread @ turn.T)
        for tau, found, (bread, _) in zip(taus, vertices, breads)
    ]
    covariance = _joint(taus, [unit * turn @ bread for bread, _ in breads], z.T @ (w[:, None] * z))
    many = [("" if found.unique else MANY) for found in vertices]
    told = [
        (tau, "; ".join(part for part in (one, caution) if part)) for tau, one, (_, caution) in zip(taus, many, breads)
    ]
    message = "; ".join(f"{tau:g}: {words}" for tau, words in told if words)
    return spread(Fit(params, np.hstack(scores), covariance=covariance, message=message), used, len(x))


def _joint(taus: Sequence[float], roots: Sequence[Matrix], gram: Matrix) -> Matrix:
    """Covariance of the slopes of several quantiles, shape (T k, T k)."""
    return np.block([[(min(s, t) - s * t) * a @ gram @ b.T for t, b in zip(taus, roots)] for s, a in zip(taus, roots)])


def bandwidth_of(tau: float, size: float, bandwidth: Bandwidth = "hall_sheather") -> float:
    """How far from tau the quantiles are taken whose difference gives the density, for `size` respondents.

    Examples
    --------
    >>> round(bandwidth_of(0.5, 100), 4), round(bandwidth_of(0.5, 100, "bofinger"), 4)
    (0.2093, 0.2579)
    """
    from scipy.special import ndtri

    at = float(ndtri(tau))
    density = float(np.exp(-at * at / 2) / np.sqrt(2 * np.pi))
    if bandwidth == "bofinger":
        return float(size**-0.2 * (4.5 * density**4 / (2 * at * at + 1) ** 2) ** 0.2)
    far = float(ndtri(1 - UNSURE / 2))
    return float(size ** (-1 / 3) * far ** (2 / 3) * (1.5 * density**2 / (2 * at * at + 1)) ** (1 / 3))


def _bread(
    z: Matrix, y: Vector, w: Vector, tau: float, found: Vertex, density: Density, bandwidth: Bandwidth
) -> tuple[Matrix, str]:
    """Inverse of sum w f z z', and a caution; NaN where the density does not exist."""
    h = bandwidth_of(tau, len(y), bandwidth)
    if density == "common":
        sparsity = _common_sparsity(y - z @ found.slopes, w, h, z.shape[1])
        gram = np.asarray(np.linalg.inv(z.T @ (w[:, None] * z)), float)
        return (gram * sparsity, "") if sparsity > ZERO else (gram * np.nan, COARSE)
    while tau - h < 0 or tau + h > 1:
        h /= 2
    high, low = quantile_vertex(z, y, w, tau + h).slopes, quantile_vertex(z, y, w, tau - h).slopes
    rise = z @ (high - low)
    apart = rise > ZERO
    bread = definite_inverse(z.T @ ((w * np.where(apart, 2 * h / np.where(apart, rise, 1), 0.0))[:, None] * z))
    if np.isnan(bread).any() and not (np.abs(rise) > ZERO).any():
        return bread, COARSE
    met = f"the quantiles {tau - h:.3f} and {tau + h:.3f} meet or cross at {(~apart).sum()} of {len(apart)} rows"
    if np.isnan(bread).any():
        return bread, f"{met}: too few are left to estimate the density by. Take one density for all, or replicates"
    return bread, "" if apart.all() else f"{met}, which do not count in the density"


def _common_sparsity(errors: Vector, w: Vector, h: float, k: int) -> float:
    """One over the density of residuals at 0: the slope of those nearest to 0 over their rank as a share.

    R ``summary.rq`` fits that slope by a median regression; ranks count weights of mean 1.
    """
    share = w / w.mean()
    nearest = np.argsort(np.abs(errors), kind="stable")
    first = int((np.abs(errors) < np.sqrt(np.finfo(float).eps)).sum())
    many = max(k + 1, int(np.ceil(len(errors) * h)))
    rows = nearest[first : first + many + 1]
    if len(rows) < 3:
        return 0.0
    rows = rows[np.argsort(errors[rows], kind="stable")]
    rank = first + np.cumsum(share[rows])
    inner, turn = coordinates(np.column_stack([np.ones(len(rows)), rank / (len(errors) - k)]))
    size = float(np.abs(errors[rows]).max()) or 1.0
    slope = turn @ quantile_vertex(inner, errors[rows] / size, share[rows], 0.5).slopes
    return size * float(slope[1])
