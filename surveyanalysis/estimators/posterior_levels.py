"""Draws for answer categories: multinomial logits (yes/no among them) and proportional odds, many chains at once."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from ..errors import ConvergenceError
from .fit import Matrix, Vector
from .posterior import Array, Generators, crossed, drawn_levels, ridged, spread, squared, times

Codes = NDArray[np.intp]
STEPS, MOST, CLOSE = 12, 200, 1e-3  # rounds of Newton's method, plain and careful; the decrement before the last
SHORTEST = 2.0**-40
FARTHEST = 8.0  # change of a linear predictor in one round
FLAT = 700.0  # exponents above are as good as infinite, and do not overflow


def nominal_levels(
    x: Array, target: Matrix, wanted: Array, generators: Generators, start: Array
) -> tuple[Codes, Array]:
    """Levels drawn for the missing rows (c, r), and the modes for the next round, shape (c, (L - 1) k).

    Parameters
    ----------
    x, wanted
        Columns of those who answered, shape (c, k, n), and of those who did not, (c, k, r).
    target
        What `augmented` makes of their answers.
    start
        Where Newton's method begins: the modes of the round before.

    Notes
    -----
    Multinomial logit against the first level; normal draw around the mode of the augmented likelihood.
    """
    mode, information = _climbed(
        start, x, np.zeros(start.shape[1]), 0, lambda z, b: _nominal_step(z, target, b),
        lambda z, b: _loglik(_softmax(z, b), target),
    )  # fmt: skip
    drawn = mode + spread(information, generators)
    return drawn_levels(_softmax(wanted, drawn), generators), mode


def _softmax(x: Array, params: Array) -> Array:
    """Probabilities of the levels, shape (c, L, n)."""
    eta = np.matmul(params.reshape(len(params), -1, x.shape[1]), x)
    if eta.shape[1] == 1:
        above = _expit(eta)
        return np.concatenate([1 - above, above], axis=1)
    eta = np.concatenate([np.zeros((len(x), 1, x.shape[2])), eta], axis=1)
    eta -= eta.max(axis=1, keepdims=True)
    np.exp(eta, out=eta)
    eta /= eta.sum(axis=1, keepdims=True)
    return eta


def _expit(eta: Array) -> Array:
    """1 / (1 + exp(-eta)), computed in place."""
    np.negative(eta, out=eta)
    np.exp(np.minimum(eta, FLAT, out=eta), out=eta)
    eta += 1
    return np.divide(1, eta, out=eta)


def _nominal_step(x: Array, target: Matrix, b: Array) -> tuple[Array, Array]:
    """Gradient and information; `target` holds the weights of the levels, shape (L, n)."""
    c, k, _ = x.shape
    p, each, free = _softmax(x, b)[:, 1:], target[:, 0].sum(), len(target) - 1
    gradient = crossed(target[1:] - each * p, x).reshape(c, free * k)
    information = np.empty((c, free, k, free, k))
    for i in range(free):
        for j in range(i + 1):
            block = (
                _curved(x, each * p[:, i] * (1 - p[:, i]))
                if i == j
                else -crossed(x * (each * p[:, i] * p[:, j])[:, None], x)
            )
            information[:, i, :, j], information[:, j, :, i] = block, block.transpose(0, 2, 1)
    return gradient, ridged(information.reshape(c, free * k, free * k))


def _curved(x: Array, weight: Array) -> Array:
    """x'wx of every chain for weights (c, n) of no less than zero: a matrix times itself takes half the time."""
    return squared(x * np.sqrt(weight)[:, None])


def _loglik(p: Array, target: Matrix) -> Array:
    """Augmented log-likelihood of each chain from probabilities of the levels (c, L, n)."""
    return np.asarray((target * np.log(np.maximum(p, 1e-300))).sum(axis=(1, 2)))


def ordered_levels(
    x: Array, target: Matrix, wanted: Array, generators: Generators, start: Array
) -> tuple[Codes, Array]:
    """Levels drawn for the missing rows (c, r), and the modes for the next round: L - 1 cuts, then k - 1 slopes.

    Parameters
    ----------
    x, target, wanted, start
        As of `nominal_levels`.

    Notes
    -----
    logit P(y <= j) = cut_j - x b, without the intercept that is the first column of `x`; Fisher scoring on the
    augmented likelihood, normal draw around its mode. Cuts that a draw puts in the wrong order are sorted.
    """
    slopes, cuts = x[:, 1:], len(target) - 1
    below = np.cumsum(target.sum(axis=1))[:-1] / target.sum()
    origin = np.append(np.log(below / (1 - below)), np.zeros(slopes.shape[1]))
    mode, information = _climbed(
        start if start.any() else np.tile(origin, (len(x), 1)), slopes, origin, cuts,
        lambda z, b: _ordered_step(z, target, b), lambda z, b: _loglik(_cells(z, b, cuts)[0], target),
    )  # fmt: skip
    drawn = mode + spread(information, generators)
    drawn[:, :cuts].sort(axis=1)
    return drawn_levels(_cells(wanted[:, 1:], drawn, cuts)[0], generators), mode


