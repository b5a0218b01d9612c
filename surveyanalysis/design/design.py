"""A design: who could have been asked, who was, and with which weight."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..codebook.expressions import joined, truth
from ..errors import DataError
from ..estimators.fit import Matrix, Vector
from ..language import Text, say
from ..survey import Survey
from . import linearized, words
from .linearized import Codes, Sample
from .sample import draw_sample

Population = float | str | Mapping[Any, float]


@dataclass(frozen=True, eq=False, init=False)
class Design:
    """How people came to answer.

    Parameters
    ----------
    survey
        Cleaned answers, or a data frame.
    weights
        Column of sampling weights (how many people a respondent stands for); without it, N/n where a population is
        given, else 1.
    strata, clusters
        Columns that name the stratum and the first-stage cluster of each respondent.
    population
        Number of first-stage units (people, or clusters) in the population: one number, a column, or a mapping from
        stratum to number. Without it the population is taken as infinite.
    nested
        Whether cluster names start anew in each stratum. Needed only where a name occurs in several strata: then it is
        asked, never assumed.

    Raises
    ------
    ColumnError
        A column is not in the survey.
    DesignError
        Weights are missing or negative, a stratum has a single cluster, the population is smaller than the sample, or
        strata or clusters are missing; the message names the rows.

    Notes
    -----
    Variances are linearised (Taylor); see `covariance`. Degrees of freedom are clusters minus strata, counted over the
    domain. Checked against R survey ``svydesign``.

    Examples
    --------
    >>> import pandas as pd
    >>> Design(pd.DataFrame({"y": [1.0, 2.0, 4.0], "w": [10, 10, 20]}), weights="w")
    Design: 3 respondents, weights w (sum 40), simple random sample
    """

    survey: Survey
    weights: Vector
    sample: Sample
    inside: NDArray[np.bool_]
    filter: Text
    asked: Mapping[str, Any]

    def __init__(
        self,
        survey: Survey | pd.DataFrame,
        *,
        weights: str | None = None,
        strata: str | None = None,
        clusters: str | None = None,
        population: Population | None = None,
        nested: bool | None = None,
    ) -> None:
        whole = survey if isinstance(survey, Survey) else Survey.from_frame(survey)
        asked: dict[str, Any] = {
            "weights": weights,
            "strata": strata,
            "clusters": clusters,
            "population": population,
            "nested": nested,
        }
        sample, w = draw_sample(whole, **asked)
        values = {"survey": whole, "weights": w, "sample": sample, "inside": np.ones(len(whole), bool), "filter": {},
                  "asked": asked}  # fmt: skip
        for name, value in values.items():
            object.__setattr__(self, name, value)

    def __len__(self) -> int:
        return int(self.inside.sum())

    def where(self, expression: str | None = None, **answers: Any) -> "Design":
        """Return the domain of respondents with these answers; all rows stay in the design, so that errors are right.

        Parameters
        ----------
        expression
            A condition in codebook names: ``"age >= 40 and employer == 'company'"``.
        **answers
            Question = answer, or a list of answers.

        Raises
        ------
        ColumnError, LevelError
            A question or answer does not exist; the nearest is named.
        DataError
            Nobody is in the domain.

        Examples
        --------
        >>> import pandas as pd
        >>> len(Design(pd.DataFrame({"g": ["a", "b", "b"]})).where(g="b"))
        2
        """
        mask, said = truth(self.survey, expression, answers)
        domain = self.within(mask)
        if not len(domain):
            raise DataError(f"Nobody is in the domain {say(said)!r}: no respondent gave these answers.")
        return replace_parts(domain, filter=joined([self.filter, said]) if self.filter else said)

    def only(self, expression: str | None = None, **answers: Any) -> "Design":
        """Return an own sample of these respondents: the others are taken as never sampled.

        Use it when the others were no part of the sample (another survey in the same file). For a group within one
        sample use `where`: the errors differ.

        Raises
        ------
        DataError
            Nobody is left.
        DesignError
            A stratum keeps a single cluster.
        """
        mask, said = truth(self.survey, expression, answers)
        kept = self.inside & mask
        if not kept.any():
            raise DataError(f"Nobody is left by {say(said)!r}: no respondent gave these answers.")
        frame = self.survey.frame.loc[kept]
        reasons = None if self.survey._reasons is None else self.survey._reasons.loc[kept]
        part = replace(self.survey, _frame=frame, _reasons=reasons)
        own = Design(part, **self.asked)
        alone = {"en": f"only {say(said, 'en')}", "ko": f"{say(said, 'ko')}만"}
        return replace_parts(own, filter=joined([self.filter, alone]) if self.filter else alone)

    def within(self, mask: NDArray[np.bool_]) -> "Design":
        """Return the domain of rows where `mask` (n,) holds; verbs use it for respondents with complete answers."""
        return replace_parts(self, inside=self.inside & np.asarray(mask, bool))

    @cached_property
    def rows(self) -> Codes:
        """Row numbers of the domain with a positive weight, shape (m,)."""
        return np.flatnonzero(self.inside & (self.weights > 0))

    @cached_property
    def row_weights(self) -> Vector:
        """Weights of `rows`, shape (m,)."""
        return self.weights[self.rows]

    @cached_property
    def df(self) -> float:
        """Degrees of freedom: clusters minus strata among the rows of the domain (R ``degf``)."""
        clusters = self.rows if self.sample.cluster is None else np.unique(self.sample.cluster[self.rows])
        return float(len(clusters) - len(np.unique(self.sample.stratum[clusters])))

    @property
    def weighted(self) -> bool:
        """Whether weights differ between respondents."""
        return bool(np.ptp(self.weights) > 0) if len(self.weights) else False

    @property
    def simple(self) -> bool:
        """Whether it is a simple random sample with equal weights from an infinite population."""
        unstructured = self.sample.cluster is None and len(self.sample.sampled) == 1 and not self.sample.sampled.any()
        return unstructured and not self.weighted

    def covariance(self, scores: Matrix) -> Matrix:
        """Covariance of estimates from the contributions of `rows`.

        Parameters
        ----------
        scores
            Linearised contributions of `rows`, shape (m, k).

        Returns
        -------
        Matrix
            Shape (k, k).
        """
        return linearized.covariance(np.asarray(scores, float), self.rows, self.sample)

    def in_words(self) -> Text:
        """Describe the design for a methods section, in English and Korean."""
        return words.describe(self)

    def __repr__(self) -> str:
        return words.one_line(self)


def replace_parts(design: Design, **parts: Any) -> Design:
    """Return a copy of the design with other parts; cached numbers are left behind."""
    copy = object.__new__(Design)
    for name in ("survey", "weights", "sample", "inside", "filter", "asked"):
        object.__setattr__(copy, name, parts.get(name, getattr(design, name)))
    return copy


def as_design(data: "Design | Survey | pd.DataFrame") -> Design:
    """Take a survey or a frame as a simple random sample; leave a design as it is."""
    return data if isinstance(data, Design) else Design(data)
