"""How each kind of result is laid out as a table."""

from collections.abc import Callable
from typing import Any

from ..errors import one_of
from ..results import Estimates, Test
from . import (
    layouts_checks,
    layouts_comparison,
    layouts_crossed,
    layouts_decomposition,
    layouts_descriptive,
    layouts_diagnostics,
    layouts_estimates,
    layouts_missing,
    layouts_models,
    layouts_plans,
    layouts_robustness,
    layouts_scales,
    layouts_validation,
)
from .table import Table

LAYOUTS: dict[str, Callable[[Any, str], Table]] = {
    "proportion": layouts_descriptive.proportion,
    "mean": layouts_descriptive.mean,
    "total": layouts_descriptive.total,
    "quantile": layouts_descriptive.quantile,
    "distribution": layouts_descriptive.distribution,
    "frequencies": layouts_descriptive.frequencies,
    "crosstab": layouts_crossed.crosstab,
    "ratio": layouts_estimates.ratio,
    "total_by_ratio": layouts_estimates.total_by_ratio,
    "variance": layouts_estimates.variance,
    "correlation": layouts_estimates.correlation,
    "design_effect": layouts_estimates.design_effect,
    "contrast": layouts_estimates.contrast,
    "differences": layouts_estimates.differences,
    "standardised": layouts_estimates.standardised,
    "decomposition": layouts_decomposition.decomposition,
    "alpha": layouts_estimates.alpha,
    "multiple_response": layouts_descriptive.multiple_response,
    "likert": layouts_scales.likert,
    "ranking": layouts_scales.ranking,
    "coefficients": layouts_models.coefficients,
    "effects": layouts_models.effects,
    "predictions": layouts_models.predictions,
    "model_comparison": layouts_comparison.model_comparison,
    "test": layouts_models.test,
    "fit_measures": layouts_diagnostics.fit_measures,
    "inflation": layouts_diagnostics.inflation,
    "regression_table": layouts_diagnostics.regression_table,
    "parallel_lines": layouts_diagnostics.tests_by_row,
    "scale_test": layouts_diagnostics.tests_by_row,
    "first_stage": layouts_diagnostics.tests_by_row,
    "alternatives": layouts_diagnostics.tests_by_row,
    "influence": layouts_diagnostics.influence,
    "roc": layouts_diagnostics.roc,
    "classification": layouts_diagnostics.classification,
    "calibration": layouts_diagnostics.calibration,
    "rootogram": layouts_diagnostics.rootogram,
    "validation": layouts_validation.validation,
    "plan": layouts_plans.plan,
    "agreement": layouts_checks.agreement,
    "against_frame": layouts_checks.against_frame,
    "early_late": layouts_checks.early_late,
    "missing_map": layouts_missing.missing_map,
    "imputed": layouts_missing.imputed,
    "convergence": layouts_missing.convergence,
    "plausibility": layouts_missing.plausibility,
    "information": layouts_missing.information,
    "missing_sensitivity": layouts_missing.sensitivity,
    "specification_grid": layouts_robustness.specification_grid,
    "specification_test": layouts_robustness.specification_test,
    "leave_one_out": layouts_robustness.leave_one_out,
}


def layout(result: Estimates | Test, lang: str = "en") -> Table:
    """Lay out a result as a grid of cells.

    Parameters
    ----------
    result
        What a verb returned.
    lang
        "en" or "ko".

    Returns
    -------
    Table
        Title from the codebook's short labels; notes with base, design, interval and warnings.

    Raises
    ------
    ChoiceError
        The language, or the result's kind, has no layout.
    """
    one_of(lang, ("en", "ko"), "lang")
    return LAYOUTS[one_of(result.kind, LAYOUTS, "kind")](result, lang)
