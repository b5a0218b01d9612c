"""Wrong input to a design is named: what, where, what was there, what to do. Messages are checked for those words."""

import numpy as np
import pandas as pd
import pytest

import surveyanalysis as sa
from surveyanalysis.errors import ChoiceError, ColumnError, DataError, DesignError, LevelError

N = 40


def people(**columns) -> pd.DataFrame:
    """Forty respondents r0 ... r39 in two strata and ten clusters, with five columns of whole replicate weights."""
    rng = np.random.default_rng(1)
    frame = pd.DataFrame(
        {"y": rng.normal(size=N), "w": rng.lognormal(size=N), "s": np.repeat(["a", "b"], 20), "c": np.arange(N) // 4},
        index=[f"r{i}" for i in range(N)],
    )
    frame = frame.assign(g=rng.choice(["x", "z"], N), N=np.where(np.arange(N) < 20, 100, 300), t="text")
    for r in range(5):
        frame[f"rw{r}"] = frame["w"] * rng.choice([0.3, 1.7], N)
    return frame.assign(**columns)


def without(column: str, value=None, **columns) -> pd.DataFrame:
    """The same, with one respondent's answer replaced."""
    frame = people(**columns)
    if value is None:
        frame[column] = frame[column].astype(object)
    frame.loc["r3", column] = value
    return frame


def replicates(columns="rw*", kind="BRR", combined=True, **more):
    return sa.Replicates(columns, kind, combined, **more)


def replicated(frame, **asked):
    return sa.Design(frame, weights="w", replicates=replicates(**asked))


P = people()
RESTART = people(c=np.tile(np.arange(5), 8))
ALONE = people(s=["a"] * 39 + ["b"])
WRONG = {
    "a negative weight": (lambda: sa.Design(without("w", -1.0), weights="w"), DesignError, "negative.*r3"),
    "a missing weight": (lambda: sa.Design(without("w", np.nan), weights="w"), DesignError, "missing.*r3"),
    "an infinite weight": (lambda: sa.Design(without("w", np.inf), weights="w"), DesignError, "infinite.*r3"),
    "weights in words": (lambda: sa.Design(P, weights="t"), DesignError, "no number.*r0"),
    "an array of weights": (lambda: sa.Design(P, weights=P.w.to_numpy()), DesignError, "row order cannot be checked"),
    "weights of others": (
        lambda: sa.Design(P, weights=P.w.reset_index(drop=True)), DesignError, "no value for 40.*index lacks them"),
    "weights with labels twice": (
        lambda: sa.Design(P, weights=pd.concat([P.w, P.w])), DesignError, "label twice.*cannot be aligned"),
    "cluster names used again": (lambda: sa.Design(RESTART, strata="s", clusters="c"), DesignError, "nested=True"),
    "clusters across strata": (
        lambda: sa.Design(RESTART, strata="s", clusters="c", nested=False), DesignError, "0 in 'c' lies in several"),
    "a population below the sample": (
        lambda: sa.Design(P, strata="s", population=10), DesignError, "stratum 'a' is 10, fewer than the 20"),
    "a population that changes": (
        lambda: sa.Design(people(N=np.arange(N) + 100), strata="s", population="N"), DesignError, "within stratum 'a'"),
    "totals and shares mixed": (
        lambda: sa.Design(people(N=np.where(np.arange(N) < 20, 0.2, 300)), strata="s", population="N"), DesignError,
        "0.2 and 300"),
    "a population of zero": (lambda: sa.Design(P, population=0), DesignError, "must be positive"),
    "a stratum without population": (
        lambda: sa.Design(P, strata="s", population={"a": 100}), DesignError, "nothing for it: stratum 'b'"),
    "a missing cluster": (lambda: sa.Design(without("c"), clusters="c"), DesignError, "missing for 1.*r3"),
    "a missing stratum": (lambda: sa.Design(without("s"), strata="s"), DesignError, "missing for 1.*r3"),
    "no such column": (lambda: sa.Design(P, strata="ss"), ColumnError, "'ss'.*Nearest: 's'"),
    "a single respondent in a stratum": (lambda: sa.Design(ALONE, strata="s"), DesignError, "'b' in 's'.*single_unit="),
    "a single unit of the second stage": (
        lambda: sa.Design(people(u=np.where(P.c == 3, 99, np.arange(N))), clusters=["c", "u"], population=[100, 50]),
        DesignError, "3 in 'c' has a single unit of the next stage"),
    "an unknown policy": (lambda: sa.Design(ALONE, strata="s", single_unit="centre"), ChoiceError, "adjust"),
    "more populations than stages": (
        lambda: sa.Design(P, clusters="c", population=[10, 20]), DesignError, "`population` has 2 stages"),
    "pps without probabilities": (lambda: sa.Design(P, pps="brewer"), DesignError, "inclusion="),
    "a probability above one": (
        lambda: sa.Design(people(p=2.0), inclusion="p", pps="brewer"), DesignError, "holds 2.*at most 1"),
    "probabilities and populations": (
        lambda: sa.Design(people(p=0.2), inclusion="p", population=100), DesignError, "Both"),
    "an unknown pps": (lambda: sa.Design(people(p=0.2), inclusion="p", pps="sampford"), ChoiceError, "overton"),
    "both kinds of design": (
        lambda: sa.Design(P, weights="w", strata="s", replicates=replicates()), DesignError, "Both replicate weights"),
    "replicates without weights": (lambda: sa.Design(P, replicates=replicates()), DesignError, "weights="),
    "combined not said": (lambda: replicated(P, combined=None), DesignError, "Say whether"),
    "combined said wrongly": (lambda: replicated(people(w=100 * P.w), combined=True), DesignError, "contradicts"),
    "factors said wrongly": (
        lambda: replicated(people(w=100 * P.w, **{f"rw{r}": 100 * P[f"rw{r}"] for r in range(5)}), combined=False),
        DesignError, "Correct `combined`"),
    "a replicate that is not there": (
        lambda: replicated(P, columns=["rw0", "rw9"]), ColumnError, "'rw9'.*Nearest"),
    "a pattern without columns": (lambda: replicated(P, columns="zz*"), ColumnError, "no column matches 'zz"),
    "one replicate": (lambda: replicated(P, columns=["rw0"]), DesignError, "at least two"),
    "a replicate named twice": (lambda: replicated(P, columns=["rw0", "rw0"]), DesignError, "'rw0' twice"),
    "a replicate of zeros": (lambda: replicated(people(rw2=0.0)), DesignError, "'rw2' is zero for everybody"),
    "a negative replicate": (lambda: replicated(without("rw2", -1.0)), DesignError, "'rw2' is negative.*r3"),
    "a missing replicate": (lambda: replicated(without("rw2", np.nan)), DesignError, "'rw2' is missing.*r3"),
    "an unknown kind": (lambda: replicated(P, kind="BRRR"), ChoiceError, "Nearest: 'BRR'"),
    "replicates as a text": (lambda: sa.Design(P, weights="w", replicates="rw*"), DesignError, "Replicates.columns"),
    "JKn without rscales": (lambda: replicated(P, kind="JKn"), DesignError, "rscales="),
    "too few rscales": (lambda: replicated(P, kind="JKn", rscales=[1, 2]), DesignError, "2 numbers for 5"),
    "negative rscales": (lambda: replicated(P, kind="JKn", rscales=-1), DesignError, "at least 0"),
    "Fay without its factor": (lambda: replicated(P, kind="Fay"), DesignError, "fay="),
    "other without scale": (lambda: replicated(P, kind="other"), DesignError, "scale="),
    "JK1 of strata": (lambda: sa.Design(P, strata="s").replicated("JK1"), ChoiceError, "Use 'JKn'"),
    "BRR of odd strata": (lambda: sa.Design(P, strata="s", clusters="c").replicated("BRR"), DesignError, "even number"),
    "one bootstrap": (lambda: sa.Design(P).replicated("bootstrap", replicates=1), ChoiceError, "at least 2"),
    "a seed in words": (lambda: sa.Design(P).replicated("bootstrap", seed="x"), ChoiceError, "whole number"),
    "an unknown resampling": (lambda: sa.Design(P).replicated("jk"), ChoiceError, "'JK1', 'JKn'"),
    "replicates of a pps sample": (
        lambda: sa.Design(people(p=0.2), inclusion="p", pps="brewer").replicated("JK1"), DesignError, "unequal"),
    "an answer that nobody gave": (lambda: sa.Design(P).where(g="q"), LevelError, "'g' has no answer 'q'"),
    "an empty domain": (lambda: sa.Design(P).where("y > 100"), DataError, "Nobody is in the domain 'y > 100'"),
    "a level without total": (
        lambda: sa.Design(P).post_stratified("g", {"x": 10}), DesignError, "'g' is 'z' for 20.*no total"),
    "a total without people": (
        lambda: sa.Design(P).post_stratified("g", {"x": 10, "z": 10, "q": 5}), DesignError, "Nobody has 'q'"),
    "a margin that is missing": (
        lambda: sa.Design(without("g")).post_stratified("g", {"x": 1, "z": 1}), DesignError, "missing for 1.*r3"),
    "one number for a margin": (lambda: sa.Design(P).post_stratified("g", 100), DesignError, "give {level: people}"),
    "a total in words": (lambda: sa.Design(P).post_stratified("g", {"x": "many", "z": 3}), DesignError, "no number"),
    "a crossed total without its levels": (
        lambda: sa.Design(P).post_stratified(["g", "s"], {"x": 3}), DesignError, "keys of 2 levels"),
    "margins of different sums": (
        lambda: sa.Design(P).raked({"g": {"x": 10, "z": 10}, "s": {"a": 10, "b": 20}}), DesignError, "20, those of"),
    "one margin to rake": (lambda: sa.Design(P).raked({"g": {"x": 10, "z": 10}}), DesignError, "post_stratified"),
    "margins that contradict": (
        lambda: sa.Design(P).calibrated({"g": {"x": 10, "z": 10}, "s": {"a": 10, "b": 20}}), DesignError, "contradict"),
    "a total for categories": (lambda: sa.Design(P).calibrated({"t": 10}), DesignError, "give.*level: people|Give"),
    "an unknown calibration": (lambda: sa.Design(P).calibrated({"y": 1}, method="greg"), ChoiceError, "'linear'"),
    "totals out of reach": (
        lambda: sa.Design(P).calibrated({"y": 1e4}, method="logit", bounds=(0.5, 2), population=100), DesignError,
        "'y' reaches"),
    "logit without bounds": (lambda: sa.Design(P).calibrated({"y": 1}, method="logit"), ChoiceError, "bounds"),
    "bounds that cross": (lambda: sa.Design(P).trimmed(lower=5, upper=2), DesignError, "no range"),
    "responded in words": (lambda: sa.Design(P).nonresponse_adjusted("t"), DesignError, "yes or no"),
    "a class that nobody answered": (
        lambda: sa.Design(people(r=P.g == "x")).nonresponse_adjusted("r", classes="g"), DesignError, "Nobody of 'z'"),
    "somebody in no frame": (
        lambda: sa.Design(people(a=False, b=False)).multiplicity_adjusted(["a", "b"]), DesignError, "in no frame"),
    "an own sample after an adjustment": (
        lambda: sa.Design(P).post_stratified("g", {"x": 10, "z": 10}).only(g="x"), DesignError, "Take `only` first"),
}  # fmt: skip


@pytest.mark.parametrize(("call", "error", "words"), WRONG.values(), ids=WRONG)
def test_wrong_input_is_named(call, error, words):
    with pytest.raises(error, match=words):
        call()


def test_weights_given_as_a_series_are_aligned_by_index():
    shuffled = P.w.sample(frac=1, random_state=1)
    assert np.array_equal(sa.Design(P, weights=shuffled).weights, P.w.to_numpy())


def test_a_census_stratum_of_one_is_no_error():
    """Its only unit stands for itself: as in R survey, whatever the policy."""
    population = ALONE.assign(N=np.where(ALONE.s == "b", 1, 400))
    assert sa.mean(sa.Design(population, strata="s", population="N"), "y").frame["se"].item() > 0


def test_a_group_column_with_missing_values_is_told():
    found = sa.mean(without("g"), "y", by="g")
    assert found.frame["n"].sum() == N - 1
    assert found.origin.notes[0]["en"] == "1 left out: g (missing)"


def test_volunteers_are_told_what_an_interval_means():
    origin = sa.mean(sa.Design(P, volunteer=True), "y").origin
    assert any(note == sa.volunteer_note() for note in origin.notes)


def test_a_replicate_that_cannot_be_adjusted_is_named():
    known = {"x": 60.0, "z": 40.0}
    given = P.assign(g=P["g"].fillna("x"))
    given.loc[given["g"] == "z", "rw3"] = 0.0
    columns = [f"rw{r}" for r in range(5)]
    design = sa.Design(given, weights="w", replicates=sa.Replicates(columns, "bootstrap", combined=True))
    with pytest.raises(DesignError, match=r"Replicate 4 of 5: .*z"):
        design.post_stratified("g", known)
