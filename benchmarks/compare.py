"""Side by side: our public verbs, the Python package `svy`, and R's `survey`, on the same data, in alternating rounds.

    python benchmarks/compare.py --peer-python PATH [--sizes 1e3 1e5 1e6] [--jobs J1 J2 ... J12] [--rounds 5] [--r]

A round starts one fresh process an implementation, in turning order; the ratio is taken within the round. No ratio is
printed unless the numbers of all implementations agree.
"""

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from data import SHAPES, write

HERE = Path(__file__).parent
JOBS = ("J1", "J2", "J3", "J4", "J5", "J6", "J7", "J10", "J11", "J12")
AGREED = 1e-9
"""Largest relative difference of estimates, standard errors, ends of intervals, test statistics and weights."""
LOOSE = {("J5", "R"): 5e-4, ("J10", "R"): 1e-4, ("J11", "R"): 1e-2, ("J12", "R"): 1e-5}
"""Where a peer stops before the maximum: R's svyolr, glm.nb, zeroinfl and tobit at a small relative fall."""
ABSENT = {("J5", "svy"), ("J10", "svy"), ("J11", "svy"), ("J12", "svy")}
"""Jobs that a peer does not have."""
MOST_ROWS_IN_R = {"J3": 1_000_000}
MOST_ROWS = 100_000
"""Rows up to which R takes part, and jobs of replicates."""
ROUNDS, ROUNDS_OF_A_MILLION = 5, 3
OURS = "ours"


@dataclass(frozen=True)
class Run:
    """One process: what it found, and what it took."""

    numbers: NDArray[np.float64]
    seconds: float
    processor: float
    first: float
    version: str


def main() -> None:
    asked = arguments()
    lines, versions = [], {}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for rows in map(int, asked.sizes):
            data = write(folder / str(rows), rows)
            for job in asked.jobs:
                if job == "J4" and rows > MOST_ROWS:
                    continue
                runs = rounds_of(job, data, commands(asked, job, rows), rounds(asked, rows), folder / "numbers.bin")
                lines.append(line(job, rows, runs))
                versions |= {who: found[0].version for who, found in runs.items()}
    print("\n" + table(lines, sorted(versions.values())))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peer-python", help="interpreter of an environment of its own that holds svy")
    parser.add_argument(
        "--r", action="store_true", help=f"R's survey too, up to {MOST_ROWS:,} rows; J3 up to a million"
    )
    parser.add_argument("--sizes", nargs="+", type=float, default=list(SHAPES))
    parser.add_argument("--jobs", nargs="+", choices=JOBS, default=list(JOBS))
    parser.add_argument("--rounds", type=int, help=f"{ROUNDS}, and {ROUNDS_OF_A_MILLION} from a million rows")
    return parser.parse_args()


def rounds(asked: argparse.Namespace, rows: int) -> int:
    return int(asked.rounds or (ROUNDS if rows < 1_000_000 else ROUNDS_OF_A_MILLION))


def commands(asked: argparse.Namespace, job: str, rows: int) -> dict[str, list[str]]:
    """Implementation -> the start of its command."""
    found = {OURS: [sys.executable, str(HERE / "jobs.py")]}
    if asked.peer_python and (job, "svy") not in ABSENT:
        found["svy"] = [asked.peer_python, str(HERE / "svy_jobs.py")]
    if asked.r and rows <= MOST_ROWS_IN_R.get(job, MOST_ROWS):
        found["R"] = [shutil.which("Rscript") or "Rscript", str(HERE / "r_jobs.R")]
    return found


def rounds_of(
    job: str, data: Path, programs: Mapping[str, list[str]], count: int, numbers: Path
) -> dict[str, list[Run]]:
    """Runs of every implementation, one a round; every second round begins from the other end."""
    runs: dict[str, list[Run]] = {who: [] for who in programs}
    for number in range(count):
        for who in list(programs)[:: 1 if number % 2 == 0 else -1]:
            runs[who].append(run([*programs[who], job, str(data), str(numbers)], numbers))
    return runs


def run(command: Sequence[str], numbers: Path) -> Run:
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(command[-4:])}\n{done.stderr}")
    told = json.loads(done.stdout.strip().splitlines()[-1])
    return Run(np.fromfile(numbers), told["seconds"], told["processor"], told["first"], told["version"])


def largest_difference(ours: NDArray[np.float64], theirs: NDArray[np.float64], job: str) -> float:
    """Relative; absolute for the p-value of the test, whose far tail multiplies the last digit of the statistic."""
    if ours.shape != theirs.shape:
        return float("inf")
    if job == "J4":  # errors around the estimate and around the mean of the replicates: a peer gives one of both
        ours, theirs = ours[~np.isnan(theirs)], theirs[~np.isnan(theirs)]
    scale = np.where(theirs == 0, 1.0, np.abs(theirs))
    if job == "J2":
        scale[-1] = 1.0
    return float((np.abs(ours - theirs) / scale).max())


def line(job: str, rows: int, runs: Mapping[str, Sequence[Run]]) -> dict[str, Any]:
    """Medians, and the ratios of each round; said aloud as soon as they are known."""
    found: dict[str, Any] = {"job": job, "rows": rows, OURS: medians(runs[OURS])}
    said = [f"{job} {rows:>9,}  {OURS} {found[OURS][0]:.3g} ms ({found[OURS][1]:.3g} processor)"]
    for who in (name for name in runs if name != OURS):
        apart = max(largest_difference(runs[OURS][0].numbers, other.numbers, job) for other in runs[who])
        most = LOOSE.get((job, who), AGREED)
        if not apart <= most:
            sys.exit(f"{job}, {rows:,} rows: {who} and we differ by {apart:.2g}, more than {most:g}; no ratio.")
        pairs = list(zip(runs[OURS], runs[who]))
        ratios = [theirs.seconds / ours.seconds for ours, theirs in pairs]
        worked = statistics.median(theirs.processor / ours.processor for ours, theirs in pairs)
        found[who] = (*medians(runs[who]), statistics.median(ratios), worked)
        each = " ".join(f"{ratio:.3g}" for ratio in ratios)
        said.append(
            f"{who} {found[who][0]:.3g} ms: {each}, median {found[who][2]:.3g}x, processor {worked:.3g}x "
            f"(agree to {apart:.0e})"
        )
    print("; ".join(said), flush=True)
    return found


def medians(runs: Sequence[Run]) -> tuple[float, float]:
    """Milliseconds of the clock and of the processor: the medians of the rounds."""
    return tuple(1000 * statistics.median(getattr(one, what) for one in runs) for what in ("seconds", "processor"))


def table(lines: Sequence[Mapping[str, Any]], versions: Sequence[str]) -> str:
    """A Markdown table of medians and median ratios, processor time in brackets."""
    peers = [who for who in ("svy", "R") if any(who in found for found in lines)]
    head = ["job", "rows", "ours, ms", *(f"{who}, ms | {who} / ours" for who in peers)]
    out = ["; ".join(versions), "", "| " + " | ".join(head) + " |", "|---" * (3 + 2 * len(peers)) + "|"]
    for found in lines:
        cells = [found["job"], f"{found['rows']:,}", "{:.3g} ({:.3g})".format(*found[OURS])]
        for who in peers:
            cells += (
                ["{:.3g} ({:.3g})".format(*found[who][:2]), "{:.3g}x ({:.3g}x)".format(*found[who][2:])]
                if who in found
                else ["", ""]
            )
        out.append("| " + " | ".join(cells) + " |")
    return "\n".join(out)


if __name__ == "__main__":
    main()
