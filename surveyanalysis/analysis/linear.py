"""Linear regression under any design."""

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from ..design.design import as_design
from ..errors import one_of
from ..estimators.fit import Fit, Matrix, Vector
from ..estimators.linear import linear_fit
from ..intervals import check_confidence
from ..language import Text, both, say
from ..results import Estimates, Labels, estimates_frame
from .bases import Data
from .coefficients import NO_DF, SCALED, inferred, interval_text, spread_of_residuals
from .error_words import LINEAR_VARIANCES, MODEL_BASED, Variance
from .fitted_model import FittedModel
from .groups import one_column
from .margins import Margins
from .mean_response import Mean
from .model_cautions import leverage
from .model_matrix import ModelFrame, model_frame
from .origins import origin_of
from .outcomes import Outcome
from .responses import Place
from .sandwich import robust_covariance
from .variables import column_words, labels_for, numbers

if TYPE_CHECKING:
    from .diagnostic import Diagnostic


def linear(data: Data, formula: str, *, variance: Variance = "design", confidence: float = 0.95) -> "LinearModel":
    """Regress a number on other questions: weighted least squares with errors by the design.

    Parameters
    ----------
    data
        Design, or a survey or frame taken as a simple random sample.
    formula
        ``"api00 ~ api99 + stype"``; see `logit`.
    variance
        "design": linearised or replicated; "model": s^2 (x'Wx)^-1, as of a sample without strata and clusters; "hc0"
        and "hc1" (Stata's ``vce(robust)`` of a regression): the sandwich as it is, or times n / (n - k); "robust":
        times n / (n - 1), as for the other models. For small samples "hc2" and "hc3": squared residuals over 1 - h, or
        residuals over 1 - h, h the leverage (R ``vcovHC``).

    Returns
    -------
    LinearModel
        Coefficients, one row a term, the intercept first; `extra` holds n, n_weighted, r2, sigma and dispersion.
        `.effects()`, `.predict()`, `.marginal_means()` and `.interaction()` are in units of the outcome.

    Raises
    ------
    ChoiceError
        The outcome holds answer categories.
    FormulaError, ColumnError, DataError
        As for `logit`.

    Notes
    -----
    Degrees of freedom: clusters minus strata, plus 1, minus coefficients (R survey ``svyglm``); for model-based errors
    respondents minus coefficients.

    References
    ----------
    R survey ``svyglm(family = gaussian())``.

    Examples
    --------
    >>> import pandas as pd
    >>> staff = pd.DataFrame({"pay": [3.0, 4.0, 5.0, 7.0], "years": [1, 2, 3, 5]})
    >>> linear(staff, "pay ~ years").frame["estimate"].round(9).tolist()
    [2.0, 1.0]
    """
    one_of(variance, LINEAR_VARIANCES, "variance")
    check_confidence(confidence)
    frame = model_frame(as_design(data), formula)
    name = one_column(frame.design.survey, frame.formula.outcome, "formula")
    y = numbers(frame.design.survey, name)[frame.used.rows]
    return LinearModel(frame, name, y, linear_fit(frame.x, y, frame.used.row_weights), variance, confidence)


