"""Do the odds of two answers depend on the others? Tests of the independence of irrelevant alternatives."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from ..errors import ChoiceError, DataError, one_of, unknown_level
from ..estimators.fit import Fit, Matrix, Vector
from ..estimators.multinomial import multinomial_fit, multinomial_probabilities
from ..language import Text, both
from ..results import Labels
from .averaging import outcome_labels
from .diagnostic import Diagnostic
from .error_words import MODEL_BASED
from .nominal import Nominal
from .sandwich import robust_covariance
from .wald import quadratic_form

if TYPE_CHECKING:
    from .model import Model

AlternativesMethod = Literal["hausman", "small_hsiao"]
IIA = both("Independence of irrelevant alternatives: ", "무관한 대안의 독립성: ")
NAMES = {
    "hausman": both("Hausman-McFadden test", "하우스먼-맥패든 검정"),
    "joint": both("Hausman test with the joint covariance", "결합 공분산 하우스먼 검정"),
    "small_hsiao": both("Small-Hsiao test", "스몰-샤오 검정"),
}
ROUNDING = 1e-9  # of the variance of a coefficient: smaller differences of covariances are none
SATURATED = both(
    "no test where the model is saturated: its odds never depend on other answers",
    "포화모형에서는 오즈가 다른 응답과 무관하므로 검정 불가",
)
WEAK = both(
    "these tests are weak: they often contradict each other and reject too often in small samples (Cheng and Long "
    "2007); think first whether answers are close substitutes",
    "이 검정들은 신뢰도가 낮음: 서로 모순되거나 소표본에서 과다 기각(Cheng and Long 2007); "
    "응답이 가까운 대체재인지 먼저 판단할 것",
)
NEGATIVE = both(
    "no p where the difference of covariances is not positive: the statistic then has no distribution",
    "공분산 차이가 양정치가 아니면 통계량의 분포가 없어 p값 없음",
)


@dataclass(frozen=True, slots=True)
class Rest:
    """The respondents who did not give one answer, and the model among the other answers.

    Attributes
    ----------
    inside
        Who they are among the respondents used, shape (m,).
    codes
        Their answers, counted without the one left out.
    base
        Position of the reference among the answers left.
    kept
        Positions, among the parameters of the whole model, of those that the smaller model has too.
    """

    inside: "np.ndarray"
    codes: "np.ndarray"
    base: int
    kept: "np.ndarray"


def alternatives(
    model: "Model", method: AlternativesMethod = "hausman", leave_out: Sequence[Any] | None = None, seed: int = 1
) -> Diagnostic:
    """Test the independence of irrelevant alternatives; see `MultinomialModel.alternatives`."""
    one_of(method, ("hausman", "small_hsiao"), "method")
    response = model.response
    if not isinstance(response, Nominal) or model.penalised:
        raise ChoiceError("This test is for multinomial logits of maximum likelihood.")
    if response.levels < 3:
        raise DataError("With two answers there is no third one that could matter: nothing can be tested.")
    asked = _asked(model, leave_out)
    if method == "small_hsiao":
        _refuse_seed(seed)
        rows = [_small_hsiao(model, rest_of(model, level), seed) for level in asked]
    else:
        rows = [_hausman(model, rest_of(model, level)) for level in asked]
    frame = pd.DataFrame([{"level": model.outcome.levels[level], **row} for level, row in zip(asked, rows)])
    joint = method == "hausman" and model.variance not in MODEL_BASED
    name = NAMES["joint" if joint else method]
    what = {lang: IIA[lang] + words for lang, words in name.items()}
    notes = (
        WEAK,
        *_untested(frame),
        *((split(seed),) if method == "small_hsiao" else ()),
    )
    head = "f" if method == "hausman" and model.variance == "design" else "chi2"
    labels = Labels(model.estimates.labels.columns, outcome_labels(model))
    origin = replace(model.origin, what=what, interval={}).with_notes(*notes)
    return Diagnostic(frame, "alternatives", labels, origin, detail={"outcome": model.outcome.name, "statistic": head})


def _untested(frame: pd.DataFrame) -> list[Text]:
    """Notes on tests without a p-value."""
    said = ((SATURATED, frame["df"] == 0), (NEGATIVE, frame["p"].isna() & (frame["df"] > 0)))
    return [words for words, where in said if where.any()]


def split(seed: int) -> Text:
    """Note on the random halves."""
    return both(
        "the sample is split at random (seed {s}): other seeds give other statistics",
        "표본을 무작위로 나누므로(시드 {s}) 시드에 따라 통계량이 달라짐",
        s=seed,
    )


def _refuse_seed(seed: Any) -> None:
    if isinstance(seed, bool) or not isinstance(seed, int | np.integer) or seed < 0:
        raise ChoiceError(f"`seed` is {seed!r}; it must be a whole number from 0 on: it makes the split again.")


def _asked(model: "Model", leave_out: Sequence[Any] | None) -> list[int]:
    """Positions of the answers to leave out: all but the reference unless some are named."""
    levels, response = list(model.outcome.levels), model.response
    assert isinstance(response, Nominal)  # refused before
    if leave_out is None:
        return [i for i in range(len(levels)) if i != response.base]
    listed = [leave_out] if isinstance(leave_out, str) or not np.iterable(leave_out) else list(leave_out)
    for level in listed:
        if level not in levels:
            raise unknown_level(level, model.outcome.name, levels)
    if levels[response.base] in listed:
        raise ChoiceError(f"{levels[response.base]!r} is the reference: fit with another one to leave it out.")
    return [levels.index(level) for level in listed]


def rest_of(model: "Model", level: int) -> Rest:
    """The model without the answer at this position."""
    response, y = model.response, model.outcome.y.astype(np.intp)
    assert isinstance(response, Nominal)  # refused before
    inside = y != level
    codes = y[inside] - (y[inside] > level)
    base = response.base - (response.base > level)
    kept = [i for i, place in enumerate(model.places) if place.level != level]
    return Rest(inside, codes, base, np.array(kept, np.intp))


def _fit(model: "Model", rest: Rest, weights: Vector) -> Fit:
    """The model among the answers left, of the respondents who gave them."""
    x = model.model_frame.x[rest.inside]
    found = multinomial_fit(x, rest.codes, weights[rest.inside], model.response.levels - 1, rest.base)
    if not found.converged:
        raise DataError(f"Without this answer the model has no solution: {found.message}. Leave out another or terms.")
    return found


def _hausman(model: "Model", rest: Rest) -> dict[str, float]:
    """Difference of the common coefficients, against its covariance."""
    from scipy.special import chdtrc, fdtrc

    used = model.model_frame.used
    small = _fit(model, rest, used.row_weights)
    gap, q = small.params - model.params[rest.kept], float(len(rest.kept))
    if model.variance in MODEL_BASED:
        statistic, rank = _classical(model, rest, small, gap)
        p = float(chdtrc(rank, statistic)) if statistic >= 0 and rank else np.nan
        return {"statistic": statistic, "df": rank, "df_denominator": np.nan, "p": p}

    def again(weights: Vector) -> Vector:
        return _fit(model, rest, weights).params - model.refit(weights).params[rest.kept]

    scores = -model.fit.scores[:, rest.kept]
    scores[rest.inside] += small.scores
    if model.variance != "design":
        chi2 = quadratic_form(gap, robust_covariance(scores, model.variance))
        return {"statistic": chi2, "df": q, "df_denominator": np.nan, "p": float(chdtrc(q, chi2))}
    chi2 = quadratic_form(gap, used.covaried(gap, again, lambda: used.covariance(scores)).matrix)
    below = used.df + 1 - q
    p = float(fdtrc(q, below, chi2 / q)) if below > 0 and np.isfinite(chi2) else np.nan
    return {"statistic": chi2 / q, "df": q, "df_denominator": below, "p": p}


def _classical(model: "Model", rest: Rest, small: Fit, gap: Vector) -> tuple[float, float]:
    """Hausman and McFadden's statistic with the rank of the difference of covariances."""
    assert small.covariance is not None and model.fit.covariance is not None  # likelihoods
    weight = model.model_frame.used.row_weights.mean()
    spread = (small.covariance - model.fit.covariance[np.ix_(rest.kept, rest.kept)]) * weight
    size = np.sqrt(np.diag(small.covariance) * weight)
    values, axes = np.linalg.eigh(spread / np.outer(size, size))
    real = np.abs(values) > ROUNDING
    along = axes.T @ (gap / size)
    return float((along[real] ** 2 / values[real]).sum()), float(real.sum())


