"""All specifications of a grid on rearranged answers: the joint test of a specification curve."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..errors import ChoiceError, DataError, DesignError, one_of
from ..estimators.fit import Matrix, Vector
from ..estimators.permutation import share_as_far
from ..language import LANGUAGES, Text, both, say
from .diagnostic import Diagnostic
from .draws import check_draws, check_seed
from .model import Model
from .permutation_test import INSIDE, STRATA, WEIGHTED, WHOLES
from .progress import followed
from .specification_effects import FAILS, effects_on
from .specifications import BINARY, Plan, Specification
from .variables import categories, is_categorical, numbers

if TYPE_CHECKING:
    from .specification_grid import SpecificationGrid

Shuffled = Literal["focus", "outcome"]
Codes = NDArray[np.intp]
STATISTICS = ("median", "significant", "stouffer")
WHAT: Text = {
    "en": "joint permutation test of {n} specifications ({d:,} draws, seed {s})",
    "ko": "명세 {n}개의 결합 순열검정({d:,}회, 시드 {s})",
}
NULL: dict[str, Text] = {
    "focus": both(
        "answers of the focus change places: it is related to nothing",
        "관심 변수의 응답을 순열: 어떤 변수와도 무관",
    ),
    "outcome": both(
        "answers of the outcome change places: nothing explains it",
        "결과 변수의 응답을 순열: 어떤 변수로도 설명되지 않음",
    ),
}
LOST: Text = {
    "en": "{k:,} of {n:,} refits without a solution, left out of their draw",
    "ko": "재적합 {n:,}회 중 {k:,}회는 해가 없어 제외",
}


def permuted(grid: "SpecificationGrid", shuffled: Shuffled, draws: Any, seed: Any, progress: bool) -> Diagnostic:
    """The joint test; see `SpecificationGrid.permutation_test`."""
    one_of(shuffled, tuple(NULL), "shuffled")
    count, start = check_draws(draws), check_seed(seed)
    plan = grid.plan
    if plan.design.replicates is not None:
        raise DesignError("A design with replicate weights does not say which answers could change places.")
    if plan.imputations:
        raise ChoiceError(
            "Some specifications rest on imputed answers, which would have to be imputed anew in every draw: ask for "
            'a grid with `missing` "complete" or "common" for this test.'
        )
    asked = plan.focus if shuffled == "focus" else plan.outcome
    values = _values(plan, asked, shuffled)
    units = _units(plan, asked, values)
    parts = _parts(grid)
    edge = 1 - plan.confidence
    observed = curve_statistics(_observed(grid), edge)
    moved = followed(_arranged(values, units, count, start), count, "draws", progress)
    curves = [_curve(plan, parts, shuffled, one) for one in moved]
    found = np.array([curve_statistics(curve, edge) for curve in curves])
    lost = sum(int(np.isnan(curve).any(axis=1).sum()) for curve in curves)
    return _result(grid, shuffled, units, _Drawn(observed, found, lost, start))


@dataclass(frozen=True)
class _Drawn:
    """Statistics of the sample (3,) and of every draw (R, 3), refits lost, and the seed."""

    observed: Vector
    found: Matrix
    lost: int
    seed: int


@dataclass(frozen=True)
class _Units:
    """What changes places.

    Attributes
    ----------
    rows
        Rows whose answers move, shape (m,).
    unit
        Unit of each of these rows, codes from 0.
    block
        Block of each unit, within which values change places.
    first
        A row of each unit, which holds its value.
    """

    rows: Codes
    unit: Codes
    block: Codes
    first: Codes
    notes: tuple[Text, ...]


def _values(plan: Plan, name: str, shuffled: Shuffled) -> NDArray[Any]:
    """Answers of all rows as models hold them, shape (n,): codes of categories, else numbers."""
    survey = plan.design.survey
    if shuffled == "outcome" or is_categorical(survey, name):
        return categories(survey, name).codes
    return numbers(survey, name)


def _units(plan: Plan, name: str, values: NDArray[Any]) -> _Units:
    """Respondents or clusters, and the blocks within which their answers change places."""
    design = plan.design
    known = design.survey.column(name).notna().to_numpy(bool)
    rows = design.rows[known[design.rows]]
    stage = design.sample.first
    owner = stage.owners(rows)
    stratum = stage.stratum[owner]
    notes: tuple[Text, ...] = (STRATA,) if np.ptp(stratum) > 0 else ()
    notes = (*notes, WEIGHTED) if np.ptp(design.weights[rows]) > 0 else notes
    alone = np.arange(len(rows))
    if stage.cluster is None:
        units = _Units(rows, alone, stratum, rows, notes)
    else:
        _, at, unit = np.unique(owner, return_index=True, return_inverse=True)
        whole = bool((values[rows] == values[rows[at]][unit]).all())
        units = (
            _Units(rows, unit, stratum[at], rows[at], (*notes, WHOLES))
            if whole
            else _Units(rows, alone, owner, rows, (*notes, INSIDE))
        )
    held = pd.Series(values[units.first]).groupby(units.block).nunique()
    if held.max() < 2:
        raise DataError(f"{name!r} has one answer within every stratum or cluster: nothing can change places.")
    return units


def _arranged(values: NDArray[Any], units: _Units, draws: int, seed: int) -> Iterator[NDArray[Any]]:
    """Answers of all rows, rearranged, shape (n,), draw by draw."""
    rng = np.random.default_rng(seed)
    own = values[units.first]
    places = np.argsort(units.block, kind="stable")
    for _ in range(draws):
        order = np.lexsort((rng.random(len(own)), units.block))
        given = np.empty_like(own)
        given[places] = own[order]
        moved = values.copy()
        moved[units.rows] = given[units.unit]
        yield moved


def _parts(grid: "SpecificationGrid") -> list[tuple[Model, list[Specification]]]:
    """Models with the specifications that rest on each, in the order of `_observed`."""
    found: dict[int, tuple[Model, list[Specification]]] = {}
    for one in grid.solved:
        if one.effect is not None and one.model is not None:
            found.setdefault(id(one.model), (one.model, []))[1].append(one.specification)
    return list(found.values())


def _observed(grid: "SpecificationGrid") -> Matrix:
    """Estimates, statistics and p-values of the sample, shape (S, 3)."""
    return grid.curve[["estimate", "statistic", "p"]].to_numpy(float)


def _curve(
    plan: Plan, parts: Sequence[tuple[Model, list[Specification]]], shuffled: Shuffled, values: NDArray[Any]
) -> Matrix:
    """Estimates, statistics and p-values on rearranged answers, shape (S, 3); NaN where there is no solution."""
    again: Callable[[Plan, Model, NDArray[Any], Specification], Model] = (
        with_focus if shuffled == "focus" else with_outcome
    )
    rows: list[tuple[float, float, float]] = []
    for model, specs in parts:
        try:
            found = effects_on(plan, again(plan, model, values, specs[0]), specs)
        except FAILS:
            rows += [(np.nan,) * 3] * len(specs)
        else:
            rows += [(effect.estimate, effect.statistic, effect.p) for effect in found]
    return np.array(rows, float)


def with_focus(plan: Plan, model: Model, values: NDArray[Any], spec: Specification) -> Model:
    """The model refitted with other answers of the focus, shape (n,)."""
    frame = model.model_frame
    own = values[frame.used.rows]
    part = frame.basis.category(plan.focus)
    if part is not None and set(np.unique(own)) != {part.reference, *part.shown}:
        raise DataError("The rearranged answers of the focus have other levels than the model.")
    answers = {**frame.answers, plan.focus: own}
    other = replace(model, model_frame=replace(frame, answers=answers, x=frame.basis.matrix(answers)))
    return replace(other, fit=other.refit(frame.used.row_weights))


def with_outcome(plan: Plan, model: Model, values: NDArray[Any], spec: Specification) -> Model:
    """The model refitted with other answers of the outcome, as positions of its levels, shape (n,)."""
    frame, levels = model.model_frame, categories(plan.design.survey, plan.outcome).levels
    own = values[frame.used.rows]
    if spec.model in BINARY:
        event = spec.cut or model.outcome.levels
        y = np.array([level in event for level in levels], float)[own]
        if y.min() == y.max():
            raise DataError("The rearranged outcome has one answer only.")
    else:
        known = {level: i for i, level in enumerate(model.outcome.levels)}
        y = np.array([known.get(level, -1) for level in levels], float)[own]
        if set(np.unique(y)) != set(range(len(known))):
            raise DataError("The rearranged outcome has other levels than the model.")
    other = replace(model, outcome=replace(model.outcome, y=y))
    return replace(other, fit=other.refit(frame.used.row_weights))


def curve_statistics(curve: Matrix, edge: float) -> Vector:
    """Median effect, significant specifications with its sign, and Stouffer's z, shape (3,).

    Examples
    --------
    >>> curve_statistics(np.array([[0.1, 2.5, 0.01], [0.2, 1.0, 0.3], [np.nan] * 3]), 0.05).round(3)
    array([0.15 , 1.   , 2.475])
    """
    solved = curve[~np.isnan(curve).any(axis=1)]
    if not len(solved):
        return np.zeros(3)
    estimate, z, p = solved.T
    median = float(np.median(estimate))
    together = (p < edge) & (np.sign(estimate) == np.sign(median))
    return np.array([median, float(together.sum()), float(z.sum() / np.sqrt(len(solved)))])


def _result(grid: "SpecificationGrid", shuffled: Shuffled, units: _Units, drawn: _Drawn) -> Diagnostic:
    """The test as readers see it."""
    draws = len(drawn.found)
    pairs = [share_as_far(drawn.observed[j], drawn.found[:, j], False) for j in range(len(STATISTICS))]
    frame = pd.DataFrame(
        {
            "component": STATISTICS,
            "estimate": drawn.observed,
            "under_null": np.median(np.abs(drawn.found), axis=0),
            "p": [p for p, _ in pairs],
            "monte_carlo_se": [error for _, error in pairs],
        }
    )
    n = len(grid.curve)
    words = both(WHAT["en"], WHAT["ko"], n=n, d=draws, s=drawn.seed)
    asked = grid.labels.columns[grid.plan.outcome]
    what = {lang: f"{say(asked, lang)}: {words[lang]}" for lang in LANGUAGES}
    lost = (both(LOST["en"], LOST["ko"], k=drawn.lost, n=n * draws),) if drawn.lost else ()
    origin = replace(grid.origin, what=what, interval={}).with_notes(NULL[shuffled], *units.notes, *lost)
    return Diagnostic(
        frame, "specification_test", grid.labels, origin, {"draws": draws, "seed": drawn.seed, "lost": drawn.lost},
        {"draws": pd.DataFrame(drawn.found, columns=list(STATISTICS))},
    )  # fmt: skip
