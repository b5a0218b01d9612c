"""How answers spread in the population: variances, covariances, standard deviations."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

import numpy as np

from ..errors import one_of
from ..estimators.spread import covariance_fit, pairs
from ..language import both
from ..results import Estimates
from .bases import Data
from .complete import complete_of
from .groups import By
from .measured import Measured, measured_frame
from .origins import interval_words

Of = Literal["variance", "sd"]


def variance(
    data: Data, questions: str | Sequence[str], *, of: Of = "variance", by: By = None, confidence: float = 0.95
) -> Estimates:
    """Estimate how much answers differ in the population: variances and covariances, or standard deviations.

    Parameters
    ----------
    data
        Design, or a survey or frame taken as a simple random sample.
    questions
        One number question or several; a grid stands for its items.
    of
        "variance": variances, and the covariances of every pair; "sd": standard deviations.
    by
        Group question, or several crossed.

    Returns
    -------
    Estimates
        Kind "variance"; `outcome` is the first question of a pair, `term` the second (the same for variances and
        standard deviations). Pairs first, then groups in the codebook's order. t intervals; joint covariance.

    Raises
    ------
    ChoiceError
        A question holds answer categories, not numbers; `of` is neither word.
    ColumnError, DataError
        A question does not exist; nobody answered.

    Notes
    -----
    Base: respondents of the domain with an answer to all of the questions (and a group). n / (n - 1) * sum w (y -
    mean)(z - mean) / sum w; its error is that of a mean of these products, since the means add nothing to it; standard
    deviations by the delta method. Under replicate weights all is computed again.

    References
    ----------
    R survey ``svyvar``.

    Examples
    --------
    >>> import pandas as pd
    >>> variance(pd.DataFrame({"age": [30, 40, 50, None]}), "age", of="sd").frame[["estimate", "n"]]
       estimate  n
    0      10.0  3
    """
    one_of(of, ("variance", "sd"), "of")
    asked = complete_of(data, questions, by)
    size = asked.values.shape[1]
    first, second = pairs(size)
    measured = asked.fitted(len(first), lambda own, w: covariance_fit(asked.values[own], w, len(own)))
    what = both("Variance and covariance", "분산과 공분산") if size > 1 else both("Variance", "분산")
    if of == "sd":
        own = np.flatnonzero(np.repeat(first == second, asked.groups.count))
        measured, what = _roots(measured.take(own)), both("Standard deviation", "표준편차")
        first = second = np.arange(size)
    keys = asked.keys(first, second)
    frame = measured_frame(measured, keys, asked.groups.names, confidence=confidence, counted=False)
    alone = (both("no variance where a single respondent answered", "응답자가 1명인 집단은 분산 없음"),)
    notes = alone if (measured.n == 1).any() else ()
    return asked.result("variance", what, frame, measured, interval_words("t", confidence), notes)


def _roots(variances: Measured) -> Measured:
    """Standard deviations with their covariance by the delta method; nothing where nothing differs."""
    sd = np.sqrt(variances.estimate)
    slope = 1 / (2 * np.where(sd > 0, sd, np.inf))
    return replace(variances, estimate=sd, covariance=variances.covariance * np.outer(slope, slope))
