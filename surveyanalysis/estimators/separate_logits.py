"""A logit for every threshold of an ordered outcome, with the covariance of all of them."""

import numpy as np

from .binary import binary_fit, binary_mean
from .cumulative import Codes
from .fit import Fit, Matrix, Vector
from .likelihood import check_rows, level_shares, present


def separate_logits_fit(x: Matrix, y: Codes, weights: Vector, levels: int) -> Fit:
    """A logit for every threshold: who lies above it.

    Parameters
    ----------
    x, y, weights, levels
        As for `ordered_fit`: no intercept in x.

    Returns
    -------
    Fit
        `params` = for each threshold in order [intercept, k slopes] of P(y > j): a positive slope moves towards the
        higher levels. `scores` of all of them, from which a design finds their joint covariance. `covariance` is
        Brant's, where weights are counts. No common likelihood, so no information.

    Raises
    ------
    DataError
        As for `ordered_fit`.

    Notes
    -----
    Covariance of thresholds j <= l: I_j^-1 [sum w p_l (1 - p_j) x x'] I_l^-1 with I_j = sum w p_j (1 - p_j) x x' and
    p_j = P(y > j) (Brant 1990, eq. 3). Checked against c.brant.*.

    Examples
    --------
    >>> x, y = np.zeros((4, 0)), np.array([0, 1, 1, 2])
    >>> separate_logits_fit(x, y, np.ones(4), 3).params.round(4)
    array([ 1.0986, -1.0986])
    """
    check_rows(x, y, weights)
    used = present(weights)
    level_shares(np.asarray(y[used], np.intp), weights[used], levels)
    centre = x[used].mean(axis=0)
    full = np.column_stack([np.ones(len(x)), x - centre])
    fits = [binary_fit(full, (y > j).astype(float), weights, "logit") for j in range(levels - 1)]
    shift = np.eye(full.shape[1])
    shift[0, 1:] = -centre
    back = np.kron(np.eye(levels - 1), shift)
    params = back @ np.concatenate([f.params for f in fits])
    scores = np.hstack([f.scores @ shift.T for f in fits])
    lost = [j for j, f in enumerate(fits) if not f.converged]
    if lost:
        message = f"the logit of answers above level {lost[0]} (counted from 0): {fits[lost[0]].message}"
        return Fit(params, np.full(scores.shape, np.nan), converged=False, message=message)
    return Fit(params, scores, covariance=back @ _joint(full[used], weights[used], fits) @ back.T)


def _joint(x: Matrix, w: Vector, fits: list[Fit]) -> Matrix:
    """Brant's covariance of the separate logits."""
    above = [binary_mean(x @ f.params, "logit") for f in fits]
    inverse = [f.covariance for f in fits if f.covariance is not None]
    k = x.shape[1]
    result = np.empty((k * len(fits), k * len(fits)))
    for j in range(len(fits)):
        for i in range(j + 1):
            middle = x.T @ ((w * above[j] * (1 - above[i]))[:, None] * x)
            block = inverse[i] @ middle @ inverse[j]
            result[k * i : k * (i + 1), k * j : k * (j + 1)] = block
            result[k * j : k * (j + 1), k * i : k * (i + 1)] = block.T
    return result
