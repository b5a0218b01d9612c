"""Draws for answer categories: multinomial logits (yes/no among them) and proportional odds, many chains at once."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from ..errors import ConvergenceError
from .fit import Matrix, Vector
from .posterior import Array, Generators, augmented, crossed, drawn_levels, ridged, spread, times

Codes = NDArray[np.intp]
STEPS, MOST, CLOSE = 12, 200, 1e-5  # rounds of Newton's method, plain and careful; the decrement before the last
SHORTEST = 2.0**-40
FARTHEST = 8.0  # change of a linear predictor in one round


def nominal_levels(
    x: Array, codes: Codes, levels: int, wanted: Array, generators: Generators, start: Array
) -> tuple[Codes, Array]:
    """Levels drawn for the missing rows (c, r), and the modes for the next round, shape (c, (L - 1) k).

    Notes
    -----
    Multinomial logit against the first level; normal draw around the mode of the augmented likelihood.
    """
    target = augmented(codes, levels, x.shape[2])
    mode, information = _climbed(
        start, x, np.zeros(start.shape[1]), 0, lambda z, b: _nominal_step(z, target, b),
        lambda z, b: _loglik(_softmax(z, b), target),
    )  # fmt: skip
    drawn = mode + spread(information, generators)
    return drawn_levels(_softmax(wanted, drawn), generators), mode


def _softmax(x: Array, params: Array) -> Array:
    """Probabilities of the levels, shape (L, c, n)."""
    blocks = params.reshape(len(params), -1, x.shape[2])
    eta = np.stack([np.zeros(x.shape[:2]), *(times(x, blocks[:, i]) for i in range(blocks.shape[1]))])
    if len(eta) == 2:
        eta[1] = 1 / (1 + np.exp(-np.clip(eta[1], -700, 700)))
        eta[0] = 1 - eta[1]
        return eta
    eta -= eta.max(axis=0)
    np.exp(eta, out=eta)
    eta /= eta.sum(axis=0)
    return eta


def _nominal_step(x: Array, target: Matrix, b: Array) -> tuple[Array, Array]:
    """Gradient and information; `target` holds the weights of the levels, shape (L, n)."""
    c, _, k = x.shape
    p, each, free = _softmax(x, b)[1:], target[:, 0].sum(), len(target) - 1
    across = x.transpose(0, 2, 1)
    gradient = np.concatenate([times(across, target[i + 1] - each * p[i]) for i in range(free)], axis=1)
    information = np.empty((c, free, k, free, k))
    for i in range(free):
        for j in range(i + 1):
            weight = each * p[i] * ((i == j) - p[j])
            block = crossed(x * weight[:, :, None], x)
            information[:, i, :, j], information[:, j, :, i] = block, block.transpose(0, 2, 1)
    return gradient, ridged(information.reshape(c, free * k, free * k))


def _loglik(p: Array, target: Matrix) -> Array:
    """Augmented log-likelihood of each chain from probabilities of the levels (L, c, n)."""
    return np.asarray((target[:, None, :] * np.log(np.maximum(p, 1e-300))).sum(axis=(0, 2)))


def ordered_levels(
    x: Array, codes: Codes, levels: int, wanted: Array, generators: Generators, start: Array
) -> tuple[Codes, Array]:
    """Levels drawn for the missing rows (c, r), and the modes for the next round: L - 1 cuts, then k - 1 slopes.

    Notes
    -----
    logit P(y <= j) = cut_j - x b, without the intercept that is the first column of `x`; Fisher scoring on the
    augmented likelihood, normal draw around its mode. Cuts that a draw puts in the wrong order are sorted.
    """
    slopes, cuts = x[:, :, 1:], levels - 1
    target = augmented(codes, levels, cuts + slopes.shape[2])
    below = np.cumsum(target.sum(axis=1))[:-1] / target.sum()
    origin = np.append(np.log(below / (1 - below)), np.zeros(slopes.shape[2]))
    mode, information = _climbed(
        start if start.any() else np.tile(origin, (len(x), 1)), slopes, origin, cuts,
        lambda z, b: _ordered_step(z, target, b), lambda z, b: _loglik(_cells(z, b, cuts)[0], target),
    )  # fmt: skip
    drawn = mode + spread(information, generators)
    drawn[:, :cuts].sort(axis=1)
    return drawn_levels(_cells(wanted[:, :, 1:], drawn, cuts)[0], generators), mode


def _cells(x: Array, params: Array, cuts: int) -> tuple[Array, Array]:
    """Probabilities of the levels (L, c, n), and the density at each end of theirs (L + 1, c, n)."""
    eta = params[:, :cuts].T[:, :, None] - times(x, params[:, cuts:])
    below = np.zeros((cuts + 2, *x.shape[:2]))
    below[1:-1] = 1 / (1 + np.exp(-np.clip(eta, -700, 700)))
    below[-1] = 1.0
    return np.maximum(np.diff(below, axis=0), 1e-300), below * (1 - below)


def _ordered_step(x: Array, target: Matrix, b: Array) -> tuple[Array, Array]:
    """Gradient and expected information; `target` holds the weights of the levels, shape (L, n)."""
    c, _, k = x.shape
    cuts, each = len(target) - 1, target[:, 0].sum()
    p, density = _cells(x, b, cuts)
    inner, slope, ratio = density[1:-1], np.diff(density, axis=0), target[:, None, :] / p
    gradient = np.empty((c, cuts + k))
    gradient[:, :cuts] = (inner * (ratio[:-1] - ratio[1:])).sum(axis=2).T
    gradient[:, cuts:] = -times(x.transpose(0, 2, 1), (ratio * slope).sum(axis=0))
    information = np.zeros((c, cuts + k, cuts + k))
    steep = slope / p
    for j in range(cuts):
        information[:, j, j] = (inner[j] ** 2 * (1 / p[j] + 1 / p[j + 1])).sum(axis=1)
        if j:
            information[:, j, j - 1] = -(inner[j] * inner[j - 1] / p[j]).sum(axis=1)
            information[:, j - 1, j] = information[:, j, j - 1]
        information[:, j, cuts:] = times(x.transpose(0, 2, 1), inner[j] * (steep[j + 1] - steep[j]))
        information[:, cuts:, j] = information[:, j, cuts:]
    information[:, cuts:, cuts:] = crossed(x * (slope * steep).sum(axis=0)[:, :, None], x)
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
    b, done, largest = start, np.zeros(len(start), bool), np.abs(x).max(axis=1)
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
        f"The mode of an equation for {x.shape[1]} answers and {x.shape[2]} columns was not found in {MOST} steps. "
        "Leave out predictors, or those with extreme values."
    )


def _bounded(move: Array, largest: Array, cuts: int) -> Array:
    """Factor of every chain's step, so that no linear predictor moves by more than `FARTHEST`."""
    k = largest.shape[1]
    blocks = np.abs(move[:, cuts:]).reshape(len(move), (move.shape[1] - cuts) // max(k, 1), k)
    reach = np.einsum("clk,ck->cl", blocks, largest).max(axis=1, initial=0.0)
    reach += np.abs(move[:, :cuts]).max(axis=1, initial=0.0)
    return np.asarray(np.minimum(1.0, FARTHEST / np.maximum(reach, 1e-300)))
