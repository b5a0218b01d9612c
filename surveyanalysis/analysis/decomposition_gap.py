"""Everything that a decomposition is computed from, and its numbers under any weights."""

from dataclasses import dataclass
from functools import cached_property

from ..estimators.binary import binary_mean
from ..estimators.decomposed import (
    Method,
    Parts,
    Plan,
    Reference,
    decomposed_fit,
    group_coefficients,
    reference_coefficients,
)
from ..estimators.fit import Fit, Vector
from ..estimators.matched import Matching, fairlie_fit, matchings
from . import decomposition_words as words
from .decomposition_columns import Contrasts, Summed
from .decomposition_groups import Pair
from .outcomes import Outcome


@dataclass(frozen=True)
class Asked:
    """What was asked for."""

    method: Method
    reference: Reference | float
    parts: Parts
    contrasts: Contrasts
    draws: int
    seed: int


@dataclass(frozen=True)
class Gap:
    """Everything that the gap is computed from, but for the weights."""

    pair: Pair
    outcome: Outcome
    asked: Asked
    summed: Summed

    @cached_property
    def plan(self) -> Plan:
        """How it is taken apart."""
        s, asked = self.summed, self.asked
        return Plan(asked.method != "oaxaca", asked.reference, asked.parts, s.terms, s.spread, s.coefficients)

    @cached_property
    def drawn(self) -> tuple[Matching, ...]:
        """Matchings, of the sample as it is."""
        x, y, first, weights = self.pair.frame.x, self.outcome.y, self.pair.first, self.pair.frame.used.row_weights
        own = [group_coefficients(x, y, who, weights, True) for who in (first, ~first)]
        reference = reference_coefficients(x, y, first, weights, self.plan, *own)
        probability = binary_mean(x @ reference.value, "logit")
        return matchings(probability, first, weights, len(self.summed.names), self.asked.draws, self.asked.seed)

    def fit(self, weights: Vector) -> Fit:
        """All numbers under these weights of the respondents used."""
        given = self.pair.frame.x, self.outcome.y, self.pair.first, weights, self.plan
        return fairlie_fit(*given, self.drawn) if self.asked.method == "fairlie" else decomposed_fit(*given)

    @property
    def keys(self) -> list[tuple[str, str]]:
        """Component and term of every number."""
        means = [("difference", f"mean[{level}]") for level in self.pair.levels]
        names = (words.TOTAL, *self.summed.names)
        inner = (words.TOTAL, "(intercept)", *self.summed.names)
        kept = [("explained", names), ("unexplained", inner)]
        if self.asked.parts == "three":
            kept = [("endowments", names), ("coefficients", inner), ("interaction", names)]
        if self.asked.method == "fairlie":
            kept[1] = ("unexplained", (words.TOTAL,))
        return [*means, ("difference", words.TOTAL), *((part, name) for part, listed in kept for name in listed)]
