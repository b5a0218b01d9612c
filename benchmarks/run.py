"""What it costs to start: import, first table, both studies. Fresh processes in alternating rounds, medians.

Run with ``make bench``. Prints one line a figure and fails when one is over its bound. The bounds are ratios to work
that the user's machine does anyway (starting Python, importing pandas), so that they hold on slow machines too.
"""

import statistics
import subprocess
import sys
import tempfile
import time

ROUNDS = 7
FRAME = "pd.DataFrame({'q': ['a', 'b', 'a', 'c'] * 60, 'g': ['x', 'y', 'y', 'x'] * 60})"
PROGRAMS = {
    "python": "pass",
    "import": "import surveyanalysis",
    "pandas": "import pandas",
    "table": f"import pandas as pd, surveyanalysis as sa; print(sa.crosstab({FRAME}, 'q', by='g'))",
}


def seconds(program: str) -> float:
    started = time.perf_counter()
    subprocess.run([sys.executable, "-c", program], check=True, capture_output=True)
    return time.perf_counter() - started


def medians() -> dict[str, float]:
    rounds = [{name: seconds(program) for name, program in PROGRAMS.items()} for _ in range(ROUNDS + 1)][1:]
    return {name: statistics.median(r[name] for r in rounds) for name in PROGRAMS}


def reproduce_seconds() -> float:
    command = [sys.executable, "-m", "surveyanalysis", "reproduce", "stepi-2011", "copenhagen-housing"]
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        subprocess.run([*command, "--out", folder], check=True, capture_output=True)
        return time.perf_counter() - started


def main() -> None:
    found = medians()
    figures = (
        ("import surveyanalysis, beyond bare Python", found["import"] - found["python"], 0.1, "s"),
        ("first table of a fresh process / import pandas", found["table"] / found["pandas"], 1.6, "x"),
        ("reproduce both studies", reproduce_seconds(), 60.0, "s"),
    )
    for words, value, bound, unit in figures:
        print(f"{words:<50} {value:7.3f} {unit}   (bound {bound:g} {unit})")
    if any(value > bound for _, value, bound, _ in figures):
        sys.exit(1)


if __name__ == "__main__":
    main()
