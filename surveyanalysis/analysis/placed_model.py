"""A fitted model of a number: its coefficients as printed, by what each parameter stands for."""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from ..estimators.fit import Fit
from ..language import LANGUAGES, Text, say
from ..results import Estimates, Labels, estimates_frame
from .coefficients import (
    IGNORED,
    NO_DF,
    PSEUDO,
    SCALED,
    inferred,
    interval_text,
    outcome_of,
    row_name,
    shown_order,
)
from .error_words import MODEL_BASED, Variance
from .fitted_model import FittedModel
from .margins import Margins
from .model_matrix import ModelFrame
from .origins import origin_of
from .outcomes import Outcome
from .responses import Place, Response
from .variables import column_words, labels_for


@dataclass(frozen=True, eq=False, repr=False)
class PlacedModel(Margins, FittedModel):
    """A fitted model of a number.

    Attributes
    ----------
    model_frame
        Formula, design, respondents used, model matrix.
    outcome, response
        The numbers, and how expected ones follow from parameters.
    fit
        Parameters in the estimator's order (see `places`), with their contributions.
    notes
        What a reader must know besides what the model frame says.
    """

    model_frame: ModelFrame
    outcome: Outcome
    response: Response
    fit: Fit
    variance: Variance
    confidence: float
    notes: tuple[Text, ...] = ()

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """What each parameter stands for, in the estimator's order."""
        return self.response.places(self.model_frame.x.shape[1])

    @property
    def n(self) -> int:
        """Respondents used."""
        return len(self.outcome.y)

    @property
    def df(self) -> float:
        """Degrees of freedom of t and F: clusters - strata + 1 - coefficients; infinite without the design."""
        return np.inf if self.variance != "design" else self.model_frame.used.df + 1 - len(self.params)

    @property
    def asked(self) -> tuple[str, ...]:
        """Questions that the outcomes are made of."""
        return self.outcome.names

    @property
    def accounted(self) -> tuple[str, ...]:
        """Questions, in the order in which respondents left out count under those that they have not answered."""
        return (*self.asked, *self.model_frame.formula.questions)

    @property
    def acting(self) -> tuple[int, ...]:
        """Columns of the model matrix that move what is expected of respondents."""
        return tuple(range(self.model_frame.x.shape[1]))

    @property
    def moving(self) -> frozenset[str]:
        """Questions that move what is expected of respondents."""
        return frozenset(q for j in self.acting for q in self.model_frame.terms[j].questions)

    @cached_property
    def estimates(self) -> Estimates:
        """Coefficients as printed: slopes, the intercept first, then the other components."""
        frame, outcome, order = self.model_frame, self.outcome, shown_order(self.places)
        places = [self.places[i] for i in order]
        names = [row_name(place, frame, outcome) for place in places]
        covariance = self.params_covariance[np.ix_(order, order)]
        columns: dict[str, Any] = {"outcome": [outcome_of(place, outcome) for place in places]}
        if any(place.level is not None for place in places):
            columns["level"] = [outcome.levels[place.level or 0] for place in places]
        columns |= {
            "component": [place.component for place in places],
            "term": [name for name, _ in names],
            **inferred(self.params[order], np.sqrt(np.diag(covariance)), self.df, self.confidence),
            "n": self.n,
        }
        said = labels_for(frame.design.survey, *self.asked, *frame.formula.questions)
        own = {(outcome.name, level): label for level, label in zip(outcome.levels, outcome.labels)}
        words = column_words(frame.design.survey, self.asked[0])
        labels = Labels({outcome.name: words, **said.columns, **dict(names)}, {**said.levels, **own})
        return Estimates(
            estimates_frame(columns), covariance, "coefficients", self.response.scale, labels=labels,
            origin=origin_of(
                self._title, frame.design, frame.used, *self.accounted,
                variance=self.variance, interval=interval_text(self.df, self.confidence), df=self.df,
                notes=self._notes, failed=self.failed,
            ),
            extra={**self._fit_as_a_whole, **self._of_parameters},
        )  # fmt: skip

    @property
    def _fit_as_a_whole(self) -> dict[str, float]:
        """How the model fits: log-likelihood (weights scaled to mean 1) and what follows from it."""
        raise NotImplementedError

    @property
    def _of_parameters(self) -> dict[str, float]:
        """Numbers that follow from parameters, such as a dispersion, with their errors."""
        return {}

    @property
    def _title(self) -> Text:
        """The kind of model, and of what."""
        words, survey = self.response.words, self.model_frame.design.survey
        of = [column_words(survey, name) for name in self.outcome.names if name in self.asked]
        listed = of or [column_words(survey, self.asked[0])]
        return {lang: f"{words[lang]}: {', '.join(say(label, lang) for label in listed)}" for lang in LANGUAGES}

    @property
    def _notes(self) -> tuple[Text, ...]:
        """What a reader must know."""
        used = self.model_frame.used
        weighted = np.ptp(used.row_weights) > 0
        said = (
            (SCALED, weighted and self.variance in MODEL_BASED),
            (PSEUDO, weighted and self.variance not in MODEL_BASED and not np.isnan(self.fit.loglik)),
            (IGNORED, self.variance != "design" and not used.sample.plain),
            (NO_DF, self.df <= 0),
        )
        return (*self.model_frame.notes, *self.notes, *(text for text, holds in said if holds))
