"""Coefficients of a fit as estimates: covariance, labels, fit statistics, odds ratios."""

from typing import TYPE_CHECKING, Any

import numpy as np

from ..errors import ChoiceError
from ..estimators.fit import Fit, Vector
from ..estimators.links import LinkName
from ..intervals import t_interval, t_p_value
from ..language import LANGUAGES, Text, both, say
from ..results import Estimates, Labels, Origin, Scale, estimates_frame
from .model_matrix import ModelFrame
from .origins import interval_words, origin_of
from .outcomes import Outcome
from .responses import Response
from .variables import column_words, labels_for

if TYPE_CHECKING:
    from .model import Model

SCALES: dict[LinkName, Scale] = {"logit": "log_odds", "probit": "probit", "cloglog": "value"}
LINK_WORDS: dict[LinkName, Text] = {
    "logit": both("logit", "로짓"),
    "probit": both("probit", "프로빗"),
    "cloglog": both("complementary log-log", "보로그로그"),
}
EXPECTED = both(
    "errors from the expected information, as R's glm and svyglm", "표준오차는 기대정보 기준(R glm, svyglm과 동일)"
)
SCALED = both("weights scaled to mean 1 for model-based errors", "모형 기반 표준오차는 평균 1로 조정한 가중치 사용")
PSEUDO = both("log-likelihood from weights scaled to mean 1", "로그우도는 평균 1로 조정한 가중치 기준")
NO_DF = both(
    "no degrees of freedom are left by the design: p-values and intervals cannot be given",
    "설계의 자유도가 남지 않아 p값과 신뢰구간을 제시할 수 없음",
)


def estimates_of(model: "Model") -> Estimates:
    """Coefficients as printed: by the column contract, with labels, fit and origin."""
    frame, outcome, response = model.model_frame, model.outcome, model.response
    order = shown_order(response, len(model.params))
    names, labels = _names(frame, outcome, response)
    covariance = model.params_covariance[np.ix_(order, order)]
    slopes = len(order) - (response.first_slope if response.levels else 0)
    columns = {
        "outcome": outcome.name,
        "component": ["slope"] * slopes + ["threshold"] * (len(order) - slopes),
        "term": names,
        **inferred(model.params[order], np.sqrt(np.diag(covariance)), model.df, model.confidence),
        "n": len(outcome.y),
    }
    said = labels_for(frame.design.survey, outcome.name, *frame.formula.questions)
    return Estimates(
        estimates_frame(columns),
        covariance,
        "coefficients",
        SCALES[response.link],
        labels=Labels({**said.columns, **labels}, said.levels),
        origin=_origin(model),
        extra={**_fit_statistics(frame.used.row_weights, outcome, model.fit), **_dispersion(model)},
    )


def spread_of_residuals(residuals: Vector, weights: Vector) -> float:
    """Variance of residuals in the population, as R survey calls the dispersion of a regression."""
    n = len(residuals)
    away = residuals - np.average(residuals, weights=weights)
    return float(np.average(away**2, weights=weights)) * n / (n - 1)


def _dispersion(model: "Model") -> dict[str, float]:
    """Variance of the Pearson residuals of a binary model; near 1 unless a few answers are very unlikely."""
    if model.response.levels:
        return {}
    p = model.response.probabilities(model.params, model.model_frame.x)[:, 0]
    return {
        "dispersion": spread_of_residuals(
            (model.outcome.y - p) / np.sqrt(p * (1 - p)), model.model_frame.used.row_weights
        )
    }


def inferred(estimate: Vector, se: Vector, df: float, confidence: float) -> dict[str, Any]:
    """Columns estimate, se, statistic, df, p and interval."""
    with np.errstate(divide="ignore", invalid="ignore"):
        statistic = estimate / se
    low, high = t_interval(estimate, se, df, confidence)
    return {"estimate": estimate, "se": se, "statistic": statistic, "df": float(df), "p": t_p_value(statistic, df),
            "ci_low": low, "ci_high": high}  # fmt: skip


def interval_text(df: float, confidence: float) -> Text:
    """The interval in words: t, or normal where the degrees of freedom are infinite."""
    if np.isfinite(df):
        return interval_words("t", confidence)
    return both("{c:g}% normal interval", "{c:g}% 정규 신뢰구간", c=100 * confidence)


