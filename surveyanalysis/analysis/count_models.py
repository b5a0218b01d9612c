"""Models of counts, such as patents, publications or new products, under any design."""

from typing import Literal

from ..design.design import as_design
from ..errors import DataError, one_of
from ..estimators.count_density import DISTRIBUTIONS, Distribution
from ..estimators.count_response import CountModel, ZeroPart
from ..estimators.links import LINKS, LinkName
from ..intervals import check_confidence
from ..language import both
from .bases import Data
from .count_answers import Counted, count_outcome, log_exposure
from .count_model import CountRegression, counted_fit
from .error_words import VARIANCES, Variance
from .model_matrix import model_frame
from .several_formulas import Equation, equations

SHARE = both("zeros: coefficients of the logit of the share that is always 0", "영(0): 항상 0인 비율의 로짓 계수")
ABOVE = both("zeros: coefficients of P(count > 0), the hurdle", "영(0): P(횟수 > 0), 허들의 계수")


def poisson(
    data: Data, formula: str, *, exposure: str | None = None, variance: Variance = "design", confidence: float = 0.95
) -> CountRegression:
    """Poisson regression of a count.

    Parameters
    ----------
    data, formula, variance, confidence
        As for `logit`.
    exposure
        Question whose logarithm is added with coefficient 1: employees, years; the model is then one of rates.

    Returns
    -------
    CountRegression
        Coefficients on the scale of log rates; `.exponentiate()` (rate ratios), `.effects()`, `.predict()`, `.test()`.

    Raises
    ------
    DataError
        Counts are negative, fractional or all 0, or an exposure is not above 0.
    ConvergenceError
        Every count is 0 at a level of a term, which is named.
    FormulaError, ColumnError, ChoiceError
        As for `logit`.

    Notes
    -----
    Errors with ``variance="model"`` hold only where the variance is the mean; "design" and "robust" ones hold anyway.
    Checked against R ``glm`` and ``svyglm`` (c.count.bio.poisson, b.glm.poisson.clus1).

    Examples
    --------
    >>> import pandas as pd
    >>> firms = pd.DataFrame({"patents": [1, 3, 4, 6], "cluster": [0, 0, 1, 1]})
    >>> poisson(firms, "patents ~ cluster").exponentiate().frame["estimate"].round(6).tolist()
    [2.0, 2.5]
    """
    return _counted(data, formula, None, "poisson", "plain", "logit", exposure, variance, confidence)


def negative_binomial(
    data: Data,
    formula: str,
    *,
    form: Literal["nb2", "nb1"] = "nb2",
    exposure: str | None = None,
    variance: Variance = "design",
    confidence: float = 0.95,
) -> CountRegression:
    """Negative binomial regression of a count that varies more than a Poisson variable.

    Parameters
    ----------
    data, formula, exposure, variance, confidence
        As for `poisson`.
    form
        "nb2": variance mu + alpha mu^2. "nb1": variance mu (1 + alpha).

    Returns
    -------
    CountRegression
        As `poisson`, with log(alpha) in the component "dispersion"; `extra` holds alpha
        as "overdispersion", with its interval and, where weights are equal, the likelihood ratio of alpha = 0 with its
        p value at the bound.

    Raises
    ------
    ConvergenceError
        The dispersion is 0: report `poisson`.
    DataError, FormulaError, ColumnError, ChoiceError
        As for `poisson`.

    Notes
    -----
    Slopes and dispersion are estimated together, with observed information (Stata ``nbreg``; R ``glm.nb`` takes the
    dispersion for known). Checked against R polished to the optimum (c.count.bio.nb2, b.nb2.clus1nf, n.*).

    Examples
    --------
    >>> import pandas as pd
    >>> firms = pd.DataFrame({"patents": [0, 0, 1, 1, 2, 8]})
    >>> round(negative_binomial(firms, "patents ~ 1").extra["overdispersion"], 4)
    1.3548
    """
    one_of(form, ("nb2", "nb1"), "form")
    return _counted(data, formula, None, form, "plain", "logit", exposure, variance, confidence)


def truncated_count(
    data: Data,
    formula: str,
    *,
    distribution: Distribution = "poisson",
    exposure: str | None = None,
    variance: Variance = "design",
    confidence: float = 0.95,
) -> CountRegression:
    """Regression of a count in a sample that holds no zeros, such as firms that applied for patents.

    Parameters
    ----------
    data, formula, exposure, variance, confidence
        As for `poisson`.
    distribution
        "poisson", "nb2" or "nb1": that of the counts before zeros were left out.

    Returns
    -------
    CountRegression
        Coefficients of the mean before truncation; `.effects()` and `.predict()` are of counts above 0.

    Raises
    ------
    DataError, ConvergenceError, FormulaError, ColumnError, ChoiceError
        As for `negative_binomial`; also if somebody used has a count of 0.

    Notes
    -----
    Checked against R ``VGAM::pospoisson`` and ``posnegbinomial`` polished to the optimum (n.*).

    Examples
    --------
    >>> import pandas as pd
    >>> firms = pd.DataFrame({"patents": [1, 1, 2, 4]})
    >>> truncated_count(firms, "patents ~ 1").predict().frame["estimate"].round(6).tolist()
    [2.0]
    """
    return _counted(data, formula, None, distribution, "truncated", "logit", exposure, variance, confidence)


