"""Counts of those only who have at least one: Poisson and negative binomial regression truncated at zero."""

from dataclasses import replace

import numpy as np

from ..errors import DataError, one_of
from .count_density import DISTRIBUTIONS, Distribution
from .counts import Counts, counts_of, fitted, joint_of, nowhere
from .dispersion import dispersed, with_dispersions
from .fit import Fit, Matrix, Vector
from .joint import joint_likelihood
from .newton import Solution, maximise
from .poisson import endless_slopes


def truncated_count_fit(
    x: Matrix, y: Vector, weights: Vector, distribution: Distribution = "poisson", *, offset: Vector | None = None
) -> Fit:
    """Regression of counts above 0 for a sample that holds no others.

    Parameters
    ----------
    x, weights, offset
        As for `poisson_fit`.
    y
        Counts of 1 and more, shape (n,); other counts may stand in rows of weight 0.
    distribution
        "poisson", "nb2" or "nb1": that of the counts before those of 0 were left out.

    Returns
    -------
    Fit
        `params` = [k slopes of log mu] for "poisson", [k slopes, log alpha] else, with observed information; mu is the
        mean before truncation. Not converged, and told in words, where the dispersion is 0, or grows without bound as
        the mean vanishes.

    Raises
    ------
    DataError, ChoiceError
        As for `poisson_fit`, if somebody has a count of 0, and if there is no such distribution.

    Notes
    -----
    Maximises sum w [log f(y) - log(1 - f(0))] (Grogger and Carson 1991). For Poisson counts the likelihood is concave;
    with a dispersion it need not be, and several starts are tried. Checked against R ``pscl::hurdle`` and
    ``VGAM::pospoisson``, ``posnegbinomial`` polished to the optimum (n.*).

    Examples
    --------
    >>> fit = truncated_count_fit(np.ones((4, 1)), np.array([1, 1, 2, 4.0]), np.ones(4))
    >>> mu = np.exp(fit.params[0])
    >>> round(float(mu / -np.expm1(-mu)), 6)
    2.0
    """
    one_of(distribution, DISTRIBUTIONS, "distribution")
    _refuse_zeros(y[weights > 0])
    counts = counts_of(x, y, weights, offset)
    narrow = truncated_solution(counts)
    if not narrow.converged or y[weights > 0].max() == 1:  # means near 0 can look like a solution: sums round to 0
        narrow = replace(narrow, converged=False, message=endless_slopes(x, y, weights, narrow.message, least=1))
    simple = fitted(joint_of(counts, "poisson", "truncated"), narrow, counts)
    if distribution == "poisson":
        return simple
    if not narrow.converged:
        message = f"without dispersion there is no solution: {narrow.message}"
        return nowhere(simple, np.append(simple.params, np.nan), message)
    joint = joint_of(counts, distribution, "truncated")
    solution = dispersed(joint, narrow, with_dispersions(narrow.params), counts.scale(1.0))
    if solution.params[-1] == -np.inf:
        return nowhere(simple, np.append(simple.params, -np.inf), solution.message)
    return fitted(joint, solution, counts)


def truncated_solution(counts: Counts) -> Solution:
    """The truncated Poisson regression in whitened coordinates, from the mean of the counts above 1.

    Examples
    --------
    >>> counts = counts_of(np.ones((4, 1)), np.array([1, 1, 2, 4.0]), np.ones(4))
    >>> truncated_solution(counts).converged
    True
    """
    joint, w = joint_of(counts, "poisson", "truncated"), counts.weights
    more = max(float(w @ (counts.y - 1)), 1e-3 * float(w.sum()))
    level = np.log(more) - np.log(w @ np.exp(counts.offset - counts.offset.max())) - counts.offset.max()
    return maximise(lambda p: joint_likelihood(joint, p), level * counts.constant, counts.scale())


def _refuse_zeros(y: Vector) -> None:
    """A truncated sample holds no zeros."""
    zeros = int((y == 0).sum())
    if zeros:
        raise DataError(
            f"{zeros} of {len(y)} counts are 0: a sample truncated at zero holds none. Leave them out if they could "
            "not be sampled; else use a hurdle or an ordinary model of counts."
        )
