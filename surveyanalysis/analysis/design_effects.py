"""What the design costs: variances against those of a simple random sample of the same size."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from ..design.design import Design, as_design
from ..errors import ChoiceError, DesignError, one_of
from ..estimators.fit import Matrix, Vector
from ..language import Text, both
from ..results import Estimates, estimates_frame
from ..survey import Survey
from .bases import Data, answered, own_bases
from .cautions import cautions
from .groups import By, Groups, groups_of, labels_with
from .measured import Measured, averages
from .origins import origin_of
from .variables import categories, columns_of, is_categorical, is_scored, numbers

Of = Literal["mean", "total"]
WITH = both("compared with simple random sampling with replacement", "복원 단순임의추출과 비교")
WITHOUT = both("compared with simple random sampling without replacement", "비복원 단순임의추출과 비교")
NO_DEFF = both(
    "no design effect where nobody differs, or the weights sum to no more than the respondents",
    "응답이 모두 같거나 가중치 합이 응답자 수 이하이면 설계효과 없음",
)


@dataclass(frozen=True)
class _Columns:
    """Questions as columns of numbers: a number question is one, a set of answers one 0/1 column each.

    Attributes
    ----------
    values
        Shape (n, k); NaN where the question has no answer.
    names, levels
        Question and answer of each column; no levels for numbers.
    """

    values: Matrix
    names: list[str]
    levels: list[Any]


def design_effect(
    data: Data,
    questions: str | Sequence[str],
    *,
    of: Of = "mean",
    replacement: bool = False,
    by: By = None,
) -> Estimates:
    """Compare the variance of means, shares or totals with that of a simple random sample of as many respondents.

    Parameters
    ----------
    data
        Design, or a survey or frame taken as a simple random sample.
    questions
        Number questions (means or totals), or questions with answer categories (the share or number of each answer).
    of
        "mean" (of an answer's indicator: its share) or "total".
    replacement
        Whether the simple random sample is drawn with replacement (Kish's deft^2), else without: then the weights must
        say how many people a respondent stands for.
    by
        Group question, or several crossed.

    Returns
    -------
    Estimates
        Kind "design_effect"; `estimate` is the design effect, which has no standard error of its own. Questions first
        (with their answers), then groups in the codebook's order. `detail["estimates"]`: frame of the means, shares or
        totals in the same rows, with se, `effective` (respondents of a simple random sample that would be as good) and
        `deft` (the factor of the standard error).

    Raises
    ------
    DesignError
        Weights sum to no more than the respondents, so that nobody is left to be drawn without replacement.
    ChoiceError
        Number questions and answer categories are mixed; `of` is neither word.
    ColumnError, DataError
        A question does not exist; nobody answered.

    Notes
    -----
    Base of each question: respondents of the domain with an answer to it (and a group), n with weights W. V / V_srs, V
    the design-based variance; V_srs of a mean is S^2 / n with S^2 = n / (n - 1) sum w (y - mean)^2 / W, without
    replacement times (W - n) / W; of a total W^2 times that (Kish 1965, section 8.2).

    References
    ----------
    R survey ``svymean(deff = TRUE)``, ``deff = "replace"``, ``svytotal``, ``svyby(deff = TRUE)``.

    Examples
    --------
    >>> import pandas as pd
    >>> answers = pd.DataFrame({"y": [1.0, 1.0, 2.0, 2.0], "class": ["a", "a", "b", "b"]})
    >>> design_effect(Design(answers, clusters="class"), "y", replacement=True).frame["estimate"].round(6).item()
    3.0
    """
    one_of(of, ("mean", "total"), "of")
    design = as_design(data)
    columns = _columns(design.survey, columns_of(design.survey, questions))
    groups = groups_of(design.survey, by)
    asked = list(dict.fromkeys(columns.names))
    used = answered(design, ~np.isnan(columns.values).all(axis=1) & groups.known, *asked)
    _refuse_small_weights(used, replacement)
    measured = averages(used, columns.values, groups.codes, groups.count, of)
    plain = _simple_variance(used, columns.values, groups, of, replacement, measured)
    deff = np.divide(measured.se**2, plain, out=np.full(len(plain), np.nan), where=plain > 0)
    keys = _keys(columns, groups)
    rest = {"df": measured.df, "n": measured.n, "n_weighted": measured.n_weighted}
    frame = estimates_frame({**keys, "estimate": deff, **rest}, groups.names)
    levels = {name: [level for own, level in zip(columns.names, columns.levels) if own == name] for name in asked}
    labels = labels_with(design.survey, {**levels, **groups.levels})
    notes = (
        WITH if replacement else WITHOUT,
        *own_bases(design, used, columns.values[:, [columns.names.index(name) for name in asked]], asked),
        *cautions(frame, groups.names, labels),
        *((NO_DEFF,) if (np.isnan(deff) & (measured.n > 0)).any() else ()),
    )
    origin = origin_of(_what(of, columns), design, used, *asked, *groups.names, notes=notes, failed=measured.failed)
    covariance = np.full((len(frame), len(frame)), np.nan)
    detail = {"estimates": _detail(keys, measured, deff), "of": of}
    return Estimates(frame, covariance, "design_effect", "value", groups.names, labels, origin, detail=detail)


def _refuse_small_weights(used: Design, replacement: bool) -> None:
    """Without replacement, weights must say how many people there are."""
    total, n = used.row_weights.sum(), len(used.rows)
    if not replacement and total <= n:
        raise DesignError(
            f"The weights of {n} respondents sum to {total:,.6g}: they do not say how many people each stands for, so "
            "that a sample without replacement cannot be compared with. Use replacement=True."
        )


def _keys(columns: _Columns, groups: Groups) -> dict[str, Any]:
    """Question, answer and group of every estimate; columns first, then groups."""
    keys: dict[str, Any] = {"outcome": [name for name in columns.names for _ in range(groups.count)]}
    if columns.levels:
        keys["level"] = [level for level in columns.levels for _ in range(groups.count)]
    return keys | {name: own * len(columns.names) for name, own in groups.levels.items()}


def _columns(survey: Survey, names: list[str]) -> _Columns:
    """Read questions as columns of numbers, or of 0/1 for each of their answers."""
    sets = [name for name in names if is_categorical(survey, name) and not is_scored(survey, name)]
    if sets and len(sets) < len(names):
        number = next(name for name in names if name not in sets)
        raise ChoiceError(f"`questions` mixes answer categories ({sets[0]!r}) and numbers ({number!r}): ask twice.")
    if not sets:
        return _Columns(np.stack([numbers(survey, name) for name in names], axis=1), names, [])
    read = [categories(survey, name) for name in names]
    blocks = [np.where(one.answered[:, None], one.codes[:, None] == np.arange(len(one.levels)), np.nan) for one in read]
    each = [(one.name, level) for one in read for level in one.levels]
    return _Columns(np.concatenate(blocks, axis=1), [name for name, _ in each], [level for _, level in each])


def _simple_variance(
    used: Design, values: Matrix, groups: Groups, of: Of, replacement: bool, measured: Measured
) -> Vector:
    """Variance under simple random sampling with the same base, by column and group; NaN or infinite if undefined."""
    group, weights, count = groups.codes[used.rows], used.row_weights, groups.count
    n, total = measured.n.astype(float), measured.n_weighted
    means = (measured.estimate / np.where(total > 0, total, 1.0) if of == "total" else measured.estimate).reshape(
        -1, count
    )
    away = (values[used.rows] - means[:, group].T) ** 2
    squares = np.concatenate([np.bincount(group, weights * column, count) for column in np.nan_to_num(away).T])
    with np.errstate(divide="ignore", invalid="ignore"):
        of_mean = squares / total / (n - 1) * (1.0 if replacement else (total - n) / total)
    return of_mean * total**2 if of == "total" else of_mean


def _detail(keys: dict[str, Any], measured: Measured, deff: Vector) -> pd.DataFrame:
    """The estimates themselves, with effective sample sizes."""
    effective = np.divide(measured.n, deff, out=np.full(len(deff), np.nan), where=deff > 0)
    columns = {"estimate": measured.estimate, "se": measured.se, "deft": np.sqrt(deff), "effective": effective}
    return pd.DataFrame({**keys, **columns})


def _what(of: Of, columns: _Columns) -> Text:
    if of == "total":
        return both("Design effect of totals", "총계의 설계효과")
    if not columns.levels:
        return both("Design effect of means", "평균의 설계효과")
    return both("Design effect of shares", "비율의 설계효과")
