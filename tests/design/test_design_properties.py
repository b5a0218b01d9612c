"""What theory says of every design, whatever software says. P1, P2, ... name the properties."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

import surveyanalysis as sa
from surveyanalysis.design.hadamard import hadamard
from surveyanalysis.design.stages import simple_stage
from surveyanalysis.design.sums import grouped_covariance, spread_over
from tests.analysis.designs import ASKED, BUILT, respondents

EXACT = 1e-9
every_design = pytest.mark.parametrize("asked", [*ASKED, *BUILT])


def drawn(asked: str, frame: pd.DataFrame | None = None) -> sa.Design:
    frame = complete() if frame is None else frame
    return BUILT[asked](frame) if asked in BUILT else sa.Design(frame, **ASKED[asked])


def complete() -> pd.DataFrame:
    """The synthetic respondents, all answers given."""
    frame = respondents()
    rng = np.random.default_rng(8)
    return frame.assign(y=rng.normal(5, 2, len(frame)), g=rng.choice(["a", "b", "c"], len(frame)),
                        z=rng.integers(0, 2, len(frame)).astype(float))  # fmt: skip


@every_design
def test_a_group_is_a_domain_is_a_ratio_of_indicator_totals(asked):
    """P6: R survey's domain.R asserts the same identities."""
    frame = complete()
    frame = frame.assign(inside=(frame.g == "b").astype(float), y_inside=frame.y * (frame.g == "b"))
    design = drawn(asked, frame)
    by_group = sa.mean(design, "y", by="g").frame.set_index("g").loc["b", ["estimate", "se"]]
    domain = sa.mean(design.where(g="b"), "y").frame.loc[0, ["estimate", "se"]]
    assert_allclose(by_group.astype(float), domain.astype(float), rtol=EXACT)
    top, bottom = (float(sa.total(design, name).frame["estimate"].item()) for name in ("y_inside", "inside"))
    assert_allclose(by_group["estimate"], top / bottom, rtol=EXACT)


def test_a_domain_is_no_subset_of_a_simple_random_sample():
    """P7: the errors differ by sqrt(n (m - 1) / ((n - 1) m))."""
    frame = complete()
    own = frame[frame.g == "b"]
    domain, subset = sa.mean(sa.Design(frame).where(g="b"), "y"), sa.mean(sa.Design(own), "y")
    n, m = len(frame), len(own)
    assert_allclose(domain.frame["se"], subset.frame["se"] * np.sqrt(n * (m - 1) / ((n - 1) * m)), rtol=1e-13)
    assert_allclose(sa.mean(sa.Design(frame).only(g="b"), "y").frame["se"], subset.frame["se"], rtol=1e-13)


@every_design
def test_domain_totals_add_to_the_total_and_shares_to_one(asked):
    """P8."""
    design = drawn(asked)
    parts, whole = sa.total(design, "y", by="g"), sa.total(design, "y")
    assert_allclose(parts.frame["estimate"].sum(), whole.frame["estimate"].item(), rtol=EXACT)
    assert_allclose(parts.covariance.sum(), whole.covariance.item(), rtol=1e-7)
    shares = sa.proportion(design, "g")
    assert_allclose(shares.frame["estimate"].sum(), 1, rtol=1e-13)
    assert_allclose(shares.covariance.sum(axis=0), 0, atol=1e-10 * shares.covariance.max())
    one, other = (sa.proportion(design, "z", level=level).frame["se"].item() for level in (0, 1))
    assert_allclose(one, other, rtol=EXACT)


@every_design
def test_the_mean_of_a_yes_no_answer_is_its_share_and_an_empty_logit_its_odds(asked):
    """P9."""
    design = drawn(asked)
    mean, share = sa.mean(design, "z").frame.iloc[0], sa.proportion(design, "z", level=1).frame.iloc[0]
    assert_allclose([mean["estimate"], mean["se"]], [share["estimate"], share["se"]], rtol=EXACT)
    odds = sa.logit(design, "z ~ 1").frame.iloc[0]
    p = share["estimate"]
    assert_allclose(odds["estimate"], np.log(p / (1 - p)), rtol=EXACT, atol=1e-12)
    if design.replicates is None:
        assert_allclose(odds["se"], share["se"] / (p * (1 - p)), rtol=EXACT)


def test_without_weights_strata_and_clusters_errors_are_the_textbook_s():
    """P14: s / sqrt(n); a census has none; a population lowers them by sqrt(1 - f)."""
    frame = complete()
    plain = frame.y.std() / np.sqrt(len(frame))
    assert_allclose(sa.mean(frame, "y").frame["se"], plain, rtol=1e-13)
    half = sa.mean(sa.Design(frame, population=480), "y").frame["se"]
    assert_allclose(half, plain * np.sqrt(0.5), rtol=1e-12)
    assert_allclose(sa.mean(sa.Design(frame, population=0.5), "y").frame["se"], half, rtol=1e-13)


