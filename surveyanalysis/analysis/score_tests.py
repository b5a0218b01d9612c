"""Score tests of terms: what the likelihood says at the model without them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from ..estimators.fit import Matrix, Vector
from ..language import both
from ..results import Test
from .error_words import MODEL_BASED
from .refitted import fit_without, rows_at
from .sandwich import robust_covariance
from .wald import quadratic_form
from .working_tests import NO_VARIANCE

if TYPE_CHECKING:
    from .model import Model


def score(model: "Model", rows: Sequence[int], joined: str) -> Test:
    """Score test of the parameters at these positions.

    Notes
    -----
    At the solution without them: U = sum w (g_t - I_tk I_kk^-1 g_k), g the gradients of the parameters tested (t) and
    kept (k). Design-based: U' V^-1 U / q on q and the model's df, V the covariance of this total (Rao, Scott and
    Skinner 1998; statistic of R survey ``svyscoretest(method = "pseudoscore")``). Model-based, with weights of mean 1:
    U' (I_tt - I_tk I_kk^-1 I_kt)^-1 U (Rao 1948; R ``anova(test = "Rao")``).
    """
    from scipy.special import chdtrc, fdtrc

    used, q, n = model.model_frame.used, len(rows), len(model.outcome.y)
    at, contributions, left = _effective(model, rows, used.row_weights)
    if model.variance != "design":
        plain = left * used.row_weights.mean() if model.variance in MODEL_BASED else None
        chi2 = quadratic_form(at, robust_covariance(contributions, model.variance) if plain is None else plain)
        name = both("score test: {t}", "스코어 검정: {t}", t=joined)
        return Test(name, chi2, float(chdtrc(q, chi2)), df=float(q), n=n, origin=model.origin)
    covariance = used.covaried(
        at, lambda weights: _effective(model, rows, weights)[0], lambda: used.covariance(contributions)
    ).matrix
    chi2 = quadratic_form(at, covariance)
    p = float(fdtrc(q, model.df, chi2 / q)) if model.df > 0 else np.nan
    origin = model.origin.with_notes(*([NO_VARIANCE] if np.isnan(p) else []))
    name = both("score F test: {t}", "스코어 F 검정: {t}", t=joined)
    return Test(name, chi2 / q, p, float(q), model.df, n=n, origin=origin,
                extra={"chi2": chi2, "chi2_p": float(chdtrc(q, chi2))})  # fmt: skip


def _effective(model: "Model", rows: Sequence[int], weights: Vector) -> tuple[Vector, Matrix, Matrix]:
    """Score total of the parameters tested (q,), its contributions (m, q), and its model-based covariance (q, q)."""
    kept = np.setdiff1d(np.arange(len(model.params)), rows)
    tested = np.asarray(rows, np.intp)
    params = np.zeros(len(model.params))
    params[kept] = fit_without(model, rows, weights).params
    parts = rows_at(model, params, weights)
    gradients, information = parts.gradients, parts.information
    across = information[np.ix_(kept, tested)]
    share = np.asarray(np.linalg.solve(information[np.ix_(kept, kept)], across), float)
    each = gradients[:, tested] - gradients[:, kept] @ share
    return each.sum(axis=0), each, information[np.ix_(tested, tested)] - across.T @ share
