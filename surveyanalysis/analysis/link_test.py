"""Pregibon's link test: whether the square of the linear predictor adds to it."""

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from ..errors import DataError
from ..intervals import t_p_value
from ..language import both
from ..results import Test
from .refitted import model_on, predictor
from .risk_groups import steady

if TYPE_CHECKING:
    from .model import Model

EFFECT = "coefficient of the squared predictor"


def link_test(model: "Model") -> Test:
    """Test the link and the linearity of a model; see `Model.link_test`."""
    along = predictor(model)
    if len(np.unique(steady(along))) < 3:
        raise DataError(
            "The model gives two different predictions only: no curve can be seen, so that there is no link test."
        )
    larger = model_on(model, np.column_stack([np.ones(len(along)), along, along**2]))
    value, se = larger.params[-1], float(np.sqrt(larger.params_covariance[-1, -1]))
    t, df = value / se, larger.df
    p = float(t_p_value(t, df)) if df > 0 else np.nan
    name = both("link test (Pregibon)", "연결함수 검정(프레기본)")
    origin = replace(model.origin, interval={})
    extra = {"predictor": float(larger.params[-2]), "se": se}
    shown = None if np.isinf(df) else df
    return Test(name, float(t), p, df=shown, effect=float(value), effect_name=EFFECT, n=len(along), origin=origin,
                extra=extra)  # fmt: skip
