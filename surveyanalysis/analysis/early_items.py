"""Questions as early and late respondents are compared on them."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from ..design.design import Design
from ..estimators.fit import Vector
from ..intervals import t_p_value
from ..language import both
from ..results import Test
from ..survey import Survey
from .counted import crossed
from .independence import TESTS, choose, constant
from .measured import Measured
from .variables import Categories, categories, is_categorical, numbers
from .waves import Waves

T_TEST = both("design-based t test", "설계 기반 t 검정")


@dataclass(frozen=True)
class Item:
    """A question as it is compared: by numbers (yes as 1), by categories, or both."""

    name: str
    component: str
    values: Vector
    answer: Categories | None = None
    event: Any = None


def read_item(survey: Survey, name: str) -> Item:
    """A question as it is compared."""
    if not is_categorical(survey, name):
        return Item(name, "mean_difference", numbers(survey, name))
    answer = categories(survey, name)
    event = answer.question.event if answer.question.event in answer.levels else answer.levels[-1]
    hit = np.where(answer.answered, answer.codes == answer.levels.index(event), np.nan)
    if len(answer.levels) > 2:
        return Item(name, "cramers_v", hit, answer)
    return Item(name, "share_difference", hit, answer, event)


def item_test(item: Item, used: Design, waves: Waves, pair: Measured, seed: int) -> Test:
    """The test of one question; p is missing where a group has no answer."""
    base = used.within(~np.isnan(item.values))
    if not (pair.n > 0).all():
        return Test(both("no test: one group has no answers", "검정 없음: 한 집단에 응답 없음"), np.nan, np.nan)
    if item.answer is None:
        gap, se = _gap(pair)
        df = base.df - 1
        t = gap / se if se > 0 else np.nan
        return Test(T_TEST, t, float(t_p_value(np.array(t), df)) if df > 0 else np.nan, df, n=int(pair.n.sum()))
    cells = crossed(base, item.answer, waves.as_categories(used.survey, item.name)).trimmed()
    if cells.counts.shape[0] < 2:
        return constant(cells)
    return TESTS[choose("auto", cells)[0]](cells, seed)


def _gap(pair: Measured) -> tuple[float, float]:
    """Late minus early, and its error."""
    late = np.array([-1.0, 1.0])
    return float(late @ pair.estimate), float(np.sqrt(max(late @ pair.covariance @ late, 0.0)))
