"""Models of outcomes that are seen in part: piled up at a limit, cut off at it, known in bands, or 0 for many."""

from ..design.design import as_design
from ..errors import ChoiceError, one_of
from ..estimators.fit import Vector
from ..estimators.tobit import limit_sides
from ..estimators.two_part import ParticipationLink, Positive
from ..intervals import check_confidence
from ..language import both
from .bases import Data
from .error_words import VARIANCES, Variance
from .limited import LOGARITHM, SIGMA, LimitedModel, Part, fitted_limited, slopes_of
from .limited_laws import Tobit, Truncated, TwoPart
from .model_matrix import ModelFrame, model_frame
from .outcomes import refuse_values
from .several_formulas import Equation, equations
from .variables import numbers

INFINITE = float("inf")
NOBODY = both(
    "nobody is at a limit: slopes are those of linear regression", "한계값 응답자 없음: 계수는 선형회귀와 동일"
)
BEYOND = "{k} outcomes beyond a limit count as being at it", "한계를 벗어난 응답 {k}건은 한계값으로 봄"
ANY = both("zeros: coefficients of P(outcome > 0)", "영(0): P(응답 > 0)의 계수")


def tobit(
    data: Data,
    formula: str,
    *,
    lower: float | None = 0.0,
    upper: float | None = None,
    variance: Variance = "design",
    confidence: float = 0.95,
) -> LimitedModel:
    """Tobit regression of an outcome piled up at one limit or two, such as a sales share with many zeros.

    Parameters
    ----------
    data, formula, variance, confidence
        As for `logit`.
    lower, upper
        The limits, in units of the outcome; None for none. Outcomes beyond a limit count as being at it.

    Returns
    -------
    LimitedModel
        Slopes of the latent outcome, then log(sigma). `.effects()` and `.predict()` are on the expected outcome with
        the limits; `.of("latent")`, `.of("uncensored")` (the mean of those between the limits) and
        `.of("probability")` (of being between them) show the parts into which McDonald and Moffitt take it.

    Raises
    ------
    ChoiceError
        Neither limit is given, they are upside down, or the outcome holds answer categories.
    DataError
        Everybody is at a limit.
    ConvergenceError, FormulaError, ColumnError
        As for `logit`.

    Notes
    -----
    y* = x b + sigma e with normal e; see `estimators.tobit`. Checked against R ``AER::tobit`` (c.tobit.*, l.tobit.*)
    and a printed table of 601 marriages.

    References
    ----------
    Tobin 1958, Econometrica 26: 24-36; McDonald and Moffitt 1980, Review of Economics and Statistics 62: 318-321.

    Examples
    --------
    >>> import pandas as pd
    >>> firms = pd.DataFrame({"sales": [0.0, 0.0, 1.0, 2.0, 3.0], "size": [1, 3, 2, 5, 4]})
    >>> tobit(firms, "sales ~ size").frame[["component", "term"]].agg(" ".join, axis=1).tolist()
    ['slope (intercept)', 'slope size', 'spread log(sigma)']
    """
    low, high = _limits(lower, upper)
    frame, y = _number(data, formula, variance, confidence)
    side = limit_sides(y, low, high)
    below, above = int((side < 0).sum()), int((side > 0).sum())
    counts = {**({"at_lower": below} if low > -INFINITE else {}), **({"at_upper": above} if high < INFINITE else {})}
    notes = [NOBODY] if not below + above else []
    beyond = int(((y < low) | (y > high)).sum())
    if beyond:
        notes.append(both(*BEYOND, k=beyond))
    return fitted_limited(frame, y, Tobit(low, high), (slopes_of(frame), SIGMA), variance, confidence, notes, counts)


