"""What can be done to a design's weights: each method returns a new design that knows what was done."""

from typing import TYPE_CHECKING, cast

from ..language import both
from .resampling import Resampling, resampled
from .steps import reweighed

if TYPE_CHECKING:
    from .design import Design


class Adjustable:
    """Replicates and adjusted weights, as methods of a design."""

    def replicated(
        self, kind: Resampling, *, replicates: int = 200, seed: int = 1, fay: float = 0.0, mse: bool = False
    ) -> "Design":
        """Return the design with replicate weights made from its first-stage units; adjustments are repeated on each.

        Parameters
        ----------
        kind
            "JK1" (no strata), "JKn", "BRR" (an even number of clusters a stratum), "bootstrap" (Canty and Davison),
            "subbootstrap" (m - 1 of m units) or "rao_wu" (the same, with finite populations).
        replicates, seed
            Of a bootstrap.
        fay
            Share of the weight that BRR leaves to the half-sample left out (Fay's method).
        mse
            Whether squares are taken around the estimate under the full weights.

        Raises
        ------
        DesignError, ChoiceError
            The kind does not fit the design.

        Notes
        -----
        See `resampling.resampled`. Finite populations count at the first stage; "BRR" and "subbootstrap" leave them
        out. Jackknife errors of quantiles are not consistent.

        Examples
        --------
        >>> import pandas as pd
        >>> from surveyanalysis.design.design import Design
        >>> Design(pd.DataFrame({"y": [1.0, 2.0, 4.0]})).replicated("JK1")
        Design: 3 respondents, simple random sample, 3 JK1 replicates
        """
        from .design import replace_parts

        design = cast("Design", self)
        base = design.steps[0].before if design.steps else design.weights
        made = resampled(design.sample, base, kind, replicates, seed, fay, mse)
        for step in design.steps:
            made = reweighed(made, step.reweigh)
        return replace_parts(design, replicates=made)


def replicate_words(kind: str, count: int, seed: int | None) -> dict[str, str]:
    """Replicates in words, with the seed of drawn ones."""
    drawn = f", seed {seed}" if seed is not None else ""
    korean = f", 시드 {seed}" if seed is not None else ""
    return dict(both("{n} {k} replicates{en}", "{k} 반복표본 {n}개{ko}", n=count, k=kind, en=drawn, ko=korean))
