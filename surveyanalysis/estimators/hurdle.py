"""Hurdle models: whether there is anything to count, and how many where there is."""

import numpy as np

from ..errors import DataError, one_of
from .binary import binary_fit
from .count_density import DISTRIBUTIONS, Distribution
from .counts import check_counts
from .fit import Fit, Matrix, Vector
from .likelihood import check_rows
from .links import LinkName
from .truncated_counts import truncated_count_fit


def hurdle_fit(
    x: Matrix,
    y: Vector,
    weights: Vector,
    z: Matrix | None = None,
    distribution: Distribution = "poisson",
    *,
    link: LinkName = "logit",
    offset: Vector | None = None,
) -> Fit:
    """Regression of counts in two parts: P(y > 0), and the count where it is above 0.

    Parameters
    ----------
    x, y, weights, offset
        As for `poisson_fit`, for the counts above 0; the offset enters that part only.
    z
        Covariates of the hurdle with the intercept's column, shape (n, q); those of the counts by default.
    distribution
        "poisson", "nb2" or "nb1", truncated at zero.
    link
        That of P(y > 0) = F(z g): "logit", "probit", "cloglog", "loglog" or "cauchit".

    Returns
    -------
    Fit
        `params` = [k slopes of the count, q slopes of the hurdle] and, but for "poisson", log alpha, with observed
        information. Not converged where one of the parts is not; the message names it.

    Raises
    ------
    DataError, ChoiceError
        As for `poisson_fit`, `binary_fit` and `truncated_count_fit`, and if no count is 0.

    Notes
    -----
    The likelihood is a product of that of a binary regression and that of a truncated count (Mullahy 1986), so each
    part is fitted by itself; covariances of a design between them come from the joint scores. With the cloglog and
    Poisson counts, equal slopes in both parts make it the Poisson regression. Checked against R ``pscl::hurdle``
    polished to the optimum (c.count.bio.hurdlepois, n.*).

    Examples
    --------
    >>> y = np.array([0, 0, 1, 1, 2, 4.0])
    >>> np.exp(hurdle_fit(np.ones((6, 1)), y, np.ones(6)).params).round(4)
    array([1.5936, 2.    ])
    """
    one_of(distribution, DISTRIBUTIONS, "distribution")
    z = x if z is None else z
    check_rows(x, y, weights)
    check_rows(z, y, weights)
    check_counts(y[weights > 0])
    above = y > 0
    if above[weights > 0].all():
        raise DataError("No count is 0: there is no hurdle. Use a truncated or an ordinary model of counts.")
    zero = binary_fit(z, above.astype(float), weights, link)
    try:
        count = truncated_count_fit(x, y, np.where(above, weights, 0.0), distribution, offset=offset)
    except DataError as error:
        raise DataError(f"Among those whose count is above 0: {error}") from error
    return _joined(count, zero, x.shape[1])


def _joined(count: Fit, zero: Fit, slopes: int) -> Fit:
    """One fit of both parts: slopes of the count, slopes of the hurdle, log dispersion."""
    first, size = len(count.params), len(count.params) + len(zero.params)
    order = [*range(slopes), *range(first, size), *range(slopes, first)]
    told = [
        f"the {which} has no solution: {fit.message}"
        for which, fit in (("count above 0", count), ("hurdle", zero))
        if not fit.converged
    ]
    return Fit(
        np.concatenate([count.params, zero.params])[order],
        np.hstack([count.scores, zero.scores])[:, order],
        _blocks(count.information, zero.information)[np.ix_(order, order)],
        _blocks(count.covariance, zero.covariance)[np.ix_(order, order)],
        count.loglik + zero.loglik,
        not told,
        "; ".join(told),
    )


def _blocks(first: Matrix | None, second: Matrix | None) -> Matrix:
    """Two square matrices on the diagonal of one."""
    assert first is not None and second is not None
    size, cut = len(first) + len(second), len(first)
    result = np.zeros((size, size))
    result[:cut, :cut], result[cut:, cut:] = first, second
    return result
