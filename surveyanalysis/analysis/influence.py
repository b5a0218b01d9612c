"""What single respondents do to a model: leverage, and how far each coefficient moves without them."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..estimators.fit import Matrix, Vector
from ..estimators.row_likelihood import deletions, leverages
from ..language import LANGUAGES, Text, both
from .coefficients import shown_order
from .diagnostic import Diagnostic
from .refitted import rows_at
from .wald import SINGULAR

if TYPE_CHECKING:
    from .model import Model

WHAT = both("Influence of respondents", "응답자별 영향력")
ONE_STEP = both("one Newton step without the respondent", "응답자 제외 후 뉴턴 1단계 근사")
NAMED = 5


def influence(model: "Model") -> Diagnostic:
    """Influence of every respondent on a model; see `Model.influence`."""
    parts, covariance = rows_at(model, model.params), model.fit.covariance
    assert covariance is not None  # binary and ordered models have a likelihood
    order = shown_order(model.places)
    moved, names = deletions(parts, covariance)[:, order], model.frame["term"].tolist()
    se = np.sqrt(np.diag(model.covariance))
    scaled = moved / np.where(se > 0, se, np.nan)
    used = model.model_frame.used
    people = used.survey.frame.index[used.rows]
    shares = model.expected
    largest = np.abs(np.nan_to_num(scaled)).argmax(axis=1)
    frame = pd.DataFrame(
        {
            "respondent": people,
            "answer": [_answer(model, y) for y in model.outcome.y],
            "probability": _own(shares, model.outcome.y, model.response.levels),
            "weight": used.row_weights,
            "leverage": leverages(parts, covariance),
            "distance": _distance(moved, model.covariance),
            "term": [names[j] for j in largest],
            "shift": np.take_along_axis(scaled, largest[:, None], 1)[:, 0],
        }
    )
    alone = np.asarray(np.isnan(moved).any(axis=1))
    ranked = np.argsort(-np.where(alone, np.inf, np.nan_to_num(frame["distance"].to_numpy())), kind="stable")
    steps = pd.DataFrame(scaled, people, names).iloc[ranked]
    origin = replace(model.origin, what=WHAT, interval={}).with_notes(ONE_STEP, *_warning(steps, alone[ranked]))
    shown = frame.iloc[ranked].reset_index(drop=True)
    return Diagnostic(shown, "influence", model.estimates.labels, origin, detail={"shifts": steps})


def _answer(model: "Model", y: float) -> object:
    """The level answered; for binary models whether the event happened."""
    return model.outcome.levels[int(y)] if model.response.levels else bool(y)


def _own(shares: Matrix, y: Vector, levels: int) -> Vector:
    """Probability of each respondent's own answer."""
    if levels:
        return shares[np.arange(len(y)), y.astype(np.intp)]
    return np.where(y == 1, shares[:, 0], 1 - shares[:, 0])


def _distance(moved: Matrix, covariance: Matrix) -> Vector:
    """Squared length of the move, in the coefficients' covariance, over their number; NaN where that is singular."""
    se = np.sqrt(np.diag(covariance))
    if not (se > 0).all():
        return np.full(len(moved), np.nan)
    values, vectors = np.linalg.eigh(covariance / np.outer(se, se))
    if values[0] <= SINGULAR * values[-1]:
        return np.full(len(moved), np.nan)
    return (((moved / se) @ vectors) ** 2 / values).sum(axis=1) / len(se)


def _warning(steps: pd.DataFrame, alone: NDArray[np.bool_]) -> tuple[Text, ...]:
    """Name those without whom a coefficient moves by more than its standard error, or does not exist."""
    far = (steps.abs() > 1).any(axis=1).to_numpy()
    moves = both("move a coefficient by more than its standard error", "계수를 표준오차보다 크게 움직이는 응답자")
    needs = both("are the only ones to hold a coefficient, which does not exist without them",
                 "제외하면 계수가 존재하지 않는 응답자")  # fmt: skip
    return tuple(_named(steps.index[who].tolist(), words) for who, words in ((far, moves), (alone, needs)) if who.any())


def _named(who: Sequence[object], words: Text) -> Text:
    """A note on respondents by their labels in the data."""
    more = f", ... ({len(who)})" if len(who) > NAMED else ""
    listed = ", ".join(map(str, who[:NAMED])) + more
    said = {"en": f"respondents that {words['en']}: {listed}", "ko": f"{words['ko']}: {listed}"}
    return {lang: said[lang] for lang in LANGUAGES}