@dataclass(frozen=True, eq=False, repr=False)
class LinearModel(Margins, FittedModel):
    """A fitted linear regression.

    Attributes
    ----------
    model_frame
        Formula, design, respondents used, model matrix.
    name, y
        The outcome and its values among the respondents used, shape (m,).
    fit
        Coefficients in the order of the terms, with their contributions.
    """

    model_frame: ModelFrame
    name: str
    y: Vector
    fit: Fit
    variance: Variance
    confidence: float

    @cached_property
    def places(self) -> tuple[Place, ...]:
        """What each parameter stands for."""
        return tuple(Place("slope", j) for j in range(len(self.params)))

    @property
    def response(self) -> Mean:
        """How the mean follows from the coefficients."""
        return Mean()

    @property
    def outcome(self) -> Outcome:
        """The number that is explained; it has no levels."""
        return Outcome(self.name, self.y, (), ())

    @property
    def n(self) -> int:
        """Respondents used."""
        return len(self.y)

    @property
    def df(self) -> float:
        """Degrees of freedom of t and F."""
        if self.variance != "design":
            return float(len(self.y) - len(self.params))
        return self.model_frame.used.df + 1 - len(self.params)

    def refit(self, weights: Vector) -> Fit:
        """Fit under other weights of the respondents used."""
        return linear_fit(self.model_frame.x, self.y, weights)

    @cached_property
    def params_covariance(self) -> Matrix:
        """Covariance of the coefficients, of the kind asked for."""
        if self.variance not in ("hc2", "hc3"):
            return super().params_covariance
        left = (1 - leverage(self.model_frame)) ** (0.5 if self.variance == "hc2" else 1.0)
        return robust_covariance(self.fit.scores / left[:, None], "hc0")

    def regression_table(self) -> "Diagnostic":
        """Tell B, its error, the standardised beta, t, p, tolerance and VIF; R2, adjusted R2 and F below.

        Returns
        -------
        Diagnostic
            Kind "regression_table": rows by term, the intercept first. `extra` holds n, r2, adjusted_r2, sigma, f with
            its degrees of freedom and p, durbin_watson. F and t are by the errors of the model: of ``variance="model"``
            the textbook's.

        Raises
        ------
        ChoiceError
            The model has no terms besides the intercept.

        Examples
        --------
        >>> import pandas as pd
        >>> staff = pd.DataFrame({"pay": [3.0, 5, 5, 7, 6], "age": [1, 2, 3, 5, 4], "rank": [1, 1, 2, 2, 3]})
        >>> found = linear(staff, "pay ~ age + rank", variance="model").regression_table()
        >>> found.frame[["beta", "vif"]].round(3).iloc[1:].to_numpy().tolist()
        [[1.102, 2.333], [-0.188, 2.333]]
        """
        from .regression_table import regression_table

        return regression_table(self)

    @cached_property
    def estimates(self) -> Estimates:
        """Coefficients as printed."""
        frame, name = self.model_frame, self.name
        columns = {
            "outcome": name,
            "component": "slope",
            "term": [term.name for term in frame.terms],
            **inferred(self.params, np.sqrt(np.diag(self.params_covariance)), self.df, self.confidence),
            "n": len(self.y),
        }
        said = labels_for(frame.design.survey, name, *frame.formula.questions)
        labels = Labels({**said.columns, **{term.name: term.label for term in frame.terms}}, said.levels)
        origin = origin_of(
            _what(frame, name), frame.design, frame.used, name, *frame.formula.questions, variance=self.variance,
            interval=interval_text(self.df, self.confidence), df=self.df,
            notes=_notes(frame, self.variance, self.df), failed=self.failed,
        )  # fmt: skip
        errors = self.y - frame.x @ self.params
        extra = _fit_as_a_whole(errors, self.y, frame.used.row_weights, len(self.params))
        return Estimates(
            estimates_frame(columns), self.params_covariance, "coefficients", "value", labels=labels, origin=origin,
            extra=extra, detail={"curves": frame.basis.curves},
        )  # fmt: skip


def _what(frame: ModelFrame, name: str) -> Text:
    """The result in words."""
    label = column_words(frame.design.survey, name)
    return {"en": f"Linear regression: {say(label)}", "ko": f"선형회귀: {say(label, 'ko')}"}


def _notes(frame: ModelFrame, variance: Variance, df: float) -> tuple[Text, ...]:
    """What a reader must know."""
    weighted = np.ptp(frame.used.row_weights) > 0
    few = both(
        "{n} respondents for {k} coefficients", "회귀계수 {k}개에 응답자 {n}명", n=len(frame.x), k=frame.x.shape[1]
    )
    said = (
        (SCALED, weighted and variance in MODEL_BASED),
        (NO_DF, df <= 0),
        (few, len(frame.x) < 10 * frame.x.shape[1]),
    )
    return (*frame.notes, *(text for text, holds in said if holds))


def _fit_as_a_whole(errors: Vector, y: Vector, weights: Vector, k: int) -> dict[str, float]:
    """Respondents, share of the weighted variance explained, and the spread around the line."""
    mean = np.average(y, weights=weights)
    left, whole = float(weights @ errors**2), float(weights @ (y - mean) ** 2)
    r2 = 1 - left / whole if whole > 0 else float("nan")
    sigma = float(np.sqrt(left / weights.mean() / (len(y) - k)))
    return {"n": len(y), "n_weighted": float(weights.sum()), "r2": r2, "sigma": sigma,
            "dispersion": spread_of_residuals(errors, weights)}  # fmt: skip
