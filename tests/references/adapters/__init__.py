"""From a case to calls of the package's public verbs, and from their results to the layout of the case's values.

One adapter a topic, one module a family. An adapter knows topics, arguments and R's words, never a case or a data set:
a test reads these modules and fails where the name of one stands in them. Numbers pass as the verbs return them; the
only arithmetic is what R's layout asks for (a normal interval, shares of a table, a difference of log-likelihoods).
"""

from collections.abc import Callable
from importlib import import_module
from typing import Any

from ..reader import Case, Library

Adapter = Callable[[Case, Library], dict[str, Any]]
MODULES = (
    "averages",
    "moments",
    "contrasts",
    "shares",
    "quantiles",
    "comparisons",
    "replicates",
    "models",
    "counts",
    "selected",
    "limits",
    "effects",
    "unordered",
    "scales",
    "reduced",
    "clusters",
    "imputations",
    "own",
)
_ADAPTERS: dict[str, Adapter] = {}


def adapter(*kinds: str) -> Callable[[Adapter], Adapter]:
    """Declare the adapter of these kinds, such as "a.mean"."""

    def declared(function: Adapter) -> Adapter:
        for kind in kinds:
            if kind in _ADAPTERS:
                raise ValueError(f"two adapters for {kind}")
            _ADAPTERS[kind] = function
        return function

    return declared


def adapter_of(case: Case) -> Adapter | None:
    """The adapter of a case's kind, or None."""
    for module in MODULES:
        import_module(f".{module}", __name__)
    return _ADAPTERS.get(case.kind)
