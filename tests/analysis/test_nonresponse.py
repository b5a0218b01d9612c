"""Checks of non-response: R svygofchisq, svymean, dmultinom, chisq.test, svyttest, svychisq; simulation."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from scipy import stats

import surveyanalysis as sa
from surveyanalysis.analysis.goodness import multinomial_test, rao_scott_fit
from surveyanalysis.errors import ChoiceError, ColumnError, DataError, LevelError
from surveyanalysis.language import say
from tests import references

from .api import api_design
from .designs import respondents

KNOWN = {1: 0.3, 2: 0.25, 3: 0.25, 4: 0.2}
FIRMS = pd.DataFrame({"size": ["small"] * 30 + ["large"] * 27})


def said(result):
    return " | ".join(say(note) for note in result.origin.notes)


# ---- against the frame ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", references.cases("p.fit."))
def test_differences_from_the_frame_and_their_test_are_r_s(name):
    """R survey svymean, and the Rao-Scott formula on its vcov."""
    case, values = references.case(name), references.case(name).values
    found = sa.against_frame(api_design(case), "now", KNOWN)
    assert_allclose(found.frame["estimate"], values["estimate"], rtol=case.rtol, atol=1e-12)
    assert_allclose(found.frame["se"], values["se"], rtol=case.rtol)
    test, first = found.test(), found.test("rao_scott_chisq")
    assert "Rao-Scott F" in say(test.name)
    assert_allclose([test.extra["x2"], test.statistic, test.df, test.p], [values[key] for key in ("x2", "f", "d", "p")],
                    rtol=case.rtol)  # fmt: skip
    assert_allclose([first.statistic, first.df, first.p], [values["x2"], 3, values["first_p"]], rtol=case.rtol)


def test_the_chi_square_of_the_second_order_is_svygofchisq_s():
    """R survey svygofchisq, where the population size has no variance of its own: statistic / scale on its df."""
    case, values = references.case("p.fit.strat"), references.case("p.fit.strat").values
    test = sa.against_frame(api_design(case), "now", KNOWN).test()
    assert_allclose([test.statistic * test.df, test.df], [values["r_ratio"], values["r_df"]], rtol=case.rtol)
    assert_allclose(stats.chi2.sf(test.statistic * test.df, test.df), values["r_p"], rtol=case.rtol)


def test_the_rao_scott_test_of_clusters_keeps_its_level():
    """600 samples of 40 clusters of 5 from the frame itself: 5 % are rejected (error .9 %), Pearson's are many."""
    rng, known = np.random.default_rng(8), np.array([0.5, 0.3, 0.2])
    rejected = np.zeros(2)
    for _ in range(600):
        shares = rng.dirichlet(6 * known, size=40)
        counts = np.array([rng.multinomial(5, share) for share in shares])
        share = counts.sum(axis=0) / 200
        scores = (counts - 5 * share) / 200
        covariance = 40 / 39 * scores.T @ scores
        fit = rao_scott_fit(share, known, covariance, 200, 39.0)
        rejected += [fit.p < 0.05, stats.chi2.sf(fit.x2, 2) < 0.05]
    assert rejected[0] / 600 == pytest.approx(0.05, abs=0.027)
    assert rejected[1] / 600 > 0.1


def test_pearson_of_a_simple_random_sample_is_scipy_s():
    found = sa.against_frame(FIRMS, "size", {"small": 800, "large": 400})
    test, expected = found.test(), stats.chisquare([30, 27], [38, 19])
    assert "Pearson" in say(test.name)
    assert_allclose([test.statistic, test.p], [expected.statistic, expected.pvalue], rtol=1e-10)
    assert_allclose(test.effect, np.sqrt(expected.statistic / 57), rtol=1e-12)
    assert_allclose(test.extra["dissimilarity"], 800 / 1200 - 30 / 57, rtol=1e-12)


