"""The effect of one specification: its model, and what the focus does to the probability of the event."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from ..errors import ConvergenceError, DataError, SeparationError
from ..estimators.pooling import pooled
from ..intervals import t_interval, t_p_values
from .averaging import averages
from .binary_links import cloglog, probit
from .contrasts import contrasts, setting_of
from .firth import firth
from .model import Model
from .multinomial import multinomial
from .ordinal import ordered
from .regression import logit
from .specifications import BINARY, Plan, Specification

Status = Literal["solved", "separated", "unsolved", "no_answers"]
STATUS: dict[type[Exception], Status] = {
    SeparationError: "separated",
    ConvergenceError: "unsolved",
    np.linalg.LinAlgError: "unsolved",
    DataError: "no_answers",
}
FAILS = tuple(STATUS)
NONE = float("nan")


@dataclass(frozen=True, slots=True)
class Effect:
    """An effect on the probability of the event, with its error."""

    estimate: float
    se: float
    df: float

    @property
    def statistic(self) -> float:
        """Estimate over its error."""
        return self.estimate / self.se if self.se > 0 else NONE

    @property
    def p(self) -> float:
        """Of no effect."""
        return float(t_p_values(np.array([self.statistic]), np.array([self.df]))[0])

    def interval(self, confidence: float) -> tuple[float, float]:
        """Its t interval."""
        low, high = t_interval(np.array([self.estimate]), np.array([self.se]), self.df, confidence)
        return float(low[0]), float(high[0])


@dataclass(frozen=True, eq=False)
class Solved:
    """A specification with its model and effect, or the reason why there is none."""

    specification: Specification
    model: Model | None = None
    effect: Effect | None = None
    status: Status = "solved"
    reason: str = ""


def _binary(verb: Callable[..., Model], **more: Any) -> Callable[[Plan, Specification], Model]:
    def fitted(plan: Plan, spec: Specification) -> Model:
        event = list(spec.cut) or None
        return verb(plan.design_of(spec), plan.formula(spec), event=event, confidence=plan.confidence, **more)

    return fitted


def _several(verb: Callable[..., Model], **more: Any) -> Callable[[Plan, Specification], Model]:
    def fitted(plan: Plan, spec: Specification) -> Model:
        return verb(plan.design_of(spec), plan.formula(spec), confidence=plan.confidence, **more)

    return fitted


FITTED: dict[str, Callable[[Plan, Specification], Model]] = {
    "logit": _binary(logit),
    "probit": _binary(probit),
    "cloglog": _binary(cloglog),
    "firth": _binary(firth, variance="design"),
    "ordered": _several(ordered),
    "ordered_probit": _several(ordered, link="probit"),
    "multinomial": _several(multinomial),
}


def solve(plan: Plan) -> tuple[Solved, ...]:
    """Every specification of a plan; a model that serves several cuts is fitted once."""
    fits = {id(one): _Fits(one) for one in (plan, *plan.imputations)}
    return tuple(
        _pooled(spec, [fits[id(one)].effect(spec) for one in plan.imputations])
        if spec.missing == "imputed"
        else fits[id(plan)].effect(spec)
        for spec in plan.specifications
    )


class _Fits:
    """Models of a plan, each fitted once."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.models: dict[tuple[Any, ...], Model | Exception] = {}

    def effect(self, spec: Specification) -> Solved:
        """The effect of a specification."""
        if spec.same_model not in self.models:
            self.models[spec.same_model] = _fitted(self.plan, spec)
        return _effect(self.plan, spec, self.models[spec.same_model])


def _pooled(spec: Specification, parts: Sequence[Solved]) -> Solved:
    """One effect from those of the imputations, by Rubin's rules; without a result on one of them there is none."""
    found = [part.effect for part in parts if part.effect is not None]
    for i, part in enumerate(parts, 1):
        if part.effect is None:
            return replace(part, reason=f"imputation {i} of {len(parts)}: {part.reason}")
    rules = pooled(
        np.array([[one.estimate] for one in found]),
        np.array([[[one.se**2]] for one in found]),
        np.array([found[0].df]),
    )
    return Solved(spec, parts[0].model, Effect(rules.estimate.item(), rules.total.item() ** 0.5, rules.df.item()))


def _fitted(plan: Plan, spec: Specification) -> Model | Exception:
    try:
        return FITTED[spec.model](plan, spec)
    except FAILS as failed:
        return failed


def _effect(plan: Plan, spec: Specification, model: Model | Exception) -> Solved:
    """The effect, or why there is none."""
    if isinstance(model, Exception):
        return _failed(spec, model)
    try:
        return Solved(spec, model, effects_on(plan, model, [spec])[0])
    except FAILS as failed:
        return _failed(spec, failed)


def _failed(spec: Specification, failed: Exception) -> Solved:
    status = next(word for kind, word in STATUS.items() if isinstance(failed, kind))
    return Solved(spec, status=status, reason=str(failed))


def effects_on(plan: Plan, model: Model, specs: Sequence[Specification]) -> list[Effect]:
    """Average effect of the focus on the probability of each specification's event, from one model.

    Raises
    ------
    DataError
        Nobody used chose the level of the focus, its reference, or an answer of the event.
    """
    setting = setting_of(model, "sample")
    at = _place(plan, model)
    contrast = list(contrasts(model, setting, plan.focus, plan.step))[at]
    estimate, covariance = averages(model, setting, [contrast])
    found = []
    for spec in specs:
        taken = np.ones(1) if spec.model in BINARY else _event(model, spec)
        found.append(Effect(float(taken @ estimate), float(np.sqrt(max(taken @ covariance @ taken, 0.0))), model.df))
    return found


def _place(plan: Plan, model: Model) -> int:
    """Which contrast of the focus is meant."""
    part = model.model_frame.basis.category(plan.focus)
    if part is None or plan.level is None:
        return 0
    chosen = {0: part.reference == 0, plan.level: plan.level in part.shown}
    for position, there in chosen.items():
        if not there:
            level = part.variable.levels[position]
            raise DataError(f"Nobody used answered {level!r} to {plan.focus!r}: there is nothing to compare.")
    return part.shown.index(plan.level)


def _event(model: Model, spec: Specification) -> Any:
    """1 at the levels of the event, shape (levels,)."""
    taken = np.array([level in spec.cut for level in model.outcome.levels], float)
    if not 0 < taken.sum() < len(taken):
        raise DataError(f"Everybody used, or nobody, answered {list(spec.cut)} to {model.outcome.name!r}.")
    return taken
