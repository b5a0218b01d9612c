"""CR2 and the wild cluster bootstrap against R clubSandwich, refits of every combination of signs, and theory.

Stored cases f.cr2.* and f.wild.*: tests/references/scripts/small.R.
"""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

from surveyanalysis.errors import DataError
from surveyanalysis.estimators import few_clusters as numerics
from surveyanalysis.estimators.binary import binary_fit
from surveyanalysis.estimators.few_clusters import few_clusters
from surveyanalysis.estimators.linear import linear_fit
from surveyanalysis.estimators.wild import Drawn, binary_hold, interval_of, linear_hold, p_of, signs_of, t_of
from tests import references


def setting(case):
    """Model matrix in R's order, outcome, weights, clusters."""
    frame = references.data(case.data[0])
    if "enroll" in frame:
        frame = frame.assign(size=frame["enroll"] / 500)
    args = case.args
    if args.get("first"):
        frame = frame[frame[args["cluster"]].isin(frame[args["cluster"]].unique()[: args["first"]])]
    made = {
        "high": lambda f: f["api00"] > 650,
        "yes": lambda f: f["participation"] == "yes",
        "out": lambda f: f["foreign"] == "yes",
    }
    columns = []
    outcome, terms = args["formula"].split(" ~ ")
    for term in terms.split(" + "):
        values = made[term](frame) if term in made else frame[term]
        levels = [True] if values.dtype == bool else None
        if levels is None and not pd.api.types.is_numeric_dtype(values):
            levels = sorted(values.astype(str).unique())[1:]
        columns += [values.to_numpy(float)] if not levels else [(values == level).to_numpy(float) for level in levels]
    y = (made[outcome](frame) if outcome in made else frame[outcome]).to_numpy(float)
    weights = frame[args["weights"]].to_numpy(float) if args.get("weights") else np.ones(len(frame))
    return np.column_stack([np.ones(len(y)), *columns]), y, weights, pd.factorize(frame[args["cluster"]])[0]


def solved(case):
    """CR2 of a case and its coefficients."""
    x, y, w, clusters = setting(case)
    if not case.args["binary"]:
        params = linear_fit(x, y, w).params
        return params, few_clusters(x, y - x @ params, w, np.ones(len(y)), clusters)
    params = binary_fit(x, y, w, "logit").params
    p = 1 / (1 + np.exp(-x @ params))
    return params, few_clusters((p * (1 - p))[:, None] * x, y - p, w / (p * (1 - p)), p * (1 - p), clusters)


@pytest.mark.parametrize("name", references.cases("f.cr2."))
def test_covariance_degrees_of_freedom_and_joint_tests_are_those_of_clubsandwich(name):
    case = references.case(name)
    params, found = solved(case)
    expected = np.array(case.values["vcov"]["matrix"])
    assert_allclose(params, list(case.values["coef"].values()), rtol=1e-7)
    scale = np.sqrt(np.diag(expected))
    assert_allclose(found.covariance / np.outer(scale, scale), expected / np.outer(scale, scale), atol=1e-7)
    k = len(params)
    assert_allclose(found.df(np.eye(k)), list(case.values["df"].values()), rtol=1e-6)
    gap = np.eye(k)[:, [1]] - np.eye(k)[:, [2]]
    assert_allclose(found.df(gap), case.values["gap"]["df"], rtol=1e-6)
    assert_allclose(found.joint(params, gap), list(case.values["gap"].values()), rtol=1e-6)
    for rows, test in zip(case.args["terms"].values(), case.values["joint"].values()):
        first, last = min(rows) - 1, max(rows)
        f, df = found.joint(params, np.eye(k)[:, first:last])
        assert_allclose([f, df], test[:2], rtol=1e-6)


@pytest.mark.parametrize("name", references.cases("f.wild."))
def test_wild_p_values_are_those_of_refits_under_every_combination_of_signs(name):
    case = references.case(name)
    x, y, w, clusters = setting(case)
    drawn = signs_of(clusters.max() + 1, case.args["signs"], 1, 1)
    assert drawn.every
    names = case.args["formula"].split(" ~ ")[1].split(" + ")
    for test in case.values["tests"]:
        at = 1 + names.index(test["term"])
        if case.args["binary"]:
            hold = binary_hold(x, y, w, clusters, at, "logit")
        else:
            hold = linear_hold(x, y, w, clusters, at)
        held = hold(test["value"])
        assert_allclose(t_of(held), test["t"], rtol=1e-6)
        assert_allclose(p_of(held, drawn), test["p"], rtol=1e-12)


def clustered(seed=1, n=60, count=6):
    """A linear model with clusters of unequal size and unequal weights."""
    rng = np.random.default_rng(seed)
    clusters = np.sort(rng.integers(0, count, n))
    x = np.column_stack([np.ones(n), rng.normal(size=n), rng.normal(size=count)[clusters]])
    y = x @ [1.0, 0.5, 0.2] + 0.5 * rng.normal(size=count)[clusters] + rng.normal(size=n)
    return x, y, rng.uniform(0.5, 2, n), clusters


def brute(x, weights, target, clusters):
    """Matrices Z of every cluster over all rows, by the definition: n x n matrices and nothing clever."""
    n = len(x)
    bread = np.linalg.inv(x.T @ np.diag(weights) @ x)
    left = np.eye(n) - x @ bread @ x.T @ np.diag(weights)
    parts = []
    for g in range(clusters.max() + 1):
        own = clusters == g
        root = np.diag(np.sqrt(target[own]))
        values, vectors = np.linalg.eigh(root @ left[own] @ np.diag(target) @ left[own].T @ root)
        inverse = np.array([v**-0.5 if v > 1e-10 else 0.0 for v in values])
        adjusted = root @ (vectors * inverse) @ vectors.T @ root
        parts.append((left[own].T @ adjusted @ np.diag(weights[own]) @ x[own] @ bread, own))
    return parts


