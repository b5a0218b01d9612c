"""Every case of the folder asked for (`--reference-dir PATH`), or of this one: agrees, differs, or not covered."""

from dataclasses import astuple
from pathlib import Path

import pytest

from .covered import surprising, tried
from .reader import FOLDER, library
from .verdicts import DIFFERS, verdict


def pytest_generate_tests(metafunc):
    if "name" in metafunc.fixturenames:
        metafunc.parametrize("name", tried(library(folder_of(metafunc.config))))


def folder_of(config):
    return Path(config.getoption("reference_dir", None) or FOLDER)


def test_a_case_does_not_differ(name, pytestconfig, record_property):
    """A case that is not covered passes, and is told in the summary; so does what is known to differ in this folder."""
    folder = folder_of(pytestconfig)
    found = verdict(library(folder), name)
    record_property("reference", astuple(found))
    if surprising(found) if folder == FOLDER else found.word == DIFFERS:
        pytest.fail(str(found), pytrace=False)
