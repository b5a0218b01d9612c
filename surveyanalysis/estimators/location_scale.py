"""A normal outcome inside the iteration: slopes over sigma and 1 / sigma, in which likelihoods are concave."""

from dataclasses import dataclass, replace

import numpy as np

from .fit import Fit, Matrix, Vector
from .joint import Joint, joint_slopes
from .likelihood import linear_map
from .newton import Solution
from .turned import products
from .whitening import constant_column, coordinates

NARROW = 1e-7  # a sigma below this part of the outcome's spread is none
FALLEN = 20.0  # an iteration without end that has divided it by as much is on its way there


@dataclass(frozen=True, slots=True)
class Standard:
    """Covariates and outcome where numbers keep their digits.

    Attributes
    ----------
    z, turn
        Whitened covariates (m, k) and the way back: slopes for x are turn @ slopes for z.
    origin, unit
        What is subtracted from the outcome, and what it is divided by then.
    level
        Slopes for x that give the value `origin` at every row, shape (k,).
    """

    z: Matrix
    turn: Matrix
    origin: float
    unit: float
    level: Vector

    def inside(self, y: Vector) -> Vector:
        """Outcomes as the iteration sees them."""
        return (y - self.origin) / self.unit

    def outside(self, params: Vector) -> tuple[Vector, Matrix]:
        """From (slopes / sigma, 1 / sigma) inside to (slopes, log sigma) for the user's columns, with the Jacobian."""
        along, theta = self.turn @ params[:-1] * self.unit, params[-1]
        size = len(params)
        jacobian = np.zeros((size, size))
        jacobian[:-1, :-1], jacobian[:-1, -1] = self.turn * (self.unit / theta), -along / theta**2
        jacobian[-1, -1] = -1 / theta
        return np.append(along / theta + self.level, np.log(self.unit / theta)), jacobian


def standardised(x: Matrix, y: Vector) -> Standard:
    """Coordinates for covariates (m, k) and outcomes (m,).

    Examples
    --------
    >>> place = standardised(np.ones((2, 1)), np.array([10.0, 30.0]))
    >>> place.origin, place.unit, place.inside(np.array([10.0, 30.0]))
    (20.0, 10.0, array([-1.,  1.]))
    """
    z, turn = coordinates(x)
    constant, level = constant_column(x), np.zeros(x.shape[1])
    origin = 0.0
    if constant is not None:
        origin = float(y.mean())
        level[constant] = origin / x[0, constant]
    spread = float(np.sqrt(((y - origin) ** 2).mean()))
    return Standard(z, turn, origin, spread if spread > 0 else 1.0, level)


def least_squares(z: Matrix, y: Vector, weights: Vector) -> tuple[Vector, float]:
    """Slopes of the weighted least squares of whitened columns, and the root of the mean squared residual, not 0.

    Notes
    -----
    An iteration starts from them, so the sums of products do; those of the smallest norm where they have no inverse.

    Examples
    --------
    >>> least_squares(np.ones((2, 1)), np.array([0.0, 2.0]), np.ones(2))
    (array([1.]), 1.0)
    """
    squares, cross = products(z, weights), (weights * y) @ z
    slopes = np.linalg.lstsq(squares, cross, rcond=None)[0]
    error = float(np.sqrt(weights @ (y - z @ slopes) ** 2 / weights.sum()))
    return np.asarray(slopes, float), max(error, 1e-3)


def start_from(slopes: Vector, sigma: float) -> Vector:
    """Parameters inside the iteration, (slopes / sigma, 1 / sigma).

    Examples
    --------
    >>> start_from(np.array([3.0]), 2.0)
    array([1.5, 0.5])
    """
    return np.append(slopes, 1.0) / sigma


def reported(joint: Joint, solution: Solution, params: Vector, jacobian: Matrix, shift: float) -> Fit:
    """The fit in the user's parameters, with `shift` added to the log-likelihood for the outcome's unit.

    Examples
    --------
    >>> from .curves import variables
    >>> bump = Joint((np.ones((1, 1)),), np.ones(1), lambda v, rows: variables(v)[0] * variables(v)[0] * -0.5)
    >>> found = Solution(np.zeros(1), 0.0, np.eye(1), True)
    >>> reported(bump, found, np.ones(1), 2 * np.eye(1), 3.0).covariance
    array([[4.]])
    """
    size = len(solution.params)
    nothing = np.full((len(joint.weights), size), np.nan)
    slopes = joint_slopes(joint, solution.params) if solution.converged else nothing
    fit = linear_map(solution.params, slopes, solution.information, jacobian, solution)
    return replace(fit, params=params, loglik=float(solution.value + shift), message=solution.message)


def told_of_spread(solution: Solution, theta: float, place: Standard) -> Solution:
    """The solution, with the spread named where it is what has vanished.

    Examples
    --------
    >>> flat = standardised(np.ones((2, 1)), np.array([10.0, 30.0]))
    >>> told_of_spread(Solution(np.ones(2), 0.0, np.eye(2), True), 1e9, flat).converged
    False
    """
    if theta < 1 / NARROW:
        if solution.converged or theta < FALLEN:
            return solution
        return replace(solution, message=f"{solution.message}; sigma has fallen to {place.unit / theta:.1e}")
    message = (
        f"sigma runs to 0 (it is {place.unit / theta:.1e}) and the likelihood rises for ever: the covariates give the "
        "outcome of everybody who is not at a limit exactly. Leave out terms"
    )
    return replace(solution, converged=False, message=message)
