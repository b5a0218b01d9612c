"""Models of a yes/no answer with other links than the logit."""

from typing import Any

from .bases import Data
from .error_words import Variance
from .model import Model
from .regression import binary_model


def probit(
    data: Data, formula: str, *, variance: Variance = "design", event: Any = None, confidence: float = 0.95
) -> Model:
    """Probit regression of a yes/no answer: P(event) = Phi(x b).

    Parameters
    ----------
    data, formula, variance, event, confidence
        As for `logit`.

    Returns
    -------
    Model
        Coefficients on the probit scale.

    Raises
    ------
    FormulaError, ColumnError, ChoiceError, DataError, SeparationError, ConvergenceError
        As for `logit`.

    References
    ----------
    R survey ``svyglm(family = quasibinomial("probit"))``; errors from the expected information, as there.

    Examples
    --------
    >>> import pandas as pd
    >>> people = pd.DataFrame({"y": [0, 0, 1, 0, 1, 1, 0, 1], "age": [50, 41, 38, 44, 47, 29, 33, 35]})
    >>> probit(people, "y ~ age").frame["estimate"].round(3).tolist()
    [2.797, -0.071]
    """
    return binary_model(data, formula, "probit", variance, event, confidence)


def cloglog(
    data: Data, formula: str, *, variance: Variance = "design", event: Any = None, confidence: float = 0.95
) -> Model:
    """Complementary log-log regression of a yes/no answer: P(event) = 1 - exp(-exp(x b)).

    Parameters
    ----------
    data, formula, variance, event, confidence
        As for `logit`.

    Returns
    -------
    Model
        Coefficients are logarithms of hazard ratios where the event is that something happened within a time.

    Raises
    ------
    FormulaError, ColumnError, ChoiceError, DataError, SeparationError, ConvergenceError
        As for `logit`.

    References
    ----------
    R survey ``svyglm(family = quasibinomial("cloglog"))`` (b.glm.cloglog.*); errors from the expected information.

    Examples
    --------
    >>> import pandas as pd
    >>> people = pd.DataFrame({"y": [0, 0, 1, 0, 1, 1, 0, 1], "age": [50, 41, 38, 44, 47, 29, 33, 35]})
    >>> cloglog(people, "y ~ age").frame["estimate"].round(3).tolist()
    [2.905, -0.084]
    """
    return binary_model(data, formula, "cloglog", variance, event, confidence)
