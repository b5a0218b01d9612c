"""Tests of a model's fit by groups of what it predicts: Hosmer-Lemeshow, Archer-Lemeshow, Lipsitz."""

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from ..errors import ChoiceError, one_of
from ..estimators.fit import Matrix, Vector
from ..language import Text, both
from ..results import Test
from .error_words import MODEL_BASED
from .independence import IGNORED
from .measured import averages
from .refitted import model_on, predictor
from .risk_groups import RiskGroups, risk_groups
from .wald import quadratic_form
from .working_tests import likelihood_ratio

if TYPE_CHECKING:
    from .model import Model

GoodnessMethod = Literal["auto", "hosmer_lemeshow", "archer_lemeshow", "lipsitz"]
GOODNESS_METHODS = ("auto", "hosmer_lemeshow", "archer_lemeshow", "lipsitz")
FEW_EXPECTED = 5
FEW_CLUSTERS = both(
    "the design has too few degrees of freedom, or no variance, for so many groups: take fewer",
    "집단 수에 비해 설계의 자유도 또는 분산이 부족함: 집단 수를 줄일 것",
)


def goodness_of_fit(model: "Model", method: GoodnessMethod = "auto", groups: int = 10) -> Test:
    """Test a model's fit by groups of its predictions; see `Model.goodness_of_fit`."""
    one_of(method, GOODNESS_METHODS, "method")
    ordinal, survey = bool(model.response.levels), model.variance == "design" and not model.model_frame.used.simple
    if method == "auto":
        method = "lipsitz" if ordinal else "archer_lemeshow" if survey else "hosmer_lemeshow"
    if ordinal == (method == "archer_lemeshow") and method != "hosmer_lemeshow":
        fits = "lipsitz" if ordinal else "archer_lemeshow"
        kind = "an ordered" if ordinal else "a binary"
        raise ChoiceError(
            f"`method` is {method!r}, which is not for {kind} outcome. Use {fits!r} or 'hosmer_lemeshow'."
        )
    found = risk_groups(predictor(model), model.model_frame.used.row_weights, groups)
    test = {"hosmer_lemeshow": _hosmer_lemeshow, "archer_lemeshow": _archer_lemeshow, "lipsitz": _lipsitz}[method]
    return test(model, found)


def _hosmer_lemeshow(model: "Model", groups: RiskGroups) -> Test:
    """Pearson's statistic of observed and expected counts of every answer in the groups."""
    from scipy.special import chdtrc

    used = model.model_frame.used
    weights = used.row_weights / used.row_weights.mean()
    observed, expected = (_counts(groups, each, weights) for each in _answers(model))
    levels = observed.shape[1]
    df = float((groups.count - 2) * (levels - 1) + max(levels - 2, 0))
    chi2 = float(((observed - expected) ** 2 / expected).sum())
    name = both("Hosmer-Lemeshow test of fit, {g} groups", "호스머-렘쇼 적합도 검정({g}개 집단)", g=groups.count)
    if model.response.levels:
        name = both(
            "Fagerland-Hosmer test of fit, {g} groups", "패거랜드-호스머 적합도 검정({g}개 집단)", g=groups.count
        )
    few = int((expected < FEW_EXPECTED).sum())
    notes = [IGNORED] if not used.simple and model.variance == "design" else []
    notes += [_thin(few)] if few else []
    origin = model.origin.with_notes(*notes)
    return Test(name, chi2, float(chdtrc(df, chi2)), df=df, n=len(model.outcome.y), origin=origin)


def _thin(few: int) -> Text:
    """Note on expected counts that are too small for a chi-square."""
    return both(
        "expected counts below 5: {k}; take fewer groups and see whether the result holds",
        "기대도수 5 미만인 칸: {k}개; 집단 수를 줄여 결과가 유지되는지 확인할 것",
        k=few,
    )


def _answers(model: "Model") -> tuple[Matrix, Matrix]:
    """Each respondent's answer as 0/1, and its probabilities: both outcomes, or all levels, shape (m, L)."""
    shares = model.expected
    if not model.response.levels:
        shares = np.column_stack([1 - shares[:, 0], shares[:, 0]])
    return (model.outcome.y[:, None] == np.arange(shares.shape[1])).astype(float), shares


def _counts(groups: RiskGroups, columns: Matrix, weights: Vector) -> Matrix:
    """Weighted sums of columns by group, shape (count, L)."""
    return np.stack([np.bincount(groups.group, weights * column, groups.count) for column in columns.T], axis=1)


def _archer_lemeshow(model: "Model", groups: RiskGroups) -> Test:
    """Wald test that the mean residual is the same in all groups, lowered for few clusters."""
    from scipy.special import fdtrc

    used, k = model.model_frame.used, groups.count - 1
    residual = model.outcome.y - model.expected[:, 0]
    mean = averages(used, spread_out(model, residual)[:, None], spread_out(model, groups.group, -1), groups.count)
    differences = np.hstack([-np.ones((k, 1)), np.eye(k)])
    chi2 = quadratic_form(differences @ mean.estimate, differences @ mean.covariance @ differences.T)
    df = used.df
    below = df - k + 1
    f = chi2 * below / (df * k) if below > 0 else np.nan
    p = float(fdtrc(k, below, f)) if np.isfinite(f) else np.nan
    name = both("Archer-Lemeshow F test of fit, {g} groups", "아처-렘쇼 F 적합도 검정({g}개 집단)", g=groups.count)
    origin = model.origin.with_notes(*([FEW_CLUSTERS] if np.isnan(p) else []))
    return Test(name, float(f), p, float(k), below, n=len(model.outcome.y), origin=origin, extra={"chi2": chi2})


def spread_out(model: "Model", values: "np.ndarray", absent: float = np.nan) -> "np.ndarray":
    """Values of the respondents used in the rows of the whole survey; `absent` for the others."""
    used = model.model_frame.used
    whole = np.full(len(used.survey), absent, dtype=values.dtype)
    whole[used.rows] = values
    return whole


def _lipsitz(model: "Model", groups: RiskGroups) -> Test:
    """Likelihood-ratio test of indicators of the groups, added to the model."""
    x = model.model_frame.x
    indicators = (groups.group[:, None] == np.arange(1, groups.count)).astype(float)
    larger = model_on(model, np.hstack([x, indicators]))
    added = range(len(model.params), len(larger.params))
    test = likelihood_ratio(larger, list(added), "", model.origin)
    return replace(test, name=_lipsitz_name(model, groups.count))


def _lipsitz_name(model: "Model", count: int) -> Text:
    if model.variance in MODEL_BASED:
        return both(
            "Lipsitz likelihood-ratio test of fit, {g} groups", "립시츠 가능도비 적합도 검정({g}개 집단)", g=count
        )
    return both(
        "Lipsitz test of fit (Rao-Scott, saddlepoint), {g} groups",
        "립시츠 적합도 검정(라오-스콧 보정, 안장점 근사, {g}개 집단)",
        g=count,
    )
