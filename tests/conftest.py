"""The option and the summary of the reference cases.

They stand here and not in references/, since the controller of pytest-xdist loads only the conftest files of the paths
that pytest is started with, and it is the controller that prints the summary.
"""

from collections import Counter
from pathlib import Path

import pytest

WORDS = ("agrees", "differs", "not covered")


def pytest_addoption(parser):
    parser.addoption(
        "--reference-dir",
        type=_folder,
        help="folder of reference cases (area JSON files and data/*.csv) for tests/references; its own by default",
    )


def _folder(text):
    path = Path(text).resolve()
    if not any(path.glob("*.json")):
        raise pytest.UsageError(f"--reference-dir: no JSON files in {path}")
    return str(path)  # pytest-xdist hands options on as plain values


def pytest_terminal_summary(terminalreporter, config):
    """One line; before it, for a folder that was asked for, a line for each case that does not agree."""
    reports = [r for held in terminalreporter.stats.values() for r in held if getattr(r, "when", "") == "call"]
    found = [value for report in reports for name, value in report.user_properties if name == "reference"]
    if not found:
        return
    terminalreporter.section("reference cases")
    if config.getoption("reference_dir", None):
        for word in WORDS[1:]:
            for line in sorted(text for verdict, _, text in found if verdict == word):
                terminalreporter.write_line(line)
    counts = Counter(word for word, _, _ in found)
    terminalreporter.write_line(", ".join(f"{word}: {counts[word]}" for word in WORDS))
