"""The bootstrap by the design: what it draws, what it counts, what it refuses."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

import surveyanalysis as sa
from surveyanalysis.analysis import progress
from surveyanalysis.errors import ChoiceError, DataError, DesignError
from tests import references


@pytest.fixture(scope="module")
def schools():
    frame = references.data("apistrat")
    return frame.assign(high=(frame["api00"] > 650).astype(int), town=frame["dnum"] % 40)


@pytest.fixture(scope="module")
def strata(schools):
    return sa.Design(schools, weights="pw", strata="stype")


def test_means_have_the_errors_of_theory(strata):
    """Linearised errors of a stratified mean; 400 draws know a standard error to about 3.5 %."""
    found = sa.bootstrap(strata, lambda d: sa.mean(d, ["api00", "enroll"]), draws=400, interval="normal")
    assert_allclose(found.frame["se"], sa.mean(strata, ["api00", "enroll"]).frame["se"], rtol=0.12)


def test_the_draws_are_the_estimates_under_the_replicate_weights(strata):
    """The same as Rao-Wu replicates of the design, one by one."""
    found = sa.bootstrap(strata, lambda d: sa.ratio(d, "api00", "enroll"), draws=25, seed=4, interval="percentile")
    replicates = strata.replicated("rao_wu", replicates=25, seed=4).replicates
    frame = strata.survey.frame
    weights = [replicates.weights(r, np.arange(200)) for r in range(25)]
    expected = [w @ frame["api00"] / (w @ frame["enroll"]) for w in weights]
    assert_allclose(found.detail["draws"][:, 0], expected)


def test_pairs_of_a_simple_random_sample_are_whole_numbers_of_times(schools):
    seen = []
    sa.bootstrap(schools, lambda d: seen.append(d.weights) or 1.0 + d.weights[0], draws=5, interval="normal")
    for weights in seen[1:]:
        assert weights.sum() == len(schools)
        assert (weights == np.floor(weights)).all()


def test_a_model_is_refitted_to_the_same_numbers_as_the_verb(strata):
    model = sa.bootstrap(strata, lambda d: sa.logit(d, "high ~ ell + stype"), draws=20, interval="normal")
    verb = sa.bootstrap(strata, lambda d: sa.logit(d, "high ~ ell + stype").estimates, draws=20, interval="normal")
    assert_allclose(model.detail["draws"], verb.detail["draws"], rtol=1e-6)
    assert list(model.frame["term"]) == list(verb.frame["term"])


def test_ordered_models_keep_their_printed_order(schools):
    frame = schools.assign(level=pd.cut(schools["api00"], [0, 550, 700, 999], labels=list("lmh")))
    found = sa.bootstrap(frame, lambda d: sa.ordered(d, "level ~ ell + meals"), draws=20, interval="normal")
    assert_allclose(np.median(found.detail["draws"], axis=0), found.frame["estimate"], rtol=0.4)


@pytest.mark.parametrize("workers", [2, 3])
def test_workers_change_no_number(strata, workers):
    def statistic(design):
        return sa.linear(design, "api00 ~ ell")

    a, b = (sa.bootstrap(strata, statistic, draws=40, seed=2, workers=w) for w in (1, workers))
    assert a.frame.equals(b.frame)


def test_clusters_are_drawn_as_wholes(schools):
    design = sa.Design(schools, clusters="town")
    seen = []
    sa.bootstrap(design, lambda d: seen.append(d.weights) or d.weights.sum(), draws=6, interval="normal")
    for weights in seen[1:]:
        assert pd.Series(weights).groupby(schools["town"].to_numpy()).nunique().max() == 1


def test_a_domain_keeps_the_design_outside_it(strata):
    inside = strata.where(stype="E")
    found = sa.bootstrap(inside, lambda d: sa.mean(d, "api00"), draws=300, interval="normal")
    assert_allclose(found.frame["se"], sa.mean(inside, "api00").frame["se"], rtol=0.15)


def test_numbers_and_mappings_are_statistics_too(schools):
    def spread(design):
        y, w = design.survey.frame["api00"], design.weights
        mean = np.average(y, weights=w)
        return {"mean": mean, "sd": np.sqrt(np.average((y - mean) ** 2, weights=w))}

    found = sa.bootstrap(schools, spread, draws=60)
    assert list(found.frame["outcome"]) == ["mean", "sd"]
    assert "mean" in found.table().to_text()
    assert_allclose(sa.bootstrap(schools, lambda d: spread(d)["sd"], draws=60).frame["se"], found.frame["se"][1])


def test_failed_draws_are_counted_and_too_many_refused():
    """Two of thirty with the event in the group: about one draw in seven has neither."""
    frame = pd.DataFrame({"g": [1] * 8 + [0] * 22, "y": [1, 1, 1, 0, 0, 0, 0, 0] + [0, 1] * 11})
    found = sa.bootstrap(frame, lambda d: sa.logit(d, "y ~ g"), draws=200, interval="percentile")
    failed = int(np.isnan(found.detail["draws"]).any(axis=1).sum())
    assert 0 < failed < 20
    assert any(f"{failed} of 200 draws gave no estimate" in note["en"] for note in found.origin.notes)
    rare = frame.assign(y=[1, 0, 0, 0, 0, 0, 0, 0] + [0, 1] * 11)
    with pytest.raises(DataError, match=r"of 200 draws give no estimate \(\d+%\), more than 10%"):
        sa.bootstrap(rare, lambda d: sa.logit(d, "y ~ g"), draws=200)


def test_a_draw_in_which_nobody_chose_a_level_counts_as_failed():
    frame = pd.DataFrame({"g": pd.Categorical(["a"] * 29 + ["b"] * 3 + ["c"] * 30), "y": np.arange(62.0) % 7})
    found = sa.bootstrap(frame, lambda d: sa.linear(d, "y ~ g").estimates, draws=150, interval="normal")
    assert 0 < np.isnan(found.detail["draws"][:, 0]).sum() < 15


def test_bca_moves_a_skewed_interval_and_says_when_it_cannot(schools):
    frame = schools.assign(size=schools["enroll"] ** 2.0)
    bca, plain = (
        sa.bootstrap(frame, lambda d: sa.mean(d, "size"), draws=300, interval=kind).frame
        for kind in ("bca", "percentile")
    )
    assert bca["ci_low"][0] > plain["ci_low"][0]
    lowest = sa.bootstrap(frame, lambda d: d.survey.frame["size"][d.weights > 0].min(), draws=100)
    top = sa.bootstrap(frame, lambda d: float((d.weights == 1).all()), draws=50)
    assert np.isfinite(lowest.frame["ci_low"]).all()
    assert any("one side" in note["en"] for note in top.origin.notes) or top.frame["se"][0] == 0


def test_tables_say_how_it_was_drawn(strata):
    found = sa.bootstrap(strata, lambda d: sa.mean(d, "api00"), draws=30, seed=9)
    assert "30 bootstrap draws" in found.table().to_text()
    assert "BCa 부트스트랩" in found.table("ko").to_text()
    assert "seed 9" in found.origin.sentence()


def test_progress_is_shown_in_a_terminal_only(monkeypatch, capsys):
    monkeypatch.setattr(progress, "PATIENCE", -1.0)
    monkeypatch.setattr(progress, "PAUSE", -1.0)
    assert list(progress.followed([1, 2], 2, "draws")) == [1, 2]
    assert capsys.readouterr().err == ""
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    list(progress.followed([1, 2], 2, "draws"))
    assert "draws: 2 of 2" in capsys.readouterr().err
    list(progress.followed([1, 2], 2, "draws", shown=False))
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("asked", "said"),
    [({"draws": 0}, "`draws` is 0"), ({"draws": 1}, "at least 2"), ({"seed": "x"}, "`seed` is 'x'"),
     ({"seed": 2.0}, "`seed` is 2.0"), ({"workers": 0}, "`workers`"), ({"kind": "wild"}, "`kind`"),
     ({"interval": "t"}, "`interval`"), ({"confidence": 95}, "`confidence`")],
)  # fmt: skip
def test_wrong_arguments_are_refused(schools, asked, said):
    with pytest.raises(ChoiceError, match=said):
        sa.bootstrap(schools, lambda d: sa.mean(d, "api00"), **asked)


def test_wrong_statistics_and_designs_are_refused(schools):
    with pytest.raises(ChoiceError, match="must be a function"):
        sa.bootstrap(schools, "api00")
    with pytest.raises(ChoiceError, match="returned a Test"):
        sa.bootstrap(schools, lambda d: sa.t_test(d, "api00", null=600))
    with pytest.raises(ChoiceError, match="no number"):
        sa.bootstrap(schools, lambda d: ["x"])
    with pytest.raises(DesignError, match="replicate weights already"):
        sa.bootstrap(sa.Design(schools).replicated("JK1"), lambda d: sa.mean(d, "api00"))
