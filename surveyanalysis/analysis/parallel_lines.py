"""Are the lines of an ordered model parallel? Brant's test, and the likelihood ratio."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from ..errors import ChoiceError, ConvergenceError, DataError, SeparationError, one_of
from ..estimators.brant import equal_slopes
from ..estimators.fit import Fit, Matrix, Vector
from ..estimators.separate_logits import separate_logits_fit
from ..estimators.separation import separating
from ..language import LANGUAGES, Text, both, say
from . import chi_square_sums
from .coefficients import cut_name
from .diagnostic import Diagnostic
from .error_words import MODEL_BASED
from .nonparallel import Nonparallel
from .refitted import fit_on
from .responses import Cumulative
from .sandwich import robust_covariance
from .solving import MANY
from .wald import quadratic_form

if TYPE_CHECKING:
    from .model import Model

ParallelMethod = Literal["brant", "likelihood_ratio"]
ALL = "(all)"
NAMES = {
    "brant": both("Parallel lines: Brant's test", "평행선 검정: 브랜트 검정"),
    "likelihood_ratio": both("Parallel lines: likelihood-ratio test", "평행선 검정: 가능도비 검정"),
}
BY_DESIGN = {
    "brant": both(
        "F from the design-based covariance of the separate logits", "개별 로짓의 설계 기반 공분산으로 F 검정"
    ),
    "likelihood_ratio": both("p as Rao and Scott (saddlepoint)", "p값은 라오-스콧 보정(안장점 근사)"),
}
CURE = "Merge rare levels (`Survey.merged`), or test single terms by the likelihood ratio."
READ = both(
    "a small p says that the slopes differ by threshold; see `nonparallel` of `ordered`",
    "p값이 작으면 절단점별 계수가 다름; `ordered`의 `nonparallel` 참고",
)


def parallel_lines(model: "Model", method: ParallelMethod = "brant") -> Diagnostic:
    """Test parallel lines; see `OrderedModel.parallel_lines`."""
    one_of(method, ("brant", "likelihood_ratio"), "method")
    if not isinstance(model.response, Cumulative):
        raise ChoiceError("The lines of this model differ already. Test the model without `nonparallel`.")
    if model.response.levels < 3:
        raise DataError("With two levels there is one line, which is parallel to itself: nothing can be tested.")
    terms = model.model_frame.terms[1:]
    if not terms:
        raise ChoiceError("The model has no slopes, so that there are no lines to test.")
    groups = {ALL: list(range(len(terms)))}
    for position, term in enumerate(terms):
        groups.setdefault(term.term, []).append(position)
    rows, detail = {"brant": _brant, "likelihood_ratio": _ratio}[method](model, groups)
    frame = pd.DataFrame([{"term": name, **row} for name, row in zip(groups, rows)])
    unsolved = [name for name, row in zip(groups, rows) if np.isnan(row["statistic"])]
    head = "f" if method == "brant" and model.variance == "design" else "chi2"
    notes = (*_unsolved(model, unsolved), *((BY_DESIGN[method],) if model.variance == "design" else ()), READ)
    origin = replace(model.origin, what=NAMES[method], interval={}).with_notes(*notes)
    return Diagnostic(frame, "parallel_lines", model.estimates.labels, origin, detail={"statistic": head, **detail})


def _unsolved(model: "Model", names: Sequence[str]) -> tuple[Text, ...]:
    """Note on terms whose slopes cannot differ by threshold in these data."""
    if not names:
        return ()
    labels, everything = model.estimates.labels, both("all terms together", "전체")
    said = {
        lang: ", ".join(everything[lang] if name == ALL else labels.column(name, lang) for name in names)
        for lang in LANGUAGES
    }
    return (both("no solution where slopes differ by threshold: {en}", "절단점별 계수의 해가 없음: {ko}", **said),)


Rows = list[dict[str, float]]


def _brant(model: "Model", groups: dict[str, list[int]]) -> tuple[Rows, dict[str, pd.DataFrame]]:
    """Wald tests that the slopes of separate logits are equal."""
    if model.response.link != "logit":
        raise ChoiceError('Brant\'s test is for logit links; use `parallel_lines("likelihood_ratio")`.')
    levels, k = model.response.levels, model.model_frame.x.shape[1] - 1
    fit, covariance = _separate(model)
    table = equal_slopes(fit.params, covariance, levels).slopes
    at = np.arange(len(fit.params)).reshape(levels - 1, k + 1)[:, 1:]
    rows = [_wald(model, _gaps(at, columns, len(fit.params)), fit.params, covariance) for columns in groups.values()]
    cuts = [cut_name(model.outcome, j)[0] for j in range(levels - 1)]
    names = [term.name for term in model.model_frame.terms[1:]]
    return rows, {"slopes": pd.DataFrame(table, index=cuts, columns=names)}


def _separate(model: "Model") -> tuple[Fit, Matrix]:
    """A logit at every threshold, and the covariance of all of them together, of the model's kind."""
    x, y, levels = model.model_frame.x[:, 1:], model.outcome.y.astype(np.intp), model.response.levels
    used = model.model_frame.used

    def again(weights: Vector) -> Fit:
        found = separate_logits_fit(x, y, weights, levels)
        if found.converged and found.covariance is not None:
            return found
        raise DataError(f"Brant's test needs a logit at every threshold, but {found.message}. {CURE}")

    _refuse_separated(model)
    fit = again(used.row_weights)
    return fit, _covariance(model, fit, again)


