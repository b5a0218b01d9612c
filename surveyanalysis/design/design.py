"""A design: who could have been asked, who was, and with which weight."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..codebook.expressions import joined, truth
from ..errors import DataError, DesignError
from ..estimators.batched_likelihood import WeightSets
from ..estimators.contributions import Contributions
from ..estimators.fit import Matrix, Vector
from ..language import Text, say
from ..survey import Survey
from . import linearized, words
from .adjusted import Adjustable
from .asked import read_weights, refuse_contradictions
from .columns import Column
from .drawing import draw
from .populations import Population
from .replicate_columns import Replicates, read_replicates
from .replicated import Covaried, ReplicateWeights, replicate_covariance
from .stages import Codes, Sample, SingleUnit, taken
from .steps import Step, residual_scores
from .sums import domain_complete, domain_df, grouped_covariance, spread_over
from .unequal import Pps

Stages = Column | Sequence[Column]


@dataclass(frozen=True, eq=False, init=False)
class Design(Adjustable):
    """How people came to answer.

    Parameters
    ----------
    survey
        Cleaned answers, or a data frame.
    weights
        Column of sampling weights (how many people a respondent stands for), or a Series aligned by its index. Without
        it the inverse of the sampled shares where populations are given, else 1.
    strata, clusters
        Columns that name the stratum and the cluster of each respondent; a list for several stages, first to last.
    population
        Numbers of units in the population, or sampled shares (up to 1), of each stratum: one number, a column, or a
        mapping from stratum to number; a list for several stages. Without it the population is taken as infinite, and
        the first stage carries all variance.
    nested
        Whether cluster names start anew in each stratum. Needed only where a name occurs in several strata: then it is
        asked, never assumed.
    single_unit
        What a stratum with a single cluster adds to variances: "error" refuses; "adjust" its squared contribution
        around the overall mean (cautious); "average" the mean of the other strata; "remove" nothing; "certainty"
        nothing, since it stands for itself alone.
    single_in_domain
        Whether "adjust" and "average" hold for strata in which a domain has a single cluster left, too.
    inclusion, pps
        Column of inclusion probabilities of units drawn with probability proportional to size, and how their joint
        probabilities are approximated: "brewer", "overton" or "hartley_rao"; without `pps` as drawn with replacement.
    replicates
        `Replicates`: replicate weights that came with the data, instead of strata and clusters.
    volunteer
        Whether the respondents chose themselves: every result says what its interval then means.

    Raises
    ------
    ColumnError
        A column is not in the survey.
    DesignError
        Weights are missing, negative or infinite; a stratum has a single cluster; the population is smaller than the
        sample; strata or clusters are missing; both kinds of design are given. The message names the rows.

    Notes
    -----
    Variances are linearised (Taylor), or replicated. Degrees of freedom: first-stage clusters minus strata with rows in
    the domain; for replicates the rank of their weights minus one. Checked against R survey ``svydesign`` and
    ``svrepdesign``.

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
    steps: tuple[Step, ...]
    replicates: ReplicateWeights | None

    def __init__(
        self,
        survey: Survey | pd.DataFrame,
        *,
        weights: Column | None = None,
        strata: Stages | None = None,
        clusters: Stages | None = None,
        population: Population | Sequence[Population] | None = None,
        nested: bool | None = None,
        single_unit: SingleUnit = "error",
        single_in_domain: bool = False,
        inclusion: Column | None = None,
        pps: Pps | None = None,
        replicates: Replicates | None = None,
        volunteer: bool = False,
    ) -> None:
        whole = survey if isinstance(survey, Survey) else Survey.from_frame(survey)
        drawn: dict[str, Any] = {"strata": strata, "clusters": clusters, "population": population, "nested": nested,
                 "single_unit": single_unit, "single_in_domain": single_in_domain, "inclusion": inclusion,
                 "pps": pps}  # fmt: skip
        refuse_contradictions(drawn, weights, replicates)
        found = draw(whole, **drawn)
        w = found.weights if weights is None else read_weights(whole, weights)
        values = {
            "survey": whole,
            "weights": w,
            "sample": found.sample,
            "inside": np.ones(len(whole), bool),
            "filter": {},
            "asked": {"weights": weights, **drawn, "replicates": replicates, "volunteer": volunteer},
            "steps": (),
            "replicates": None if replicates is None else read_replicates(whole, replicates, w),
        }
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
        found = self.within(mask)
        if not len(found):
            raise DataError(f"Nobody is in the domain {say(said)!r}: no respondent gave these answers.")
        return replace_parts(found, filter=joined([self.filter, said]) if self.filter else said)

    def only(self, expression: str | None = None, **answers: Any) -> "Design":
        """Return an own sample of these respondents: the others are taken as never sampled.

        Use it when the others were no part of the sample (another survey in the same file). For a group within one
        sample use `where`: the errors differ.

        Raises
        ------
        DataError
            Nobody is left.
        DesignError
            A stratum keeps a single cluster, or weights were adjusted or replicates made for the whole sample.
        """
        if self.steps or (self.replicates is not None and self.asked["replicates"] is None):
            raise DesignError("Take `only` first, then adjust the weights or make replicates: they rest on the sample.")
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
        """Row numbers of the domain with a weight other than zero, shape (m,)."""
        return np.flatnonzero(self.inside & (self.weights != 0))

    @cached_property
    def row_weights(self) -> Vector:
        """Weights of `rows`, shape (m,)."""
        return taken(self.weights, self.rows)

    @cached_property
    def df(self) -> float:
        """Degrees of freedom: clusters minus strata among the rows of the domain, or of the replicates (R ``degf``)."""
        if self.replicates is not None:
            return self.replicates.df(self.rows)
        if len(self.rows) == len(self.survey):
            return float(len(self.sample.first.stratum) - len(self.sample.first.size))
        return float(domain_df(np.zeros(len(self.rows), np.intp), self.rows, self.sample, 1)[0])

    @property
    def weighted(self) -> bool:
        """Whether weights differ between respondents."""
        return bool(np.ptp(self.weights) > 0) if len(self.weights) else False

    @property
    def simple(self) -> bool:
        """Whether it is a simple random sample with equal weights from an infinite population."""
        return self.sample.plain and not (self.steps or self.replicates or self.weighted)

    def covariance(self, scores: Matrix | Contributions, groups: Codes | None = None, count: int = 1) -> Matrix:
        """Linearised covariance of estimates from the contributions of `rows`.

        Parameters
        ----------
        scores
            Linearised contributions of `rows`, shape (m, k), or a fit's `contributions`.
        groups
            Group of each row, shape (m,), where a row contributes to the estimates of its own group only.
        count
            Number of groups.

        Returns
        -------
        Matrix
            Shape (count * k, count * k), estimate j of group g at position g * k + j.
        """
        if self.replicates is not None:
            raise DesignError("A design with replicate weights has no linearised variance; use `covaried`.")
        if groups is None and not self.steps and isinstance(scores, Contributions):
            return linearized.covariance(scores, self.rows, self.sample)
        scores = np.asarray(scores, float)
        if not self.steps:
            if groups is None:
                return linearized.covariance(scores, self.rows, self.sample)
            return grouped_covariance(scores, groups, count, self.rows, self.sample)
        wide = scores if groups is None else spread_over(scores, groups, count)
        whole = np.zeros((len(self.survey), wide.shape[1]))
        whole[self.rows] = wide
        return linearized.covariance(residual_scores(whole, self.steps), np.arange(len(whole)), self.sample)

    def covaried(
        self,
        at: Vector,
        again: Callable[[Vector], Vector],
        linearised: Callable[[], Matrix],
        again_many: Callable[[WeightSets], Matrix | None] | None = None,
    ) -> Covaried:
        """Covariance of estimates by the kind of design: replicated, else linearised.

        Parameters
        ----------
        at
            Estimates, shape (k,).
        again
            Other weights of `rows` (m,) -> estimates (k,).
        linearised
            Their covariance from contributions, by `covariance`.
        again_many
            All replicates' weights of `rows`, shape (m, R) -> estimates (R, k), NaN where there are none; or None,
            where they are estimated one by one.
        """
        if self.replicates is None:
            return Covaried(linearised())
        return replicate_covariance(again, at, self.replicates, self.rows, again_many)

    def group_df(self, groups: Codes, count: int) -> Vector:
        """Degrees of freedom of the domain of each group of `rows`, -1 for none, shape (count,)."""
        if self.replicates is None:
            return domain_df(groups, self.rows, self.sample, count)
        members = [self.rows[groups == g] for g in range(count)]
        return np.array([self.replicates.df(own) if len(own) else -1.0 for own in members])

    def group_complete(self, groups: Codes, count: int) -> NDArray[np.bool_]:
        """Whether everybody in the population of each group of `rows` was sampled, shape (count,)."""
        if self.replicates is not None or self.steps:
            return np.zeros(count, bool)
        return domain_complete(groups, self.rows, self.sample, count)

    def in_words(self) -> Text:
        """Describe the design for a methods section, in English and Korean."""
        return words.describe(self)

    def __repr__(self) -> str:
        return words.one_line(self)

    def _repr_html_(self) -> str:
        return self.describe()._repr_html_()


def replace_parts(design: Design, **parts: Any) -> Design:
    """Return a copy of the design with other parts; cached numbers are left behind."""
    copy = object.__new__(Design)
    for name in ("survey", "weights", "sample", "inside", "filter", "asked", "steps", "replicates"):
        object.__setattr__(copy, name, parts.get(name, getattr(design, name)))
    return copy


def as_design(data: "Design | Survey | pd.DataFrame") -> Design:
    """Take a survey or a frame as a simple random sample; leave a design as it is."""
    return data if isinstance(data, Design) else Design(data)
