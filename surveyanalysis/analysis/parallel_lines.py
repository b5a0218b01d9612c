"""Are the lines of an ordered model parallel? Brant's test, and the likelihood ratio."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from ..errors import ChoiceError, DataError, SeparationError, one_of
from ..estimators.fit import Fit, Matrix, Vector
from ..estimators.separate_logits import separate_logits_fit
from ..estimators.separation import separating
from ..language import Text, both, say
from .coefficients import cut_name
from .diagnostic import Diagnostic
from .nonparallel import Nonparallel
from .responses import Cumulative
from .solving import MANY
from .wald import quadratic_form
from .wider import Row, Wider, covariance_of, groups_of, likelihood_ratios

if TYPE_CHECKING:
    from .model import Model

ParallelMethod = Literal["brant", "likelihood_ratio"]
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
    groups = groups_of(model)
    if len(groups) == 1:
        raise ChoiceError("The model has no slopes, so that there are no lines to test.")
    rows, detail, notes = {"brant": _brant, "likelihood_ratio": _ratio}[method](model, groups)
    frame = pd.DataFrame([{"term": name, **row} for name, row in zip(groups, rows)])
    head = "f" if method == "brant" and model.variance == "design" else "chi2"
    said = (*notes, *((BY_DESIGN[method],) if model.variance == "design" else ()), READ)
    origin = replace(model.origin, what=NAMES[method], interval={}).with_notes(*said)
    return Diagnostic(frame, "parallel_lines", model.estimates.labels, origin, detail={"statistic": head, **detail})


Groups = Mapping[str, Sequence[int]]
Found = tuple[list[Row], dict[str, pd.DataFrame], tuple[Text, ...]]


def _brant(model: "Model", groups: Groups) -> Found:
    """Wald tests that the slopes of separate logits are equal, of each group of columns and of each column."""
    if model.response.link != "logit":
        raise ChoiceError('Brant\'s test is for logit links; use `parallel_lines("likelihood_ratio")`.')
    cuts, size = model.response.levels - 1, model.model_frame.x.shape[1]
    fit, covariance = _separate(model)
    at = np.arange(len(fit.params)).reshape(cuts, size)

    def tested(columns: Sequence[int]) -> Row:
        return _wald(model, _gaps(at[:, columns], len(fit.params)), fit.params, covariance)

    names = [term.name for term in model.model_frame.terms[1:]]
    slopes = pd.DataFrame(fit.params[at[:, 1:]], [cut_name(model.outcome, j)[0] for j in range(cuts)], names)
    each = pd.DataFrame([tested([column]) for column in range(1, size)], names)
    return [tested(columns) for columns in groups.values()], {"slopes": slopes, "coefficients": each}, ()


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
    return fit, covariance_of(model, fit, again)


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


def _gaps(at: "np.ndarray[Any, Any]", size: int) -> Matrix:
    """Contrasts of slopes at every threshold with those at the first; `at` (cuts, columns) are their positions."""
    pairs = [(here, first) for row in at[1:] for here, first in zip(row, at[0])]
    gaps = np.zeros((len(pairs), size))
    for row, (here, first) in enumerate(pairs):
        gaps[row, here], gaps[row, first] = 1, -1
    return gaps


def _wald(model: "Model", gaps: Matrix, params: Vector, covariance: Matrix) -> Row:
    """Wald test of contrasts: F under the design, else chi-square."""
    from scipy.special import chdtrc, fdtrc

    q, chi2 = float(len(gaps)), quadratic_form(gaps @ params, gaps @ covariance @ gaps.T)
    if model.variance != "design":
        return {"statistic": chi2, "df": q, "df_denominator": np.nan, "p": float(chdtrc(q, chi2))}
    below = model.model_frame.used.df
    p = float(fdtrc(q, below, chi2 / q)) if below > 0 else np.nan
    return {"statistic": chi2 / q, "df": q, "df_denominator": below, "p": p}


def _ratio(model: "Model", groups: Groups) -> Found:
    """Likelihood ratios of the models whose lines may differ."""
    rows, notes = likelihood_ratios(model, groups, lambda columns: _widened(model, columns))
    return rows, {}, notes


def _widened(model: "Model", columns: Sequence[int]) -> Wider:
    """The model whose slopes of these columns differ by threshold."""
    size, kind = model.model_frame.x.shape[1], model.response
    response = Nonparallel(kind.link, kind.levels, tuple(range(1, size)), tuple(sorted(columns)))
    places = response.places(size)
    at = [[i for i, place in enumerate(places) if place.column == column] for column in response.free]
    return Wider(response, _gaps(np.array(at).T, len(places)))
