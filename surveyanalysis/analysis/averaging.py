"""Expected answers under chosen settings, averaged over respondents, with errors that may count the averaging too."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from ..estimators.fit import Matrix, Vector
from ..language import Text, both
from .contrasts import Contrast, Covariates, Setting

if TYPE_CHECKING:
    from .margins import AnyModel

COUNTED: dict[Covariates, Text] = {
    "sampled": both("errors count the averaging over the sample", "표준오차에 표본 평균의 불확실성 포함"),
    "added": both(
        "errors add those of the averaging over the sample, as if they were uncorrelated with the coefficients'",
        "표준오차는 표본 평균의 불확실성을 계수와 무상관으로 보고 더함",
    ),
    "fixed": both("errors take the covariates as fixed", "표준오차는 공변량을 고정으로 간주"),
}


@dataclass(frozen=True)
class _Average:
    """One contrast averaged.

    Attributes
    ----------
    each
        Value of every row and level, shape (m, L).
    estimate, jacobian
        Averages (L,), their derivative by the parameters (L, p).
    """

    each: Matrix
    estimate: Vector
    jacobian: Matrix


def averages(model: "AnyModel", setting: Setting, found: Sequence[Contrast]) -> tuple[Vector, Matrix]:
    """Averages by contrast, then by level of the outcome, shape (c L,), with their covariance.

    Notes
    -----
    With d_i the value at row i, A = sum w d / sum w has contributions w_i (d_i - A) / sum w + scores_i (dA/d params)'.
    Where covariates are fixed, the covariance is that of the parameters carried over; "added" is this plus the
    covariance of the first contributions alone. Replicates average by their own weights.
    """
    parts = [_average(model, setting, contrast) for contrast in found]
    jacobian = np.vstack([part.jacobian for part in parts])
    estimate = np.concatenate([part.estimate for part in parts])
    used, share = model.model_frame.used, setting.shares
    carried = jacobian @ model.params_covariance @ jacobian.T if setting.covariates != "sampled" else None
    if carried is not None and setting.covariates == "fixed":
        return estimate, carried
    each = np.hstack([part.each for part in parts])
    direct = share[:, None] * (each - estimate)
    if carried is not None:
        alone = used.covaried(estimate, lambda w: setting.under(w).shares @ each, lambda: used.covariance(direct))
        return estimate, carried + alone.matrix
    joint = used.covaried(
        estimate,
        lambda weights: _under(model, setting, found, weights),
        lambda: used.covariance(model.fit.scores @ jacobian.T + direct),
    )
    return estimate, joint.matrix


def _under(model: "AnyModel", setting: Setting, found: Sequence[Contrast], weights: Vector) -> Vector:
    """Averages of the model fitted under other weights, by these weights."""
    again, by = replace(model, fit=model.refit(weights)), setting.under(weights)
    return np.concatenate([_average(again, by, contrast).estimate for contrast in found])


def _average(model: "AnyModel", setting: Setting, contrast: Contrast) -> _Average:
    """A contrast at every row, and its average."""
    basis, response = model.model_frame.basis, model.response
    share = setting.shares
    each, jacobian = np.zeros(()), np.zeros(())
    for answers, taken in contrast.settings:
        together = {**setting.answers, **answers}
        x = basis.matrix(together) if together else np.ones((len(share), 1))
        each = each + taken[:, None] * response.expected(model.params, x)
        jacobian = jacobian + response.summed_jacobian(model.params, x, share * taken)
    return _Average(each, share @ each, jacobian)


def outcome_keys(model: "AnyModel", times: int) -> dict[str, Any]:
    """Columns outcome and level of rows by contrast, then by level; a number has no level."""
    levels = model.outcome.levels
    own = {"level": list(levels) * times} if levels else {}
    return {"outcome": [model.outcome.name] * (times * model.response.shown), **own}


def outcome_labels(model: "AnyModel") -> dict[tuple[str, Any], Text]:
    """Labels of levels, those of the outcome as the model reads them."""
    name = model.outcome.name
    own = {(name, level): label for level, label in zip(model.outcome.levels, model.outcome.labels)}
    return {**model.estimates.labels.levels, **own}
