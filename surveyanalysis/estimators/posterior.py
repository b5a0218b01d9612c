"""Draws of parameters from what the answers say of them: the first half of every imputation, for many chains at once.

Arrays have the chains first, and the respondents last, where the processor runs along them: matrices are (c, k, n),
parameters (c, k). Each chain has its own generator, so that its numbers do not depend on which chains are computed
beside it.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from .fit import Matrix, Vector

Array = NDArray[np.float64]
Generators = Sequence[np.random.Generator]
NARROW = 8  # columns
RIDGE = 1e-6  # of the diagonal: an imputed answer may make columns dependent for one round


def normals(generators: Generators, size: int) -> Array:
    """Standard normal draws, shape (c, size)."""
    return np.stack([generator.standard_normal(size) for generator in generators])


def uniforms(generators: Generators, size: int) -> Array:
    """Uniform draws, shape (c, size)."""
    return np.stack([generator.random(size) for generator in generators])


def times(x: Array, params: Array) -> Array:
    """x b of every chain, shape (c, n)."""
    return np.asarray(np.matmul(params[:, None], x)[:, 0])


def crossed(x: Array, other: Array) -> Array:
    """x'z of every chain, shape (c, k, l)."""
    return np.asarray(np.matmul(x, other.transpose(0, 2, 1)))


def squared(x: Array) -> Array:
    """x'x of every chain, shape (c, k, k): of few columns product by product, which libraries' blocks do not suit."""
    k = x.shape[1]
    if k > NARROW:
        return crossed(x, x)
    out = np.empty((len(x), k, k))
    for i in range(k):
        out[:, i, : i + 1] = out[:, : i + 1, i] = np.vecdot(x[:, i : i + 1], x[:, : i + 1])
    return out


def ridged(information: Array) -> Array:
    """An information with a trace of a ridge, so that it can be inverted."""
    diagonal = np.einsum("cii->ci", information)
    out = information.copy()
    np.einsum("cii->ci", out)[:] += RIDGE * diagonal + np.finfo(float).tiny
    return out


def spread(information: Array, generators: Generators) -> Array:
    """Draws from the normal with mean zero and the inverse of the information as covariance, shape (c, k)."""
    root = np.linalg.cholesky(information)
    z = normals(generators, information.shape[1])
    return np.asarray(np.linalg.solve(root.transpose(0, 2, 1), z[:, :, None])[:, :, 0])


def linear_draws(x: Array, y: Vector, generators: Generators) -> tuple[Array, Array]:
    """Predictions of least squares (c, n), and a draw of its coefficients under a flat prior (c, k).

    Notes
    -----
    sigma*^2 = RSS / chi2(n - k), b* = b + sigma* (X'X)^(-1/2) z (Rubin 1987, p. 167).
    """
    gram = ridged(squared(x))
    b = np.asarray(np.linalg.solve(gram, np.matmul(x, y)[:, :, None])[:, :, 0])
    fitted = times(x, b)
    left = y - fitted
    free = max(x.shape[2] - x.shape[1], 1)
    chi2 = np.array([generator.chisquare(free) for generator in generators])
    sigma = np.sqrt(np.einsum("cn,cn->c", left, left) / chi2)
    return fitted, b + sigma[:, None] * spread(gram, generators)


def augmented(codes: NDArray[np.intp], levels: int, parameters: int) -> Matrix:
    """Weights of the levels in every row, shape (L, n): the answer, and the prior's part of an answer.

    Notes
    -----
    Clogg, Rubin, Schenker, Schultz and Weidman (1991): as many more answers as there are coefficients, spread evenly
    over the respondents and over the levels as in the whole; no level can be told apart completely then, so that the
    mode is finite.
    """
    n = len(codes)
    share = np.bincount(codes, minlength=levels) / n
    out = np.tile((share * parameters / n)[:, None], n)
    out[codes, np.arange(n)] += 1.0
    return out


def drawn_levels(probabilities: Array, generators: Generators) -> NDArray[np.intp]:
    """One level a row by its probabilities (c, L, r), shape (c, r)."""
    ends = np.cumsum(probabilities[:, :-1], axis=1)
    return np.asarray((uniforms(generators, probabilities.shape[2])[:, None] >= ends).sum(axis=1), np.intp)
