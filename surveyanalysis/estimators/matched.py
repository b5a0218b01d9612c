"""Fairlie's decomposition: answers of matched respondents exchanged term by term."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .binary import binary_mean, binary_slope
from .decomposed import First, Plan, decomposed_fit, group_coefficients, reference_coefficients
from .fit import Fit, Matrix, Vector
from .smooth import Smooth

Rows = NDArray[np.intp]


@dataclass(frozen=True)
class Matching:
    """Pairs of respondents, and the order in which their answers are exchanged.

    Attributes
    ----------
    first, second
        Rows of the pairs in each group, shape (pairs,).
    order
        Terms in the order of exchange, shape (terms,).
    """

    first: Rows
    second: Rows
    order: Rows


def matchings(
    probability: Vector, first: First, weights: Vector, terms: int, count: int, seed: int
) -> tuple[Matching, ...]:
    """Draw matchings of two groups by the rank of their probabilities.

    Parameters
    ----------
    probability
        Under the reference, shape (n,).
    first
        Who is in the first group.
    weights
        Shape (n,). Where they are equal, the smaller group is taken whole and as many of the larger are drawn without
        replacement; else so many are drawn from each with probabilities in proportion to weights.
    terms
        How many terms are exchanged, in an order drawn anew each time.
    count, seed
        Number of matchings; seed of the generator.

    Examples
    --------
    >>> one = matchings(np.array([0.2, 0.7, 0.4, 0.1, 0.9]), np.arange(5) < 2, np.ones(5), 1, 1, seed=1)[0]
    >>> len(one.first), bool((np.diff(one.second) != 0).all())
    (2, True)
    """
    rng = np.random.default_rng(seed)
    members = [np.flatnonzero(who & (weights > 0)) for who in (first, ~first)]
    size, equal = min(map(len, members)), bool(np.ptp(weights[weights > 0]) == 0)
    found = []
    for _ in range(count):
        drawn = [_ranked(_drawn(own, weights, size, equal, rng), probability, rng) for own in members]
        found.append(Matching(drawn[0], drawn[1], rng.permutation(terms)))
    return tuple(found)


def _drawn(own: Rows, weights: Vector, size: int, equal: bool, rng: np.random.Generator) -> Rows:
    """So many members of a group."""
    if equal:
        return own if len(own) == size else rng.choice(own, size, replace=False)
    return rng.choice(own, size, p=weights[own] / weights[own].sum())


def _ranked(rows: Rows, probability: Vector, rng: np.random.Generator) -> Rows:
    """Rows by their probability; ties in random order."""
    mixed = rng.permutation(rows)
    return np.asarray(mixed[np.argsort(probability[mixed], kind="stable")])


def exchanged(x: Matrix, reference: Smooth, terms: tuple[list[int], ...], drawn: tuple[Matching, ...]) -> Smooth:
    """What each term explains: mean change of probability when the second's answers become the first's.

    Parameters
    ----------
    x
        Covariates, the intercept first, shape (n, k).
    reference
        Coefficients with their contributions.
    terms
        Columns of each term.
    drawn
        Matchings over which the changes are averaged; they are taken as given.

    Notes
    -----
    Along the order of exchange, mean F(x r) after a term minus before it (Fairlie 2005); derivative by r likewise.

    Examples
    --------
    >>> x = np.array([[1.0, 0.0], [1.0, 1.0]])
    >>> one = Matching(np.array([1]), np.array([0]), np.array([0]))
    >>> exchanged(x, Smooth(np.array([0.0, 1.0]), np.zeros((2, 2))), ([1],), (one,)).value.round(4)
    array([0.2311])
    """
    value, slope = np.zeros(len(terms)), np.zeros((len(terms), x.shape[1]))
    for one in drawn:
        now, target = x[one.second], x[one.first]
        before, before_slope = _mean_and_slope(now, reference.value)
        for t in one.order:
            now[:, terms[t]] = target[:, terms[t]]
            after, after_slope = _mean_and_slope(now, reference.value)
            value[t] += after - before
            slope[t] += after_slope - before_slope
            before, before_slope = after, after_slope
    return Smooth(value / len(drawn), reference.scores @ slope.T / len(drawn))


def _mean_and_slope(x: Matrix, b: Vector) -> tuple[float, Vector]:
    """Mean probability of these rows, and its derivative by the coefficients."""
    eta = x @ b
    return float(binary_mean(eta, "logit").mean()), binary_slope(eta, "logit") @ x / len(x)


def fairlie_fit(x: Matrix, y: Vector, first: First, weights: Vector, plan: Plan, drawn: tuple[Matching, ...]) -> Fit:
    """Take the difference between two groups' shares apart by matched answers.

    Parameters
    ----------
    x, y, first, weights, plan
        As for `decomposed_fit`, of a curved plan with two parts.
    drawn
        Matchings, taken as given.

    Returns
    -------
    Fit
        Share of the first group, of the second, their difference; the explained total and terms 1, 2, ...; the
        unexplained total. The totals are of all respondents: the terms sum to the explained one up to the draws.

    Notes
    -----
    Errors of the terms come from the reference's coefficients alone, as Fairlie (2005) takes them.

    Examples
    --------
    >>> x = np.column_stack([np.ones(8), [0.0, 1.0, 2.0, 3.0] * 2])
    >>> one = np.eye(2)
    >>> plan = Plan(True, "second", "two", one, one, one)
    >>> first = np.arange(8) < 4
    >>> drawn = matchings(x[:, 1], first, np.ones(8), 1, 2, seed=1)
    >>> found = fairlie_fit(x, np.array([0.0, 1, 0, 1, 1, 0, 1, 1]), first, np.ones(8), plan, drawn)
    >>> found.params.round(3) + 0.0
    array([ 0.5 ,  0.75, -0.25,  0.  ,  0.  , -0.25])
    """
    whole = decomposed_fit(x, y, first, weights, plan)
    groups = [group_coefficients(x, y, who, weights, True) for who in (first, ~first)]
    reference = reference_coefficients(x, y, first, weights, plan, *groups)
    columns = tuple(np.flatnonzero(row).tolist() for row in plan.terms[1:])
    by_term, unexplained = exchanged(x, reference, columns, drawn), 3 + len(plan.terms)
    params = np.concatenate([whole.params[:4], by_term.value, whole.params[[unexplained]]])
    return Fit(params, np.hstack([whole.scores[:, :4], by_term.scores, whole.scores[:, [unexplained]]]))
