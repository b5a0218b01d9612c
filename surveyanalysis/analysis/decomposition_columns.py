"""What a decomposition sums: the columns of every term, and a column for each reference level where it is asked for."""

from dataclasses import dataclass
from typing import Literal

import numpy as np

from ..errors import ChoiceError
from ..estimators.fit import Matrix
from ..language import LANGUAGES, Text, say
from .formula import Term, term_name
from .model_matrix import ModelFrame

Contrasts = Literal["treatment", "deviation"]


@dataclass(frozen=True)
class Summed:
    """Columns of the model matrix by term.

    Attributes
    ----------
    names, labels
        Of the terms of the formula, the intercept not among them.
    terms, spread, coefficients
        As in the estimator's `Plan`.
    """

    names: tuple[str, ...]
    labels: tuple[Text, ...]
    terms: Matrix
    spread: Matrix
    coefficients: Matrix


def summed(frame: ModelFrame, contrasts: Contrasts) -> Summed:
    """Read which columns belong together; with deviation contrasts, give each question a column for its reference.

    Notes
    -----
    Deviation contrasts (Yun 2005): the coefficients of a question's levels, the reference's 0 among them, less their
    mean, which the intercept takes. The model is the same.
    """
    basis, k = frame.basis, len(frame.terms)
    members = np.zeros((1 + len(basis.terms), k))
    members[0, 0] = 1
    spread, coefficients = [np.eye(k)], [np.eye(k)]
    references: list[Matrix] = []
    for t, term in enumerate(basis.terms, start=1):
        at = list(basis.positions((term,)))
        members[t, at] = 1
        if contrasts == "deviation" and _by_level(frame, term):
            indicator = np.zeros((k, 1))
            indicator[0], indicator[at] = 1, -1
            mean = np.zeros(k)
            mean[at] = 1 / (len(at) + 1)
            coefficients[0][0] += mean
            coefficients[0][at] -= mean
            spread.append(indicator)
            coefficients.append(-mean[None, :])
            references.append(np.eye(len(members))[:, [t]])
    labels = tuple(_label(frame, term) for term in basis.terms)
    return Summed(tuple(map(term_name, basis.terms)), labels, np.hstack([members, *references]), np.hstack(spread),
                  np.vstack(coefficients))  # fmt: skip


def _by_level(frame: ModelFrame, term: Term) -> bool:
    """Whether a term compares answers with a reference; an interaction that does so has no deviations."""
    compared = [factor for factor in term if not frame.basis.parts[factor].is_slope]
    if compared and len(term) > 1:
        raise ChoiceError(
            f"contrasts='deviation' does not reach the interaction {term_name(term)!r}: its levels have no mean of "
            "their own. Leave it out, or take contrasts='treatment'."
        )
    return bool(compared)


def refuse_interactions(frame: ModelFrame) -> None:
    """Terms whose answers cannot be exchanged without those of others."""
    for term in frame.basis.terms:
        if len(term) > 1:
            raise ChoiceError(
                f"method='fairlie' exchanges answers term by term, and those of the interaction {term_name(term)!r} "
                "change with others. Leave it out, or take method='yun'."
            )


def has_levels(frame: ModelFrame) -> bool:
    """Whether some term compares answers with a reference."""
    return any(not part.is_slope for part in frame.basis.parts.values())


def _label(frame: ModelFrame, term: Term) -> Text:
    """A term as a reader calls it: the question of levels, the column of a slope, questions joined."""
    columns = [frame.terms[j] for j in frame.basis.positions((term,))]
    if len(columns) == 1 and columns[0].kind == "slope":
        return columns[0].label
    asked = [frame.basis.variables[factor.question].label for factor in term]
    return {lang: " × ".join(say(label, lang) for label in asked) for lang in LANGUAGES}
