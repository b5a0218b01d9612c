"""Where a design shows no variance, or leaves nothing to chance, and numbers of unusual size: theory, invariances."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from scipy import stats

import surveyanalysis as sa
from surveyanalysis.intervals import proportion_interval
from surveyanalysis.language import say

every_interval = pytest.mark.parametrize("interval", ["t", "wilson", "logit", "exact"])
ENDS = ["ci_low", "ci_high"]


def firms(n=60, seed=3):
    """Synthetic answers in two strata of five clusters each, with unequal weights."""
    rng = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "yes": rng.random(n) < 0.5,
            "g": np.arange(n) % 3,
            "cluster": np.arange(n) // 6,
            "stratum": np.arange(n) // 30,
            "w": rng.uniform(1, 3, n),
        }
    )


def notes(result):
    return " | ".join(say(note) for note in result.origin.notes)


@every_interval
@pytest.mark.parametrize("answers", [20, 0])
def test_a_census_is_certain_whatever_the_interval(interval, answers):
    """Nothing is left to chance where the population is the sample: not even for none of 57."""
    frame = pd.DataFrame({"yes": [True] * answers + [False] * (57 - answers)})
    found = sa.proportion(sa.Design(frame, population=57), "yes", interval=interval).frame
    assert_allclose(found[ENDS], np.column_stack([found["estimate"]] * 2), rtol=0, atol=0)


@every_interval
def test_a_group_of_which_everybody_was_sampled_is_certain_and_the_other_is_not(interval):
    """A take-all stratum: its own share has no error, the share of the sampled stratum has that of a sample."""
    frame = firms()
    design = sa.Design(frame, strata="stratum", population={0: 30, 1: 300})
    found = sa.proportion(design, "yes", by="stratum", interval=interval).frame.set_index("stratum")
    assert (found.loc[0, "ci_low"] == found.loc[0, "ci_high"]).all()
    assert (found.loc[1, "ci_high"] - found.loc[1, "ci_low"] > 0.2).all()


@pytest.mark.parametrize("interval", ["wilson", "exact"])
@pytest.mark.parametrize("weight", [1.0, 0.37])
def test_strata_that_answer_alike_have_the_interval_of_their_number(interval, weight):
    """All of one stratum say yes, all of the other no: no variance shows, so 20 and 37 of 57 are what is known."""
    frame = pd.DataFrame({"yes": [True] * 20 + [False] * 37, "s": ["a"] * 20 + ["b"] * 37, "w": weight})
    row = sa.proportion(sa.Design(frame, weights="w", strata="s"), "yes", level=True, interval=interval).frame.iloc[0]
    method = {"wilson": "wilson", "exact": "exact"}[interval]
    expected = stats.binomtest(20, 57).proportion_ci(method=method)
    assert row["se"] == 0
    assert_allclose([row["ci_low"], row["ci_high"]], expected, rtol=1e-10)


@pytest.mark.parametrize("interval", ["wilson", "exact", "logit"])
@pytest.mark.parametrize("clusters", [5, 8, 12])
def test_intervals_of_few_clusters_cover_what_they_promise(interval, clusters):
    """Beta-binomial clusters of 20, share 0.3, intraclass correlation 0.1; without t quantiles Wilson covers 88%."""
    share, rho, size, runs = 0.3, 0.1, 20, 4000
    shape = share * (1 - rho) / rho, (1 - share) * (1 - rho) / rho
    rng = np.random.default_rng(clusters)
    means = rng.binomial(size, rng.beta(*shape, (runs, clusters))) / size
    p, se = means.mean(axis=1), means.std(axis=1, ddof=1) / clusters**0.5
    low, high = proportion_interval(p, se, np.full(runs, 1.0 * size * clusters), clusters - 1.0, interval)
    assert 0.935 < ((low <= share) & (share <= high)).mean() < 0.975


@every_interval
def test_a_domain_within_one_cluster_of_each_stratum_has_no_interval(interval):
    """R degf is 0: neither t nor the normal can tell how much clusters differ; svyciprop gives NaN too."""
    design = sa.Design(firms(), weights="w", strata="stratum", clusters="cluster")
    for domain in ("cluster == 3", "cluster == 3 or cluster == 7"):
        found = sa.proportion(design.where(domain), "yes", interval=interval)
        assert (found.frame["df"] == 0).all()
        assert found.frame[ENDS].isna().all(axis=None)
        assert "no interval where a base lies in a single cluster" in notes(found)


def test_a_share_within_one_cluster_has_no_error_of_its_own_but_for_rounding():
    """The sums that cancel leave a last digit of either sign; no square root of it is taken."""
    design = sa.Design(firms(), weights="w", strata="stratum", clusters="cluster")
    for cluster in range(10):
        domain = design.where(cluster=cluster)
        assert (sa.proportion(domain, "yes").frame["se"] == 0).all()
        assert (sa.mean(domain, "yes").frame["se"] == 0).all()
        assert np.isnan(sa.crosstab(domain, "yes", by="g").test("rao_scott").p)


@pytest.mark.parametrize("size", [1e-200, 1e-160, 1e160, 1e200])
def test_weights_of_any_size_give_the_same_shares_errors_and_tests(size):
    """Squares of such weights are no numbers any more, or have lost their digits."""
    frame, names = firms(), ["estimate", "se", *ENDS]
    usual, extreme = (sa.Design(frame.assign(w=frame["w"] * k), weights="w", strata="stratum") for k in (1, size))
    for one, other in ((sa.proportion(d, "yes", by="g"), sa.mean(d, "yes")) for d in (usual, extreme)):
        assert np.isfinite(one.frame[names]).all(axis=None)
        assert np.isfinite(other.frame[names]).all(axis=None)
    for verb in (lambda d: sa.proportion(d, "yes", by="g"), lambda d: sa.mean(d, "g")):
        assert_allclose(verb(extreme).frame[names], verb(usual).frame[names], rtol=1e-12)
    assert_allclose(*(sa.crosstab(d, "yes", by="g").test().p for d in (extreme, usual)), rtol=1e-9)


def test_a_paired_difference_without_variance_is_no_test():
    """A stratum in which all changed their mind, and one in which nobody did."""
    changed = np.arange(57) < 20
    frame = pd.DataFrame({"now": changed, "later": False, "s": changed, "w": np.where(changed, 0.1, 0.37)})
    test = sa.paired(sa.Design(frame, weights="w", strata="s"), "now", "later")
    assert np.isnan(test.p)
    assert "no variance" in notes(test)


def test_numbers_with_missing_answers_are_levels_as_typed():
    """A column of 0, 1 and missing holds floats; nobody answered "1.0"."""
    found = sa.proportion(pd.DataFrame({"y": [0, 1, None, 1]}), "y").frame["level"]
    assert [str(level) for level in found] == ["0", "1"]
    halves = sa.proportion(pd.DataFrame({"y": [0.5, 1, None, 1]}), "y").frame["level"]
    assert [str(level) for level in halves] == ["0.5", "1.0"]


def test_a_nearly_separated_outcome_is_told():
    """One respondent of next to no weight keeps the estimate finite: R glm warns of fitted probabilities of 0 or 1."""
    rng = np.random.default_rng(2)
    frame = pd.DataFrame({"y": rng.random(57) < 0.5, "lab": np.arange(57) >= 40, "w": 1.0})
    frame.loc[40:, "y"] = True
    frame.loc[40, ["y", "w"]] = [False, 1e-9]
    assert "nearly separated" in notes(sa.logit(sa.Design(frame, weights="w"), "y ~ lab"))
    frame["w"] = 1.0
    assert "nearly separated" not in notes(sa.logit(sa.Design(frame, weights="w"), "y ~ lab"))


TAILS = {
    "t": (1.047885215517288e-209, lambda i: i.t_p_value(np.array(40.0), 1000.0)),
    "t few": (1.378465180548425e-169, lambda i: i.t_p_value(np.array(1e5), 40.0)),
    "normal": (1.145114244504915e-299, lambda i: i.t_p_value(np.array(37.0), np.inf)),
}


@pytest.mark.parametrize("tail", TAILS)
def test_far_tails_agree_with_r(tail):
    """R 4.2: 2 * pt(-40, 1000), 2 * pt(-1e5, 40), 2 * pnorm(-37)."""
    from surveyanalysis import intervals

    expected, found = TAILS[tail]
    assert_allclose(found(intervals), expected, rtol=1e-6)
