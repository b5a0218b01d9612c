"""Tests of models of counts: more variance than Poisson's, which of two is nearer, whether there is a hurdle."""

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from ..errors import ChoiceError, DataError, one_of
from ..estimators.count_tests import Growth, dispersion_ratio
from ..estimators.count_tests import overdispersion as regressed
from ..estimators.count_tests import vuong as compared
from ..estimators.fit import Fit, Matrix, Vector
from ..intervals import t_p_value
from ..language import Text, both, say
from ..results import Origin, Test
from .error_words import MODEL_BASED, ROBUST, failed_note
from .nested import Grounds, same_respondents
from .sandwich import robust_covariance
from .term_tests import wald_of

if TYPE_CHECKING:
    from .count_model import CountRegression

DispersionMethod = Literal["regression", "likelihood_ratio"]
Correction = Literal["none", "aic", "bic"]
FORMS: dict[Growth, str] = {"nb2": "variance = mu + alpha mu^2", "nb1": "variance = mu (1 + alpha)"}
CORRECTED: dict[Correction, Text] = {
    "none": both("", ""),
    "aic": both(" (corrected as AIC)", " (AIC 보정)"),
    "bic": both(" (corrected as BIC)", " (BIC 보정)"),
}
NO_TEST_OF_ZEROS = both(
    "this is no test of zero inflation: a model without it lies at the bound of the one with it, where the statistic "
    "is not normal (Wilson 2015); compare information criteria and the rootograms",
    "영과잉의 검정이 아님: 영과잉이 없는 모형은 영과잉 모형의 경계에 있어 통계량이 정규분포를 따르지 않음"
    "(Wilson 2015); 정보 기준과 루토그램으로 비교",
)
BOUND = both(
    "one model lies at the bound of the other (a dispersion of 0), where the statistic is not normal; use "
    "overdispersion()",
    "한 모형이 다른 모형의 경계(산포 0)에 있어 통계량이 정규분포를 따르지 않음; overdispersion() 사용",
)
HURDLE = both("no hurdle (equal slopes in both parts)", "허들 없음(두 부분의 계수가 같음)")


def overdispersion(
    model: "CountRegression", method: DispersionMethod = "regression", form: Growth | None = None
) -> Test:
    """Do counts vary more than a Poisson variable; see `CountRegression.overdispersion`."""
    one_of(method, ("regression", "likelihood_ratio"), "method")
    own = model.response.model.distribution
    chosen: Growth = one_of(form, ("nb2", "nb1"), "form") if form else "nb1" if own == "nb1" else "nb2"
    return _regression(model, chosen) if method == "regression" else _ratio(model, chosen)


def _regression(model: "CountRegression", form: Growth) -> Test:
    """The regression of Cameron and Trivedi, one-sided."""
    response = model.response
    if response.model.zeros != "plain":
        raise ChoiceError(
            "The regression test is of the squared residuals of a Poisson regression; this model tells zeros apart "
            f'({say(response.words)}). Use method="likelihood_ratio", or fit `poisson`.'
        )
    used, x, y = model.model_frame.used, model.model_frame.x[:, response.columns], model.outcome.y
    found = regressed(x, y, used.row_weights, form=form, offset=response.offset)
    name = both(
        "overdispersion ({f}): Cameron-Trivedi regression", "과대산포 검정({f}): 캐머런-트리베디 회귀", f=FORMS[form]
    )
    if model.variance in MODEL_BASED:
        return _one_sided(model, name, found.alpha, found.statistic, np.inf)
    rows = found.contributions[:, None]
    if model.variance in ROBUST:
        return _one_sided(
            model, name, found.alpha, found.alpha / _root(robust_covariance(rows, model.variance)), np.inf
        )

    def again(weights: Vector) -> Vector:
        return np.array([regressed(x, y, weights, form=form, offset=response.offset).alpha])

    covaried = used.covaried(np.array([found.alpha]), again, lambda: used.covariance(rows))
    failed = failed_note(covaried.failed, model.model_frame.design)
    return _one_sided(model, name, found.alpha, found.alpha / _root(covaried.matrix), used.df, *failed)


def _ratio(model: "CountRegression", form: Growth) -> Test:
    """Likelihood ratio of a dispersion of 0, at the bound of its range."""
    weights = model.model_frame.used.row_weights
    if np.ptp(weights) > 0:
        raise DataError(
            "A likelihood ratio of the dispersion rests on equal weights; these differ between respondents. Use "
            'method="regression", whose error is by the design.'
        )
    wide, narrow = (_with(model, law) for law in (form, "poisson"))
    found = dispersion_ratio(wide, narrow)
    alpha = float(np.exp(wide.params[-1])) if wide.converged else 0.0
    name = both(
        "overdispersion ({f}): likelihood ratio, half a χ²(1)",
        "과대산포 검정({f}): 가능도비, χ²(1)의 절반",
        f=FORMS[form],
    )
    return Test(name, found.statistic, found.p, df=1.0, effect=alpha, effect_name="overdispersion", n=model.n,
                origin=_origin(model))  # fmt: skip


def _with(model: "CountRegression", law: Literal["poisson", "nb2", "nb1"]) -> Fit:
    """The same model with another distribution, of weights 1."""
    response = replace(model.response, model=replace(model.response.model, distribution=law))
    return response.fit(model.model_frame.x, model.outcome.y, np.ones(model.n))