def truncated_regression(
    data: Data,
    formula: str,
    *,
    lower: float | None = 0.0,
    upper: float | None = None,
    variance: Variance = "design",
    confidence: float = 0.95,
) -> LimitedModel:
    """Normal regression of a sample that holds only outcomes between limits, such as firms that sell abroad.

    Parameters
    ----------
    data, formula, variance, confidence
        As for `logit`.
    lower, upper
        The limits, in units of the outcome; None for none. Every outcome must lie strictly between them.

    Returns
    -------
    LimitedModel
        Slopes of the outcome before truncation, then log(sigma). `.effects()` and `.predict()` are on the mean within
        the limits; `.of("latent")` on that of everybody.

    Raises
    ------
    DataError
        An outcome is at a limit or beyond.
    ConvergenceError
        The outcome is too skew for a truncated normal distribution.
    ChoiceError, FormulaError, ColumnError
        As for `tobit`.

    Notes
    -----
    Checked against R by ``optim`` and Newton (c.trunc.*, l.trunc.*).

    Examples
    --------
    >>> import pandas as pd
    >>> firms = pd.DataFrame({"sales": [0.5, 1.0, 1.2, 1.5, 2.0, 2.2]})
    >>> truncated_regression(firms, "sales ~ 1").frame["estimate"].round(4).tolist()
    [1.3829, -0.51]
    """
    low, high = _limits(lower, upper)
    frame, y = _number(data, formula, variance, confidence)
    return fitted_limited(frame, y, Truncated(low, high), (slopes_of(frame), SIGMA), variance, confidence, [], {})


def two_part(
    data: Data,
    formula: str,
    participation: str | None = None,
    *,
    positive: Positive = "truncated",
    link: ParticipationLink = "probit",
    variance: Variance = "design",
    confidence: float = 0.95,
) -> LimitedModel:
    """Two-part model: whether there is any (R&D, exports), and how much where there is.

    Parameters
    ----------
    data, formula, variance, confidence
        As for `logit`; `formula` is of how much.
    participation
        Right-hand side of a formula for whether there is any, such as "size + sector"; that of `formula` by default.
    positive
        "truncated": amounts are normal, truncated at 0 (Cragg). "lognormal": their logarithm is normal.
    link
        "probit" (Cragg) or "logit", of whether there is any.

    Returns
    -------
    LimitedModel
        Slopes of the amount, then of P(outcome > 0) (component "zero"), then log(sigma). `.effects()` and `.predict()`
        are on the expected outcome with its zeros; `.of("positive")` on the mean of those above 0; `.of("probability")`
        on P(outcome > 0).

    Raises
    ------
    DataError
        An outcome is negative, nobody's or everybody's is above 0.
    ConvergenceError, ChoiceError, FormulaError, ColumnError
        As for `tobit`.

    Notes
    -----
    Checked against R (c.trunc.*): a probit, and a truncated regression.

    References
    ----------
    Cragg 1971, Econometrica 39: 829-844.

    Examples
    --------
    >>> import pandas as pd
    >>> firms = pd.DataFrame({"sales": [0.0, 0.0, 1.0, 2.7, 7.4]})
    >>> two_part(firms, "sales ~ 1", positive="lognormal").frame["component"].tolist()
    ['slope', 'zero', 'spread']
    """
    one_of(positive, ("truncated", "lognormal"), "positive")
    one_of(link, ("probit", "logit"), "link")
    one_of(variance, VARIANCES, "variance")
    check_confidence(confidence)
    design = as_design(data)
    if participation is None:
        frame = model_frame(design, formula)
        amount = whether = Equation.whole(frame)
    else:
        frame, (amount, whether) = equations(design, formula, participation)
    y = numbers(design.survey, frame.formula.outcome)[frame.used.rows]
    parts: tuple[Part, ...] = (("zero", whether.columns), ("slope", amount.columns), SIGMA)
    notes = [ANY, *([LOGARITHM] if positive == "lognormal" else [])]
    refuse_values(frame.used, frame.formula.outcome, y, y < 0, "amounts are negative", "Both parts are of 0 and more.")
    counts = {"zeros": int((y == 0).sum())}
    return fitted_limited(frame, y, TwoPart(positive, link), parts, variance, confidence, notes, counts)


def _limits(lower: float | None, upper: float | None) -> tuple[float, float]:
    """The limits, infinite where there is none."""
    if lower is None and upper is None:
        raise ChoiceError("Neither `lower` nor `upper` is given: without a limit use `linear`.")
    low, high = -INFINITE if lower is None else lower, INFINITE if upper is None else upper
    if not low < high:
        raise ChoiceError(f"`lower` is {low:g} and `upper` {high:g}: the lower limit must be the smaller one.")
    return low, high


def _number(data: Data, formula: str, variance: Variance, confidence: float) -> tuple[ModelFrame, Vector]:
    """The model matrix, and the outcome of those used as numbers."""
    one_of(variance, VARIANCES, "variance")
    check_confidence(confidence)
    frame = model_frame(as_design(data), formula)
    return frame, numbers(frame.design.survey, frame.formula.outcome)[frame.used.rows]
