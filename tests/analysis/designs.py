"""Designs for tests of analyses: those of the R cases, and a synthetic survey under several designs."""

import numpy as np
import pandas as pd

import surveyanalysis as sa
from surveyanalysis.codebook.questions import Choice, Codebook, Question
from surveyanalysis.design.design import as_design, replace_parts
from tests import references


def one_stage(case: references.Case) -> bool:
    """Whether a reference case has a one-stage design with linearised variance and weights as given."""
    design = case.args.get("design") if isinstance(case.args, dict) else None
    return bool(design) and "ssu" not in design and not (design["weights"] or ["implied"])[0].startswith("implied")


def design_of(case: references.Case, **more: pd.Series) -> sa.Design:
    """The design that a case describes, on its data with more columns."""
    asked = case.args["design"]
    one = {name: (asked[name] or [None])[0] for name in ("weights", "strata", "psu", "fpc")}
    return sa.Design(
        references.data(case.data[0]).assign(**more),
        weights=one["weights"],
        strata=one["strata"],
        clusters=one["psu"],
        population=one["fpc"],
        nested=True if asked["nest"][0] else None,
    )


def respondents(n: int = 240, seed: int = 5) -> pd.DataFrame:
    """Synthetic answers with unequal weights, strata, clusters and missing answers; of no real person."""
    rng = np.random.default_rng(seed)
    scale = pd.CategoricalDtype([1, 2, 3, 4, 5], ordered=True)
    stratum = np.repeat(["north", "south"], n // 2)
    frame = pd.DataFrame(
        {
            "w": rng.lognormal(sigma=0.6, size=n),
            "s": stratum,
            "c": np.arange(n) // 8,
            "N": np.where(stratum == "north", 60, 90),
            "g": pd.Categorical(rng.choice(["firm", "lab", "office"], n), ["firm", "lab", "office", "none"]),
            "sex": rng.choice(["f", "m"], n),
            "q": pd.Series(rng.integers(1, 6, n)).astype(scale),
            "r": pd.Series(np.clip(rng.integers(1, 6, n) + 1, 1, 5)).astype(scale),
            "y": rng.normal(50, 10, n),
            "z": rng.exponential(3, n),
            "yes": pd.Series(rng.random(n) < 0.4).astype("boolean"),
            "later": pd.Series(rng.random(n) < 0.6).astype("boolean"),
        }
    )
    for column, share in {"g": 0.05, "q": 0.1, "y": 0.08, "yes": 0.07, "z": 0.03}.items():
        frame.loc[rng.random(n) < share, column] = pd.NA if column == "yes" else None
    order = rng.permuted(np.tile([1.0, 2.0, 3.0, np.nan], (n, 1)), axis=1)
    order[rng.random(n) < 0.06] = np.nan
    ticks = pd.DataFrame(rng.random((n, 3)) < [0.6, 0.3, 0.02], columns=[f"why_{code}" for code in OPTIONS[:3]])
    ticks = ticks.astype("boolean")
    ticks.loc[rng.random(n) < 0.09] = pd.NA
    own = np.random.default_rng(seed + 1)
    frame["made"] = own.poisson(2 * own.gamma(1.5, 1 / 1.5, n)).astype(float)
    frame["pay"] = frame["y"].where(frame["later"].to_numpy(bool))
    frame["part"] = np.where(own.random(n) < 0.2, own.integers(0, 2, n), own.beta(2, 3, n))
    return frame.assign(**{f"pick_{code}": column for code, column in zip(OPTIONS, order.T)}, **ticks)


OPTIONS = ("pay", "peers", "family", "home")


def coded(data) -> sa.Design:
    """The design with a codebook of the questions in several columns: `pick` (ranks) and `why` (several answers)."""
    choices = tuple(Choice(code, {"en": code.title(), "ko": f"보기 {code}"}) for code in OPTIONS)
    rank = Question("pick", "rank", wording={"en": "Rank what matters"}, choices=choices, top=3)
    multi = Question("why", "multi", wording={"en": "Why did you leave?"}, choices=choices[:3])
    sex = Question("sex", "single", choices=(Choice("f", {"en": "women"}), Choice("m", {"en": "men"})))
    book = Codebook({question.id: question for question in (rank, multi, sex)})
    design = as_design(data)
    return replace_parts(design, survey=sa.Survey.from_frame(design.survey.frame, book))


def two_stages(frame: pd.DataFrame) -> sa.Design:
    """Clusters, and respondents within them, each drawn from a finite population."""
    return sa.Design(frame.assign(row=np.arange(len(frame))), strata="s", clusters=["c", "row"], population=["N", 60])


def post_stratified(frame: pd.DataFrame) -> sa.Design:
    """Stratified clusters, with weights that meet the numbers of each sex."""
    drawn = sa.Design(frame, weights="w", strata="s", clusters="c", population="N")
    return drawn.post_stratified("sex", {sex: 1000 + 400 * (sex == "m") for sex in frame["sex"].unique()})


def jackknife(frame: pd.DataFrame) -> sa.Design:
    """Stratified clusters by a jackknife."""
    return sa.Design(frame, weights="w", strata="s", clusters="c").replicated("JKn")


def raked_replicates(frame: pd.DataFrame) -> sa.Design:
    """Jackknife replicates, each raked to two margins."""
    drawn = sa.Design(frame, weights="w", strata="s", clusters="c").replicated("JKn", mse=True)
    sexes, strata = (sorted(frame[name].unique()) for name in ("sex", "s"))
    return drawn.raked({"sex": dict(zip(sexes, (900, 1100))), "s": dict(zip(strata, (1200, 800)))})


BUILT = {
    "two stages, finite": two_stages,
    "post-stratified": post_stratified,
    "jackknife": jackknife,
    "raked replicates": raked_replicates,
}
"""Designs that take more than arguments; each is a function of the frame."""


ASKED = {
    "simple": {},
    "finite": {"population": 2000},
    "weighted": {"weights": "w"},
    "stratified": {"weights": "w", "strata": "s"},
    "clustered": {"weights": "w", "clusters": "c"},
    "stratified clusters, finite": {"weights": "w", "strata": "s", "clusters": "c", "population": "N"},
}
