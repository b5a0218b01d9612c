"""Functions of several linear predictors that carry their first and second derivatives along."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .fit import Matrix, Vector

Cube = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Curves:
    """A function of r linear predictors at m rows; sums and products of such functions are such functions.

    Attributes
    ----------
    value
        Shape (m,).
    first
        Derivatives by the predictors, shape (r, m).
    second
        Second derivatives, shape (r, r, m).

    Examples
    --------
    >>> e, f = variables(np.array([[2.0], [3.0]]))
    >>> product = e * f + 1.0
    >>> product.value, product.first.ravel(), product.second[0, 1]
    (array([7.]), array([3., 2.]), array([1.]))
    """

    value: Vector
    first: Matrix
    second: Cube

    def ordered(self, order: list[int]) -> "Curves":
        """The same with the predictors in another order."""
        return Curves(self.value, self.first[order], self.second[np.ix_(order, order)])

    __array_ufunc__ = None  # so that array * curves asks the curves

    def __add__(self, other: "Curves | Vector | float") -> "Curves":
        if isinstance(other, Curves):
            return Curves(self.value + other.value, self.first + other.first, self.second + other.second)
        return Curves(self.value + other, self.first, self.second)

    def __mul__(self, other: "Curves | Vector | float") -> "Curves":
        if not isinstance(other, Curves):
            return Curves(self.value * other, self.first * other, self.second * other)
        crossed = self.first[:, None] * other.first[None, :]
        second = self.value * other.second + other.value * self.second + crossed + crossed.transpose(1, 0, 2)
        return Curves(self.value * other.value, self.value * other.first + other.value * self.first, second)

    def __neg__(self) -> "Curves":
        return self * -1.0

    def __sub__(self, other: "Curves | Vector | float") -> "Curves":
        return self + (-other)

    def __rsub__(self, other: "Vector | float") -> "Curves":
        return -self + other

    __radd__ = __add__
    __rmul__ = __mul__

    def through(self, value: Vector, slope: Vector, bend: Vector) -> "Curves":
        """The function f of these curves, from f, f' and f'' at their values."""
        second = slope * self.second + bend * self.first[:, None] * self.first[None, :]
        return Curves(value, slope * self.first, second)


def variables(predictors: Matrix) -> list[Curves]:
    """The r predictors themselves, from their values (r, m).

    Examples
    --------
    >>> variables(np.array([[2.0]]))[0].first
    array([[1.]])
    """
    r, m = predictors.shape
    flat = np.zeros((r, r, m))
    return [Curves(predictors[j], np.repeat(np.eye(r)[j][:, None], m, axis=1), flat) for j in range(r)]


def chosen(where: NDArray[np.bool_], yes: Curves, no: Curves) -> Curves:
    """One function at the rows of `where`, another at the others.

    Examples
    --------
    >>> (e,) = variables(np.array([[2.0, 3.0]]))
    >>> chosen(np.array([True, False]), e, 10.0 * e).value
    array([ 2., 30.])
    """
    return Curves(
        np.where(where, yes.value, no.value),
        np.where(where, yes.first, no.first),
        np.where(where, yes.second, no.second),
    )


def exp_of(curves: Curves) -> Curves:
    """Its exponential.

    Examples
    --------
    >>> exp_of(variables(np.zeros((1, 1)))[0]).second.ravel()
    array([1.])
    """
    value = np.exp(curves.value)
    return curves.through(value, value, value)


def log_of(curves: Curves) -> Curves:
    """Its logarithm; not a number where it is not positive.

    Examples
    --------
    >>> log_of(variables(np.full((1, 1), 2.0))[0]).second.ravel()
    array([-0.25])
    """
    with np.errstate(invalid="ignore", divide="ignore"):
        inverse = 1 / curves.value
        return curves.through(np.log(curves.value), inverse, -inverse * inverse)


def expit_of(curves: Curves) -> Curves:
    """1 / (1 + exp(-curves)).

    Examples
    --------
    >>> expit_of(variables(np.zeros((1, 1)))[0]).first.ravel()
    array([0.25])
    """
    from scipy.special import expit

    up, down = expit(curves.value), expit(-curves.value)
    return curves.through(up, up * down, up * down * (down - up))
