"""The gap in an outcome between two groups, explained by their answers and unexplained."""

from collections.abc import Sequence
from typing import Any, get_args

import numpy as np

from ..design.design import as_design
from ..errors import ChoiceError, one_of
from ..estimators.decomposed import Method, Parts, Reference
from ..intervals import check_confidence
from ..results import Estimates
from .bases import Data
from .decomposition_columns import Contrasts, refuse_interactions, summed
from .decomposition_estimates import gap_estimates
from .decomposition_gap import Asked, Gap
from .decomposition_groups import Pair, pair_of, refuse_separated_groups
from .draws import check_draws, check_seed
from .groups import one_column
from .outcomes import Outcome, binary_outcome
from .variables import is_categorical, is_scored, numbers

METHODS, REFERENCES, PARTS = get_args(Method), get_args(Reference), get_args(Parts)


def decomposition(
    data: Data,
    formula: str,
    *,
    by: str,
    groups: Sequence[Any] | None = None,
    method: Method = "oaxaca",
    reference: Reference | float = "pooled",
    parts: Parts = "two",
    contrasts: Contrasts = "treatment",
    event: Any = None,
    draws: int = 100,
    seed: int = 1,
    confidence: float = 0.95,
) -> Estimates:
    """Take the gap between two groups apart: what their answers explain, and what they do not.

    Parameters
    ----------
    data
        Design, or a survey or frame taken as a simple random sample.
    formula
        ``"stay ~ age + field"``, without the question of the groups; see `logit`.
    by, groups
        Question of the groups, and the two that are compared, the first minus the second; the two that there are where
        none are named, in the codebook's order.
    method
        "oaxaca": linear means (of a yes/no answer, the linear probability model). "yun", "fairlie": a logit of a yes/no
        answer, detailed by Yun's weights, or by exchanging the answers of matched respondents.
    reference
        Coefficients at which differences in answers are valued: "pooled" (both groups, the group among the covariates),
        "neumark" (without it), "first", "second", "cotton" (averaged by weighted size), "reimers" (half each), or the
        weight of the first group's coefficients, from 0 to 1.
    parts
        "three": endowments, coefficients and their interaction; method "oaxaca" alone.
    contrasts
        "deviation": levels as deviations from their mean, so that unexplained rows do not depend on the reference.
    event
        The answer whose share is explained; see `logit`.
    draws, seed
        Matchings of "fairlie" and their seed.
    confidence
        Level of the intervals.

    Returns
    -------
    Estimates
        Kind "decomposition". Components "difference" (the two means, then "(total)"), "explained", "unexplained" (or
        the three parts): "(total)", then a row a term; levels of a question are summed. `detail["shares"]`: rows in
        parts of the gap.

    Raises
    ------
    ChoiceError
        More than two groups and no choice; an argument is none of its words.
    FormulaError
        The question of the groups is in the formula.
    DataError
        A group has too few respondents for the terms, or a term does not vary in it; both are named.
    SeparationError
        A term tells the yes/no answers of a group apart.

    Notes
    -----
    With means X, Y and coefficients a, b of the groups and r of the reference, gap = (X - Y) r + X (a - r) + Y (r - b).
    Means and coefficients are estimated together: their contributions are carried through, or everything is computed
    again under replicates; t with the design's degrees of freedom. The pooled reference holds the group (Jann 2008), at
    its mean in a logit.

    References
    ----------
    Oaxaca (1973), Blinder (1973), Jann (2008, Stata Journal 8), Yun (2004, 2005), Fairlie (2005). Checked against R
    4.2 by definition with ``svyglm``, ``svymean`` and ``withReplicates``.

    Examples
    --------
    >>> import pandas as pd
    >>> staff = pd.DataFrame({"pay": [3.0, 4, 5, 8, 2, 2, 4, 5], "years": [1, 2, 3, 5, 1, 1, 3, 2]})
    >>> found = decomposition(staff.assign(at=list("ccccuuuu")), "pay ~ years", by="at").frame
    >>> found[found["term"] == "(total)"][["component", "estimate"]].round(3).values.tolist()
    [['difference', 1.75], ['explained', 1.239], ['unexplained', 0.511]]
    """
    check_confidence(confidence)
    one_of(method, METHODS, "method")
    one_of(parts, PARTS, "parts")
    one_of(contrasts, get_args(Contrasts), "contrasts")
    asked = Asked(method, _reference(reference), parts, contrasts, check_draws(draws), check_seed(seed))
    _refuse_mixtures(asked)
    pair = pair_of(as_design(data), formula, by, groups)
    outcome = _outcome(pair, method, event)
    if method == "fairlie":
        refuse_interactions(pair.frame)
    if method != "oaxaca":
        refuse_separated_groups(pair, outcome)
    return gap_estimates(Gap(pair, outcome, asked, summed(pair.frame, contrasts)), confidence)


def _reference(reference: Any) -> Reference | float:
    """A word, or the weight of the first group's coefficients."""
    if isinstance(reference, int | float | np.number) and not isinstance(reference, bool):
        if 0 <= reference <= 1:
            return float(reference)
        raise ChoiceError(f"`reference` is {reference}; as a weight of the first group it lies between 0 and 1.")
    one_of(reference, REFERENCES, "reference")
    found: Reference = reference
    return found


def _refuse_mixtures(asked: Asked) -> None:
    """Choices that do not go together."""
    if asked.parts == "three" and asked.method != "oaxaca":
        raise ChoiceError(f"parts='three' is of linear means; with method={asked.method!r} take parts='two'.")
    if asked.contrasts == "deviation" and asked.method == "fairlie":
        raise ChoiceError("contrasts='deviation' is of unexplained terms, which method='fairlie' does not give.")


def _outcome(pair: Pair, method: Method, event: Any) -> Outcome:
    """The outcome as numbers, or as 0/1 where it is a yes/no answer."""
    used = pair.frame.used
    name = one_column(used.survey, pair.frame.formula.outcome, "formula")
    answers = is_categorical(used.survey, name) and not is_scored(used.survey, name)
    if method != "oaxaca" or event is not None or answers or used.survey.column(name).dtype.name in ("bool", "boolean"):
        return binary_outcome(used, name, event)
    return Outcome(name, numbers(used.survey, name)[used.rows], (), ())
