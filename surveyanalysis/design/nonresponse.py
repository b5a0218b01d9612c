"""Non-response: respondents carry the weights of those like them who did not answer."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ..errors import DesignError
from ..estimators.fit import Matrix
from .linearized import Codes, sums
from .margins import checked_codes
from .weights import as_columns, in_replicate, shaped_like


def class_adjustment(
    weights: Matrix, classes: Codes, responded: NDArray[np.bool_], names: Sequence[str], *, name: str = "class"
) -> Matrix:
    """Hand the weights of non-respondents to the respondents of their class.

    Parameters
    ----------
    weights
        Of everybody who was drawn, shape (n,), or (n, R) for replicates, each of which is adjusted.
    classes
        Weighting class of each row, codes from 0, shape (n,); may be missing (negative) where the weight is zero.
    responded
        Who answered, shape (n,).
    names
        Names of the classes.
    name
        What the classes are of, for messages.

    Returns
    -------
    Matrix
        In the shape of `weights`: zero for non-respondents, the sum of each class kept.

    Raises
    ------
    DesignError
        A class has people but no respondent.

    Notes
    -----
    w_i * (sum of w over the class) / (sum of w over its respondents): the inverse of the weighted response rate as the
    estimate of everybody's chance to answer within a class (Oh and Scheuren 1983; Little and Rubin 2019, section 3.3).

    Examples
    --------
    >>> answered = np.array([True, False, True])
    >>> class_adjustment(np.array([10.0, 10.0, 30.0]), np.array([0, 0, 1]), answered, ["young", "old"])
    array([20.,  0., 30.])
    """
    columns = as_columns(weights)
    responded = np.asarray(responded)
    if responded.shape != (len(columns),) or responded.dtype != bool:
        raise DesignError(
            f"`responded` must be true or false for each of {len(columns)} rows; it has shape {responded.shape} of "
            f"{responded.dtype}."
        )
    codes = checked_codes(classes, name, len(names), columns)
    everybody = sums(columns, codes, len(names))
    answering = sums(columns * responded[:, None], codes, len(names))
    silent = np.argwhere((everybody > 0) & (answering <= 0))
    if len(silent):
        which, replicate = (int(i) for i in silent[0])
        people = np.count_nonzero((codes == which) & (columns[:, replicate] > 0))
        raise DesignError(
            f"Nobody of {names[which]!r} in {name!r} responded{in_replicate(replicate, columns.shape[1])}, so that the "
            f"weights of its {people} people would be lost. Merge it with a similar class."
        )
    rate = np.divide(everybody, answering, out=np.ones_like(everybody), where=answering > 0)
    return shaped_like(columns * responded[:, None] * rate[codes], weights)
