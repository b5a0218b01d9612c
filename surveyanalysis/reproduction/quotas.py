"""Whole-number quotas near assumed shares, and the assignment of respondents to them."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ..errors import PublishedError

Counts = NDArray[np.int64]
Shares = NDArray[np.float64]
Mask = NDArray[np.bool_]
Fixed = tuple[Mask, int]


def quota_table(target: Shares, sizes: Counts, fixed: Sequence[Fixed], possible: Mask) -> Counts | None:
    """Whole numbers of respondents by group and answer: near the target, and equal to every fixed sum.

    Parameters
    ----------
    target
        Expected numbers, shape (groups, answers).
    sizes
        Respondents in each group, shape (groups,): the sums of the rows.
    fixed
        Pairs of a mask, shape (groups, answers), and the sum that the table must have under it.
    possible
        Where the table may be above zero, shape (groups, answers).

    Returns
    -------
    ndarray or None
        Shape (groups, answers); None where no whole numbers satisfy all sums at once.

    Notes
    -----
    The target is raked to the sums (iterative proportional fitting, Deming and Stephan 1940), then rounded under
    control: a mixed integer programme with the smallest sum of absolute deviations from it (Cox 1987).

    Examples
    --------
    >>> agree = np.array([[False, True, True]])
    >>> quota_table(np.array([[1.0, 1.0, 1.0]]), np.array([57]), [(agree, 34)], np.ones((1, 3), bool))
    array([[23, 17, 17]])
    """
    from scipy.optimize import Bounds, LinearConstraint, milp

    rows = [np.broadcast_to((np.arange(len(sizes)) == g)[:, None], target.shape) for g in range(len(sizes))]
    sums: list[Fixed] = [*zip(rows, map(int, sizes)), *fixed]
    wanted = _raked(np.where(possible, target, 0.0), sums).ravel()
    held, totals = (
        np.stack([mask.ravel() for mask, _ in sums]).astype(float),
        np.array([total for _, total in sums], float),
    )
    one, nothing = np.eye(wanted.size), np.zeros((len(sums), wanted.size))
    found = milp(
        np.r_[np.zeros(wanted.size), np.ones(wanted.size)],
        integrality=np.r_[np.ones(wanted.size), np.zeros(wanted.size)],
        bounds=Bounds(0.0, np.r_[np.where(possible.ravel(), np.inf, 0.0), np.full(wanted.size, np.inf)]),
        constraints=[
            LinearConstraint(np.hstack([held, nothing]), totals, totals),
            LinearConstraint(np.hstack([one, -one]), ub=wanted),
            LinearConstraint(np.hstack([one, one]), lb=wanted),
        ],
        options={"mip_rel_gap": 0.0},
    )
    return None if found.x is None else np.rint(found.x[: wanted.size]).astype(np.int64).reshape(target.shape)


def _raked(target: Shares, sums: Sequence[Fixed], rounds: int = 500) -> Shares:
    """Scale the table to each sum in turn; a sum over zeros is left to the rounding to judge."""
    table = target.copy()
    for _ in range(rounds):
        for mask, total in sums:
            now = table[mask].sum()
            if now > 0:
                table[mask] *= total / now
    return table


def assign(scores: Shares, groups: NDArray[np.intp], quotas: Counts, *, at_least: int = 1, at_most: int = 1) -> Mask:
    """Give respondents to answers so that quotas are met and the sum of scores is largest.

    Parameters
    ----------
    scores
        Utility of each answer to each respondent, shape (n, answers).
    groups
        Group of each respondent, from 0, shape (n,).
    quotas
        Respondents by group and answer, shape (groups, answers).
    at_least, at_most
        Answers that one respondent gives.

    Returns
    -------
    ndarray of bool
        Shape (n, answers).

    Raises
    ------
    PublishedError
        The quotas cannot be met with that many answers a respondent.

    Notes
    -----
    A transportation programme, whose vertices are whole numbers. Where scores are utilities plus Gumbel noise, its
    prices are the constants of a multinomial logit model that make the margins exact; where they are a latent variable
    with logistic noise times the position on a scale, it sorts, and its cuts are the thresholds of an ordered logit.

    Examples
    --------
    >>> scores = np.array([[3.0, 0.0], [2.0, 0.0], [1.0, 0.0]])
    >>> assign(scores, np.zeros(3, np.intp), np.array([[2, 1]]))[:, 0].tolist()
    [True, True, False]
    """
    chosen = np.zeros(scores.shape, bool)
    for group in np.unique(groups):
        rows = groups == group
        chosen[rows] = _transported(scores[rows], quotas[group], at_least, at_most)
    return chosen


def sort_out(latent: NDArray[np.float64], groups: NDArray[np.intp], quotas: Counts) -> Mask:
    """Give the answers of a scale to respondents in the order of a latent answer, group by group, by quotas.

    What `assign` finds for scores that are the latent answer times the position on the scale, without a programme.

    Parameters
    ----------
    latent
        Shape (n,).
    groups, quotas
        See `assign`.

    Returns
    -------
    ndarray of bool
        Shape (n, answers).

    Examples
    --------
    >>> sort_out(np.array([0.3, 0.1, 0.2]), np.zeros(3, np.intp), np.array([[1, 2]])).argmax(axis=1).tolist()
    [1, 0, 1]
    """
    given = np.zeros((len(latent), quotas.shape[1]), bool)
    for group in np.unique(groups):
        rows = np.flatnonzero(groups == group)
        answers = np.repeat(np.arange(quotas.shape[1]), quotas[group])
        given[rows[latent[rows].argsort(kind="stable")], answers] = True
    return given


def _transported(scores: Shares, quota: Counts, at_least: int, at_most: int) -> Mask:
    """Solve the transportation programme of one group."""
    from scipy.optimize import linprog
    from scipy.sparse import csr_array, eye_array, kron, vstack

    n, k = scores.shape
    per_row = kron(eye_array(n), csr_array(np.ones((1, k))))
    per_answer = kron(csr_array(np.ones((1, n))), eye_array(k))
    found = linprog(
        -scores.ravel(),
        A_ub=vstack([per_row, -per_row]),
        b_ub=np.r_[np.full(n, at_most), np.full(n, -at_least)],
        A_eq=per_answer,
        b_eq=quota,
        bounds=(0, 1),
        method="highs-ds",
    )
    if found.x is None:
        raise PublishedError(
            f"{n} respondents cannot give {' + '.join(map(str, quota))} = {quota.sum()} answers with at least "
            f"{at_least} and at most {at_most} each. Change the counts or the assumed shares."
        )
    return np.rint(found.x).reshape(n, k).astype(bool)
