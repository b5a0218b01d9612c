"""Counts that vary more than a Poisson distribution allows: negative binomial regression."""

from dataclasses import replace
from typing import Literal

import numpy as np

from ..errors import one_of
from .counts import Counts, counts_of, fitted, joint_of, nowhere
from .dispersion import STARTS, dispersed, with_dispersions
from .fit import Fit, Matrix, Vector
from .newton import Solution
from .poisson import endless_slopes, poisson_fit, poisson_solution

Form = Literal["nb2", "nb1"]


def negative_binomial_fit(
    x: Matrix, y: Vector, weights: Vector, *, form: Form = "nb2", offset: Vector | None = None
) -> Fit:
    """Negative binomial regression with logarithmic link.

    Parameters
    ----------
    x, y, weights, offset
        As for `poisson_fit`.
    form
        "nb2": variance mu + alpha mu^2. "nb1": variance mu (1 + alpha).

    Returns
    -------
    Fit
        `params` = [k slopes, log alpha], with observed information. Not converged where the dispersion is 0: the
        message says so, `params` are the Poisson regression's and -inf, and `loglik` is its log-likelihood.

    Raises
    ------
    DataError, ChoiceError
        As for `poisson_fit`, and if there is no such form.

    Notes
    -----
    Maximises sum w log f(y), f as in `count_density`, by Newton's method with analytic derivatives from the Poisson
    regression and the moments of its residuals. R's ``glm.nb`` takes theta = 1 / alpha for known when it states errors
    of slopes; here they are estimated together (Lawless 1987). Checked against R ``MASS::glm.nb`` polished to the
    optimum (c.count.bio.nb2, n.*), a design-based one written by hand (b.nb2.clus1nf), and NB1 by hand.

    Examples
    --------
    >>> y = np.array([0, 0, 1, 1, 2, 8.0])
    >>> fit = negative_binomial_fit(np.ones((6, 1)), y, np.ones(6))
    >>> np.exp(fit.params).round(4)
    array([2.    , 1.3548])
    """
    one_of(form, ("nb2", "nb1"), "form")
    counts = counts_of(x, y, weights, offset)
    narrow = poisson_solution(counts)
    if not narrow.converged:
        return unsolved(poisson_fit(x, y, weights, offset=offset))
    first = moment_dispersion(counts, narrow, form)
    joint, starts = joint_of(counts, form), with_dispersions(narrow.params, (first, *STARTS))
    scale = counts.scale(np.exp(first) if form == "nb2" else 0.0)
    solution = dispersed(joint, narrow, starts, scale)
    if solution.params[-1] == -np.inf:
        at_bound = np.append(counts.back @ narrow.params, -np.inf)
        return nowhere(poisson_fit(x, y, weights, offset=offset), at_bound, solution.message)
    if not solution.converged:
        solution = replace(solution, message=endless_slopes(x, y, weights, solution.message))
    return fitted(joint, solution, counts)


def moment_dispersion(counts: Counts, narrow: Solution, form: Form) -> float:
    """Logarithm of the dispersion by moments of the Poisson regression's residuals, kept between 0.01 and 20.

    Examples
    --------
    >>> counts = counts_of(np.ones((2, 1)), np.array([0.0, 4.0]), np.ones(2))
    >>> round(float(np.exp(moment_dispersion(counts, poisson_solution(counts), "nb2"))), 6)
    0.5
    """
    mu = np.exp(counts.x @ narrow.params + counts.offset)
    over = (counts.y - mu) ** 2 - mu
    share = (counts.weights @ over) / (counts.weights @ (mu**2 if form == "nb2" else mu))
    return float(np.log(np.clip(share, 0.01, 20)))


def unsolved(fit: Fit) -> Fit:
    """The fit without numbers of a model whose simpler one has no solution.

    Examples
    --------
    >>> unsolved(Fit(np.zeros(1), np.zeros((3, 1)), converged=False, message="no bound")).message
    'without dispersion there is no solution: no bound'
    """
    return nowhere(fit, np.append(fit.params, np.nan), f"without dispersion there is no solution: {fit.message}")
