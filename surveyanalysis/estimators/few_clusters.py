"""Covariance of a regression from few clusters, with its bias reduced, and the degrees of freedom it is worth."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..errors import DataError
from .fit import Matrix, Vector
from .whitening import coordinates

LARGEST = 3000  # rows of a cluster whose root is taken of a full matrix
NOTHING = 1e-11  # of the largest eigenvalue: below it, a direction is one that the model explains completely


@dataclass(frozen=True, slots=True)
class FewClusters:
    """A cluster-robust covariance that knows how uncertain it is itself.

    Attributes
    ----------
    covariance
        Of the coefficients, shape (k, k).
    own, left, right
        Parts of each cluster j, shape (G, k, k): Z'TZ, M X'Z and X'WTZ, with Z = A W X M and T the target variances;
        the columns X in the last two are whitened.
    middle
        X'WTWX of the whitened columns, shape (k, k).

    Notes
    -----
    A contrast c has the variance estimate sum (c'Z_j'e_j)^2, a quadratic form in the residuals; `moments` gives the
    covariances of its parts under the working model.
    """

    covariance: Matrix
    own: NDArray[np.float64]
    left: NDArray[np.float64]
    right: NDArray[np.float64]
    middle: Matrix

    def moments(self, contrasts: Matrix) -> NDArray[np.float64]:
        """Covariances of the clusters' parts of contrasts (k, q) under the working model, shape (G, G, q, q)."""
        a, b = self.left @ contrasts, self.right @ contrasts
        mixed = np.einsum("iks,jkt->ijst", a, b)
        found = np.einsum("iks,kl,jlt->ijst", a, self.middle, a) - mixed - mixed.transpose(1, 0, 3, 2)
        clusters = np.arange(len(a))
        found[clusters, clusters] += contrasts.T @ self.own @ contrasts
        return found

    def df(self, contrasts: Matrix) -> Vector:
        """Satterthwaite's degrees of freedom of each contrast, the columns of (k, q), shape (q,)."""
        parts = (self.moments(contrasts[:, [j]])[:, :, 0, 0] for j in range(contrasts.shape[1]))
        return np.array([np.trace(part) ** 2 / (part**2).sum() for part in parts])

    def joint(self, estimate: Vector, contrasts: Matrix) -> tuple[float, float]:
        """F of several contrasts (k, q) being zero, and its denominator's degrees of freedom; NaN where none are left.

        Notes
        -----
        Hotelling's T2 with eta = q (q + 1) / sum of var(D_st), D the covariance in units of its expectation
        (Pustejovsky and Tipton 2018, "HTZ"): F = (eta - q + 1) / (eta q) Q on q and eta - q + 1, Q the Wald statistic.
        """
        q = contrasts.shape[1]
        moments = self.moments(contrasts)
        expected = np.einsum("iist->st", moments)
        root = _inverse_square_root(expected)
        scaled = root @ moments @ root
        spread = (np.trace(scaled, axis1=2, axis2=3) ** 2).sum() + np.einsum("ijst,ijts->", scaled, scaled)
        eta = q * (q + 1) / spread
        left = eta - q + 1
        found = contrasts.T @ self.covariance @ contrasts
        if left <= 0 or np.linalg.matrix_rank(found / np.sqrt(np.outer(np.diag(found), np.diag(found)))) < q:
            return float("nan"), float(left)
        at = contrasts.T @ estimate
        return float(left / (eta * q) * (at @ np.linalg.solve(found, at))), float(left)


