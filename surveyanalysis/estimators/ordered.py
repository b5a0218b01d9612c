"""Ordered outcomes: cumulative logit, probit and other links by weighted maximum likelihood."""

import numpy as np
from numpy.typing import NDArray

from ..threads import on_one_thread
from .cumulative import Codes, cumulative_likelihood, cumulative_score, row_gradients
from .fit import Fit, Matrix, Vector
from .likelihood import check_rows, level_shares, linear_map, present, spread
from .link import FAR, Link
from .links import LinkName, link_named
from .newton import Function, maximise, maximise_many
from .turned import turned_slopes

Cube = NDArray[np.float64]


@on_one_thread
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
    place = turned_slopes(x_used, levels - 1)
    whole = place.through(_function(place.rows, y_used, w, model, levels))
    start = np.concatenate([model.quantile(np.cumsum(shares)[:-1]), np.zeros(x.shape[1])])
    if len(place.some) < len(y_used):
        few = place.through(_function(place.some, y_used[place.picked], w[place.picked], model, levels))
        solution = maximise_many(whole, few, start, concave=model.concave)
    else:
        solution = maximise(whole.evaluate, start, whole.scale, concave=model.concave)
    slopes = row_gradients(place.rows, y_used, w, model, place.inner @ solution.params, levels)
    found = linear_map(solution.params, slopes, solution.information, place.back, solution, place.inner)
    return spread(found, used, len(x))


def _function(z: Matrix, y: Codes, w: Vector, link: Link, levels: int) -> Function:
    """The log-likelihood of these rows."""
    return Function(
        lambda params: cumulative_likelihood(z, y, w, link, params, levels),
        lambda params: cumulative_score(z, y, w, link, params, levels),
        float(w.sum()),
    )


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