def hurdle(
    data: Data,
    formula: str,
    zero: str | None = None,
    *,
    distribution: Distribution = "poisson",
    link: LinkName = "logit",
    exposure: str | None = None,
    variance: Variance = "design",
    confidence: float = 0.95,
) -> CountRegression:
    """Hurdle model of a count: whether it is above 0, and how large it is where it is.

    Parameters
    ----------
    data, formula, exposure, variance, confidence
        As for `poisson`; the exposure enters the count above 0 only.
    zero
        Right-hand side of a formula for P(count > 0), such as "size + sector"; that of `formula` by default.
    distribution
        "poisson", "nb2" or "nb1", truncated at zero.
    link
        "logit", "probit", "cloglog", "loglog" or "cauchit", of P(count > 0).

    Returns
    -------
    CountRegression
        Slopes of the count, then those of the hurdle (component "zero"), then log(alpha).

    Raises
    ------
    DataError, ConvergenceError, FormulaError, ColumnError, ChoiceError
        As for `negative_binomial`; also if no count is 0.

    Notes
    -----
    Checked against R ``pscl::hurdle`` polished to the optimum (c.count.bio.hurdlepois, n.*).

    Examples
    --------
    >>> import pandas as pd
    >>> firms = pd.DataFrame({"patents": [0, 0, 1, 1, 2, 4]})
    >>> hurdle(firms, "patents ~ 1").frame[["component", "term"]].agg(" ".join, axis=1).tolist()
    ['slope (intercept)', 'zero (intercept)']
    """
    one_of(link, tuple(LINKS), "link")
    return _counted(data, formula, zero, distribution, "hurdle", link, exposure, variance, confidence)


def zero_inflated(
    data: Data,
    formula: str,
    zero: str | None = None,
    *,
    distribution: Distribution = "poisson",
    exposure: str | None = None,
    variance: Variance = "design",
    confidence: float = 0.95,
) -> CountRegression:
    """Zero-inflated model of a count: some are always 0, the others have counts, which may be 0 too.

    Parameters
    ----------
    data, formula, exposure, variance, confidence
        As for `poisson`; the exposure enters the counts only.
    zero
        Right-hand side of a formula for the share that is always 0; that of `formula` by default.
    distribution
        "poisson", "nb2" or "nb1".

    Returns
    -------
    CountRegression
        Slopes of the count, then those of the logit of the share that is always 0 (component "zero"), then log(alpha).

    Raises
    ------
    DataError, ConvergenceError, FormulaError, ColumnError, ChoiceError
        As for `negative_binomial`; also if no count is 0, or the share runs to 0.

    Notes
    -----
    Checked against R ``pscl::zeroinfl`` polished to the optimum (c.count.bio.zipois, c.count.bio.zinb, n.*).

    Examples
    --------
    >>> import pandas as pd
    >>> firms = pd.DataFrame({"patents": [0, 0, 0, 0, 1, 2, 2, 3]})
    >>> zero_inflated(firms, "patents ~ 1").predict().frame["estimate"].round(6).tolist()
    [1.0]
    """
    return _counted(data, formula, zero, distribution, "inflated", "logit", exposure, variance, confidence)


def _counted(
    data: Data,
    formula: str,
    zero: str | None,
    distribution: Distribution,
    zeros: ZeroPart,
    link: LinkName,
    exposure: str | None,
    variance: Variance,
    confidence: float,
) -> CountRegression:
    """Any model of a count."""
    one_of(distribution, DISTRIBUTIONS, "distribution")
    one_of(variance, VARIANCES, "variance")
    check_confidence(confidence)
    design = as_design(data)
    if zero is None:
        frame = model_frame(design, formula)
        count = other = Equation.whole(frame)
    else:
        frame, (count, other) = equations(design, formula, zero)
    outcome = count_outcome(frame.used, frame.formula.outcome)
    part = other.columns if zeros in ("hurdle", "inflated") else ()
    model = CountModel(distribution, zeros, len(count.columns), len(part), link)
    response = Counted(model, count.columns, part, log_exposure(frame.used, exposure))
    try:
        fit = counted_fit(response, frame, outcome, frame.used.row_weights)
    except DataError as error:
        raise DataError(f"Outcome {outcome.name!r}: {error}") from None
    notes = (*outcome.notes, *((ABOVE,) if zeros == "hurdle" else ()), *((SHARE,) if zeros == "inflated" else ()))
    return CountRegression(frame, outcome, response, fit, variance, confidence, notes)