@pytest.mark.parametrize("name", references.cases("p.multinomial."))
def test_the_exact_test_is_r_s(name):
    """R dmultinom over all samples; chisq.test(p = )."""
    case = references.case(name)
    counts, known = np.array(case.args["counts"]), np.array(case.args["p"])
    assert_allclose(multinomial_test(counts, known).p, case.values["p"], rtol=1e-9)
    frame = pd.DataFrame({"q": np.repeat(np.arange(len(counts)), counts)})
    kind = pd.CategoricalDtype(range(len(counts)))
    found = sa.against_frame(frame.astype(kind), "q", dict(enumerate(known)))
    assert_allclose(found.test("pearson").statistic, case.values["x2"], rtol=1e-9)
    assert_allclose(found.test("pearson").p, case.values["chi_p"], rtol=1e-9)
    assert_allclose(found.test("exact").p, case.values["p"], rtol=1e-9)
    assert ("exact because" in said(found.test())) == (counts.sum() * known.min() < 5)


def test_two_answers_are_the_binomial_test():
    for yes in (0, 3, 8, 20):
        expected = stats.binomtest(yes, 20, 0.3).pvalue
        assert_allclose(multinomial_test(np.array([yes, 20 - yes]), np.array([0.3, 0.7])).p, expected, rtol=1e-9)


def test_monte_carlo_is_near_the_exact_test_and_repeats_itself():
    counts, known = np.array([7, 1, 2, 2]), np.array([0.25, 0.25, 0.3, 0.2])
    exact, drawn = multinomial_test(counts, known), multinomial_test(counts, known, seed=3, states=10)
    assert exact.draws == 0
    assert drawn.p == pytest.approx(exact.p, abs=5 * drawn.se)
    assert multinomial_test(counts, known, seed=3, states=10).p == drawn.p
    assert multinomial_test(counts, known, seed=4, states=10).p != drawn.p


def test_monte_carlo_is_named_with_its_seed_and_error():
    kind = pd.CategoricalDtype(range(9))
    frame = pd.DataFrame({"q": pd.Series([0] * 40 + [1, 2, 3, 4, 5, 6, 7, 8]).astype(kind)})
    test = sa.against_frame(frame, "q", dict.fromkeys(range(9), 100)).test("exact", seed=5)
    assert "Monte Carlo (100,000 samples, seed 5" in say(test.name)
    assert "몬테카를로" in say(test.name, "ko")


def test_counts_shares_and_percent_are_the_same_frame():
    frames = ({"small": 800, "large": 400}, {"small": 2 / 3, "large": 1 / 3}, {"small": 66.67, "large": 33.33},
              pd.Series({"large": 400, "small": 800}))  # fmt: skip
    estimates = [sa.against_frame(FIRMS, "size", frame).frame["estimate"].tolist() for frame in frames]
    assert_allclose(estimates, [estimates[0]] * 4, atol=1e-4)
    assert_allclose(estimates[0], [30 / 57 - 2 / 3, 27 / 57 - 1 / 3], rtol=1e-12)
    assert "sampling frame of 1,200" in said(sa.against_frame(FIRMS, "size", frames[0]))
    assert "given as shares" in said(sa.against_frame(FIRMS, "size", frames[2]))


def test_weights_move_the_weighted_shares_only():
    frame = FIRMS.assign(w=np.where(FIRMS["size"] == "small", 800 / 30, 400 / 27))
    found = sa.against_frame(sa.Design(frame, weights="w"), "size", {"small": 800, "large": 400})
    shares = found.detail["distribution"]
    assert_allclose(shares["unweighted"], [30 / 57, 27 / 57])
    assert_allclose(shares["weighted"], shares["known"])
    assert_allclose(found.frame["estimate"], 0, atol=1e-15)


def test_the_interval_is_the_share_s_moved_by_the_frame_s():
    found = sa.against_frame(FIRMS, "size", {"small": 800, "large": 400}).frame
    share = sa.proportion(FIRMS, "size").frame
    for end in ("ci_low", "ci_high"):
        assert_allclose(found[end], share[end] - [2 / 3, 1 / 3], rtol=1e-12)


