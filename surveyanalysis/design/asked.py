"""What a design is asked for: arguments that exclude each other, and the weights."""

from collections.abc import Mapping
from typing import Any

from ..errors import DesignError, one_of
from ..estimators.fit import Vector
from ..survey import Survey
from .columns import Column, checked_numbers, name_of
from .replicate_columns import Replicates
from .stages import SINGLE_UNIT
from .unequal import PPS


def refuse_contradictions(drawn: Mapping[str, Any], weights: Any, replicates: Any) -> None:
    """Refuse arguments that exclude each other."""
    one_of(drawn["single_unit"], SINGLE_UNIT, "single_unit")
    if drawn["pps"] is not None:
        one_of(drawn["pps"], PPS, "pps")
    if replicates is not None:
        if not isinstance(replicates, Replicates):
            raise DesignError(
                "`replicates` must be Replicates(columns, kind, combined=...): the kind sets the variance."
            )
        given = [name for name in ("strata", "clusters", "population", "inclusion") if drawn[name] is not None]
        if given:
            raise DesignError(
                f"Both replicate weights and `{given[0]}` are given; replicates hold the whole design already. Leave "
                "one out (a finite population enters through `rscales`)."
            )
        if weights is None:
            raise DesignError("Replicate weights need the full-sample weights too: weights=.")
    if drawn["inclusion"] is not None and drawn["population"] is not None:
        raise DesignError("Both `inclusion` and `population` are given: probabilities already hold the populations.")
    if drawn["pps"] is not None and drawn["inclusion"] is None:
        raise DesignError("`pps` needs the inclusion probabilities: inclusion=.")


def read_weights(survey: Survey, column: Column) -> Vector:
    """Weights of all rows, checked."""
    values = checked_numbers(survey, column, "weights")
    if not (values > 0).any():
        raise DesignError(f"`weights`: column {name_of(column)!r} is zero for everybody.")
    return values
