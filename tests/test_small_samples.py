"""A short run of simulations/small_samples.py: the order of the methods, and that a seed gives the same table."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest

PATH = Path(__file__).parent.parent / "simulations" / "small_samples.py"


@pytest.fixture(scope="module")
def simulation():
    spec = importlib.util.spec_from_file_location("small_samples", PATH)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_few_clusters_ordinary_errors_refuse_too_often_and_cr2_and_signs_do_not(simulation):
    """120 samples of 4 clusters: 5 % may show as 11 % at most (three simulation errors)."""
    refused = simulation.sizes(120, 7, counts=(4,))["linear", "4 clusters"]
    limit = 0.05 + 3 * np.sqrt(0.05 * 0.95 / 120)
    assert refused["cluster-robust, normal"] > 0.15
    assert refused["CR2, Satterthwaite"] < limit
    assert refused["wild bootstrap"] < limit


def test_exact_and_penalised_intervals_exist_always_and_cover(simulation, monkeypatch):
    """30 samples of 57: 95 % may show as 83 % at least."""
    kept = ("Wald", "Firth, profile", "exact")
    monkeypatch.setattr(simulation, "METHODS", {name: simulation.METHODS[name] for name in kept})
    table = simulation.logits(30, 7, sizes=(57,))
    for name in ("Firth, profile", "exact"):
        assert (table.loc[name, "no interval"] == 0).all()
        assert (table.loc[name, "coverage"] > 0.95 - 3 * np.sqrt(0.05 * 0.95 / 30)).all()
    assert table.loc["exact", "coverage"].min() >= table.loc["Wald", "coverage"].min() - 0.05


def test_the_quick_refits_of_the_bootstrap_are_those_of_the_estimator(simulation):
    from surveyanalysis.estimators.binary import binary_fit

    x, y = simulation.answers(57, 1.2, 1, 3)
    cells, count = np.unique(np.column_stack([x, y]), axis=0, return_counts=True)
    weights = np.random.default_rng(1).multinomial(57, count / 57, size=12).astype(float)
    fits = [binary_fit(cells[:, :-1], cells[:, -1], w, "logit") for w in weights]
    expected = [fit.params[1] if fit.converged else np.nan for fit in fits]
    np.testing.assert_allclose(simulation._refits(cells[:, :-1], cells[:, -1], weights), expected, rtol=1e-8)


def test_samples_follow_their_seed_and_number(simulation):
    a, b, c = (simulation.answers(57, 0.0, 1, number) for number in (3, 3, 4))
    assert (a[0] == b[0]).all() and (a[1] == b[1]).all()
    assert (a[1] != c[1]).any()
