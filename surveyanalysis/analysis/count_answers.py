"""Counts as outcomes of models, their exposure, and how expected counts follow from parameters."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ..design.design import Design
from ..errors import DataError
from ..estimators.count_response import (
    CountModel,
    count_log_likelihoods,
    count_mean,
    count_mean_jacobian,
    count_probabilities,
)
from ..estimators.counts import check_counts
from ..estimators.fit import Fit, Matrix, Vector
from ..estimators.hurdle import hurdle_fit
from ..estimators.links import LinkName
from ..estimators.negative_binomial import negative_binomial_fit
from ..estimators.poisson import poisson_fit
from ..estimators.truncated_counts import truncated_count_fit
from ..estimators.zero_inflated import zero_inflated_fit
from ..language import Text, both
from ..results import Scale
from ..threads import on_one_thread
from .nonparallel import kept
from .outcomes import Outcome, refuse_values
from .responses import LINK_WORDS, ExpectedInterval, Place, Response
from .variables import numbers

KINDS: dict[str, Text] = {
    "plain": both("", ""),
    "truncated": both("Truncated ", "절단 "),
    "inflated": both("Zero-inflated ", "영과잉 "),
    "hurdle": both("Hurdle ", "허들 "),
}
LAWS: dict[str, Text] = {
    "poisson": both("Poisson regression", "포아송 회귀"),
    "nb2": both("negative binomial regression (NB2)", "음이항 회귀(NB2)"),
    "nb1": both("negative binomial regression (NB1)", "음이항 회귀(NB1)"),
}
MEAN = both("expected count", "기대 횟수")


@dataclass(frozen=True, slots=True)
class Counted(Response):
    """A count: log mu = x b + log exposure, with what the model says of zeros and of the dispersion.

    Attributes
    ----------
    model
        Distribution, and what is told apart of zeros.
    columns, zero
        Columns of the model matrix that have slopes of the mean, and of the zero part.
    offset
        Logarithm of each respondent's exposure (m,); None for 1. Expected counts are those of an exposure of 1.
    """

    model: CountModel
    columns: tuple[int, ...]
    zero: tuple[int, ...] = ()
    offset: Vector | None = None
    levels: int = 0

    @property
    def link(self) -> LinkName:  # type: ignore[override]
        """That of the zero part."""
        return self.model.link

    @property
    def scale(self) -> Scale:
        """Coefficients are logarithms of rates."""
        return "log_rate"

    @property
    def has_odds_ratios(self) -> bool:
        """Slopes of the mean are logarithms of rate ratios."""
        return False

    @property
    def expects(self) -> Text:
        """What is expected of respondents, in the plural."""
        return both("counts", "횟수")

    @property
    def expected_scale(self) -> Scale:
        """What expected answers are measured in."""
        return "value"

    @property
    def expected_interval(self) -> ExpectedInterval:
        """On which scale intervals of expected answers are symmetric."""
        return "log"

    @property
    def words(self) -> Text:
        """The kind of model."""
        kind, law = KINDS[self.model.zeros], LAWS[self.model.distribution]
        text = {lang: kind[lang] + law[lang] for lang in law}
        text["en"] = text["en"][0].upper() + text["en"][1:]
        if self.model.zeros == "hurdle":
            link = LINK_WORDS[self.model.link]
            text = {lang: f"{text[lang]}, {link[lang]}" for lang in text}
        return text

    def places(self, columns: int) -> tuple[Place, ...]:
        """What each parameter stands for, in the order of the estimator."""
        dispersion = () if self.model.distribution == "poisson" else (Place("dispersion"),)
        return (*(Place("slope", j) for j in self.columns), *(Place("zero", j) for j in self.zero), *dispersion)

    @on_one_thread
    def fit(self, x: Matrix, y: Vector, weights: Vector) -> Fit:
        """Estimate the parameters by weighted maximum likelihood."""
        mean, zero, law, offset = x[:, self.columns], x[:, self.zero], self.model.distribution, self.offset
        if self.model.zeros == "truncated":
            return truncated_count_fit(mean, y, weights, law, offset=offset)
        if self.model.zeros == "inflated":
            return zero_inflated_fit(mean, y, weights, zero, law, offset=offset)
        if self.model.zeros == "hurdle":
            return hurdle_fit(mean, y, weights, zero, law, link=self.model.link, offset=offset)
        if law == "poisson":
            return poisson_fit(mean, y, weights, offset=offset)
        return negative_binomial_fit(mean, y, weights, form=law, offset=offset)

    def expected(self, params: Vector, x: Matrix) -> Matrix:
        """Expected counts of an exposure of 1 at rows of the model matrix, shape (m, 1)."""
        return count_mean(params, self.model, x[:, self.columns], x[:, self.zero])[:, None]

    def jacobian(self, params: Vector, x: Matrix) -> NDArray[np.float64]:
        """Derivative of `expected` by the parameters, shape (m, 1, p)."""
        return count_mean_jacobian(params, self.model, x[:, self.columns], x[:, self.zero])[:, None, :]

    def probabilities(self, params: Vector, x: Matrix, counts: Vector) -> Matrix:
        """Probability of every count in `counts` of the respondents fitted, with their exposure, (m, len(counts))."""
        mean, zero = x[:, self.columns], x[:, self.zero]
        return count_probabilities(params, self.model, counts, mean, zero, 0.0 if self.offset is None else self.offset)

    def log_likelihoods(self, params: Vector, x: Matrix, y: Vector) -> Vector:
        """Log-probability of the own count of the respondents fitted, without weights, (m,)."""
        mean, zero = x[:, self.columns], x[:, self.zero]
        return count_log_likelihoods(params, self.model, y, mean, zero, 0.0 if self.offset is None else self.offset)

    def predictor(self, params: Vector, x: Matrix) -> tuple[Vector, Matrix] | None:
        """Log mean at rows of the model matrix (m,), its derivative (m, p); None where zeros have their own part."""
        if self.zero:
            return None
        slopes = np.zeros((len(x), len(params)))
        slopes[:, : len(self.columns)] = x[:, self.columns]
        return slopes @ params, slopes

    def without(self, columns: Sequence[int]) -> Response:
        """The same kind of model where these columns have been taken out of the model matrix."""
        mean, zero = kept(self.columns, columns), kept(self.zero, columns)
        return replace(self, columns=mean, zero=zero, model=replace(self.model, slopes=len(mean), inflation=len(zero)))


def count_outcome(used: Design, name: str) -> Outcome:
    """Read a count.

    Raises
    ------
    ChoiceError, DataError
        The question holds answer categories; or counts are negative, fractional or all 0.
    """
    y = numbers(used.survey, name)[used.rows]
    coded = "A count is 0 or more. Recode codes for missing answers, such as -9, as missing."
    refuse_values(used, name, y, y < 0, "counts are negative", coded)
    rates = "Rates and amounts are no counts. Use the count, with its exposure."
    refuse_values(used, name, y, y != np.floor(y), "counts are no whole number", rates)
    try:
        check_counts(y)
    except DataError as error:
        raise DataError(f"Outcome {name!r}: {error}") from None
    zeros = int((y == 0).sum())
    note = both(
        "{z} of {n} counts are 0, the largest is {k:g}",
        "횟수 {n}건 중 0은 {z}건, 최댓값 {k:g}",
        z=zeros,
        n=len(y),
        k=y.max(),
    )
    return Outcome(name, y, ("mean",), (MEAN,), (note,))


def log_exposure(used: Design, name: str | None) -> Vector | None:
    """Logarithm of the exposure of the respondents used.

    Raises
    ------
    DataError
        It is missing, 0 or negative for somebody.
    """
    if name is None:
        return None
    exposure = numbers(used.survey, name)[used.rows]
    wrong = ~(np.isfinite(exposure) & (exposure > 0))
    if wrong.any():
        labels = used.survey.frame.index[used.rows[wrong][:5]]
        values = ["missing" if np.isnan(value) else f"{value:g}" for value in exposure[wrong][:5]]
        shown = ", ".join(f"{label}: {value}" for label, value in zip(labels, values))
        raise DataError(
            f"`exposure` {name!r} is missing, 0 or negative for {int(wrong.sum())} of {len(exposure)} respondents "
            f"(first, by respondent: {shown}): a rate needs an exposure above 0. Leave them out with a domain, such as "
            f'Design(...).where("{name} > 0").'
        )
    return np.log(exposure)
