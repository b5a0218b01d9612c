"""The harness itself: what it calls equal, what it reads of R, that new cases need no code, that no case is known."""

import json
import re
import subprocess
import sys
from dataclasses import replace
from fnmatch import fnmatchcase
from pathlib import Path

import pandas as pd
import pytest

from .adapters.samples import frame_of, within
from .comparing import compared
from .covered import expected, known, shortfalls, surprising, tried
from .r_calls import NotR, calls, read, sides, terms, write
from .r_values import mask, vector
from .reader import FOLDER, Case, library
from .verdicts import AGREES, DIFFERS, NOT_COVERED, Verdict, verdict

HERE = Path(__file__).parent
ARGUMENTS = {"fpc"}  # a word of R's arguments, as well as a data set


def case(values, rtol=1e-9, kind="a.mean", **parts):
    area, topic = kind.split(".")
    given = {"id": "a.made", "data": ("made",), "spec": "", "args": {}, "r_call": "", "note": "", **parts}
    return Case(area=area, topic=topic, values=values, rtol=rtol, **given)


def wrong(values, produced, **asked):
    """Paths of the numbers that differ."""
    return [" ".join(finding.path) for finding in compared(case(values, **asked), produced) if finding.wrong]


# --- what is equal ---


@pytest.mark.parametrize("off, differs", [(0.5e-9, False), (2e-9, True)])
def test_a_number_is_held_against_itself(off, differs):
    for y in (3.0, -2e-7, 5e12):
        assert bool(wrong({"n": y}, {"n": y * (1 + off)})) == differs


def test_a_small_number_of_a_group_is_held_against_itself_and_next_to_nothing_against_the_largest():
    group = {"se": {"a": 100.0, "b": 0.01, "c": 1e-12}}
    assert not wrong(group, {"se": {"a": 100.0, "b": 0.01, "c": 3e-9}})
    assert wrong(group, {"se": {"a": 100.0, "b": 0.01 + 1e-10, "c": 1e-12}}) == ["se b"]
    assert wrong(group, {"se": {"a": 100.0, "b": 0.01, "c": 2e-7}}) == ["se c"]
    assert wrong({"w": [100.0, 0.01]}, {"w": [100.0, 0.01 + 1e-10]}) == ["w 2"]


def test_an_error_of_nothing_is_held_against_its_estimate():
    stored = {"share": {"est": {"a": 0.3}, "se": {"a": 1e-17}}, "mean": 5.0, "se_mean": 1e-16}
    assert not wrong(stored, {"share": {"est": {"a": 0.3}, "se": {"a": 0.0}}, "mean": 5.0, "se_mean": 3e-9})
    found = {"share": {"est": {"a": 0.3}, "se": {"a": 1e-9}}, "mean": 5.0, "se_mean": 1e-8}
    assert wrong(stored, found) == ["share se a", "se_mean"]


def test_a_covariance_is_held_against_the_errors_it_is_of():
    stored = {"vcov": {"rows": ["a", "b"], "cols": ["a", "b"], "matrix": [[4.0, 1e-9], [1e-9, 1.0]]}}
    labels = [["b", "a"]] * 2  # in another order: labels decide
    assert not wrong(stored, {"vcov": pd.DataFrame([[1.0 + 0.9e-9, 2.9e-9], [2.9e-9, 4.0]], *labels)})
    assert wrong(stored, {"vcov": pd.DataFrame([[1.0 + 3e-9, 1e-9], [1e-9, 4.0]], *labels)}) == ["vcov b b"]
    assert wrong({"vcov": [[4.0, 0.0], [0.0, 1.0]]}, {"vcov": [[4.0, 5e-9], [0.0, 1.0]]}) == ["vcov 1 2"]
    assert not wrong({"vcov": [[4.0, 0.0], [0.0, 1e-18]]}, {"vcov": [[4.0, 1e-10], [0.0, 1e-12]]})


def test_ends_of_intervals_are_held_against_the_farther_end():
    stored = {"ci": {"rows": "a", "cols": ["low", "high"], "matrix": [[1e-8, 10.0]]}}
    assert not wrong(stored, {"ci": pd.DataFrame({"low": [1.5e-8], "high": [10.0]}, ["a"])})
    assert wrong(stored, {"ci": pd.DataFrame({"low": [3e-8], "high": [10.0]}, ["a"])}) == ["ci a low"]