def test_answers_that_neither_frame_nor_respondents_have_are_left_out():
    found = sa.against_frame(respondents(), "g", {"firm": 1, "lab": 1, "office": 1, "none": 0})
    assert found.frame["level"].tolist() == ["firm", "lab", "office"]
    assert found.frame["estimate"].sum() == pytest.approx(0, abs=1e-14)


def test_nobody_of_a_group_responded():
    found = sa.against_frame(respondents(), "g", {"firm": 1, "lab": 1, "office": 1, "none": 1})
    none = found.frame.set_index("level").loc["none"]
    assert (none["estimate"], none["count"]) == (-0.25, 0)
    assert none["ci_low"] == -0.25 < none["ci_high"]


@pytest.mark.parametrize("lang", ["en", "ko"])
@pytest.mark.parametrize("weights", [None, "w"])
def test_the_frame_check_has_a_table(lang, weights):
    found = sa.against_frame(sa.Design(respondents(), weights=weights), "g", {"firm": 1, "lab": 1, "office": 1})
    table = found.table(lang)
    assert len(table.columns) == (7 if weights else 6) - 1
    assert [row.stub for row in table.rows[:3]] == ["firm", "lab", "office"]


WRONG_FRAMES = {
    "an answer that is none": ({"small": 800, "big": 400}, LevelError, "no answer 'big'"),
    "an answer is lacking": ({"small": 800}, DataError, "'large' (27 respondents)"),
    "nobody, but respondents": ({"small": 800, "large": 0}, DataError, "outside the sampling frame"),
    "a share below zero": ({"small": 1.2, "large": -0.2}, DataError, "holds -0.2 for 'large'"),
    "a missing number": ({"small": 800, "large": None}, DataError, "holds None"),
    "shares of half the frame": ({"small": 0.3, "large": 0.2}, DataError, "sum to 0.5"),
    "percent of most": ({"small": 40.5, "large": 50.1}, DataError, "neither whole numbers of people"),
    "a list": ([800, 400], DataError, "a list"),
}


@pytest.mark.parametrize("wrong", WRONG_FRAMES)
def test_a_wrong_frame_is_named(wrong):
    frame, error, words = WRONG_FRAMES[wrong]
    with pytest.raises(error) as caught:
        sa.against_frame(FIRMS, "size", frame)
    assert words in str(caught.value)


def test_a_wrong_method_of_fit_lists_the_methods():
    with pytest.raises(ChoiceError, match="rao_scott_chisq"):
        sa.against_frame(FIRMS, "size", {"small": 1, "large": 1}).test("gof")


# ---- early against late ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", references.cases("p.late."))
def test_early_against_late_is_r_s(name):
    """R survey svyttest of a mean and a share, svychisq of answers; p as they are."""
    case, values = references.case(name), references.case(name).values
    found = sa.early_late(api_design(case), ["api00", "big", "now"], order="snum", correction="none")
    rows = found.frame.set_index("outcome")
    mean = rows.loc["api00", ["estimate", "statistic", "df", "p"]].astype(float)
    assert_allclose(mean, [values[key] for key in ("mean", "mean_t", "mean_df", "mean_p")], rtol=1e-7)
    share = rows.loc["big", ["estimate", "ci_low", "ci_high", "p"]].astype(float)
    assert_allclose(share, [values[key] for key in ("share", "share_low", "share_high", "share_p")], rtol=1e-7)
    assert_allclose(rows.loc["now", "p"], values["now_p"], rtol=1e-7)
    assert rows["component"].tolist() == ["mean_difference", "share_difference", "cramers_v"]


