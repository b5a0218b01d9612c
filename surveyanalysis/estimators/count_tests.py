"""Do counts vary more than a Poisson distribution allows, and which of two models of them is nearer to the truth?"""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from ..errors import DataError, one_of
from .fit import Fit, Matrix, Vector
from .poisson import poisson_fit

Growth = Literal["nb2", "nb1"]


@dataclass(frozen=True, slots=True)
class Overdispersion:
    """The regression of Cameron and Trivedi.

    Attributes
    ----------
    alpha
        Variance mu + alpha mu^2 ("nb2") or mu (1 + alpha) ("nb1"); 0 for Poisson counts, below 0 for underdispersion.
    statistic
        alpha over its error, as of least squares; standard normal where weights are counts and alpha is 0.
    contributions
        Linearised contributions to alpha, shape (n,), the Poisson slopes being estimated: for the error of a design.
    """

    alpha: float
    statistic: float
    contributions: Vector


@dataclass(frozen=True, slots=True)
class BoundaryRatio:
    """Likelihood ratio of a parameter at the bound of its range.

    Attributes
    ----------
    statistic, p
        Twice the gain in log-likelihood, and its p value by half a chi-squared with 1 degree of freedom and half a 0.
    """

    statistic: float
    p: float


@dataclass(frozen=True, slots=True)
class Vuong:
    """Which of two models is nearer to the truth: positive for the first.

    Attributes
    ----------
    raw, aic, bic
        Standard normal where both are equally near: as the log-likelihoods stand, and corrected for the numbers of
        parameters as Akaike's and Schwarz's criteria do.
    difference
        Mean difference of log-likelihoods by row.
    contributions
        Linearised contributions to it, shape (n,): for the error of a design.
    """

    raw: float
    aic: float
    bic: float
    difference: float
    contributions: Vector


@dataclass(frozen=True, slots=True)
class EqualParts:
    """Wald statistic of equal slopes in the two parts of a hurdle model, chi-squared with `df` degrees of freedom."""

    statistic: float
    df: int


def overdispersion(
    x: Matrix, y: Vector, weights: Vector, *, form: Growth = "nb2", offset: Vector | None = None
) -> Overdispersion:
    """Test for overdispersion by regression of the squared residuals of a Poisson regression.

    Parameters
    ----------
    x, y, weights, offset
        As for `poisson_fit`.
    form
        How the variance grows: "nb2" or "nb1".

    Raises
    ------
    DataError, ChoiceError
        As for `poisson_fit`, if it has no solution, and if there is no such form.

    Notes
    -----
    Least squares of [(y - mu)^2 - y] / mu on mu without an intercept (nb2), or on 1 (nb1), weighted (Cameron and
    Trivedi 1990). Overdispersion is one-sided: large statistics speak for it. Checked against R
    ``AER::dispersiontest`` (n.*), and the contributions against numerical derivatives by weight.

    Examples
    --------
    >>> found = overdispersion(np.ones((4, 1)), np.array([0, 0, 2, 6.0]), np.ones(4))
    >>> round(found.alpha, 6), round(found.statistic, 6)
    (1.0, 1.632993)
    """
    one_of(form, ("nb2", "nb1"), "form")
    fit = poisson_fit(x, y, weights, offset=offset)
    if not fit.converged:
        raise DataError(f"The Poisson regression has no solution: {fit.message}. There is nothing to test.")
    mu = np.exp(x @ fit.params + (0.0 if offset is None else offset))
    over, beside = ((y - mu) ** 2 - y) / mu, mu if form == "nb2" else np.ones(len(y))
    square = float(weights @ beside**2)
    alpha = float(weights @ (beside * over)) / square
    left = over - alpha * beside
    turned = -2 * mu * (y - mu + alpha * mu) if form == "nb2" else -2 * (y - mu) - over
    contributions = weights * beside * left / square + fit.scores @ ((weights * turned) @ x / square)
    error = np.sqrt(float(weights @ left**2) / (int((weights > 0).sum()) - 1) / square)
    return Overdispersion(alpha, float(alpha / error), contributions)


