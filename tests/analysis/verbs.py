"""Every verb, called on the synthetic survey of designs.py: a new verb adds one entry and meets all contracts."""

import surveyanalysis as sa

from .designs import coded

BANDS = {1: (None, 10), 2: (10, 20), 3: (20, 40), 4: (40, 80), 5: (80, None)}
VERBS = {
    "proportion": lambda d: sa.proportion(d, "q"),
    "proportion of one level": lambda d: sa.proportion(d, "q", level=5, interval="logit"),
    "proportion of a top box by group": lambda d: sa.proportion(d, "q", level=[4, 5], by="g", interval="exact"),
    "proportion by two groups": lambda d: sa.proportion(d, "yes", by=["g", "sex"], interval="t"),
    "mean": lambda d: sa.mean(d, ["y", "z", "q"]),
    "mean by group": lambda d: sa.mean(d, ["y", "yes"], by="g"),
    "total": lambda d: sa.total(d, ["y", "z"], by=["sex", "g"]),
    "quantile": lambda d: sa.quantile(d, "y", [0.25, 0.5, 0.8]),
    "quantile by group": lambda d: sa.quantile(d, "z", [0.5, 0.7], by=["g", "sex"], rule="school", interval="logit"),
    "quantile by score": lambda d: sa.quantile(d, "y", 0.4, by="sex", interval="score"),
    "distribution": lambda d: sa.distribution(d, "y", [40, 50, 58.5], by="g"),
    "frequencies": lambda d: sa.frequencies(d, "g"),
    "crosstab": lambda d: sa.crosstab(d, "q", by="g"),
    "multiple response": lambda d: sa.multiple_response(d, ["yes", "later"]),
    "multiple response by group": lambda d: sa.multiple_response(d, ["yes", "later"], by="sex"),
    "multiple response of the codebook": lambda d: sa.multiple_response(coded(d), "why", by="sex"),
    "ranking": lambda d: sa.ranking(coded(d), "pick"),
    "likert": lambda d: sa.likert(d, ["q", "r"], test=True),
    "kappa": lambda d: sa.kappa(d, "q", "r", weights="linear"),
    "against the frame": lambda d: sa.against_frame(d, "g", {"firm": 120, "lab": 300, "office": 180}),
    "early against late": lambda d: sa.early_late(d, ["y", "yes"], order="z", cut=0.4),
    "ratio": lambda d: sa.ratio(d, ["y", "q"], "z"),
    "ratio by two groups": lambda d: sa.ratio(d, "y", ["z", "q"], by=["g", "sex"]),
    "a known total by ratio": lambda d: sa.total_by_ratio(d, "y", "z", totals=5000),
    "known totals by ratio": lambda d: sa.total_by_ratio(d, "y", "z", totals={"f": 2000, "m": 3000}, by="sex"),
    "variance": lambda d: sa.variance(d, ["y", "z", "q"]),
    "standard deviation by group": lambda d: sa.variance(d, ["y", "q"], of="sd", by="g"),
    "correlation": lambda d: sa.correlation(d, ["y", "z", "q"]),
    "correlation by group": lambda d: sa.correlation(d, ["y", "z"], by="g"),
    "alpha": lambda d: sa.alpha(d, ["q", "r", "z"]),
    "design effect": lambda d: sa.design_effect(d, ["y", "z"], replacement=True, by="g"),
    "design effect of shares": lambda d: sa.design_effect(d, "g", of="total", replacement=True),
    "contrast": lambda d: sa.contrast(
        sa.mean(d, ["y", "z"], by="sex"), {"gap": "y|f - y|m", "relative": "log(y|f / (z|m + 2 * z|f))"}
    ),
    "differences": lambda d: sa.differences(sa.mean(d, ["y", "q"], by=["g", "sex"]), between="g"),
    "differences of shares": lambda d: sa.differences(sa.crosstab(d, "q", by="g"), reference="lab", correction="none"),
    "standardised": lambda d: sa.standardised(d, "y", over="sex", population={"f": 3, "m": 1}, by="g"),
    "shares standardised": lambda d: sa.standardised(d, "g", over="sex", population={"f": 0.4, "m": 0.6}),
    "decomposition": lambda d: sa.decomposition(d, "y ~ z + g", by="sex", contrasts="deviation"),
    "decomposition of shares": lambda d: sa.decomposition(d, "yes ~ z + q", by="sex", method="yun"),
    "logit": lambda d: sa.logit(d, "yes ~ z + sex").estimates,
    "ordered": lambda d: sa.ordered(d, "q ~ z + sex").estimates,
    "poisson": lambda d: sa.poisson(d, "made ~ z + sex").estimates,
    "negative binomial": lambda d: sa.negative_binomial(d, "made ~ z + sex").estimates,
    "hurdle": lambda d: sa.hurdle(d, "made ~ z", "sex").estimates,
    "tobit": lambda d: sa.tobit(d, "z ~ y + sex", lower=1, upper=6).estimates,
    "truncated regression": lambda d: sa.truncated_regression(d, "y ~ z", lower=None, upper=120).estimates,
    "interval regression": lambda d: sa.interval_regression(d, "q ~ z", bands=BANDS).estimates,
    "two parts": lambda d: sa.two_part(d, "made ~ z", "sex", positive="lognormal").estimates,
    "fractional": lambda d: sa.fractional(d, "part ~ z + sex", link="probit").estimates,
    "inflated beta": lambda d: sa.beta(d, "part ~ z", precision="sex", inflation="1").estimates,
    "linear": lambda d: sa.linear(d, "y ~ z + sex").estimates,
    "multinomial": lambda d: sa.multinomial(d, "g ~ z + sex").estimates,
    "probit": lambda d: sa.probit(d, "yes ~ z").estimates,
    "firth": lambda d: sa.firth(d, "yes ~ z + sex", variance="design").estimates,
    "effects": lambda d: sa.logit(d, "yes ~ z + sex").effects(),
    "marginal means": lambda d: sa.logit(d, "yes ~ z + sex").marginal_means({"sex": ["f", "m"], "z": [1, 3]}),
    "marginal means of a scale": lambda d: sa.ordered(d, "q ~ z + sex").marginal_means("sex"),
    "linear marginal means": lambda d: sa.linear(d, "y ~ z + sex").marginal_means("sex"),
    "marginal counts": lambda d: sa.poisson(d, "made ~ z + sex").marginal_means("sex"),
    "risk ratios": lambda d: sa.logit(d, "yes ~ z + sex").risk_ratios(),
    "second differences": lambda d: sa.logit(d, "yes ~ z + sex").interaction("z", "sex"),
    "linear predictor": lambda d: sa.logit(d, "yes ~ z + sex").predict({"sex": ["f", "m"]}, scale="link"),
    "firth of a probit": lambda d: sa.firth(d, "yes ~ z", link="probit", variance="design").estimates,
    "slopes by threshold": lambda d: sa.ordered(d, "q ~ z + sex", nonparallel="sex").estimates,
    "spread": lambda d: sa.ordered(d, "q ~ z", link="probit", scale="sex").estimates,
    "continuation ratio": lambda d: sa.continuation_ratio(d, "q ~ z + sex", nonparallel="sex").estimates,
    "bivariate probit": lambda d: sa.bivariate_probit(d, "yes ~ z + sex", "later ~ sex").estimates,
    "selection": lambda d: sa.heckman(d, "pay ~ z", "later ~ z + sex", method="two_step").estimates,
    "two-stage": lambda d: sa.two_stage(d, "y ~ z + sex", "made + q + sex").estimates,
    "quantile regression": lambda d: sa.quantile_regression(d, "y ~ z + sex", [0.4, 0.6]).estimates,
    "multinomial with reduced bias": lambda d: sa.multinomial(d, "g ~ z", bias_reduced=True).estimates,
    "area under the curve": lambda d: sa.logit(d, "yes ~ z + sex").roc(),
    "classification": lambda d: sa.logit(d, "yes ~ z + sex").classification(0.45),
    "rootogram": lambda d: sa.poisson(d, "made ~ z").rootogram(8),
    "observed against predicted": lambda d: sa.logit(d, "yes ~ z + sex").calibration(3),
    "observed against predicted, scale": lambda d: sa.ordered(d, "q ~ z + sex").calibration(3),
}
MARGINS = {"effects", "marginal means", "marginal means of a scale", "linear marginal means", "marginal counts",
           "risk ratios", "second differences", "linear predictor"}  # fmt: skip
