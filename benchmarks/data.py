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
NUMBERS = ("age", "x1", "x2", "x3", "linc")
"""Covariates that are numbers."""
REPLICATES = 80
SDR = 4 / REPLICATES
"""What each square counts around the estimate, as by successive differences."""

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
    columns |= _modelled(columns, place, rng)
    columns |= _performance(columns, np.random.default_rng([SEED, rows, 1]))
    real = ("w", "inc", "sold", *NUMBERS)
    return {name: column.astype(float if name in real else np.int32) for name, column in columns.items()}


def _modelled(columns: Columns, place: NDArray[np.float64], rng: np.random.Generator) -> Columns:
    """What the regressions need besides: numbers, one more question, an outcome of two answers and one of five."""
    rows = len(place)
    more = {"urban": np.searchsorted([0.3], rng.random(rows)), "age": rng.uniform(18, 90, rows)}
    more |= {name: rng.normal(size=rows) for name in ("x1", "x2", "x3")}
    more["x2"] += 0.3 * more["x1"]
    more["linc"] = np.log(columns["inc"]) - 10
    leaning = -0.6 + 0.01 * (more["age"] - 50) + 0.3 * more["x1"] - 0.2 * more["x2"] + 0.4 * more["linc"]
    leaning += 0.2 * columns["sex"] + 0.15 * columns["educ"] - 0.1 * columns["race"] + 0.1 * more["urban"]
    leaning += 0.1 * columns["region"] + place
    more["y"] = leaning + rng.logistic(size=rows) > 0
    more["ord"] = np.searchsorted([-1.6, -0.5, 0.6, 1.7], leaning + rng.logistic(size=rows))
    return more


def _performance(columns: Columns, rng: np.random.Generator) -> Columns:
    """What firms make and sell: a count with more zeros than chance, and sales piled up at zero."""
    rows = len(columns["x1"])
    mean = np.exp(0.5 + 0.01 * (columns["age"] - 50) + 0.3 * columns["x1"] - 0.2 * columns["x2"] + 0.2 * columns["sex"])
    never = rng.random(rows) < 1 / (1 + np.exp(1 + 0.5 * columns["x1"]))
    made = np.where(never, 0, rng.poisson(mean * rng.gamma(1.5, 1 / 1.5, rows)))
    sold = 0.5 + 0.02 * (columns["age"] - 50) + 0.6 * columns["x1"] - 0.4 * columns["x2"] + 0.3 * columns["sex"]
    return {"made": made, "sold": np.maximum(sold + 1.5 * rng.normal(size=rows), 0)}


def replicate_factors(units: int) -> NDArray[np.float64]:
    """Factor of each PSU in each replicate, as successive differences give them: 0.3, 1 or 1.7; shape (units, R)."""
    rng = np.random.default_rng([SEED, units])
    return rng.choice([0.3, 1.0, 1.7], p=[0.25, 0.5, 0.25], size=(units, REPLICATES))


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
    replicate_factors(int(columns["psu"].max()) + 1).astype("<f8").tofile(folder / "factors.bin")
    about = {
        "rows": rows,
        "replicates": REPLICATES,
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


def replicate_weights(folder: Path, columns: Columns) -> Columns:
    """Whole weights of every replicate: rw1, rw2, ..."""
    factors = np.fromfile(folder / "factors.bin").reshape(-1, REPLICATES)
    return {f"rw{r + 1}": columns["w"] * factors[columns["psu"], r] for r in range(REPLICATES)}
