"""Probabilities of cumulative models beyond parallel lines, and how they follow the predictors."""

from collections.abc import Collection

import numpy as np

from .chain_rule import Cube
from .fit import Matrix, Vector
from .link import FAR
from .links import LinkName, link_named
from .predictors import Layout, layout_of, predictors


def nonparallel_probabilities(
    params: Vector,
    x: Matrix,
    levels: int,
    link: LinkName,
    *,
    free: Collection[int] = (),
    scale: Matrix | None = None,
) -> Matrix:
    """Probability of every level at every row, shape (m, levels).

    Parameters
    ----------
    params, levels, link, free
        Of `nonparallel_fit`.
    x, scale
        Covariates (m, k) and (m, r).

    Returns
    -------
    Matrix
        Rows sum to 1. Negative where lines cross: at covariates that nobody in the sample has, a model whose slopes
        differ may say nothing sensible.

    Examples
    --------
    >>> at = np.array([0.0, 1.6094, 1.6094, 2.3026]), np.array([[1.0]])
    >>> nonparallel_probabilities(*at, 3, "logit", free=[0]).round(3)
    array([[0.167, 0.167, 0.667]])
    """
    model = link_named(link)
    lower, upper = _ends(params, x, layout_of(x.shape[1], levels, free), scale)
    right = lower + upper > 0
    return np.where(right, model.tail(lower) - model.tail(upper), model.cdf(upper) - model.cdf(lower))


def nonparallel_turns(
    params: Vector,
    x: Matrix,
    levels: int,
    link: LinkName,
    *,
    free: Collection[int] = (),
    scale: Matrix | None = None,
) -> Cube:
    """Derivative of every level's probability by every threshold's predictor, shape (m, levels, levels - 1).

    With `predictors.slopes_by_threshold` it gives the derivative by a covariate: minus the sum over thresholds of turn
    times slope.

    Examples
    --------
    >>> nonparallel_turns(np.array([-1.0, 1.0]), np.zeros((1, 0)), 3, "logit").round(4)[0] + 0.0
    array([[ 0.1966,  0.    ],
           [-0.1966,  0.1966],
           [ 0.    , -0.1966]])
    """
    layout = layout_of(x.shape[1], levels, free)
    narrow = _narrow(params, layout, scale)
    at = narrow * link_named(link).pdf(narrow * predictors(params, x, layout))
    result = np.zeros((len(x), levels, levels - 1))
    for j in range(levels - 1):
        result[:, j, j], result[:, j + 1, j] = at[:, j], -at[:, j]
    return result


def _narrow(params: Vector, layout: Layout, scale: Matrix | None) -> Matrix:
    """One over the spread, shape (m, 1), or (1, 1) for one spread."""
    if scale is None:
        return np.ones((1, 1))
    return np.exp(-(scale @ params[layout.size :]))[:, None]


def _ends(params: Vector, x: Matrix, layout: Layout, scale: Matrix | None) -> tuple[Matrix, Matrix]:
    """Lower and upper end of every level, shape (m, levels) each."""
    far = np.full((len(x), 1), FAR)
    between = _narrow(params, layout, scale) * predictors(params, x, layout)
    return np.hstack([-far, between]), np.hstack([between, far])