def test_the_jackknife_of_a_mean_is_the_textbook_s_and_that_of_a_total_the_linearised_one():
    """P16: exact for a simple random sample's mean, and for totals under any design."""
    frame = complete()
    assert_allclose(sa.mean(sa.Design(frame).replicated("JK1"), "y").frame["se"], frame.y.std() / 240**0.5, rtol=EXACT)
    for asked, kind in (("clustered", "JK1"), ("stratified clusters, finite", "JKn")):
        design = drawn(asked)
        assert_allclose(
            sa.total(design.replicated(kind), "y").frame["se"], sa.total(design, "y").frame["se"], rtol=EXACT
        )


def test_balanced_half_samples_of_a_total_are_the_linearised_error():
    """McCarthy 1969: full orthogonal balance, with or without Fay's factor."""
    frame = complete().assign(h=np.repeat(np.arange(12), 20), pair=np.repeat(np.arange(24), 10))
    design = sa.Design(frame, weights="w", strata="h", clusters="pair")
    linear = sa.total(design, ["y", "z"])
    for fay in (0.0, 0.3):
        made = design.replicated("BRR", fay=fay)
        assert made.replicates.count == 16
        assert_allclose(sa.total(made, ["y", "z"]).covariance, linear.covariance, rtol=EXACT)


@pytest.mark.parametrize("order", [1, 2, 7, 11, 12, 20, 23, 60, 333])
def test_hadamard_matrices_are_orthogonal(order):
    matrix = hadamard(order)
    assert len(matrix) >= order
    assert (matrix[0] == 1).all()
    assert (matrix @ matrix.T == len(matrix) * np.eye(len(matrix))).all()


@pytest.mark.parametrize("kind", ["bootstrap", "subbootstrap", "rao_wu"])
def test_bootstraps_come_to_the_linearised_error_of_a_total(kind):
    """Rao and Wu 1988; Canty and Davison 1999: unbiased for totals. 4,000 replicates: within 5 %."""
    design = sa.Design(complete(), weights="w", strata="s", clusters="c")
    made = design.replicated(kind, replicates=4000, seed=3)
    expected = sa.total(design, "y").frame["se"].item()
    assert_allclose(sa.total(made, "y").frame["se"].item(), expected, rtol=0.05)
    again = design.replicated(kind, replicates=4000, seed=3)
    assert np.array_equal(made.replicates.factors, again.replicates.factors)


def test_the_rao_wu_bootstrap_counts_a_finite_population():
    """Half of each stratum sampled: the variance of a total is halved."""
    frame = complete()
    open_ended, finite = (
        sa.Design(frame, weights="w", strata="s", population=n).replicated("rao_wu", replicates=4000)
        for n in (None, 240)
    )
    ratio = sa.total(finite, "y").frame["se"].item() / sa.total(open_ended, "y").frame["se"].item()
    assert_allclose(ratio, 0.5**0.5, rtol=1e-6)


def given(frame: pd.DataFrame, columns: list[str], combined: bool = True, **more) -> sa.Design:
    asked = {"scale": 1.0, "rscales": list(np.linspace(0.5, 1.5, len(columns)))} | more
    return sa.Design(frame, weights="w", replicates=sa.Replicates(columns, "other", combined, **asked))


def with_replicates(combined: bool = True) -> tuple[pd.DataFrame, list[str]]:
    frame = complete()
    rng = np.random.default_rng(4)
    names = [f"rw{r}" for r in range(12)]
    factors = rng.choice([0.4, 1.6], (len(frame), 12))
    columns = pd.DataFrame(factors * (frame[["w"]].to_numpy() if combined else 1), columns=names, index=frame.index)
    return pd.concat([frame, columns], axis=1), names


def test_replicate_columns_in_another_order_with_their_rscales_change_nothing():
    """P17."""
    frame, names = with_replicates()
    order = np.random.default_rng(1).permutation(12)
    rscales = np.linspace(0.5, 1.5, 12)
    a = sa.mean(given(frame, names), ["y", "z"])
    b = sa.mean(given(frame, [names[i] for i in order], rscales=list(rscales[order])), ["y", "z"])
    assert_allclose(b.covariance, a.covariance, rtol=1e-12)


