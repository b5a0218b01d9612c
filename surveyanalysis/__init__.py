"""From a raw survey export to a published table, every number traceable and checked.

Names load when they are first used, so that importing the package costs nothing.
"""

from importlib import import_module
from typing import Any

from ._version import __version__

_HOMES = {
    "errors": ("SurveyError",),
    "codebook.questions": ("Codebook", "Question", "Choice"),
    "codebook.yaml_file": ("read_codebook",),
    "reading.export": ("Export", "read_export"),
    "survey": ("Survey",),
    "cleaning.recipe": ("clean", "read_recipe", "Recipe"),
    "cleaning.steps": ("step",),
    "cleaning.binding": ("bind",),
    "cleaning.ledger": ("Ledger", "replay", "undo"),
    "design.design": ("Design",),
    "design.replicate_columns": ("Replicates",),
    "results": ("Estimates", "Test", "Origin"),
    "tables.table": ("Table", "Cell"),
    "analysis.describe": ("proportion", "mean", "total", "frequencies"),
    "analysis.quantile": ("quantile",),
    "analysis.distribution": ("distribution",),
    "analysis.crosstab": ("crosstab",),
    "analysis.ratios": ("ratio",),
    "analysis.ratio_totals": ("total_by_ratio",),
    "analysis.spread": ("variance",),
    "analysis.correlations": ("correlation",),
    "analysis.design_effects": ("design_effect",),
    "analysis.derived": ("contrast",),
    "analysis.differences": ("differences",),
    "analysis.standardised": ("standardised",),
    "analysis.decomposition": ("decomposition",),
    "analysis.reliability": ("alpha",),
    "analysis.multiple": ("multiple_response",),
    "analysis.likert": ("likert",),
    "analysis.ranking": ("ranking",),
    "analysis.compare": ("paired",),
    "analysis.t_tests": ("t_test",),
    "analysis.group_tests": ("group_test",),
    "analysis.permutation_test": ("permutation_test",),
    "analysis.rank_tests": ("rank_test",),
    "analysis.agreement": ("kappa",),
    "analysis.trend": ("trend",),
    "analysis.multiplicity": ("adjust_p",),
    "analysis.precision": ("margin_of_error",),
    "analysis.sizes": ("sample_size", "sample_size_to_compare"),
    "analysis.detectable": ("smallest_difference",),
    "analysis.events": ("events_needed",),
    "analysis.plan_slopes": ("plan_slope", "plan_ordered_slope", "simulate_slope"),
    "analysis.plan_pairs": ("plan_pairs", "power_to_compare"),
    "analysis.nonresponse": ("against_frame",),
    "analysis.early_late": ("early_late",),
    "analysis.volunteers": ("volunteer_note",),
    "analysis.regression": ("logit",),
    "analysis.ordinal": ("ordered",),
    "analysis.sequential": ("continuation_ratio",),
    "analysis.two_answers": ("bivariate_probit",),
    "analysis.three_answers": ("multivariate_probit",),
    "analysis.binary_links": ("cloglog", "probit"),
    "analysis.selection": ("heckman",),
    "analysis.two_stage": ("two_stage",),
    "analysis.quantile_regression": ("quantile_regression",),
    "analysis.simple_slopes": ("simple_slopes",),
    "analysis.turning_point": ("turning_point",),
    "analysis.limits": ("tobit", "truncated_regression", "two_part"),
    "analysis.bands": ("interval_regression",),
    "analysis.share_models": ("fractional", "beta"),
    "analysis.count_models": ("poisson", "negative_binomial", "truncated_count", "hurdle", "zero_inflated"),
    "analysis.firth": ("firth",),
    "analysis.linear": ("linear",),
    "analysis.multinomial": ("multinomial",),
    "analysis.exact_logit": ("exact_logit",),
    "analysis.few_clusters": ("few_clusters",),
    "analysis.bootstrap": ("bootstrap",),
    "analysis.wild_bootstrap": ("wild_bootstrap",),
    "analysis.specification_grid": ("specification_grid", "SpecificationGrid"),
    "analysis.leave_one_out": ("leave_one_out",),
    "analysis.other_designs": ("sensitivity_to_design",),
    "analysis.model": ("Model",),
    "analysis.validation": ("validated",),
    "missing.map": ("missing_map",),
    "missing.impute": ("impute",),
    "missing.imputed": ("Imputed",),
    "missing.pool": ("pool",),
    "missing.pooled": ("Pooled",),
    "missing.weighted": ("response_weighted",),
    "missing.sensitivity": ("missing_sensitivity",),
    "analysis.compared_models": ("compare_models",),
    "comparisons": ("ModelComparison",),
    "reproduction.published": ("Published", "read_published"),
    "reproduction.compare": ("Computed", "Reproduction", "compare"),
    "reproduction.bases": ("feasible_counts", "feasible_bases"),
    "reproduction.paired_margins": ("paired_bounds",),
    "reproduction.twin": ("twin",),
    "writing.qualtrics": ("write_export",),
    "writing.mess": ("Mess",),
    "studies": ("reproduce", "study_names", "study_folder", "load_study"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = ["__version__", *sorted(_HOME_OF)]


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module 'surveyanalysis' has no attribute {name!r}")
    value = getattr(import_module(f".{_HOME_OF[name]}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return __all__
