"""What every verb that draws at random is asked for: how many draws, and from which seed."""

from typing import Any

import numpy as np

from ..errors import ChoiceError

MOST = 10_000_000


def check_draws(draws: Any, least: int = 1) -> int:
    """Return a number of draws, a whole number of at least `least`, or raise.

    Examples
    --------
    >>> check_draws(0)
    Traceback (most recent call last):
    surveyanalysis.errors.ChoiceError: `draws` is 0; it must be a whole number of at least 1, such as 9999.
    """
    whole = isinstance(draws, int | np.integer) and not isinstance(draws, bool)
    if not whole or draws < least:
        raise ChoiceError(f"`draws` is {draws!r}; it must be a whole number of at least {least:,}, such as 9999.")
    if draws > MOST:
        raise ChoiceError(f"`draws` is {draws:,}, more than {MOST:,}: so many change no printed digit. Take fewer.")
    return int(draws)


def check_seed(seed: Any) -> int:
    """Return a seed, a whole number of at least 0, or raise.

    Examples
    --------
    >>> check_seed(1.5)
    Traceback (most recent call last):
    surveyanalysis.errors.ChoiceError: `seed` is 1.5; it must be a whole number of at least 0, so that numbers ...
    """
    if not isinstance(seed, int | np.integer) or isinstance(seed, bool) or seed < 0:
        raise ChoiceError(
            f"`seed` is {seed!r}; it must be a whole number of at least 0, so that numbers can be repeated."
        )
    return int(seed)
