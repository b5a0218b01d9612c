"""Accuracy for respondents not seen: against loops with scikit-learn's metrics; folds, failures, refusals."""

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score, brier_score_loss, roc_auc_score

import surveyanalysis as sa
from surveyanalysis.analysis.folds import fold_of
from surveyanalysis.errors import ChoiceError, DataError, DesignError
from surveyanalysis.estimators.performance import MEASURES

from .families import design_of, people

FORMULA = "interested ~ age + employer + abroad"
SOLVER = 1e-4  # lbfgs of scikit-learn stops early


def model_of(n=200, design=design_of, formula=FORMULA, **more):
    return sa.logit(design(people(n)), formula, **more)


def fitted(x, y, w):
    """Coefficients of an unpenalised logit by scikit-learn, on columns of mean 0 and spread 1."""
    centre, scale = x.mean(axis=0), x.std(axis=0)
    plain = LogisticRegression(C=np.inf, tol=1e-10, max_iter=5000).fit((x - centre) / scale, y, sample_weight=w)
    return lambda at: plain.predict_proba((at - centre) / scale)[:, 1]


def judged(p, y, w):
    """The measures by scikit-learn."""
    there = w > 0
    p, y, w = p[there], y[there], w[there]
    logit = np.log(p / (1 - p))[:, None]
    line = LogisticRegression(C=np.inf, tol=1e-10, max_iter=5000).fit(logit, y, sample_weight=w)
    return [
        roc_auc_score(y, p, sample_weight=w),
        brier_score_loss(y, p, sample_weight=w),
        line.intercept_[0],
        line.coef_[0, 0],
        accuracy_score(y, p >= 0.5, sample_weight=w),
    ]


def parts(model):
    """Covariates without the intercept, event, weights and rows of the respondents used."""
    used = model.model_frame.used
    return model.model_frame.x[:, 1:], model.outcome.y, used.row_weights, used


def test_cross_validation_is_a_loop_with_scikit_learn():
    model = model_of()
    x, y, w, used = parts(model)
    stage = used.sample.first
    units = stage.owners(used.rows)
    found = sa.validated(model, folds=5, repeats=3, draws=20, seed=9)
    expected = []
    for repeat in range(3):
        fold = fold_of(units, stage.stratum[units], y, 5, np.random.default_rng([9, repeat]))
        p = np.empty(len(y))
        for one in range(5):
            out = fold == one
            p[out] = fitted(x[~out], y[~out], w[~out])(x[out])
        expected.append(judged(p, y, w))
    assert_allclose(found.detail["repeats"], expected, rtol=SOLVER, atol=SOLVER)
    frame = found.frame
    assert frame["measure"].tolist() == list(MEASURES)
    assert_allclose(frame["cross_validated"], np.mean(expected, axis=0), rtol=SOLVER, atol=SOLVER)
    assert_allclose(frame["sd"], np.std(expected, axis=0, ddof=1), rtol=0.01, atol=SOLVER)


@pytest.mark.parametrize("design", [design_of, sa.Design], ids=["strata and clusters", "simple"])
def test_optimism_is_a_loop_with_scikit_learn(design):
    model = model_of(design=design)
    x, y, w, used = parts(model)
    found = sa.validated(model, folds=4, repeats=1, draws=12, seed=3)
    kind = "bootstrap" if design is sa.Design else "rao_wu"
    made = used.replicated(kind, replicates=12, seed=3).replicates
    moved = []
    for r in range(12):
        drawn = made.weights(r, used.rows)
        p = fitted(x[drawn > 0], y[drawn > 0], drawn[drawn > 0])(x)
        moved.append(np.subtract(judged(p, y, drawn), judged(p, y, w)))
    assert_allclose(found.detail["draws"], moved, rtol=SOLVER, atol=SOLVER)
    frame = found.frame
    apparent = judged(fitted(x, y, w)(x), y, w)
    assert_allclose(frame["apparent"], apparent, rtol=SOLVER, atol=SOLVER)
    assert_allclose(frame["corrected"], np.subtract(apparent, np.mean(moved, axis=0)), rtol=SOLVER, atol=SOLVER)
    assert frame["sd"].isna().all()  # of one repeat


def test_folds_keep_clusters_whole_and_spread_strata_and_answers():
    frame = people(200)
    y = frame["interested"].to_numpy(float)
    units, strata = frame["cluster"].to_numpy(), frame["stratum"].to_numpy()
    made = fold_of(units, strata, y, 5, np.random.default_rng(1))
    assert (pd.Series(made).groupby(units).nunique() == 1).all()
    clusters = pd.DataFrame({"f": made, "s": strata, "u": units}).drop_duplicates("u")
    assert np.ptp(pd.crosstab(clusters["s"], clusters["f"]).to_numpy(), axis=1).max() <= 1
    alone = fold_of(np.arange(200), np.zeros(200, int), y, 5, np.random.default_rng(1))
    assert np.ptp(np.bincount(alone, y)) <= 1 and set(np.bincount(alone)) == {40}
    assert (alone != fold_of(np.arange(200), np.zeros(200, int), y, 5, np.random.default_rng(2))).any()


