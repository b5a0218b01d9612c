"""What can be asked of a fitted model of counts about itself; each method opens its own module."""

from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from ..estimators.count_tests import Growth
    from ..results import Estimates, Test
    from .count_model import CountRegression
    from .count_tests import Correction, DispersionMethod
    from .diagnostic import Diagnostic
    from .term_tests import TermMethod


class CountsDiagnosed:
    """Tests and pictures of the fit, as methods of a model of counts."""

    def test(self, *names: str, method: "TermMethod" = "wald") -> "Test":
        """Test that all coefficients of these questions or terms are zero, in every part of the model.

        Parameters
        ----------
        *names
            As for models of answers: questions, terms of the formula, or single rows of the frame.
        method
            "wald"; "likelihood_ratio" and "working_wald" (under a design with Rao and Scott's correction).

        Raises
        ------
        ChoiceError
            Nothing of this name is in the model, or there is no such method.

        Examples
        --------
        >>> import pandas as pd
        >>> from surveyanalysis.analysis.count_models import poisson
        >>> firms = pd.DataFrame({"patents": [1, 3, 4, 6], "cluster": [0, 0, 1, 1]})
        >>> model = poisson(firms, "patents ~ cluster", variance="model")
        >>> [round(model.test("cluster", method=m).statistic, 3) for m in ("wald", "likelihood_ratio")]
        [2.399, 2.657]
        """
        from .term_tests import term_test

        return term_test(cast("Any", self), names, method)

    def fit_measures(self) -> "Diagnostic":
        """How well the model fits as a whole: log-likelihoods, pseudo R2, information criteria.

        Returns
        -------
        Diagnostic
            Kind "fit_measures", as of models of answers; `extra` holds the measures by name.

        Examples
        --------
        >>> import pandas as pd
        >>> from surveyanalysis.analysis.count_models import poisson
        >>> firms = pd.DataFrame({"patents": [1, 3, 4, 6], "cluster": [0, 0, 1, 1]})
        >>> round(poisson(firms, "patents ~ cluster").fit_measures().extra["mcfadden"], 4)
        0.1658
        """
        from .fit_measures import fit_measures

        return fit_measures(cast("Any", self))

    def overdispersion(self, method: "DispersionMethod" = "regression", form: "Growth | None" = None) -> "Test":
        """Test whether counts vary more than a Poisson variable.

        Parameters
        ----------
        method
            "regression": of squared residuals of the Poisson regression, with the error that `variance` asks for.
            "likelihood_ratio": of alpha = 0, with equal weights.
        form
            "nb2": variance mu + alpha mu^2. "nb1": variance mu (1 + alpha). None: the model's own, "nb2" of a Poisson
            regression.

        Returns
        -------
        Test
            One-sided: t or z of alpha, or twice the gain in log-likelihood; alpha as the effect.

        Raises
        ------
        ChoiceError, DataError
            A word is unknown; the model tells zeros apart (regression), or weights differ (likelihood ratio).

        Notes
        -----
        Cameron and Trivedi (1990): least squares of [(y - mu)^2 - y] / mu on mu (nb2) or on 1 (nb1); with
        ``variance="model"`` as R ``AER::dispersiontest``. By the design the error counts that mu is estimated. The
        likelihood ratio is at the bound of its range: half a chi-square with 1 degree of freedom and half a 0 (Self and
        Liang 1987).

        Examples
        --------
        >>> import pandas as pd
        >>> from surveyanalysis.analysis.count_models import poisson
        >>> firms = pd.DataFrame({"patents": [0, 0, 1, 1, 2, 8]})
        >>> model = poisson(firms, "patents ~ 1", variance="model")
        >>> [round(model.overdispersion(m).p, 3) for m in ("regression", "likelihood_ratio")]
        [0.108, 0.004]
        """
        from .count_tests import overdispersion

        return overdispersion(cast("CountRegression", self), method, form)

    def vuong(self, other: "CountRegression", correction: "Correction" = "none") -> "Test":
        """Compare with another model of the same counts that neither holds this one nor is held by it.

        Parameters
        ----------
        other
            A model of the same counts and respondents.
        correction
            "none", or for the numbers of parameters as "aic" and "bic" do.

        Returns
        -------
        Test
            t by the design (z otherwise), two-sided: positive where this model is nearer to the truth. The effect is
            the mean difference in log-likelihood.

        Raises
        ------
        ChoiceError, DataError
            The models are of other counts or respondents, or one holds the other.

        Notes
        -----
        Vuong 1989. It does not test zero inflation: a note says so where it is asked to (Wilson 2015). Checked against
        R ``pscl::vuong`` (c.count.bio.vuong, n.vuong.*).

        References
        ----------
        Vuong 1989, Econometrica 57: 307-333; Wilson 2015, Economics Letters 127: 51-53.

        Examples
        --------
        >>> import pandas as pd
        >>> from surveyanalysis.analysis.count_models import hurdle, zero_inflated
        >>> firms = pd.DataFrame({"patents": [0, 0, 0, 0, 1, 2, 4, 5, 0, 3], "size": [1, 2, 4, 2, 1, 4, 2, 5, 1, 3.0]})
        >>> one, two = (verb(firms, "patents ~ size", "1") for verb in (hurdle, zero_inflated))
        >>> round(one.vuong(two).statistic + two.vuong(one).statistic, 9)
        0.0
        """
        from .count_tests import vuong

        return vuong(cast("CountRegression", self), other, correction)

    def hurdle_test(self) -> "Test":
        """Test whether a hurdle is needed: slopes equal in both parts of a Poisson hurdle model with link "cloglog".

        Returns
        -------
        Test
            Wald's; a small p speaks for the hurdle.

        Raises
        ------
        ChoiceError
            The model is another one: slopes of both parts do not mean the same.

        Notes
        -----
        P(y > 0) = 1 - exp(-mu) is the cloglog's, so that equal slopes make it the Poisson regression (Mullahy 1986).
        Checked against R ``pscl::hurdletest`` (n.hurdletest.bio).

        Examples
        --------
        >>> import pandas as pd
        >>> from surveyanalysis.analysis.count_models import hurdle
        >>> firms = pd.DataFrame({"patents": [0, 0, 1, 1, 2, 4]})
        >>> hurdle(firms, "patents ~ 1", link="cloglog").hurdle_test().df
        1.0
        """
        from .count_tests import hurdle_test

        return hurdle_test(cast("CountRegression", self))

    def rootogram(self, top: int | None = None, confidence: float = 0.95) -> "Estimates":
        """Observed shares of every count beside those that the model expects; `.plot()` hangs one from the other.

        Parameters
        ----------
        top
            Largest count of its own; those above it stand together. None: the largest, 30 at most.

        Returns
        -------
        Estimates
            Kind "rootogram": a row a count with its share, Wilson interval and base; ``detail["predicted"]`` holds the
            shares that the model expects of these respondents.

        Notes
        -----
        Hanging rootogram (Tukey 1977; Kleiber and Zeileis 2016, The American Statistician 70: 296-303): bars of the
        square root of observed frequencies hang from that of expected ones, so that a bar that does not reach the axis
        tells too few of a count, one beyond it too many.

        Examples
        --------
        >>> import pandas as pd
        >>> from surveyanalysis.analysis.count_models import poisson
        >>> firms = pd.DataFrame({"patents": [0, 0, 1, 1, 2, 2]})
        >>> poisson(firms, "patents ~ 1").rootogram().detail["predicted"].round(3).tolist()
        [0.368, 0.368, 0.184]
        """
        from .rootogram import rootogram

        return rootogram(cast("CountRegression", self), top, confidence)
