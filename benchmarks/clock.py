"""One job in one process: a first call, then the median of repeats; numbers to a file, times to standard output."""

import argparse
import json
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

MOST_REPEATS, MOST_SECONDS = 25, 2.0


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("job", help="J1 to J12")
    parser.add_argument("data", type=Path, help="folder that data.py wrote")
    parser.add_argument("numbers", type=Path, help="file for the numbers found, float64")
    return parser.parse_args()


def report(job: Callable[[], Any], numbers_of: Callable[[Any], list[Any]], numbers: Path, version: str) -> None:
    """Time the job, and hand over what it found. Taking the numbers out of the result is not timed."""
    started = time.perf_counter()
    found = job()
    first = time.perf_counter() - started
    took: list[float] = []
    worked = time.process_time()
    while not took or (len(took) < MOST_REPEATS and sum(took) < MOST_SECONDS):
        started = time.perf_counter()
        found = job()
        took.append(time.perf_counter() - started)
    worked = (time.process_time() - worked) / len(took)
    np.concatenate([np.ravel(np.asarray(part, float)) for part in numbers_of(found)]).tofile(numbers)
    told = {"seconds": statistics.median(took), "processor": worked, "first": first, "repeats": len(took)}
    print(json.dumps({**told, "version": version}))