def dispersion_ratio(wide: Fit, narrow: Fit) -> BoundaryRatio:
    """Likelihood ratio of a dispersion of 0, for weights that are counts.

    Parameters
    ----------
    wide, narrow
        The negative binomial and the Poisson fit; the former may be at its bound.

    Raises
    ------
    DataError
        If one of them has no solution otherwise.

    Notes
    -----
    A dispersion cannot be negative, so half of the time the statistic is 0 (Self and Liang 1987). Checked against the
    value that Stata prints (180.20 for the biochemists).

    Examples
    --------
    >>> wide, narrow = (Fit(np.zeros(k), np.zeros((1, k)), loglik=value) for k, value in ((2, -8.0), (1, -9.0)))
    >>> found = dispersion_ratio(wide, narrow)
    >>> found.statistic, round(found.p, 6)
    (2.0, 0.07865)
    """
    from scipy.special import chdtrc

    for fit in (wide, narrow):
        if not fit.converged and not np.isneginf(fit.params[-1]):
            raise DataError(f"One of the models has no solution: {fit.message}. There is nothing to test.")
    gain = max(2 * (wide.loglik - narrow.loglik), 0.0)
    return BoundaryRatio(gain, float(chdtrc(1, gain)) / 2 if gain > 0 else 1.0)


def vuong(first: Vector, second: Vector, sizes: tuple[int, int], weights: Vector) -> Vuong:
    """Compare two models that are not nested.

    Parameters
    ----------
    first, second
        Log-likelihood of every row, shape (n,) each, as of `count_log_likelihoods`.
    sizes
        Numbers of parameters.
    weights
        Shape (n,).

    Raises
    ------
    DataError
        If the two models are the same for every row.

    Notes
    -----
    sum(m) / (sqrt(n) sd(m)), m the difference in log-likelihood (Vuong 1989), with weights scaled to mean 1. It is no
    test of zero inflation: a model without inflation lies at the bound of the inflated one, and the statistic is then
    not normal under the hypothesis (Wilson 2015). Compare information criteria there, or simulate.
    Checked against R ``pscl::vuong`` (c.count.bio.vuong).

    Examples
    --------
    >>> found = vuong(np.array([-1.0, -2.0, -1.5]), np.array([-1.5, -1.0, -2.5]), (2, 1), np.ones(3))
    >>> round(found.raw, 4), round(found.aic, 4)
    (0.2774, -0.2774)
    """
    from math import log, sqrt

    used = weights > 0
    share, size = weights / weights[used].mean(), int(used.sum())
    difference = np.where(used, first - second, 0.0)
    total = float(share @ difference)
    mean = total / size
    spread = float(share @ (difference - mean) ** 2) / (size - 1)
    if spread <= 1e-20 * (1 + mean * mean):
        raise DataError("The two models say the same of every respondent: there is nothing to compare.")
    error, more = sqrt(size * spread), sizes[0] - sizes[1]
    corrected = total - more, total - more * log(size) / 2
    contributions = weights * (difference - mean) / weights.sum()
    return Vuong(total / error, corrected[0] / error, corrected[1] / error, mean, contributions)


def equal_parts(params: Vector, covariance: Matrix, slopes: int) -> EqualParts:
    """Is there a hurdle? Wald test that slopes are the same in both parts of a hurdle model.

    Parameters
    ----------
    params, covariance
        Of a `hurdle_fit` of Poisson counts with link "cloglog" and the same covariates in both parts, (p,) and (p, p);
        the covariance of the model or of a design.
    slopes
        Slopes of one part.

    Notes
    -----
    P(y > 0) = 1 - exp(-mu) is the cloglog's, so that equal slopes make the hurdle model the Poisson regression (Mullahy
    1986). Checked against R ``pscl::hurdletest`` (n.*).

    Examples
    --------
    >>> equal_parts(np.array([1.0, 3.0]), np.diag([1.0, 1.0]), 1)
    EqualParts(statistic=2.0, df=1)
    """
    if len(params) != 2 * slopes:
        raise DataError(
            f"{len(params)} parameters are not {slopes} slopes twice: the test is for Poisson counts, link 'cloglog' "
            "and the same covariates in both parts. Fit that hurdle model."
        )
    gap = np.hstack([np.eye(slopes), -np.eye(slopes)])
    found = gap @ params
    return EqualParts(float(found @ np.linalg.solve(gap @ covariance @ gap.T, found)), slopes)
