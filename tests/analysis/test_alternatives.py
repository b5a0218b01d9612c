"""Independence of irrelevant alternatives: against R, theory, and wrong input."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose

import surveyanalysis as sa
from surveyanalysis.analysis.alternatives import rest_of
from surveyanalysis.errors import ChoiceError, DataError, LevelError
from surveyanalysis.estimators.fit import numeric_scores
from surveyanalysis.language import say
from tests import references

LEVELS = {
    "BEPS": ("vote", ["Conservative", "Labour", "Liberal Democrat"]),
    "Womenlf": ("partic", ["not.work", "fulltime", "parttime"]),
}


def respondents(name: str) -> pd.DataFrame:
    """The data of a case, the outcome with its reference first."""
    outcome, levels = LEVELS[name]
    frame = references.data(name)
    frame[outcome] = pd.Categorical(frame[outcome].astype(str), levels)
    return frame


@pytest.mark.parametrize("name", references.cases("i."))
def test_hausman_and_mcfadden_s_statistic_is_r_s(name):
    """VGAM fits, the statistic by its definition; negative ones have no p.

    The difference of covariances is all but singular, so VGAM's seven digits leave four.
    """
    case = references.case(name)
    model = sa.multinomial(respondents(case.args["data"]), case.args["formula"], variance="model")
    row = model.alternatives(leave_out=case.args["without"]).frame.iloc[0]
    expected = case.values
    assert row["df"] == expected["df"]
    assert_allclose(row["statistic"], expected["statistic"], rtol=case.rtol)
    if expected["p"] is None:
        assert np.isnan(row["p"])
    else:
        assert_allclose(row["p"], expected["p"], rtol=case.rtol)


def test_the_joint_covariance_rests_on_the_derivatives_of_the_difference():
    """Numerical derivatives of the gap between both fits by each weight."""
    rng = np.random.default_rng(4)
    frame = people(rng, 90)
    model = sa.multinomial(sa.Design(frame, weights="w"), "job ~ age")
    rest = rest_of(model, 2)
    from surveyanalysis.analysis.alternatives import _fit

    def gap(weights):
        small = _fit(model, rest, weights)
        return type(small)(small.params - model.refit(weights).params[rest.kept], small.scores)

    weights = model.model_frame.used.row_weights
    expected = numeric_scores(gap, weights)
    scores = -model.fit.scores[:, rest.kept]
    scores[rest.inside] += _fit(model, rest, weights).scores
    assert_allclose(scores, expected, rtol=1e-4, atol=1e-7)


def people(rng, n: int) -> pd.DataFrame:
    """Answers of four kinds whose odds do not depend on the others."""
    age = rng.normal(size=n)
    eta = np.stack([np.zeros(n), 0.5 * age, 0.3 - 0.4 * age, 0.2 * age], axis=1)
    job = (eta + rng.gumbel(size=eta.shape)).argmax(axis=1)
    return pd.DataFrame(
        {
            "job": pd.Categorical.from_codes(job, list("abcd")),
            "age": age,
            "w": rng.uniform(0.5, 2, n),
            "c": np.arange(n) % 30,
        }
    )


def test_the_joint_test_keeps_its_size_under_a_design():
    """Independent draws: p below 0.2 about as often as that."""
    rng = np.random.default_rng(8)
    p = []
    for _ in range(60):
        design = sa.Design(people(rng, 240), weights="w", clusters="c")
        p.append(sa.multinomial(design, "job ~ age").alternatives(leave_out="d").frame["p"].iloc[0])
    assert 0.06 < np.mean(np.array(p) < 0.2) < 0.36


def test_the_split_is_made_again_by_its_seed_and_named():
    model = sa.multinomial(people(np.random.default_rng(5), 300), "job ~ age", variance="model")
    one, again, other = (model.alternatives("small_hsiao", seed=seed) for seed in (3, 3, 4))
    assert one.frame.equals(again.frame)
    assert not one.frame.equals(other.frame)
    notes = " ".join(say(note) for note in one.origin.notes)
    assert "seed 3" in notes
    assert "weak" in notes
    assert list(one.frame["level"]) == ["b", "c", "d"]
    assert one.frame["statistic"].ge(0).all()


def test_a_saturated_model_is_not_tested():
    frame = people(np.random.default_rng(6), 200).assign(g=lambda d: np.where(d["age"] > 0, "x", "y"))
    found = sa.multinomial(frame.astype({"g": "category"}), "job ~ g", variance="model").alternatives()
    assert found.frame["p"].isna().all()
    assert "saturated" in " ".join(say(note) for note in found.origin.notes)


def test_both_languages_have_a_table():
    model = sa.multinomial(people(np.random.default_rng(7), 200), "job ~ age")
    for lang in ("en", "ko"):
        text = str(model.alternatives().table(lang))
        assert "b" in text
        assert "Without the answer" in text or lang == "ko"


def test_wrong_input_is_named():
    frame = people(np.random.default_rng(9), 120)
    model = sa.multinomial(frame, "job ~ age")
    with pytest.raises(ChoiceError, match="'a' is the reference"):
        model.alternatives(leave_out="a")
    with pytest.raises(LevelError, match="'z'"):
        model.alternatives(leave_out="z")
    with pytest.raises(ChoiceError, match="`method` is 'wald'"):
        model.alternatives("wald")
    with pytest.raises(ChoiceError, match="`seed` is 1\\.5"):
        model.alternatives("small_hsiao", seed=1.5)
    two = sa.multinomial(frame[frame["job"].isin(["a", "b"])], "job ~ age")
    with pytest.raises(DataError, match="two answers"):
        two.alternatives()
