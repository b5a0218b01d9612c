"""Arithmetic on named estimates: read token by token against an allow-list, never run as code."""

import re
from collections.abc import Callable, Mapping
from functools import partial

import numpy as np

from ..errors import DataError, FormulaError, nearest
from ..estimators.fit import Vector
from .duals import FUNCTIONS, Dual

GRAMMAR = (
    "names of rows (`in backquotes` where they hold signs or spaces), numbers, + - * / **, parentheses, "
    + ", ".join(f"{name}(x)" for name in FUNCTIONS)
)
DEEPEST = 50
SHOWN = 12
_TOKEN = re.compile(
    r"(?P<space>\s+)|`(?P<quoted>[^`]+)`|(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)"
    r"|(?P<name>[^\W\d][\w.]*(?:\[[^\]]*\])?(?:[|:][\w.]+)*)|(?P<sign>\*\*|[-+*/^()])"
)


def evaluated(source: str, values: Vector, places: Mapping[str, int], shown: list[str]) -> Dual:
    """Value of an expression with its derivatives by all estimates.

    Parameters
    ----------
    source
        Such as ``log(api00 / api99)`` or ``api00|E - api00|H``.
    values
        Estimates, shape (k,).
    places
        Names of the estimates and their positions.
    shown
        Names to list in errors.

    Raises
    ------
    FormulaError
        Something outside the allow-list, or a name that no estimate has; it is named.
    DataError
        The expression has no value, or no derivative, at the estimates.

    Examples
    --------
    >>> found = evaluated("2 * (a - b) ** 2", np.array([5.0, 2.0]), {"a": 0, "b": 1}, ["a", "b"])
    >>> found.value, found.slope.tolist()
    (18.0, [12.0, -12.0])
    """
    reader = _Reader(source, values, places, shown)
    try:
        with np.errstate(all="ignore"):
            found = reader.sum()
    except OverflowError:
        raise DataError(f"{source!r} is too large a number.") from None
    if reader.kind != "end":
        raise reader.refuse()
    if not reader.named:
        raise FormulaError(f"{source!r} names no row. There are: {reader.listed}.")
    if not (np.isfinite(found.value) and np.isfinite(found.slope).all()):
        raise DataError(f"{source!r} has no finite value: it is {found.value}.")
    return found


class _Reader:
    """Recursive descent; each method reads one rule of the grammar and returns its value."""

    def __init__(self, source: str, values: Vector, places: Mapping[str, int], shown: list[str]) -> None:
        self.source, self.values, self.places, self.shown = source, values, places, shown
        self.tokens, self.at, self.depth, self.named = self.split(), 0, 0, False

    def split(self) -> list[tuple[str, str, int]]:
        """Kind, text and end of every token."""
        if not isinstance(self.source, str):
            raise FormulaError(f"An expression is a text, such as 'a - b'; this is a {type(self.source).__name__}.")
        found, at = [], 0
        while at < len(self.source):
            match = _TOKEN.match(self.source, at)
            if match is None:
                word = self.source[at:].split()[0]
                raise FormulaError(
                    f"{word!r} at position {at + 1} of {self.source!r} is not allowed. Allowed: {GRAMMAR}."
                )
            kind = str(match.lastgroup)
            if kind != "space":
                found.append((kind, match.group(kind), match.end()))
            at = match.end()
        return [*found, ("end", "", len(self.source))]

    @property
    def listed(self) -> str:
        """Names of the rows for errors."""
        more = f", ... ({len(self.shown)} rows)" if len(self.shown) > SHOWN else ""
        return ", ".join(self.shown[:SHOWN]) + more

    @property
    def kind(self) -> str:
        return self.tokens[self.at][0]

    @property
    def text(self) -> str:
        return self.tokens[self.at][1]

    def refuse(self) -> FormulaError:
        what = repr(self.text) if self.kind != "end" else "The end"
        return FormulaError(f"{what} is not allowed where it stands in {self.source!r}. Allowed: {GRAMMAR}.")

    def take(self, *signs: str) -> str:
        """Step over one of these signs and return it, or return nothing."""
        if self.kind == "sign" and self.text in signs:
            self.at += 1
            return self.tokens[self.at - 1][1]
        return ""

    def tried(self, first: int, work: Callable[[], Dual]) -> Dual:
        """Compute; an error names the piece of the expression that began with the token `first`."""
        try:
            return work()
        except OverflowError:
            raise
        except ArithmeticError as error:
            start = self.tokens[first - 1][2] if first else 0
            piece = self.source[start : self.tokens[self.at - 1][2]].strip()
            raise DataError(f"{piece!r} {error}: {self.source!r} has no value, or no derivative, there.") from None

    def sum(self) -> Dual:
        total = self.product()
        while sign := self.take("+", "-"):
            item = self.product()
            total = total + item if sign == "+" else total - item
        return total

    def product(self) -> Dual:
        first, total = self.at, self.signed()
        while sign := self.take("*", "/"):
            item = self.signed()
            total = total * item if sign == "*" else self.tried(first, partial(Dual.__truediv__, total, item))
        return total

    def signed(self) -> Dual:
        self.deeper()
        found = -self.signed() if self.take("-") else self.signed() if self.take("+") else self.power()
        self.depth -= 1
        return found

    def deeper(self) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            raise FormulaError(f"The expression {self.source[:60]!r}... nests deeper than {DEEPEST} levels.")

    def power(self) -> Dual:
        first, base = self.at, self.atom()
        if not self.take("**", "^"):
            return base
        return self.tried(first, partial(Dual.__pow__, base, self.signed()))

    def atom(self) -> Dual:
        first, kind, text = self.at, self.kind, self.text
        if self.take("("):
            return self.inside()
        if kind not in ("number", "name", "quoted"):
            raise self.refuse()
        self.at += 1
        if kind == "number":
            return Dual(float(text), np.zeros(len(self.values)))
        if kind == "name" and text in FUNCTIONS and self.take("("):
            return self.tried(first, partial(FUNCTIONS[text], self.inside()))
        return self.row(text)

    def inside(self) -> Dual:
        """The rest of a parenthesis."""
        self.deeper()
        found = self.sum()
        if not self.take(")"):
            raise self.refuse()
        self.depth -= 1
        return found

    def row(self, name: str) -> Dual:
        """An estimate, whose derivative by itself is one."""
        if name not in self.places:
            hint = nearest(name, self.places)
            raise FormulaError(f"{name!r} in {self.source!r} is the name of no row.{hint} There are: {self.listed}.")
        place = self.places[name]
        if not np.isfinite(self.values[place]):
            raise DataError(
                f"The row {name!r} in {self.source!r} holds no number: nobody is in its base. Leave it out."
            )
        slope = np.zeros(len(self.values))
        slope[place], self.named = 1.0, True
        return Dual(float(self.values[place]), slope)
