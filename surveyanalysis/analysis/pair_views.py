"""What two yes/no answers of a bivariate probit say of one of them: alone, or given the other."""

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ..estimators.binary import binary_mean, binary_slope
from ..estimators.fit import Fit, Matrix, Vector
from ..estimators.links import LinkName
from ..language import LANGUAGES, Text, both, say
from .outcomes import Outcome
from .responses import Place, Response

PairView = Literal["joint", "first", "second", "conditional"]
BOTH = [3]  # of the combinations (0, 0), (0, 1), (1, 0), (1, 1)


@dataclass(frozen=True, slots=True)
class OneOfPair(Response):
    """One answer of two, whatever the other: P(y = 1) = F(x b) with b from `start` on; the fit is that of both.

    The sum of the combinations would say the same but for rounding, which makes errors of effects that are 0.
    """

    pair: Response
    own: tuple[int, ...]
    start: int
    link: LinkName = "probit"
    levels: int = 0

    @property
    def words(self) -> Text:
        """The kind of model."""
        return self.pair.words

    def places(self, columns: int) -> tuple[Place, ...]:
        """What each parameter stands for, in the order of the estimator."""
        return self.pair.places(columns)

    def fit(self, x: Matrix, y: Vector, weights: Vector) -> Fit:
        """Estimate the parameters of both answers."""
        return self.pair.fit(x, y, weights)

    def expected(self, params: Vector, x: Matrix) -> Matrix:
        """Probability of the event at rows of the model matrix, shape (m, 1)."""
        return binary_mean(self.predictor(params, x)[0], self.link)[:, None]

    def jacobian(self, params: Vector, x: Matrix) -> NDArray[np.float64]:
        """Derivative of `expected` by the parameters, shape (m, 1, p)."""
        place, slopes = self.predictor(params, x)
        return (binary_slope(place, self.link)[:, None] * slopes)[:, None, :]

    def predictor(self, params: Vector, x: Matrix) -> tuple[Vector, Matrix]:
        """Linear predictor of this answer (m,), its derivative (m, p)."""
        at = slice(self.start, self.start + len(self.own))
        slopes = np.zeros((len(x), len(params)))
        slopes[:, at] = x[:, self.own]
        return x[:, self.own] @ params[at], slopes


@dataclass(frozen=True, slots=True)
class SecondGivenFirst(Response):
    """The second answer of those whose first is yes: P(y2 = 1 | y1 = 1); the fit is that of both."""

    pair: Response
    first: OneOfPair
    link: LinkName = "probit"
    levels: int = 0

    @property
    def words(self) -> Text:
        """The kind of model."""
        return self.pair.words

    def places(self, columns: int) -> tuple[Place, ...]:
        """What each parameter stands for, in the order of the estimator."""
        return self.pair.places(columns)

    def fit(self, x: Matrix, y: Vector, weights: Vector) -> Fit:
        """Estimate the parameters of both answers."""
        return self.pair.fit(x, y, weights)

    def expected(self, params: Vector, x: Matrix) -> Matrix:
        """Probability of the event at rows of the model matrix, shape (m, 1)."""
        return self.pair.expected(params, x)[:, BOTH] / self.first.expected(params, x)

    def jacobian(self, params: Vector, x: Matrix) -> NDArray[np.float64]:
        """Derivative of `expected` by the parameters, shape (m, 1, p)."""
        base = self.first.expected(params, x)[:, :, None]
        whole, part = self.pair.jacobian(params, x)[:, BOTH], self.first.jacobian(params, x)
        return (whole - self.expected(params, x)[:, :, None] * part) / base


def event_of(first: Outcome, second: Outcome, view: PairView) -> tuple[Outcome, Text]:
    """The answer whose probability a view gives, its event in words, and what a reader is told."""
    if view != "conditional":
        one = first if view == "first" else second
        said = both("probabilities of {n}, whatever the other answer", "다른 응답과 무관한 {n}의 확률", n=one.name)
        return one, said
    given = {lang: f"{first.name}: {say(first.labels[0], lang)}" for lang in LANGUAGES}
    label = {"en": f"{say(second.labels[0])} (given {given['en']})",
             "ko": f"{say(second.labels[0], 'ko')} ({given['ko']}일 때)"}  # fmt: skip
    note = {"en": f"probabilities of {second.name} given {given['en']}",
            "ko": f"{given['ko']}일 때 {second.name}의 조건부 확률"}  # fmt: skip
    return replace(second, labels=(label,)), note