REDUCED = {"firth", "firth of a probit", "multinomial with reduced bias"}
WIDER = {
    "slopes by threshold",
    "spread",
    "continuation ratio",
    "bivariate probit",
    "selection",
    "two-stage",
    "quantile regression",
}
COUNTS = {"poisson", "negative binomial", "hurdle"}
LIMITS = {"tobit", "truncated regression", "interval regression", "two parts", "fractional", "inflated beta"}
MODELS = {"logit", "ordered", "linear", "multinomial", "probit"} | REDUCED | WIDER | COUNTS | LIMITS | MARGINS
UNCOUNTED = {"kappa", "early against late"}
DERIVED = {"contrast", "differences", "differences of shares"}
NO_ERRORS = {name for name in VERBS if name.startswith("design effect")}
BY_NUMBER = {"variance", "standard deviation by group", "quantile regression"} | REDUCED | NO_ERRORS
"""Verbs whose estimates follow the number of respondents, besides their weights."""
NUMBERS = (
    DERIVED
    | BY_NUMBER
    | {"standardised", "alpha", "decomposition", "decomposition of shares"}
    | {n for n in VERBS if "ratio" in n or "correlation" in n}
)
SHARES = {name for name in VERBS if not name.startswith(("mean", "total", "quantile"))} - MODELS - UNCOUNTED - NUMBERS
TESTS = {
    "crosstab, Rao-Scott": lambda d: sa.crosstab(d, "q", by="g").test("rao_scott"),
    "crosstab, Rao-Scott chi-square": lambda d: sa.crosstab(d, "q", by="g").test("rao_scott_chisq"),
    "crosstab, Pearson": lambda d: sa.crosstab(d, "yes", by="sex").test("pearson"),
    "crosstab, exact": lambda d: sa.crosstab(d, "yes", by="sex").test("exact"),
    "crosstab, likelihood ratio": lambda d: sa.crosstab(d, "q", by="g").test("likelihood_ratio"),
    "crosstab, saddlepoint": lambda d: sa.crosstab(d, "q", by="g").test("saddlepoint"),
    "crosstab, sum of chi-squares": lambda d: sa.crosstab(d, "q", by="g").test("lincom"),
    "crosstab, Wald": lambda d: sa.crosstab(d, "q", by="g").test("wald"),
    "crosstab, adjusted Wald": lambda d: sa.crosstab(d, "q", by="sex").test("adjusted_wald"),
    "t test, one sample": lambda d: sa.t_test(d, "y", null=49),
    "t test, two groups": lambda d: sa.t_test(d, "y", by="sex"),
    "t test, two questions": lambda d: sa.t_test(d, "q", paired_with="r"),
    "group test": lambda d: sa.group_test(d, "z", by="g"),
    "rank test, Wilcoxon": lambda d: sa.rank_test(d, "y", by="sex"),
    "rank test, Kruskal-Wallis": lambda d: sa.rank_test(d, "q", by="g", ties="midpoint"),
    "rank test, normal scores": lambda d: sa.rank_test(d, "z", by="g", test="van_der_waerden"),
    "rank test, median": lambda d: sa.rank_test(d, "q", by="sex", test="median", ties="midpoint"),
    "paired, difference": lambda d: sa.paired(d, "yes", "later", method="difference"),
    "paired, McNemar exact": lambda d: sa.paired(d, "yes", "later", method="mcnemar_exact"),
    "paired, McNemar": lambda d: sa.paired(d, "q", "r", yes=[4, 5], method="mcnemar"),
    "paired, Wilcoxon": lambda d: sa.paired(d, "q", "r", method="wilcoxon"),
    "paired, Bowker": lambda d: sa.paired(d, "q", "r", method="bowker"),
    "paired, Stuart-Maxwell": lambda d: sa.paired(d, "q", "r", method="stuart_maxwell"),
    "paired, Wald": lambda d: sa.paired(d, "q", "r", method="wald"),
    "trend, slope": lambda d: sa.trend(d, "r", by="q", method="slope"),
    "trend, linear by linear": lambda d: sa.trend(d, "r", by="q", method="linear_by_linear"),
    "trend, Cochran-Armitage": lambda d: sa.trend(d, "yes", by="q", method="cochran_armitage"),
    "link": lambda d: sa.logit(d, "yes ~ z + sex").link_test(),
    "overdispersion": lambda d: sa.poisson(d, "made ~ z").overdispersion(),
    "Vuong": lambda d: sa.hurdle(d, "made ~ z", "1").vuong(sa.negative_binomial(d, "made ~ z")),
    "against the frame, Rao-Scott": lambda d: _framed(d).test("rao_scott"),
    "against the frame, Rao-Scott chi-square": lambda d: _framed(d).test("rao_scott_chisq"),
    "against the frame, Pearson": lambda d: _framed(d).test("pearson"),
    "against the frame, exact": lambda d: _framed(d).test("exact"),
}


def _framed(d):
    return sa.against_frame(d, "g", {"firm": 120, "lab": 300, "office": 180})
