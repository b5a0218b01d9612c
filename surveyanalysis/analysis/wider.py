"""Wider models of an ordered answer: what slopes by threshold, or a varying spread, add to the likelihood."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ..errors import ConvergenceError
from ..estimators.fit import Fit, Matrix, Vector
from ..estimators.links import link_named
from ..language import LANGUAGES, Text, both
from . import chi_square_sums
from .error_words import MODEL_BASED
from .nonparallel import Nonparallel
from .refitted import fit_on
from .sandwich import robust_covariance

if TYPE_CHECKING:
    from .model import Model

ALL = "(all)"
Row = dict[str, float]


@dataclass(frozen=True, slots=True)
class Wider:
    """A wider model.

    Attributes
    ----------
    response
        The wider kind of model, on the same model matrix.
    contrasts
        What is zero in the narrow model, as contrasts of the wider one's parameters, shape (q, p).
    """

    response: Nonparallel
    contrasts: Matrix


def groups_of(model: "Model") -> dict[str, list[int]]:
    """Columns of the model matrix, without the intercept: of all terms, then of each."""
    terms = model.model_frame.terms[1:]
    groups = {ALL: list(range(1, len(terms) + 1))}
    for column, term in enumerate(terms, start=1):
        groups.setdefault(term.term, []).append(column)
    return groups


def likelihood_ratios(
    model: "Model", groups: Mapping[str, Sequence[int]], widened: Callable[[Sequence[int]], Wider]
) -> tuple[list[Row], tuple[Text, ...]]:
    """Likelihood ratio of the wider model of every group of columns, and notes on those without a solution.

    Notes
    -----
    A wider model whose likelihood has a supremum but no solution is compared by the supremum, as R ``nominal_test``.
    Where nothing is known of the supremum the row holds no numbers, and the others may still be read.
    """
    rows: list[Row] = []
    bounded, unsolved = [], []
    for name, columns in groups.items():
        wide = widened(columns)
        try:
            fit = _fitted(model, wide.response)
            rows.append(_row(model, wide, fit))
        except ConvergenceError:
            rows.append(dict.fromkeys(("statistic", "df", "df_denominator", "p"), np.nan))
            unsolved.append(name)
        else:
            bounded += [] if fit.converged else [name]
    return rows, (*_at_supremum(model, bounded), *_unsolved(model, unsolved))


def _fitted(model: "Model", response: Nonparallel) -> Fit:
    """The wider fit, or the supremum of its likelihood where that is concave."""
    frame = model.model_frame
    found = response.fit(frame.x, model.outcome.y, frame.used.row_weights)
    concave = link_named(response.link).concave and not response.spread
    if found.converged or (found.settled and concave):
        return found
    raise ConvergenceError(
        f"Beside {frame.formula.source!r}, the wider model ({response.words['en']}) has no solution: {found.message}. "
        "Leave out terms or merge rare levels."
    )


def _row(model: "Model", wide: Wider, fit: Fit) -> Row:
    """The likelihood ratio: chi-square, or as Rao and Scott where errors are not the model's."""
    from scipy.special import chdtrc

    used, q = model.model_frame.used, float(len(wide.contrasts))
    statistic = float(max(2 * (fit.loglik - model.fit.loglik) / used.row_weights.mean(), 0.0))
    below = used.df if model.variance == "design" else np.nan
    p = np.nan
    if model.variance in MODEL_BASED:
        p = float(chdtrc(q, statistic))
    elif fit.converged and not below <= 0:
        deffs, given = _deffs(model, wide, fit), (below,) if model.variance == "design" else ()
        p = chi_square_sums.saddlepoint(statistic, deffs, *given) if deffs.max() > 0 else np.nan
    return {"statistic": statistic, "df": q, "df_denominator": below, "p": p}


def _deffs(model: "Model", wide: Wider, fit: Fit) -> Vector:
    """Generalised design effects of the contrasts, shape (q,), the largest first."""
    frame, gaps = model.model_frame, wide.contrasts
    assert fit.covariance is not None  # a likelihood
    plain = gaps @ fit.covariance @ gaps.T * frame.used.row_weights.mean()
    whole = covariance_of(model, fit, lambda w: fit_on(model, frame.x, w, wide.response))
    root = np.linalg.inv(np.linalg.cholesky(plain))
    return np.maximum(np.linalg.eigvalsh(root @ gaps @ whole @ gaps.T @ root.T)[::-1], 0.0)


def covariance_of(model: "Model", fit: Fit, again: Callable[[Vector], Fit]) -> Matrix:
    """Covariance of the parameters of another fit to the same respondents, of the model's kind."""
    used = model.model_frame.used
    if model.variance == "design":
        return used.covaried(fit.params, lambda w: again(w).params, lambda: used.covariance(fit.scores)).matrix
    if model.variance in MODEL_BASED and fit.covariance is not None:
        return fit.covariance * used.row_weights.mean()
    return robust_covariance(fit.scores, model.variance)


def _at_supremum(model: "Model", names: Sequence[str]) -> tuple[Text, ...]:
    """A note on wider models whose likelihood has no maximum."""
    if not names:
        return ()
    without_p = both("so that there is no p", "p값 없음")
    so = both("and its p is a rough guide", "p값은 참고용") if model.variance in MODEL_BASED else without_p
    return (
        both(
            "{t_en}: slopes grow without bound, or lines cross; the statistic rests on the likelihood's supremum, {en}",
            "{t_ko}: 계수가 무한히 커지거나 선이 교차하여 통계량은 가능도의 상한 기준이며 {ko}",
            **{f"t_{lang}": said for lang, said in _labelled(model, names).items()},
            **so,
        ),
    )


def _unsolved(model: "Model", names: Sequence[str]) -> tuple[Text, ...]:
    """A note on terms of which nothing can be said in these data."""
    if not names:
        return ()
    return (both("the wider model has no solution: {en}", "더 넓은 모형의 해가 없음: {ko}", **_labelled(model, names)),)


def _labelled(model: "Model", names: Sequence[str]) -> Text:
    """Terms as a reader knows them."""
    labels, everything = model.estimates.labels, both("all terms together", "전체")
    return {
        lang: ", ".join(everything[lang] if name == ALL else labels.column(name, lang) for name in names)
        for lang in LANGUAGES
    }
