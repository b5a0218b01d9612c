"""Tests by a working statistic that would be chi-square in a simple random sample: what the design makes of it."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from ..estimators.fit import Matrix, Vector
from ..language import Text, both
from ..results import Origin, Test
from . import chi_square_sums
from .error_words import MODEL_BASED
from .refitted import fit_without

if TYPE_CHECKING:
    from .model import Model

ROUNDING = 1e-12  # of the largest design effect: smaller ones are none
NO_VARIANCE = both(
    "the design leaves no degrees of freedom, or no variance: no test", "설계의 자유도 또는 분산이 없어 검정 불가"
)


def likelihood_ratio(model: "Model", rows: Sequence[int], joined: str, origin: Origin | None = None) -> Test:
    """Twice the difference of log-likelihoods (weights of mean 1) with and without these parameters.

    `origin` is that of the model unless another is given.

    Notes
    -----
    Under the design it follows sum l_i chi2_1, l the eigenvalues of V0^-1 V: V0 the model-based and V the design-based
    covariance of the parameters tested (Rao and Scott 1984; Lumley and Scott 2014). Their F-like form divides by
    chi2_df / df. p by saddlepoint, as R survey ``regTermTest(method = "LRT")``.
    """
    less = fit_without(model, rows).loglik
    statistic = 2 * (model.fit.loglik - less) / model.model_frame.used.row_weights.mean()
    plain = both("likelihood-ratio test: {t}", "가능도비 검정: {t}", t=joined)
    corrected = both("Rao-Scott likelihood-ratio test (saddlepoint): {t}", "라오-스콧 가능도비 검정(안장점 근사): {t}",
                     t=joined)  # fmt: skip
    test = _judged(model, rows, max(float(statistic), 0.0), plain, corrected)
    return _from(test, origin or model.origin)


def working_wald(model: "Model", rows: Sequence[int], joined: str) -> Test:
    """Wald's statistic of the model-based covariance; its distribution as for `likelihood_ratio`."""
    wbar = model.model_frame.used.row_weights.mean()
    estimate, covariance = model.params[rows], _model_covariance(model)[np.ix_(rows, rows)] * wbar
    statistic = float(estimate @ np.linalg.solve(covariance, estimate))
    plain = both("Wald test: {t}", "왈드 검정: {t}", t=joined)
    corrected = both("Rao-Scott working Wald test (saddlepoint): {t}", "라오-스콧 작업 왈드 검정(안장점 근사): {t}",
                     t=joined)  # fmt: skip
    return _from(_judged(model, rows, statistic, plain, corrected), model.origin)


def generalised_deffs(model: "Model", rows: Sequence[int]) -> Vector:
    """Eigenvalues of V0^-1 V of these parameters, shape (q,), the largest first; NaN where there is no variance."""
    wbar = model.model_frame.used.row_weights.mean()
    whole = np.ix_(rows, rows)
    root = np.linalg.inv(np.linalg.cholesky(_model_covariance(model)[whole] * wbar))
    turned = root @ model.params_covariance[whole] @ root.T
    if not np.isfinite(turned).all():
        return np.full(len(rows), np.nan)
    return np.asarray(np.linalg.eigvalsh(turned)[::-1], float)


def _model_covariance(model: "Model") -> Matrix:
    """Inverse information, weights as they are."""
    found = model.fit.covariance
    assert found is not None  # binary and ordered models have a likelihood
    return found


def _judged(model: "Model", rows: Sequence[int], statistic: float, plain: Text, corrected: Text) -> Test:
    """The working statistic with its p-value: chi-square for model-based errors, else by the design effects."""
    from scipy.special import chdtrc

    q, n = float(len(rows)), len(model.outcome.y)
    if model.variance in MODEL_BASED:
        return Test(plain, statistic, float(chdtrc(q, statistic)), df=q, n=n)
    deffs = generalised_deffs(model, rows)
    name, below = corrected, model.df
    if not deffs.max() > 0 or below < 1:
        return Test(name, statistic, np.nan, q, below, n=n)
    seen = deffs[deffs > ROUNDING * deffs.max()]
    extra = {
        "mean_deff": float(deffs.mean()),
        "largest_deff": float(deffs.max()),
        "chi2_p": chi_square_sums.saddlepoint(statistic, seen),
        **{f"deff_{i + 1}": float(deff) for i, deff in enumerate(deffs)},
    }
    if np.isinf(below):
        return Test(name, statistic, extra["chi2_p"], q, n=n, extra=extra)
    p = chi_square_sums.saddlepoint(statistic, seen, below)
    satterthwaite = chi_square_sums.satterthwaite(statistic, seen, below)
    return Test(name, statistic, p, q, below, n=n, extra={**extra, "satterthwaite_p": satterthwaite})


def _from(test: Test, origin: Origin) -> Test:
    """The test with its origin, and a note where it has no p-value."""
    return replace(test, origin=origin.with_notes(*([NO_VARIANCE] if np.isnan(test.p) else [])))
