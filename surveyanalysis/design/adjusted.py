"""What can be done to a design's weights: each method returns a new design that knows what was done."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pandas as pd

from ..language import both
from . import adjusting
from .distances import Bounds, Method
from .margin_columns import Questions, Totals
from .resampling import Resampling, resampled
from .steps import Step, reweighed

if TYPE_CHECKING:
    from .description import Description
    from .design import Design


class Adjustable:
    """Replicates and adjusted weights, as methods of a design."""

    def replicated(
        self, kind: Resampling, *, replicates: int = 200, seed: int = 1, fay: float = 0.0, mse: bool = False
    ) -> "Design":
        """Return the design with replicate weights made from its first-stage units; adjustments are repeated on each.

        Parameters
        ----------
        kind
            "JK1" (no strata), "JKn", "BRR" (an even number of clusters a stratum), "bootstrap" (Canty and Davison),
            "subbootstrap" (m - 1 of m units) or "rao_wu" (the same, with finite populations).
        replicates, seed
            Of a bootstrap.
        fay
            Share of the weight that BRR leaves to the half-sample left out (Fay's method).
        mse
            Whether squares are taken around the estimate under the full weights.

        Raises
        ------
        DesignError, ChoiceError
            The kind does not fit the design.

        Notes
        -----
        See `resampling.resampled`. Finite populations count at the first stage; "BRR" and "subbootstrap" leave them
        out. Jackknife errors of quantiles are not consistent.

        Examples
        --------
        >>> import pandas as pd
        >>> from surveyanalysis.design.design import Design
        >>> Design(pd.DataFrame({"y": [1.0, 2.0, 4.0]})).replicated("JK1")
        Design: 3 respondents, simple random sample, 3 JK1 replicates
        """
        from .design import replace_parts

        design = cast("Design", self)
        base = design.steps[0].before if design.steps else design.weights
        made = resampled(design.sample, base, kind, replicates, seed, fay, mse)
        for step in design.steps:
            made = reweighed(made, step.reweigh)
        return replace_parts(design, replicates=made)

    def post_stratified(self, questions: Questions, totals: Totals) -> "Design":
        """Return the design with the weights of every cell scaled to its number of people.

        Parameters
        ----------
        questions
            One question, or several crossed.
        totals
            ``{level: people}``, for several questions ``{(level, level): people}``; shares that sum to 1 are taken of
            the present sum of weights.

        Raises
        ------
        DesignError
            A level has a total and no respondents, or respondents and no total, or respondents have no answer; named.

        Notes
        -----
        Variances count the adjustment by residuals, or by repeating it on every replicate. R survey ``postStratify``.

        Examples
        --------
        >>> import pandas as pd
        >>> from surveyanalysis.design.design import Design
        >>> people = Design(pd.DataFrame({"sex": ["f", "m", "m"]})).post_stratified("sex", {"f": 60, "m": 40})
        >>> people.weights
        array([60., 20., 20.])
        """
        design = cast("Design", self)
        return _with_step(design, adjusting.post_stratification(design.survey, design.weights, questions, totals))

    def raked(self, margins: Mapping[Any, Totals], *, tolerance: float = 1e-12, iterations: int = 200) -> "Design":
        """Return the design with weights scaled until every margin has its totals (iterative proportional fitting).

        Parameters
        ----------
        margins
            ``{question: {level: people}}``; a tuple of questions is a crossed margin. Shares that sum to 1 are taken of
            the present sum of weights.
        tolerance
            Largest relative error of a margin at the end.

        Raises
        ------
        DesignError
            Margins have different sums, contradict each other or cannot be met; the margin and level are named.

        Notes
        -----
        R survey ``rake``, whose residuals are taken one margin after the other with equal weight to all respondents of
        a category. ``calibrated(margins, method="raking")`` gives the same weights with residuals from one regression.

        Examples
        --------
        >>> import pandas as pd
        >>> from surveyanalysis.design.design import Design
        >>> people = pd.DataFrame({"sex": ["f", "m", "m", "f"], "age": ["old", "old", "young", "young"]})
        >>> raked = Design(people).raked({"sex": {"f": 60, "m": 40}, "age": {"old": 50, "young": 50}})
        >>> raked.weights.round(6)
        array([30., 20., 20., 30.])
        """
        design = cast("Design", self)
        return _with_step(design, adjusting.raking(design.survey, design.weights, margins, tolerance, iterations))

    def calibrated(
        self,
        margins: Mapping[Any, Totals | float],
        *,
        method: Method = "linear",
        bounds: Bounds | None = None,
        population: float | None = None,
    ) -> "Design":
        """Return the design with weights changed as little as possible to meet known totals.

        Parameters
        ----------
        margins
            ``{question: {level: people}}`` for categories, ``{question: total}`` for numbers, in any mixture.
        method
            "linear" (generalised regression; may give negative weights), "raking" (positive) or "logit" (within
            `bounds`).
        bounds
            Least and largest factor by which a weight may change.
        population
            Number of people, where no margin of categories tells it.

        Raises
        ------
        DesignError, ChoiceError
            Margins contradict each other (both totals are told) or cannot be met within the bounds (the worst is
            named).

        Notes
        -----
        Deville and Sarndal (1992); R survey ``calibrate``.

        Examples
        --------
        >>> import pandas as pd
        >>> from surveyanalysis.design.design import Design
        >>> people = Design(pd.DataFrame({"age": [1.0, 2.0, 3.0, 4.0]}))
        >>> people.calibrated({"age": 110}, population=40).weights.round(9)
        array([ 7.,  9., 11., 13.])
        """
        design = cast("Design", self)
        return _with_step(
            design, adjusting.calibration(design.survey, design.weights, margins, method, bounds, population)
        )

    def trimmed(self, *, lower: float = 0.0, upper: float = np.inf, strict: bool = False) -> "Design":
        """Return the design with weights cut at the bounds, what is cut spread equally over the others.

        Parameters
        ----------
        lower, upper
            Bounds of the weights.
        strict
            Whether to repeat until no weight is outside.

        Notes
        -----
        The sum of weights stays; margins met before are met no more. Variances take the cut as given. R survey
        ``trimWeights``.
        """
        design = cast("Design", self)
        return _with_step(design, adjusting.trimming(design.weights, lower, upper, strict))

    def nonresponse_adjusted(self, responded: str, *, classes: Questions | None = None) -> "Design":
        """Return the design in which respondents carry the weights of the non-respondents of their class.

        Parameters
        ----------
        responded
            Yes/no column: who of those drawn answered.
        classes
            Questions known of everybody drawn, crossed; None for one class.

        Raises
        ------
        DesignError
            A class has nobody who answered; merge it.

        Notes
        -----
        Classes are estimated, not known: everybody drawn stays in the variance (Oh and Scheuren 1983).
        """
        design = cast("Design", self)
        return _with_step(design, adjusting.nonresponse(design.survey, design.weights, responded, classes))

    def multiplicity_adjusted(self, frames: str | Sequence[str]) -> "Design":
        """Return the design with weights divided by the number of frames that each respondent could be reached through.

        Parameters
        ----------
        frames
            Yes/no columns (member of each association), or one column with the number of frames.

        Raises
        ------
        DesignError
            A respondent is in no frame, or the number is missing; named.

        Notes
        -----
        Mecatti (2007), single-frame multiplicity estimator: without it people in several associations count several
        times.

        Examples
        --------
        >>> import pandas as pd
        >>> from surveyanalysis.design.design import Design
        >>> people = pd.DataFrame({"chemists": [True, True], "biologists": [False, True]})
        >>> Design(people).multiplicity_adjusted(["chemists", "biologists"]).weights
        array([1. , 0.5])
        """
        design = cast("Design", self)
        return _with_step(design, adjusting.multiplicity(design.survey, design.weights, frames))

    def standardised(
        self, over: Questions, population: Totals, *, by: Questions | None = None, answered: Questions | None = None
    ) -> "Design":
        """Return the design with the weights of every group set to the composition of a standard population.

        Parameters
        ----------
        over
            Question whose composition is standardised, such as age groups; several are crossed.
        population
            Number or share of people of each level in the standard population; of several questions by tuple.
        by
            Groups that are each standardised and keep their sum of weights; several are crossed.
        answered
            Questions that must have an answer: respondents without one have weight zero.

        Raises
        ------
        DesignError
            Nobody of a group is in a cell that the population has; a level has respondents and no number; named.

        Notes
        -----
        For means and shares by group the verb `standardised` is shorter, with the same estimates, and the same errors
        unless the weights were adjusted before. R survey ``svystandardize(by = over, over = by)``.

        Examples
        --------
        >>> import pandas as pd
        >>> from surveyanalysis.design.design import Design
        >>> people = Design(pd.DataFrame({"age": ["old", "young", "young", "young"]}))
        >>> people.standardised("age", {"old": 50, "young": 50}).weights.round(3)
        array([2.   , 0.667, 0.667, 0.667])
        """
        from .standardising import standardisation

        design = cast("Design", self)
        return _with_step(design, standardisation(design, over, population, by, answered))

    def describe(self) -> "Description":
        """Strata, clusters, weights and what they cost, adjustments: a table, also shown in a notebook."""
        from .description import description

        return description(cast("Design", self))

    @property
    def adjustments(self) -> pd.DataFrame:
        """Margins of every adjustment: step, margin, wanted, before, after, difference (relative)."""
        from .description import adjustments

        return adjustments(cast("Design", self))


def _with_step(design: "Design", step: Step) -> "Design":
    """The design after one more adjustment, its replicates adjusted alike."""
    from .design import replace_parts

    made = None if design.replicates is None else reweighed(design.replicates, step.reweigh)
    return replace_parts(design, weights=step.after, steps=(*design.steps, step), replicates=made)


def replicate_words(kind: str, count: int, seed: int | None) -> dict[str, str]:
    """Replicates in words, with the seed of drawn ones."""
    drawn = f", seed {seed}" if seed is not None else ""
    korean = f", 시드 {seed}" if seed is not None else ""
    return dict(both("{n} {k} replicates{en}", "{k} 반복표본 {n}개{ko}", n=count, k=kind, en=drawn, ko=korean))
