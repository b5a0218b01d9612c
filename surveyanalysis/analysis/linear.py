"""Linear regression under any design."""

import numpy as np

from ..design.design import as_design
from ..errors import one_of
from ..estimators.fit import Vector
from ..estimators.linear import linear_fit
from ..intervals import check_confidence
from ..language import Text, both, say
from ..results import Estimates, Labels, estimates_frame
from .bases import Data
from .coefficients import NO_DF, SCALED, inferred, interval_text
from .error_words import VARIANCES, Variance
from .groups import one_column
from .model_matrix import ModelFrame, model_frame
from .origins import origin_of
from .variables import column_words, labels_for, numbers


def linear(data: Data, formula: str, *, variance: Variance = "design", confidence: float = 0.95) -> Estimates:
    """Regress a number on other questions: weighted least squares with errors by the design.

    Parameters
    ----------
    data
        Design, or a survey or frame taken as a simple random sample.
    formula
        ``"api00 ~ api99 + stype"``; see `logit`.
    variance
        "design": linearised or replicated; "model": s^2 (x'Wx)^-1, as of a sample without strata and clusters.

    Returns
    -------
    Estimates
        Kind "coefficients": one row a term, the intercept first; `extra` holds n, n_weighted, r2 and sigma, `detail`
        the respondents used (a design) and the basis of the model matrix.

    Raises
    ------
    ChoiceError
        The outcome holds answer categories.
    FormulaError, ColumnError, DataError
        As for `logit`.

    Notes
    -----
    Degrees of freedom: clusters minus strata, plus 1, minus coefficients (R survey ``svyglm``); for model-based errors
    respondents minus coefficients.

    References
    ----------
    R survey ``svyglm(family = gaussian())``.

    Examples
    --------
    >>> import pandas as pd
    >>> staff = pd.DataFrame({"pay": [3.0, 4.0, 5.0, 7.0], "years": [1, 2, 3, 5]})
    >>> linear(staff, "pay ~ years").frame["estimate"].round(9).tolist()
    [2.0, 1.0]
    """
    one_of(variance, VARIANCES, "variance")
    check_confidence(confidence)
    frame = model_frame(as_design(data), formula)
    name = one_column(frame.design.survey, frame.formula.outcome, "formula")
    y, used = numbers(frame.design.survey, name)[frame.used.rows], frame.used
    fit = linear_fit(frame.x, y, used.row_weights)
    failed = 0
    if variance == "model" and fit.covariance is not None:
        covariance, df = fit.covariance * used.row_weights.mean(), float(len(y) - len(fit.params))
    else:
        covaried = used.covaried(
            fit.params,
            lambda weights: linear_fit(frame.x, y, weights).params,
            lambda: used.covariance(fit.scores),
        )
        covariance, df, failed = covaried.matrix, used.df + 1 - len(fit.params), covaried.failed
    columns = {
        "outcome": name,
        "component": "slope",
        "term": [term.name for term in frame.terms],
        **inferred(fit.params, np.sqrt(np.diag(covariance)), df, confidence),
        "n": len(y),
    }
    said = labels_for(frame.design.survey, name, *frame.formula.questions)
    labels = Labels({**said.columns, **{term.name: term.label for term in frame.terms}}, said.levels)
    origin = origin_of(
        _what(frame, name), frame.design, used, name, *frame.formula.questions, variance=variance,
        interval=interval_text(df, confidence), df=df, notes=_notes(frame, variance, df), failed=failed,
    )  # fmt: skip
    extra = _fit_as_a_whole(y - frame.x @ fit.params, y, used.row_weights, len(fit.params))
    return Estimates(
        estimates_frame(columns), covariance, "coefficients", "value", labels=labels, origin=origin, extra=extra,
        detail={"basis": frame.basis, "used": used},
    )  # fmt: skip


def _what(frame: ModelFrame, name: str) -> Text:
    """The result in words."""
    label = column_words(frame.design.survey, name)
    return {"en": f"Linear regression: {say(label)}", "ko": f"선형회귀: {say(label, 'ko')}"}


def _notes(frame: ModelFrame, variance: Variance, df: float) -> tuple[Text, ...]:
    """What a reader must know."""
    weighted = np.ptp(frame.used.row_weights) > 0
    few = both(
        "{n} respondents for {k} coefficients", "회귀계수 {k}개에 응답자 {n}명", n=len(frame.x), k=frame.x.shape[1]
    )
    said = ((SCALED, weighted and variance == "model"), (NO_DF, df <= 0), (few, len(frame.x) < 10 * frame.x.shape[1]))
    return (*frame.notes, *(text for text, holds in said if holds))


def _fit_as_a_whole(errors: Vector, y: Vector, weights: Vector, k: int) -> dict[str, float]:
    """Respondents, share of the weighted variance explained, and the spread around the line."""
    mean = np.average(y, weights=weights)
    left, whole = float(weights @ errors**2), float(weights @ (y - mean) ** 2)
    r2 = 1 - left / whole if whole > 0 else float("nan")
    sigma = float(np.sqrt(left / weights.mean() / (len(y) - k)))
    return {"n": len(y), "n_weighted": float(weights.sum()), "r2": r2, "sigma": sigma}
