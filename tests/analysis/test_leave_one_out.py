"""Models without single respondents or clusters, and under other designs: against the calls themselves."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

import surveyanalysis as sa
from surveyanalysis.analysis.leave_one_out import without_rows
from surveyanalysis.errors import ChoiceError

from . import families
from .test_specification_grid import BOOK, people


@pytest.fixture(scope="module")
def design() -> sa.Design:
    return sa.Design(sa.Survey.from_frame(people(), BOOK), weights="w", strata="region", clusters="town")


def test_each_refit_is_the_model_of_the_others(design):
    model = sa.ordered(design, "willing ~ years + degree")
    found = sa.leave_one_out(model)
    for row in (0, 57, 119):
        alone = sa.ordered(design.within(np.arange(120) != row), "willing ~ years + degree").frame
        assert_allclose(found.detail["estimates"].loc[row], alone["estimate"], rtol=1e-7)
        assert_allclose(found.detail["p"].loc[row], alone["p"], rtol=1e-6)
    estimates = found.detail["estimates"]
    assert_allclose(found.frame["lowest"], estimates.min())
    assert found.frame["lowest_without"].tolist() == estimates.idxmin().tolist()
    assert found.frame["highest_without"].tolist() == estimates.idxmax().tolist()
    assert found.frame["term"].tolist() == model.frame["term"].tolist()


@pytest.mark.parametrize("name", families.FAMILIES)
def test_every_kind_of_model_without_a_cluster_is_the_call_on_the_others(name):
    frame, fitted = families.people(160), families.FAMILIES[name]
    design = families.design_of(frame)
    model = fitted(design, "age + abroad", variance="design")
    kept = (frame["cluster"] != 3).to_numpy()
    part = without_rows(model, kept[model.model_frame.used.rows])
    alone = fitted(design.where("cluster != 3"), "age + abroad", variance="design")
    assert_allclose(part.params, alone.params, rtol=1e-6, atol=1e-9)
    assert_allclose(part.params_covariance, alone.params_covariance, rtol=1e-6, atol=1e-9)
    assert part.df == alone.df


def test_without_a_cluster_is_the_sample_without_its_rows(design):
    model = sa.logit(design, "willing ~ years", event=[4, 5])
    found = sa.leave_one_out(model, "cluster")
    frame = people()
    rest = sa.Design(
        sa.Survey.from_frame(frame[frame["town"] != 7], BOOK), weights="w", strata="region", clusters="town"
    )
    alone = sa.logit(rest, "willing ~ years", event=[4, 5]).frame
    assert len(found.detail["estimates"]) == 24
    assert_allclose(found.detail["estimates"].loc[7], alone["estimate"], rtol=1e-8)


def test_model_based_errors_are_those_of_the_call_without_the_row():
    frame = people().assign(many=lambda f: f["willing"] > 3)
    found = sa.leave_one_out(sa.logit(frame, "many ~ years", variance="model"))
    alone = sa.logit(frame.drop(index=5), "many ~ years", variance="model").frame
    assert_allclose(found.detail["p"].loc[5], alone["p"], rtol=1e-8)


def test_profiled_p_values_stay_profiled():
    frame = people(n=30).assign(many=lambda f: f["willing"] > 3)
    found = sa.leave_one_out(sa.firth(frame, "many ~ years"))
    alone = sa.firth(frame.drop(index=5), "many ~ years").frame
    assert_allclose(found.detail["estimates"].loc[5], alone["estimate"], rtol=1e-7)
    assert_allclose(found.detail["p"].loc[5], alone["p"], rtol=1e-6)


def test_who_turns_a_conclusion_is_named():
    """One respondent far out makes the slope; without him it has the other sign."""
    frame = pd.DataFrame(
        {"x": [1.0, 2, 3, 4, 5, 6, 7, 8, 60], "y": [1, 1, 0, 1, 1, 0, 0, 0, 1]}, index=list("abcdefghi")
    )
    found = sa.leave_one_out(sa.logit(frame, "y ~ x", variance="model"))
    row = found.frame.iloc[1]
    assert (row["lowest_without"], row["sign_changes"]) == ("i", 1)
    assert "X: changes its sign without: i" in found.table().to_text()
    assert "X: 부호가 바뀌는 제외 대상: i" in found.table("ko").to_text()
    crossing = (found.detail["p"]["x"] < 0.05) != (sa.logit(frame, "y ~ x", variance="model").frame["p"].iloc[1] < 0.05)
    assert row["significance_changes"] == crossing.sum()


def test_who_holds_a_solution_is_named_too():
    frame = pd.DataFrame({"x": [0.0, 0, 0, 0, 1, 1, 1, 1], "y": [0, 1, 0, 1, 1, 1, 1, 0]}, index=list("abcdefgh"))
    found = sa.leave_one_out(sa.logit(frame, "y ~ x", variance="model"))
    assert found.detail["unsolved"] == ["h"] and found.extra == {"refits": 8, "unsolved": 1}
    assert "No solution without: h" in found.table().to_text()
    assert [text.get_text() for text in found.plot().get_yticklabels()] == ["x"]


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_it_is_drawn_with_its_range(design, lang):
    found = sa.leave_one_out(sa.multinomial(design, "willing ~ years"), "cluster")
    ax = found.plot(lang=lang)
    lines = [line.get_xdata() for line in ax.lines if line.get_gid() == "interval"]
    slopes = found.frame[found.frame["term"] == "years"]
    assert_allclose(lines, slopes[["lowest", "highest"]])
    assert len({t.get_text() for t in ax.get_yticklabels()}) == 4


def test_wrong_units_are_named(design):
    model = sa.logit(people().assign(y=lambda f: f["willing"] > 3), "y ~ years")
    with pytest.raises(ChoiceError, match="`by` is 'town'"):
        sa.leave_one_out(model, "town")
    with pytest.raises(ChoiceError, match="no clusters"):
        sa.leave_one_out(model, "cluster")
    with pytest.raises(ChoiceError, match="`model` is a Estimates"):
        sa.leave_one_out(sa.mean(design, "age"))
    replicated = sa.Design(design.survey, weights="w").replicated("JK1")
    with pytest.raises(ChoiceError, match="replicate weights"):
        sa.leave_one_out(sa.logit(replicated, "willing ~ years", event=[5]))


@pytest.mark.parametrize("verb", ["linear", "ordered"])
def test_a_model_beside_its_other_designs_is_the_call_on_each(design, verb):
    formula = {"linear": "age ~ years + degree", "ordered": "willing ~ years + degree"}[verb]
    found = sa.sensitivity_to_design(getattr(sa, verb)(design, formula))
    drawn, weighed = {"strata": "region", "clusters": "town"}, {"weights": "w"}
    designs = {"weighted, as designed": {**drawn, **weighed}, "weighted, simple random": weighed,
               "unweighted, as designed": drawn, "unweighted, simple random": {}}  # fmt: skip
    assert list(found.models) == list(designs)
    for name, asked in designs.items():
        own = getattr(sa, verb)(sa.Design(sa.Survey.from_frame(people(), BOOK), **asked), formula).frame
        assert_allclose(found.models[name].frame[["estimate", "se", "df", "p"]], own[["estimate", "se", "df", "p"]],
                        rtol=1e-8)  # fmt: skip


def test_exposures_stay_with_their_respondents():
    counted = people().assign(made=lambda f: (f["willing"] + f["years"]).astype(int), time=lambda f: f["w"] + 1)
    drawn = sa.Design(counted, weights="w", clusters="town")
    found = sa.sensitivity_to_design(sa.poisson(drawn, "made ~ degree", exposure="time"))
    own = sa.poisson(counted, "made ~ degree", exposure="time").frame
    assert_allclose(found.models["unweighted, simple random"].frame[["estimate", "se"]], own[["estimate", "se"]])


def test_only_designs_that_differ_are_shown(design):
    weighed = sa.Design(design.survey, weights="w")
    found = sa.sensitivity_to_design(sa.logit(weighed, "willing ~ years", event=[5]), scale="effect", lang="ko")
    assert list(found.models) == ["가중, 표본설계 반영", "비가중, 표본설계 반영"]
    assert found.models["가중, 표본설계 반영"].scale == "effect"
    replicated = sa.sensitivity_to_design(sa.logit(weighed.replicated("JK1"), "willing ~ years", event=[5]))
    assert list(replicated.models) == ["weighted, as designed", "weighted, simple random", "unweighted, simple random"]
    with pytest.raises(ChoiceError, match="simple random sample with equal weights"):
        sa.sensitivity_to_design(sa.logit(sa.Design(design.survey), "willing ~ years", event=[5]))
    with pytest.raises(ChoiceError, match="errors of kind 'model'"):
        sa.sensitivity_to_design(sa.logit(design, "willing ~ years", event=[5], variance="model"))