def test_combined_and_uncombined_replicates_agree_for_means_and_totals():
    """P18: means alone cannot see a wrong reading."""
    (whole, names), (factors, _) = with_replicates(True), with_replicates(False)
    for verb in (sa.mean, sa.total):
        a, b = verb(given(whole, names), "y"), verb(given(factors, names, combined=False), "y")
        assert_allclose(b.frame[["estimate", "se"]], a.frame[["estimate", "se"]], rtol=1e-12)


def test_the_centre_of_replicates_is_their_mean_or_the_full_estimate():
    """By hand: sum rscales (t - centre)^2."""
    frame, names = with_replicates()
    t = np.array([np.average(frame.y, weights=frame[name]) for name in names])
    rscales, at = np.linspace(0.5, 1.5, 12), np.average(frame.y, weights=frame.w)
    for mse, centre in ((False, t.mean()), (True, at)):
        se = sa.mean(given(frame, names, mse=mse), "y").frame["se"].item()
        assert_allclose(se, np.sqrt(rscales @ (t - centre) ** 2), rtol=1e-12)


def test_failed_replicates_are_counted_told_and_refused_when_many():
    """Trap T048: a replicate without an estimate is neither kept nor dropped silently."""
    frame, names = with_replicates()
    only = frame.g == "a"
    some = frame.assign(rw3=frame.rw3.where(~only, 0.0))
    found = sa.mean(given(some, names).where(g="a"), "y")
    assert any(note["en"].startswith("1 of 12 replicates gave no estimate") for note in found.origin.notes)
    assert any("반복표본 12개 중 1개" in note["ko"] for note in found.origin.notes)
    many = frame.assign(**{name: frame[name].where(~only, 0.0) for name in names[:3]})
    with pytest.raises(sa.errors.DataError, match="3 of 12 replicates give no estimate"):
        sa.mean(given(many, names).where(g="a"), "y")


def test_a_replicate_under_which_a_model_separates_is_counted():
    """One replicate without the only successes of a level: no finite estimate under it."""
    rng = np.random.default_rng(2)
    frame = pd.DataFrame({"y": rng.integers(0, 2, 60), "x": np.repeat(["a", "b", "c"], 20), "w": 1.0})
    frame.loc[frame.x == "c", "y"] = [1, 1, *[0] * 18]
    names = [f"rw{r}" for r in range(20)]
    for r, name in enumerate(names):
        frame[name] = rng.choice([0.5, 1.5], 60)
        frame.loc[(frame.x == "c") & (frame.y == 1), name] = 0.0 if r == 4 else 1.0
    design = sa.Design(frame, weights="w", replicates=sa.Replicates(names, "BRR", combined=True))
    model = sa.logit(design, "y ~ x", event=1)
    assert model.failed == 1
    assert any(note["en"].startswith("1 of 20 replicates") for note in model.origin.notes)


@pytest.mark.parametrize("asked", ["simple", "finite", "stratified", "clustered", "two stages, finite"])
def test_sums_by_group_equal_one_column_a_group(asked):
    """The grouped road and the plain one; two roads to one covariance."""
    design = drawn(asked)
    rng = np.random.default_rng(6)
    scores, groups = rng.normal(size=(len(design.rows), 2)), rng.integers(0, 4, len(design.rows))
    fast = grouped_covariance(scores, groups, 4, design.rows, design.sample)
    assert_allclose(fast, design.covariance(spread_over(scores, groups, 4)), rtol=1e-10, atol=1e-12)


def test_every_stratum_s_cluster_adds_one_degree_of_freedom():
    """P30."""
    frame = complete()
    assert drawn("stratified clusters, finite").df == frame.c.nunique() - 2
    assert sa.Design(frame[frame.c != frame.c.iloc[0]], strata="s", clusters="c").df == frame.c.nunique() - 3


def test_arrays_that_cannot_be_written_to_are_accepted():
    """P26."""
    frame = complete()
    before = frame.copy(deep=True)
    for name in ("w", "y"):
        values = frame[name].to_numpy().copy()
        values.flags.writeable = False
        frame[name] = values
    sa.mean(sa.Design(frame, weights="w", strata="s", clusters="c").replicated("JKn"), "y", by="g")
    pd.testing.assert_frame_equal(frame, before)


def test_population_as_totals_and_as_shares_give_the_same():
    frame = complete()
    totals = sa.Design(frame, weights="w", strata="s", population={"north": 480, "south": 1200})
    shares = sa.Design(frame, weights="w", strata="s", population={"north": 120 / 480, "south": 120 / 1200})
    assert_allclose(sa.mean(shares, "y").frame["se"], sa.mean(totals, "y").frame["se"], rtol=1e-12)


def test_simple_stage_is_the_sample_of_a_bare_frame():
    stage = simple_stage(5)
    assert (stage.size == 5).all()
    assert stage.cluster is None
