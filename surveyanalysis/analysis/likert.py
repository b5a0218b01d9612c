"""Items on one scale, side by side: shares of each answer and mean scores."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from ..design.design import Design, as_design
from ..errors import ChoiceError, LevelError, one_of
from ..estimators.fit import Matrix
from ..intervals import INTERVALS, Interval
from ..language import both
from ..results import Estimates, Test
from ..survey import Survey
from .bases import Data, answered, own_bases
from .cautions import cautions
from .compare import paired
from .groups import labels_with
from .measured import averages, measured_frame
from .origins import interval_words, origin_of
from .pairs import level_scores
from .variables import categories, columns_of


def likert(
    data: Data,
    questions: str | Sequence[str],
    *,
    interval: Interval = "wilson",
    confidence: float = 0.95,
    test: bool = False,
) -> Estimates:
    """Estimate the shares of each answer, and the mean scores, of items on the same scale.

    Parameters
    ----------
    data
        Design, or a survey or frame taken as a simple random sample.
    questions
        Likert questions on one scale; a grid stands for its items.
    interval
        "wilson", "t", "logit", "arcsine", "likelihood" or "exact", for the shares; means have t intervals.
    test
        For two items: whether the same respondents answer them differently (see `paired`).

    Returns
    -------
    Estimates
        Kind "likert"; items first, then levels in the scale's order; joint covariance over items.
        `detail["means"]`: frame by item with mean, se, ci_low, ci_high, n; `detail["scale"]`: codes in order;
        `detail["tests"]`: tuple of tests.

    Raises
    ------
    LevelError
        The items are on different scales.
    ChoiceError
        `test` is asked for other than two items; a question has no answer categories, or they have no order.
    ColumnError, DataError
        A question does not exist; nobody answered.

    Notes
    -----
    Each item has its own base: those who answered it. Scores are the codes where all are numbers, else positions 1, 2,
    ...

    References
    ----------
    R survey ``svymean`` of the indicators and of the scores, with ``na.rm`` item by item.

    Examples
    --------
    >>> import pandas as pd
    >>> scale = pd.CategoricalDtype([1, 2, 3], ordered=True)
    >>> views = pd.DataFrame({"now": [1, 2, 3, 3], "later": [2, 3, 3, None]}).astype(scale)
    >>> likert(views, ["now", "later"]).detail["means"][["mean", "n"]].round(2)
             mean  n
    outcome
    now      2.25  4
    later    2.67  3
    """
    design = as_design(data)
    one_of(interval, INTERVALS, "interval")
    names = columns_of(design.survey, questions)
    if test and len(names) != 2:
        raise ChoiceError(f"`test=True` compares two items, not {len(names)}. Name two, or use `paired`.")
    codes, scale = _scale(design.survey, names)
    used = answered(design, (codes >= 0).any(axis=1), *names)
    everybody = np.zeros(len(design.survey), np.intp)
    measured = averages(used, _indicators(codes, len(scale)), everybody, 1)
    keys: dict[str, list[Any]] = {"outcome": np.repeat(names, len(scale)).tolist(), "level": list(scale) * len(names)}
    frame = measured_frame(measured, keys, interval=interval, confidence=confidence, simple=design.simple)
    labels = labels_with(design.survey, dict.fromkeys(names, scale))
    scores, words = level_scores(scale)
    values = np.where(codes >= 0, scores[codes], np.nan)
    notes = (*words, *own_bases(design, used, values, names), *cautions(frame, (), labels, interval))
    what = both("Shares of each answer by item", "문항별 응답 비율")
    origin = origin_of(what, design, used, *names, interval=interval_words(interval, confidence), notes=notes)
    tests: tuple[Test, ...] = (paired(design, names[0], names[1]),) if test else ()
    detail = {"means": _means(used, names, values, confidence), "scale": scale, "tests": tests}
    return Estimates(frame, measured.covariance, "likert", "proportion", (), labels, origin, detail=detail)


def _scale(survey: Survey, names: Sequence[str]) -> tuple[Any, tuple[Any, ...]]:
    """Codes of all items on their common scale, shape (n, items), and the scale."""
    items = [categories(survey, name) for name in names]
    free = all(survey.question(name).type == "number" for name in names)
    scale = tuple(sorted({level for item in items for level in item.levels})) if free else items[0].levels
    strange = next((item for item in items if not free and item.levels != scale), None)
    if strange:
        raise LevelError(
            f"{strange.name!r} is on the scale {strange.levels!r}, {items[0].name!r} on {scale!r}. Items shown side by "
            "side need one scale: ask for them separately."
        )
    loose = next((item for item in items if not item.ordered), None)
    if loose:
        raise ChoiceError(
            f"{loose.name!r} holds {', '.join(map(repr, loose.levels[:8]))}, which have no order, so no score. Make it "
            "a likert question in the codebook, or an ordered pandas.Categorical; or use `frequencies`."
        )
    place = [np.array([*(scale.index(level) for level in item.levels), -1], np.intp) for item in items]
    return np.stack([to[item.codes] for to, item in zip(place, items)], axis=1), scale


def _indicators(codes: Any, levels: int) -> Matrix:
    """One 0/1 column for every item and level, NaN where the item is missing, shape (n, items * levels)."""
    hit = (codes[:, :, None] == np.arange(levels)).astype(float)
    hit[codes < 0] = np.nan
    return hit.reshape(len(codes), -1)


def _means(used: Design, names: Sequence[str], values: Matrix, confidence: float) -> pd.DataFrame:
    """Mean scores by item."""
    found = averages(used, values, np.zeros(len(values), np.intp), 1)
    frame = measured_frame(found, {"outcome": list(names)}, confidence=confidence, counted=False)
    return frame.rename(columns={"estimate": "mean"}).set_index("outcome")[["mean", "se", "ci_low", "ci_high", "n"]]
