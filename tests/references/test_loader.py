"""The reference files against their own description."""

import json

import numpy as np
import pytest

from tests.references import FOLDER, case, cases, data, number

AREAS = [json.loads(path.read_text("utf-8")) for path in sorted(FOLDER.glob("*.json"))]
DESCRIBED = {name: what for area in AREAS for name, what in area["datasets"].items()}
PRESENT = sorted(path.stem for path in (FOLDER / "data").glob("*.csv"))


@pytest.mark.parametrize("name", PRESENT)
def test_a_data_set_is_as_described(name):
    frame, described = data(name), DESCRIBED[name]
    assert frame.shape == (described["rows"], described["cols"])
    for column, levels in (described.get("factor_levels") or {}).items():
        if column in frame.columns:
            assert list(frame[column].cat.categories) == levels
            assert set(frame[column].dropna()) <= set(levels)
            assert frame[column].notna().any()


def test_ids_are_unique_over_areas():
    assert len(cases("")) == sum(len(area["cases"]) for area in AREAS)


def test_values_come_labelled_with_infinity_as_a_number():
    wine = case("c.ord.wine.logit")
    assert wine.series("coef")["tempwarm"] == wine.values["coef"]["tempwarm"]
    np.testing.assert_allclose(np.sqrt(np.diag(wine.frame("vcov"))), wine.series("se"), rtol=1e-12)
    assert (number("Inf"), number("-Inf")) == (np.inf, -np.inf)
    assert np.isnan(number(None))


def test_an_unknown_case_names_those_nearby():
    with pytest.raises(KeyError, match=r"c\.ord\.wine\.logit"):
        case("c.ord.wien")