def test_raw_output_is_held_loosely_and_infinity_and_words_as_they_are():
    assert not wrong({"se_as_returned": {"a": 1.0, "b": 5.0}}, {"se_as_returned": {"a": 1.004, "b": 5.0}})
    assert wrong({"se_as_returned": {"a": 1.0, "b": 5.0}}, {"se_as_returned": {"a": 1.006, "b": 5.0}})
    assert wrong({"z": "Inf", "y": "-Inf"}, {"z": float("inf"), "y": float("inf")}) == ["y"]
    assert not wrong({"z": None, "words": ["a", "b"], "kind": "t", "deep": {"x": None}}, {})
    assert wrong({"z": 1.0}, {"z": float("nan")}) == ["z"]
    assert wrong({"z": [1.0, 2.0]}, {"z": [1.0]}) == ["z"]


def test_what_is_missing_or_fails_leaves_only_its_own_part_unproduced():
    def absent():
        raise AttributeError("no verb")

    found = compared(case({"a": 1.0, "b": {"x": 1.0, "y": 2.0}, "c": 3.0}), {"a": absent, "b": {"x": lambda: 1.0}})
    assert [(f.path, f.produced) for f in found] == [
        (("a",), False), (("b", "x"), True), (("b", "y"), False), (("c",), False)
    ]  # fmt: skip


def test_a_crash_is_a_difference_and_a_refusal_is_none():
    def crash():
        raise ZeroDivisionError("x")

    (found,) = compared(case({"a": 1.0}), {"a": crash})
    assert found.wrong
    assert "crashed with ZeroDivisionError" in str(found)


# --- what is read of R ---


def test_formulas_calls_and_vectors_are_read_out_of_loose_words():
    told = "options(a='b'); svyby(~x.y, ~g, d, svymean) ; T: y~g; predict(svyratio(~a,~b,d),total=c(E=..,H=5))"
    assert [write(call) for call in calls(told, "svyby")] == ["svyby(~x.y,~g,d,svymean)"]
    assert vector(calls(told, "predict")[0].get("total")) == {"H": 5.0}
    left, right = sides('I(as.numeric(g == "Yes")) ~ log(x)*f + I(age^2)')
    assert (write(left), write(right)) == ('I(as.numeric(g=="Yes"))', "log(x)*f+I(age^2)")
    assert [write(t) for t in terms("y~a + b:c - 1")] == ["a+b:c-1"]
    assert write(read("-2^2 + a %in% c('x','y')")) == '-2^2+a%in%c("x","y")'
    for broken in ("f(a", "a +", "a b", "€"):
        with pytest.raises(NotR):
            read(broken)


def test_a_domain_in_words_is_rows(tmp_path):
    frame = pd.DataFrame({"stype": list("EHHM"), "x": [1.0, None, 3.0, 4.0], "w.d": list("abab")})
    assert mask("stype!='H' or first H row", frame).tolist() == [True, True, False, True]
    assert mask("x > 2 & !(w.d == 'b')", frame).tolist() == [False, False, True, False]
    from surveyanalysis import Design

    design = Design(frame)
    assert len(within(design, "stype %in% c('E','M') & !is.na(x)")) == 2
    assert len(within(design, "w.d=='a' & x>2")) == 1
    assert within(design, "") is design


