"""Strength, need and validity of instruments, with errors as the model has them."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..errors import ChoiceError, DataError, one_of
from ..estimators.fit import Fit, Matrix, Vector
from ..estimators.instruments import cragg_donald, instruments
from ..estimators.linear import linear_fit
from ..estimators.whitening import coordinates
from ..language import Text, both
from ..results import Origin, Test
from .diagnostic import Diagnostic
from .error_words import MODEL_BASED, ROBUST, failed_note
from .instrumented import Instrumented
from .model_matrix import ModelFrame
from .sandwich import robust_covariance
from .wald import SINGULAR, quadratic_form

if TYPE_CHECKING:
    from .two_stage_model import TwoStageModel

EXACT = 1e-12  # share of variance, below which nothing is left
WEAK = 10.0  # Staiger and Stock's rule
SIZE = (16.38, 19.93, 22.30, 24.58, 26.87, 29.18, 31.50, 33.84, 36.19, 38.54)
"""Stock and Yogo 2005, table 5.2: one endogenous term, 1 to 10 instruments, size at most 10% of a nominal 5%."""
BIAS = (9.08, 10.27, 10.83, 11.12, 11.29, 11.39, 11.46, 11.49)
"""Table 5.1: 3 to 10 instruments, bias at most 10% of that of least squares."""
FIRST = both("First stage: F of the excluded instruments", "1단계: 제외된 도구변수의 F")
YOGO = both(
    "Stock and Yogo's values hold for independent errors of equal variance",
    "스톡-요고 임계값은 독립·등분산 오차를 가정",
)
NEEDED = both("endogeneity (Durbin-Wu-Hausman)", "내생성 검정(더빈-우-하우스만)")
SARGAN = both("overidentification (Sargan)", "과대식별 검정(사르간)")
SCORE = both("overidentification (robust score)", "과대식별 검정(강건 스코어)")
HANSEN = both("overidentification (Hansen's J)", "과대식별 검정(한센의 J)")
OverStatistic = Literal["score", "hansen"]


@dataclass(frozen=True, slots=True)
class Parts:
    """Arrays of a model: covariates (m, k), instruments (m, l), outcome, weights, columns of x that are endogenous."""

    x: Matrix
    z: Matrix
    y: Vector
    weights: Vector
    endogenous: list[int]

    @classmethod
    def of(cls, x: Matrix, response: Instrumented, y: Vector, weights: Vector) -> "Parts":
        """Read the columns of a model matrix: in z, the exogenous before the excluded."""
        exogenous = [j for j in response.tools if j in response.columns]
        at = [response.columns.index(j) for j in response.endogenous]
        return cls(x[:, response.columns], x[:, [*exogenous, *response.excluded]], y, weights, at)

    @property
    def excluded(self) -> int:
        """Number of instruments that are no covariates; they stand last in z."""
        return self.z.shape[1] - (self.x.shape[1] - len(self.endogenous))


def weak(frame: ModelFrame, response: Instrumented) -> tuple[Text, ...]:
    """A note where instruments are weak; the classical statistic, with weights of mean 1."""
    parts = Parts.of(frame.x, response, np.zeros(len(frame.x)), frame.used.row_weights)
    least = cragg_donald(parts.x, parts.z, parts.weights, parts.endogenous)
    one, many = len(parts.endogenous) == 1, parts.excluded
    bound = SIZE[many - 1] if one and many <= len(SIZE) else WEAK
    if least >= bound:
        return ()
    who = ("Stock and Yogo's value", "스톡-요고 임계값") if bound != WEAK else ("the usual rule", "통상의 기준")
    return (
        both(
            "the instruments are weak: first-stage F {f:.2f} is below {b:g} ({e}); intervals and tests may mislead",
            "약한 도구변수: 1단계 F {f:.2f}이(가) {b:g}({k}) 미만이므로 신뢰구간과 검정이 부정확할 수 있음",
            f=least, b=bound, e=who[0], k=who[1],
        ),
    )  # fmt: skip


def first_stage(model: "TwoStageModel") -> Diagnostic:
    """Strength of the instruments; see `TwoStageModel.first_stage`."""
    parts = _parts(model)
    q, last = parts.excluded, parts.z.shape[1]
    rows, df = np.arange(last - q, last), _left(model, last)
    found = []
    for j in parts.endogenous:
        chi2 = _wald(model, partial(linear_fit, parts.z, parts.x[:, j]), rows)
        share = _partial(parts, j)
        f = chi2 / q if 1 - share > EXACT else np.inf
        found.append((model.model_frame.terms[model.response.columns[j]], f, share))
    frame = pd.DataFrame(
        {
            "term": [term.name for term, _, _ in found],
            "statistic": [f for _, f, _ in found],
            "df": float(q),
            "df_denominator": df,
            "p": [_p(f, q, df) for _, f, _ in found],
            "partial_r2": [share for _, _, share in found],
        }
    )
    extra = {"cragg_donald": cragg_donald(parts.x, parts.z, parts.weights, parts.endogenous)}
    if len(parts.endogenous) == 1 and q <= len(SIZE):
        extra["stock_yogo_size"] = SIZE[q - 1]
        extra |= {"stock_yogo_bias": BIAS[q - 3]} if q >= 3 else {}
    notes = (YOGO,) if "stock_yogo_size" in extra else ()
    origin = replace(model.origin, what=FIRST, interval={}).with_notes(*notes)
    return Diagnostic(frame, "first_stage", model.estimates.labels, origin, extra, {"statistic": "f"})


def endogeneity(model: "TwoStageModel") -> Test:
    """Whether instruments were needed; see `TwoStageModel.endogeneity`."""
    parts = _parts(model)
    q, k = len(parts.endogenous), parts.x.shape[1]
    exact = [j for j in parts.endogenous if 1 - _partial(parts, j) <= EXACT]
    if exact:
        name = model.model_frame.terms[model.response.columns[exact[0]]].name
        raise DataError(f"The instruments give {name!r} exactly: it is not endogenous beside them. Fit `linear`.")

    def control(weights: Vector) -> Matrix:
        left = [parts.x[:, j] - parts.z @ linear_fit(parts.z, parts.x[:, j], weights).params for j in parts.endogenous]
        return np.column_stack([parts.x, *left])

    rows, df = np.arange(k, k + q), _left(model, k + q)
    f = _wald(model, lambda weights: linear_fit(control(weights), parts.y, weights), rows) / q
    return Test(NEEDED, f, _p(f, q, df), df=float(q), df_denominator=df, n=model.n, origin=_origin(model))


def overidentification(model: "TwoStageModel", statistic: OverStatistic = "score") -> Test:
    """Whether instruments beyond the needed ones are valid; see `TwoStageModel.overidentification`."""
    from scipy.special import chdtrc

    one_of(statistic, ("score", "hansen"), "statistic")
    parts = _parts(model)
    q = parts.z.shape[1] - parts.x.shape[1]
    if not q:
        raise ChoiceError(
            "There are as many instruments as coefficients: whether they are valid cannot be tested. More instruments "
            "than needed can be held against each other."
        )
    if model.variance in MODEL_BASED:
        found = instruments(parts.x, parts.z, parts.y, parts.weights, parts.endogenous).sargan
        assert found is not None
        return Test(SARGAN, found.value, found.p, df=float(q), n=model.n, origin=_origin(model))
    name, (chi2, failed) = (
        (HANSEN, _hansen(model, parts)) if statistic == "hansen" else (SCORE, _score(model, parts, q))
    )
    if model.variance in ROBUST:
        return Test(name, chi2, float(chdtrc(q, chi2)), df=float(q), n=model.n, origin=_origin(model))
    notes = failed_note(failed, model.model_frame.design)
    return Test(name, chi2 / q, _p(chi2 / q, q, model.df), df=float(q), df_denominator=model.df, n=model.n,
                origin=_origin(model, *notes))  # fmt: skip


def _score(model: "TwoStageModel", parts: Parts, q: int) -> tuple[float, int]:
    """Wooldridge's chi-square, and replicates that failed."""
    total, rows = _overidentifying(parts, parts.weights, q)
    matrix, failed = _covariance_of_sums(model, total, rows, lambda w: _overidentifying(parts, w, q)[0])
    return quadratic_form(total, matrix), failed


