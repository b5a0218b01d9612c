"""Square tables and trends: R mcnemar.test, prop.trend.test, svymean, svyglm, svykappa; Stuart, Fleiss, Agresti."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from scipy import stats
from statsmodels.stats.contingency_tables import SquareTable
from statsmodels.stats.inter_rater import cohens_kappa

import surveyanalysis as sa
from surveyanalysis.analysis.square_tables import bowker, marginal_wald, stuart_maxwell
from surveyanalysis.analysis.squares import read_square
from surveyanalysis.errors import ChoiceError, DataError, LevelError
from surveyanalysis.language import say
from tests import references

from .api import api_design
from .designs import ASKED, design_of, respondents


def answers(counts, ordered=True):
    """Respondents of a square table: rows are the first question's answers."""
    counts = np.asarray(counts)
    rows, columns = (np.repeat(index.ravel(), counts.ravel()) for index in np.indices(counts.shape))
    kind = pd.CategoricalDtype(range(1, len(counts) + 1), ordered=ordered)
    return pd.DataFrame({"first": pd.Series(rows + 1).astype(kind), "second": pd.Series(columns + 1).astype(kind)})


def grouped(case):
    """Respondents of groups with so many who say yes."""
    args = case.args
    parts = [
        pd.DataFrame({"yes": [True] * yes + [False] * (n - yes), "group": score})
        for yes, n, score in zip(args["yes"], args["n"], args["score"])
    ]
    return pd.concat(parts, ignore_index=True)


def said(result):
    return " | ".join(say(note) for note in result.origin.notes)


# ---- symmetry and equal margins --------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", references.cases("p.square."))
def test_bowker_and_stuart_are_r_s(name):
    """R mcnemar.test on the whole table; Stuart's formula in R."""
    case = references.case(name)
    frame = answers(case.args["counts"])
    one, two = (sa.paired(frame, "first", "second", method=method) for method in ("bowker", "stuart_maxwell"))
    assert_allclose(
        [one.statistic, one.df, one.p], [case.values[f"bowker{end}"] for end in ("", "_df", "_p")], rtol=1e-9
    )
    assert_allclose([two.statistic, two.p], [case.values["stuart"], case.values["stuart_p"]], rtol=1e-9)
    assert one.n == two.n == np.sum(case.args["counts"])


def test_the_vision_of_7477_women():
    """Stuart (1955): X2 = 11.96, df 3; Bowker's 19.11, df 6; Bhapkar (1966): 11.98, n / (n - 1) times Wald's."""
    counts = np.array(references.case("p.square.vision").args["counts"])
    stuart, symmetry = stuart_maxwell(counts), bowker(counts)
    assert (round(stuart.statistic, 2), stuart.df, round(stuart.p, 4)) == (11.96, 3, 0.0075)
    assert (round(symmetry.statistic, 2), symmetry.df, round(symmetry.p, 3)) == (19.11, 6, 0.004)
    frame = answers(counts)
    square, design = read_square(sa.Survey.from_frame(frame), "first", "second"), sa.Design(frame)
    found = marginal_wald(square.cells(design))
    wald = found.statistic * found.df * design.df / found.df_denominator
    assert round(wald * 7477 / 7476, 2) == 11.98
    assert_allclose(wald * 7477 / 7476, references.case("p.square.vision").values["bhapkar"], rtol=1e-9)


def test_statsmodels_agrees():
    counts = np.array(references.case("p.square.three").args["counts"])
    theirs = SquareTable(counts, shift_zeros=False)
    assert_allclose(bowker(counts).statistic, theirs.symmetry().statistic, rtol=1e-12)
    assert_allclose(stuart_maxwell(counts).statistic, theirs.homogeneity().statistic, rtol=1e-12)


def test_two_answers_are_mcnemar_s():
    frame = answers([[30, 12], [4, 25]])
    tests = [sa.paired(frame, "first", "second", method=method) for method in ("mcnemar", "bowker", "stuart_maxwell")]
    assert_allclose([test.statistic for test in tests], 4.0, rtol=1e-12)
    assert_allclose([test.p for test in tests], stats.chi2.sf(4, 1), rtol=1e-10)


def test_pairs_of_cells_with_nobody_are_no_degrees_of_freedom():
    """R divides 0 by 0 there and has no p-value."""
    found = bowker(np.array([[10, 5, 0], [2, 8, 6], [0, 1, 9]]))
    assert (found.df, found.statistic) == (2, pytest.approx(9 / 7 + 25 / 7))