def shown_order(response: Response, size: int) -> list[int]:
    """Positions of the parameters in printed order: slopes, then thresholds."""
    first = response.first_slope if response.levels else 0
    return [*range(first, size), *range(first)]


def _names(frame: ModelFrame, outcome: Outcome, response: Response) -> tuple[list[str], dict[str, Text]]:
    """Names of the printed rows, and their labels."""
    terms = frame.terms[1:] if response.levels else frame.terms
    labels = {t.name: t.label for t in terms}
    cuts = [f"{a}|{b}" for a, b in zip(outcome.levels, outcome.levels[1:])] if response.levels else []
    for cut, a, b in zip(cuts, outcome.labels, outcome.labels[1:]):
        labels[cut] = {lang: f"{say(a, lang)} | {say(b, lang)}" for lang in LANGUAGES}
    return [*(t.name for t in terms), *cuts], labels


def _origin(model: "Model") -> Origin:
    """Origin with every note that a reader needs."""
    frame, outcome, response = model.model_frame, model.outcome, model.response
    link = LINK_WORDS[response.link]
    kind = both("Ordered", "순서형") if response.levels else both("Binary", "이항")
    label = column_words(frame.design.survey, outcome.name)
    what = {
        "en": f"{kind['en']} {link['en']} model: {say(label)}",
        "ko": f"{kind['ko']} {link['ko']} 모형: {say(label, 'ko')}",
    }
    weighted = np.ptp(frame.used.row_weights) > 0
    said = (
        (SCALED, weighted and model.variance == "model"),
        (PSEUDO, weighted and model.variance == "design"),
        (EXPECTED, not response.levels and response.link != "logit"),
        (NO_DF, model.df <= 0),
    )
    return origin_of(
        what,
        frame.design,
        frame.used,
        outcome.name,
        *frame.formula.questions,
        variance=model.variance,
        interval=interval_text(model.df, model.confidence),
        df=model.df,
        notes=(*frame.notes, *model.notes, *(text for text, holds in said if holds)),
        failed=model.failed,
    )


def _fit_statistics(weights: Vector, outcome: Outcome, fit: Fit) -> dict[str, float]:
    """Log-likelihood (weights scaled to mean 1) and what follows from it."""
    n, k = len(weights), len(fit.params)
    share = np.bincount(outcome.y.astype(np.intp), weights) / weights.sum()
    null = float(n * (share @ np.log(share)))
    loglik = float(fit.loglik / weights.mean())
    return {
        "n": n,
        "n_weighted": float(weights.sum()),
        "loglik": loglik,
        "loglik_null": null,
        "deviance": -2 * loglik,
        "aic": -2 * loglik + 2 * k,
        "bic": -2 * loglik + k * float(np.log(n)),
        "mcfadden": 1 - loglik / null,
    }


def odds_ratios(model: "Model") -> Estimates:
    """Exponentiated coefficients of a logit model; thresholds are left out."""
    if model.response.link != "logit":
        raise ChoiceError(
            f"Exponentiated coefficients of a {model.response.link} model are no odds ratios. Fit a logit, or "
            "use `effects()`."
        )
    source = model.estimates
    frame = source.frame
    rows = (frame["component"] == "slope").to_numpy()
    kept = frame[rows].reset_index(drop=True)
    ratio = np.exp(kept["estimate"].to_numpy())
    kept["se"] = kept["se"] * ratio
    for name in ("estimate", "ci_low", "ci_high"):
        kept[name] = np.exp(kept[name])
    covariance = source.covariance[np.ix_(rows, rows)] * np.outer(ratio, ratio)
    note = both(
        "Odds ratios: interval ends exponentiated, standard errors by the delta method; p-values test log-odds of zero",
        "오즈비: 신뢰구간은 로그오즈 구간을 지수변환, 표준오차는 델타법, p값은 로그오즈 0 검정",
    )
    return Estimates(kept, covariance, source.kind, "odds_ratio", labels=source.labels,
                     origin=source.origin.with_notes(note), extra=source.extra)  # fmt: skip
