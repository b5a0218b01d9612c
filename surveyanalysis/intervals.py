"""Confidence intervals for one number: t, Wilson, logit, arcsine, likelihood, exact."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from .errors import ChoiceError, one_of
from .intervals_likelihood import likelihood_ends

Interval = Literal["t", "wilson", "logit", "arcsine", "likelihood", "exact"]
INTERVALS = ("t", "wilson", "logit", "arcsine", "likelihood", "exact")
Numbers = NDArray[np.float64]
Ends = tuple[Numbers, Numbers]
NOTHING = 1e-24  # of p (1 - p): a variance below it is rounding


def check_confidence(confidence: float) -> float:
    """Return a confidence level strictly between 0 and 1, or raise."""
    if not isinstance(confidence, int | float) or not 0 < confidence < 1:
        raise ChoiceError(f"`confidence` is {confidence!r}; it must lie between 0 and 1, such as 0.95.")
    return float(confidence)


def t_quantile(df: float | Numbers, confidence: float) -> Numbers:
    """Upper quantile of Student's t for a two-sided interval; the normal for infinite df, NaN for df <= 0."""
    upper = 0.5 + check_confidence(confidence) / 2
    if isinstance(df, float) and df == np.inf:
        return np.asarray(_normal_quantile(upper))
    from scipy.special import stdtrit

    df = np.asarray(df, float)
    safe = np.where((df > 0) & np.isfinite(df), df, 1.0)
    finite = np.where(df > 0, stdtrit(safe, upper), np.nan)
    return np.where(np.isposinf(df), _normal_quantile(upper), finite)


def _normal_quantile(p: float) -> float:
    """Quantile of the normal; the standard library's, since loading SciPy for it would cost more than a whole table."""
    from statistics import NormalDist

    return NormalDist().inv_cdf(p)


def t_interval(estimate: Numbers, se: Numbers, df: float | Numbers, confidence: float = 0.95) -> Ends:
    """Estimate +- t * se, element by element."""
    half = t_quantile(df, confidence) * se
    return estimate - half, estimate + half


def t_p_value(statistic: Numbers, df: float) -> NDArray[np.float64]:
    """Two-sided p-value of a t (or, for infinite df, normal) statistic, right far in the tail."""
    from scipy.special import ndtr, stdtr

    away = -np.abs(np.asarray(statistic, float))
    return 2 * (ndtr(away) if np.isinf(df) else stdtr(df, away))


def t_p_values(statistic: Numbers, df: Numbers) -> Numbers:
    """Two-sided p-values under degrees of freedom of their own, element by element."""
    return np.array([float(t_p_value(np.array(t), d)) for t, d in zip(statistic, df)])


def proportion_interval(
    p: Numbers,
    se: Numbers,
    n: Numbers,
    df: float | Numbers,
    interval: Interval = "wilson",
    confidence: float = 0.95,
    simple: bool = False,
    complete: bool | NDArray[np.bool_] = False,
) -> Ends:
    """Intervals for proportions under any design.

    Parameters
    ----------
    p, se
        Estimates and their design-based standard errors, shape (k,).
    n
        Respondents that each rests on, shape (k,).
    df
        Degrees of freedom of the design, or of each domain, shape (k,).
    interval
        "t" (R ``svyciprop`` method ``"mean"``), "wilson", "logit" (``"xlogit"``), "arcsine" (``"asin"``), "likelihood"
        (``"likelihood"``) or "exact" (Korn and Graubard 1998; ``"beta"``).
    simple
        Whether the design is a simple random sample: then Wilson and exact are the textbook's, on n itself.
    complete
        Where everybody was sampled, shape (k,): both ends are the estimate then.

    Returns
    -------
    tuple
        Low and high ends, shape (k,), NaN where n is 0, and where a domain of a design other than simple has no degrees
        of freedom.

    Notes
    -----
    For other designs Wilson and exact use the effective sample size p (1 - p) / se^2 * (t_(n-1) / t_df)^2 of Korn and
    Graubard (1998): few clusters say little of their own variance, and without the second factor Wilson's interval
    covers too seldom. At 0 and 1, and where all in a stratum answer alike, the variance shows nothing: n itself is
    taken, so that 0 of 57 has the interval of the textbook. The logit and the arcsine interval do not exist there;
    Wilson's stands in for them. The likelihood interval does: see `likelihood_ends`.
    """
    one_of(interval, INTERVALS, "interval")
    within = (p > 0) & (p < 1)
    low, high = _ends(p, se, n, df, interval, confidence, simple, within)
    blind = within & (np.asarray(df) <= 0) & ~(np.asarray(simple) | complete)
    low, high = np.where(blind, np.nan, low), np.where(blind, np.nan, high)
    return np.where(complete, p, low), np.where(complete, p, high)


