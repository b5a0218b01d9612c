"""Several models side by side: a value that prints as a journal's table and draws as one figure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import pandas as pd

from .language import Text
from .results import KEYS, VALUES, Estimates, Test, _Shown

Second = Literal["se", "t", "interval", "p"]
Place = Literal["under", "beside"]


@dataclass(frozen=True, slots=True)
class ModelColumn:
    """One column of estimates: a model, and the level of its outcome where it has several."""

    model: str
    level: Any = None


@dataclass(frozen=True, slots=True)
class TermRow:
    """One term, and where each column finds its estimate.

    Attributes
    ----------
    component
        "slope", "intercept", "threshold", or another component of the models.
    heading
        The question, with its reference level; empty for terms that stand alone.
    label, full
        Words of the row under its heading, and words that need no heading.
    places
        Row of the model's frame for each column; None where the model has no such term.
    """

    component: str
    heading: Text
    label: Text
    full: Text
    places: tuple[int | None, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """What a model adds to the one before it.

    Attributes
    ----------
    terms
        Rows of the larger model's frame that the smaller one lacks.
    words
        The added terms as a reader knows them.
    test
        Test that the added coefficients are zero: Wald's, or the likelihood ratio.
    change
        Fit of the larger model minus that of the smaller: deviance, mcfadden, r2, those that the models have.
    """

    model: str
    before: str
    terms: tuple[str, ...]
    words: Text
    test: Test
    change: Mapping[str, float]
    method: Literal["wald", "likelihood_ratio"] = "wald"

    @property
    def statistic(self) -> str:
        """What the test's statistic is called: "wald_f", "wald_chi2" or "likelihood_ratio_chi2"."""
        if self.method == "likelihood_ratio":
            return "likelihood_ratio_chi2"
        return "wald_chi2" if self.test.df_denominator is None else "wald_f"


@dataclass(frozen=True, eq=False, repr=False)
class ModelComparison(_Shown):
    """Several models side by side.

    Attributes
    ----------
    models
        Name -> estimates on the scale asked for, in the order of the columns.
    columns, rows
        The grid of a journal's table: what stands where.
    fit
        Name -> numbers of the model as a whole.
    shown, place
        What stands in parentheses, and where.
    stars
        p-values below which an estimate gets one star more, the largest first; empty for none.
    statistics
        Which numbers of the fit are printed, in this order.
    steps
        What each model adds to the one before it, where that was asked.
    """

    models: Mapping[str, Estimates]
    columns: tuple[ModelColumn, ...]
    rows: tuple[TermRow, ...]
    fit: Mapping[str, Mapping[str, float]]
    shown: Second = "se"
    place: Place = "under"
    stars: tuple[float, ...] = ()
    statistics: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()
    kind: str = "model_comparison"

    @property
    def frame(self) -> pd.DataFrame:
        """Tidy: one row an estimate, the model first, then the columns of its own frame."""
        parts = [result.frame.assign(model=name) for name, result in self.models.items()]
        whole = pd.concat(parts, ignore_index=True)
        return whole[[name for name in ("model", *KEYS, *VALUES) if name in whole]]

    @property
    def fits(self) -> pd.DataFrame:
        """Numbers of the models as a whole: one row a model; NaN where a model has none."""
        numbers = {name: {key: values.get(key, np.nan) for key in self.statistics} for name, values in self.fit.items()}
        return pd.DataFrame.from_dict(numbers, orient="index", columns=list(self.statistics)).rename_axis("model")

    @property
    def blocks(self) -> pd.DataFrame:
        """What each model adds: model, before, terms, the test, and changes of the fit."""
        return pd.DataFrame(
            {
                "model": step.model,
                "before": step.before,
                "terms": ", ".join(step.terms),
                "statistic": step.test.statistic,
                "df": step.test.df,
                "df_denominator": np.inf if step.test.df_denominator is None else step.test.df_denominator,
                "p": step.test.p,
                **{f"{name}_change": value for name, value in step.change.items()},
            }
            for step in self.steps
        )