def _one_sided(
    model: "CountRegression", name: Text, alpha: float, statistic: float, df: float, *notes: Text
) -> Test:  # fmt: skip
    """t or z of alpha against 0, large values speaking for overdispersion."""
    both_sides = float(t_p_value(np.array([statistic]), df)[0]) if df > 0 else np.nan
    p = both_sides / 2 if statistic > 0 else 1 - both_sides / 2
    return Test(name, float(statistic), p, df=None if np.isinf(df) else df, effect=alpha, effect_name="overdispersion",
                n=model.n, origin=_origin(model, *notes))  # fmt: skip


def vuong(model: "CountRegression", other: "CountRegression", correction: Correction = "none") -> Test:
    """Which of two models is nearer to the truth; see `CountRegression.vuong`."""
    one_of(correction, ("none", "aic", "bic"), "correction")
    notes = _comparable(model, other)
    used, sizes = model.model_frame.used, (len(model.params), len(other.params))
    first, second = (_log_likelihoods(m, m.params) for m in (model, other))
    found = compared(first, second, sizes, used.row_weights)
    plain = {"none": found.raw, "aic": found.aic, "bic": found.bic}
    more = sizes[0] - sizes[1]
    off = {"none": 0.0, "aic": more, "bic": more * np.log(model.n) / 2}[correction] / model.n
    statistic, df, failed = plain[correction], np.inf, 0
    if model.variance == "design":
        covaried = used.covaried(
            np.array([found.difference]),
            lambda weights: np.array([_difference(model, other, weights)]),
            lambda: used.covariance(found.contributions[:, None]),
        )
        statistic, df, failed = (found.difference - off) / _root(covaried.matrix), used.df, covaried.failed
    one, two, corrected = model.response.words, other.response.words, CORRECTED[correction]
    name = {"en": f"Vuong test{corrected['en']}: positive for {one['en']}, negative for {two['en']}",
            "ko": f"부옹 검정{corrected['ko']}: 양수이면 {one['ko']}, 음수이면 {two['ko']}"}  # fmt: skip
    extra = {f"vuong_{word}": value for word, value in plain.items()} if model.variance != "design" else {}
    p = float(t_p_value(np.array([statistic]), df)[0]) if df > 0 else np.nan
    origin = _origin(model, *notes, *failed_note(failed, model.model_frame.design))
    return Test(name, float(statistic), p, df=None if np.isinf(df) else df, effect=found.difference,
                effect_name="mean difference in log-likelihood", n=model.n, origin=origin, extra=extra)  # fmt: skip


def _comparable(model: "CountRegression", other: "CountRegression") -> tuple[Text, ...]:
    """Refuse models of other counts or respondents and nested ones; what must be told of the rest."""
    from .count_model import CountRegression

    if not isinstance(other, CountRegression):
        raise ChoiceError(f"`other` is a {type(other).__name__}; give a model of the same counts, such as of `hurdle`.")
    if other.outcome.name != model.outcome.name:
        raise ChoiceError(f"The models are of {model.outcome.name!r} and {other.outcome.name!r}: name one outcome.")
    same_respondents(Grounds.of("the model", model), Grounds.of("the other", other))
    orders = [used.survey.frame.index[used.rows] for used in (m.model_frame.used for m in (model, other))]
    if not orders[0].equals(orders[1]):
        raise DataError("The respondents of the two models stand in another order. Fit both to one design.")
    one, two = (m.response.model for m in (model, other))
    columns = [
        {(place.component, m.model_frame.terms[place.column].name) for place in m.places if place.column is not None}
        for m in (model, other)
    ]
    nested = columns[0] <= columns[1] or columns[1] <= columns[0]
    if (one.distribution, one.zeros, one.link) == (two.distribution, two.zeros, two.link) and nested:
        raise ChoiceError(
            "One of these models holds the other, so that the statistic is not normal. Test what it adds: "
            'model.test("term", method="likelihood_ratio").'
        )
    zeros = {one.zeros, two.zeros} == {"plain", "inflated"}
    bound = nested and one.zeros == two.zeros and "poisson" in (one.distribution, two.distribution)
    return (*((NO_TEST_OF_ZEROS,) if zeros else ()), *((BOUND,) if bound else ()))


def _log_likelihoods(model: "CountRegression", params: Vector) -> Vector:
    """Log-probability of every respondent's own count."""
    return model.response.log_likelihoods(params, model.model_frame.x, model.outcome.y)


def _difference(model: "CountRegression", other: "CountRegression", weights: Vector) -> float:
    """Mean difference of log-likelihoods where both are fitted under other weights."""
    one, two = (_log_likelihoods(m, m.refit(weights).params) for m in (model, other))
    return float(weights @ (one - two) / weights.sum())


def hurdle_test(model: "CountRegression") -> Test:
    """Is there a hurdle; see `CountRegression.hurdle_test`."""
    response, slopes = model.response, len(model.response.columns)
    asked = (response.model.zeros, response.model.distribution, response.model.link)
    if asked != ("hurdle", "poisson", "cloglog") or response.columns != response.zero or response.offset is not None:
        raise ChoiceError(
            "The test compares the slopes of both parts, which mean the same only in a Poisson hurdle model with "
            'link "cloglog", the same terms in both parts and no exposure. Fit '
            'hurdle(data, formula, link="cloglog").'
        )
    gap = np.hstack([np.eye(slopes), -np.eye(slopes)])
    covariance = gap @ model.params_covariance @ gap.T
    return wald_of(gap @ model.params, covariance, model.df, HURDLE, _origin(model), model.n)


def _root(covariance: Matrix) -> float:
    """Standard error of a single number."""
    return float(np.sqrt(covariance[0, 0]))


def _origin(model: "CountRegression", *notes: Text) -> Origin:
    """The model's origin, without its interval."""
    return replace(model.origin, interval={}).with_notes(*notes)
