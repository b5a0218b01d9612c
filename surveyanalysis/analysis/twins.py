"""Twins of our models in statsmodels: the only analysis module that fits with it."""

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ..errors import ChoiceError
from ..language import say
from .diagnosable import of_likelihood
from .nominal import Nominal
from .responses import Binary, Cumulative

if TYPE_CHECKING:
    from .model import Model


def statsmodels_twin(model: "Model") -> Any:
    """Fit the statsmodels model on the same rows, started at our solution."""
    frame, response = of_likelihood(model).model_frame, model.response
    names = [column.name for column in frame.terms]
    index = frame.used.survey.frame.index[frame.used.rows]
    x = pd.DataFrame(frame.x, columns=names, index=index)
    if isinstance(response, Nominal):
        return _nominal_twin(model, x, response.base)
    if isinstance(response, Cumulative) and response.link in ("logit", "probit"):
        return _ordered_twin(model, x.drop(columns=names[0]))
    if not isinstance(response, Binary):
        raise ChoiceError(f"statsmodels has no twin of this kind of model ({say(response.words)}).")
    y = pd.Series(model.outcome.y, name=model.outcome.name, index=index)
    if response.link == "cloglog":
        import statsmodels.api as sm

        return sm.GLM(y, x, family=sm.families.Binomial(sm.families.links.CLogLog())).fit(tol=1e-12)
    from statsmodels.discrete.discrete_model import Logit, Probit

    kind = Logit if response.link == "logit" else Probit
    return kind(y, x).fit(start_params=model.params, method="newton", disp=False)


def _nominal_twin(model: "Model", x: pd.DataFrame, base: int) -> Any:
    """An MNLogit, whose base is the level of code 0: the reference, with the others in their order behind it."""
    from statsmodels.discrete.discrete_model import MNLogit

    codes = model.outcome.y.astype(int)
    y = pd.Series(np.where(codes == base, 0, codes + (codes < base)), name=model.outcome.name, index=x.index)
    start = model.params.reshape(-1, x.shape[1]).T.ravel(order="F")
    return MNLogit(y, x).fit(start_params=start, method="newton", disp=False)


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
