"""Laws of outcomes with limits, bands, zeros and shares: how each is fitted, and what it says of what is seen."""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, cast

from ..estimators.beta import beta_fit
from ..estimators.binary import binary_curvature, binary_mean, binary_slope
from ..estimators.curves import Curves, exp_of, expit_of, variables
from ..estimators.fit import Fit, Matrix, Vector
from ..estimators.fractional import fractional_fit
from ..estimators.inflated_beta import InflatedScale, inflated_beta_fit, inflated_beta_response
from ..estimators.interval import Distribution, interval_fit
from ..estimators.links import LinkName
from ..estimators.tobit import tobit_fit
from ..estimators.tobit_response import TobitScale, tobit_response
from ..estimators.truncated import truncated_fit
from ..estimators.two_part import ParticipationLink, Positive, TwoPartScale, two_part_fit, two_part_response
from ..language import Text, both
from .responses import LINK_WORDS

AMOUNTS: dict[Positive, Text] = {
    "truncated": both("truncated normal", "절단정규"),
    "lognormal": both("log-normal", "로그정규"),
}
Kind = Literal["value", "positive", "share"]
"""What a view is measured in: any number, a number above 0, a share or probability."""


@dataclass(frozen=True)
class View:
    """One number that a model says of each respondent: its name in words, in the plural, and what it is."""

    words: Text
    kind: Kind = "value"


class Law(ABC):
    """A law of an outcome as a function of one or more linear predictors.

    Attributes
    ----------
    words
        The kind of model.
    views
        What it says of each respondent, by name; the first is meant where none is named.
    quasi
        Whether only the mean is modelled, so that nothing may rest on a likelihood.
    """

    words: Text
    views: Mapping[str, View]
    quasi: bool = False

    @abstractmethod
    def fit(self, parts: Sequence[Matrix], y: Vector, weights: Vector) -> Fit:
        """Estimate the parameters from the covariates of each predictor."""

    @abstractmethod
    def curves(self, predictors: Matrix, view: str) -> Curves:
        """A view as a function of the predictors (r, m)."""


@dataclass(frozen=True)
class Tobit(Law):
    """A normal number of which what is beyond a limit is seen at the limit."""

    lower: float
    upper: float

    @property
    def words(self) -> Text:  # type: ignore[override]
        """The kind of model."""
        return both("Tobit regression", "토빗 회귀")

    @property
    def views(self) -> Mapping[str, View]:  # type: ignore[override]
        """E(y), E(y*), E(y | between the limits), P(between the limits)."""
        above: Kind = "positive" if self.lower >= 0 else "value"
        return {
            "observed": View(both("expected outcomes (limits included)", "기대값(한계값 포함)"), above),
            "latent": View(both("latent means", "잠재 평균")),
            "uncensored": View(both("means of those between the limits", "비절단 응답의 평균"), above),
            "probability": View(both("probabilities of being between the limits", "비절단 확률"), "share"),
        }

    def fit(self, parts: Sequence[Matrix], y: Vector, weights: Vector) -> Fit:
        """Estimate slopes and log sigma."""
        return tobit_fit(parts[0], y, weights, lower=self.lower, upper=self.upper)

    def curves(self, predictors: Matrix, view: str) -> Curves:
        """A view as a function of x b and log sigma."""
        return tobit_response(predictors, cast(TobitScale, view), lower=self.lower, upper=self.upper)


@dataclass(frozen=True)
class Truncated(Tobit):
    """A normal number of which only what lies between limits is in the sample."""

    @property
    def words(self) -> Text:  # type: ignore[override]
        """The kind of model."""
        return both("Truncated regression", "절단 회귀")

    @property
    def views(self) -> Mapping[str, View]:  # type: ignore[override]
        """E(y | between the limits), E(y*)."""
        found = super().views
        return {"observed": View(both("means within the limits", "한계 내 평균"), found["observed"].kind),
                "latent": found["latent"]}  # fmt: skip

    def fit(self, parts: Sequence[Matrix], y: Vector, weights: Vector) -> Fit:
        """Estimate slopes and log sigma."""
        return truncated_fit(parts[0], y, weights, lower=self.lower, upper=self.upper)

    def curves(self, predictors: Matrix, view: str) -> Curves:
        """A view as a function of x b and log sigma."""
        return super().curves(predictors, "uncensored" if view == "observed" else view)


