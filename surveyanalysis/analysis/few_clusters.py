"""Errors of a regression that rests on few clusters."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from ..design.columns import Column
from ..errors import ChoiceError
from ..estimators import few_clusters as numerics
from ..estimators.fit import Matrix, Vector
from ..intervals import check_confidence, t_interval, t_p_values
from ..language import Text, both
from ..results import Estimates, Labels, Test, estimates_frame
from .arithmetic import evaluated
from .coefficients import shown_order
from .derived import DELTA
from .exponentiated import exponentiated
from .fitted_model import FittedModel
from .row_names import row_names
from .shown_estimates import ShownEstimates
from .term_tests import tested
from .working_rows import working_rows

THIN = 4.0  # degrees of freedom below which Satterthwaite's approximation is rough (Tipton 2015)
RULE = both("Satterthwaite degrees of freedom, of each coefficient its own", "새터스웨이트 자유도(계수마다 다름)")
ROUGH = both(
    "fewer than 4 degrees of freedom for some rows: take their p-values as rough, or use `wild_bootstrap`",
    "자유도 4 미만인 행이 있음: p값은 대략적이며 `wild_bootstrap` 사용 권장",
)


def few_clusters(
    model: FittedModel, *, clusters: Column | None = None, confidence: float | None = None
) -> "FewClusterErrors":
    """Errors for a model whose respondents come from few clusters: CR2 with Satterthwaite's degrees of freedom.

    Parameters
    ----------
    model
        Of `linear`, `logit`, `probit`, `cloglog`, or `ordered` with parallel lines.
    clusters
        Column that names each respondent's cluster; by default the first-stage clusters of the design.
    confidence
        Level of the intervals; by default the model's.

    Returns
    -------
    FewClusterErrors
        The same coefficients with other errors; `.test()`, `.contrast()`, `.exponentiate()`, `.table()`, `.plot()`.

    Raises
    ------
    ChoiceError
        The model is of another kind, or no clusters are known.
    ColumnError, DataError, DesignError
        The column does not exist or is missing for somebody; all are in one cluster; the design is replicated.

    Notes
    -----
    Ordinary cluster-robust errors are too small where clusters are few (say below 40) or unequal, and t with G - 1
    degrees of freedom refuses too often. CR2 makes every cluster's residuals as large as their errors are in the
    working model (equal variances; p (1 - p) for yes/no answers), and Satterthwaite's degrees of freedom say how well
    the variance of this very coefficient is known. Survey weights weigh the squares; they are no part of the working
    model. Strata and finite populations are left out. An answer on a scale is the yes/no answers whether it is at most
    each level, with the covariances that these have in the model.

    References
    ----------
    Bell and McCaffrey (2002), Survey Methodology 28, 169; Pustejovsky and Tipton (2018), J. Bus. Econ. Stat. 36, 672.
    R ``clubSandwich`` (f.cr2.*): ``vcovCR(type = "CR2")``, ``coef_test``, ``Wald_test(test = "HTZ")``.

    Examples
    --------
    >>> import pandas as pd
    >>> from surveyanalysis.analysis.linear import linear
    >>> staff = pd.DataFrame({"pay": [3.0, 4, 5, 7, 4, 6, 8, 9], "new": [0] * 4 + [1] * 4, "site": list("aabbccdd")})
    >>> few_clusters(linear(staff, "pay ~ new"), clusters="site").frame[["estimate", "se", "df"]].round(3)
       estimate     se   df
    0      4.75  1.250  1.0
    1      2.00  2.151  2.0
    """
    level = check_confidence(model.confidence if confidence is None else confidence)
    rows = working_rows(model, clusters, scales=True)
    found = numerics.few_clusters(*rows.last_step(model.params), rows.step_clusters)
    source, order = model.estimates, shown_order(model.places)
    columns = inferred(model.params[order], found, np.eye(len(order))[:, order], level)
    errors = both(
        "bias-reduced cluster-robust standard errors (CR2), {g} clusters ({c})",
        "편향축소 집락강건 표준오차(CR2), 집락 {g}개({c})",
        g=rows.count,
        c=rows.named,
    )
    few = (ROUGH,) if columns["df"].min() < THIN else ()
    words = both("{c:g}% t interval (CR2, Satterthwaite)", "{c:g}% t 신뢰구간(CR2, 새터스웨이트)", c=100 * level)
    origin = replace(
        source.origin, variance=errors, df=None, df_rule=RULE, interval=words,
        notes=(*source.origin.notes, *rows.notes, *few),
    )  # fmt: skip
    covariance = found.covariance[np.ix_(order, order)]
    estimates = replace(source, _frame=source.frame.assign(**columns), covariance=covariance, origin=origin)
    return FewClusterErrors(model, estimates, found, level)


def inferred(estimate: Vector, found: numerics.FewClusters, contrasts: Matrix, confidence: float) -> dict[str, Vector]:
    """Columns estimate, se, statistic, df, p and interval of contrasts, the columns of (k, q)."""
    se, df = np.sqrt(np.diag(contrasts.T @ found.covariance @ contrasts)), found.df(contrasts)
    statistic = np.divide(estimate, se, out=np.full(len(se), np.nan), where=se > 0)
    low, high = t_interval(estimate, se, df, confidence)
    ends = {"ci_low": low, "ci_high": high}
    return {"estimate": estimate, "se": se, "statistic": statistic, "df": df, "p": t_p_values(statistic, df), **ends}


@dataclass(frozen=True, eq=False, repr=False)
class FewClusterErrors(ShownEstimates):
    """Coefficients of a model with errors for few clusters.

    Attributes
    ----------
    model
        The model as it was fitted.
    estimates
        Its coefficients with their new errors.
    found
        The covariance that knows its own uncertainty.
    """

    model: FittedModel
    estimates: Estimates
    found: numerics.FewClusters
    confidence: float

    def exponentiate(self) -> Estimates:
        """Odds ratios of a logit."""
        return exponentiated(self.estimates)

    def test(self, *names: str) -> Test:
        """Test that all coefficients of these questions or terms are zero.

        Parameters
        ----------
        *names
            As for `Model.test`.

        Returns
        -------
        Test
            F by Hotelling's T2 on q and eta - q + 1 degrees of freedom ("HTZ"); NaN where these are not positive.

        Examples
        --------
        >>> import pandas as pd
        >>> from surveyanalysis.analysis.linear import linear
        >>> staff = pd.DataFrame({"pay": [3.0, 4, 5, 7, 4, 6], "new": [0, 1, 0, 1, 1, 1], "site": list("aabbcc")})
        >>> round(few_clusters(linear(staff, "pay ~ new"), clusters="site").test("new").p, 3)
        0.14
        """
        from scipy.special import fdtrc

        picked = np.eye(len(self.model.params))[:, tested(self.model, names)]
        f, below = self.found.joint(self.model.params, picked)
        q, joined = picked.shape[1], ", ".join(names)
        name = both("Wald test for few clusters (CR2, HTZ): {n}", "소수 집락 왈드 검정(CR2, HTZ): {n}", n=joined)
        p = float(fdtrc(q, below, f)) if np.isfinite(f) else float("nan")
        return Test(name, f, p, df=float(q), df_denominator=below, n=self.model.n, origin=self.origin)

    def contrast(self, expressions: Mapping[str, str]) -> Estimates:
        """Compute differences and other functions of the coefficients, each with degrees of freedom of its own.

        Parameters
        ----------
        expressions
            As for `contrast`: ``{"gap": "`site[b]` - `site[c]`"}``.

        Examples
        --------
        >>> import pandas as pd
        >>> from surveyanalysis.analysis.linear import linear
        >>> staff = pd.DataFrame({"pay": [3.0, 4, 5, 7, 4, 6], "new": [0, 1, 0, 1, 1, 1], "site": list("aabbcc")})
        >>> errors = few_clusters(linear(staff, "pay ~ new"), clusters="site")
        >>> errors.contrast({"pay of the new": "`(intercept)` + new"}).frame["estimate"].tolist()
        [5.25]
        """
        if not isinstance(expressions, Mapping) or not expressions:
            raise ChoiceError("`expressions` must name what is computed: {'gap': '`site[b]` - `site[c]`'}.")
        names, order = row_names(self.estimates), shown_order(self.model.places)
        values = self.model.params[order]
        found = [evaluated(said, values, names.places, names.listed) for said in expressions.values()]
        slopes = np.array([one.slope for one in found]).T
        by_parameter = slopes[np.argsort(order)]
        columns = inferred(np.array([one.value for one in found]), self.found, by_parameter, self.confidence)
        keys = {"outcome": list(expressions), "term": list(expressions.values())}
        frame = estimates_frame({**keys, **columns, "n": np.full(len(found), self.model.n)})
        texts: dict[str, Text] = {word: {"": word} for word in (*expressions, *expressions.values())}
        what = both("Functions of estimates", "추정치의 함수")
        origin = replace(self.origin, what=what).with_notes(DELTA)
        covariance = slopes.T @ self.covariance @ slopes
        return Estimates(frame, covariance, "contrast", "value", labels=Labels(texts), origin=origin)
