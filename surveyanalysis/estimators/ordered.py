"""Ordered outcomes: cumulative logit, probit and other links by weighted maximum likelihood."""

import numpy as np
from numpy.typing import NDArray

from .cumulative import Codes, cumulative_likelihood, row_gradients
from .fit import Fit, Matrix, Vector
from .likelihood import check_rows, level_shares, linear_map, present, spread
from .link import FAR
from .links import LinkName, link_named
from .newton import maximise
from .whitening import whitened

Cube = NDArray[np.float64]


def ordered_fit(x: Matrix, y: Codes, weights: Vector, levels: int, link: LinkName) -> Fit:
    """Cumulative link model (proportional odds, for the logit).

    Parameters
    ----------
    x
        Covariates without an intercept, shape (m, k), k may be 0; no missing values.
    y
        Level of each row, 0 .. levels - 1, shape (m,).
    weights
        Shape (m,), not negative; rows of weight 0 count as absent.
    levels
        How many levels there are, at least 2; each must occur with positive weight.
    link
        "logit", "probit", "cloglog", "loglog" or "cauchit".

    Returns
    -------
    Fit
        `params` = [levels - 1 increasing thresholds, k slopes], with observed information.

    Raises
    ------
    DataError
        If a level is empty or unknown, a column is constant or depends on others, or values are missing.

    Notes
    -----
    P(y <= j) = F(threshold_j - x b): a positive slope moves towards the higher levels (the sign of R's ``polr`` and
    ``clm``). Maximises sum w log[F(threshold_y - x b) - F(threshold_(y-1) - x b)], which is concave for log-concave F
    (Pratt 1981), by Newton's method with analytic derivatives on whitened columns; outside of increasing thresholds the
    likelihood does not exist, so no step ends there. The cauchit alone is not concave: its maximum is a local one,
    found from the shares of the levels. Checked against R ``clm`` (c.ord.*) and ``svyolr`` (b.olr.*).

    Examples
    --------
    >>> x, y = np.zeros((4, 0)), np.array([0, 1, 1, 2])
    >>> ordered_fit(x, y, np.ones(4), 3, "logit").params.round(4)
    array([-1.0986,  1.0986])
    """
    model = link_named(link)
    check_rows(x, y, weights)
    used = present(weights)
    x_used, y_used, w = x[used], np.asarray(y[used], np.intp), weights[used]
    shares = level_shares(y_used, w, levels)
    centre = x_used.mean(axis=0)
    z, turn = whitened(x_used, centre)
    start = np.concatenate([model.quantile(np.cumsum(shares)[:-1]), np.zeros(x.shape[1])])
    solution = maximise(
        lambda p: cumulative_likelihood(z, y_used, w, model, p, levels), start, scale=w.sum(), concave=model.concave
    )
    slopes = row_gradients(z, y_used, w, model, solution.params, levels)
    back = np.eye(len(start))
    back[levels - 1 :, levels - 1 :] = turn
    back[: levels - 1, levels - 1 :] = centre @ turn
    return spread(linear_map(solution.params, slopes, solution.information, back, solution), used, len(x))


def ordered_probabilities(params: Vector, x: Matrix, levels: int, link: LinkName) -> Matrix:
    """Probability of every level at every row.

    Parameters
    ----------
    params
        [thresholds, slopes] of `ordered_fit`.
    x
        Shape (m, k).

    Returns
    -------
    Matrix
        Shape (m, levels); rows sum to 1.

    Examples
    --------
    >>> ordered_probabilities(np.array([-1.0, 1.0]), np.zeros((1, 0)), 3, "logit").round(4)
    array([[0.2689, 0.4621, 0.2689]])
    """
    lower, upper = _ends(params, x, levels)
    model = link_named(link)
    right = lower + upper > 0
    return np.where(right, model.tail(lower) - model.tail(upper), model.cdf(upper) - model.cdf(lower))


def ordered_slopes(params: Vector, x: Matrix, levels: int, link: LinkName) -> Matrix:
    """Derivative of every level's probability by the linear predictor x b, shape (m, levels); rows sum to 0.

    Examples
    --------
    >>> ordered_slopes(np.array([-1.0, 1.0]), np.zeros((1, 0)), 3, "logit").round(4) + 0.0
    array([[-0.1966,  0.    ,  0.1966]])
    """
    lower, upper = _ends(params, x, levels)
    pdf = link_named(link).pdf
    return pdf(lower) - pdf(upper)


def ordered_jacobian(params: Vector, x: Matrix, levels: int, link: LinkName) -> Cube:
    """Derivative of every level's probability by every parameter.

    Parameters
    ----------
    params
        [thresholds, slopes] of `ordered_fit`, shape (p,).
    x
        Shape (m, k).

    Returns
    -------
    Cube
        Shape (m, levels, p); sums over levels are 0.

    Examples
    --------
    >>> ordered_jacobian(np.array([-1.0, 1.0]), np.zeros((1, 0)), 3, "logit").round(4)[0] + 0.0
    array([[ 0.1966,  0.    ],
           [-0.1966,  0.1966],
           [ 0.    , -0.1966]])
    """
    lower, upper = _ends(params, x, levels)
    pdf = link_named(link).pdf
    at_lower, at_upper = pdf(lower), pdf(upper)
    result = np.zeros((len(x), levels, len(params)))
    for j in range(levels - 1):
        result[:, j, j] = at_upper[:, j]
        result[:, j + 1, j] = -at_lower[:, j + 1]
    result[:, :, levels - 1 :] = (at_lower - at_upper)[:, :, None] * x[:, None, :]
    return result


def _ends(params: Vector, x: Matrix, levels: int) -> tuple[Matrix, Matrix]:
    """Lower and upper threshold of every level minus the linear predictor, shape (m, levels) each."""
    cuts = np.concatenate([[-FAR], params[: levels - 1], [FAR]])
    ends = cuts - (x @ params[levels - 1 :])[:, None]
    ends[:, 0], ends[:, -1] = -FAR, FAR
    return ends[:, :-1], ends[:, 1:]
