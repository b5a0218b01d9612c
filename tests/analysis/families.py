"""Every verb of a model of answers, on one synthetic sample: a new one adds an entry and meets all properties."""

from collections.abc import Callable

import numpy as np
import pandas as pd

import surveyanalysis as sa

COVARIATES = "age + employer + abroad"


def people(n: int = 400, seed: int = 12) -> pd.DataFrame:
    """Synthetic respondents in clusters within strata, with unequal weights and missing answers."""
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({"age": rng.integers(25, 65, n).astype(float)})
    frame["employer"] = pd.Categorical(rng.choice(["firm", "lab", "university"], n), ["firm", "lab", "university"])
    frame["abroad"] = rng.random(n) < 0.4
    place = 0.03 * (frame["age"] - 45) + 0.6 * (frame["employer"] == "lab") - 0.5 * frame["abroad"]
    latent = place + rng.logistic(size=n)
    frame["willing"] = pd.Categorical(np.digitize(latent, [-0.8, 0.9]) + 1, [1, 2, 3], ordered=True)
    frame["interested"] = (latent > 0).astype(int)
    frame["now"] = (0.6 * latent + rng.normal(size=n) > 0.2).astype(int)
    frame["moved"] = (place + np.random.default_rng(seed + 1).normal(size=n) > 0.1).astype(int)
    choice = np.stack([np.zeros(n), 0.4 + 0.5 * place, -0.2 - place], 1) + rng.gumbel(size=(n, 3))
    frame["job"] = pd.Categorical(
        np.array(["research", "planning", "teaching"])[choice.argmax(1)], ["research", "planning", "teaching"]
    )
    frame["w"] = rng.uniform(0.5, 3, n)
    frame["stratum"], frame["cluster"] = np.arange(n) % 4, np.arange(n) % 40
    frame.loc[rng.choice(n, 20, replace=False), "age"] = np.nan
    return frame


def design_of(frame: pd.DataFrame) -> sa.Design:
    return sa.Design(frame, weights="w", strata="stratum", clusters="cluster")


def _two(data, covariates: str, **kind):
    return sa.bivariate_probit(data, f"interested ~ {covariates}", f"now ~ {covariates}", **kind)


def _three(data, covariates: str, **kind):
    return sa.multivariate_probit(data, [f"{name} ~ {covariates}" for name in ("interested", "now", "moved")], **kind)


FAMILIES: dict[str, Callable] = {
    "logit": lambda d, c, **k: sa.logit(d, f"interested ~ {c}", **k),
    "probit": lambda d, c, **k: sa.probit(d, f"interested ~ {c}", **k),
    "cloglog": lambda d, c, **k: sa.cloglog(d, f"interested ~ {c}", **k),
    "ordered logit": lambda d, c, **k: sa.ordered(d, f"willing ~ {c}", **k),
    "ordered probit": lambda d, c, **k: sa.ordered(d, f"willing ~ {c}", link="probit", **k),
    "ordered cloglog": lambda d, c, **k: sa.ordered(d, f"willing ~ {c}", link="cloglog", **k),
    "ordered loglog": lambda d, c, **k: sa.ordered(d, f"willing ~ {c}", link="loglog", **k),
    "partial proportional odds": lambda d, c, **k: sa.ordered(d, f"willing ~ {c}", nonparallel="abroad", **k),
    "generalised ordered": lambda d, c, **k: sa.ordered(d, f"willing ~ {c}", nonparallel=True, **k),
    "location-scale": lambda d, c, **k: sa.ordered(d, f"willing ~ {c}", scale="abroad", **k),
    "continuation ratio": lambda d, c, **k: sa.continuation_ratio(d, f"willing ~ {c}", **k),
    "backward ratio": lambda d, c, **k: sa.continuation_ratio(
        d, f"willing ~ {c}", direction="backward", link="probit", nonparallel="abroad", **k
    ),
    "multinomial": lambda d, c, **k: sa.multinomial(d, f"job ~ {c}", **k),
    "bivariate probit": _two,
    "trivariate probit": _three,
    "firth": lambda d, c, **k: sa.firth(d, f"interested ~ {c}", **k),
    "reduced probit": lambda d, c, **k: sa.firth(d, f"interested ~ {c}", link="probit", **k),
    "reduced multinomial": lambda d, c, **k: sa.multinomial(d, f"job ~ {c}", bias_reduced=True, **k),
}
"""Data and covariates -> model."""
REDUCED = ("firth", "reduced probit", "reduced multinomial")
