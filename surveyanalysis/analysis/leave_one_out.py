"""A model without each respondent, or each cluster: how far any one of them carries the conclusion."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..errors import ChoiceError, one_of
from ..estimators.fit import Matrix, Vector
from ..intervals import t_p_values
from ..language import LANGUAGES, Text, both
from .coefficients import shown_order
from .count_model import CountRegression
from .diagnostic import Diagnostic
from .linear import LinearModel
from .model import Model
from .progress import followed
from .refits import FAILS

Unit = Literal["respondent", "cluster"]
Codes = NDArray[np.intp]
WHAT: dict[str, Text] = {
    "respondent": both("Coefficients without each respondent", "응답자를 한 명씩 제외한 회귀계수"),
    "cluster": both("Coefficients without each cluster", "집락을 하나씩 제외한 회귀계수"),
}
EXACT = both(
    "each refitted; who is left out leaves as a domain does, so that strata and clusters stay",
    "매번 다시 적합; 제외는 부분집단으로 처리하여 층과 집락은 유지",
)
TURNS: dict[str, Text] = {
    "sign": both("changes its sign without", "부호가 바뀌는 제외 대상"),
    "significance": {"en": "crosses p = {p:.2g} without", "ko": "p = {p:.2g} 기준을 넘나드는 제외 대상"},
}
NAMED = 5


def leave_one_out(
    model: "Model | LinearModel | CountRegression", by: Unit = "respondent", *, progress: bool = True
) -> Diagnostic:
    """Refit a model without each respondent, or each cluster.

    Parameters
    ----------
    model
        Of `logit`, `ordered`, `multinomial` and the like.
    by
        "respondent", or "cluster" of the design's first stage.
    progress
        Whether a line tells how far the refits are, where they take long.

    Returns
    -------
    Diagnostic
        Kind "leave_one_out": a row a coefficient, in the order of the model: estimate, p; the lowest and the highest
        estimate and without whom; `sign_changes` and `significance_changes`, the numbers of those without whom the sign
        or the significance is another. `detail["estimates"]` and `detail["p"]` hold every refit, a row each, NaN where
        there is no solution, `detail["unsolved"]` who that is.

    Raises
    ------
    ChoiceError
        The model has replicate weights or one cluster only, the design has no clusters, or `by` is no unit.

    Notes
    -----
    Exact, not one Newton step as `Model.influence`; errors and degrees of freedom are those of the call on the domain
    without the unit. Significance: p below 1 - confidence.

    Examples
    --------
    >>> import pandas as pd
    >>> from surveyanalysis.analysis.regression import logit
    >>> people = pd.DataFrame({"y": [0, 0, 1, 0, 1, 1, 0, 1], "age": [50, 41, 38, 44, 47, 29, 33, 35]})
    >>> found = leave_one_out(logit(people, "y ~ age")).frame.iloc[1]
    >>> found[["lowest", "estimate", "highest"]].astype(float).round(3).tolist()
    [-0.284, -0.113, -0.061]
    """
    one_of(by, tuple(WHAT), "by")
    groups, names = _units(model, by)
    found = list(followed(_refits(model, groups, len(names)), len(names), "refits", progress))
    estimates, p = (np.array(part) for part in zip(*found))
    terms = model.frame["term"].tolist()
    sides = _Sides(estimates, p, names, 1 - model.confidence)
    frame = _frame(model, sides)
    lost = np.isnan(estimates).all(axis=1)
    unsolved = [name for name, gone in zip(names, lost) if gone]
    index = pd.Index(names, name=by)
    detail = {"estimates": pd.DataFrame(estimates, index, terms), "p": pd.DataFrame(p, index, terms),
              "unsolved": unsolved, "by": by}  # fmt: skip
    notes = (EXACT, *_unsolved(unsolved), *sides.told(model))
    origin = replace(model.origin, what=WHAT[by], interval={}).with_notes(*notes)
    extra = {"refits": len(names), "unsolved": len(unsolved)}
    return Diagnostic(frame, "leave_one_out", model.estimates.labels, origin, extra, detail)


def _units(model: "Model | LinearModel | CountRegression", by: Unit) -> tuple[Codes, list[Any]]:
    """Unit of each row used, codes from 0, and the units' names."""
    if not isinstance(model, Model | LinearModel | CountRegression):
        raise ChoiceError(
            f"`model` is a {type(model).__name__}; give a model of `logit`, `ordered`, `linear`, `poisson` or the like."
        )
    used = model.model_frame.used
    if used.replicates is not None:
        raise ChoiceError("A model with replicate weights has no units to leave out; its replicates do that already.")
    people = used.survey.frame.index[used.rows]
    if by == "respondent":
        return np.arange(len(people)), people.tolist()
    column, stage = used.asked["clusters"], used.sample.first
    if column is None:
        raise ChoiceError("`by` is 'cluster', but the design has no clusters. Give `Design(...)` clusters.")
    found, groups = np.unique(stage.owners(used.rows), return_inverse=True)
    if len(found) < 2:
        raise ChoiceError("`by` is 'cluster', but everybody used lies in one: nobody would be left.")
    return groups, _named(used, column, groups)


