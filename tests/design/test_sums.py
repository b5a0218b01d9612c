"""Grouped covariances against the plain one: two roads to one number."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

import surveyanalysis as sa
from surveyanalysis.design.sums import domain_complete, domain_df, grouped_covariance
from tests.analysis.designs import ASKED, respondents


def spread(scores, groups, count):
    """Each group's scores in its own columns, zero elsewhere."""
    wide = np.zeros((len(scores), count, scores.shape[1]))
    wide[np.arange(len(scores)), groups] = scores
    return wide.reshape(len(scores), -1)


@pytest.mark.parametrize("asked", ASKED)
@pytest.mark.parametrize("k", [1, 3])
def test_groups_at_once_equal_scores_spread_over_columns(asked, k):
    rng = np.random.default_rng(4)
    design = sa.Design(respondents(), **ASKED[asked]).within(rng.random(240) < 0.8)
    scores, groups = rng.normal(size=(len(design.rows), k)), rng.integers(0, 5, len(design.rows))
    found = grouped_covariance(scores, groups, 6, design.rows, design.sample)
    expected = design.covariance(spread(scores, groups, 6))
    assert_allclose(found, expected, rtol=1e-10, atol=1e-12 * abs(expected).max())


@pytest.mark.parametrize("asked", ASKED)
def test_degrees_of_freedom_are_those_of_each_domain(asked):
    design = sa.Design(respondents(), **ASKED[asked])
    groups = np.arange(240) // 13 % 5 - 1
    found = domain_df(groups, design.rows, design.sample, 4)
    assert found.tolist() == [design.within(groups == g).df for g in range(4)]


def test_a_domain_is_complete_where_all_its_strata_were_sampled_whole():
    frame = respondents().assign(north=lambda d: (d["s"] == "north").astype(int))
    design = sa.Design(frame, strata="s", population={"north": 120, "south": 121})
    groups = np.where(np.arange(240) % 2, frame["north"], 2)
    assert domain_complete(groups, design.rows, design.sample, 4).tolist() == [False, True, False, False]
    assert domain_complete(np.full(240, -1), design.rows, design.sample, 1).tolist() == [False]


def test_constant_scores_within_strata_have_no_variance():
    frame = respondents()
    design = sa.Design(frame, strata="s")
    groups = (frame["s"] == "south").to_numpy(np.intp)
    assert abs(grouped_covariance(np.full((240, 1), 0.1), groups, 2, design.rows, design.sample)).max() < 1e-28