def _hansen(model: "TwoStageModel", parts: Parts) -> tuple[float, int]:
    """Hansen's J, and replicates that failed.

    With g(b) = z'W (y - x b) and S its covariance at the two-stage estimate, J = min over b of g(b)' S^-1 g(b): what
    least squares of S^-1/2 g on S^-1/2 z'W x leaves.
    """
    (x, _), (z, _) = coordinates(parts.x), coordinates(parts.z)
    w, errors = parts.weights[:, None], parts.y - parts.x @ model.params
    rows = w * errors[:, None] * z
    matrix, failed = _covariance_of_sums(model, rows.sum(axis=0), rows, lambda by: z.T @ (by * errors))
    values, axes = np.linalg.eigh(matrix)
    if values[0] <= SINGULAR * values[-1]:
        raise DataError(
            f"The covariance of {z.shape[1]} moments, one an instrument, has no inverse: the design has "
            f'{model.model_frame.used.df:g} degrees of freedom. Take statistic="score", or fewer instruments.'
        )
    moments, slopes = ((axes / np.sqrt(values)).T @ part for part in (rows.sum(axis=0), z.T @ (w * x)))
    left = moments - slopes @ np.linalg.lstsq(slopes, moments, rcond=None)[0]
    return float(left @ left), failed


def _covariance_of_sums(
    model: "TwoStageModel", total: Vector, rows: Matrix, again: Callable[[Vector], Vector]
) -> tuple[Matrix, int]:
    """Covariance of sums over respondents with errors as of the model, and replicates that failed."""
    if model.variance in ROBUST:
        return robust_covariance(rows, model.variance), 0
    used = model.model_frame.used
    covaried = used.covaried(total, again, lambda: used.covariance(rows))
    return covaried.matrix, covaried.failed