def test_the_same_seed_gives_the_same_numbers_and_weights_may_be_scaled():
    ask = {"folds": 4, "repeats": 2, "draws": 10}
    one, again, other = (sa.validated(model_of(), **ask, seed=seed).frame for seed in (1, 1, 2))
    pd.testing.assert_frame_equal(one, again)
    assert (one["cross_validated"] != other["cross_validated"]).all()
    scaled = sa.logit(design_of(people(200).assign(w=lambda f: 3.7 * f["w"])), FORMULA)
    assert_allclose(sa.validated(scaled, **ask).frame.iloc[:, 1:], one.iloc[:, 1:], rtol=1e-6, atol=1e-9)


def test_a_model_of_noise_is_found_out():
    """Without any relation the corrected area is near one half, and coefficients should shrink to nearly nothing."""
    rng = np.random.default_rng(8)
    frame = pd.DataFrame(rng.normal(size=(150, 6)), columns=list("abcdef")).assign(y=rng.integers(0, 2, 150))
    found = sa.validated(sa.logit(frame, "y ~ a + b + c + d + e + f"), draws=100).frame.set_index("measure")
    assert found.loc["auc", "apparent"] > 0.58 and abs(found.loc["auc", "corrected"] - 0.5) < 0.08
    assert (
        found.loc["calibration_slope", "apparent"] == pytest.approx(1)
        and found.loc["calibration_slope", "corrected"] < 0.5
    )


@pytest.mark.parametrize("verb", [sa.probit, sa.firth])
def test_other_binary_models_are_judged_too(verb):
    found = sa.validated(verb(people(200), FORMULA), folds=4, repeats=2, draws=10)
    assert np.isfinite(found.frame.iloc[:, 1:].to_numpy()).all()


def test_few_respondents_earn_a_warning_that_many_do_not():
    def notes(n):
        found = sa.validated(sa.logit(people().head(n), "interested ~ age"), folds=5, repeats=2, draws=20)
        return " ".join(note["en"] for note in found.origin.notes), found.extra

    few, numbers = notes(57)
    assert "is to be trusted" in few and numbers["events_per_slope"] > 10
    assert "is to be trusted" not in notes(400)[0]


def test_draws_without_a_solution_are_counted_and_told():
    frame = people().head(57)
    found = sa.validated(sa.logit(frame, FORMULA), repeats=2, draws=200)
    failed = int(found.detail["draws"].isna().any(axis=1).sum())
    assert 0 < failed == found.extra["draws_failed"]
    assert any(f"{failed} bootstrap samples without" in note["en"] for note in found.origin.notes)


RARE = people(200).assign(rare=lambda f: np.where(np.arange(200) < 2, "b", "a"), interested=np.arange(200) % 2)
SEED = 7  # of two draws in which both respondents with the rare answer are
WRONG = {
    "folds that fail": (lambda: _rare(folds=5), DataError, "folds.*more than 10%"),
    "draws that fail": (lambda: _rare(folds=40), DataError, "bootstrap draws.*more than 10%"),
    "a failing fold in every repeat": (lambda: _rare(folds=40, draws=2, seed=SEED), DataError, "Each of the 2 repeats"),
    "no repeats": (lambda: sa.validated(model_of(), repeats=0), ChoiceError, "`repeats` is 0"),
    "one fold": (lambda: sa.validated(model_of(), folds=1), ChoiceError, "`folds` is 1"),
    "half a seed": (lambda: sa.validated(model_of(), seed=0.5), ChoiceError, "`seed`"),
    "no draws": (lambda: sa.validated(model_of(), draws=0), ChoiceError, "`draws`"),
    "more folds than clusters": (lambda: sa.validated(model_of(), folds=41), ChoiceError, "there are 40"),
    "an ordered model": (lambda: sa.validated(sa.ordered(people(), "willing ~ age")), ChoiceError, "yes/no"),
    "a linear model": (lambda: sa.validated(sa.linear(people(), "age ~ employer")), ChoiceError, "LinearModel"),
    "no terms": (lambda: sa.validated(model_of(formula="interested ~ 1")), ChoiceError, "no terms"),
    "replicates": (lambda: sa.validated(model_of(design=_replicated)), DesignError, "replicate weights"),
}


def _rare(**asked):
    return sa.validated(sa.logit(RARE, "interested ~ rare"), **{"repeats": 2, "draws": 20, **asked})


def _replicated(frame):
    return design_of(frame).replicated("JKn")


@pytest.mark.parametrize("name", WRONG)
def test_what_cannot_be_validated_is_refused(name):
    call, error, words = WRONG[name]
    with pytest.raises(error, match=words):
        call()


@pytest.mark.parametrize(("lang", "words"), [("en", "Calibration slope"), ("ko", "보정 기울기")])
def test_the_table_reads_in_both_languages(lang, words):
    text = sa.validated(model_of(), folds=4, repeats=2, draws=10).table(lang).to_text()
    assert words in text and "{" not in text
