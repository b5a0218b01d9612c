"""A binary model fitted again: to all folds but one, and to bootstrap samples, and judged each time."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ..estimators.fit import Matrix, Vector
from ..estimators.performance import MEASURES, performance
from .bootstrap import RESAMPLING
from .folds import fold_of
from .model import Model
from .progress import followed
from .refits import FAILS


@dataclass(frozen=True)
class Trials:
    """A model, and how it is tried."""

    model: Model
    folds: int
    repeats: int
    draws: int
    seed: int
    progress: bool

    @property
    def weights(self) -> Vector:
        """Of the respondents used."""
        return self.model.model_frame.used.row_weights

    @property
    def event(self) -> "np.ndarray":
        """Who has the event."""
        return self.model.outcome.y == 1

    def judged(self, probability: Vector, weights: Vector) -> Vector:
        """All measures."""
        return performance(probability, self.event, weights)

    def predicted(self, weights: Vector) -> Vector | None:
        """Probabilities of all respondents by the model under other weights; None where it has no solution."""
        try:
            params = self.model.refit(weights).params
        except FAILS:
            return None
        return np.asarray(self.model.response.expected(params, self.model.model_frame.x)[:, 0])

    def crossed(self) -> tuple[Matrix, int]:
        """Measures of every repeat, NaN where a fold has no solution, shape (repeats, 5); folds without one."""
        made = followed(map(self._split, range(self.repeats)), self.repeats, "cross-validation", self.progress)
        rows, lost = zip(*made)
        return np.array(rows), sum(lost)

    def _split(self, repeat: int) -> tuple[Vector, int]:
        """Measures of one repeat, and its folds without a solution."""
        used, y = self.model.model_frame.used, self.model.outcome.y
        stage = used.sample.first
        units = stage.owners(used.rows)
        fold = fold_of(units, stage.stratum[units], y, self.folds, np.random.default_rng([self.seed, repeat]))
        together, lost = np.full(len(y), np.nan), 0
        for one in range(self.folds):
            found = self.predicted(np.where(fold == one, 0.0, self.weights))
            lost += found is None
            if found is not None:
                together[fold == one] = found[fold == one]
        return (np.full(len(MEASURES), np.nan) if lost else self.judged(together, self.weights)), lost

    def optimism(self) -> tuple[Matrix, int]:
        """Measures in the draw minus those in the sample, shape (draws, 5); draws without a solution."""
        made = followed(map(self._drawn, self._sets()), self.draws, "bootstrap", self.progress)
        rows = np.array(list(made))
        return rows, int(np.isnan(rows).any(axis=1).sum())

    def _sets(self) -> Iterator[Vector]:
        """Weights of the respondents used in every draw."""
        used = self.model.model_frame.used
        kind = "pairs" if used.sample.plain and not used.steps else "rao_wu"
        replicates = used.replicated(RESAMPLING[kind], replicates=self.draws, seed=self.seed).replicates
        assert replicates is not None
        return (replicates.weights(r, used.rows) for r in range(self.draws))

    def _drawn(self, weights: Vector) -> Vector:
        """Optimism of one draw."""
        found = self.predicted(weights)
        if found is None:
            return np.full(len(MEASURES), np.nan)
        return self.judged(found, weights) - self.judged(found, self.weights)
