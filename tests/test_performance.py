"""A short run of simulations/performance.py: known parameters are found and held; pages show the long run."""

import re
from pathlib import Path

import numpy as np
import pytest

from .simulations import simulation

DOCS = Path(__file__).parent.parent / "docs"
LONG = simulation("performance")
SETTINGS = {name: setting for page in LONG.MODELS.values() for name, setting in page.items()}
FRAGILE = {name for name in SETTINGS if "no covariate" in name or "weak" in name or name.startswith("the same")}
QUICK = sorted(name for name, setting in SETTINGS.items() if name not in FRAGILE and not setting.slow)


@pytest.mark.parametrize("name", QUICK)
def test_known_parameters_are_found_and_held(name):
    """40 samples of 400: means and coverage within 4 simulation errors."""
    found = LONG.recovered(SETTINGS[name], 400, 40, seed=12)
    assert (found["failures"] <= 1).all()
    assert (found["off"].abs() < 4).all()
    assert (found["coverage"] > 0.95 - 4 * np.sqrt(0.95 * 0.05 / 40)).all()


@pytest.mark.parametrize("name", LONG.CLUSTERED)
def test_in_clusters_errors_by_the_design_are_wider_and_hold(name):
    """Forty clusters of 25."""
    by = LONG.in_clusters(SETTINGS[name], 1000, 25, seed=12)
    alone = by[SETTINGS[name].variance].loc["slope"]
    design = by["design"].loc["slope"]
    assert design["se / sd"] > 1.2 * alone["se / sd"]
    assert design["coverage"] > 0.95 - 4 * np.sqrt(0.95 * 0.05 / 25)


def test_answers_follow_their_models_in_clusters_too():
    """The distribution of every answer is that of independent ones: shares at or below a number, of 400,000."""
    one, other = (LONG.chance(400_000, 1, 0, clusters) for clusters in (0, 40_000))
    for draw in (lambda c: LONG.counts(c, c.uniform[0], "nb2"), LONG.part_shares, LONG.heaped, LONG.latent):
        shares = [np.mean(draw(c)[:, None] <= [0.0, 0.5, 1.0, 3.0], axis=0) for c in (one, other)]
        np.testing.assert_allclose(*shares, atol=0.006)
    assert np.corrcoef(other.errors[0, :40_000], other.errors[0, 40_000:80_000])[0, 1] == pytest.approx(0.2, abs=0.02)


def test_samples_follow_their_seed_and_number():
    a, b, c = (LONG.chance(50, 1, number).errors for number in (3, 3, 4))
    assert (a == b).all() and (a != c).all()


@pytest.mark.parametrize("page", LONG.MODELS)
def test_the_page_shows_every_model(page):
    shown = re.findall(r"^\| (.+?) \| .* \| \*{0,2}[\d.]+%", (DOCS / f"{page}.md").read_text("utf-8"), re.MULTILINE)
    assert set(LONG.MODELS[page]) <= set(shown)


def test_the_table_is_the_one_that_its_script_prints():
    """One row, number for number."""
    name = next(iter(LONG.MODELS["linear"]))
    made = LONG.independent({name: SETTINGS[name]}, 1000, 1, 20113).splitlines()[-1]
    assert made in (DOCS / "linear.md").read_text("utf-8")
