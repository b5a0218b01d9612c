"""What a formula says: factors, terms, and their algebra."""

from dataclasses import dataclass
from itertools import product
from typing import Any, Literal

from ..errors import FormulaError

MOST_TERMS = 500
Use = Literal["typed", "categories", "score", "log", "power", "ns", "bs"]
SPLINES: dict[str, Use] = {"ns": "ns", "bs": "bs"}


@dataclass(frozen=True, slots=True)
class Factor:
    """One question as it enters a term.

    Attributes
    ----------
    use
        "typed": by the question's type; "categories": C() or ref(); "score": the scale's codes as numbers; "log";
        "power"; "ns", "bs": natural cubic spline, cubic B-spline.
    reference
        Level that the others are compared with; None for the first of the codebook.
    df, knots
        How many columns a spline has; or where its knots are, ascending.
    """

    question: str
    use: Use = "typed"
    reference: Any = None
    power: int = 1
    df: int = 0
    knots: tuple[float, ...] = ()

    def __str__(self) -> str:
        if self.use == "power":
            return f"{self.question}^{self.power}"
        if self.use in SPLINES:
            return f"{self.use}({self.question}, {_bend(self)})"
        return f"{self.use}({self.question})" if self.use in ("score", "log") else self.question


def _bend(spline: Factor) -> str:
    """How much a spline bends, in words of formulas."""
    if not spline.knots:
        return str(spline.df)
    listed = ", ".join(f"{knot:.15g}" for knot in spline.knots)
    return f"knots = ({listed})" if len(spline.knots) > 1 else f"knots = {listed}"


Term = tuple[Factor, ...]
Terms = dict[frozenset[Factor], Term]
"""Terms of a sum, by what they hold; the intercept is the empty term."""


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula as read.

    Attributes
    ----------
    terms
        Without the intercept, which is always there; main effects first, then interactions.
    """

    source: str
    outcome: str
    terms: tuple[Term, ...]

    @property
    def factors(self) -> tuple[Factor, ...]:
        """Every factor once, in order of appearance."""
        return tuple(dict.fromkeys(f for term in self.terms for f in term))

    @property
    def questions(self) -> tuple[str, ...]:
        """Questions on the right-hand side, in order of appearance."""
        return tuple(dict.fromkeys(f.question for f in self.factors))


def term_name(term: Term) -> str:
    """Name of a term: its factors joined by colons."""
    return ":".join(map(str, term))


def one_term(factor: Factor) -> Terms:
    """Make the sum of one factor alone."""
    return {frozenset((factor,)): (factor,)}


def powered(factor: Factor, degree: int) -> Factor:
    """Raise a factor to a power."""
    return factor if degree == 1 else Factor(factor.question, "power", None, degree)


def interacted(left: Terms, right: Terms) -> Terms:
    """Return every term of the left with every term of the right."""
    if len(left) * len(right) > MOST_TERMS:
        raise FormulaError(f"The formula crosses into more than {MOST_TERMS} terms. Write fewer with * and ^.")
    total: Terms = {}
    for a, b in product(left.values(), right.values()):
        total.setdefault(frozenset((*a, *b)), tuple(dict.fromkeys((*a, *b))))
    return total


def crossed(left: Terms, right: Terms) -> Terms:
    """Return both sides and their interactions."""
    total = dict(left)
    for part in (right, interacted(left, right)):
        total |= {key: term for key, term in part.items() if key not in total}
    return total
