"""Permutation tests against R coin, arrangements listed one by one, and theory.

Stored cases f.permutation.*: tests/references/scripts/small.R.
"""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

import surveyanalysis as sa
from surveyanalysis.errors import ChoiceError, ColumnError, DataError, DesignError
from surveyanalysis.estimators.permutation import arranged, arrangements, share_as_far
from tests import references


def asked(case):
    """A case's design."""
    args = case.args
    frame = pd.DataFrame({"y": np.array(args["y"], float), "g": pd.Categorical(args["group"])})
    given = {"strata": "block", "clusters": "cluster", "weights": "weights"}
    for name in given.values():
        if name in args:
            frame[name] = args[name]
    return sa.Design(frame, **{word: name for word, name in given.items() if name in args})


@pytest.mark.parametrize("name", references.cases("f.permutation."))
def test_p_is_that_of_every_arrangement(name):
    case = references.case(name)
    test = sa.permutation_test(asked(case), "y", by="g", statistic=case.args.get("statistic", "mean"))
    assert_allclose(test.p, case.values["p"], rtol=1e-9)
    if "arrangements" in case.values:
        assert test.extra["arrangements"] == case.values["arrangements"]


@pytest.fixture(scope="module")
def staff():
    rng = np.random.default_rng(8)
    frame = pd.DataFrame({"g": np.repeat(list("abc"), 20), "pay": rng.exponential(10, 60).round(1)})
    frame["pay"] += 4 * (frame["g"] == "c")
    return frame.assign(town=np.arange(60) // 5, region=np.arange(60) % 2, sex=rng.integers(0, 2, 60)).astype(
        {"g": "category"}
    )


def test_a_drawn_p_is_near_that_of_every_arrangement():
    case = references.case("f.permutation.mean")
    labels = np.unique(case.args["group"], return_inverse=True)[1]
    y = np.array(case.args["y"], float)

    def far(found):
        parts = np.concatenate(list(found.labels()))
        statistic = np.where(parts == 1, y, 0).sum(axis=1) / 5 - np.where(parts == 0, y, 0).sum(axis=1) / 9
        return share_as_far(y[labels == 1].sum() / 5 - y[labels == 0].sum() / 9, statistic, found.every)

    sizes = np.bincount(labels)
    assert sizes.tolist() == [9, 5]
    blocks = np.zeros(14, int)
    whole, drawn = (far(arranged(labels, blocks, 4000, 1, every=e)) for e in (10**6, 10))
    assert whole[1] == 0
    assert abs(whole[0] - drawn[0]) < 4 * drawn[1]
    assert_allclose(whole[0], case.values["p"])


def test_arrangements_are_all_different_and_keep_the_blocks():
    labels, blocks = np.array([0, 0, 1, 2, 1, 0]), np.array([0, 0, 0, 1, 1, 1])
    found = np.concatenate(list(arranged(labels, blocks, 9, 1).labels()))
    assert len(np.unique(found, axis=0)) == len(found) == arrangements(labels, blocks) == 18
    for part in found:
        for block in (0, 1):
            assert sorted(part[blocks == block]) == sorted(labels[blocks == block])


def test_drawn_p_values_follow_the_plus_one_rule_and_their_seed(staff):
    a, b, c = (sa.permutation_test(staff, "pay", by="g", draws=199, seed=s) for s in (1, 1, 2))
    assert a.p == b.p
    assert_allclose(a.p * 200, round(a.p * 200))
    assert a.p >= 1 / 200
    assert c.extra["seed"] == 2
    assert "199 draws, seed 1" in a.name["en"]


def test_p_values_are_uniform_where_there_is_no_difference():
    """Size: at most 5 % below .05, whatever the distribution; ties do not spoil it."""
    rng = np.random.default_rng(3)
    labels = np.repeat([0, 1], [4, 6])
    every = np.concatenate(list(arranged(labels, np.zeros(10, int), 9, 1).labels())).astype(float)
    p = []
    for _ in range(2000):
        y = rng.poisson(1.0, 10).astype(float)
        found = every @ (y - y.mean())
        p.append(share_as_far(float(labels @ (y - y.mean())), found, True)[0])
    assert np.mean(np.array(p) <= 0.05) <= 0.05 + 2 * np.sqrt(0.05 * 0.95 / 2000)


