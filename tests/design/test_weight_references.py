"""Adjusted weights against R 4.2 survey 4.1: stored cases (ids named) and tests/references/scripts/calibration.R."""

import numpy as np
import pytest
from numpy.testing import assert_allclose

from surveyanalysis.design.calibrating import calibrate
from surveyanalysis.design.raking import post_stratify, rake
from surveyanalysis.design.trimming import trim
from tests.references import case, cases, data, number

SCHOOLS = {"a.cal.linear.clus1": "pw", "a.cal.raking.clus1": "pw", "a.cal.linear.strat": "pw", "a.cal.linear.clus2": ""}


def of_kind(*verbs):
    return [name for name in cases("w.") if case(name).topic in verbs]


def drawn(frame, weights):
    """The weights' column; for two stages without one, 1 / share of clusters / share of schools within them."""
    if weights:
        return frame[weights].to_numpy(float)
    schools = frame.groupby("dnum").snum.transform("size")
    return (frame.fpc1 / frame.dnum.nunique() * frame.fpc2 / schools).to_numpy()


def column(frame, margin):
    """One margin of a stored case: ones, a number, or the indicator of a level."""
    if not margin:
        return np.ones(len(frame))
    values = frame[margin["column"]]
    return (values.astype(str) == margin["level"] if "level" in margin else values).to_numpy(float)


def used(asked):
    """Rows without a missing margin, and the margins."""
    names = {m["column"] for m in asked["margins"] if m}
    frame = data(asked["data"]).dropna(subset=sorted(names))
    return frame, np.column_stack([column(frame, m) for m in asked["margins"]])


def options(asked):
    return {key: asked[key] for key in ("method", "bounds") if key in asked}


def assert_as_stored(found, stored, rtol):
    found = found.reshape(len(found), -1)
    assert_allclose(found[:: stored["step"]], np.reshape(stored["weights"], (-1, found.shape[1])), rtol=rtol)
    assert_allclose(found.sum(axis=0), stored["sum"], rtol=rtol)
    assert_allclose((found**2).sum(axis=0), stored["squares"], rtol=rtol)


@pytest.mark.parametrize("name", SCHOOLS)
def test_calibrated_weights_of_the_api_schools(name):
    asked = case(name)
    frame, margins = data(asked.data[0]), asked.args["margins"]
    x = np.column_stack([np.ones(len(frame)), frame.stype == "H", frame.stype == "M", frame.api99])
    found = calibrate(x, list(margins.values()), drawn(frame, SCHOOLS[name]), names=list(margins),
                      method=asked.args["method"])  # fmt: skip
    assert_allclose(found.weights, asked.values["weights"], rtol=asked.rtol)


@pytest.mark.parametrize("strict", [False, True])
def test_trimming_calibrated_weights(strict):
    calibrated = case("a.cal.linear.clus1").values["weights"]
    stored = case(f"a.trim.clus1.strict{str(strict).upper()}")
    assert_allclose(trim(calibrated, 20, 45, strict), stored.values["weights"], rtol=stored.rtol)


def test_post_stratified_and_raked_weights_of_the_api_schools():
    stored, frame = case("a.poststrat.clus1"), data("apiclus1")
    found = post_stratify(frame.stype.cat.codes, [4421, 755, 1018], frame.pw, ["E", "H", "M"])
    assert_allclose(found, stored.values["weights"], rtol=stored.rtol)
    stored, frame = case("a.rake.strat"), data("apistrat")
    margins = {"comp.imp": stored.args["margin1"], "sch.wide": stored.args["margin2"]}
    found = rake([frame[m].cat.codes for m in margins], [list(t.values()) for t in margins.values()], frame.pw,
                 [(m, list(t)) for m, t in margins.items()])  # fmt: skip
    assert_allclose(found.weights, stored.values["weights"], rtol=stored.rtol)


@pytest.mark.parametrize("name", of_kind("calibrate"))
def test_calibration_with_bounds_scales_and_repeated_margins(name):
    stored = case(name)
    frame, x = used(stored.args)
    scale = frame[stored.args["scale"]].to_numpy(float) if "scale" in stored.args else None
    weights = drawn(frame, stored.args["weights"])
    found = calibrate(x, stored.args["totals"], weights, names=list(map(str, range(x.shape[1]))), scale=scale,
                      **options(stored.args))  # fmt: skip
    assert_as_stored(found.weights, stored.values, stored.rtol)
    low, high = stored.args.get("bounds", (-np.inf, np.inf))
    assert found.g.min() >= low and found.g.max() <= high
    if "bounds" in stored.args and stored.args["method"] != "logit":
        assert ((found.g == low) | (found.g == high)).any(), "no weight meets a bound: the case shows nothing"


@pytest.mark.parametrize("name", of_kind("replicates"))
def test_every_replicate_of_a_jackknife_is_calibrated(name):
    """JK1: replicate r leaves cluster r out, in the order of appearance, and scales the others by m / (m - 1)."""
    stored = case(name)
    frame, x = used(stored.args)
    cluster = frame[stored.args["clusters"]].astype("category").cat.codes.to_numpy()
    units = frame[stored.args["clusters"]].unique()
    order = frame[stored.args["clusters"]].astype("category").cat.categories.get_indexer(units)
    kept = cluster[:, None] != order[None, :]
    given = drawn(frame, stored.args["weights"])[:, None] * kept * len(units) / (len(units) - 1)
    found = calibrate(x, stored.args["totals"], given, names=list("abcd"), **options(stored.args))
    assert_as_stored(found.weights, stored.values, stored.rtol)


@pytest.mark.parametrize("name", of_kind("rake"))
def test_raking_three_margins_and_post_stratification(name):
    stored = case(name)
    margins = stored.args["margins"]
    frame = data(stored.args["data"]).dropna(subset=[m["column"] for m in margins])
    codes = [np.array([m["levels"].index(v) for v in frame[m["column"]].astype(str)]) for m in margins]
    weights = drawn(frame, stored.args["weights"])
    found = rake(codes, [m["totals"] for m in margins], weights, [(m["column"], m["levels"]) for m in margins]).weights
    assert_as_stored(found, stored.values, stored.rtol)
    if len(margins) == 1:
        assert_allclose(post_stratify(codes[0], margins[0]["totals"], weights, margins[0]["levels"]), found, rtol=1e-12)


@pytest.mark.parametrize("name", of_kind("trim"))
def test_trimming_once_and_strictly(name):
    stored = case(name)
    weights = data(stored.args["data"])[stored.args["weights"]].to_numpy(float)
    low, high = map(number, stored.args["bounds"])
    found = trim(weights, low, high, stored.args["strict"])
    assert_as_stored(found, stored.values, stored.rtol)
    assert_allclose(found.sum(), weights.sum(), rtol=1e-13)
