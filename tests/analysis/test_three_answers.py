"""Three yes/no answers as a verb: R's values, pairs and marginals, views, refusals; properties in the families."""

import pytest
from numpy.testing import assert_allclose

import surveyanalysis as sa
from surveyanalysis.errors import ChoiceError, SeparationError
from tests.references import case, data

from .families import design_of, people

INNOVATES = ["interested ~ age + abroad", "now ~ age", "moved ~ abroad"]


@pytest.fixture(scope="module")
def frame():
    return people(200)


@pytest.fixture(scope="module")
def model(frame):
    return sa.multivariate_probit(design_of(frame), INNOVATES)


def test_it_equals_r_with_mvtnorm():
    """Newton with numDeriv on the exact distribution function of mvtnorm."""
    reference = case("l.trivariate.wvs")
    frame = data("WVS").iloc[:: reference.args["every"]]
    yes = {"religion": "yes", "degree": "yes", "poverty": "Too Little"}
    frame = frame.assign(
        age=frame["age"] / 10, **{k: (frame[k].astype("str") == v).astype(int) for k, v in yes.items()}
    )
    found = sa.multivariate_probit(frame, [f"{name} ~ age" for name in yes], variance="model")
    assert_allclose(found.params, reference.series("coef"), rtol=10 * reference.rtol)
    assert_allclose(found.extra["loglik"], reference.values["logLik"], rtol=1e-9)
    assert_allclose(found.params_covariance, reference.frame("vcov"), rtol=1e-4, atol=1e-7)


def test_rows_are_told_apart(model):
    rows = model.frame
    assert rows["outcome"].unique().tolist()[:3] == ["interested", "now", "moved"]
    assert rows["term"].tolist()[-3:] == ["atanh(rho_12)", "atanh(rho_13)", "atanh(rho_23)"]
    assert "interested, moved" in str(model).replace("\n", " ")
    assert "ρ13" in str(model)
    assert "computed, not simulated" in str(model)


def test_replicates_agree_with_linearised_errors(frame):
    """Jackknife of 7 clusters; theory, to two fifths."""
    design = sa.Design(frame.assign(part=frame["cluster"] % 7), weights="w", clusters="part")
    one, other = (sa.multivariate_probit(d, INNOVATES).frame["se"] for d in (design, design.replicated("JK1")))
    assert_allclose(other, one, rtol=0.4)


def test_a_correlation_is_near_that_of_the_pair_alone(frame, model):
    pair = sa.bivariate_probit(design_of(frame), *INNOVATES[:2])
    assert_allclose(model.extra["rho_12"], pair.extra["rho"], atol=0.05)
    assert model.independence().df == 3


def test_one_answer_has_the_marginal_probability(model):
    """Sums of the eight combinations."""
    x = model.model_frame.x[:6]
    joint = model.response.expected(model.params, x)
    for view, cells in (("first", [4, 5, 6, 7]), ("second", [2, 3, 6, 7]), ("third", [1, 3, 5, 7])):
        one = model.of(view).response.expected(model.params, x)[:, 0]
        assert_allclose(one, joint[:, cells].sum(axis=1), rtol=1e-10)
    assert model.of("third").of("joint") is model
    effects = model.of("third").effects()
    assert effects.frame["outcome"].unique().tolist() == ["moved"]


def test_the_null_is_that_of_constants_with_their_correlations(frame, model):
    null = sa.multivariate_probit(
        design_of(frame).within(_answered(frame)), [f.partition("~")[0] + "~ 1" for f in INNOVATES]
    )
    assert_allclose(null.extra["loglik"], model.extra["loglik_null"], rtol=1e-9)
    assert_allclose(null.extra["mcfadden"], 0, atol=1e-9)


def _answered(frame):
    return frame["age"].notna().to_numpy()


@pytest.mark.parametrize(
    ("error", "call", "message"),
    [
        (ChoiceError, lambda f: sa.multivariate_probit(f, INNOVATES[:2]), "2 formulas.*bivariate_probit"),
        (ChoiceError, lambda f: sa.multivariate_probit(f, INNOVATES[0]), "one text"),
        (ChoiceError, lambda f: sa.multivariate_probit(f, INNOVATES, events=(None,)), "each of the 3 formulas"),
        (ChoiceError, lambda f: sa.multivariate_probit(f, [*INNOVATES[:2], INNOVATES[0]]), "Two formulas are of"),
        (ChoiceError, lambda f: sa.multivariate_probit(f, [*INNOVATES[:2], "moved ~ now"]), "outcome of one formula"),
        (ChoiceError, lambda f: sa.multivariate_probit(f, INNOVATES).of("fourth"), "'joint', 'first'"),
        (SeparationError, lambda f: sa.multivariate_probit(f.assign(s=f["now"]), [*INNOVATES[::2], "now ~ s"]), "'s'"),
    ],
)  # fmt: skip
def test_what_are_not_three_answers_is_refused(frame, error, call, message):
    with pytest.raises(error, match=message):
        call(frame)
