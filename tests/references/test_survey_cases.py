"""survey_cases.json against its own data: point estimates by plain sums, and the second computations."""

import json

import numpy as np
import pandas as pd
import pytest

from tests.references import FOLDER, case, cases
from tests.references.recipes import inside, made, weights

STORED = json.loads((FOLDER / "survey_cases.json").read_text("utf-8"))["cases"]
TABLES = [c["id"] for c in STORED if c["topic"] == "crosstab" and "table_shares" in c["values"]]
NUMERIC = [c["id"] for c in STORED if c["topic"] in {"mean", "total"} and ".factor." not in c["id"]]


@pytest.mark.parametrize("name", NUMERIC)
def test_means_and_totals_are_weighted_sums(name):
    kept = case(name)
    frame = made(kept)
    columns = kept.args["vars"] if isinstance(kept.args["vars"], list) else [kept.args["vars"]]
    frame = frame[frame[columns].notna().all(axis=1)]
    w = weights(kept, made(kept)).loc[frame.index]
    found = frame[columns].mul(w, axis=0).sum() / (w.sum() if kept.topic == "mean" else 1)
    np.testing.assert_allclose(found, kept.series("estimate"), rtol=1e-12)


@pytest.mark.parametrize("name", cases("a2.subset."))
def test_domains_are_weighted_sums_over_their_rows(name):
    kept = case(name)
    frame = made(kept)
    rows = inside(frame, kept.args["domain_terms"])
    w, y, x = weights(kept, frame)[rows], frame.loc[rows, kept.args["vars"]], frame.loc[rows, kept.args["den"]]
    assert rows.sum() == kept.values["rows"]
    np.testing.assert_allclose((w @ y) / w.sum(), kept.series("estimate").iloc[0], rtol=1e-12)
    stored = [kept.values[key]["est"] for key in ("total", "ratio")]
    np.testing.assert_allclose([w @ y, (w @ y) / (w @ x)], stored, rtol=1e-12)


@pytest.mark.parametrize("name", TABLES)
def test_tables_are_weighted_counts(name):
    kept = case(name)
    frame = made(kept)
    frame = frame[inside(frame, kept.args.get("domain_terms"))]
    w = weights(kept, made(kept)).loc[frame.index]
    rows, columns = (frame[v] for v in kept.args["vars"])
    table = pd.crosstab(rows, columns, w, aggfunc="sum").fillna(0)
    np.testing.assert_allclose(table, kept.frame("table"), rtol=1e-12)


def test_second_computations_agree():
    apart = {c["id"]: c["second_check"]["max_rel_diff"] for c in STORED if "second_check" in c}
    assert len(apart) > 0.7 * len(STORED)
    assert {name for name, difference in apart.items() if not difference < 1e-8} == set()