def _overidentifying(parts: Parts, weights: Vector, q: int) -> tuple[Vector, Matrix]:
    """Residuals times the last q instruments less what the fitted covariates give of them: sum (q,), rows (m, q)."""
    fitted = np.column_stack([parts.z @ linear_fit(parts.z, column, weights).params for column in parts.x.T])
    errors = parts.y - parts.x @ linear_fit(fitted, parts.y, weights).params
    beyond = [z - fitted @ linear_fit(fitted, z, weights).params for z in parts.z[:, -q:].T]
    rows = (weights * errors)[:, None] * np.column_stack(beyond)
    return rows.sum(axis=0), rows


def _wald(model: "TwoStageModel", fitted: Callable[[Vector], Fit], rows: NDArray[np.intp]) -> float:
    """Chi-square of coefficients of a linear regression, with errors as of the model."""
    used = model.model_frame.used
    fit = fitted(used.row_weights)
    if model.variance in MODEL_BASED:
        matrix = fit.covariance * used.row_weights.mean()
    elif model.variance in ROBUST:
        matrix = robust_covariance(fit.scores, model.variance)
    else:
        matrix = used.covaried(
            fit.params, lambda weights: fitted(weights).params, lambda: used.covariance(fit.contributions)
        ).matrix
    return quadratic_form(fit.params[rows], matrix[np.ix_(rows, rows)])


def _partial(parts: Parts, j: int) -> float:
    """Share of an endogenous covariate's variance beyond the exogenous that the excluded instruments explain."""
    others = np.delete(parts.x, parts.endogenous, axis=1)
    left = [
        float(parts.weights @ (parts.x[:, j] - z @ linear_fit(z, parts.x[:, j], parts.weights).params) ** 2)
        for z in (others, parts.z)
    ]
    return 1 - left[1] / left[0]


def _parts(model: "TwoStageModel") -> Parts:
    y = model.outcome.y
    errors = y - model.response.expected(model.params, model.model_frame.x)[:, 0]
    if np.abs(errors).max() <= 1e-10 * np.abs(y).max():
        raise DataError("The terms give the outcome exactly: there are no errors that instruments could be tested by.")
    return Parts.of(model.model_frame.x, model.response, model.outcome.y, model.model_frame.used.row_weights)


def _left(model: "TwoStageModel", coefficients: int) -> float:
    """Degrees of freedom of a regression with so many coefficients."""
    whole = model.model_frame.used.df + 1 if model.variance == "design" else model.n
    return float(whole - coefficients)


def _p(f: float, q: int, df: float) -> float:
    from scipy.special import fdtrc

    if np.isinf(f):
        return 0.0
    return float(fdtrc(q, df, max(f, 0.0))) if df > 0 and not np.isnan(f) else float("nan")


def _origin(model: "TwoStageModel", *notes: Text) -> Origin:
    return replace(model.origin, interval={}).with_notes(*notes)
