"""A national survey made up from a seed, of any size: the same bytes for Python and for R.

NumPy only, so that every interpreter that takes part can read it. One raw little-endian file a column (int32 codes from
0, float64 numbers) and `about.json` with types, shape and the totals to rake to.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

SEED = 20260801
SHAPES = {1_000: (50, 2), 100_000: (200, 5), 1_000_000: (1000, 5)}
"""Rows -> strata, and primary sampling units (PSUs) in each."""
GROUPS, ANSWERS, CLASSES = 20, 5, 4
"""Levels of `dom`, `item` and `item4`."""
SHARES = {
    "sex": (0.49, 0.51),
    "educ": (0.15, 0.35, 0.3, 0.2),
    "race": (0.6, 0.15, 0.12, 0.08, 0.05),
    "region": (0.25, 0.25, 0.25, 0.25),
}
"""Questions that are raked, and how the answers fall in the sample."""

Columns = dict[str, NDArray[Any]]


def generate(rows: int) -> Columns:
    """Respondents in the order of their PSUs, as most files hold them."""
    rng = np.random.default_rng([SEED, rows])
    strata, units = SHAPES.get(rows, (50, 2))
    psu = np.sort(np.concatenate([np.arange(strata * units), rng.integers(0, strata * units, rows - strata * units)]))
    stratum = psu // units
    by_stratum = rng.normal(0, 0.25, strata)[stratum]
    place = by_stratum + rng.normal(0, 0.2, strata * units)[psu]
    columns = {"stratum": stratum, "psu": psu, "w": np.exp(rng.normal(3, 0.5, rows) + by_stratum)}
    columns["dom"] = rng.integers(0, GROUPS, rows)
    for name, share in SHARES.items():
        columns[name] = np.searchsorted(np.cumsum(share)[:-1], rng.random(rows))
    leaning = place + 0.15 * columns["educ"] - 0.1 * columns["race"] + rng.logistic(size=rows)
    columns["item"] = np.searchsorted([-1.6, -0.5, 0.6, 1.7], leaning)
    columns["item4"] = np.searchsorted([-1.2, 0, 1.2], 0.15 * leaning + place + rng.logistic(size=rows))
    columns["inc"] = np.round(np.exp(10 + 0.4 * rng.normal(size=rows) + 0.3 * place + 0.1 * columns["educ"]), 2)
    return {name: column.astype(float if name in ("w", "inc") else np.int32) for name, column in columns.items()}


def totals_to_rake(columns: Columns) -> dict[str, list[float]]:
    """Population totals: those of the sample, tilted so that raking has work to do; every margin has the same sum."""
    found = {}
    for name, share in SHARES.items():
        weighted = np.bincount(columns[name], columns["w"], len(share))
        tilted = weighted * (1 + 0.15 * np.cos(2 * np.arange(len(share)) + 1))
        found[name] = (tilted / tilted.sum() * columns["w"].sum()).tolist()
    return found


def write(folder: Path, rows: int) -> Path:
    """Write the columns and what is known of them; return the folder."""
    columns = generate(rows)
    folder.mkdir(parents=True, exist_ok=True)
    for name, column in columns.items():
        column.astype(column.dtype.newbyteorder("<")).tofile(folder / f"{name}.bin")
    about = {
        "rows": rows,
        "types": {name: str(column.dtype) for name, column in columns.items()},
        "totals": totals_to_rake(columns),
    }
    (folder / "about.json").write_text(json.dumps(about))
    return folder


def read(folder: Path) -> tuple[Columns, dict[str, dict[int, float]]]:
    """Columns, and for each raked question the total of each answer."""
    about = json.loads((folder / "about.json").read_text())
    columns = {name: np.fromfile(folder / f"{name}.bin", kind) for name, kind in about["types"].items()}
    return columns, {name: dict(enumerate(totals)) for name, totals in about["totals"].items()}
