"""Coefficients of a fit as estimates: covariance, labels, fit statistics, odds ratios."""

from collections.abc import Sequence
from itertools import combinations
from typing import TYPE_CHECKING, Any, get_args

import numpy as np

from ..errors import ChoiceError
from ..estimators.fit import Fit, Matrix, Vector
from ..estimators.whitening import blocks
from ..intervals import t_interval, t_p_value
from ..language import LANGUAGES, Text, both, say
from ..results import Estimates, Labels, Origin, estimates_frame
from .error_words import MODEL_BASED
from .model_matrix import ModelFrame
from .origins import interval_words, origin_of
from .outcomes import Outcome
from .responses import Binary, Component, Place
from .variables import column_words, labels_for

if TYPE_CHECKING:
    from .model import Model

EXPECTED = both(
    "errors from the expected information, as R's glm and svyglm", "표준오차는 기대정보 기준(R glm, svyglm과 동일)"
)
SCALED = both("weights scaled to mean 1 for model-based errors", "모형 기반 표준오차는 평균 1로 조정한 가중치 사용")
IGNORED = both(
    "strata, clusters and finite populations of the design are not in these standard errors",
    "표준오차에 설계의 층·집락·유한모집단이 반영되지 않음",
)
CERTAIN = 1e-8  # probabilities this near to 0 or 1 are told
COMPONENTS = get_args(Component)
SINGLE: dict[str, tuple[str, Text]] = {
    "error_correlation": ("atanh(rho)", both("atanh of the correlation of the errors", "오차 상관계수의 atanh")),
    "rho": ("rho", both("correlation of the errors", "오차 상관계수")),
    "dispersion": ("log(alpha)", both("log of the dispersion alpha", "산포 모수 알파의 로그")),
    "spread": ("log(sigma)", both("log(σ) of the errors", "오차의 log(σ)")),
    "lambda": ("lambda", both("inverse Mills ratio (lambda = rho sigma)", "역밀스비(람다 = 로 × 시그마)")),
}
"""Name and label of parameters that stand for no column."""
PSEUDO = both("log-likelihood from weights scaled to mean 1", "로그우도는 평균 1로 조정한 가중치 기준")
NO_DF = both(
    "no degrees of freedom are left by the design: p-values and intervals cannot be given",
    "설계의 자유도가 남지 않아 p값과 신뢰구간을 제시할 수 없음",
)


def estimates_of(model: "Model") -> Estimates:
    """Coefficients as printed: by the column contract, with labels, fit and origin."""
    frame, outcome, order = model.model_frame, model.outcome, shown_order(model.places)
    places = [model.places[i] for i in order]
    names = [row_name(place, frame, outcome) for place in places]
    covariance = model.params_covariance[np.ix_(order, order)]
    columns: dict[str, Any] = {"outcome": [outcome_of(place, outcome) for place in places]}
    if any(place.level is not None for place in places):
        columns["level"] = [outcome.levels[place.level or 0] for place in places]
    columns |= {
        "component": [place.component for place in places],
        "term": [name for name, _ in names],
        **inferred(model.params[order], np.sqrt(np.diag(covariance)), model.df, model.confidence),
        "n": len(outcome.y),
    }
    said = labels_for(frame.design.survey, *outcome.names, *frame.formula.questions)
    own = {(outcome.name, level): label for level, label in zip(outcome.levels, outcome.labels)}
    levels = {**said.levels, **own} if "level" in columns else said.levels
    return Estimates(
        estimates_frame(columns),
        covariance,
        "coefficients",
        model.response.scale,
        labels=Labels({outcome.name: _title(model), **said.columns, **dict(names)}, levels),
        origin=_origin(model),
        extra={**fit_statistics(frame.used.row_weights, outcome, model.fit), **_dispersion(model)},
        detail={"curves": frame.basis.curves},
    )


def spread_of_residuals(residuals: Vector, weights: Vector) -> float:
    """Variance of residuals in the population, as R survey calls the dispersion of a regression."""
    n, whole = len(residuals), float(weights.sum())
    away = residuals - float(weights @ residuals) / whole
    return float(np.einsum("i,i,i->", weights, away, away)) / whole * n / (n - 1)


def _dispersion(model: "Model") -> dict[str, float]:
    """Variance of the Pearson residuals of a binary model; near 1 unless a few answers are very unlikely."""
    if not isinstance(model.response, Binary):
        return {}
    y, p, weights = model.outcome.y, model.expected[:, 0], model.model_frame.used.row_weights
    sums = np.zeros(2)
    for rows in blocks(len(y)):
        w, chance = weights[rows], p[rows]
        residual = (y[rows] - chance) / np.sqrt(chance * (1 - chance))
        sums += w @ residual, (w * residual) @ residual
    first, second = sums / weights.sum()
    return {"dispersion": float(second - first**2) * len(y) / (len(y) - 1)}


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


