"""The likelihood of a cumulative link model with its analytic derivatives."""

import numpy as np
from numpy.typing import NDArray

from .fit import Matrix, Vector
from .link import FAR, Link
from .whitening import blocks

Codes = NDArray[np.intp]


def row_ends(part: Matrix, y: Codes, params: Vector, levels: int) -> tuple[Vector, Vector]:
    """Threshold below and above each row's own level, minus its linear predictor, shape (m,) each."""
    below = np.concatenate([[-FAR], params[: levels - 1]])
    above = np.concatenate([params[: levels - 1], [FAR]])
    predictor = part @ params[levels - 1 :]
    return below[y] - predictor, above[y] - predictor


def cumulative_likelihood(
    z: Matrix, y: Codes, w: Vector, link: Link, params: Vector, levels: int
) -> tuple[float, Vector, Matrix]:
    """Log-likelihood, gradient and observed information, block by block of rows.

    Parameters
    ----------
    z, y, w
        Covariates (n, k), levels (n,) from 0, weights (n,).
    link, params, levels
        The link; [levels - 1 thresholds, k slopes]; the number of levels.

    Returns
    -------
    tuple
        Value (NaN or -inf where thresholds do not increase), gradient (p,), negative Hessian (p, p).

    Examples
    --------
    >>> from .links import link_named
    >>> at = np.zeros((2, 0)), np.array([0, 1]), np.ones(2), link_named("logit"), np.zeros(1), 2
    >>> value, score, information = cumulative_likelihood(*at)
    >>> round(value, 4), score, information
    (-1.3863, array([0.]), array([[0.5]]))
    """
    value, score, hessian = 0.0, np.zeros(len(params)), np.zeros((len(params), len(params)))
    for rows in blocks(len(z)):
        part, code, weight = z[rows], y[rows], w[rows]
        log_p, *bends = link.interval(*row_ends(part, code, params, levels))
        up, down, up_up, down_down, both = (weight * b for b in bends)
        value += float(weight @ log_p)
        score += _gradient(part, code, up, down, levels)
        hessian += _hessian(part, code, up_up, down_down, both, levels)
    return value, score, -hessian


def cumulative_score(z: Matrix, y: Codes, w: Vector, link: Link, params: Vector, levels: int) -> Vector:
    """The gradient of `cumulative_likelihood` alone, shape (p,).

    Examples
    --------
    >>> from .links import link_named
    >>> cumulative_score(np.zeros((2, 0)), np.array([0, 1]), np.ones(2), link_named("logit"), np.ones(1), 2).round(4)
    array([-0.4621])
    """
    score = np.zeros(len(params))
    for rows in blocks(len(z)):
        _, up, down, *_ = link.interval(*row_ends(z[rows], y[rows], params, levels))
        score += _gradient(z[rows], y[rows], w[rows] * up, w[rows] * down, levels)
    return score


def _gradient(part: Matrix, y: Codes, up: Vector, down: Vector, levels: int) -> Vector:
    """Sums of derivatives: a threshold is the upper end of its own level and the lower end of the next."""
    thresholds = np.bincount(y, up, levels)[:-1] + np.bincount(y, down, levels)[1:]
    return np.concatenate([thresholds, -(up + down) @ part])


def _hessian(part: Matrix, y: Codes, up_up: Vector, down_down: Vector, both: Vector, levels: int) -> Matrix:
    """Second derivatives: tridiagonal among thresholds; crossed with slopes; among slopes."""
    last, cuts = levels - 1, np.arange(levels - 1)
    result = np.zeros((last + part.shape[1], last + part.shape[1]))
    result[cuts, cuts] = np.bincount(y, up_up, levels)[:-1] + np.bincount(y, down_down, levels)[1:]
    result[cuts[:-1], cuts[1:]] = result[cuts[1:], cuts[:-1]] = np.bincount(y, both, levels)[1:-1]
    own = (y[:, None] == np.arange(levels)).astype(float)
    cross = -((own * (up_up + both)[:, None]).T @ part)[:-1] - ((own * (down_down + both)[:, None]).T @ part)[1:]
    result[:last, last:], result[last:, :last] = cross, cross.T
    result[last:, last:] = part.T @ ((up_up + 2 * both + down_down)[:, None] * part)
    return result


def row_gradients(z: Matrix, y: Codes, w: Vector, link: Link, params: Vector, levels: int) -> Matrix:
    """Gradient of every row's weighted log-likelihood, shape (n, p); parameters as in `cumulative_likelihood`.

    Examples
    --------
    >>> from .links import link_named
    >>> at = np.zeros((2, 0)), np.array([0, 1]), np.ones(2), link_named("logit"), np.zeros(1), 2
    >>> row_gradients(*at)
    array([[ 0.5],
           [-0.5]])
    """
    result = np.zeros((len(y), len(params)), order="F")
    for rows in blocks(len(y)):
        part, code, weight = z[rows], y[rows], w[rows]
        _, up, down, *_ = link.interval(*row_ends(part, code, params, levels))
        at, own = np.arange(len(code)), np.zeros((len(code), levels + 1))
        own[at, code + 1], own[at, code] = weight * up, weight * down
        result[rows, : levels - 1] = own[:, 1:levels]
        result[rows, levels - 1 :] = -(weight * (up + down))[:, None] * part
    return result