def test_answers_without_change_between_them_are_no_degrees_of_freedom():
    """Uebersax's MH program, example with zeros: 0.667 on 1 df (nonconservative), p = .414."""
    found = stuart_maxwell(np.array([[30, 0, 0], [0, 10, 2], [0, 4, 8]]))
    assert (round(found.statistic, 3), found.df, round(found.p, 3)) == (0.667, 1, 0.414)
    islands = stuart_maxwell(np.array([[5, 3, 0, 0], [1, 5, 0, 0], [0, 0, 5, 7], [0, 0, 2, 5]]))
    assert_allclose([islands.statistic, islands.df], [(3 - 1) ** 2 / 4 + (7 - 2) ** 2 / 9, 2], rtol=1e-12)


@pytest.mark.parametrize("name", references.cases("p.margins."))
def test_the_wald_test_of_equal_margins_is_r_s(name):
    """R survey svymean of the cells and its vcov."""
    case = references.case(name)
    found = sa.paired(api_design(case), "now", "before", method="wald")
    values = [found.statistic, found.df, found.df_denominator, found.p]
    assert_allclose(values, [case.values[key] for key in ("statistic", "df", "below", "p")], rtol=case.rtol)


def test_the_wald_test_does_not_depend_on_the_answer_left_out():
    design = sa.Design(respondents(), weights="w", clusters="c")
    square = read_square(design.survey, "q", "r")
    cells = square.cells(design.within(square.known))
    turned = np.array([3, 0, 4, 1, 2])
    at = (turned[:, None] * 5 + turned).ravel()
    other = replace(
        cells,
        counts=cells.counts[np.ix_(turned, turned)],
        weighted=cells.weighted[np.ix_(turned, turned)],
        covariance=cells.covariance[np.ix_(at, at)],
        share_covariance=cells.share_covariance[np.ix_(at, at)],
    )
    assert_allclose(marginal_wald(other).statistic, marginal_wald(cells).statistic, rtol=1e-9)


@pytest.mark.parametrize("method", ["bowker", "stuart_maxwell", "wald"])
def test_nobody_changed(method):
    test = sa.paired(answers(np.diag([5, 6, 7])), "first", "second", method=method)
    assert (test.statistic, test.p, test.effect) == (0, 1, 0)
    assert "nobody answered the two differently" in said(test)


