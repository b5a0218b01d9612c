"""Gaps taken apart: against R 4.2 (scripts/decompositions.R), theory, invariances, small groups, wrong input."""

from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

import surveyanalysis as sa
from surveyanalysis.errors import ChoiceError, ColumnError, DataError, FormulaError, LevelError, SeparationError
from surveyanalysis.estimators.binary import binary_fit
from surveyanalysis.estimators.decomposed import Plan
from surveyanalysis.estimators.matched import Matching, fairlie_fit
from tests import references

from .designs import respondents

CASES = [references.case(name) for name in references.cases("v.")]
ASKED = {
    "strat": {"weights": "pw", "strata": "stype", "population": "fpc"},
    "clus1": {"weights": "pw", "clusters": "dnum", "population": "fpc"},
    "srs": {},
}
LINEAR = [case for case in CASES if case.args["method"] != "fairlie"]


def schools(case):
    frame = references.data(case.args["data"]).rename(columns=lambda name: name.replace(".", "_"))
    return frame.assign(high=(frame["api00"] > 650).astype(int))


def reference_of(text):
    return float(text) if text.replace(".", "").isdigit() else text


@pytest.mark.parametrize("case", LINEAR, ids=lambda case: case.id)
def test_parts_and_their_covariance_are_those_of_r(case):
    args = case.args
    design = sa.Design(schools(case), **ASKED[args["design"]])
    if "replicates" in args:
        design = design.replicated(args["replicates"])
    more = {name: args[name] for name in ("method", "parts", "contrasts") if name in args}
    found = sa.decomposition(
        design, args["formula"], by=args["by"], groups=args["groups"], reference=reference_of(args["reference"]), **more
    )
    expected = np.array(case.values["estimate"], float)
    assert_allclose(found.frame["estimate"], expected, rtol=case.rtol, atol=case.rtol * abs(expected).max() * 1e-2)
    vcov = np.array(case.values["vcov"], float)
    assert_allclose(found.covariance, vcov, rtol=10 * case.rtol, atol=10 * case.rtol * abs(vcov).max())
    assert (found.frame["df"] == case.values["df"]).all()


def test_exchanged_answers_of_matched_schools_are_those_of_r():
    """v.fairlie.orders: two groups of the same size, every order of the terms."""
    (case,) = (case for case in CASES if case.args["method"] == "fairlie")
    frame, size = schools(case), case.args["balanced"]
    frame = pd.concat([frame[frame["stype"] == g].head(size) for g in case.args["groups"]])
    x = np.column_stack([np.ones(len(frame)), *(frame[name] for name in ("ell", "meals", "mobility"))])
    y, first, weights = frame["high"].to_numpy(float), np.arange(2 * size) < size, np.ones(2 * size)
    p = x @ binary_fit(x, y, weights, "logit").params
    ranked = [np.flatnonzero(who)[np.argsort(p[who], kind="stable")] for who in (first, ~first)]
    drawn = tuple(Matching(*ranked, np.array(order)) for order in permutations(range(3)))
    one = np.eye(4)
    found = fairlie_fit(x, y, first, weights, Plan(True, "neumark", "two", one, one, one), drawn).params
    assert_allclose(found[3], case.values["explained"], rtol=case.rtol)
    assert_allclose(found[4:7], case.values["estimate"], rtol=case.rtol)


# ---- theory and invariances ----------------------------------------------------------------------------------------
def totals(found):
    frame = found.frame
    return frame[frame["term"] == "(total)"].set_index("component")["estimate"]


WAYS = {
    "linear": {"formula": "y ~ z + g + q"},
    "linear by deviations": {"formula": "y ~ z + g + q", "contrasts": "deviation"},
    "three parts": {"formula": "y ~ z + g", "parts": "three"},
    "yun": {"formula": "yes ~ z + g", "method": "yun"},
    "first": {"formula": "y ~ z * g", "reference": "first"},
    "fairlie": {"formula": "yes ~ z + g", "method": "fairlie", "draws": 20},
}


def apart(frame=None, **asked):
    frame = respondents() if frame is None else frame
    given = {"by": "sex", "groups": ("f", "m"), **asked}
    return sa.decomposition(sa.Design(frame, weights="w", strata="s", clusters="c"), given.pop("formula"), **given)


@pytest.mark.parametrize("way", WAYS)
def test_parts_sum_to_the_gap_and_terms_to_their_part(way):
    found = apart(**WAYS[way])
    frame, whole = found.frame, totals(found)
    means = frame.loc[frame["term"].str.startswith("mean["), "estimate"].to_numpy()
    assert_allclose(whole["difference"], means[0] - means[1])
    assert_allclose(whole.drop("difference").sum(), whole["difference"])
    if way != "fairlie":
        for part, rows in frame[frame["component"] != "difference"].groupby("component"):
            assert_allclose(rows.loc[rows["term"] != "(total)", "estimate"].sum(), whole[part])