def _cells(x: Array, params: Array, cuts: int) -> tuple[Array, Array]:
    """Probabilities of the levels (c, L, n), and the density at each end of theirs (c, L + 1, n)."""
    below = np.zeros((len(x), cuts + 2, x.shape[2]))
    below[:, 1:-1] = _expit(params[:, :cuts, None] - times(x, params[:, cuts:])[:, None])
    below[:, -1] = 1.0
    return np.maximum(np.diff(below, axis=1), 1e-300), below * (1 - below)


def _ordered_step(x: Array, target: Matrix, b: Array) -> tuple[Array, Array]:
    """Gradient and expected information; `target` holds the weights of the levels, shape (L, n)."""
    c, k, _ = x.shape
    cuts, each = len(target) - 1, target[:, 0].sum()
    p, density = _cells(x, b, cuts)
    inner, slope, ratio = density[:, 1:-1], np.diff(density, axis=1), target / p
    gradient = np.empty((c, cuts + k))
    gradient[:, :cuts] = (inner * (ratio[:, :-1] - ratio[:, 1:])).sum(axis=2)
    gradient[:, cuts:] = -np.matmul(x, (ratio * slope).sum(axis=1)[:, :, None])[:, :, 0]
    information = np.zeros((c, cuts + k, cuts + k))
    steep = slope / p
    for j in range(cuts):
        information[:, j, j] = (inner[:, j] ** 2 * (1 / p[:, j] + 1 / p[:, j + 1])).sum(axis=1)
        if j:
            information[:, j, j - 1] = -(inner[:, j] * inner[:, j - 1] / p[:, j]).sum(axis=1)
            information[:, j - 1, j] = information[:, j, j - 1]
    mixed = crossed(inner * np.diff(steep, axis=1), x)
    information[:, :cuts, cuts:], information[:, cuts:, :cuts] = mixed, mixed.transpose(0, 2, 1)
    information[:, cuts:, cuts:] = _curved(x, (slope * steep).sum(axis=1))
    return gradient, ridged(each * information)


Step = Callable[[Array, Array], tuple[Array, Array]]
"""Columns and parameters -> gradient and information of the augmented likelihood."""
Value = Callable[[Array, Array], Array]
"""Columns and parameters -> the augmented log-likelihood of each chain, shape (c,)."""


def _climbed(start: Array, x: Array, origin: Vector, cuts: int, step: Step, value: Value) -> tuple[Array, Array]:
    """The mode by Newton's method with bounded steps, and the information there; chains stop one by one.

    The first `cuts` parameters are thresholds, the others slopes of `x`, level by level. A chain that does not arrive
    begins anew at `origin`, with steps that never go downhill.
    """
    b, done, largest = start, np.zeros(len(start), bool), np.maximum(x.max(axis=2), -x.min(axis=2))
    for _ in range(STEPS):
        gradient, information = step(x, b)
        move = np.asarray(np.linalg.solve(information, gradient[:, :, None])[:, :, 0])
        b = b + np.where(done[:, None], 0.0, move * _bounded(move, largest, cuts)[:, None])
        done = done | ((move * gradient).sum(axis=1) < CLOSE)
        if done.all():
            return b, information
    for c in np.flatnonzero(~done):
        b[c], information[c] = _uphill(x[c : c + 1], origin, step, value)
    return b, information


def _uphill(x: Array, origin: Vector, step: Step, value: Value) -> tuple[Vector, Matrix]:
    """The mode of one chain, steps halved until they rise enough."""
    b = origin[None]
    for _ in range(MOST):
        gradient, information = step(x, b)
        move = np.linalg.solve(information, gradient[:, :, None])[:, :, 0]
        rise, part, here = float((move * gradient).sum()), 1.0, float(value(x, b)[0])
        if rise < CLOSE:
            return (b + move)[0], information[0]
        while not value(x, b + part * move)[0] >= here + 1e-4 * part * rise and part > SHORTEST:
            part /= 2
        b = b + part * move
    raise ConvergenceError(
        f"The mode of an equation for {x.shape[2]} answers and {x.shape[1]} columns was not found in {MOST} steps. "
        "Leave out predictors, or those with extreme values."
    )


def _bounded(move: Array, largest: Array, cuts: int) -> Array:
    """Factor of every chain's step, so that no linear predictor moves by more than `FARTHEST`."""
    k = largest.shape[1]
    blocks = np.abs(move[:, cuts:]).reshape(len(move), (move.shape[1] - cuts) // max(k, 1), k)
    reach = np.einsum("clk,ck->cl", blocks, largest).max(axis=1, initial=0.0)
    reach += np.abs(move[:, :cuts]).max(axis=1, initial=0.0)
    return np.asarray(np.minimum(1.0, FARTHEST / np.maximum(reach, 1e-300)))
