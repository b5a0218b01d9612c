"""Covariates in coordinates where numbers keep their digits, without a copy of the rows where they need none."""

from dataclasses import dataclass

import numpy as np

from .fit import Matrix, Vector
from .newton import MANY, SHARE, Function
from .whitening import blocks, coordinates, whitened

SOUND = 1e-4  # smallest curvature of columns of size one (of at most k) above which sums of products keep 12 digits


@dataclass(frozen=True, slots=True)
class Turned:
    """Covariates, and the way from parameters q of whitened columns to theirs and to the user's.

    Attributes
    ----------
    rows
        The user's columns where they are well conditioned, else whitened ones, shape (n, k).
    inner
        From q to the parameters of `rows`, shape (p, p).
    back
        From q to the user's parameters, shape (p, p).
    start
        Sum over rows of the whitened columns, divided by their number, shape (k,).
    picked
        Which of very many `rows` tell enough to begin with: every so many; else all.
    some
        These rows.
    """

    rows: Matrix
    inner: Matrix
    back: Matrix
    start: Vector
    picked: slice
    some: Matrix

    def through(self, function: Function) -> Function:
        """A log-likelihood of the parameters of `rows` as one of q."""

        def evaluate(q: Vector) -> tuple[float, Vector, Matrix]:
            value, score, information = function.evaluate(self.inner @ q)
            return value, self.inner.T @ score, self.inner.T @ information @ self.inner

        return Function(evaluate, lambda q: self.inner.T @ function.gradient(self.inner @ q), function.scale)


def products(x: Matrix, weights: Vector | None = None) -> Matrix:
    """x' diag(weights) x, block by block, shape (k, k).

    Examples
    --------
    >>> products(np.array([[1.0, 2.0], [1.0, 4.0]]))
    array([[ 2.,  6.],
           [ 6., 20.]])
    """
    total = np.zeros((x.shape[1],) * 2)
    for rows in blocks(len(x)):
        part = x[rows]
        total += part.T @ (part if weights is None else weights[rows, None] * part)
    return total


def turned(x: Matrix) -> Turned:
    """Coordinates of covariates that hold their intercept.

    Notes
    -----
    Whitened columns are z = x t with z'z = n I. Where the columns, each of size one, are far from dependent, t comes
    from the Cholesky factor of x'x, and sums over rows are taken of the columns as they are and turned afterwards: the
    same numbers to twelve digits, without writing z. Else (years, nearly dependent columns) z is made from centred
    columns by `coordinates`, which names the dependent ones. Of very many rows some tell enough of this.

    Examples
    --------
    >>> place = turned(np.array([[1.0, 1.0], [1.0, 3.0]]))
    >>> np.allclose(place.back.T @ np.array([[2.0, 4.0], [4.0, 10.0]]) @ place.back, 2 * np.eye(2))
    True
    """
    picked, some = _some(x)
    gram = products(some)
    if _sound(gram, len(some)):
        turn = np.linalg.inv(np.linalg.cholesky(gram / len(some))).T
        return Turned(x, turn, turn, turn.T @ (np.ones(len(some)) @ some) / len(some), picked, some)
    z, back = coordinates(x)
    return Turned(z, np.eye(x.shape[1]), back, z.sum(axis=0) / len(z), *_some(z))


def turned_slopes(x: Matrix, cuts: int) -> Turned:
    """Coordinates of covariates without an intercept, whose parameters follow `cuts` thresholds.

    Notes
    -----
    As `turned`, with columns centred in any case: a threshold of centred columns is the user's plus the slopes times
    the means.

    Examples
    --------
    >>> turned_slopes(np.array([[1.0], [3.0]]), 1).back
    array([[1., 2.],
           [0., 1.]])
    """
    size, k = x.shape
    total = np.ones(size) @ x
    centre, gram = total / size, products(x)
    whole = np.block([[np.array([[float(size)]]), total[None, :]], [total[:, None], gram]])
    back, inner = np.eye(cuts + k), np.eye(cuts + k)
    if k and _sound(whole, size):
        rows = x
        turn = np.linalg.inv(np.linalg.cholesky(gram / size - np.outer(centre, centre))).T
        inner[cuts:, cuts:], inner[:cuts, cuts:] = turn, centre @ turn
    else:
        centre = x.mean(axis=0)
        rows, turn = whitened(x, centre)
    back[cuts:, cuts:], back[:cuts, cuts:] = turn, centre @ turn
    return Turned(rows, inner, back, np.zeros(k), *_some(rows))


def _some(rows: Matrix) -> tuple[slice, Matrix]:
    """Which of very many rows to begin with, and these, column by column in memory."""
    if len(rows) <= MANY:
        return slice(None), rows
    picked = slice(None, None, SHARE)
    return picked, np.asfortranarray(rows[picked])


def _sound(gram: Matrix, size: int) -> bool:
    """Whether columns of size one with these products are far from dependent."""
    scale = np.sqrt(np.diag(gram))
    if not (np.isfinite(scale).all() and (scale > 0).all() and size >= len(gram)):
        return False
    return bool(np.linalg.eigvalsh(gram / np.outer(scale, scale))[0] > SOUND)
