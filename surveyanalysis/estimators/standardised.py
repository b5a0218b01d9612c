"""Means under a population's composition instead of the sample's own."""

import numpy as np
from numpy.typing import NDArray

from ..errors import DataError
from .fit import Fit, Matrix, Vector


def standardised_fit(y: Matrix, cells: NDArray[np.intp], shares: Vector, weights: Vector) -> Fit:
    """Means of the columns of `y`, each cell taken for its share of a standard population.

    Parameters
    ----------
    y
        Numbers, or 0/1 for shares, shape (n, k); no missing values.
    cells
        Cell of each row, shape (n,).
    shares
        Share of each cell in the standard population, shape (cells,); they sum to 1.
    weights
        Shape (n,).

    Returns
    -------
    Fit
        `params` (k,), `scores` (n, k).

    Raises
    ------
    DataError
        Nobody is in a cell that the population has.

    Notes
    -----
    sum over cells c of F_c mean_c, with F_c the share of the cell; score of row i: w_i F_c (y_i - mean_c) / W_c. It is
    the mean under weights that are post-stratified to the F_c, with that adjustment's residuals. Checked against R
    survey ``svystandardize``.

    Examples
    --------
    >>> standardised_fit(np.array([[1.0], [3.0], [9.0]]), np.array([0, 0, 1]), np.array([0.5, 0.5]), np.ones(3)).params
    array([5.5])
    """
    size = np.bincount(cells, weights, minlength=len(shares))
    if ((size <= 0) & (shares > 0)).any():
        raise DataError(f"Nobody is in cell {int(np.argmax((size <= 0) & (shares > 0)))} of the standard population.")
    safe = np.where(size > 0, size, 1.0)
    means = np.stack([np.bincount(cells, weights * column, minlength=len(shares)) / safe for column in y.T], axis=1)
    means += np.stack(
        [np.bincount(cells, weights * column, minlength=len(shares)) / safe for column in (y - means[cells]).T], axis=1
    )
    params = shares @ means
    scores = (weights * (shares / safe)[cells])[:, None] * (y - means[cells])
    return Fit(params, scores)