def test_few_clusters_leave_no_test_of_five_margins():
    design = sa.Design(respondents().assign(c=np.arange(240) // 80), clusters="c")
    test = sa.paired(design, "q", "r", method="wald")
    assert np.isnan(test.p)
    assert "too few degrees of freedom" in said(test)


def test_the_effect_is_the_share_who_answered_differently():
    frame = respondents()
    test = sa.paired(sa.Design(frame, weights="w"), "q", "r", method="bowker")
    moved = (frame["q"].astype(float) != frame["r"].astype(float)).astype(float).where(frame["q"].notna())
    row = sa.mean(sa.Design(frame.assign(moved=moved), weights="w"), "moved").frame.iloc[0]
    assert_allclose([test.effect, *test.effect_ci], row[["estimate", "ci_low", "ci_high"]].astype(float), rtol=1e-10)
    assert sum(test.extra.values()) == test.n
    assert "ignores weights" in said(test)


def test_answers_without_order_are_compared():
    colours = pd.DataFrame({"one": list("rrggbbbbrr"), "two": list("grgbbbrrrb")})
    test = sa.paired(colours, "one", "two", method="stuart_maxwell")
    assert test.df == 2
    assert "chi-square approximation is poor" in said(test)
    with pytest.raises(ChoiceError, match="stuart_maxwell"):
        sa.paired(colours.astype(pd.CategoricalDtype(list("rgb"))), "one", "two")


def test_questions_that_are_no_square_table_are_named():
    frame = respondents().assign(animal=["cat", "dog", "cow"] * 80)
    with pytest.raises(LevelError, match="no square table"):
        sa.paired(frame, "animal", "g", method="bowker")
    with pytest.raises(ChoiceError, match="leave out `yes`"):
        sa.paired(frame, "q", "r", yes=[4, 5], method="bowker")


# ---- agreement -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "pair"), [("a.kappa.clus1", ("comp.imp", "sch.wide")), ("a.kappa.strat", ("sch.wide", "both"))]
)
def test_kappa_is_svykappa_s(name, pair):
    """R survey svykappa."""
    case = references.case(name)
    row = sa.kappa(design_of(case), *pair).frame.iloc[0]
    assert_allclose([row["estimate"], row["se"]], [case.values["kappa"], case.values["se"]], rtol=case.rtol)


@pytest.mark.parametrize("name", references.cases("p.kappa."))
def test_weighted_kappas_are_r_s(name):
    """R survey svykappa, and the same linearisation with agreement weights in R."""
    case = references.case(name)
    design, found = api_design(case), {}
    for weights in ("unweighted", "linear", "quadratic"):
        row = sa.kappa(design, "now", "before", weights=weights).frame.iloc[0]
        found |= {weights: row["estimate"], f"{weights}_se": row["se"], "df": row["df"]}
        half = stats.t.ppf(0.975, row["df"]) * row["se"]
        assert_allclose([row["ci_low"], row["ci_high"]], [row["estimate"] - half, row["estimate"] + half], rtol=1e-10)
    expected = {"unweighted": case.values["kappa"], "unweighted_se": case.values["se"], **case.values}
    assert_allclose(list(found.values()), [expected[key] for key in found], rtol=case.rtol)


def test_kappa_of_two_raters_is_fleiss_s():
    """Fleiss, Levin and Paik (2003), table 18.1: kappa .68; ours is sqrt(n / (n - 1)) times the large-sample error."""
    counts = [[75, 1, 4], [5, 4, 1], [0, 0, 10]]
    assert round(sa.kappa(answers(counts), "first", "second").frame["estimate"].iloc[0], 2) == 0.68
    for weights, theirs in (("unweighted", None), ("linear", "linear"), ("quadratic", "quadratic")):
        row = sa.kappa(answers(counts), "first", "second", weights=weights).frame.iloc[0]
        expected = cohens_kappa(np.array(counts), wt=theirs)
        assert_allclose(row["estimate"], expected.kappa, rtol=1e-10)
        assert_allclose(row["se"], expected.std_kappa * np.sqrt(100 / 99), rtol=1e-9)


def test_perfect_and_chance_agreement():
    perfect = sa.kappa(answers(np.diag([10, 20])), "first", "second").frame.set_index("component")["estimate"]
    assert (perfect["kappa"], perfect["observed"]) == (1, 1)
    chance = sa.kappa(answers([[4, 8], [8, 16]]), "first", "second").frame.set_index("component")["estimate"]
    assert chance["kappa"] == pytest.approx(0, abs=1e-15)
    assert chance["observed"] == pytest.approx(chance["expected"])


def test_prevalence_is_told():
    """Feinstein and Cicchetti (1990): 85 % agreement both times, kappa .70 and .32."""
    balanced, lopsided = (
        sa.kappa(answers(counts), "first", "second") for counts in ([[40, 9], [6, 45]], [[80, 10], [5, 5]])
    )
    assert [round(found.frame["estimate"].iloc[0], 2) for found in (balanced, lopsided)] == [0.7, 0.32]
    assert [found.extra["pabak"] for found in (balanced, lopsided)] == [pytest.approx(0.7)] * 2
    rare = sa.kappa(answers([[95, 2], [1, 2]]), "first", "second")
    assert "prevalence" in said(rare)
    assert "prevalence" not in said(balanced)


def test_a_coder_who_never_used_an_answer():
    codes = pd.DataFrame({"one": list("abcabcaa"), "two": list("babaabaa")})
    found = sa.kappa(codes, "one", "two")
    table = pd.crosstab(codes["one"], codes["two"]).reindex(columns=list("abc"), fill_value=0)
    assert_allclose(found.frame["estimate"].iloc[0], cohens_kappa(table.to_numpy()).kappa, rtol=1e-12)


def test_what_has_no_kappa_is_named():
    with pytest.raises(DataError, match="kappa does not exist"):
        sa.kappa(answers([[12, 0], [0, 0]]), "first", "second")
    with pytest.raises(ChoiceError, match="no order"):
        sa.kappa(answers([[3, 1, 1], [1, 3, 1], [1, 1, 3]], ordered=False), "first", "second", weights="linear")
    with pytest.raises(ChoiceError, match="quadratic"):
        sa.kappa(answers([[3, 1], [1, 3]]), "first", "second", weights="squared")
    with pytest.raises(LevelError, match="no square table"):
        sa.kappa(respondents(), "q", "g")


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_kappa_has_a_table(lang):
    table = sa.kappa(respondents(), "q", "r", weights="linear").table(lang)
    assert len(table.columns) == 3
    assert table.rows[0].stub == {"en": "Kappa", "ko": "카파"}[lang]
    assert table.title == "q · r"


# ---- trends ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["p.trend.smokers", "p.trend.alcohol"])
def test_cochran_armitage_is_r_s(name):
    """R prop.trend.test."""
    case = references.case(name)
    test = sa.trend(grouped(case), "yes", by="group")
    assert "Cochran-Armitage" in say(test.name)
    assert_allclose([test.statistic, test.p, test.df], [case.values["statistic"], case.values["p"], 1], rtol=1e-9)


def test_agresti_s_alcohol_and_malformation():
    """Agresti (2007, section 2.5): M2 = 6.57, r = .0142."""
    test = sa.trend(grouped(references.case("p.trend.alcohol")), "yes", by="group", method="linear_by_linear")
    assert round(test.statistic, 2) == 6.57
    assert round(test.extra["correlation"], 4) == 0.0142


def test_linear_by_linear_is_r_s():
    """R (n - 1) cor^2, lm."""
    case = references.case("p.trend.linear")
    test = sa.trend(answers(case.args["counts"]), "first", by="second")
    assert "linear-by-linear" in say(test.name)
    found = [test.statistic, test.p, test.extra["correlation"], test.effect]
    assert_allclose(found, [case.values[key] for key in ("statistic", "p", "correlation", "slope")], rtol=1e-9)


@pytest.mark.parametrize("name", references.cases("p.slope."))
def test_the_design_based_slope_is_svyglm_s(name):
    """R survey svyglm(score ~ group): slope, t, df, p, interval."""
    case, values = references.case(name), references.case(name).values
    design = api_design(case)
    test = sa.trend(design, "now", by="poor")
    found = [test.effect, test.statistic, test.df, *test.effect_ci]
    assert_allclose(found, [values[key] for key in ("slope", "t", "df", "low", "high")], rtol=case.rtol)
    assert_allclose(test.p, values["p"], rtol=1e-6)
    binary = sa.trend(design, "met", by="poor")
    assert_allclose([binary.effect, binary.statistic, binary.p],
                    [values[key] for key in ("binary", "binary_t", "binary_p")], rtol=1e-6)  # fmt: skip


def test_replicates_are_r_s():
    """R survey as.svrepdesign(type = "JK1"): svyglm, and kappa of every replicate (svykappa is not computed again)."""
    case, values = references.case("p.replicates.JK1"), references.case("p.replicates.JK1").values
    design = api_design(case).replicated("JK1")
    test = sa.trend(design, "now", by="poor")
    assert_allclose([test.effect, test.statistic], [values["slope"], values["t"]], rtol=case.rtol)
    assert_allclose(test.p, values["p"], rtol=1e-5)
    row = sa.kappa(design, "now", "before").frame.iloc[0]
    assert_allclose([row["estimate"], row["se"]], [values["kappa"], values["se"]], rtol=case.rtol)


def test_a_level_of_any_question_has_a_trend():
    frame = respondents()
    test = sa.trend(frame, "g", by="q", level=["firm", "lab"])
    flag = frame["g"].isin(["firm", "lab"]).astype("boolean").mask(frame["g"].isna())
    assert_allclose(test.statistic, sa.trend(frame.assign(flag=flag), "flag", by="q").statistic, rtol=1e-12)
    assert "share of: firm, lab" in said(test)


@pytest.mark.parametrize("asked", [name for name in ASKED if name != "simple"])
def test_auto_takes_the_slope_for_every_other_design(asked):
    test = sa.trend(sa.Design(respondents(), **ASKED[asked]), "r", by="q")
    assert "slope" in say(test.name)
    assert 0 <= test.p <= 1


def test_groups_and_answers_without_order_are_named():
    frame = respondents().assign(colour=["red", "blue", "green"] * 80)
    with pytest.raises(ChoiceError, match="no order, so there is no trend"):
        sa.trend(frame, "yes", by="colour")
    with pytest.raises(ChoiceError, match="Say whose share"):
        sa.trend(frame, "colour", by="q")
    with pytest.raises(ChoiceError, match="needs two answers"):
        sa.trend(frame, "r", by="q", method="cochran_armitage")
    with pytest.raises(ChoiceError, match="linear_by_linear"):
        sa.trend(frame, "r", by="q", method="jonckheere")
    with pytest.raises(LevelError, match="no answer 'cyan'"):
        sa.trend(frame, "colour", by="q", level="cyan")
    with pytest.raises(DataError, match="Only one group"):
        sa.trend(frame.assign(q=3), "yes", by="q")


def test_everybody_the_same_has_no_trend():
    frame = respondents().assign(yes=True)
    for asked in ("simple", "clustered"):
        test = sa.trend(sa.Design(frame, **ASKED[asked]), "yes", by="q")
        assert (test.statistic, test.p) == (0, 1)
