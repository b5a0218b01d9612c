"""Models of shares: fractional logit and probit, and beta regression."""

from typing import Literal

import numpy as np

from ..design.design import as_design
from ..errors import DataError, one_of
from ..estimators.fit import Vector
from ..intervals import check_confidence
from ..language import both
from .bases import Data
from .coefficients import EXPECTED
from .error_words import VARIANCES, Variance
from .limited import LimitedModel, Part, fitted_limited, slopes_of
from .limited_laws import Beta, Fractional
from .model_matrix import ModelFrame, model_frame
from .outcomes import refuse_values
from .several_formulas import equations
from .variables import numbers

ENDS: tuple[Literal["zero"], Literal["one"]] = ("zero", "one")
AT_ENDS = both(
    "zeros, ones: coefficients of log(P(share = 0) / P(between)) and log(P(share = 1) / P(between))",
    "영(0)·일(1): log(P(비율 = 0) / P(사이)), log(P(비율 = 1) / P(사이))의 계수",
)
LOGIT = both("slopes are of the logit of the mean share", "계수는 평균 비율의 로짓에 대한 것")


def fractional(
    data: Data,
    formula: str,
    *,
    link: Literal["logit", "probit"] = "logit",
    variance: Literal["design", "robust", "hc0", "hc1"] = "design",
    confidence: float = 0.95,
) -> LimitedModel:
    """Fractional regression of a share from 0 to 1, both ends included, such as the sales share of new products.

    Parameters
    ----------
    data, formula, confidence
        As for `logit`; the outcome is a number from 0 to 1.
    link
        "logit" or "probit".
    variance
        "design"; "robust", "hc0" or "hc1" as for `linear`. There are no model-based errors: only the mean is modelled.

    Returns
    -------
    LimitedModel
        Slopes on the scale of the link; `.effects()` and `.predict()` are of shares. `extra` holds r2.

    Raises
    ------
    DataError
        A share is outside 0..1 (divide percentages by 100), or all are 0 or all 1.
    ChoiceError, ConvergenceError, FormulaError, ColumnError
        As for `logit`.

    Notes
    -----
    Bernoulli quasi-likelihood, with the expected information as R's ``glm(family = quasibinomial)`` (l.fractional.*).

    References
    ----------
    Papke and Wooldridge 1996, Journal of Applied Econometrics 11: 619-632.

    Examples
    --------
    >>> import pandas as pd
    >>> firms = pd.DataFrame({"share": [0.0, 0.2, 0.3, 1.0]})
    >>> fractional(firms, "share ~ 1", variance="hc0").frame[["estimate", "se"]].round(4).to_numpy().tolist()
    [[-0.5108, 0.8035]]
    """
    one_of(link, ("logit", "probit"), "link")
    one_of(variance, tuple(v for v in VARIANCES if v != "model"), "variance")
    check_confidence(confidence)
    frame = model_frame(as_design(data), formula)
    y = _shares(frame)
    notes = [EXPECTED] if link != "logit" else []
    return fitted_limited(frame, y, Fractional(link), (slopes_of(frame),), variance, confidence, notes, {})


def beta(
    data: Data,
    formula: str,
    *,
    precision: str = "1",
    inflation: str | None = None,
    variance: Variance = "design",
    confidence: float = 0.95,
) -> LimitedModel:
    """Beta regression of a share between 0 and 1, with heaps at 0 and 1 where `inflation` explains them.

    Parameters
    ----------
    data, formula, variance, confidence
        As for `logit`; the outcome is a number from 0 to 1, and `formula` explains its mean.
    precision
        Right-hand side of a formula for the logarithm of the precision; "1": one for all.
    inflation
        Right-hand side of a formula for shares of exactly 0 or 1, such as "1" or "size"; None if there are none.

    Returns
    -------
    LimitedModel
        Slopes of the mean's logit, then of the heaps (components "zero", "one"), then of the log precision.
        `.effects()` and `.predict()` are of expected shares; with heaps also ``.of("between")``, ``.of("at_0")``,
        ``.of("at_1")``.

    Raises
    ------
    DataError
        A share is outside 0..1; or some are 0 or 1 and `inflation` is not given, or none is and it is.
    ChoiceError, ConvergenceError, FormulaError, ColumnError
        As for `logit`.

    Notes
    -----
    Shapes mu phi and (1 - mu) phi. Checked against R by ``optim`` and Newton of ``dbeta`` (l.beta.*).

    References
    ----------
    Ferrari and Cribari-Neto 2004, Journal of Applied Statistics 31: 799-815; Ospina and Ferrari 2012, Computational
    Statistics and Data Analysis 56: 1609-1623.

    Examples
    --------
    >>> import pandas as pd
    >>> firms = pd.DataFrame({"share": [0.1, 0.2, 0.3, 0.4, 0.6]})
    >>> beta(firms, "share ~ 1").frame[["component", "estimate"]].round(4).to_numpy().tolist()
    [['slope', -0.7526], ['precision', 1.925]]
    """
    one_of(variance, VARIANCES, "variance")
    check_confidence(confidence)
    others = (precision,) if inflation is None else (precision, inflation)
    frame, (mean, spread, *heaps) = equations(as_design(data), formula, *others)
    y = _shares(frame)
    ends = tuple(end for end in (0, 1) if (y == end).any())
    if ends and inflation is None:
        at = int(np.isin(y, ends).sum())
        raise DataError(
            f"Outcome {frame.formula.outcome!r}: {at} of {len(y)} shares are exactly 0 or 1, which no beta "
            'distribution has. Explain them by `inflation="1"` (or covariates), or use `fractional`.'
        )
    if not ends and inflation is not None:
        raise DataError(f"Outcome {frame.formula.outcome!r}: no share is 0 or 1. Leave `inflation` out.")
    own = heaps[0].columns if heaps else ()
    parts: tuple[Part, ...] = (*((ENDS[end], own) for end in ends), ("slope", mean.columns),
                               ("precision", spread.columns))  # fmt: skip
    notes = [LOGIT, *([AT_ENDS] if ends else [])]
    counts = {name: int((y == end).sum()) for end, name in ((0, "zeros"), (1, "ones")) if end in ends}
    return fitted_limited(frame, y, Beta(ends), parts, variance, confidence, notes, counts)


def _shares(frame: ModelFrame) -> Vector:
    """The outcome of those used; refuse what is no share."""
    name = frame.formula.outcome
    y = numbers(frame.design.survey, name)[frame.used.rows]
    cure = "A share runs from 0 to 1. Divide percentages by 100, and recode codes for missing answers as missing."
    refuse_values(frame.used, name, y, (y < 0) | (y > 1), "shares lie outside 0 to 1", cure)
    return y