def _named(used: Any, column: Any, groups: Codes) -> list[Any]:
    """What clusters are called in their column; with their numbers where a name stands for several."""
    first = column[0] if isinstance(column, list | tuple) else column
    values = used.survey.frame[first] if isinstance(first, str) else first.reindex(used.survey.frame.index)
    told = values.iloc[used.rows].to_numpy(object)
    names = [told[row] for row in np.unique(groups, return_index=True)[1]]
    return names if len(set(names)) == len(names) else [f"{name} ({i})" for i, name in enumerate(names, 1)]


def _refits(
    model: "Model | LinearModel | CountRegression", groups: Codes, count: int
) -> Iterator[tuple[Vector, Vector]]:
    """Coefficients and p-values without each unit, in printed order."""
    order, nothing = shown_order(model.places), np.full(len(model.params), np.nan)
    for unit in range(count):
        try:
            part = without_rows(model, groups != unit)
        except FAILS:
            yield nothing, nothing
            continue
        # a penalised model's p-values may come from its profile, which only its own frame knows
        own = getattr(model, "penalised", False)
        yield part.params[order], part.frame["p"].to_numpy(float) if own else _p(part)[order]


def _p(model: "Model | LinearModel | CountRegression") -> Vector:
    """p-values of the parameters, without the words that a frame brings."""
    se = np.sqrt(np.diag(model.params_covariance))
    with np.errstate(all="ignore"):
        return np.asarray(t_p_values(model.params / se, np.full(len(se), model.df)))


def without_rows(model: Any, kept: NDArray[np.bool_]) -> Any:
    """The model on a part of its respondents, shape (m,), with the columns that it has."""
    frame = model.model_frame
    inside = np.zeros(len(frame.design.survey), bool)
    inside[frame.used.rows[kept]] = True
    used = frame.used.within(inside)
    answers = {name: values[kept] for name, values in frame.answers.items()}
    smaller = replace(frame, used=used, answers=answers, x=frame.x[kept])
    part: Any
    if isinstance(model, LinearModel):
        part = replace(model, model_frame=smaller, y=model.y[kept])
    else:
        part = replace(model, model_frame=smaller, outcome=replace(model.outcome, y=model.outcome.y[kept]))
    response: Any = model.response
    if getattr(response, "offset", None) is not None:
        part = replace(part, response=replace(response, offset=response.offset[kept]))
    return replace(part, fit=part.refit(used.row_weights))


@dataclass(frozen=True)
class _Sides:
    """Estimates and p-values of all refits (R, k), whom each leaves out, and where significance begins."""

    estimates: Matrix
    p: Matrix
    names: Sequence[Any]
    edge: float

    def turned(self, model: "Model | LinearModel | CountRegression") -> dict[str, NDArray[np.bool_]]:
        """Which refits have another sign or significance than the model, each (R, k)."""
        own, solved = model.frame, ~np.isnan(self.estimates)
        sign = np.sign(self.estimates) != np.sign(own["estimate"].to_numpy(float))
        crossed = (self.p < self.edge) != (own["p"].to_numpy(float) < self.edge)
        return {"sign": sign & solved, "significance": crossed & solved}

    def told(self, model: "Model | LinearModel | CountRegression") -> Iterator[Text]:
        """Notes on coefficients that hang on single units, thresholds and intercepts left out."""
        own = model.frame
        for kind, moved in self.turned(model).items():
            for j in np.flatnonzero(moved.any(axis=0)):
                if own["component"].iloc[j] != "slope" or own["term"].iloc[j] == "(intercept)":
                    continue
                who = [name for name, other in zip(self.names, moved[:, j]) if other]
                yield {
                    lang: f"{model.estimates.labels.column(own['term'].iloc[j], lang)}: "
                    f"{TURNS[kind][lang].format(p=self.edge)}: {_listed(who)}"
                    for lang in LANGUAGES
                }


def _frame(model: "Model | LinearModel | CountRegression", sides: _Sides) -> pd.DataFrame:
    """A row a coefficient."""
    own = model.frame
    low, high = (_at(sides.estimates, side) for side in (np.nanargmin, np.nanargmax))
    keys = [name for name in ("outcome", "level", "component", "term") if name in own]
    turned = sides.turned(model)
    values = {
        "estimate": own["estimate"],
        "p": own["p"],
        "lowest": np.take_along_axis(sides.estimates, low[None], 0)[0],
        "lowest_without": [sides.names[r] for r in low],
        "highest": np.take_along_axis(sides.estimates, high[None], 0)[0],
        "highest_without": [sides.names[r] for r in high],
        "sign_changes": turned["sign"].sum(axis=0),
        "significance_changes": turned["significance"].sum(axis=0),
        "n": own["n"],
    }
    return pd.DataFrame({**{name: own[name] for name in keys}, **values})


def _at(estimates: Matrix, side: Any) -> Codes:
    """Refit with the lowest or highest estimate of each coefficient."""
    if np.isnan(estimates).all():
        raise ChoiceError("No refit has a solution: the model hangs on everybody. Leave out terms first.")
    return np.asarray(side(estimates, axis=0), np.intp)


def _unsolved(who: Sequence[Any]) -> tuple[Text, ...]:
    if not who:
        return ()
    return (both("no solution without: {w}", "제외하면 해가 없는 대상: {w}", w=_listed(who)),)


def _listed(who: Sequence[Any]) -> str:
    return ", ".join(map(str, who[:NAMED])) + (f", ... ({len(who)})" if len(who) > NAMED else "")