def _refuse_separated(model: "Model") -> None:
    """Name the threshold at which a logit of its own has no finite estimate, and the columns."""
    frame = model.model_frame
    for cut in range(model.response.levels - 1) if len(frame.x) <= MANY else ():
        found = separating(frame.x, (model.outcome.y > cut).astype(float))
        if found:
            said = ", ".join(repr(frame.terms[j].name) for j in found.columns if j)
            raise SeparationError(
                f"Brant's test needs a logit at every threshold; at {say(cut_name(model.outcome, cut)[1])!r} the "
                f"answers are told apart by {said}. {CURE}"
            )


def _covariance(model: "Model", fit: Fit, again: Callable[[Vector], Fit]) -> Matrix:
    """Covariance of the parameters of another fit to the same respondents, of the model's kind."""
    used = model.model_frame.used
    if model.variance == "design":
        return used.covaried(fit.params, lambda w: again(w).params, lambda: used.covariance(fit.scores)).matrix
    if model.variance in MODEL_BASED and fit.covariance is not None:
        return fit.covariance * used.row_weights.mean()
    return robust_covariance(fit.scores, model.variance)


def _gaps(at: "np.ndarray", columns: Sequence[int], size: int) -> Matrix:
    """Contrasts of each column's slope at every threshold with that at the first."""
    pairs = [(at[j, column], at[0, column]) for j in range(1, len(at)) for column in columns]
    gaps = np.zeros((len(pairs), size))
    for row, (here, first) in enumerate(pairs):
        gaps[row, here], gaps[row, first] = 1, -1
    return gaps


def _wald(model: "Model", gaps: Matrix, params: Vector, covariance: Matrix) -> dict[str, float]:
    """Wald test of contrasts: F under the design, else chi-square."""
    from scipy.special import chdtrc, fdtrc

    q, chi2 = float(len(gaps)), quadratic_form(gaps @ params, gaps @ covariance @ gaps.T)
    if model.variance != "design":
        return {"statistic": chi2, "df": q, "df_denominator": np.nan, "p": float(chdtrc(q, chi2))}
    below = model.model_frame.used.df
    p = float(fdtrc(q, below, chi2 / q)) if below > 0 else np.nan
    return {"statistic": chi2 / q, "df": q, "df_denominator": below, "p": p}


def _ratio(model: "Model", groups: dict[str, list[int]]) -> tuple[Rows, dict[str, pd.DataFrame]]:
    """Likelihood ratios of the models whose lines may differ."""
    rows = []
    for columns in groups.values():
        try:
            rows.append(_nested(model, columns))
        except ConvergenceError:  # told by a note: other terms may still be tested
            rows.append(dict.fromkeys(("statistic", "df", "df_denominator", "p"), np.nan))
    return rows, {}


def _nested(model: "Model", columns: Sequence[int]) -> dict[str, float]:
    """Likelihood ratio of slopes of these columns that differ by threshold."""
    from scipy.special import chdtrc

    response, frame = model.response, model.model_frame
    place, free = tuple(range(1, frame.x.shape[1])), tuple(sorted(column + 1 for column in columns))
    wide = Nonparallel(response.link, response.levels, place, free)
    fit = fit_on(model, frame.x, response=wide)
    weight = frame.used.row_weights.mean()
    statistic = max(2 * (fit.loglik - model.fit.loglik) / weight, 0.0)
    q = float(len(fit.params) - len(model.params))
    below = frame.used.df if model.variance == "design" else np.nan
    if model.variance in MODEL_BASED:
        p = float(chdtrc(q, statistic))
    else:
        deffs = _deffs(model, wide, fit)
        given = (below,) if model.variance == "design" else ()
        p = chi_square_sums.saddlepoint(statistic, deffs, *given) if deffs.max() > 0 and not below <= 0 else np.nan
    return {"statistic": statistic, "df": q, "df_denominator": below, "p": p}


def _deffs(model: "Model", wide: Nonparallel, fit: Fit) -> Vector:
    """Generalised design effects of the contrasts between a free column's slopes, shape (q,), the largest first."""
    used, places = model.model_frame.used, wide.places(model.model_frame.x.shape[1])
    own = [[i for i, place in enumerate(places) if place.column == j] for j in wide.free]
    gaps = np.vstack([_gaps(np.array(rows)[:, None], [0], len(fit.params)) for rows in own])
    assert fit.covariance is not None  # a likelihood
    plain = gaps @ fit.covariance @ gaps.T * used.row_weights.mean()
    designed = gaps @ _covariance(model, fit, lambda w: fit_on(model, model.model_frame.x, w, wide)) @ gaps.T
    root = np.linalg.inv(np.linalg.cholesky(plain))
    return np.maximum(np.linalg.eigvalsh(root @ designed @ root.T)[::-1], 0.0)
