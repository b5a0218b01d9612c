"""Every case of the folder asked for (`--reference-dir PATH`), or of this one: agrees, differs, or not covered."""

from pathlib import Path

import pytest

from .adapters import adapter_of
from .covered import covered, expected, known, still_differs, surprising
from .reader import FOLDER, library
from .verdicts import DIFFERS, verdict

SCHEMA = "refs/1"


def pytest_generate_tests(metafunc):
    if "name" in metafunc.fixturenames:
        metafunc.parametrize("name", tried(folder_of(metafunc.config)))
    if "kind" in metafunc.fixturenames:
        lines = expected() if folder_of(metafunc.config) == FOLDER else []
        metafunc.parametrize("kind", lines, ids=lambda line: line.kind)
    if "difference" in metafunc.fixturenames:
        lines = known() if folder_of(metafunc.config) == FOLDER else []
        metafunc.parametrize("difference", lines, ids=lambda line: line.cases)


def folder_of(config):
    return Path(config.getoption("reference_dir", None) or FOLDER)


def tried(folder):
    """Every case of the common schema; of our own files in this folder those that an adapter reads, not a test."""
    found = library(folder)
    own = {area["area"] for area in found.areas if area.get("schema") != SCHEMA} if folder == FOLDER else set()
    return [name for name, case in found.cases.items() if case.area not in own or adapter_of(case)]


def test_a_case_does_not_differ(name, pytestconfig, record_property):
    """A case that is not covered passes, and is told in the summary; so does what is known to differ in this folder."""
    found = verdict(library(folder_of(pytestconfig)), name)
    record_property("reference", [found.word, found.kind, str(found)])
    own = folder_of(pytestconfig) == FOLDER
    if found.word == DIFFERS and not (own and found.wrong and not surprising(found)):
        pytest.fail(str(found), pytrace=False)


def test_a_kind_stays_covered(kind):
    found = covered(kind.kind, kind.without)
    assert len(found) >= kind.count, f"covered.txt expects {kind.count} cases of {kind.kind}; covered: {found}"


def test_what_is_known_to_differ_does(difference):
    assert still_differs(difference), f"{difference} differs no more: take its line out of differing.txt"
