"""Tests of questions and terms of a model: Wald's, likelihood ratio, score."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

import numpy as np

from ..errors import ChoiceError, one_of, unknown_column
from ..language import both
from ..results import Test

if TYPE_CHECKING:
    from .fitted_model import FittedModel
    from .model import Model

TermMethod = Literal["wald", "likelihood_ratio", "working_wald", "score"]
TERM_METHODS = ("wald", "likelihood_ratio", "working_wald", "score")


def term_test(model: "Model", names: Sequence[str], method: TermMethod = "wald") -> Test:
    """Test of questions, terms or single coefficients of a binary or ordered model, by its name."""
    from .score_tests import score
    from .working_tests import likelihood_ratio, working_wald

    one_of(method, TERM_METHODS, "method")
    if method == "wald":
        return wald(model, names)
    tests = {"likelihood_ratio": likelihood_ratio, "working_wald": working_wald, "score": score}
    return tests[method](model, tested(model, names), ", ".join(names))


def tested(model: "FittedModel", names: Sequence[str]) -> list[int]:
    """Positions of the parameters that are named."""
    rows = sorted({row for name in names for row in _rows_of(model, name)})
    if not rows:
        raise ChoiceError("Name a question or a term to test, such as model.test('age').")
    return rows


def wald(model: "FittedModel", names: Sequence[str]) -> Test:
    """Wald test of questions, terms or single coefficients."""
    from scipy.special import chdtrc, fdtrc

    rows, joined = tested(model, names), ", ".join(names)
    estimate, covariance = model.params[rows], model.params_covariance[np.ix_(rows, rows)]
    q, chi2 = len(rows), float(estimate @ np.linalg.solve(covariance, estimate))
    p_chi2 = float(chdtrc(q, chi2))
    if not np.isfinite(model.df):
        name, left = both("Wald test: {t}", "왈드 검정: {t}", t=joined), model.n - len(model.params)
        extra = {"chi2": chi2, "f": chi2 / q, "f_p": float(fdtrc(q, left, chi2 / q)) if left > 0 else float("nan")}
        return Test(name, chi2, p_chi2, df=float(q), n=model.n, origin=model.origin, extra=extra)
    p = float(fdtrc(q, model.df, chi2 / q)) if model.df > 0 else float("nan")
    name = both("Wald F test: {t}", "왈드 F 검정: {t}", t=joined)
    return Test(name, chi2 / q, p, df=float(q), df_denominator=model.df, n=model.n, origin=model.origin,
                extra={"chi2": chi2, "chi2_p": p_chi2})  # fmt: skip


def _rows_of(model: "FittedModel", name: str) -> list[int]:
    """Positions of the parameters that a question, a term or a row of the frame stands for."""
    terms = model.model_frame.terms
    shift = model.first_slope - 1
    for belongs in (lambda t: name in t.questions, lambda t: name == t.term, lambda t: name == t.name):
        found = [j + shift for j, t in enumerate(terms) if j and belongs(t)]
        if found:
            return found
    known = [*model.model_frame.formula.questions, *(t.term for t in terms[1:]), *(t.name for t in terms[1:])]
    raise unknown_column(name, dict.fromkeys(known), "term of the model")
