"""Designs: codes, weights, domains, wrong input. Oracles: R survey 4.1 (case ids named), theory, invariance."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

import surveyanalysis as sa
from surveyanalysis.design.linearized import covariance
from surveyanalysis.design.stages import Sample, Stage
from surveyanalysis.errors import ColumnError, DataError, DesignError, FormulaError, LevelError

EXACT = 1e-12


def people(n: int = 40, seed: int = 3) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({"y": rng.normal(size=n), "w": rng.lognormal(size=n), "s": np.repeat(["a", "b"], n // 2)})
    return frame.assign(c=np.arange(n) // 4, g=rng.choice(["x", "z"], n), N=np.where(frame.s == "a", 100, 300))


def mean_scores(design: sa.Design) -> tuple[float, np.ndarray]:
    y, w = design.survey.frame["y"].to_numpy()[design.rows], design.row_weights
    mean = w @ y / w.sum()
    return mean, (w * (y - mean) / w.sum())[:, None]


def se(design: sa.Design) -> float:
    return float(np.sqrt(design.covariance(mean_scores(design)[1])[0, 0]))


def test_a_simple_random_sample_has_the_textbook_error():
    frame = people()
    assert_allclose(se(sa.Design(frame)), frame.y.std(ddof=1) / np.sqrt(len(frame)), rtol=EXACT)


def test_a_census_has_no_error_and_a_population_lowers_it_by_the_sampled_share():
    frame = people()
    assert_allclose(se(sa.Design(frame, population=len(frame))), 0, atol=1e-15)
    assert_allclose(se(sa.Design(frame, population=160)), se(sa.Design(frame)) * np.sqrt(0.75), rtol=EXACT)


def test_every_row_its_own_cluster_is_no_clusters_and_one_stratum_is_no_strata():
    frame = people().assign(row=range(40), one="all")
    plain = se(sa.Design(frame, weights="w"))
    assert_allclose(se(sa.Design(frame, weights="w", clusters="row")), plain, rtol=EXACT)
    assert_allclose(se(sa.Design(frame, weights="w", strata="one")), plain, rtol=EXACT)


def test_nested_cluster_names_equal_relabelled_ones():
    frame = people().assign(name=lambda f: f.c % 5, unique=lambda f: f.s + (f.c % 5).astype(str))
    with pytest.raises(DesignError, match="nested=True"):
        sa.Design(frame, strata="s", clusters="name")
    with pytest.raises(DesignError, match="lies in several strata"):
        sa.Design(frame, strata="s", clusters="name", nested=False)
    nested = sa.Design(frame, weights="w", strata="s", clusters="name", nested=True)
    assert_allclose(se(nested), se(sa.Design(frame, weights="w", strata="s", clusters="unique")), rtol=EXACT)
    assert nested.df == 8


def test_weights_times_a_constant_change_no_mean_and_no_error():
    frame = people()
    scaled = frame.assign(w=7.3 * frame.w)
    a, b = (sa.Design(f, weights="w", strata="s", clusters="c") for f in (frame, scaled))
    assert_allclose([mean_scores(a)[0], se(a)], [mean_scores(b)[0], se(b)], rtol=EXACT)


def test_a_row_split_into_halves_within_its_cluster_changes_nothing():
    frame = people()
    halves = pd.concat([frame.assign(w=frame.w / 2)] * 2, ignore_index=True)
    assert_allclose(se(sa.Design(halves, weights="w", clusters="c")), se(sa.Design(frame, weights="w", clusters="c")),
                    rtol=EXACT)  # fmt: skip


def test_the_order_of_rows_does_not_matter():
    frame = people()
    design = sa.Design(frame, weights="w", strata="s", clusters="c")
    shuffled = sa.Design(frame.sample(frac=1, random_state=1), weights="w", strata="s", clusters="c")
    assert_allclose(se(shuffled), se(design), rtol=EXACT)


def test_a_domain_keeps_the_rows_outside_it():
    """Theory: under simple random sampling the domain's error is the subset's x sqrt(n (nd - 1) / ((n - 1) nd))."""
    frame = people()
    subset = frame[frame.g == "x"]
    nd, n = len(subset), len(frame)
    factor = np.sqrt(n * (nd - 1) / ((n - 1) * nd))
    domain = sa.Design(frame).where(g="x")
    assert_allclose(se(domain), se(sa.Design(subset)) * factor, rtol=EXACT)
    assert_allclose(se(sa.Design(frame).only(g="x")), se(sa.Design(subset)), rtol=EXACT)


def test_weight_zero_within_a_cluster_is_outside_the_domain():
    frame = people()
    zero = frame.assign(w=np.where(frame.g == "x", frame.w, 0.0))
    a = sa.Design(zero, weights="w", clusters="c")
    b = sa.Design(frame, weights="w", clusters="c").where(g="x")
    assert_allclose(se(a), se(b), rtol=EXACT)
    assert a.df == b.df


def test_clusters_without_rows_in_the_domain_count_with_zero():
    """By hand: two clusters, one without contribution: z = (t, 0), variance 2/1 * (t^2/4 + t^2/4) = t^2."""
    one = np.ones(1)
    stage = Stage(np.array([0, 0, 1]), np.array([0, 0]), 2 * one, 0 * one, one, np.zeros(1, int))
    sample = Sample((stage,))
    assert_allclose(covariance(np.array([[1.0], [2.0]]), np.array([0, 1]), sample), [[9.0]])


def test_weights_come_from_the_population_where_none_are_given():
    design = sa.Design(people(), strata="s", population="N")
    assert_allclose(np.unique(design.weights), [5, 15])
    mapped = sa.Design(people(), strata="s", population={"a": 100, "b": 300})
    assert_allclose(mapped.weights, design.weights)


@pytest.mark.parametrize(
    ("change", "arguments", "message"),
    [
        ({"w": [-1.0] + [1.0] * 39}, {"weights": "w"}, "negative for 1 respondent"),
        ({"w": [np.nan] + [1.0] * 39}, {"weights": "w"}, "missing, infinite or no number for 1 respondent"),
        ({"w": [0.0] * 40}, {"weights": "w"}, "zero for everybody"),
        ({"s": ["lonely"] + ["a"] * 39}, {"strata": "s"}, "'lonely' in 's' has a single respondent"),
        ({"s": [None] + ["a"] * 39}, {"strata": "s"}, "is missing for 1 respondent"),
        ({"c": [None] + [1] * 39}, {"clusters": "c"}, "is missing for 1 respondent"),
        ({"c": [1] * 40}, {"clusters": "c"}, "one cluster"),
        ({}, {"population": 39}, "39, fewer than the 40 units"),
        ({}, {"population": 0}, "must be positive"),
        ({}, {"population": {"a": 100}}, "no strata are given"),
        ({}, {"population": {"a": 100}, "strata": "s"}, "nothing for it: stratum 'b'"),
        ({"N": list(range(100, 140))}, {"population": "N"}, "changes within stratum"),
    ],
)
def test_a_design_that_contradicts_itself_is_refused_by_name(change, arguments, message):
    with pytest.raises(DesignError, match=message):
        sa.Design(people().assign(**change), **arguments)


def test_unknown_columns_and_levels_name_the_nearest():
    with pytest.raises(ColumnError, match="Nearest: 'w'"):
        sa.Design(people(), weights="ww")
    design = sa.Design(people())
    with pytest.raises(LevelError, match="has no answer 'y'"):
        design.where(g="y")
    with pytest.raises(ColumnError, match="'gg'"):
        design.where("gg == 'x'")
    with pytest.raises(DataError, match="Nobody is in the domain"):
        design.where(g="x").where(g="z")
    with pytest.raises(DataError, match="Nobody is left"):
        design.only("y > 100")
    with pytest.raises(FormulaError, match="Say who"):
        design.where()


def test_the_design_and_the_frame_are_never_changed():
    frame = people()
    before = frame.copy()
    design = sa.Design(frame, weights="w", strata="s", clusters="c")
    design.where(g="x").covariance(np.ones((len(design.where(g="x").rows), 1)))
    pd.testing.assert_frame_equal(frame, before)
    assert len(design) == len(frame)


def test_domains_of_domains_intersect_and_say_so():
    design = sa.Design(people()).where(g="x").where("y > 0")
    frame = people()
    assert len(design) == ((frame.g == "x") & (frame.y > 0)).sum()
    assert design.filter["en"] == "g: x and y > 0"
    assert "domain of" in repr(design)
