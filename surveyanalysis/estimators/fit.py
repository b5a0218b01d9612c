"""One solution of an estimator, and the property that every solution must have."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]


if TYPE_CHECKING:
    from .contributions import Contributions


class _Formed:
    """An attribute that is given an array, or what becomes one when it is asked for."""

    def __get__(self, fit: Any, owner: Any = None) -> Matrix:
        if fit is None:
            raise AttributeError("the field has no default")
        held = fit.__dict__
        if "_formed" not in held:
            held["_formed"] = np.asarray(held["_given"])
        return cast(Matrix, held["_formed"])

    def __set__(self, fit: Any, value: "Matrix | Contributions") -> None:
        fit.__dict__["_given"] = value


_FORMED = cast(Matrix, _Formed())


@dataclass(frozen=True)
class Fit:
    """What an estimator found.

    Attributes
    ----------
    params
        Estimates, shape (k,).
    scores
        Linearised contributions, shape (n, k): row i is w_i * d params / d w_i.
    information
        Observed information of the weighted likelihood, shape (k, k); None where there is no likelihood.
    covariance
        Its inverse, shape (k, k), taken where the matrix is well conditioned: the model-based covariance where weights
        are counts of respondents; None where there is no likelihood.
    loglik
        Weighted log-likelihood at `params`; NaN where there is none.
    converged
        Whether the score equations hold at `params`.
    message
        What happened, in words, when `converged` is False; when it is True, nothing or a caution.
    settled
        Whether `loglik` is the supremum, as it may be without a solution: a coefficient grows without end, or lines of
        an ordered model cross.
    """

    params: Vector
    scores: Matrix = _FORMED
    information: Matrix | None = None
    covariance: Matrix | None = None
    loglik: float = float("nan")
    converged: bool = True
    message: str = ""
    settled: bool = True

    @property
    def contributions(self) -> "Matrix | Contributions":
        """The same as `scores`, for `Design.covariance`: not yet written out, where an estimator allows it."""
        return cast("Matrix | Contributions", self.__dict__["_given"])


Estimator = Callable[[Vector], Fit]


def numeric_scores(estimate: Estimator, weights: Vector, step: float = 1e-5) -> Matrix:
    """Scores by central differences: the oracle for every analytic formula.

    Parameters
    ----------
    estimate
        Function of the weights alone.
    weights
        Where to take the derivative, shape (n,).
    step
        Relative change of each weight; rows of weight zero have score zero by definition.

    Returns
    -------
    Matrix
        Shape (n, k).
    """

    def moved(i: int, by: float) -> Vector:
        w = weights.copy()
        w[i] *= 1 + by
        return estimate(w).params

    return np.array([(moved(i, step) - moved(i, -step)) / (2 * step) for i in range(len(weights))])
