"""Parts of a sample that are left out in turn: clusters stay together, strata and answers are spread evenly."""

import numpy as np
from numpy.typing import NDArray

from ..errors import ChoiceError
from ..estimators.fit import Vector

Codes = NDArray[np.intp]


def fold_of(units: Codes, strata: Codes, y: Vector, folds: int, rng: np.random.Generator) -> Codes:
    """Fold of each respondent, shape (m,).

    Parameters
    ----------
    units
        First-stage unit of each respondent: all of one are in one fold.
    strata
        Stratum of each respondent.
    y
        0/1; within strata, units with more of the event than all have, and with less, are spread evenly.
    folds
        Number of folds.

    Raises
    ------
    ChoiceError
        There are fewer units than folds.

    Examples
    --------
    >>> made = fold_of(np.arange(6), np.array([0, 0, 0, 1, 1, 1]), np.zeros(6), 3, np.random.default_rng(1))
    >>> sorted(made[:3].tolist()), sorted(made[3:].tolist())
    ([0, 1, 2], [0, 1, 2])
    """
    _, first, place = np.unique(units, return_index=True, return_inverse=True)
    count = len(first)
    if count < folds:
        raise ChoiceError(
            f"`folds` is {folds}, but there are {count} clusters or respondents to leave out. Take fewer."
        )
    share = np.bincount(place, y) / np.bincount(place)
    often = share > np.bincount(place, y).sum() / len(y)
    order = np.lexsort((rng.random(count), often, strata[first]))
    dealt = np.empty(count, np.intp)
    dealt[order] = rng.permutation(folds)[np.arange(count) % folds]
    return dealt[place]
