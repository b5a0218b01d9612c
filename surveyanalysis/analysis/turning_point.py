"""Inverted U and U: where a curve turns, and whether it does so among the respondents."""

from typing import TYPE_CHECKING

import numpy as np

from ..errors import ChoiceError
from ..intervals import t_quantile
from ..language import Text, both, say
from ..results import Test
from .variables import column_words

if TYPE_CHECKING:
    from .margins import AnyModel

Interval = tuple[float, float]
BEYOND: Text = {
    "en": "the turning point lies outside the answers ({low:g} to {high:g}): there is no turn to be seen, only a slope "
    "that flattens",
    "ko": "전환점이 응답 범위({low:g}~{high:g}) 밖에 있음: 전환이 아니라 기울기가 완만해지는 것",
}
ENDLESS = both(
    "the square may be zero, so that the interval of the turning point has no end",
    "제곱항이 0일 수 있어 전환점의 신뢰구간이 유한하지 않음",
)


def turning_point(model: "AnyModel", question: str, *, confidence: float | None = None) -> Test:
    """Test an inverted U, or a U, and tell where it turns.

    Parameters
    ----------
    model
        Any model with one linear predictor whose formula holds the question and its square: ``"sales ~ age + age^2"``.
    question
        The number.
    confidence
        Level of the interval of the turning point; the model's by default.

    Returns
    -------
    Test
        Lind and Mehlum's test that the curve rises at the lowest answer and falls at the highest (or the reverse);
        `effect` is the turning point with Fieller's interval. `extra` holds both slopes with their t, the range of the
        answers, whether the turning point lies inside, and its error by the delta method.

    Raises
    ------
    ChoiceError
        The model holds the question or its square not at all, or within an interaction.

    Notes
    -----
    With b1 x + b2 x^2 the slope is b1 + 2 b2 x and the turn at -b1 / (2 b2). The test is of the larger of two one-sided
    p-values (Sasabuchi 1980; Lind and Mehlum 2010): a significant square alone does not show a turn. Fieller's
    interval holds every x whose slope is not significantly different from 0; it is not symmetric, and has no end where
    the square itself is not significant.

    References
    ----------
    Lind and Mehlum 2010, Oxford Bulletin of Economics and Statistics 72: 109-118.

    Examples
    --------
    >>> import pandas as pd
    >>> from surveyanalysis.analysis.linear import linear
    >>> firms = pd.DataFrame({"age": [1, 2, 3, 4, 5, 6, 7], "made": [1.0, 5, 7, 8.5, 7.5, 4, 1]})
    >>> found = turning_point(linear(firms, "made ~ age + age^2", variance="model"), "age")
    >>> round(found.effect, 2), found.p < 0.001
    (3.97, True)
    """
    b, v = _pair(model, question)
    level = model.confidence if confidence is None else confidence
    answers = model.model_frame.answers[question]
    ends = float(answers.min()), float(answers.max())
    statistic = np.array([_t(b, v, at) for at in ends])
    slopes = [b[0] + 2 * b[1] * at for at in ends]
    rises = bool(b[1] < 0)
    one_sided = _tails(statistic if rises else -statistic, model.df)
    turn = -b[0] / (2 * b[1])
    gradient = np.array([-1 / (2 * b[1]), b[0] / (2 * b[1] ** 2)])
    interval = _fieller(b, v, float(t_quantile(model.df, level)))
    inside = bool(ends[0] < turn < ends[1])
    notes = (*([] if inside else [_put(BEYOND, *ends)]), *([] if np.isfinite(interval).all() else [ENDLESS]))
    shape = both("inverted U", "역U자") if rises else both("U", "U자")
    label = column_words(model.model_frame.design.survey, question)
    name = {
        "en": f"{shape['en']} of {say(label)} (Lind-Mehlum)",
        "ko": f"{say(label, 'ko')}의 {shape['ko']} 검정(Lind-Mehlum)",
    }
    extra = {
        "slope_low": slopes[0], "slope_high": slopes[1], "t_low": statistic[0], "t_high": statistic[1],
        "range_low": ends[0], "range_high": ends[1], "inside": float(inside),
        "turning_point_se": float(np.sqrt(gradient @ v @ gradient)),
    }  # fmt: skip
    return Test(
        name, float(np.abs(statistic).min()), float(one_sided.max()), df=model.df, effect=float(turn),
        effect_name="turning point", effect_ci=interval, n=model.n, origin=model.origin.with_notes(*notes),
        extra={k: float(x) for k, x in extra.items()},
    )  # fmt: skip


def _put(words: Text, low: float, high: float) -> Text:
    return {lang: said.format(low=low, high=high) for lang, said in words.items()}


def _pair(model: "AnyModel", question: str) -> tuple[np.ndarray, np.ndarray]:
    """Coefficients of the question and of its square, with their covariance."""
    frame = model.estimates.frame
    slopes = frame[frame["component"] == "slope"]
    at = [slopes.index[slopes["term"] == term].tolist() for term in (question, f"{question}^2")]
    inside = [
        term for term in slopes["term"] if ":" in term and question in term.replace(":", " ").replace("^2", "").split()
    ]
    if not all(len(rows) == 1 for rows in at) or inside:
        raise ChoiceError(
            f"A turning point of {question!r} needs the terms {question!r} and '{question}^2' once each, outside of "
            f"interactions; the model has: {', '.join(slopes['term'])}. Write {question} + {question}^2."
        )
    rows = [at[0][0], at[1][0]]
    return frame["estimate"].to_numpy()[rows], np.asarray(model.covariance)[np.ix_(rows, rows)]


def _t(b: np.ndarray, v: np.ndarray, at: float) -> float:
    """The slope at an answer, over its error."""
    gradient = np.array([1.0, 2 * at])
    return float(gradient @ b / np.sqrt(gradient @ v @ gradient))


def _tails(statistic: np.ndarray, df: float) -> np.ndarray:
    """One-sided p-values of a slope above 0 at the lowest, and below 0 at the highest answer."""
    from scipy.special import ndtr, stdtr

    towards = np.array([-statistic[0], statistic[1]])
    return np.asarray(stdtr(df, towards) if np.isfinite(df) else ndtr(towards))


def _fieller(b: np.ndarray, v: np.ndarray, t: float) -> Interval:
    """Where (b1 + 2 b2 x)^2 <= t^2 var(b1 + 2 b2 x); infinite where the square may be 0."""
    a2 = 4 * (b[1] ** 2 - t**2 * v[1, 1])
    a1 = 4 * (b[0] * b[1] - t**2 * v[0, 1])
    a0 = b[0] ** 2 - t**2 * v[0, 0]
    root = a1**2 - 4 * a2 * a0
    if a2 <= 0 or root < 0:
        return -np.inf, np.inf
    ends = (-a1 + np.array([-1, 1]) * np.sqrt(root)) / (2 * a2)
    return float(ends[0]), float(ends[1])
