"""Ordered outcomes reached step by step: sequential models, a binary regression at every step."""

from collections.abc import Collection

import numpy as np

from ..errors import one_of
from .coordinates import coordinates
from .cumulative import Codes
from .fit import Fit, Matrix, Vector
from .likelihood import check_rows, level_shares, linear_map, present, spread
from .links import LinkName, link_named
from .newton import maximise
from .predictors import layout_of
from .steps import Direction, Steps, steps_likelihood, steps_slopes


def continuation_fit(
    x: Matrix,
    y: Codes,
    weights: Vector,
    levels: int,
    link: LinkName,
    *,
    direction: Direction = "forward",
    free: Collection[int] = (),
) -> Fit:
    """Continuation-ratio model: who gets as far as a level stops there, or goes on.

    Parameters
    ----------
    x, y, weights, levels, link
        As for `ordered_fit`.
    direction
        "forward": P(y = j | y >= j) = F(threshold_j - x b_j), for levels that are passed from the lowest on (schooling,
        stages of a plan). "backward": P(y <= j | y <= j + 1) = F(threshold_j - x b_j), from the highest down.
    free
        Columns of x, counted from 0, whose slopes differ by step; all of them for separate regressions.

    Returns
    -------
    Fit
        `params` = [levels - 1 thresholds, slopes of the columns that are not free, slopes of each free column from the
        first step to the last], with observed information. A positive slope moves towards the higher levels.
        One row of scores for each respondent, however many steps were taken.

    Raises
    ------
    DataError, ChoiceError
        As for `ordered_fit`, and if `free` names no column.

    Notes
    -----
    The probability of a level is the product of those of the steps to it, so the log-likelihood is the sum of those of
    binary regressions over the rows at each step (Fienberg 1980; Tutz 1991). Rows of one respondent at different steps
    belong together in the variance of a design: scores are summed over them. Forward with the cloglog it is the
    cumulative model of that link in other thresholds (Laara and Matthews 1985). Checked against R ``glm`` and
    ``svyglm(ids = ~respondent)`` on the stacked rows and VGAM ``sratio`` (o.cr.*).

    Examples
    --------
    >>> x, y = np.zeros((4, 0)), np.array([0, 1, 1, 2])
    >>> continuation_fit(x, y, np.ones(4), 3, "logit").params.round(4)
    array([-1.0986,  0.6931])
    """
    one_of(direction, ("forward", "backward"), "direction")
    check_rows(x, y, weights)
    layout, used = layout_of(x.shape[1], levels, free), present(weights)
    codes, w = np.asarray(y[used], np.intp), weights[used]
    shares = level_shares(codes, w, levels)
    place = coordinates(x[used], layout)
    steps = Steps(place.x, codes, w, layout, link_named(link), direction)
    start = np.zeros(layout.size)
    start[: layout.cuts] = steps.link.quantile(_ratios(shares, direction))
    solution = maximise(lambda p: steps_likelihood(steps, p), start, scale=w.sum(), concave=steps.link.concave)
    slopes = steps_slopes(steps, solution.params)
    return spread(linear_map(solution.params, slopes, solution.information, place.back, solution), used, len(x))


def _ratios(shares: Vector, direction: Direction) -> Vector:
    """Share of those at each step who stop (forward) or lie lower (backward)."""
    if direction == "forward":
        return shares[:-1] / np.cumsum(shares[::-1])[:0:-1]
    below = np.cumsum(shares)
    return below[:-1] / below[1:]