def shown_order(places: Sequence[Place]) -> list[int]:
    """Positions of the parameters in printed order: by component, outcome and level, then as in the model matrix."""

    def key(i: int) -> tuple[int, ...]:
        place = places[i]
        return COMPONENTS.index(place.component), place.outcome, place.level or 0, place.column or 0, place.cut or 0

    return sorted(range(len(places)), key=key)


def outcome_of(place: Place, outcome: Outcome) -> str:
    """The outcome that a row is of; what belongs to several is of all of them together."""
    return outcome.name if place.component in ("error_correlation", "rho") else outcome.names[place.outcome]


def row_name(place: Place, frame: ModelFrame, outcome: Outcome) -> tuple[str, Text]:
    """Name of a printed row, and its label."""
    if place.component in SINGLE:
        return SINGLE[place.component] if place.cut is None else _of_pair(place.cut, outcome)
    if place.cut is None:
        column = frame.terms[place.column or 0]
        return column.name, column.label
    name, label = cut_name(outcome, place.cut)
    if place.column is None:
        return name, label
    column = frame.terms[place.column]
    return f"{column.name} @ {name}", {lang: f"{say(column.label, lang)} @ {label[lang]}" for lang in LANGUAGES}


def _of_pair(pair: int, outcome: Outcome) -> tuple[str, Text]:
    """Name of the correlation of two of three answers, and its label."""
    one, two = tuple(combinations(range(3), 2))[pair]
    names = f"{outcome.names[one]}, {outcome.names[two]}"
    label = both("atanh of the correlation of errors: {n}", "오차 상관계수의 atanh: {n}", n=names)
    return f"atanh(rho_{one + 1}{two + 1})", label


def cut_name(outcome: Outcome, cut: int) -> tuple[str, Text]:
    """Name of the threshold between two levels, and its label."""
    below, above = outcome.labels[cut : cut + 2]
    label = {lang: f"{say(below, lang)} | {say(above, lang)}" for lang in LANGUAGES}
    return f"{outcome.levels[cut]}|{outcome.levels[cut + 1]}", label


def _origin(model: "Model") -> Origin:
    """Origin with every note that a reader needs."""
    frame, outcome = model.model_frame, model.outcome
    weighted = np.ptp(frame.used.row_weights) > 0
    sure = certain(model.expected) if isinstance(model.response, Binary) and not model.penalised else ()
    said = (
        (SCALED, weighted and model.variance in MODEL_BASED),
        (PSEUDO, weighted and model.variance not in MODEL_BASED),
        (IGNORED, model.variance != "design" and not frame.used.sample.plain),
        (NO_DF, model.df <= 0),
    )
    return origin_of(
        _title(model),
        frame.design,
        frame.used,
        *outcome.names,
        *frame.formula.questions,
        variance=model.variance,
        interval=interval_text(model.df, model.confidence),
        df=model.df,
        notes=(*frame.notes, *model.notes, *sure, *(text for text, holds in said if holds)),
        failed=model.failed,
    )


def certain(probabilities: Matrix) -> tuple[Text, ...]:
    """Note where the outcome is all but separated, as R's glm warns."""
    count = int(((probabilities < CERTAIN) | (probabilities > 1 - CERTAIN)).any(axis=1).sum())
    if not count:
        return ()
    return (
        both(
            "{k} respondents have a fitted probability of 0 or 1 to eight digits: the answers are nearly separated, "
            "and estimates and errors rest on very few",
            "예측 확률이 소수점 여덟째 자리까지 0 또는 1인 응답자 {k}명: 거의 분리된 자료로, 추정값과 오차가 극소수 "
            "응답에 의존",
            k=count,
        ),
    )


def _title(model: "Model") -> Text:
    """The kind of model, and of what."""
    survey, words = model.model_frame.design.survey, model.response.words
    asked = [column_words(survey, name) for name in model.outcome.names]
    against = model.outcome.reference
    ends = both("", "")
    if against:
        ends = {"en": f", each answer against {say(against)}", "ko": f", 기준 {say(against, 'ko')}"}
    return {lang: f"{words[lang]}: {', '.join(say(label, lang) for label in asked)}{ends[lang]}" for lang in LANGUAGES}


def fit_statistics(weights: Vector, outcome: Outcome, fit: Fit) -> dict[str, float]:
    """Log-likelihood (weights scaled to mean 1) and what follows from it."""
    n, k = len(weights), len(fit.params)
    share = np.bincount(outcome.y.astype(np.intp), weights) / weights.sum()
    seen = share[share > 0]  # a combination of answers may be nobody's
    null = float(n * (seen @ np.log(seen)))
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
    if not model.response.has_odds_ratios:
        raise ChoiceError(
            f"Exponentiated coefficients are no odds ratios in this kind of model ({say(model.response.words)}). Fit a "
            "logit with one spread, or use `effects()`."
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
                     origin=source.origin.with_notes(note), extra=source.extra, detail=source.detail)  # fmt: skip
