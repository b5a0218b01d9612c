"""Margins that say the same twice: kept once where their totals agree, refused by name where they do not."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..errors import DesignError
from ..estimators.fit import Matrix, Vector
from ..estimators.whitening import DEPENDENT, blocks
from .linearized import Codes

AGREE = 1e-6  # relative: totals that were rounded for print


@dataclass(frozen=True, slots=True)
class Basis:
    """Linearly independent margins, and coordinates in which they are uncorrelated.

    Attributes
    ----------
    kept
        Margins that are no linear combination of those before them, shape (k,).
    inverse
        Upper triangular, shape (k, k): z = x[:, kept] @ inverse has z' diag(weights) z = I.
    """

    kept: Codes
    inverse: Matrix


def independent(x: Matrix, weights: Vector, totals: Vector, names: Sequence[str]) -> Basis:
    """Find the margins that say something of their own.

    Parameters
    ----------
    x
        Margins, shape (n, p).
    weights
        Positive, shape (n,).
    totals
        Wanted totals, shape (p,).
    names
        Of the margins.

    Raises
    ------
    DesignError
        A margin is a linear combination of others in the sample, and its total is not that of their totals.

    Notes
    -----
    Gram-Schmidt on the triangular factor of a QR decomposition of sqrt(weights) x by blocks of rows; a margin counts as
    dependent where less than 1e-9 of its length is left.
    """
    corner = _triangle(x, np.sqrt(weights))
    length = np.sqrt((corner**2).sum(axis=0))
    corner = corner / np.where(length > 0, length, 1.0)
    kept = _kept(corner)
    rest = np.setdiff1d(np.arange(x.shape[1]), kept)
    q, r = np.linalg.qr(corner[:, kept])
    mixture = np.linalg.solve(r, q.T @ corner[:, rest]) * length[rest] / length[kept][:, None]
    for margin, coefficients in zip(rest, mixture.T):
        _refuse_contradiction(int(margin), coefficients, kept, totals, names)
    return Basis(kept, np.linalg.inv(r) / length[kept][:, None])


def _triangle(x: Matrix, root: Vector) -> Matrix:
    """Triangular factor of root * x, shape (p, p)."""
    corner: Matrix = np.zeros((x.shape[1], x.shape[1]))
    for rows in blocks(len(x)):
        corner = np.asarray(np.linalg.qr(np.vstack([corner, root[rows, None] * x[rows]]), mode="r"))
    return corner


def _kept(columns: Matrix) -> Codes:
    """Columns (of length 1 or 0) with something left after those kept before them are taken out, twice for rounding."""
    basis: Matrix = np.zeros((len(columns), 0))
    kept = []
    for j, column in enumerate(columns.T):
        left = column - basis @ (basis.T @ column)
        left = left - basis @ (basis.T @ left)
        size = np.sqrt(left @ left)
        if size > DEPENDENT:
            basis = np.column_stack([basis, left / size])
            kept.append(j)
    return np.array(kept, dtype=np.intp)


def _refuse_contradiction(margin: int, coefficients: Vector, kept: Codes, totals: Vector, names: Sequence[str]) -> None:
    """Raise where a dependent margin's total is not the same mixture of the other totals."""
    parts = coefficients * totals[kept]
    implied, given = float(parts.sum()), float(totals[margin])
    if abs(implied - given) <= AGREE * max(abs(given), float(np.abs(parts).sum())):
        return
    used = np.abs(parts) > 1e-9 * np.abs(parts).sum()
    used |= np.abs(coefficients) > 1e-9 * np.abs(coefficients).max(initial=0.0)
    if not used.any():
        raise DesignError(
            f"{names[margin]!r} is zero for everybody with a weight, so that no weights can bring it to {given:,.10g}. "
            "Merge it with a similar level, in the answers and the totals, or leave it out."
        )
    mixture = _in_words(coefficients[used], [names[k] for k in kept[used]])
    raise DesignError(
        f"The margins contradict each other: in the sample {names[margin]!r} is {mixture}, whose totals make "
        f"{implied:,.10g}; given is {given:,.10g}. Correct the totals, or leave one of these margins out."
    )


def _in_words(coefficients: Vector, names: Sequence[str]) -> str:
    """A sum of margins as text: 'a' - 'b' + 2 'c'."""
    words = ""
    for c, name in list(zip(coefficients, names))[:8]:
        size = "" if abs(abs(c) - 1) < 1e-6 else f"{abs(c):.6g} "
        sign = ("-" if c < 0 else "") if not words else (" - " if c < 0 else " + ")
        words += f"{sign}{size}{name!r}"
    return words + (f" and {len(names) - 8} more" if len(names) > 8 else "")
