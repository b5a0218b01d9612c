"""Synthetic respondents with missing answers: skip logic, reasons, several choices, a derived question."""

import numpy as np
import pandas as pd

import surveyanalysis as sa
from surveyanalysis.codebook.questions import Choice, Codebook, Missing, Question

N = 214


def choices(*codes):
    return tuple(Choice(code, {"en": str(code).title(), "ko": f"보기 {code}"}) for code in codes)


BOOK = Codebook(
    {
        "age": Question("age", "number", short={"en": "Age", "ko": "연령"}, integer=True, range=(18, 80)),
        "works": Question("works", "single", choices=choices("yes", "no"), event="yes"),
        "pay": Question("pay", "number", short={"en": "Pay", "ko": "급여"}, base="works == 'yes'"),
        "stage": Question("stage", "likert", choices=choices(1, 2, 3, 4)),
        "job": Question("job", "single", choices=choices("firm", "lab", "office", "none")),
        "why": Question("why", "multi", choices=choices("money", "home")),
        "rich": Question("rich", "single", choices=choices("poor", "rich"), derived="pay > 40", event="rich"),
        "notes": Question("notes", "text"),
    },
    missing={name: Missing(name, {"en": label}) for name, label in
             {"dk": "Don't know", "refused": "Refused", "na": "Not asked", "omitted": "Left out"}.items()},
)  # fmt: skip


def frame(seed=1, n=N):
    rng = np.random.default_rng(seed)
    z = rng.normal(size=n)
    works = np.where(rng.random(n) < 0.7, "yes", "no")
    out = pd.DataFrame(
        {
            "age": np.round(45 + 11 * np.clip(z, -2.3, 2.3)),
            "works": pd.Categorical(works, ["yes", "no"]),
            "pay": np.where(works == "yes", np.round(np.exp(3.5 + 0.3 * z + rng.normal(0, 0.4, n))), np.nan),
            "stage": pd.Categorical(1 + np.digitize(z + rng.logistic(size=n), [-1, 0, 1]), [1, 2, 3, 4], ordered=True),
            "job": pd.Categorical(rng.choice(["firm", "lab", "office"], n), ["firm", "lab", "office", "none"]),
            "why_money": pd.Series(rng.random(n) < 0.5).astype("boolean"),
            "why_home": pd.Series(rng.random(n) < 0.3 + 0.1 * (z > 0)).astype("boolean"),
            "notes": "words",
        }
    )
    for name in ("pay", "stage", "job"):
        out[name] = out[name].mask(rng.random(n) < 0.2)
    out.loc[rng.random(n) < 0.1, ["why_money", "why_home"]] = pd.NA
    rich = pd.Series(np.where(out["pay"] > 40, "rich", "poor")).where(out["pay"].notna())
    return out.assign(rich=pd.Categorical(rich, ["poor", "rich"]))


def survey(seed=1, n=N):
    """With a reason for each missing answer; every third missing stage is a "don't know"."""
    people = frame(seed, n)
    why = pd.DataFrame("omitted", index=people.index, columns=people.columns).where(people.isna()).astype("str")
    why.loc[people["works"] == "no", ["pay", "rich"]] = "na"
    lost = people.index[people["stage"].isna()]
    why.loc[lost[::3], "stage"] = "dk"
    return sa.Survey(people, BOOK, why)


def designed(seed=1, n=N):
    """Unequal weights, strata and clusters."""
    people = frame(seed, n)
    rng = np.random.default_rng(seed + 99)
    return people.assign(
        w=rng.lognormal(sigma=0.5, size=n),
        s=np.repeat(["n", "s"], n // 2),
        c=[f"{'ns'[i >= n // 2]}{i // 6}" for i in range(n)],
    )
