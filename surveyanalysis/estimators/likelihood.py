"""What every maximum likelihood estimator does before and after the iteration."""

from dataclasses import replace
from typing import cast

import numpy as np
from numpy.typing import NDArray

from ..errors import DataError
from .contributions import Contributions
from .fit import Fit, Matrix, Vector
from .newton import MANY, Solution


def check_rows(x: Matrix, y: NDArray, weights: Vector) -> None:
    """Refuse arrays of different length, missing values, negative weights, or nobody.

    Examples
    --------
    >>> check_rows(np.ones((2, 1)), np.array([0, 1]), np.array([1.0, -1.0]))
    Traceback (most recent call last):
    surveyanalysis.errors.DataError: 1 of 2 weights is negative (the smallest is -1): ...
    """
    if x.ndim != 2 or not len(x) == len(y) == len(weights):
        raise DataError(f"Rows do not match: x is {x.shape}, y {y.shape}, weights {weights.shape}; x must be (n, k).")
    for name, values in (("covariates", x), ("outcome", y), ("weights", weights)):
        if not all_finite(values):
            raise DataError(f"The {name} hold missing or infinite values. Leave those rows out and say how many.")
    negative = int(np.count_nonzero(weights < 0))
    if negative:
        raise DataError(
            f"{negative} of {len(weights)} weights is negative (the smallest is {weights.min():g}): a likelihood has "
            "no maximum then. Calibrate by raking instead, which keeps weights positive."
        )
    if not (weights > 0).any():
        raise DataError("Nobody is left: every weight is zero. Widen the domain.")


def all_finite(values: NDArray) -> bool:
    """Whether no value is missing or infinite; for very many without an array of answers.

    Examples
    --------
    >>> all_finite(np.array([1.0, 1e300])), all_finite(np.array([np.nan, 1.0]))
    (True, False)
    """
    flat = np.asarray(values).ravel(order="K")
    with np.errstate(all="ignore"):
        total = flat @ flat if len(flat) > MANY else flat.sum()  # a product of few waits for its threads
        return bool(np.isfinite(total) or np.isfinite(flat).all())


def present(weights: Vector) -> NDArray[np.bool_] | slice:
    """Rows that count; a slice where all do, so that nothing is copied."""
    used = weights > 0
    return slice(None) if used.all() else used


def level_shares(y: NDArray[np.intp], weights: Vector, levels: int) -> Vector:
    """Weighted share of every level, shape (levels,); refuse empty and unknown ones.

    Examples
    --------
    >>> level_shares(np.array([0, 1, 1]), np.array([2.0, 1.0, 1.0]), 2)
    array([0.5, 0.5])
    """
    check_codes(y, levels)
    weight = np.bincount(y, weights, minlength=levels)
    empty = np.flatnonzero(weight == 0)
    if len(empty):
        raise DataError(
            f"Nobody chose level {empty.tolist()} (counted from 0) of {levels}: its parameters do not exist. "
            "Merge it with a neighbour, or fit the levels that occur."
        )
    return weight / weight.sum()


def check_codes(y: NDArray[np.intp], levels: int) -> None:
    """Refuse codes outside 0 .. levels - 1, and fewer than two levels.

    Examples
    --------
    >>> check_codes(np.array([1, 3]), 3)
    Traceback (most recent call last):
    surveyanalysis.errors.DataError: Outcome codes run from 1 to 3; with 3 levels they are 0..2.
    """
    if levels < 2:
        raise DataError(f"An outcome needs at least 2 levels, not {levels}.")
    if y.min() < 0 or y.max() >= levels:
        raise DataError(
            f"Outcome codes run from {y.min()} to {y.max()}; with {levels} levels they are 0..{levels - 1}."
        )


def linear_map(
    params: Vector,
    slopes: Matrix | Contributions,
    information: Matrix,
    back: Matrix,
    solution: Solution,
    inner: Matrix | None = None,
) -> Fit:
    """Bring a solution from whitened coordinates q to the user's, params = back @ q.

    Parameters
    ----------
    params, information
        In whitened coordinates: (k,) and (k, k).
    slopes
        Weighted gradients by row (n, k): in whitened coordinates, or, with `inner`, in those of inner @ q.
    back, inner
        Shape (k, k).
    solution
        For log-likelihood and convergence.

    Notes
    -----
    Inverses are taken before the way back, where the matrix is well conditioned. Scores and covariance are NaN where
    the iteration did not converge: nothing may be inferred from such a point.
    """
    forth = np.linalg.inv(back)
    raw = forth.T @ information @ forth
    if not solution.converged:
        nowhere = np.full(slopes.shape, np.nan), raw, np.full(raw.shape, np.nan)
        return Fit(back @ params, *nowhere, solution.value, False, solution.message, solution.settled)
    root = back @ np.linalg.inv(np.linalg.cholesky(information)).T
    covariance = root @ root.T
    turn = np.linalg.inv(information) @ back.T
    turn = turn if inner is None else inner @ turn
    scores = slopes @ turn if isinstance(slopes, np.ndarray) else replace(slopes, turn=turn)
    return Fit(back @ params, cast(Matrix, scores), (raw + raw.T) / 2, covariance, solution.value)


def spread(fit: Fit, used: NDArray[np.bool_] | slice, size: int) -> Fit:
    """Give absent rows their scores of zero."""
    if isinstance(used, slice):
        return fit
    scores = np.zeros((size, fit.scores.shape[1]))
    scores[used] = fit.scores
    return replace(fit, scores=scores)
