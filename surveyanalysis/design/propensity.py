"""Weights divided by the estimated probability to answer, which is estimated again in every variance."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..errors import DesignError, SeparationError
from ..estimators.binary import binary_fit
from ..estimators.fit import Matrix, Vector
from ..language import Text
from .steps import Step


@dataclass(frozen=True, eq=False)
class Propensity(Step):
    """Respondents divided by their probability to answer, a logit on the columns of `x`, shape (n, p).

    Attributes
    ----------
    responded
        Who answered, shape (n,).
    probability
        Estimated probability to answer, shape (n,).

    Notes
    -----
    With I the information of the logit, contributions z become z - [sum z (1 - p) x'] I^-1 w (r - p) x, w the weights
    before: knowing that p is estimated (Robins, Rotnitzky and Zhao 1994; Kim and Kim 2007).
    """

    x: Matrix
    responded: NDArray[np.bool_]
    probability: Vector

    def residuals(self, scores: Matrix) -> Matrix:
        """See Step."""
        p, w = self.probability, self.before
        information = self.x.T @ (self.x * (w * p * (1 - p))[:, None])
        pull = (self.x * (1 - p)[:, None]).T @ scores
        return scores - (self.x * (w * (self.responded - p))[:, None]) @ np.linalg.solve(information, pull)


def propensity(
    weights: Vector, x: Matrix, responded: NDArray[np.bool_], asked: NDArray[np.bool_], words: Text
) -> Propensity:
    """The step that weights respondents for those who did not answer.

    Parameters
    ----------
    weights
        Before, shape (n,).
    x
        Columns that explain who answers, the intercept first, shape (n, p); zeros where somebody was not asked.
    responded, asked
        Who answered, and who was asked, shape (n,); the weights of others are zero afterwards.

    Raises
    ------
    DesignError
        Everybody, or nobody, of those asked answered.
    SeparationError
        A column tells who answers.
    """
    rows = asked & (weights > 0)
    if responded[rows].all() or not responded[rows].any():
        raise DesignError("Everybody, or nobody, of those asked answered: there is no probability to estimate.")

    def chances(w: Vector) -> Vector:
        used = asked & (w > 0)
        fit = binary_fit(x[used], responded[used].astype(float), w[used], "logit")
        if not fit.converged:
            raise SeparationError(
                "What explains who answers tells it completely for some: their probability to answer is 0 or 1, and no "
                f"weight can stand for them. Merge levels, or leave a question out. ({fit.message})"
            )
        out = np.zeros(len(w))
        out[asked] = 1 / (1 + np.exp(-(x[asked] @ fit.params)))
        return out

    def reweigh(w: Vector) -> Vector:
        p = chances(w)
        return np.where(responded & asked & (p > 0), w / np.where(p > 0, p, 1.0), 0.0)

    base, p = np.where(asked, weights, 0.0), chances(weights)
    return Propensity(
        words, reweigh, base, reweigh(weights), ("sum of weights",), np.array([np.nan]),
        lambda w: np.array([w.sum()]), x, responded & asked, p,
    )  # fmt: skip
