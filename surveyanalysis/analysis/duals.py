"""Numbers that carry their derivatives: exact slopes of functions of several estimates."""

import math
from collections.abc import Callable
from dataclasses import dataclass

from ..estimators.fit import Vector


@dataclass(frozen=True, slots=True)
class Dual:
    """A value with its derivatives by each of k estimates, shape (k,).

    Raises
    ------
    ArithmeticError
        The value, or its derivative, does not exist; the message says what was asked.

    Examples
    --------
    >>> import numpy as np
    >>> x, y = Dual(6.0, np.array([1.0, 0.0])), Dual(3.0, np.array([0.0, 1.0]))
    >>> (x / y + x * y).value, (x / y + x * y).slope.round(4).tolist()
    (20.0, [3.3333, 5.3333])
    """

    value: float
    slope: Vector

    def __neg__(self) -> "Dual":
        return Dual(-self.value, -self.slope)

    def __add__(self, other: "Dual") -> "Dual":
        return Dual(self.value + other.value, self.slope + other.slope)

    def __sub__(self, other: "Dual") -> "Dual":
        return Dual(self.value - other.value, self.slope - other.slope)

    def __mul__(self, other: "Dual") -> "Dual":
        return Dual(self.value * other.value, self.slope * other.value + self.value * other.slope)

    def __truediv__(self, other: "Dual") -> "Dual":
        if other.value == 0:
            raise ArithmeticError("divides by zero")
        ratio = self.value / other.value
        return Dual(ratio, (self.slope - ratio * other.slope) / other.value)

    def __pow__(self, other: "Dual") -> "Dual":
        """Power; a varying exponent needs a positive base, a negative base a whole exponent."""
        base, exponent = self.value, other.value
        fixed = not other.slope.any()
        if base < 0 and not (fixed and float(exponent).is_integer()):
            raise ArithmeticError(f"raises the negative {base:.6g} to the power {exponent:.6g}")
        if base == 0 and not (fixed and (exponent >= 1 or exponent == 0)):
            raise ArithmeticError(f"raises zero to the power {exponent:.6g}, where it has no derivative")
        value = base**exponent
        if fixed and exponent == 0:
            return Dual(1.0, 0 * self.slope)
        slope = exponent * base ** (exponent - 1) * self.slope
        return Dual(value, slope if fixed else slope + value * math.log(base) * other.slope)


def _log(x: Dual) -> Dual:
    if x.value <= 0:
        raise ArithmeticError(f"takes the logarithm of {x.value:.6g}")
    return Dual(math.log(x.value), x.slope / x.value)


def _exp(x: Dual) -> Dual:
    value = math.exp(x.value)
    return Dual(value, value * x.slope)


def _sqrt(x: Dual) -> Dual:
    if x.value <= 0:
        raise ArithmeticError(f"takes the square root of {x.value:.6g}")
    root = math.sqrt(x.value)
    return Dual(root, x.slope / (2 * root))


def _abs(x: Dual) -> Dual:
    if x.value == 0:
        raise ArithmeticError("takes the absolute value of zero, where it has no derivative")
    return x if x.value > 0 else -x


FUNCTIONS: dict[str, Callable[[Dual], Dual]] = {"log": _log, "exp": _exp, "sqrt": _sqrt, "abs": _abs}
"""Functions of one number, natural logarithm among them."""