def _ends(
    p: Numbers,
    se: Numbers,
    n: Numbers,
    df: float | Numbers,
    interval: Interval,
    confidence: float,
    simple: bool,
    within: NDArray[np.bool_],
) -> Ends:
    """The interval by its name, whether or not the design can show a variance."""
    if interval == "t":
        return t_interval(p, se, df, confidence)
    inner = within & (se**2 > NOTHING * p * (1 - p))
    base = np.where(n > 0, n, np.nan)
    if interval in ("logit", "arcsine"):
        transformed = _logit if interval == "logit" else _arcsine
        low, high = transformed(np.where(inner, p, 0.5), np.where(inner, se, 0.0), t_quantile(df, confidence))
        edges = wilson(p, base, confidence)
        return np.where(inner, low, edges[0]), np.where(inner, high, edges[1])
    if interval == "likelihood":
        return likelihood_ends(p, _distance(p, se, base, df, confidence, inner))
    size = base if simple else np.where(inner, _effective(p, np.where(inner, se, 1.0), n, df, confidence), base)
    return wilson(p, size, confidence) if interval == "wilson" else clopper_pearson(p * size, size, confidence)


def _effective(p: Numbers, se: Numbers, n: Numbers, df: float | Numbers, confidence: float) -> Numbers:
    """Effective sample size, lowered where the variance itself rests on few degrees of freedom."""
    with np.errstate(invalid="ignore", divide="ignore"):
        ratio = t_quantile(n - 1, confidence) / t_quantile(df, confidence)
    return p * (1 - p) / se**2 * ratio**2


def wilson(p: Numbers, n: Numbers, confidence: float = 0.95) -> Ends:
    """Wilson score interval (Wilson 1927) for a share `p` of `n`.

    Examples
    --------
    >>> low, high = wilson(np.array([34 / 57]), np.array([57.0]))
    >>> round(float(low[0]), 3), round(float(high[0]), 3)
    (0.467, 0.714)
    """
    z2 = t_quantile(np.inf, confidence) ** 2
    with np.errstate(invalid="ignore", divide="ignore"):
        centre = (p + z2 / (2 * n)) / (1 + z2 / n)
        half = np.sqrt(z2) * np.sqrt(p * (1 - p) / n + z2 / (4 * n**2)) / (1 + z2 / n)
    low = np.where(p == 0, 0.0 * n, np.maximum(centre - half, 0))
    return low, np.where(p == 1, 1.0 + 0.0 * n, np.minimum(centre + half, 1))


def clopper_pearson(x: Numbers, n: Numbers, confidence: float = 0.95) -> Ends:
    """Exact interval (Clopper and Pearson 1934) for `x` of `n`; `x` and `n` may be effective, so need not be whole.

    Examples
    --------
    >>> low, high = clopper_pearson(np.array([0.0]), np.array([57.0]))
    >>> float(low[0]), round(float(high[0]), 4)
    (0.0, 0.0627)
    """
    from scipy.special import betaincinv

    tail = (1 - check_confidence(confidence)) / 2
    with np.errstate(invalid="ignore"):
        low = np.where(x > 0, betaincinv(np.maximum(x, 1e-300), n - x + 1, tail), 0.0 * n)
        high = np.where(x < n, betaincinv(x + 1, np.maximum(n - x, 1e-300), 1 - tail), 1.0 + 0.0 * n)
    return low, high


def _logit(p: Numbers, se: Numbers, t: Numbers) -> Ends:
    """Interval on the log-odds."""
    odds, half = np.log(p / (1 - p)), t * se / (p * (1 - p))
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(half - odds)), 1 / (1 + np.exp(-odds - half))


def _arcsine(p: Numbers, se: Numbers, t: Numbers) -> Ends:
    """Interval on the angle asin(sqrt p), which ends at 0 and at a right angle."""
    angle, half = np.arcsin(np.sqrt(p)), t * se / (2 * np.sqrt(p * (1 - p)))
    return np.sin(np.maximum(angle - half, 0)) ** 2, np.sin(np.minimum(angle + half, np.pi / 2)) ** 2


def _distance(
    p: Numbers, se: Numbers, n: Numbers, df: float | Numbers, confidence: float, inner: NDArray[np.bool_]
) -> Numbers:
    """How far the ends of a likelihood interval are from the estimate: by the design, by n where it shows nothing."""
    spread = np.where(inner, se, 0.0) ** 2 / np.where(inner, p * (1 - p), 1.0)
    by_design = t_quantile(df, confidence) ** 2 * spread * np.where(inner, n / np.maximum(n - 1, 1), 0.0)
    return np.where(inner, by_design, t_quantile(np.inf, confidence) ** 2 / n) / 2


def fisher_interval(r: Numbers, se: Numbers, df: float | Numbers, confidence: float = 0.95) -> Ends:
    """Interval of correlations: a t interval of artanh r (Fisher 1921), carried back; r itself at 1 and -1.

    Examples
    --------
    >>> low, high = fisher_interval(np.array([0.5]), np.array([0.1]), np.inf)
    >>> round(float(low[0]), 3), round(float(high[0]), 3)
    (0.28, 0.67)
    """
    inner = np.where(np.abs(r) < 1, r, 0.0)
    half = t_quantile(df, confidence) * se / (1 - inner**2)
    whole = np.abs(r) >= 1
    low, high = np.tanh(np.arctanh(inner) - half), np.tanh(np.arctanh(inner) + half)
    return np.where(whole, r, np.where(np.isnan(r), np.nan, low)), np.where(
        whole, r, np.where(np.isnan(r), np.nan, high)
    )
