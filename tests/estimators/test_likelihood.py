"""What estimators refuse before they begin."""

import numpy as np
import pytest

from surveyanalysis.errors import DataError
from surveyanalysis.estimators.likelihood import check_rows

X, Y, W = np.ones((3, 2)), np.array([0, 1, 0]), np.ones(3)


@pytest.mark.parametrize(
    ("x", "y", "w", "message"),
    [
        (X[:2], Y, W, r"x is \(2, 2\), y \(3,\)"),
        (X[:, 0], Y, W, r"x must be \(n, k\)"),
        (np.full((3, 2), np.nan), Y, W, "covariates hold missing"),
        (X, np.array([0, np.inf, 1]), W, "outcome hold missing"),
        (X, Y, np.array([1, np.nan, 1]), "weights hold missing"),
        (X, Y, np.array([1.0, -0.5, 1.0]), r"1 of 3 weights is negative \(the smallest is -0.5\)"),
        (X, Y, 0 * W, "every weight is zero"),
    ],
)
def test_bad_rows_are_refused_by_what_is_wrong(x, y, w, message):
    with pytest.raises(DataError, match=message):
        check_rows(x, y, w)
