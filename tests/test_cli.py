"""The command line as a user meets it: exit codes, words, files."""

import subprocess
import sys

import pytest

from surveyanalysis.studies import study_folder


def run(*arguments, cwd=None):
    command = [sys.executable, "-m", "surveyanalysis", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", cwd=cwd)


def test_reproduce_prints_verdicts_and_paths_and_exits_with_zero(tmp_path):
    shown = run("reproduce", "copenhagen-housing", "--out", tmp_path)
    assert shown.returncode == 0, shown.stderr
    assert "1.289" in shown.stdout
    assert "copenhagen-housing.html" in shown.stdout
    assert "copenhagen-housing: reading and cleaning" in shown.stderr
    assert "Traceback" not in shown.stderr


def test_an_unknown_study_is_one_line_that_names_the_nearest(tmp_path):
    shown = run("reproduce", "copenhagen-housng", "--out", tmp_path)
    assert shown.returncode == 2
    assert "Nearest: 'copenhagen-housing'" in shown.stderr
    assert "Traceback" not in shown.stderr
    assert list(tmp_path.iterdir()) == []


def test_clean_writes_answers_reasons_ledger_and_flow(tmp_path):
    data = study_folder("stepi-2011")
    out = tmp_path / "clean"
    shown = run("clean", data / "raw" / "responses.csv", data / "codebook.yaml", data / "recipe.yaml", "--out", out)
    assert shown.returncode == 0, shown.stderr
    assert {p.name for p in out.iterdir()} >= {"answers.csv", "reasons.csv", "ledger.csv", "flow.csv"}
    assert len((out / "answers.csv").read_text(encoding="utf-8").splitlines()) > 214


def test_clean_names_a_missing_file_and_writes_nothing(tmp_path):
    shown = run("clean", tmp_path / "absent.csv", study_folder("stepi-2011") / "codebook.yaml", "--out", tmp_path / "o")
    assert shown.returncode == 2
    assert "absent.csv" in shown.stderr
    assert not (tmp_path / "o").exists()


def test_codebook_lists_questions_and_writes_the_schema(tmp_path):
    shown = run("codebook", study_folder("stepi-2011") / "codebook.yaml", "--schema", tmp_path / "schema.json")
    assert shown.returncode == 0, shown.stderr
    assert "willing_korea" in shown.stdout
    assert (tmp_path / "schema.json").read_text(encoding="utf-8").startswith("{")


@pytest.mark.parametrize("command", [(), ("--help",), ("reproduce", "--help")])
def test_help_is_given(command):
    assert "Usage" in run(*command).stdout + run(*command).stderr