def test_two_groups_by_squares_and_by_difference_agree(staff):
    """Equal weights: the sum of squares between two groups is a function of their difference."""
    two = staff[staff["g"] != "c"].assign(g=lambda f: f["g"].cat.remove_unused_categories())

    def squares(values, group):
        return sum((group == k).sum() * (values[group == k].mean() - values.mean()) ** 2 for k in (0, 1))

    a = sa.permutation_test(two, "pay", by="g", draws=999)
    b = sa.permutation_test(two, "pay", by="g", draws=999, statistic=squares)
    assert a.p == b.p


def test_an_own_statistic_sees_values_and_groups(staff):
    test = sa.permutation_test(
        staff, "pay", by="sex", draws=99, statistic=lambda y, g: np.median(y[g == 1]) - np.median(y[g == 0])
    )
    medians = staff.groupby("sex")["pay"].median()
    assert_allclose(test.statistic, medians[1] - medians[0])


def test_clusters_move_as_wholes_or_within_themselves(staff):
    wholes = staff.assign(site=np.where(staff["town"] % 2 == 0, "x", "y"))
    design = sa.Design(wholes, clusters="town")
    notes = [n["en"] for n in sa.permutation_test(design, "pay", by="site", draws=99).origin.notes]
    assert "clusters are permuted as wholes" in notes
    assert sa.permutation_test(design, "pay", by="site").extra["arrangements"] == 924
    inside = [n["en"] for n in sa.permutation_test(design, "pay", by="sex", draws=99).origin.notes]
    assert any("within each cluster" in note for note in inside)


def test_strata_are_respected(staff):
    """Groups that differ by stratum alone: no difference is left within strata."""
    frame = staff.assign(pay=staff["region"] * 100.0 + staff["pay"] % 1, h=(staff["region"] + (staff.index < 9)) > 0)
    plain = sa.permutation_test(frame, "pay", by="h", draws=499)
    within = sa.permutation_test(sa.Design(frame, strata="region"), "pay", by="h", draws=499)
    assert plain.p < 0.01 < 0.05 < within.p
    assert any("within strata" in note["en"] for note in within.origin.notes)


def test_missing_answers_and_domains_are_counted(staff):
    holes = staff.assign(pay=staff["pay"].where(staff.index != 3))
    test = sa.permutation_test(sa.Design(holes).where("g != 'c'"), "pay", by="g", draws=99)
    assert test.n == 39
    assert test.origin.flow[-1][1] == 39
    assert any("nobody" in note["en"] for note in test.origin.notes)


def test_constant_answers_have_p_one(staff):
    test = sa.permutation_test(staff.assign(pay=1.0), "pay", by="g", draws=99)
    assert test.p == 1


def test_tables_are_in_both_languages(staff):
    test = sa.permutation_test(staff, "pay", by="sex", draws=99)
    assert "permutation test" in test.table().to_text()
    assert "순열검정" in test.table("ko").to_text()


def test_what_cannot_be_tested_is_refused(staff):
    for asked_for, error, said in (
        ({"draws": 0}, ChoiceError, "`draws` is 0"),
        ({"seed": 0.5}, ChoiceError, "`seed`"),
        ({"statistic": "median"}, ChoiceError, "'mean', 'rank'"),
        ({"statistic": lambda y, g: "much"}, ChoiceError, "finite number"),
        ({"by": "unit"}, ColumnError, "unit"),
    ):
        with pytest.raises(error, match=said):
            sa.permutation_test(staff, "pay", **{"by": "g", **asked_for})
    with pytest.raises(DataError, match="Only one group"):
        sa.permutation_test(staff[staff["g"] == "a"], "pay", by="g")
    with pytest.raises(DesignError, match="replicate"):
        sa.permutation_test(sa.Design(staff).replicated("JK1"), "pay", by="g")
