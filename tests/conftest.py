"""The option, the summary and the expectations of the reference cases.

They stand here and not in references/, since the controller of pytest-xdist loads only the conftest files of the paths
that pytest is started with, and it is the controller that knows what became of all cases.
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


def pytest_sessionfinish(session):
    """The run fails where a kind of cases is covered less than it was: only the whole of a kind can tell."""
    if session.exitstatus == pytest.ExitCode.OK and _shortfalls(session.config):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter, config):
    """One line; before it what falls short, and for a folder that was asked for each case that does not agree."""
    found = _verdicts(config)
    if not found:
        return
    terminalreporter.section("reference cases")
    for line in _shortfalls(config):
        terminalreporter.write_line(line, red=True)
    if config.getoption("reference_dir", None):
        for word in WORDS[1:]:
            for line in sorted(str(one) for one in found if one.word == word):
                terminalreporter.write_line(line)
    counts = Counter(one.word for one in found)
    terminalreporter.write_line(", ".join(f"{word}: {counts[word]}" for word in WORDS))


def _verdicts(config):
    """What became of the cases that were tried; nothing in a worker, which reports to the controller."""
    terminal = config.pluginmanager.get_plugin("terminalreporter")
    if terminal is None or hasattr(config, "workerinput"):
        return []
    reports = [r for held in terminal.stats.values() for r in held if getattr(r, "when", "") == "call"]
    told = [value for report in reports for name, value in report.user_properties if name == "reference"]
    if not told:
        return []
    from tests.references.verdicts import Verdict

    return [Verdict(*value) for value in told]


def _shortfalls(config):
    """What this folder's own cases owe."""
    found = [] if config.getoption("reference_dir", None) else _verdicts(config)
    if not found:
        return []
    from tests.references.covered import shortfalls

    return shortfalls(found)