def test_replicates_are_r_s():
    """R survey as.svrepdesign(type = "JK1"): svymean, svyttest."""
    case, values = references.case("p.replicates.JK1"), references.case("p.replicates.JK1").values
    design = api_design(case).replicated("JK1")
    assert_allclose(sa.against_frame(design, "now", KNOWN).frame["se"], values["share_se"], rtol=case.rtol)
    row = sa.early_late(design, "api00", order="snum").frame.iloc[0]
    found = [row["estimate"], row["statistic"], row["p"]]
    assert_allclose(found, [values[key] for key in ("mean", "mean_t", "mean_p")], rtol=1e-6)


def test_p_values_are_corrected_and_the_others_kept():
    found = sa.early_late(respondents(), ["y", "yes", "g", "r"], order="z")
    assert_allclose(found.frame["p"], sa.adjust_p(found.detail["p"]))
    assert "p-values corrected for 4 tests: Holm" in said(found)
    plain = sa.early_late(respondents(), ["y", "yes", "g", "r"], order="z", correction="none")
    assert_allclose(plain.frame["p"], found.detail["p"])


def test_answers_get_the_test_of_the_crosstab():
    frame = respondents()
    found = sa.early_late(frame, ["g", "yes"], order="z", correction="none")
    half = pd.Series(np.where(frame["z"] <= frame["z"].median(), "early", "late")).mask(frame["z"].isna())
    for row, name in zip(found.frame.itertuples(), ("g", "yes")):
        test = sa.crosstab(frame.assign(half=half), name, by="half").test()
        assert_allclose([row.statistic, row.p, row.n], [test.statistic, test.p, test.n], rtol=1e-10)
    assert found.frame["estimate"].iloc[0] == pytest.approx(
        sa.crosstab(frame.assign(half=half), "g", by="half").test().effect
    )


def test_differences_have_a_joint_covariance():
    """The same as two means by group, and their contrasts."""
    frame = respondents()
    found = sa.early_late(sa.Design(frame, weights="w", clusters="c"), ["y", "yes"], order="z")
    late = (frame["z"] > frame["z"].median()).astype(float).mask(frame["z"].isna())
    means = sa.mean(sa.Design(frame.assign(late=late), weights="w", clusters="c"), ["y", "yes"], by="late")
    contrast = np.kron(np.eye(2), [-1, 1])
    assert_allclose(found.frame["estimate"], contrast @ means.frame["estimate"], rtol=1e-10)
    assert_allclose(found.covariance, contrast @ means.covariance @ contrast.T, rtol=1e-10)
    groups = found.detail["groups"]
    assert_allclose(groups["late"] - groups["early"], found.frame["estimate"].to_numpy())
    assert_allclose(groups["n_early"] + groups["n_late"], found.frame["n"].to_numpy())


DAYS = pd.DataFrame(
    {
        "day": pd.to_datetime([f"2010-07-{at}:00" for at in ("01 09", "02 10", "02 23", "03 00", "05 00")] * 4),
        "wave": pd.Categorical(["first", "first", "first", "second", "third"] * 4, ordered=True),
        "nr": range(20),
        "age": np.arange(20) % 7 + 30.0,
    }
)  # fmt: skip


@pytest.mark.parametrize(
    ("order", "cut", "early", "last"),
    [
        ("nr", 0.5, 10, "9"),
        ("nr", 0.25, 5, "4"),
        ("nr", 3, 4, "3"),
        ("day", "2010-07-02", 12, "2010-07-02 23:00"),
        ("day", pd.Timestamp("2010-07-02 12:00"), 8, "2010-07-02 10:00"),
        ("day", 0.75, 16, "2010-07-03"),
        ("wave", 0.5, 12, "first"),
        ("wave", "second", 16, "second"),
    ],
)
def test_the_cut_is_a_share_or_the_last_early_value(order, cut, early, last):
    found = sa.early_late(DAYS, "age", order=order, cut=cut)
    assert found.detail["groups"]["n_early"].item() == early
    assert f"early: {early} respondents up to {last}; late: {20 - early}" in said(found)


