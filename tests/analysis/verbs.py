"""Every verb, called on the synthetic survey of designs.py: a new verb adds one entry and meets all contracts."""

import surveyanalysis as sa

from .designs import coded

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
    "logit": lambda d: sa.logit(d, "yes ~ z + sex").estimates,
    "ordered": lambda d: sa.ordered(d, "q ~ z + sex").estimates,
}
MODELS = {"logit", "ordered"}
UNCOUNTED = {"kappa", "early against late"}
SHARES = {name for name in VERBS if not name.startswith(("mean", "total", "quantile"))} - MODELS - UNCOUNTED
TESTS = {
    "crosstab, Rao-Scott": lambda d: sa.crosstab(d, "q", by="g").test("rao_scott"),
    "crosstab, Rao-Scott chi-square": lambda d: sa.crosstab(d, "q", by="g").test("rao_scott_chisq"),
    "crosstab, Pearson": lambda d: sa.crosstab(d, "yes", by="sex").test("pearson"),
    "crosstab, exact": lambda d: sa.crosstab(d, "yes", by="sex").test("exact"),
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
    "against the frame, Rao-Scott": lambda d: _framed(d).test("rao_scott"),
    "against the frame, Rao-Scott chi-square": lambda d: _framed(d).test("rao_scott_chisq"),
    "against the frame, Pearson": lambda d: _framed(d).test("pearson"),
    "against the frame, exact": lambda d: _framed(d).test("exact"),
}


def _framed(d):
    return sa.against_frame(d, "g", {"firm": 120, "lab": 300, "office": 180})
