"""Adjusted probabilities: everybody set to a level, the predictions averaged over the respondents."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np
import pandas as pd

from ..errors import ChoiceError
from ..language import both, say
from ..results import Estimates
from .averaging import COUNTED, averages
from .contrasts import Contrast, Covariates, Setting, setting_of
from .counterfactual import coded_rows, grid_rows, questions_of
from .predictions import predicted

if TYPE_CHECKING:
    from .margins import AnyModel

Asked: TypeAlias = "str | Sequence[str] | Mapping[str, Any] | pd.DataFrame | None"


def marginal_means(model: "AnyModel", asked: Asked = None, covariates: Covariates | None = None) -> Estimates:
    """Average predicted probabilities with everybody set to a level; of linear models average predicted means.

    Parameters
    ----------
    asked
        A question with answer categories (all its levels), several of them (crossed); a mapping such as
        {"employer": ["company", "university"], "age": [30, 40]}, crossed; a frame, row by row; or None: everybody as
        they are.
    covariates
        "sampled", "added" or "fixed", as for `effects`.

    Returns
    -------
    Estimates
        Kind "predictions": rows by row of the grid, then by level of the outcome, with their joint covariance:
        ``sa.differences(means, correction="holm")`` compares every pair, ``sa.contrast(means, {...})`` computes with
        them. Intervals of probabilities on their log-odds.

    Raises
    ------
    ColumnError, LevelError
        A question is not in the model, or nobody used chose the level.
    ChoiceError
        A number is named without values.
    DataError
        The grid is larger than 5,000 rows.

    Notes
    -----
    Predictive margins (Graubard and Korn 1999): sum w_i p_i(level) / sum w_i over the respondents used, each with the
    answers of their own to all other questions. Errors as those of `effects`. They differ from `predict()`, which is
    for one respondent with typical answers. Checked against R survey ``svypredmeans``
    (covariates "added": b.predmeans.*, h.mm.*).

    Examples
    --------
    >>> import pandas as pd
    >>> from surveyanalysis.analysis.regression import logit
    >>> people = pd.DataFrame({"y": [0, 0, 1, 0, 1, 1, 0, 1], "age": [50, 41, 38, 44, 47, 29, 33, 35],
    ...                        "team": pd.Categorical(list("abbababb"))})
    >>> model = logit(people, "y ~ age + team")
    >>> marginal_means(model, "team").frame[["team", "estimate"]].round(3).values.tolist()
    [['a', 0.355], ['b', 0.575]]
    >>> marginal_means(model, {"age": [30, 50]}).frame["estimate"].round(3).tolist()
    [0.719, 0.251]
    """
    shown = grid_rows(_named(model, asked))
    values = coded_rows(model, shown)
    setting = setting_of(model, "sample", covariates)
    found = [_everybody(setting, {name: own[row] for name, own in values.items()}) for row in range(len(shown))]
    estimate, covariance = averages(model, setting, found)
    what = both("Adjusted {en}, {a}", "보정 {ko}, {b}", **model.response.expects, a=say(setting.words),
                b=say(setting.words, "ko"))  # fmt: skip
    scale, on = model.response.expected_scale, model.response.expected_interval
    return predicted(model, shown, estimate, covariance, what, COUNTED[setting.covariates], scale=scale, on=on)


def _everybody(setting: Setting, values: Mapping[str, Any]) -> Contrast:
    """All respondents with the same answers to these questions."""
    one = np.ones(len(setting.weights))
    return Contrast("", {}, (({name: np.full(len(one), value) for name, value in values.items()}, one),))


def _named(model: "AnyModel", asked: Asked) -> "Mapping[str, Any] | pd.DataFrame | None":
    """What was asked, with the levels of questions that were only named."""
    if asked is None or isinstance(asked, Mapping | pd.DataFrame):
        return asked
    return {name: _levels(model, name) for name in questions_of(model, [asked] if isinstance(asked, str) else asked)}


def _levels(model: "AnyModel", name: str) -> list[Any]:
    """Levels of a question that somebody used chose, in the codebook's order; 0 and 1 of a number with no others."""
    part = model.model_frame.basis.category(name)
    if part is not None:
        return [part.variable.levels[position] for position in sorted({part.reference or 0, *part.shown})]
    observed = model.model_frame.answers[name]
    if ((observed == 0) | (observed == 1)).all():
        return [0, 1]
    low, high = (float(f"{v:.2g}") for v in np.quantile(observed, (0.25, 0.75)))
    raise ChoiceError(
        f"{name!r} enters the model as a number, which has no levels. Name values: {{{name!r}: [{low:g}, {high:g}]}}."
    )
