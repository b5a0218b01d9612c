"""What every verb owes its readers: columns, types, covariance, labels, an untouched input, an origin, invariances."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from pandas.testing import assert_frame_equal

import surveyanalysis as sa
from surveyanalysis.results import KEYS, TEST_COLUMNS, VALUES

from .designs import ASKED, BUILT, respondents
from .verbs import BY_NUMBER, DERIVED, MODELS, NO_ERRORS, SHARES, TESTS, VERBS

DESIGNS = ["simple", "stratified clusters, finite", *BUILT]
every_verb = pytest.mark.parametrize("verb", VERBS)
verbs_with_errors = pytest.mark.parametrize("verb", [verb for verb in VERBS if verb not in NO_ERRORS])
UNCERTAIN = ["estimate", "se", "ci_low", "ci_high"]
every_design = pytest.mark.parametrize("asked", DESIGNS)


def run(verb, asked="simple", frame=None):
    return VERBS[verb](drawn(respondents() if frame is None else frame, asked))


def numbers_of(verb):
    """Columns of numbers with their errors; a design effect has none."""
    return ["estimate"] if verb in NO_ERRORS else UNCERTAIN


def drawn(frame, asked):
    """A frame's design by its name."""
    return BUILT[asked](frame) if asked in BUILT else sa.Design(frame, **ASKED[asked])


@every_verb
@every_design
def test_columns_stand_in_the_contract_s_order(verb, asked):
    result = run(verb, asked)
    order = [*KEYS[:2], *result.by, *KEYS[2:], *VALUES]
    columns = list(result.frame.columns)
    assert columns == [name for name in order if name in columns]
    assert {"outcome", "df", "n", *numbers_of(verb)} <= set(columns)
    assert ("n_weighted" in columns) == (verb not in MODELS | DERIVED)
    assert ("count" in columns) == (verb in SHARES)
    keys = [name for name in (*KEYS, *result.by) if name in columns]
    assert not result.frame.duplicated(keys).any()


@every_verb
@every_design
def test_numbers_are_floats_and_counts_are_whole(verb, asked):
    kinds = run(verb, asked).frame.dtypes
    assert all(kinds[name] == np.float64 for name in ("df", *numbers_of(verb)))
    assert verb in MODELS | DERIVED or kinds["n_weighted"] == np.float64
    assert all(kinds[name] == np.int64 for name in ("n", "count") if name in kinds)


@verbs_with_errors
@every_design
def test_the_covariance_carries_the_errors(verb, asked):
    result = run(verb, asked)
    se = result.frame["se"].to_numpy()
    assert result.covariance.shape == (len(se), len(se))
    assert_allclose(np.diag(result.covariance), se**2, rtol=1e-12)
    assert_allclose(result.covariance, result.covariance.T, rtol=1e-9, atol=1e-12 * np.nanmax(se) ** 2)
    known = ~np.isnan(se)
    assert np.linalg.eigvalsh(result.covariance[np.ix_(known, known)]).min() > -1e-9 * np.nanmax(se) ** 2


@every_verb
def test_rows_that_rest_on_nobody_hold_no_number(verb):
    frame = run(verb).frame
    nobody = frame["n"] == 0
    assert frame.loc[nobody, numbers_of(verb)].isna().all(axis=None)
    if verb not in NO_ERRORS:  # a design effect needs answers that differ
        assert frame.loc[~nobody, numbers_of(verb)].notna().all(axis=None)


@every_verb
def test_every_code_has_a_label(verb):
    result = run(verb)
    for name in ("level", *result.by):
        if name in result.frame:
            owners = result.frame["outcome"] if name == "level" else [name] * len(result.frame)
            assert all((owner, code) in result.labels.levels for owner, code in zip(owners, result.frame[name]))
    assert all(name in result.labels.columns for name in result.by)


@every_verb
def test_the_frame_that_was_given_is_not_changed(verb):
    frame = respondents()
    before = frame.copy(deep=True)
    result = VERBS[verb](frame)
    assert_frame_equal(frame, before)
    shown = result.frame
    shown["estimate"] = 0.0
    assert not (result.frame["estimate"] == 0).all()


@every_verb
def test_the_origin_counts_everybody(verb):
    origin = run(verb).origin
    assert origin.flow[0][1] == 240
    lost = 240 - origin.flow[-1][1]
    assert lost == 0 or any(str(lost) in note["en"] and "left out" in note["en"] for note in origin.notes)
    assert all(set(note) >= {"en", "ko"} for note in origin.notes)
    for lang in ("en", "ko"):
        assert origin.sentence(lang)


@every_verb
@every_design
def test_answers_of_nobody_but_the_missing_change_no_estimate(verb, asked):
    """P25: rows whose answers are missing stay in the design as rows outside the domain."""
    design = drawn(respondents(), asked)
    frame = design.survey.frame
    complete = frame[["q", "g", "y", "yes", "z"]].notna().all(axis=1)
    domain = VERBS[verb](design.within(complete.to_numpy()))
    blank = frame.copy()
    kept = ["w", "s", "c", "N", "row", *(["sex"] if asked in ("post-stratified", "raked replicates") else [])]
    for column in blank.columns.difference(kept):
        blank[column] = blank[column].where(complete)
    assert_same(VERBS[verb](drawn(blank, asked)), domain)


