"""Exact tests of several slopes of an exact logit together."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from ..errors import ChoiceError, unknown_column
from ..estimators.exact_inference import exact_p
from ..language import both
from ..results import Test

if TYPE_CHECKING:
    from .exact_logit import ExactLogit


def exact_term_test(exact: "ExactLogit", names: Sequence[str]) -> Test:
    """Exact test that the slopes of these questions, terms or rows are zero."""
    frame = exact.model.frame
    at = sorted({slope for name in names for slope in _slopes(exact, name)})
    if not at:
        raise ChoiceError("Name a question or a term to test, such as found.test('age').")
    found = exact.model.distribution(at)
    method = "score" if exact.method == "tail" and len(at) > 1 else exact.method
    p = exact_p(found, method, exact.mid_p)
    probability = float(found.counts[found.observed] / found.counts.sum())
    name = both("exact conditional test: {n}", "정확 조건부 검정: {n}", n=", ".join(names))
    return Test(name, probability, p, n=len(frame.x), origin=exact.origin)


def _slopes(exact: "ExactLogit", name: str) -> list[int]:
    """Positions of the slopes that a question, a term or a row stands for."""
    terms = exact.model.frame.terms[1:]
    for belongs in (lambda t: name in t.questions, lambda t: name == t.term, lambda t: name == t.name):
        found = [j for j, term in enumerate(terms) if belongs(term)]
        if found:
            return found
    known = [*exact.model.frame.formula.questions, *(t.term for t in terms), *(t.name for t in terms)]
    raise unknown_column(name, dict.fromkeys(known), "term of the model")
