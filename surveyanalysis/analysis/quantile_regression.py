"""Regression of quantiles under any design."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from ..design.design import as_design
from ..errors import ChoiceError, one_of
from ..estimators.fit import Fit, Vector
from ..estimators.quantile_regression import COARSE, MANY, Density, quantile_regressions
from ..intervals import check_confidence
from ..language import Text, both
from ..results import Test
from .bases import Data
from .error_words import VARIANCES, Variance
from .groups import one_column
from .model_matrix import ModelFrame, model_frame
from .outcomes import Outcome
from .placed_model import PlacedModel
from .quantile_response import Quantiles, read_taus
from .quantile_words import quantile_label
from .term_tests import columns_of, wald_of
from .variables import numbers

JACKKNIFE = ("JK1", "JKn")
NO_JACKKNIFE = both(
    "a jackknife gives no consistent errors of quantiles: take bootstrap or BRR replicates, or the linearised design",
    "잭나이프는 분위수의 일치 표준오차를 주지 않음: 부트스트랩·BRR 반복표본이나 선형화 설계를 사용",
)
DENSITIES: dict[Density, Text] = {
    "local": both(
        "errors by the density at each respondent's quantile (Hendricks and Koenker; Hall-Sheather bandwidth)",
        "표준오차는 응답자별 분위수의 밀도 추정 기준(Hendricks-Koenker, Hall-Sheather 대역폭)",
    ),
    "common": both(
        "errors by one density for all (right where covariates move quantiles alike; Hall-Sheather bandwidth)",
        "표준오차는 공통 밀도 기준(공변량이 분위수를 같은 폭으로 옮길 때 타당; Hall-Sheather 대역폭)",
    ),
}


SAID = (
    (re.escape(MANY), "손실이 같은 다른 계수도 있음(해가 유일하지 않음)"),
    (
        re.escape(COARSE),
        "분위수 근처에서 응답의 값이 너무 적어 밀도가 없으므로 표준오차가 존재하지 않음: 순서형 모형이나 반복표본 사용",
    ),
    (
        r"the quantiles (\S+) and (\S+) meet or cross at (\d+) of (\d+) rows",
        r"\4명 중 \3명에서 분위수 \1과 \2이(가) 같거나 교차함",
    ),
    (", which do not count in the density", "(밀도 추정에서 제외)"),
    (
        ": too few are left to estimate the density by. Take one density for all, or replicates",
        ": 밀도를 추정하기에 부족하므로 공통 밀도나 반복표본 사용",
    ),
)
"""What `quantile_regressions` says, and the same in Korean."""


def quantile_regression(
    data: Data,
    formula: str,
    quantiles: float | Sequence[float] = 0.5,
    *,
    density: Density = "local",
    variance: Variance = "design",
    confidence: float = 0.95,
) -> "QuantileModel":
    """Regress quantiles of a number on other questions: the median, or the ends of its distribution.

    Parameters
    ----------
    data, formula, confidence
        As for `linear`.
    quantiles
        One or several between 0 and 1: 0.5 is the median.
    density
        How the density of the outcome at its quantiles is estimated, on which errors rest (not those of replicates).
        "local": at each respondent (R ``summary.rq(se = "nid")``). "common": one for all (``se = "iid"``).
    variance
        As for `linear`; "model" takes respondents as independent (R's).

    Returns
    -------
    QuantileModel
        Slopes by quantile (column level) with their joint covariance. `.equal_slopes()` tests whether quantiles move
        alike; `.effects()` and `.predict()` are of every quantile.

    Raises
    ------
    ChoiceError
        A quantile is not between 0 and 1, or the outcome holds answer categories.
    DataError
        There are no more respondents than coefficients.
    FormulaError, ColumnError
        As for `logit`.

    Notes
    -----
    Minimises sum w (y - x b)(tau - 1[y < x b]) exactly, as a linear program. Quantiles that cross within the sample are
    told, and so is an outcome of too few values, which has no density. Checked against R ``quantreg::rq``
    (l.quantile.*) and statsmodels ``QuantReg``.

    References
    ----------
    Koenker and Bassett 1978, Econometrica 46: 33-50; Koenker 2005, Quantile Regression, Cambridge.

    Examples
    --------
    >>> import pandas as pd
    >>> staff = pd.DataFrame({"pay": [0.0, 1, 3, 2.5, 4, 9, 6], "years": range(7)})
    >>> quantile_regression(staff, "pay ~ years").frame["estimate"].round(9).tolist()
    [0.0, 1.0]
    """
    one_of(variance, VARIANCES, "variance")
    one_of(density, tuple(DENSITIES), "density")
    check_confidence(confidence)
    response = Quantiles(read_taus(quantiles), density)
    frame = model_frame(as_design(data), formula)
    name = one_column(frame.design.survey, frame.formula.outcome, "formula")
    y = numbers(frame.design.survey, name)[frame.used.rows]
    outcome = Outcome(name, y, response.taus, tuple(quantile_label(tau) for tau in response.taus))
    fit = response.fit(frame.x, y, frame.used.row_weights)
    notes = _cautions(frame, response, fit, variance)
    return QuantileModel(frame, outcome, response, fit, variance, confidence, notes)


def _cautions(frame: ModelFrame, response: Quantiles, fit: Fit, variance: Variance) -> tuple[Text, ...]:
    """How errors are made, and what must be told of these quantiles."""
    replicates = frame.used.replicates if variance == "design" else None
    notes = [DENSITIES[response.density]] if replicates is None else []
    notes += [NO_JACKKNIFE] if replicates is not None and replicates.kind in JACKKNIFE else []
    for one, two, count in response.crossing(fit.params, frame.x):
        notes.append(
            both(
                "the quantiles {a:g} and {b:g} cross for {k} of {n} respondents: the model is wrong there",
                "응답자 {n}명 중 {k}명에서 {a:g}과 {b:g} 분위수가 교차하며, 그 범위에서는 모형이 맞지 않음",
                a=one, b=two, k=count, n=len(frame.x),
            )
        )  # fmt: skip
    if fit.message and (replicates is None or "one of many" in fit.message):
        notes.append({"en": f"quantile {fit.message}", "ko": f"분위수 {_korean(fit.message)}"})
    return tuple(notes)


def _korean(message: str) -> str:
    """What the estimator says of its solutions and densities, in Korean."""
    for english, korean in SAID:
        message = re.sub(english, korean, message)
    return message


@dataclass(frozen=True, eq=False, repr=False)
class QuantileModel(PlacedModel):
    """A fitted quantile regression.

    Attributes
    ----------
    response
        Which quantiles.
    """

    response: Quantiles

    @property
    def df(self) -> float:
        """Degrees of freedom of t and F: those of one quantile's regression."""
        k = self.model_frame.x.shape[1]
        return self.model_frame.used.df + 1 - k if self.variance == "design" else float(self.n - k)

    def refit(self, weights: Vector) -> Fit:
        """Fit under other weights of the respondents used, without densities."""
        return quantile_regressions(self.model_frame.x, self.outcome.y, weights, self.response.taus, errors=False)

    def equal_slopes(self, *names: str) -> Test:
        """Wald test that slopes are the same at every quantile, so that covariates move the distribution as a whole.

        Parameters
        ----------
        *names
            Questions or terms; all of them if not given.

        Raises
        ------
        ChoiceError
            There is one quantile only, or nothing is in the model.

        Notes
        -----
        Koenker and Bassett 1982, Econometrica 50: 43-61 (R ``anova.rq``), with the covariance of the model.

        Examples
        --------
        >>> import pandas as pd
        >>> staff = pd.DataFrame({"pay": [0.0, 1, 3, 2.5, 4, 9, 6, 8, 5, 7], "years": range(10)})
        >>> quantile_regression(staff, "pay ~ years", [0.25, 0.75]).equal_slopes().df
        1.0
        """
        columns = sorted({j for name in names for j in columns_of(self.model_frame, name)}) if names else list(
            range(1, self.model_frame.x.shape[1])
        )  # fmt: skip
        if len(self.response.taus) < 2 or not columns:
            raise ChoiceError("Equal slopes need two quantiles and a term: fit `quantiles=[0.25, 0.5, 0.75]`.")
        k, gaps = self.model_frame.x.shape[1], len(self.response.taus) - 1
        contrast = np.zeros((gaps * len(columns), len(self.params)))
        for row, (gap, j) in enumerate((gap, j) for gap in range(gaps) for j in columns):
            contrast[row, gap * k + j], contrast[row, (gap + 1) * k + j] = 1.0, -1.0
        joined = ", ".join(names)
        words = both(
            "equal slopes at every quantile{n}", "모든 분위수에서 같은 기울기{n}", n=f": {joined}" if joined else ""
        )
        covariance = contrast @ self.params_covariance @ contrast.T
        origin = replace(self.origin, interval={})
        return wald_of(contrast @ self.params, covariance, self.df, words, origin, self.n)

    @property
    def _fit_as_a_whole(self) -> dict[str, float]:
        """Respondents."""
        return {"n": self.n, "n_weighted": float(self.model_frame.used.row_weights.sum())}