@pytest.mark.parametrize("target", [1.0, 2.5, None], ids=["ones", "equal", "unequal"])
def test_the_short_forms_equal_the_definition_over_all_rows(target):
    x, y, w, clusters = clustered()
    variances = np.exp(x[:, 1]) if target is None else np.full(len(y), target)
    e = y - x @ linear_fit(x, y, w).params
    found = few_clusters(x, e, w, variances, clusters)
    parts = [part for part, _ in brute(x, w, variances, clusters)]
    moments = np.array([[a.T @ np.diag(variances) @ b for b in parts] for a in parts])
    assert_allclose(found.moments(np.eye(3)), moments, atol=1e-10 * np.abs(moments).max())


def test_the_covariance_is_unbiased_where_the_working_model_holds():
    """Theory: the expectation of CR2 under errors with the target variances is the variance of the estimates."""
    x, _, w, clusters = clustered(2)
    variances = np.exp(0.5 * x[:, 1])
    bread = np.linalg.inv(x.T @ (w[:, None] * x))
    truth = bread @ x.T @ np.diag(w**2 * variances) @ x @ bread
    own = few_clusters(x, np.zeros(len(x)), w, variances, clusters)
    working = few_clusters(x, np.zeros(len(x)), 1 / variances, variances, clusters)
    assert_allclose(np.einsum("iist->st", working.moments(np.eye(3))), np.linalg.inv(x.T @ (x / variances[:, None])))
    ratio = np.diag(np.einsum("iist->st", own.moments(np.eye(3)))) / np.diag(truth)
    assert_allclose(ratio, 1, rtol=1e-9)


def test_rows_as_clusters_of_two_groups_give_welch_s_degrees_of_freedom():
    """HC2 with Satterthwaite is Welch's test under equal variances: df as of the Behrens-Fisher formula."""
    x = np.column_stack([np.ones(12), np.repeat([0.0, 1.0], [5, 7])])
    y = np.arange(12.0) ** 1.5
    found = few_clusters(x, y - x @ linear_fit(x, y, np.ones(12)).params, np.ones(12), np.ones(12), np.arange(12))
    a, b = y[:5].var(ddof=1) / 5, y[5:].var(ddof=1) / 7
    assert_allclose(found.covariance[1, 1], a + b)
    assert_allclose(found.df(np.eye(2))[1], (1 / 5 + 1 / 7) ** 2 / (1 / (25 * 4) + 1 / (49 * 6)))


def test_the_origin_and_the_unit_of_a_covariate_do_not_matter():
    x, y, w, clusters = clustered(3)
    moved = np.column_stack([x[:, 0], 2000 + 1e-3 * x[:, 1], x[:, 2]])
    ones = np.ones(len(y))
    a, b = (few_clusters(z, y - z @ linear_fit(z, y, w).params, w, ones, clusters) for z in (x, moved))
    assert_allclose(b.covariance[1, 1], 1e6 * a.covariance[1, 1], rtol=1e-7)
    assert_allclose(b.df(np.eye(3))[1:], a.df(np.eye(3))[1:], rtol=1e-7)


def test_a_single_cluster_is_refused():
    x, y, w, clusters = clustered()
    with pytest.raises(DataError, match="one cluster"):
        few_clusters(x, y, w, w, 0 * clusters)


def test_a_huge_cluster_is_refused_for_unequal_variances_only(monkeypatch):
    monkeypatch.setattr(numerics, "LARGEST", 5)
    x, y, w, clusters = clustered()
    few_clusters(x, y, w, np.ones(len(y)), clusters)
    with pytest.raises(DataError, match=r"A cluster has \d+ respondents"):
        few_clusters(x, y, w, w, clusters)


def test_the_interval_holds_what_the_test_keeps():
    x, y, w, clusters = clustered(4, count=8)
    hold, drawn = linear_hold(x, y, w, clusters, 1), signs_of(8, "rademacher", 1, 1)
    params = linear_fit(x, y, w).params
    low, high = interval_of(hold, drawn, params[1], 0.2, 0.95)
    assert low < params[1] < high
    for end, side in ((low, -1), (high, 1)):
        assert p_of(hold(end + side * 1e-6), drawn) <= 0.05 < p_of(hold(end - side * 1e-6), drawn)


def test_with_too_few_clusters_signs_alone_can_never_refuse():
    """2 / 2^4 = 12.5 %: every value is kept at 95 %, so that the interval has no ends."""
    x, y, w, clusters = clustered(5, count=4)
    hold, drawn = linear_hold(x, y, w, clusters, 1), signs_of(4, "rademacher", 1, 1)
    assert interval_of(hold, drawn, 0.0, 0.2, 0.95) == (-np.inf, np.inf)


def test_drawn_signs_follow_their_seed_and_approach_every_combination():
    x, y, w, clusters = clustered(6, count=10)
    held = linear_hold(x, y, w, clusters, 2)(0.0)
    every = p_of(held, signs_of(10, "rademacher", 1, 1))
    points = np.array([-1.0, 1.0])
    chosen = points[np.random.default_rng(3).integers(0, 2, (4000, 10))]
    far = p_of(held, Drawn(chosen, every=False))
    assert abs(far - every) < 4 * np.sqrt(every * (1 - every) / 4000)
    one, same, other = (signs_of(40, "webb", 50, seed).signs for seed in (1, 1, 2))
    assert (one == same).all()
    assert (one != other).any()
