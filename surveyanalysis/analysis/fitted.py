"""One estimator for every group of respondents, with the joint covariance of what it finds."""

from collections.abc import Callable
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from ..design.design import Design
from ..estimators.fit import Fit, Matrix, Vector
from .measured import Counts, Measured, seen, with_empty

Places: TypeAlias = NDArray[np.intp]
GroupFit: TypeAlias = Callable[[Places, Vector], Fit]
"""Places of a group's respondents among the rows used, and their weights -> what is estimated."""


def fitted(used: Design, groups: Places, count: int, size: int, fit: GroupFit) -> Measured:
    """Estimates of `fit` in every group.

    Parameters
    ----------
    used
        Domain of respondents with all answers and a group.
    groups
        Codes of all rows of the survey, shape (n,).
    count
        Number of groups G.
    size
        Number of estimates k that `fit` gives.
    fit
        Estimator of one group; under replicate weights some weights are zero.

    Returns
    -------
    Measured
        k * G estimates: estimate j of group g at position j * G + g; NaN where nobody is in the group.
    """
    group, weights = groups[used.rows], used.row_weights
    ends = np.cumsum(np.bincount(group, minlength=count))[:-1]
    members = np.split(np.argsort(group, kind="stable"), ends)

    def under(other: Vector) -> tuple[Matrix, Matrix]:
        params, scores = np.full((count, size), np.nan), np.zeros((len(group), size))
        for g, own in enumerate(members):
            if len(own):
                found = fit(own, other[own])
                params[g], scores[own] = found.params, found.scores
        return params, scores

    params, scores = under(weights)
    known = np.isfinite(params)
    order = np.arange(count * size).reshape(count, size).T.ravel()
    covaried = used.covaried(
        params.T.ravel(),
        lambda other: under(other)[0].T.ravel(),
        lambda: _linearised(used, scores, group, known)[np.ix_(order, order)],
    )
    n: Counts = np.array([len(own) for own in members], np.int64)
    base = np.array([weights[own].sum() for own in members])
    return with_empty(
        Measured(
            params.T.ravel(),
            covaried.matrix,
            np.tile(used.group_df(group, count), size),
            np.tile(n, size),
            np.tile(base, size),
            np.tile(n, size),
            np.tile(used.group_complete(group, count), size),
            covaried.failed,
        )
    )


def no_fit(rows: int, size: int) -> Fit:
    """Stand in for the fit of a group that has no estimate."""
    return Fit(np.full(size, np.nan), np.zeros((rows, size)))


def _linearised(used: Design, scores: Matrix, group: Places, known: NDArray[np.bool_]) -> Matrix:
    """Covariance from contributions, estimate j of group g at position g * k + j; NaN where there is no estimate."""
    count = len(known)
    plain = np.where(np.isfinite(scores), scores, 0.0)
    total = np.stack([np.bincount(group, abs(column), minlength=count) for column in plain.T], axis=1).astype(float)
    covariance = seen(used.covariance(plain, group, count), total)
    absent = ~known.ravel()
    return np.where(absent[:, None] | absent[None, :], np.nan, covariance)