def _small_hsiao(model: "Model", rest: Rest, seed: int) -> dict[str, float]:
    """Likelihood ratio of the second half without the answer, at coefficients of both halves and at its own."""
    from scipy.special import chdtrc

    used, response = model.model_frame.used, model.response
    assert isinstance(response, Nominal)  # refused before
    m = len(used.rows)
    first = np.zeros(m, bool)
    first[np.random.default_rng(seed).permutation(m)[: m // 2]] = True
    weights = used.row_weights / used.row_weights.mean()
    halves = [model.refit(np.where(half, weights, 0.0)).params[rest.kept] for half in (first, ~first)]
    blend = np.sqrt(0.5) * halves[0] + (1 - np.sqrt(0.5)) * halves[1]
    second = np.where(first, 0.0, weights)
    own = _fit(model, rest, second)
    at_blend = _loglik(model.model_frame.x[rest.inside], rest, blend, second[rest.inside], response.levels - 1)
    statistic, q = max(2 * (own.loglik - at_blend), 0.0), float(len(rest.kept))
    return {"statistic": statistic, "df": q, "df_denominator": np.nan, "p": float(chdtrc(q, statistic))}


def _loglik(x: Matrix, rest: Rest, params: Vector, weights: Vector, levels: int) -> float:
    """Weighted log-likelihood at these coefficients."""
    shares = multinomial_probabilities(params, x, levels, rest.base)
    return float(weights @ np.log(shares[np.arange(len(x)), rest.codes]))
