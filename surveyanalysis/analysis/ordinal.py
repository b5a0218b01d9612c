"""Models for ordered answers: cumulative, with parallel lines or without, with one spread or several."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from ..design.design import Design, as_design
from ..errors import one_of
from ..estimators.separation import Separation, separating_ordered
from ..intervals import check_confidence
from ..language import both
from ..survey import Survey
from .error_words import VARIANCES, Variance
from .model import Model
from .model_cautions import decisive, few_events, thin_cells
from .model_matrix import ModelFrame, model_frame
from .nonparallel import Nonparallel, free_columns
from .outcomes import Outcome, ordered_outcome
from .responses import Cumulative
from .several_formulas import Equation, equations
from .solving import solved

if TYPE_CHECKING:
    from .diagnostic import Diagnostic
    from .parallel_lines import ParallelMethod


def ordered(
    data: Design | Survey | pd.DataFrame,
    formula: str,
    *,
    link: Literal["logit", "probit", "cloglog", "loglog", "cauchit"] = "logit",
    nonparallel: bool | str | Sequence[str] = (),
    scale: str | None = None,
    variance: Variance = "design",
    confidence: float = 0.95,
) -> "OrderedModel":
    """Cumulative regression of an ordered answer: proportional odds, ordered probit, and wider models.

    Parameters
    ----------
    data, formula, variance, confidence
        As for `logit`.
    link
        "logit", "probit", "cloglog", "loglog" or "cauchit".
    nonparallel
        Questions or terms whose slopes differ by threshold (partial proportional odds); True for all of them
        (generalised ordered model).
    scale
        Right-hand side of a formula for the logarithm of the spread, such as "sex + age" (location-scale model).

    Returns
    -------
    OrderedModel
        Slopes, then thresholds: P(y <= j) = F((threshold_j - x b_j) / exp(z g)), so that a positive slope moves towards
        higher levels. Slopes of one threshold are named "age @ low|middle"; g has the component "scale".
        `.parallel_lines()` tests whether the slopes differ.

    Raises
    ------
    ChoiceError
        The outcome's levels have no order: the alphabet never decides.
    ConvergenceError
        There is no solution: also where lines cross, so that a level would have a negative probability at somebody's
        answers.
    FormulaError, ColumnError, DataError, SeparationError
        As for `logit`.

    Notes
    -----
    Levels in the codebook's order; those that nobody used chose are left out and a note says so. Degrees of freedom as
    for `logit`, thresholds counted among the coefficients. Checked against R ``ordinal::clm`` (c.ord.*, c.ppo.*) and
    survey ``svyolr`` (b.olr.*); R ``clm(nominal =)`` shows the slopes of single thresholds with the other sign.

    Examples
    --------
    >>> import pandas as pd
    >>> answers = pd.Categorical(list("lmhlmhmmlh"), categories=["l", "m", "h"], ordered=True)
    >>> people = pd.DataFrame({"willing": answers, "age": [50, 41, 38, 44, 47, 29, 33, 35, 36, 40]})
    >>> ordered(people, "willing ~ age").frame["term"].tolist()
    ['age', 'l|m', 'm|h']
    >>> ordered(people, "willing ~ age", nonparallel="age").frame["term"].tolist()
    ['age @ l|m', 'age @ m|h', 'l|m', 'm|h']
    """
    one_of(link, ("logit", "probit", "cloglog", "loglog", "cauchit"), "link")
    one_of(variance, VARIANCES, "variance")
    check_confidence(confidence)
    design = as_design(data)
    if scale is None:
        frame = model_frame(design, formula)
        place, spread = Equation.whole(frame), None
    else:
        frame, (place, spread) = equations(design, formula, scale)
    outcome = ordered_outcome(frame.used, frame.formula.outcome)
    levels, free = len(outcome.levels), tuple(j for j in free_columns(frame, nonparallel) if j in place.slopes)
    wide = bool(free) or spread is not None
    response = (
        Nonparallel(link, levels, place.slopes, free, spread.slopes if spread else ())
        if wide
        else Cumulative(link, levels)
    )
    fit = solved(response, frame, outcome, lambda: _separation(frame, place, free, outcome))
    where = both("outside the most frequent level", "(최빈 수준 밖)")
    notes = (
        *outcome.notes,
        *few_events(len(outcome.y) - max(outcome.counts), len(fit.params) - levels + 1, where),
        *thin_cells(frame, outcome),
        *decisive(frame),
        *(response.notes if isinstance(response, Nonparallel) else ()),
    )
    return OrderedModel(frame, outcome, response, fit, variance, confidence, notes)


def _separation(frame: ModelFrame, place: Equation, free: tuple[int, ...], outcome: Outcome) -> Separation | None:
    """What tells the levels apart, the spread taken as one."""
    own = [place.slopes.index(j) for j in free]
    found = separating_ordered(frame.x[:, place.slopes], outcome.y.astype(np.intp), len(outcome.levels), own)
    return found and replace(found, columns=tuple(place.slopes[j] for j in found.columns))


@dataclass(frozen=True, eq=False, repr=False)
class OrderedModel(Model):
    """A fitted model of an ordered answer."""

    def parallel_lines(self, method: "ParallelMethod" = "brant") -> "Diagnostic":
        """Test whether the slopes are the same at every threshold.

        Parameters
        ----------
        method
            "brant": Wald test of the slopes of separate logits (Brant 1990), for logit links. "likelihood_ratio": of
            the model in which lines may differ, for any link.

        Returns
        -------
        Diagnostic
            Kind "parallel_lines": all terms together, then each term: statistic, df, df_denominator, p. Under the
            design Brant's statistic is an F, the likelihood ratio is corrected as Rao and Scott. ``detail["slopes"]``
            (of Brant's test) holds the slope of every column at every threshold, ``detail["coefficients"]`` the test of
            every column.

        Raises
        ------
        ChoiceError, DataError
            The link is not the logit, lines differ already, there are only two levels, or a separate logit has no
            solution.

        Notes
        -----
        With many respondents small differences are significant: look at the slopes too, and at `effects()` of both
        models. A wider model whose slopes grow without bound is compared by the supremum of its likelihood, and a note
        says so. Checked against R ``brant`` (c.brant.*) and ``ordinal::nominal_test`` (c.ppo.*).

        Examples
        --------
        >>> import pandas as pd
        >>> answers = pd.Categorical(list("lmhlmhmmlh") * 2, categories=["l", "m", "h"], ordered=True)
        >>> people = pd.DataFrame({"willing": answers, "age": [50, 41, 38, 44, 47, 29, 33, 35, 36, 40] * 2})
        >>> ordered(people, "willing ~ age", variance="model").parallel_lines().frame["p"].round(3).tolist()
        [0.925, 0.925]
        """
        from .parallel_lines import parallel_lines

        return parallel_lines(self, method)

    def scale_test(self) -> "Diagnostic":
        """Test whether the spread of the latent answer is the same for everybody.

        Returns
        -------
        Diagnostic
            Kind "scale_test": the likelihood ratio of a spread that depends on all terms, then on each term: statistic,
            df, df_denominator, p; under the design p is corrected as Rao and Scott.

        Raises
        ------
        ChoiceError, DataError
            Lines or spread differ already, the model has no terms, or there are only two levels.
        ConvergenceError
            The model with a varying spread has no solution.

        Notes
        -----
        Of P(y <= j) = F((threshold_j - x b) / exp(z g)) against g = 0, z the term's columns. Checked against R
        ``ordinal::scale_test`` (c.ppo.*).

        Examples
        --------
        >>> import pandas as pd
        >>> answers = pd.Categorical(list("lmhlmhmmlh") * 2, categories=["l", "m", "h"], ordered=True)
        >>> people = pd.DataFrame({"willing": answers, "age": [50, 41, 38, 44, 47, 29, 33, 35, 36, 40] * 2})
        >>> ordered(people, "willing ~ age", variance="model").scale_test().frame["df"].tolist()
        [1.0, 1.0]
        """
        from .scale_tests import scale_test

        return scale_test(self)
