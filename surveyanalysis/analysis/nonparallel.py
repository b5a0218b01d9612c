"""Ordered answers beyond parallel lines: how probabilities follow from slopes by threshold and a varying spread."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..estimators.fit import Fit, Matrix, Vector
from ..estimators.links import LinkName
from ..estimators.nonparallel import nonparallel_fit
from ..estimators.nonparallel_jacobian import nonparallel_jacobian, nonparallel_summed_jacobian
from ..estimators.nonparallel_response import nonparallel_probabilities
from ..language import Text, both
from .model_matrix import ModelFrame
from .responses import LINK_WORDS, Place, Response
from .term_tests import columns_of

FREE = both(
    "slopes that differ by threshold are named with it: slope @ threshold", "절단점별 계수는 '변수 @ 절단점'으로 표기"
)
SPREAD = both(
    "scale: coefficients of the logarithm of the spread of the latent answer", "척도: 잠재변수 산포의 로그에 대한 계수"
)


@dataclass(frozen=True, slots=True)
class Nonparallel(Response):
    """An ordered answer: P(y <= j) = F((threshold_j - x b_j) / exp(z g)).

    Attributes
    ----------
    place, free, spread
        Columns of the model matrix: all that have slopes; those of them whose slopes differ by threshold; those of the
        logarithm of the spread.
    """

    link: LinkName
    levels: int
    place: tuple[int, ...]
    free: tuple[int, ...] = ()
    spread: tuple[int, ...] = ()

    @property
    def words(self) -> Text:
        """The kind of model."""
        kind = both("Location-scale", "위치-척도") if self.spread else both("Partly parallel", "부분 평행")
        if not self.spread and self.free == self.place:
            kind = both("Generalised", "일반화")
        link = LINK_WORDS[self.link]
        return {"en": f"{kind['en']} ordered {link['en']} model", "ko": f"{kind['ko']} 순서형 {link['ko']} 모형"}

    @property
    def notes(self) -> tuple[Text, ...]:
        """How to read the coefficients."""
        return (*((FREE,) if self.free else ()), *((SPREAD,) if self.spread else ()))

    @property
    def has_odds_ratios(self) -> bool:
        """Whether exponentiated slopes are ratios of odds."""
        return self.link == "logit" and not self.spread

    def places(self, columns: int) -> tuple[Place, ...]:
        """What each parameter stands for, in the order of the estimator."""
        cuts = range(self.levels - 1)
        common = [j for j in self.place if j not in self.free]
        return (
            *(Place("threshold", cut=cut) for cut in cuts),
            *(Place("slope", j) for j in common),
            *(Place("slope", j, cut) for j in self.free for cut in cuts),
            *(Place("scale", j) for j in self.spread),
        )

    def _parts(self, x: Matrix) -> tuple[Matrix, dict[str, Any]]:
        """Covariates of the place, and what the estimator wants to know besides."""
        free = [self.place.index(j) for j in self.free]
        return x[:, self.place], {"free": free, "scale": x[:, self.spread] if self.spread else None}

    def fit(self, x: Matrix, y: Vector, weights: Vector) -> Fit:
        """Estimate the parameters by weighted maximum likelihood."""
        place, rest = self._parts(x)
        return nonparallel_fit(place, y.astype(np.intp), weights, self.levels, self.link, **rest)

    def expected(self, params: Vector, x: Matrix) -> Matrix:
        """Probabilities at rows of the model matrix, shape (m, shown)."""
        place, rest = self._parts(x)
        return nonparallel_probabilities(params, place, self.levels, self.link, **rest)

    def jacobian(self, params: Vector, x: Matrix) -> NDArray[np.float64]:
        """Derivative of `expected` by the parameters, shape (m, shown, p)."""
        place, rest = self._parts(x)
        return nonparallel_jacobian(params, place, self.levels, self.link, **rest)

    def summed_jacobian(self, params: Vector, x: Matrix, weights: Vector) -> Matrix:
        """Sum over rows of weight times `jacobian`, shape (shown, p); the cube itself is never made."""
        place, rest = self._parts(x)
        return nonparallel_summed_jacobian(params, place, weights, self.levels, self.link, **rest)

    def without(self, columns: Sequence[int]) -> Response:
        """The same kind of model where these columns have been taken out of the model matrix."""
        place, free, spread = (kept(own, columns) for own in (self.place, self.free, self.spread))
        return replace(self, place=place, free=free, spread=spread)


def kept(own: Sequence[int], columns: Sequence[int]) -> tuple[int, ...]:
    """Where a model's columns stand after some have been taken out of the model matrix.

    Examples
    --------
    >>> kept((1, 2, 4), [2])
    (1, 3)
    """
    return tuple(j - sum(c < j for c in columns) for j in own if j not in columns)


def free_columns(frame: ModelFrame, asked: bool | str | Sequence[str]) -> tuple[int, ...]:
    """Columns of the model matrix whose slopes differ by threshold or step: those of the questions and terms asked."""
    if isinstance(asked, bool):
        return tuple(range(1, frame.x.shape[1])) if asked else ()
    names = [asked] if isinstance(asked, str) else list(asked)
    return tuple(sorted({column for name in names for column in columns_of(frame, name)}))