# --- a folder of its own: new cases of known topics need no code ---


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Four rows by hand: mean 5, s^2 = 20/3, so se = sqrt(20/3/4); means of groups 3 and 7."""
    path = tmp_path_factory.mktemp("villages")
    (path / "data").mkdir()
    (path / "data" / "hamlets.csv").write_text('"y","g"\n2,"a"\n4,"a"\n6,"b"\n8,"b"\n', encoding="utf-8")
    se, design = (20 / 3 / 4) ** 0.5, {"weights": None, "strata": None, "psu": None, "fpc": None, "nest": [False]}
    common = {
        "data": "hamlets",
        "spec": "",
        "r_call": "svymean(~y,d)",
        "rtol": 1e-9,
        "args": {"vars": "y", "design": design},
    }
    by = {"vars": "y", "by": "g", "design": design}
    cases = [
        {**common, "id": "a.v.mean", "topic": "mean", "values": {"estimate": {"y": 5}, "se": {"y": se}, "degf": 3}},
        {**common, "id": "a.v.wrong", "topic": "mean", "values": {"estimate": {"y": 5.001}, "se": {"y": se}}},
        {**common, "id": "a.v.more", "topic": "mean", "values": {"estimate": {"y": 5}, "median_of_medians": 5}},
        {**common, "id": "a.v.new", "topic": "astrology", "values": {"estimate": {"y": 5}}},
        {**common, "id": "a.v.by", "topic": "domain", "values": {"estimate": {"a": 3, "b": 7}}, "args": by,
         "r_call": "svyby(~y,~g,d,svymean)"},
    ]  # fmt: skip
    described = {"hamlets": {"file": "data/hamlets.csv", "rows": 4, "cols": 2, "factor_levels": {"g": ["a", "b"]}}}
    area = {"schema": "refs/1", "area": "a_villages", "datasets": described, "cases": cases}
    (path / "a_villages.json").write_text(json.dumps(area), encoding="utf-8")
    (path / "notes.json").write_text('["not an area"]', encoding="utf-8")
    return path


def test_cases_of_a_new_folder_are_judged(folder):
    found = {name: verdict(library(folder), name) for name in library(folder).cases}
    words = {name: found[name].word for name in found}
    assert words == {"a.v.mean": AGREES, "a.v.wrong": DIFFERS, "a.v.more": NOT_COVERED, "a.v.new": NOT_COVERED,
                     "a.v.by": AGREES}  # fmt: skip
    assert str(found["a.v.wrong"]) == "a.v.wrong differs: estimate y off by 0.0002 (rtol 1e-09)"
    assert found["a.v.more"].missing == ("median_of_medians",)
    assert found["a.v.new"].why == "no adapter for a.astrology"


def run_pytest(asked):
    command = [sys.executable, "-m", "pytest", *asked]
    return subprocess.run(command, cwd=HERE.parent.parent, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("workers", [["-k", "not nothing"], ["-n", "2"]], ids=["alone", "two workers"])
def test_the_summary_is_one_line_under_workers_too(folder, workers):
    asked = [str(HERE / "test_cases.py"), "--reference-dir", str(folder), "-p", "no:cacheprovider", "--tb=no", *workers]
    run = run_pytest(asked)
    assert "\nagrees: 2, differs: 1, not covered: 2\n" in run.stdout, run.stdout + run.stderr
    assert "a.v.wrong differs: estimate y off by 0.0002" in run.stdout
    assert "a.v.more not covered: not produced: median_of_medians" in run.stdout
    assert run.returncode == 1


def test_a_folder_without_cases_is_refused(tmp_path):
    asked = [str(HERE / "test_cases.py"), "--reference-dir", str(tmp_path)]
    run = run_pytest(asked)
    assert "no JSON files in" in run.stderr
    assert run.returncode == 4


# --- what is expected of this folder ---


def verdicts(kind):
    held = library(FOLDER)
    return [Verdict(name, kind, AGREES) for name in tried(held) if held.cases[name].kind == kind]


def test_a_kind_that_is_covered_less_is_told_once_all_of_it_was_tried():
    (line,) = (line for line in expected() if line.kind == "a.cdf")
    whole = verdicts("a.cdf")
    lost = [*whole[1:], replace(whole[0], word=NOT_COVERED, missing=("cdf",))]
    assert shortfalls(whole) == []
    assert shortfalls(lost) == [f"covered.txt expects {line.count} cases of a.cdf; there are {line.count - 1}"]
    assert shortfalls(lost[1:]) == []


def test_what_is_known_to_differ_is_no_surprise_and_is_missed_when_it_agrees():
    line = next(line for line in known() if line.keys == {"likelihood"})
    (one, *_) = (found for found in verdicts("a.proportion_ci") if fnmatchcase(found.case, line.cases))
    assert not surprising(replace(one, word=DIFFERS, wrong=("likelihood",)))
    assert surprising(replace(one, word=DIFFERS, wrong=("likelihood", "mean")))
    assert surprising(replace(one, word=DIFFERS))
    assert any(
        told.startswith("differing.txt: a2.ciprop.* likelihood") for told in shortfalls(verdicts("a.proportion_ci"))
    )


# --- no case is known by name ---


def test_adapters_know_no_case_and_no_data_set():
    known = set(library(FOLDER).cases) | set(library(FOLDER).datasets) - ARGUMENTS
    names = re.compile(rf"(?<![\w.])(?:{'|'.join(map(re.escape, known))})(?![\w.])")
    for path in (HERE / "adapters").glob("*.py"):
        assert not names.findall(path.read_text("utf-8")), path.name


def test_text_without_levels_has_them_in_order(folder):
    name = next(iter(library(folder).cases))
    assert frame_of(library(folder).case(name), library(folder))["g"].cat.categories.tolist() == ["a", "b"]