def test_days_of_a_time_zone_are_cut_by_its_clock():
    frame = DAYS.assign(day=DAYS["day"].dt.tz_localize("Asia/Seoul"))
    for cut in ("2010-07-02", pd.Timestamp("2010-07-02 14:00", tz="UTC")):
        assert sa.early_late(frame, "age", order="day", cut=cut).detail["groups"]["n_early"].item() == 12


def test_one_question_has_nothing_to_correct():
    assert "corrected" not in said(sa.early_late(DAYS, "age", order="nr"))


def test_equal_values_stay_together():
    frame = pd.DataFrame({"wave": [1] * 4 + [2] * 16, "age": np.arange(20) % 6.0})
    assert sa.early_late(frame, "age", order="wave").detail["groups"]["n_early"].item() == 4


def test_late_respondents_are_no_proof():
    found = sa.early_late(DAYS, "age", order="nr")
    assert "no proof" in said(found)
    assert all(set(note) >= {"en", "ko"} for note in found.origin.notes)


def test_a_question_without_answers_in_one_group_has_no_test():
    frame = DAYS.assign(new=np.where(DAYS["nr"] < 10, np.nan, DAYS["age"]))
    found = sa.early_late(frame, ["age", "new"], order="nr")
    assert found.frame["p"].isna().tolist() == [False, True]
    assert_allclose(found.frame["p"].iloc[0], found.detail["p"].iloc[0])
    assert "no test for 1 question(s)" in said(found)
    assert "nan" not in found.table().to_text().lower()


@pytest.mark.parametrize("lang", ["en", "ko"])
def test_early_and_late_have_a_table(lang):
    found = sa.early_late(respondents(), ["y", "yes", "g"], order="z")
    table = found.table(lang)
    assert len(table.columns) == 9
    assert [len(row.cells) for row in table.rows] == [9] * 3
    assert table.columns[0].spanner == {"en": "Early", "ko": "초기"}[lang]
    assert table.title == {"en": "Late respondents against early ones", "ko": "후기 응답자와 초기 응답자의 비교"}[lang]


WRONG_ORDERS = {
    "an order without order": ({"order": "colour"}, ChoiceError, "without order"),
    "no such question": ({"order": "dya"}, ColumnError, "Nearest: 'day'"),
    "the order as a question": ({"order": "age"}, ChoiceError, "also among the questions"),
    "all at once": ({"order": "once"}, DataError, "nobody is earlier"),
    "everybody early": ({"order": "nr", "cut": 99}, DataError, "all 20 respondents are early"),
    "everybody late": ({"order": "nr", "cut": -1}, DataError, "all 20 respondents are late"),
    "a date for numbers": ({"order": "nr", "cut": "2010-07-02"}, ChoiceError, "holds numbers"),
    "a number for dates": ({"order": "day", "cut": 3}, ChoiceError, "holds dates"),
    "no date": ({"order": "day", "cut": "soon"}, ChoiceError, "holds dates"),
    "no wave": ({"order": "wave", "cut": "fourth"}, LevelError, "no answer 'fourth'"),
    "a wrong correction": ({"order": "nr", "correction": "fdr"}, ChoiceError, "benjamini_hochberg"),
}


@pytest.mark.parametrize("wrong", WRONG_ORDERS)
def test_a_wrong_order_is_named(wrong):
    asked, error, words = WRONG_ORDERS[wrong]
    frame = DAYS.assign(colour=["red", "blue"] * 10, once=1)
    with pytest.raises(error) as caught:
        sa.early_late(frame, "age", **asked)
    assert words in str(caught.value)


# ---- volunteers -----------------------------------------------------------------------------------------------------


def test_volunteers_are_told_what_an_interval_means():
    note = sa.volunteer_note()
    assert set(note) == {"en", "ko"}
    assert "no margin of error for a population" in note["en"]
    assert "표본오차가 아님" in note["ko"]
    design = sa.Design(respondents(), volunteer=True)
    for result in (sa.proportion(design, "q"), sa.kappa(design, "q", "r"), sa.margin_of_error(design, question="q")):
        assert note in result.origin.notes
