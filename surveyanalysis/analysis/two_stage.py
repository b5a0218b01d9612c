"""Linear regression with endogenous covariates under any design: two-stage least squares."""

from ..design.design import as_design
from ..errors import ChoiceError, DataError, one_of
from ..intervals import check_confidence
from ..language import Text, both
from .bases import Data
from .error_words import ROBUST, VARIANCES, Variance
from .groups import one_column
from .instrument_tests import weak
from .instrumented import Instrumented
from .model_matrix import ModelFrame
from .outcomes import Outcome
from .several_formulas import equations
from .two_stage_model import TwoStageModel
from .variables import numbers

KNOWN_FIRST = both(
    "robust errors take the first stage as known, as R's sandwich and Stata's ivregress; those by the design count it",
    "강건 표준오차는 1단계를 고정으로 간주(R sandwich, Stata ivregress와 동일)하며, 설계 기반 표준오차는 이를 반영",
)


def two_stage(
    data: Data, formula: str, instruments: str, *, variance: Variance = "design", confidence: float = 0.95
) -> TwoStageModel:
    """Linear regression where covariates may share causes with the errors of the outcome: two-stage least squares.

    Parameters
    ----------
    data, confidence
        As for `logit`.
    formula
        Of the outcome, with endogenous and exogenous terms: "sales ~ research + size".
    instruments
        Right-hand side of all instruments: "subsidy + size". Terms of the formula that are among them are exogenous and
        their own instruments; the others are endogenous.
    variance
        As for `linear`. "robust", "hc0" and "hc1" take the first stage as known, as other software does.

    Returns
    -------
    TwoStageModel
        Coefficients, as of `linear`. `.first_stage()` (strength of the instruments), `.endogeneity()` (whether they
        were needed) and `.overidentification()` (whether those beyond the needed ones are valid) judge it.

    Raises
    ------
    DataError
        An instrument is constant or a combination of others; the instruments give nothing of an endogenous term.
    ChoiceError
        There are fewer excluded instruments than endogenous terms, which are named; nothing is endogenous.
    FormulaError, ColumnError
        As for `logit`.

    Notes
    -----
    b = (x'P x)^-1 x'P y with P the projection on the instruments, weighted. A note tells where instruments are weak: F
    below 10, or of one endogenous term below Stock and Yogo's value. Checked against R ``AER::ivreg`` (l.iv.*).

    References
    ----------
    Wooldridge 2010, Econometric Analysis of Cross Section and Panel Data, MIT Press, chapter 5; Stock and Yogo 2005, in
    Identification and Inference for Econometric Models, Cambridge, 80-108.

    Examples
    --------
    >>> import pandas as pd
    >>> firms = pd.DataFrame({"sales": [1, 2, 2, 4, 5, 6], "staff": [1, 2, 3, 3, 4, 5], "grant": [0, 0, 0, 1, 1, 1]})
    >>> two_stage(firms, "sales ~ staff", "grant").frame["estimate"].round(4).tolist()
    [-1.6667, 1.6667]
    """
    one_of(variance, VARIANCES, "variance")
    check_confidence(confidence)
    frame, (one, two) = equations(as_design(data), formula, instruments)
    if one.outcome != two.outcome:
        raise ChoiceError(
            f"`instruments` is {instruments!r}, a formula of {two.outcome!r}: give the right-hand side alone, such as "
            '"subsidy + size".'
        )
    response = Instrumented(columns=one.columns, tools=two.columns)
    _identified(frame, response)
    name = one_column(frame.design.survey, one.outcome, "formula")
    outcome = Outcome(name, numbers(frame.design.survey, name)[frame.used.rows], (), ())
    fit = response.fit(frame.x, outcome.y, frame.used.row_weights)
    notes = (
        _told(frame, response),
        *weak(frame, response),
        *((KNOWN_FIRST,) if variance in ROBUST else ()),
    )
    return TwoStageModel(frame, outcome, response, fit, variance, confidence, notes)


def _identified(frame: ModelFrame, response: Instrumented) -> None:
    """Refuse fewer excluded instruments than endogenous terms, and none of these."""
    endogenous, excluded = (_named(frame, columns) for columns in (response.endogenous, response.excluded))
    if not endogenous:
        raise ChoiceError(
            f"Every term of {frame.formula.source!r} is among the instruments, so that nothing is endogenous: leave "
            "the endogenous term out of `instruments`, or fit `linear`."
        )
    if len(response.excluded) < len(response.endogenous):
        raise ChoiceError(
            f"{len(response.endogenous)} endogenous terms ({endogenous}) need as many instruments that are not in the "
            f"formula; there are {len(response.excluded)} ({excluded or 'none'}). Name more, and repeat exogenous "
            "terms in `instruments`: a term that is not there counts as endogenous."
        )
    if len(frame.x) <= len(response.tools):
        raise DataError(f"{len(frame.x)} respondents are too few for {len(response.tools)} instruments. Name fewer.")


def _named(frame: ModelFrame, columns: tuple[int, ...]) -> str:
    """Terms of these columns, listed."""
    return ", ".join(frame.terms[j].name for j in columns)


def _told(frame: ModelFrame, response: Instrumented) -> Text:
    """What is endogenous, and by what it is instrumented."""
    x, z = (_named(frame, columns) for columns in (response.endogenous, response.excluded))
    return both("endogenous: {x}; excluded instruments: {z}", "내생변수: {x}; 제외된 도구변수: {z}", x=x, z=z)