@dataclass(frozen=True)
class Banded(Law):
    """A normal or log-normal number known between ends, shape (m, 2)."""

    distribution: Distribution

    @property
    def words(self) -> Text:  # type: ignore[override]
        """The kind of model."""
        if self.distribution == "normal":
            return both("Interval regression", "구간 회귀")
        return both("Interval regression (log-normal)", "구간 회귀(로그정규)")

    @property
    def views(self) -> Mapping[str, View]:  # type: ignore[override]
        """The mean; of a log-normal number its mean and its median."""
        mean = both("means", "평균")
        if self.distribution == "normal":
            return {"mean": View(mean)}
        return {"mean": View(mean, "positive"), "median": View(both("medians", "중앙값"), "positive")}

    def fit(self, parts: Sequence[Matrix], y: Vector, weights: Vector) -> Fit:
        """Estimate slopes and log sigma."""
        return interval_fit(parts[0], y[:, 0], y[:, 1], weights, distribution=self.distribution)

    def curves(self, predictors: Matrix, view: str) -> Curves:
        """A view as a function of x b and log sigma."""
        e, log_sigma = variables(predictors)
        if self.distribution == "normal":
            return e
        return exp_of(e) if view == "median" else exp_of(e + exp_of(log_sigma * 2.0) * 0.5)


@dataclass(frozen=True)
class TwoPart(Law):
    """Whether there is any, and how much."""

    positive: Positive
    link: ParticipationLink

    @property
    def views(self) -> Mapping[str, View]:  # type: ignore[override]
        """E(y), E(y | y > 0), P(y > 0)."""
        return {
            "observed": View(both("expected outcomes (zeros included)", "기대값(0 포함)"), "positive"),
            "positive": View(both("means of outcomes above 0", "0 초과 응답의 평균"), "positive"),
            "probability": View(both("probabilities of an outcome above 0", "0 초과 확률"), "share"),
        }

    @property
    def words(self) -> Text:  # type: ignore[override]
        """The kind of model."""
        one, two = LINK_WORDS[self.link], AMOUNTS[self.positive]
        return both(
            "Two-part model ({a}, {b})", "2부 모형({c}, {d})", a=one["en"], b=two["en"], c=one["ko"], d=two["ko"]
        )

    def fit(self, parts: Sequence[Matrix], y: Vector, weights: Vector) -> Fit:
        """Estimate the slopes of both parts and log sigma."""
        return two_part_fit(parts[0], parts[1], y, weights, positive=self.positive, link=self.link)

    def curves(self, predictors: Matrix, view: str) -> Curves:
        """A view as a function of z a, x b and log sigma."""
        return two_part_response(predictors, cast(TwoPartScale, view), positive=self.positive, link=self.link)


SHARES = {"observed": View(both("shares", "비율"), "share")}


@dataclass(frozen=True)
class Fractional(Law):
    """A share whose mean alone is modelled."""

    link: LinkName
    quasi: bool = True

    @property
    def views(self) -> Mapping[str, View]:  # type: ignore[override]
        """E(y)."""
        return SHARES

    @property
    def words(self) -> Text:  # type: ignore[override]
        """The kind of model."""
        if self.link == "logit":
            return both("Fractional logit regression", "비율 로짓 회귀")
        return both("Fractional probit regression", "비율 프로빗 회귀")

    def fit(self, parts: Sequence[Matrix], y: Vector, weights: Vector) -> Fit:
        """Estimate the slopes by quasi-likelihood, with R's expected information."""
        return fractional_fit(parts[0], y, weights, self.link, information="expected")

    def curves(self, predictors: Matrix, view: str) -> Curves:
        """The mean as a function of x b."""
        (e,) = variables(predictors)
        at, link = e.value, self.link
        return e.through(binary_mean(at, link), binary_slope(at, link), binary_curvature(at, link))


@dataclass(frozen=True)
class Beta(Law):
    """A share with a beta distribution between 0 and 1; `ends` are those of 0 and 1 at which some are."""

    ends: tuple[int, ...]

    @property
    def words(self) -> Text:  # type: ignore[override]
        """The kind of model."""
        if not self.ends:
            return both("Beta regression", "베타 회귀")
        return both("Inflated beta regression", "팽창 베타 회귀")

    @property
    def views(self) -> Mapping[str, View]:  # type: ignore[override]
        """E(y), E(y | between 0 and 1), P(y = 0), P(y = 1)."""
        if not self.ends:
            return SHARES
        between = {"between": View(both("shares of those between 0 and 1", "0과 1 사이 응답의 비율"), "share")}
        at = {f"at_{end}": View(both("probabilities of a share of {k}", "비율이 {k}일 확률", k=end), "share")
              for end in self.ends}  # fmt: skip
        return {**SHARES, **between, **at}

    def fit(self, parts: Sequence[Matrix], y: Vector, weights: Vector) -> Fit:
        """Estimate the slopes of the ends, the mean and the precision."""
        *ends, mean, precision = parts
        if not ends:
            return beta_fit(mean, y, weights, precision)
        return inflated_beta_fit(ends[0], mean, y, weights, precision)

    def curves(self, predictors: Matrix, view: str) -> Curves:
        """A view as a function of the predictors of the ends, the mean's logit and the log precision."""
        if self.ends:
            return inflated_beta_response(predictors, cast(InflatedScale, view), self.ends)
        return expit_of(variables(predictors)[0])
