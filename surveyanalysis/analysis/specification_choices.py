"""The choices that a grid of specifications crosses, each checked at the door."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import combinations, product
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray

from ..design.design import Design
from ..errors import ChoiceError, one_of, unknown_level
from ..survey import Survey
from .groups import one_column
from .model_matrix import read
from .other_designs import differs_without
from .specifications import BINARY, Drawn, Missing, ModelName, Plan, Specification, formula_of, labels_of, quoted
from .variables import categories, is_categorical

MOST = 5000
CONTROLS = 10


def planned(
    design: Design,
    names: tuple[str, str],
    asked: Mapping[str, Any],
    *,
    focus_level: Any,
    step: float | None,
    confidence: float,
) -> Plan:
    """Check every choice and cross them; specifications that cannot differ from another are left out."""
    survey = design.survey
    outcome, focus = (one_column(survey, name, what) for name, what in zip(names, ("outcome", "focus")))
    if outcome == focus:
        raise ChoiceError(
            f"`focus` is {focus!r}, which is the outcome itself. Name the question whose effect is meant."
        )
    models = _listed(asked["models"], "models", get_args(ModelName))
    cuts = _cuts(survey, outcome, asked["cuts"], models)
    covariates = _covariates(asked["covariates"], asked["controls"])
    questions = {sets: _questions(survey, outcome, focus, sets) for sets in covariates}
    weights, designs = _drawn(design, asked["weights"], asked["designs"])
    missing = _listed(asked["missing"], "missing", get_args(Missing))
    domains = _domains(design, asked["where"])
    answered = {sets: survey.frame[list(found)].notna().to_numpy(bool).all(axis=1) for sets, found in questions.items()}
    common = np.logical_and.reduce(list(answered.values()))
    crossed = [
        Specification(*choice) for choice in product(cuts, models, covariates, weights, designs, missing, domains)
    ]
    kept = tuple(s for s in crossed if not _twice(s, missing, answered[s.covariates], common, domains))
    if len(kept) > MOST:
        raise ChoiceError(f"The choices cross into {len(kept):,} specifications, more than {MOST:,}. Ask for fewer.")
    labels = labels_of(survey, outcome, focus, kept, domains)
    plan = Plan(design, outcome, focus, _level(survey, focus, focus_level, step), step, confidence, kept, domains,
                common, labels)  # fmt: skip
    filled = _filled(design, asked["imputed"], missing)
    return replace(
        plan, imputations=tuple(replace(plan, design=d, domains=_domains(d, asked["where"])) for d in filled)
    )


def _filled(design: Design, imputed: Any, missing: Sequence[Any]) -> Sequence[Design]:
    """Designs of the imputations, if they are asked for and are of these respondents."""
    wanted = "imputed" in missing
    if imputed is None and wanted:
        raise ChoiceError('`missing` asks for "imputed": say how, by imputed=sa.impute(design, [questions]).')
    if imputed is None:
        return ()
    if not wanted:
        raise ChoiceError('`imputed` is given, but `missing` does not hold "imputed". Add it, or leave `imputed` out.')
    theirs = getattr(imputed, "design", None)
    if not isinstance(theirs, Design) or not theirs.survey.frame.index.equals(design.survey.frame.index):
        raise ChoiceError("`imputed` holds no imputations of these respondents. Impute the design that the grid is of.")
    return tuple(imputed.designs)


def _twice(
    spec: Specification,
    missing: Sequence[Any],
    own: NDArray[np.bool_],
    common: NDArray[np.bool_],
    domains: Mapping[str, Design],
) -> bool:
    """Whether a specification with the common base, or with filled answers, is the one with its own base."""
    if spec.missing == "complete" or "complete" not in missing:
        return False
    same = own == common if spec.missing == "common" else own
    return bool(same[domains[spec.where].rows].all())


def _listed(given: Any, name: str, choices: Sequence[Any]) -> tuple[Any, ...]:
    """Choices out of a closed set, none twice."""
    listed = (given,) if isinstance(given, str | bool) else tuple(given)
    if not listed:
        raise ChoiceError(f"`{name}` is empty, so that there is no specification. Choose of: {_said(choices)}.")
    for one in listed:
        one_of(one, choices, name)
    _once(listed, name)
    return listed


def _said(choices: Iterable[Any]) -> str:
    return ", ".join(map(repr, choices))


def _once(listed: Sequence[Any], name: str) -> None:
    twice = next((one for i, one in enumerate(listed) if one in listed[:i]), None)
    if twice is not None:
        raise ChoiceError(f"`{name}` holds {twice!r} twice: the same specification would count twice.")


def _cuts(survey: Survey, outcome: str, asked: Any, models: Sequence[str]) -> tuple[tuple[Any, ...], ...]:
    """Answers that are the event, each set by the codes of the outcome."""
    levels = categories(survey, outcome).levels
    if asked is None:
        several = next((m for m in models if m not in BINARY), None)
        if several:
            raise ChoiceError(f"`models` holds {several!r}: say by `cuts` which answers its effects are summed over.")
        return ((),)
    if isinstance(asked, str) or not list(asked):
        raise ChoiceError(f"`cuts` is {asked!r}; give lists of answers, such as cuts=[{[levels[-1]]!r}].")
    cuts = [tuple(cut) if isinstance(cut, list | tuple | set) else (cut,) for cut in asked]
    for cut in cuts:
        wrong = next((level for level in cut if level not in levels), None)
        if wrong is not None:
            raise unknown_level(wrong, outcome, levels)
        if not 0 < len(set(cut)) < len(levels):
            raise ChoiceError(f"`cuts` holds {list(cut)!r}; an event is some, not all, of {_said(levels)}.")
    ordered = tuple(tuple(level for level in levels if level in cut) for cut in cuts)
    _once(ordered, "cuts")
    return ordered


def _covariates(sets: Any, controls: Any) -> tuple[tuple[str, ...], ...]:
    """Sets of covariates as given, or every subset of the controls, the smallest first."""
    if sets is not None and controls is not None:
        raise ChoiceError("Give `covariates` (sets as they stand) or `controls` (all their subsets), not both.")
    if controls is not None:
        names = _terms(controls, "controls")
        if len(names) > CONTROLS:
            raise ChoiceError(f"`controls` holds {len(names)} terms, of which there are 2^{len(names)} subsets. Name "
                              f"at most {CONTROLS}, or give the sets by `covariates`.")  # fmt: skip
        return tuple(chosen for size in range(len(names) + 1) for chosen in combinations(names, size))
    if sets is None:
        return ((),)
    if isinstance(sets, str) or not list(sets) or any(isinstance(one, str) for one in sets):
        raise ChoiceError(f'`covariates` is {sets!r}; give lists of terms, such as [[], ["age"], ["age", "degree"]].')
    found = tuple(_terms(one, "covariates") for one in sets)
    _once([frozenset(one) for one in found], "covariates")
    return found


def _terms(given: Any, name: str) -> tuple[str, ...]:
    listed = (given,) if isinstance(given, str) else tuple(given)
    wrong = next((term for term in listed if not isinstance(term, str) or not term.strip()), None)
    if wrong is not None:
        raise ChoiceError(f"`{name}` holds {wrong!r}; a term is a text, such as 'age' or 'log(pay)'.")
    _once(listed, name)
    return listed


def _questions(survey: Survey, outcome: str, focus: str, covariates: Sequence[str]) -> tuple[str, ...]:
    """Questions of a specification; the focus may not be among its covariates."""
    if covariates and focus in read(survey, f"{quoted(outcome)} ~ {' + '.join(covariates)}").questions:
        raise ChoiceError(f"`focus` is {focus!r}, which is also among the covariates {list(covariates)}. Take it out.")
    return (outcome, *read(survey, formula_of(outcome, focus, covariates)).questions)


def _drawn(design: Design, weights: Any, designs: Any) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
    """Weights and designs, both of which must be able to differ where both are asked for."""
    found = _listed(weights, "weights", (True, False)), _listed(designs, "designs", get_args(Drawn))
    differs = differs_without(design)
    for asked, name, can, why in zip(
        found, ("weights", "designs"), differs, ("equal weights", "no strata or clusters")
    ):
        if len(asked) > 1 and not can:
            raise ChoiceError(f"`{name}` asks for {_said(asked)}, but the design has {why}: every specification would "
                              "count twice. Ask for one.")  # fmt: skip
    return found


def _domains(design: Design, where: Any) -> dict[str, Design]:
    """Domains by their expressions; None is everybody in the design."""
    listed = (where,) if isinstance(where, str) or where is None else tuple(where)
    if not listed:
        raise ChoiceError("`where` is empty, so that there is no specification. None stands for everybody.")
    _once(listed, "where")
    return {one or "": design.where(one) if one else design for one in listed}


def _level(survey: Survey, focus: str, level: Any, step: float | None) -> int | None:
    """Position of the level of the focus that is compared with the first; None for a number."""
    if not is_categorical(survey, focus):
        if level is not None:
            raise ChoiceError(f"`focus_level` is {level!r}, but {focus!r} is a number. Use `step` for a difference.")
        if step is not None and (
            isinstance(step, bool) or not isinstance(step, int | float) or not 0 < abs(step) < np.inf
        ):
            raise ChoiceError(f"`step` is {step!r}; give a number other than 0, such as 10.")
        return None
    levels = categories(survey, focus).levels
    if step is not None:
        raise ChoiceError(f"`step` is {step!r}, but {focus!r} has answer categories. Use `focus_level`.")
    if level is None and len(levels) != 2:
        raise ChoiceError(f"`focus` is {focus!r} with {len(levels)} answers: say by `focus_level` which one is "
                          f"compared with {levels[0]!r}: {_said(levels[1:])}.")  # fmt: skip
    if level is not None and level not in levels:
        raise unknown_level(level, focus, levels)
    position = 1 if level is None else list(levels).index(level)
    if position == 0:
        raise ChoiceError(f"`focus_level` is {level!r}, with which the others are compared. Name another answer.")
    return position
