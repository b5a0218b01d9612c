"""Tests of questions and terms of a model: Wald's, likelihood ratio, score."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from ..errors import ChoiceError, one_of, unknown_column
from ..estimators.fit import Matrix, Vector
from ..language import Text, both, say
from ..results import Origin, Test
from .model_matrix import ModelFrame
from .wald import quadratic_form

if TYPE_CHECKING:
    from .fitted_model import FittedModel
    from .model import Model

TermMethod = Literal["wald", "likelihood_ratio", "working_wald", "score"]
TERM_METHODS = ("wald", "likelihood_ratio", "working_wald", "score")


def term_test(model: "Model", names: Sequence[str], method: TermMethod = "wald") -> Test:
    """Test of questions, terms or single coefficients of a binary or ordered model, by its name."""
    from .diagnosable import diagnosed, of_likelihood
    from .score_tests import score
    from .working_tests import likelihood_ratio, working_wald

    one_of(method, TERM_METHODS, "method")
    if method == "wald":
        return wald(model, tested(model, names), ", ".join(names))
    if method == "score":
        return score(diagnosed(model), tested(model, names), ", ".join(names))
    tests = {"likelihood_ratio": likelihood_ratio, "working_wald": working_wald}
    return tests[method](of_likelihood(model), tested(model, names), ", ".join(names))


def tested(model: "FittedModel", names: Sequence[str]) -> list[int]:
    """Positions of the parameters that are named."""
    rows = sorted({row for name in names for row in _rows_of(model, name)})
    if not rows:
        raise ChoiceError("Name a question or a term to test, such as model.test('age').")
    return rows


def wald(model: "FittedModel", rows: Sequence[int], joined: str) -> Test:
    """Wald test of the parameters at these positions; a chi-square with the F on n - p beside it."""
    from scipy.special import fdtrc

    covariance = model.params_covariance[np.ix_(rows, rows)]
    test = wald_of(model.params[rows], covariance, model.df, joined, model.origin, model.n)
    left = model.n - len(model.params)
    if np.isfinite(model.df) or left <= 0:
        return test
    f = test.statistic / len(rows)
    return replace(test, extra={**test.extra, "f": f, "f_p": float(fdtrc(len(rows), left, f))})


def wald_of(estimate: Vector, covariance: Matrix, df: float, words: str | Text, origin: Origin, n: int) -> Test:
    """Wald test that these coefficients are zero: F, or chi-square where the degrees of freedom are infinite.

    NaN where the design leaves no degrees of freedom, or fewer than there are coefficients.
    """
    from scipy.special import chdtrc, fdtrc

    q, chi2 = len(estimate), quadratic_form(estimate, covariance)
    p_chi2 = float(chdtrc(q, chi2))
    said = {"en": say(words, "en"), "ko": say(words, "ko")}
    if not np.isfinite(df):
        name = both("Wald test: {en}", "왈드 검정: {ko}", **said)
        return Test(name, chi2, p_chi2, df=float(q), n=n, origin=origin, extra={"chi2": chi2})
    p = float(fdtrc(q, df, chi2 / q)) if df > 0 else float("nan")
    name = both("Wald F test: {en}", "왈드 F 검정: {ko}", **said)
    return Test(name, chi2 / q, p, df=float(q), df_denominator=df, n=n, origin=origin,
                extra={"chi2": chi2, "chi2_p": p_chi2})  # fmt: skip


def _rows_of(model: "FittedModel", name: str) -> list[int]:
    """Positions of the parameters that a question, a term or a row of the frame stands for."""
    return [at for column in columns_of(model.model_frame, name) for at in model.positions(column)]


def columns_of(frame: ModelFrame, name: str) -> list[int]:
    """Columns of the model matrix that a question, a term or a row of the frame stands for; else raise."""
    terms = frame.terms
    for belongs in (lambda t: name in t.questions, lambda t: name == t.term, lambda t: name == t.name):
        found = [j for j, t in enumerate(terms) if j and belongs(t)]
        if found:
            return found
    known = [*frame.formula.questions, *(t.term for t in terms[1:]), *(t.name for t in terms[1:])]
    raise unknown_column(name, dict.fromkeys(known), "term of the model")
