"""Separation in sequential models: covariates that tell who stops from who goes on."""

from collections.abc import Collection
from dataclasses import replace

import numpy as np

from .cumulative import Codes
from .fit import Matrix
from .predictors import layout_of, predictor_rows
from .separation import Separation, separating
from .steps import Direction


def separating_steps(
    x: Matrix, y: Codes, levels: int, direction: Direction = "forward", free: Collection[int] = ()
) -> Separation | None:
    """Find out whether the columns of `x` separate the steps of an ordered outcome.

    Parameters
    ----------
    x
        Covariates without an intercept, shape (n, k); rows of weight 0 left out.
    y, levels, direction, free
        As for `continuation_fit`; every level occurs.

    Returns
    -------
    Separation or None
        `columns` are those of `x`; `direction` has the order of the fit's parameters, but its thresholds after the
        first are differences from it.

    Notes
    -----
    The model is a binary regression on the rows of every step stacked (`continuation_fit`), so its separation is that
    of these rows.

    Examples
    --------
    >>> x = np.array([[0.0], [0.0], [0.0], [1.0], [1.0]])
    >>> separating_steps(x, np.array([0, 1, 2, 2, 2]), 3).columns
    (0,)
    >>> separating_steps(x, np.array([0, 1, 2, 2, 0]), 3) is None
    True
    """
    layout = layout_of(x.shape[1], levels, free)
    rows, stopped = [], []
    for cut in range(layout.cuts):
        inside = y >= cut if direction == "forward" else y <= cut + 1
        rows.append(predictor_rows(x[inside], np.full(inside.sum(), cut, np.intp), layout))
        stopped.append(y[inside] <= cut)
    stacked = np.vstack(rows)
    stacked[:, 0] = 1  # the thresholds' span, with the constant that the search looks for
    found = separating(stacked, np.concatenate(stopped).astype(float))
    if found is None:
        return None
    column = np.full(layout.size, -1)
    column[layout.common_at] = layout.common
    column[layout.own_at] = layout.own
    columns = sorted({int(column[j]) for j in found.columns} - {-1})
    return replace(found, columns=tuple(columns))
