"""Are the lines parallel? The likelihood ratio of nested cumulative models."""

from collections.abc import Collection
from dataclasses import dataclass

from ..errors import DataError
from .cumulative import Codes
from .fit import Fit, Matrix, Vector
from .links import LinkName
from .nonparallel import nonparallel_fit
from .ordered import ordered_fit


@dataclass(frozen=True, slots=True)
class LikelihoodRatio:
    """Two nested fits.

    Attributes
    ----------
    statistic, df
        Twice the gain in log-likelihood, and the number of parameters more. Chi-squared where weights are counts.
    message
        Why the wider model has no solution, if so: the statistic then rests on the supremum of its likelihood, and the
        chi-squared distribution does not apply. Empty otherwise.
    """

    statistic: float
    df: int
    message: str = ""


def parallel_lines_ratio(
    x: Matrix, y: Codes, weights: Vector, levels: int, link: LinkName, free: Collection[int] | None = None
) -> LikelihoodRatio:
    """Likelihood ratio of slopes by threshold against parallel lines.

    Parameters
    ----------
    x, y, weights, levels, link
        As for `ordered_fit`.
    free
        Columns whose lines are tested; None for all together.

    Notes
    -----
    As R ``ordinal::nominal_test`` for one term at a time (c.ppo.wine.tests). Where lines of the wider model cross, or
    one of its slopes grows without bound, the message says so.

    Examples
    --------
    >>> import numpy as np
    >>> x = np.repeat([0.0, 1.0], 6)[:, None]
    >>> y = np.array([0, 0, 0, 1, 1, 2, 0, 1, 2, 2, 2, 2])
    >>> found = parallel_lines_ratio(x, y, np.ones(12), 3, "logit")
    >>> round(found.statistic, 4), found.df
    (0.2589, 1)
    """
    chosen = range(x.shape[1]) if free is None else free
    wide = nonparallel_fit(x, y, weights, levels, link, free=chosen)
    return likelihood_ratio(wide, ordered_fit(x, y, weights, levels, link))


def likelihood_ratio(wide: Fit, narrow: Fit) -> LikelihoodRatio:
    """Likelihood ratio of two nested fits; the narrow one must have a solution.

    Examples
    --------
    >>> import numpy as np
    >>> wide, narrow = (Fit(np.zeros(k), np.zeros((1, k)), loglik=v) for k, v in ((2, -10.0), (1, -12.0)))
    >>> likelihood_ratio(wide, narrow)
    LikelihoodRatio(statistic=4.0, df=1, message='')
    """
    if not narrow.converged:
        raise DataError(f"The narrower of the two models has no solution: {narrow.message}. There is nothing to test.")
    gain = 2 * (wide.loglik - narrow.loglik)
    return LikelihoodRatio(max(gain, 0.0), len(wide.params) - len(narrow.params), wide.message)
