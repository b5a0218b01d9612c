"""Functions of estimates: sa.contrast."""

import re
from typing import Any

import surveyanalysis as sa

from .. import r_calls
from ..r_calls import Call, Constant
from ..reader import Case, Library
from . import adapter
from .averages import VERBS, statistic
from .effects import model_of
from .layout import est_se
from .samples import design_of, domain_words, formula_names, listed, within


@adapter("a.contrast")
def of_averages(case: Case, library: Library) -> dict[str, Any]:
    """svycontrast of means or totals, of several questions or by group."""
    names = listed(case.args.get("vars")) or formula_names(case, "svymean", "svytotal")
    by = listed(case.args.get("by"))
    design = within(design_of(case, library), domain_words(case))
    source = VERBS[statistic(case)](design, names, by=by or None)
    return {name: lambda told=told: est_se(sa.contrast(source, told)) for name, told in contrasts(case).items()}


@adapter("b.contrast")
def of_coefficients(case: Case, library: Library) -> dict[str, Any]:
    """svycontrast of a model's coefficients, which R calls by its labels."""
    model, prepared = model_of(case, library)

    def ours(expression: str) -> str:
        return re.sub(r"(?<![\w.])[A-Za-z.][\w.]*(?![\w.(])", lambda m: f"`{prepared.label(m[0])}`", expression)

    return {
        name: lambda told=told: est_se(sa.contrast(model.estimates, {k: ours(v) for k, v in told.items()}))
        for name, told in contrasts(case).items()
    }


def contrasts(case: Case) -> dict[str, dict[str, str]]:
    """Expressions by R's name of the contrast, from args (linear, nonlinear) or from the calls of svycontrast.

    Those without a name take the keys that are left, in their order.
    """
    named = {name: linear(weights) for name, weights in dict(case.args.get("linear") or {}).items()}
    named |= dict(case.args.get("nonlinear") or {})
    loose = []
    for call in r_calls.calls(case.r_call, "svycontrast") if not named else ():
        asked = call.get("contrasts", 1)
        parts = asked.arguments if isinstance(asked, Call) and asked.function == "list" else (("", asked),)
        for name, node in parts:
            if name:
                named[name] = _expression(node)
            else:
                loose.append(_expression(node))
    rest = [key for key in case.values if key not in named]
    return {key: {key: text} for key, text in {**named, **dict(zip(rest, loose))}.items()}


def _expression(node: r_calls.Node) -> str:
    """c(a=1, b=-1) as "a - b"; quote(expression) as it is."""
    if isinstance(node, Call) and node.function == "quote":
        return r_calls.write(node.get(position=0))
    return linear({name: part.value for name, part in node.arguments if isinstance(part, Constant)})


def linear(weights: dict[str, float]) -> str:
    """A weighted sum.

    >>> linear({"a": 1, "b": -1}), linear({"a": -0.5, "b": 2})
    ('a - b', '-0.5*a + 2*b')
    """
    text = ""
    for name, weight in weights.items():
        size = "" if abs(weight) == 1 else f"{abs(weight):.17g}*"
        sign = ("-" if weight < 0 else "") if not text else " - " if weight < 0 else " + "
        text += sign + size + name
    return text