@every_verb
@every_design
def test_the_order_and_the_index_of_rows_do_not_matter(verb, asked):
    """P2."""
    frame = respondents()
    shuffled = frame.sample(frac=1, random_state=2).set_index(pd.Index(np.arange(240)[::-1] * 3))
    shuffled["sex"] = pd.Categorical(shuffled["sex"], list(frame["sex"].unique()))
    assert_same(run(verb, asked, shuffled), run(verb, asked, frame))


@every_verb
def test_weights_times_a_constant_change_totals_only(verb):
    """P1: rescaled weights."""
    frame = respondents()
    once, scaled = (
        VERBS[verb](sa.Design(f, weights="w", strata="s", clusters="c")) for f in (frame, frame.assign(w=7.3 * frame.w))
    )
    factor = 7.3 if verb == "total" else 1.0
    numbers = numbers_of(verb)
    assert_allclose(scaled.frame[numbers], factor * once.frame[numbers], rtol=1e-9, atol=1e-13)
    assert_allclose(scaled.covariance, factor**2 * once.covariance, rtol=1e-7, atol=1e-13)


@pytest.mark.parametrize("verb", [verb for verb in VERBS if verb not in BY_NUMBER])
def test_a_row_split_into_halves_within_its_cluster_changes_nothing(verb):
    """P3."""
    frame = respondents()
    halves = pd.concat([frame.assign(w=frame.w / 2)] * 2, ignore_index=True)
    once, split = (VERBS[verb](sa.Design(f, weights="w", clusters="c")) for f in (frame, halves))
    numbers = ["estimate", "se", "df"]
    assert_allclose(split.frame[numbers], once.frame[numbers], rtol=1e-9, atol=1e-12)


@every_verb
def test_rows_of_weight_zero_within_clusters_are_outside_the_domain(verb):
    """P5."""
    frame = respondents()
    more = pd.concat([frame, frame.iloc[:30].assign(w=0.0)], ignore_index=True)
    once, with_zero = (VERBS[verb](sa.Design(f, weights="w", strata="s", clusters="c")) for f in (frame, more))
    assert_same(with_zero, once)


@every_verb
def test_one_stratum_and_rows_as_clusters_are_a_simple_random_sample(verb):
    """P19."""
    frame = respondents().assign(one="all", row=range(240))
    assert_same(VERBS[verb](sa.Design(frame, weights="w", strata="one")), VERBS[verb](sa.Design(frame, weights="w")))
    assert_same(VERBS[verb](sa.Design(frame, weights="w", clusters="row")), VERBS[verb](sa.Design(frame, weights="w")))


@verbs_with_errors
def test_a_larger_population_comes_to_no_population_and_a_census_has_no_error(verb):
    """P15; weights are given, so that they do not follow the population."""
    frame = respondents()
    endless, huge, census = (
        VERBS[verb](sa.Design(frame, weights="w", population=n)) for n in (None, 10**13, len(frame))
    )
    assert_allclose(huge.frame["se"], endless.frame["se"], rtol=1e-9, atol=1e-13)
    assert_allclose(census.frame["se"].dropna(), 0, atol=1e-7)


@pytest.mark.parametrize("test", TESTS)
@every_design
def test_a_test_has_the_contract_s_columns_and_a_probability(test, asked):
    result = TESTS[test](drawn(respondents(), asked))
    assert list(result.frame.columns) == list(TEST_COLUMNS)
    assert 0 <= result.p <= 1
    assert set(result.name) == {"en", "ko"}
    assert result.effect_name
    assert result.n == result.origin.flow[-1][1]


@pytest.mark.parametrize("test", TESTS)
def test_a_test_does_not_follow_the_scale_of_weights_nor_the_order_of_rows(test):
    frame = respondents()
    shuffled = frame.assign(w=7.3 * frame.w).sample(frac=1, random_state=2)
    shuffled["sex"] = pd.Categorical(shuffled["sex"], list(frame["sex"].unique()))
    a, b = (TESTS[test](sa.Design(f, weights="w", strata="s", clusters="c")) for f in (frame, shuffled))
    assert_allclose([b.statistic, b.p, b.effect], [a.statistic, a.p, a.effect], rtol=1e-8)


def assert_same(result, other):
    """The same frame and covariance, but for the last bits."""
    columns = [name for name in result.frame.columns if result.frame[name].dtype != np.float64]
    assert result.frame[columns].astype(str).equals(other.frame[columns].astype(str))
    numbers = [name for name in result.frame.columns if name not in columns]
    assert_allclose(result.frame[numbers], other.frame[numbers], rtol=1e-9, atol=1e-12)
    scale = np.abs(np.nan_to_num(other.covariance)).max()
    assert_allclose(result.covariance, other.covariance, rtol=1e-8, atol=1e-11 * scale)
