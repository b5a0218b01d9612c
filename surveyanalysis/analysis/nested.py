"""Nested models: whether a model holds another one, and what it adds."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

import numpy as np
import pandas as pd

from ..comparisons import Step
from ..design.design import Design
from ..errors import ChoiceError, DataError
from ..language import LANGUAGES, Text, say
from ..results import Estimates, Test
from .count_model import CountRegression
from .fitted_model import FittedModel
from .model import Model
from .term_tests import wald_of
from .terms import Basis

BlockMethod = Literal["wald", "likelihood_ratio"]
ADDED = ("slope", "zero")
"""Components in which added terms have coefficients."""
CHANGES = ("deviance", "mcfadden", "r2")
"""Numbers of the fit whose change a block tells."""


@dataclass(frozen=True)
class Grounds:
    """What a model rests on.

    Attributes
    ----------
    model
        The fitted model.
    basis, used
        Columns of the model matrix, and the respondents.
    kind
        Everything besides terms and respondents in which two nested models are alike.
    """

    name: str
    model: FittedModel
    basis: Basis
    used: Design
    kind: tuple[object, ...]

    @classmethod
    def of(cls, name: str, model: FittedModel) -> "Grounds":
        """Grounds of a model."""
        if not isinstance(model, FittedModel):
            what = f"a result of kind {model.kind!r}" if isinstance(model, Estimates) else f"a {type(model).__name__}"
            raise ChoiceError(f"{name!r} is {what}; give fitted models, of `logit`, `ordered`, `linear` or the like.")
        frame, estimates = model.model_frame, model.estimates
        levels = model.outcome.levels if isinstance(model, Model) else ()
        kind = (say(estimates.origin.what), frame.formula.outcome, levels)
        return cls(name, model, frame.basis, frame.used, kind)

    @property
    def estimates(self) -> Estimates:
        """Coefficients as estimated."""
        return self.model.estimates


def steps_of(grounds: Mapping[str, Grounds], method: BlockMethod = "wald") -> tuple[Step, ...]:
    """What each model adds to the one before it, by a Wald or a likelihood-ratio test.

    Raises
    ------
    ChoiceError, DataError
        A model does not hold the one before it, or they rest on different respondents.
    """
    if len(grounds) < 2:
        raise ChoiceError("`blocks` needs at least two models, from the smallest to the largest.")
    return tuple(_step(small, large, method) for small, large in pairwise(grounds.values()))


def _step(small: Grounds, large: Grounds, method: BlockMethod) -> Step:
    """The test of the added terms, and the change of the fit."""
    added = _added(small, large)
    same_respondents(small, large)
    frame = large.estimates.frame
    rows = np.flatnonzero(frame["term"].isin(added) & frame["component"].isin(ADDED))
    words = _words(large, added)
    test = (
        _ratio(large, added)
        if method == "likelihood_ratio"
        else wald_of(
            frame["estimate"].to_numpy()[rows],
            large.estimates.covariance[np.ix_(rows, rows)],
            float(frame["df"].iloc[0]),
            words,
            large.estimates.origin,
            int(frame["n"].iloc[0]),
        )
    )
    before, after = small.estimates.extra, large.estimates.extra
    change = {name: after[name] - before[name] for name in CHANGES if name in after and name in before}
    return Step(large.name, small.name, tuple(added), words, test, change, method)


def _ratio(large: Grounds, added: list[str]) -> Test:
    """Likelihood-ratio test of the added terms."""
    if not isinstance(large.model, Model | CountRegression):
        raise ChoiceError(
            f"{large.name!r} has no likelihood ratio ({say(large.estimates.origin.what)}): use blocks=True."
        )
    return large.model.test(*added, method="likelihood_ratio")


def _added(small: Grounds, large: Grounds) -> list[str]:
    """Coefficients that the larger model has and the smaller one lacks."""
    if small.kind != large.kind:
        said = " and ".join(f"{g.name!r} ({say(g.estimates.origin.what)})" for g in (small, large))
        raise ChoiceError(f"{said} are no nested models: kind and outcome must be the same. Leave out `blocks`.")
    terms = [list(g.estimates.frame.query("component == 'slope'")["term"]) for g in (small, large)]
    lost = [term for term in terms[0] if term not in terms[1]]
    if lost:
        raise ChoiceError(
            f"{large.name!r} does not hold {', '.join(map(repr, lost))} of {small.name!r}, so they are not nested. "
            "Order the models from the smallest, with the same reference levels, or leave out `blocks`."
        )
    added = [term for term in terms[1] if term not in terms[0]]
    zeros = [{t for t, c in zip(g.estimates.frame["term"], g.estimates.frame["component"]) if c == "zero"}
             for g in (small, large)]  # fmt: skip
    if zeros[1] - set(added) != zeros[0]:
        raise ChoiceError(
            f"{large.name!r} and {small.name!r} differ in their zero parts by other terms than "
            f"{', '.join(map(repr, added)) or 'those of the counts'}: a block is added to both parts, or to the counts "
            "alone. Leave out `blocks`, or test one question by `model.test`."
        )
    if not added:
        raise ChoiceError(f"{large.name!r} has no terms that {small.name!r} lacks: there is no block to test.")
    return added


def _words(large: Grounds, added: list[str]) -> Text:
    """The added terms as a reader knows them: categories by their question."""
    labels = {}
    for column in large.basis.columns:
        if column.name in added:
            parts = [large.basis.variables[q].label for q in column.questions]
            named = {lang: " × ".join(say(label, lang) for label in parts) for lang in LANGUAGES}
            labels[column.term] = column.label if column.kind == "slope" else named
    return {lang: ", ".join(dict.fromkeys(say(label, lang) for label in labels.values())) for lang in LANGUAGES}


def same_respondents(small: Grounds, large: Grounds) -> None:
    """Models compare only on the same respondents, with the same answers and weights; refuse others."""
    one, other = (_people(g.used, str(g.kind[1])) for g in (small, large))
    only = [len(a.index.difference(b.index)) for a, b in ((one, other), (other, one))]
    if any(only):
        raise DataError(
            f"{small.name!r} and {large.name!r} rest on different respondents: {only[0]:,} of {small.name!r} are not "
            f"in {large.name!r}, {only[1]:,} of {large.name!r} not in {small.name!r}; changes of fit would compare "
            "people, not terms. Fit the smaller model to the respondents of the larger one: `model.model_frame.used` "
            "is a design that the verb takes."
        )
    aligned = other.loc[one.index]
    for name, what in (("answer", "answers"), ("weight", "weights")):
        differ = int((~_same(one[name], aligned[name])).sum())
        if differ:
            raise DataError(
                f"{small.name!r} and {large.name!r} do not have the same {what}: they differ for {differ:,} "
                f"respondents. Fit both to one design."
            )


def _people(used: Design, outcome: str) -> pd.DataFrame:
    """Outcome and weight of the respondents used, by their row labels, or their row numbers where labels repeat."""
    index = used.survey.frame.index
    labels = index[used.rows] if index.is_unique else pd.Index(used.rows)
    answers = used.survey.column(outcome).to_numpy(object)[used.rows]
    return pd.DataFrame({"answer": answers, "weight": used.row_weights}, index=labels)


def _same(one: pd.Series, other: pd.Series) -> pd.Series:
    if one.name == "weight":
        return pd.Series(np.isclose(one, other, rtol=1e-9, atol=0), one.index)
    return one == other
