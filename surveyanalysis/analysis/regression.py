"""Models for yes/no answers, under any design."""

from typing import Any

import pandas as pd

from ..design.design import Design, as_design
from ..errors import one_of
from ..estimators.links import LinkName
from ..estimators.separation import separating
from ..intervals import check_confidence
from ..language import both
from ..survey import Survey
from .coefficients import EXPECTED
from .error_words import BINARY_VARIANCES, Variance
from .model import Model
from .model_cautions import BINARY, decisive, few_events, thin_cells
from .model_matrix import model_frame
from .outcomes import binary_outcome
from .responses import Binary
from .solving import solved


def logit(
    data: Design | Survey | pd.DataFrame,
    formula: str,
    *,
    variance: Variance = "design",
    event: Any = None,
    confidence: float = 0.95,
) -> Model:
    """Logistic regression of a yes/no answer.

    Parameters
    ----------
    data
        A design; a survey or frame is taken as a simple random sample.
    formula
        ``interested ~ age + employer``, in codebook names; see `read_formula` for what may stand in it. The question's
        type decides: categories are compared with the codebook's first level, numbers are slopes.
    variance
        "design": linearised or replicated, from the design. "model": inverse information, weights scaled to mean 1, as
        R ``glm``; "observed": the same from the observed information (Stata; alike for the logit). "robust": sandwich
        of respondents taken as independent, times n / (n - 1) (Stata's ``vce(robust)``); "hc0", "hc1": as R
        ``sandwich``.
    event
        The answer, or answers, whose probability is modelled. Not needed for 0/1, yes/no, an ordered pair, or where the
        codebook names the event.
    confidence
        Level of the intervals.

    Returns
    -------
    Model
        Coefficients on the log-odds scale; `.exponentiate()`, `.effects()`, `.predict()`, `.test()`.

    Raises
    ------
    FormulaError, ColumnError, ChoiceError, DataError
        The formula or the outcome cannot be used as it is; the message says why and what to do.
    SeparationError
        A term tells the outcomes apart, so that no finite estimate exists; it is named.
    ConvergenceError
        The score equations do not hold at the end.

    Notes
    -----
    Maximises sum w log p(y | x) over respondents with complete answers; the others stay in the design as a domain does.
    Design-based: covariance of the linearised contributions, t with clusters - strata + 1 - coefficients degrees of
    freedom, as R survey ``svyglm`` (references b.glm.logit.*). Model-based: z, as R ``glm`` (c.binary.*).

    Examples
    --------
    >>> import pandas as pd
    >>> people = pd.DataFrame({"moved": [0, 0, 1, 0, 1, 1, 0, 1], "age": [50, 41, 38, 44, 47, 29, 33, 35]})
    >>> model = logit(people, "moved ~ age", variance="model")
    >>> model.frame["estimate"].round(3).tolist()
    [4.491, -0.113]
    """
    return binary_model(data, formula, "logit", variance, event, confidence)


def binary_model(
    data: Design | Survey | pd.DataFrame,
    formula: str,
    link: LinkName,
    variance: Variance,
    event: Any,
    confidence: float,
) -> Model:
    """Any binary model; the information is the expected one, as in R ``glm`` and ``svyglm``, unless asked otherwise."""
    one_of(variance, BINARY_VARIANCES, "variance")
    check_confidence(confidence)
    frame = model_frame(as_design(data), formula)
    outcome = binary_outcome(frame.used, frame.formula.outcome, event)
    response = Binary(link, information="observed" if variance == "observed" else "expected")
    fit = solved(response, frame, outcome, lambda: separating(frame.x, outcome.y))
    where = both("in the smaller outcome", "(적은 쪽 결과)")
    notes = (
        *outcome.notes,
        *few_events(min(outcome.counts), frame.x.shape[1] - 1, where, BINARY),
        *thin_cells(frame, outcome),
        *decisive(frame),
        *((EXPECTED,) if link != "logit" and variance != "observed" else ()),
    )
    return Model(frame, outcome, response, fit, variance, confidence, notes)