def few_clusters(
    x: Matrix, residuals: Vector, weights: Vector, target: Vector, clusters: NDArray[np.intp]
) -> FewClusters:
    """Bias-reduced linearisation (CR2) of a least squares fit, or of the last step of an iterated one.

    Parameters
    ----------
    x
        Covariates, shape (n, k).
    residuals
        Of the (working) outcome, shape (n,).
    weights
        With which the squares are summed, shape (n,); positive.
    target
        Variances of the errors in the working model, up to a factor, shape (n,); ones for a linear model.
    clusters
        Codes 0 to G - 1, shape (n,).

    Returns
    -------
    FewClusters

    Raises
    ------
    DataError
        There are fewer than two clusters, or one has too many rows for the root of its matrix.

    Notes
    -----
    V = sum over clusters of Z_j'e_j e_j'Z_j, Z_j = A_j W_j X_j M, M = (X'WX)^-1, A_j = D_j (D_j S_j T S_j' D_j)^-1/2
    D_j with D_j the roots of the targets and S_j the cluster's rows of I - X M X'W: unbiased where the working model
    holds (Bell and McCaffrey 2002; Pustejovsky and Tipton 2018, with a generalised inverse where the model explains a
    direction of a cluster completely). Checked against R ``clubSandwich``.

    Examples
    --------
    >>> x = np.column_stack([np.ones(6), [0.0, 0, 0, 1, 1, 1]])
    >>> e = np.array([1.0, -1, 0, 2, 0, -2])
    >>> found = few_clusters(x, e, np.ones(6), np.ones(6), np.arange(6))
    >>> found.covariance[1, 1].round(4), found.df(np.eye(2)).round(2)
    (np.float64(1.6667), array([2., 4.]))
    """
    count = int(clusters.max()) + 1
    if count < 2:
        raise DataError("All respondents are in one cluster: nothing tells how clusters differ.")
    z, back = coordinates(x)
    bread = np.linalg.inv(z.T @ (weights[:, None] * z))
    middle = np.asarray(z.T @ ((weights**2 * target)[:, None] * z), float)
    parts = [np.flatnonzero(clusters == g) for g in range(count)]
    turned = [_turned(z[rows], weights[rows], target[rows], np.asarray(bread, float), middle) for rows in parts]
    turned = [t @ back.T for t in turned]  # contrasts are of the user's columns, products within stay whitened
    sums = np.array([t.T @ residuals[rows] for t, rows in zip(turned, parts)])
    own = np.array([t.T @ (target[rows, None] * t) for t, rows in zip(turned, parts)])
    left = np.array([bread @ (z[rows].T @ t) for t, rows in zip(turned, parts)])
    right = np.array([z[rows].T @ ((weights * target)[rows, None] * t) for t, rows in zip(turned, parts)])
    return FewClusters(sums.T @ sums, own, left, right, middle)


def _turned(x: Matrix, weights: Vector, target: Vector, bread: Matrix, middle: Matrix) -> Matrix:
    """Z = A W X M of one cluster, shape (rows, k)."""
    score = weights[:, None] * x @ bread
    if np.ptp(target) == 0:
        return _rooted(x, weights, bread, middle / target[0], score)
    if len(x) > LARGEST:
        raise DataError(
            f"A cluster has {len(x):,} respondents, more than the {LARGEST:,} up to which the covariance of a model "
            "with unequal variances is adjusted. With clusters so large, use errors by the design."
        )
    crossed = x @ bread @ x.T * (weights * target)
    left = np.diag(target) - crossed - crossed.T + x @ (bread @ middle @ bread) @ x.T
    root = np.sqrt(target)
    return root[:, None] * (_inverse_square_root(root[:, None] * left * root) @ (root[:, None] * score))


def _rooted(x: Matrix, weights: Vector, bread: Matrix, middle: Matrix, score: Matrix) -> Matrix:
    """The same where all targets are equal: the matrix is one plus a part of rank 2k, so that its root is cheap."""
    axes, corner = np.linalg.qr(np.hstack([x, weights[:, None] * x]))
    inner = np.block([[bread @ middle @ bread, -bread], [-bread, np.zeros_like(bread)]])
    values, vectors = np.linalg.eigh(corner @ inner @ corner.T)
    turn = axes @ vectors
    return score + turn @ ((_inverse_root(1 + values) - 1)[:, None] * (turn.T @ score))


def _inverse_square_root(matrix: Matrix) -> Matrix:
    """Generalised inverse root of a symmetric matrix that is not negative."""
    values, vectors = np.linalg.eigh((matrix + matrix.T) / 2)
    kept = values > NOTHING * values.max(initial=0)
    return np.asarray((vectors[:, kept] / np.sqrt(values[kept])) @ vectors[:, kept].T)


def _inverse_root(values: Vector) -> Vector:
    """1 / root, and 0 of what is nothing but rounding."""
    kept = values > NOTHING * max(1.0, float(values.max(initial=0)))
    return np.where(kept, np.where(kept, values, 1.0) ** -0.5, 0.0)