def test_the_means_are_those_of_the_mean_verb():
    d = sa.Design(respondents(), weights="w", strata="s", clusters="c")
    known = d.within(d.survey.frame[["y", "z"]].notna().all(axis=1).to_numpy())
    plain = sa.differences(sa.mean(known, "y", by="sex"), reference="m").frame
    found = sa.decomposition(d, "y ~ z", by="sex", groups=("f", "m")).frame
    assert_allclose(found.loc[2, ["estimate", "se"]].astype(float), plain.loc[0, ["estimate", "se"]].astype(float))


@pytest.mark.parametrize("way", [way for way in WAYS if way not in ("three parts", "fairlie", "first")])
@pytest.mark.parametrize("reference", ["pooled", "neumark", "cotton", "reimers"])
def test_groups_in_the_other_order_change_signs_only(way, reference):
    asked = {**WAYS[way], "reference": reference}
    one, other = apart(**asked), apart(**asked, groups=("m", "f"))
    assert_allclose(other.frame["estimate"][2:], -one.frame["estimate"][2:], rtol=1e-7, atol=1e-9)
    assert_allclose(other.frame["se"][2:], one.frame["se"][2:], rtol=1e-7)


def test_the_first_group_as_reference_is_the_second_of_the_other_order():
    one, other = (
        apart(formula="y ~ z", reference="first"),
        apart(formula="y ~ z", reference="second", groups=("m", "f")),
    )
    assert_allclose(other.frame["estimate"][2:], -one.frame["estimate"][2:], atol=1e-10)
    assert_allclose(apart(formula="y ~ z", reference=1).frame["estimate"], one.frame["estimate"])
    assert_allclose(
        apart(formula="y ~ z", reference=0.5).covariance, apart(formula="y ~ z", reference="reimers").covariance
    )


@pytest.mark.parametrize("method", ["oaxaca", "yun"])
def test_deviations_do_not_depend_on_the_reference_level_and_treatment_does(method):
    outcome = "y" if method == "oaxaca" else "yes"
    formulas = [f"{outcome} ~ z + g", f"{outcome} ~ z + ref(g, 'office')"]
    free = [apart(formula=f, method=method, contrasts="deviation").frame["estimate"] for f in formulas]
    assert_allclose(*free, rtol=1e-7, atol=1e-9)
    bound = [apart(formula=f, method=method).frame.set_index(["component", "term"])["estimate"] for f in formulas]
    assert_allclose(bound[0]["explained"], bound[1]["explained"], rtol=1e-6, atol=1e-9)
    assert abs(bound[0]["unexplained", "g"] - bound[1]["unexplained", "g"]) > 1e-4


def test_groups_with_the_same_respondents_have_no_gap_and_no_share_of_it():
    frame = respondents()
    twice = pd.concat([frame.assign(half="a"), frame.assign(half="b")], ignore_index=True)
    found = sa.decomposition(twice, "y ~ z + g", by="half")
    assert_allclose(totals(found), 0, atol=1e-10)
    assert found.table().to_text()


def test_seeds_repeat_matchings_and_their_terms_sum_to_the_total_up_to_the_draws():
    ask = {"formula": "yes ~ z + g", "method": "fairlie"}
    one, again, other = apart(**ask), apart(**ask), apart(**ask, seed=2)
    assert (one.frame["estimate"] == again.frame["estimate"]).all()
    assert (one.frame["estimate"] != other.frame["estimate"]).any()
    terms = apart(**ask, draws=2000).frame.query("component == 'explained'")["estimate"].to_numpy()
    assert_allclose(terms[1:].sum(), terms[0], atol=0.002)
    assert any("100 random matchings" in note["en"] and "seed 1" in note["en"] for note in one.origin.notes)


def test_linearised_errors_are_near_those_of_the_jackknife():
    d = sa.Design(respondents(), weights="w", strata="s", clusters="c")
    for way in ("linear", "three parts"):
        asked = dict(WAYS[way])
        formula = asked.pop("formula")
        one, other = (sa.decomposition(x, formula, by="sex", **asked).frame["se"] for x in (d, d.replicated("JKn")))
        assert_allclose(other, one, rtol=0.25)


def test_replicates_in_which_a_group_has_no_solution_are_counted():
    frame = respondents().dropna(subset=["y", "z"]).reset_index(drop=True)
    rare = frame.assign(rare=np.arange(len(frame)) < 3)
    found = sa.decomposition(sa.Design(rare).replicated("JK1"), "y ~ z + rare", by="sex", groups=("f", "m"))
    alone = rare[rare["rare"]].groupby("sex").size().eq(1).sum()
    assert alone == 1 and any(f"{alone} of {len(rare)} replicates gave no" in n["en"] for n in found.origin.notes)
    assert np.isfinite(found.frame["se"]).all()


# ---- what is told --------------------------------------------------------------------------------------------------
def test_the_origin_tells_groups_reference_and_what_details_depend_on():
    notes = " ".join(note["en"] for note in apart(formula="y ~ z + g").origin.notes)
    for words in (
        "gap: f (n = ",
        "minus m (n = ",
        "the group among the covariates",
        "reference level",
        "not caused by",
    ):
        assert words in notes
    assert "not depend on the reference level" not in notes
    more = " ".join(n["en"] for n in apart(formula="yes ~ z", reference="neumark").origin.notes)
    assert "taken for explained" in more and "linear probability" in more


