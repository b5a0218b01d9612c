"""What can be asked of a fitted model about itself: fit, calibration, influence; each method opens its own module."""

from typing import TYPE_CHECKING, cast

from .diagnosable import diagnosed, of_likelihood

if TYPE_CHECKING:
    from ..results import Estimates, Test
    from .diagnostic import Diagnostic
    from .model import Model
    from .model_goodness import GoodnessMethod
    from .roc import AreaInterval
    from .term_tests import TermMethod


class Diagnosed:
    """Diagnostics, as methods of a model."""

    def test(self, *names: str, method: "TermMethod" = "wald") -> "Test":
        """Test that all coefficients of these questions or terms are zero.

        Parameters
        ----------
        *names
            Questions (everything they take part in, powers and interactions included), terms of the formula
            ("age^2", "employer:age") or single rows of the frame ("employer[university]").
        method
            "wald"; "likelihood_ratio" and "working_wald" (Rao-Scott: a statistic of the weighted likelihood, p from its
            distribution under the design); "score" (at the model without the terms).

        Returns
        -------
        Test
            Wald and score: F = W / q with q and the model's df; the chi-square W where df is infinite (of Wald's test
            `extra` then holds F on n - p, as R ``lmtest::waldtest``). The others: the working statistic; `extra` holds
            the design effects of the coefficients tested (deff_1, ..., with their mean and the largest) and p by other
            distributions: Satterthwaite's F, and a sum of chi-squares over none.

        Notes
        -----
        W = b' V^-1 b (Korn and Graubard 1990). As R survey ``regTermTest`` (methods "Wald", "LRT", "WorkingWald";
        references b.termtest.*); the score test as Rao, Scott and Skinner (1998). With model-based errors all are
        chi-square.

        Examples
        --------
        >>> import pandas as pd
        >>> from surveyanalysis.analysis.regression import logit
        >>> people = pd.DataFrame({"y": [0, 0, 1, 0, 1, 1, 0, 1], "age": [50, 41, 38, 44, 47, 29, 33, 35]})
        >>> model = logit(people, "y ~ age", variance="model")
        >>> [round(model.test("age", method=m).statistic, 2) for m in ("wald", "likelihood_ratio", "score")]
        [0.91, 1.03, 0.99]
        """
        from .term_tests import term_test

        return term_test(cast("Model", self), names, method)

    def fit_measures(self) -> "Diagnostic":
        """How well the model fits as a whole.

        Returns
        -------
        Diagnostic
            Kind "fit_measures": a row a measure (columns measure, estimate); `extra` holds them by name.

            - loglik, deviance, likelihood_ratio: of the weighted likelihood, weights scaled to mean 1; *_null: without
              terms.
            - mcfadden = 1 - l / l0; mcfadden_adjusted = 1 - (l - k) / l0; cox_snell = 1 - exp(2 (l0 - l) / n);
              nagelkerke = cox_snell / (1 - exp(2 l0 / n)) (under a design R survey ``psrsq``; Lumley 2017).
            - tjur (binary): mean probability of those with the event minus that of the others; brier (binary): mean
              squared error of the probability; count_r2: share whose likeliest answer is theirs; count_r2_adjusted: how
              far that exceeds the most frequent answer (all weighted).
            - aic, bic; daic = deviance + 2 tr(V0^-1 V) over the slopes, effective_parameters that trace (Lumley and
              Scott 2015; R survey ``AIC(svyglm)``), mean_deff its mean: design-based errors only.

        Notes
        -----
        Checked against c.binary.*, c.ord.* and b.fitstat.*; dAIC against R survey.

        Examples
        --------
        >>> import pandas as pd
        >>> from surveyanalysis.analysis.regression import logit
        >>> people = pd.DataFrame({"y": [0, 0, 1, 0, 1, 1, 0, 1], "age": [50, 41, 38, 44, 47, 29, 33, 35]})
        >>> measures = logit(people, "y ~ age").fit_measures().extra
        >>> {name: round(measures[name], 3) for name in ("mcfadden", "tjur", "count_r2", "daic")}
        {'mcfadden': 0.093, 'tjur': 0.123, 'count_r2': 0.75, 'daic': 12.16}
        """
        from .fit_measures import fit_measures

        return fit_measures(of_likelihood(self))

    def goodness_of_fit(self, method: "GoodnessMethod" = "auto", groups: int = 10) -> "Test":
        """Test whether the model fits, by groups of what it predicts.

        Parameters
        ----------
        method
            "hosmer_lemeshow" (ordered models: Fagerland and Hosmer 2013); "archer_lemeshow" (binary, under a design);
            "lipsitz" (ordered). "auto": Lipsitz for ordered models; for binary ones Archer-Lemeshow under a design,
            else Hosmer-Lemeshow.
        groups
            How many: cut at weighted quantiles of the linear predictor; respondents with the same one stay together.

        Returns
        -------
        Test
            A small p speaks against the model.

        Raises
        ------
        ChoiceError
            The method is not for this kind of outcome, or `groups` is below 3.
        DataError, ConvergenceError
            The predictions, or the answers in the groups, are too few for so many groups.

        Notes
        -----
        Hosmer and Lemeshow (1980): Pearson's statistic of g groups by L answers on (g - 2)(L - 1) + max(L - 2, 0)
        degrees of freedom; it ignores the design. Archer, Lemeshow and Hosmer (2007): Wald statistic W of equal mean
        residuals with their design-based covariance, F = W (d - g + 2) / (d (g - 1)) on g - 1 and d - g + 2, d the
        design's degrees of freedom. Lipsitz, Fitzmaurice and Molenberghs (1996): likelihood ratio of g - 1 indicators
        added to the model, under a design with Rao and Scott's correction. Checked against c.hoslem.birthwt and R.

        Examples
        --------
        >>> import pandas as pd
        >>> from surveyanalysis.analysis.regression import logit
        >>> people = pd.DataFrame({"y": [0, 0, 1, 0, 1, 1, 0, 1], "age": [50, 41, 38, 44, 47, 29, 33, 35]})
        >>> round(logit(people, "y ~ age").goodness_of_fit(groups=4).p, 3)
        0.142
        """
        from .model_goodness import goodness_of_fit

        return goodness_of_fit(diagnosed(self), method, groups)

    def link_test(self) -> "Test":
        """Test link and linearity: whether the square of the linear predictor adds to it.

        Returns
        -------
        Test
            t (z for model-based errors) of the squared predictor, its coefficient as the effect.

        Raises
        ------
        DataError
            The model gives fewer than three different predictions.

        Notes
        -----
        The outcome on x b and (x b)^2, errors as the model's own (Pregibon 1980; Stata ``linktest``). The predictor is
        taken as given.

        Examples
        --------
        >>> import pandas as pd
        >>> from surveyanalysis.analysis.regression import logit
        >>> people = pd.DataFrame({"y": [0, 0, 1, 0, 1, 1, 0, 1], "age": [50, 41, 38, 44, 47, 29, 33, 35]})
        >>> round(logit(people, "y ~ age").link_test().effect, 3)
        0.287
        """
        from .link_test import link_test

        return link_test(diagnosed(self))

    def classification(self, cut: float = 0.5, *, confidence: float = 0.95) -> "Estimates":
        """How many predictions of a binary model are right.

        Parameters
        ----------
        cut
            The event is predicted from this probability on.

        Returns
        -------
        Estimates
            Kind "classification", rows by `component`: sensitivity (of those with the event, predicted), specificity
            (of the others, not predicted), predictive_positive (of those predicted, with the event),
            predictive_negative, correct; weighted, with the design's errors and Wilson intervals. ``detail["cells"]``
            holds the two-by-two table. A part without base is NaN.

        Raises
        ------
        ChoiceError
            The cut is no probability, or the outcome is ordered.

        Notes
        -----
        Means of right predictions on the base of each part. Predictions are taken as given: errors do not count that
        the coefficients were estimated.

        Examples
        --------
        >>> import pandas as pd
        >>> from surveyanalysis.analysis.regression import logit
        >>> people = pd.DataFrame({"y": [0, 0, 1, 0, 1, 1, 0, 1], "age": [50, 41, 38, 44, 47, 29, 33, 35]})
        >>> logit(people, "y ~ age").classification().frame["estimate"].tolist()
        [0.75, 0.75, 0.75, 0.75, 0.75]
        """
        from .classification import classification

        return classification(diagnosed(self), cut, confidence)

    def roc(self, *, interval: "AreaInterval" = "logit", confidence: float = 0.95) -> "Estimates":
        """ROC curve of a binary model, and the area under it.

        Parameters
        ----------
        interval
            "logit" stays within 0 and 1; "t" (with `with_interval(df=np.inf)` R pROC's).

        Returns
        -------
        Estimates
            Kind "roc": one row, the area; ``detail["curve"]`` holds cut, sensitivity and specificity of every cut;
            `extra` Youden's index and its cut. `.plot()` draws the curve.

        Raises
        ------
        ChoiceError
            The outcome is ordered.

        Notes
        -----
        The weighted share of pairs with and without the event in which the one with it has the higher probability,
        equal ones counting half. Errors: in simple random samples those of DeLong, DeLong and Clarke-Pearson (1988),
        else linearised as a ratio of U-statistics through the weights, or replicated; probabilities are taken as given.
        Checked against c.binary.*, R ``pROC`` and scikit-learn.

        Examples
        --------
        >>> import pandas as pd
        >>> from surveyanalysis.analysis.regression import logit
        >>> people = pd.DataFrame({"y": [0, 0, 1, 0, 1, 1, 0, 1], "age": [50, 41, 38, 44, 47, 29, 33, 35]})
        >>> logit(people, "y ~ age").roc().frame["estimate"].tolist()
        [0.6875]
        """
        from .roc import roc

        return roc(diagnosed(self), interval, confidence)

    def calibration(self, groups: int = 10, *, confidence: float = 0.95) -> "Estimates":
        """Observed shares beside predicted probabilities, by groups of the prediction.

        Parameters
        ----------
        groups
            As for `goodness_of_fit`.

        Returns
        -------
        Estimates
            Kind "calibration": rows by level of an ordered outcome, then by group from the lowest prediction; the
            observed weighted share with its Wilson interval. ``detail["predicted"]`` holds the mean probabilities.

        Raises
        ------
        ChoiceError, DataError
            As for `goodness_of_fit`.

        Examples
        --------
        >>> import pandas as pd
        >>> from surveyanalysis.analysis.regression import logit
        >>> people = pd.DataFrame({"y": [0, 0, 1, 0, 1, 1, 0, 1], "age": [50, 41, 38, 44, 47, 29, 33, 35]})
        >>> table = logit(people, "y ~ age").calibration(4)
        >>> table.frame["estimate"].tolist(), table.detail["predicted"].round(2).tolist()
        ([0.5, 0.0, 1.0, 0.5], [0.27, 0.42, 0.59, 0.72])
        """
        from .calibration import calibration

        return calibration(diagnosed(self), groups, confidence)

    def influence(self) -> "Diagnostic":
        """What each respondent does to the coefficients.

        Returns
        -------
        Diagnostic
            Kind "influence": a row a respondent, the most influential first: respondent (label in the data), answer,
            probability (of that answer), weight, leverage (share in the information, sum p), distance (Cook's), and the
            coefficient that moves most without the respondent, with its shift in standard errors.
            ``detail["shifts"]`` holds the shifts of all coefficients. A note names those that move one by more than its
            standard error.

        Notes
        -----
        Coefficients with the respondent minus those without, by one Newton step: (I - I_i)^-1 g_i (Pregibon 1981;
        statsmodels ``GLMInfluence``; R's ``influence`` of a glm puts deviance residuals in their place). Distance:
        d' V^-1 d / p with V the model's own covariance (for model-based errors R ``cooks.distance``). Expected
        information for binary, observed for ordered models.

        Examples
        --------
        >>> import pandas as pd
        >>> from surveyanalysis.analysis.regression import logit
        >>> people = pd.DataFrame({"y": [0, 0, 1, 0, 1, 1, 0, 1], "age": [50, 41, 38, 44, 47, 29, 33, 35]})
        >>> found = logit(people, "y ~ age", variance="model").influence().frame
        >>> found[["respondent", "distance"]].head(2).round(3).values.tolist()
        [[4.0, 0.632], [6.0, 0.498]]
        """
        from .influence import influence

        return influence(diagnosed(self))

    def variance_inflation(self) -> "Diagnostic":
        """How much the other terms inflate the variance of each term.

        Returns
        -------
        Diagnostic
            Kind "inflation": a row a term: gvif, df (its coefficients) and gvif_scaled = gvif^(1 / (2 df)), which
            compares with the root of an ordinary VIF.

        Raises
        ------
        ChoiceError
            The model has a single term.

        Notes
        -----
        det R_11 det R_22 / det R with R the correlations of the slopes, 1 those of the term, 2 the others (Fox and
        Monette 1992; R ``car::vif``); from the design-based covariance where the model has one. Checked against
        c.vif.birthwt.

        Examples
        --------
        >>> import pandas as pd
        >>> from surveyanalysis.analysis.regression import logit
        >>> people = pd.DataFrame({"y": [0, 0, 1, 0, 1, 1, 0, 1], "age": [50, 41, 38, 44, 47, 29, 33, 35],
        ...                        "x": [1.0, 3.0, 2.0, 5.0, 4.0, 4.0, 2.0, 6.0]})
        >>> logit(people, "y ~ age + x", variance="model").variance_inflation().frame["gvif"].round(3).tolist()
        [1.008, 1.008]
        """
        from .inflation import variance_inflation

        return variance_inflation(diagnosed(self))
