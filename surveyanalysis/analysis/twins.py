"""Twins of our models in statsmodels: the only analysis module that fits with it."""

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from .diagnosable import diagnosed

if TYPE_CHECKING:
    from .model import Model


def statsmodels_twin(model: "Model") -> Any:
    """Fit the statsmodels model on the same rows, started at our solution."""
    frame, link = diagnosed(model).model_frame, model.response.link
    names = [column.name for column in frame.terms]
    index = frame.used.survey.frame.index[frame.used.rows]
    x = pd.DataFrame(frame.x, columns=names, index=index)
    if model.response.levels:
        return _ordered_twin(model, x.drop(columns=names[0]))
    y = pd.Series(model.outcome.y, name=model.outcome.name, index=index)
    if link == "cloglog":
        import statsmodels.api as sm

        return sm.GLM(y, x, family=sm.families.Binomial(sm.families.links.CLogLog())).fit(tol=1e-12)
    from statsmodels.discrete.discrete_model import Logit, Probit

    kind = Logit if link == "logit" else Probit
    return kind(y, x).fit(start_params=model.params, method="newton", disp=False)


def _ordered_twin(model: "Model", x: pd.DataFrame) -> Any:
    """An OrderedModel; its thresholds after the first are logarithms of increments."""
    from statsmodels.miscmodels.ordinal_model import OrderedModel

    levels = list(model.outcome.levels)
    codes = pd.Categorical.from_codes(model.outcome.y.astype(int), categories=levels, ordered=True)
    y = pd.Series(codes, name=model.outcome.name, index=x.index)
    cuts, slopes = np.split(model.params, [len(levels) - 1])
    start = np.concatenate([slopes, cuts[:1], np.log(np.diff(cuts))])
    twin = OrderedModel(y, x, distr=model.response.link)
    return twin.fit(start_params=start, method="bfgs", disp=False)