def test_yun_s_weights_that_divide_by_nearly_nothing_are_told():
    rng = np.random.default_rng(3)
    n = 400
    frame = pd.DataFrame({"half": np.repeat(["a", "b"], n // 2), "u": rng.normal(size=n), "v": rng.normal(size=n)})
    frame["u"] += frame["half"] == "a"
    frame["v"] -= 0.97 * (frame["half"] == "a")
    frame["yes"] = (rng.random(n) < 1 / (1 + np.exp(-frame["u"] - frame["v"]))).astype(int)
    found = sa.decomposition(frame, "yes ~ u + v", by="half", method="yun")
    assert any("nearly cancel" in note["en"] for note in found.origin.notes)


def test_the_table_reads_in_both_languages_and_the_figure_leaves_the_means_out():
    found = apart(formula="yes ~ z + g", method="yun")
    for lang, words in {
        "en": ["Explained by answers", "% of the gap"],
        "ko": ["설명되지 않는 부분", "격차 대비 %"],
    }.items():
        text = found.table(lang).to_text()
        assert all(word in text for word in words)
    heads = [row.stub for row in found.table().rows if row.kind == "group"]
    assert heads == ["Gap", "Explained by answers", "Unexplained"]
    labels = [text.get_text() for text in found.plot().get_yticklabels()]
    assert labels.count("Total") == 3 and not {"f", "m"} & set(labels)


# ---- wrong input ---------------------------------------------------------------------------------------------------
THIN = respondents().assign(far=lambda f: np.where(f["sex"] == "f", 1.0, f["z"].fillna(0)))
FEW = respondents().assign(few=lambda f: np.where(np.arange(240) < 4, "few", "many"))
FIXED = respondents().assign(sure=lambda f: np.where(f["sex"] == "f", 1, (f["z"] > 2).astype(int)))
APART = respondents().assign(told=lambda f: np.where(f["sex"] == "f", (f["z"] > 2).astype(int), np.arange(240) % 2))
WRONG = {
    "three groups": (THIN, "y ~ z", {"by": "g"}, ChoiceError, r"3 groups.*groups=\('firm', 'lab'\)"),
    "one group": (sa.Design(THIN).where(sex="f"), "y ~ z", {}, DataError, "no gap"),
    "one group twice": (THIN, "y ~ z", {"by": "g", "groups": ("lab", "lab")}, ChoiceError, "twice"),
    "groups as a text": (THIN, "y ~ z", {"by": "g", "groups": "lab"}, ChoiceError, "name two groups"),
    "a group that is not": (THIN, "y ~ z", {"by": "g", "groups": ("lab", "lap")}, LevelError, "Nearest: 'lab'"),
    "a group of nobody": (THIN, "y ~ z", {"by": "g", "groups": ("lab", "none")}, LevelError, "'none'"),
    "no such question": (THIN, "y ~ z", {"by": "sexx"}, ColumnError, "Nearest: 'sex'"),
    "the groups in the formula": (THIN, "y ~ z + sex", {}, FormulaError, "makes the groups"),
    "constant in a group": (THIN, "y ~ far", {}, DataError, "sex = 'f'.*'far' does not vary"),
    "too few": (FEW, "y ~ z + g", {"by": "few"}, DataError, "few = 'few'.*more respondents"),
    "one answer": (FIXED, "sure ~ y", {"method": "yun"}, DataError, "sex = 'f'.*answered"),
    "separated": (APART, "told ~ z", {"method": "yun"}, SeparationError, "sex = 'f'.*separated"),
    "method": (THIN, "y ~ z", {"method": "blinder"}, ChoiceError, "'oaxaca'"),
    "reference": (THIN, "y ~ z", {"reference": "third"}, ChoiceError, "'neumark'"),
    "weight": (THIN, "y ~ z", {"reference": 1.5}, ChoiceError, "between 0 and 1"),
    "three of a logit": (THIN, "yes ~ z", {"method": "yun", "parts": "three"}, ChoiceError, "parts='two'"),
    "deviations of matches": (
        THIN, "yes ~ z", {"method": "fairlie", "contrasts": "deviation"}, ChoiceError, "does not give",
    ),
    "deviations of an interaction": (THIN, "y ~ z * g", {"contrasts": "deviation"}, ChoiceError, "interaction 'z:g'"),
    "exchanged interactions": (THIN, "yes ~ z * g", {"method": "fairlie"}, ChoiceError, "interaction 'z:g'"),
    "no draws": (THIN, "yes ~ z", {"method": "fairlie", "draws": 0}, ChoiceError, "`draws`"),
    "half a seed": (THIN, "yes ~ z", {"method": "fairlie", "seed": 1.5}, ChoiceError, "`seed`"),
    "a number as yes/no": (THIN, "y ~ z", {"method": "yun"}, ChoiceError, "'y' is a"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_wrong_input_is_named(name):
    data, formula, asked, error, words = WRONG[name]
    with pytest.raises(error, match=words):
        sa.decomposition(data, formula, **{"by": "sex", **asked})
