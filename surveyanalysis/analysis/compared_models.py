"""Several models side by side."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from ..comparisons import ModelComparison, Place, Second
from ..errors import ChoiceError, nearest, one_of
from ..language import say
from ..results import Estimates
from .fitted_model import FittedModel
from .model import Model
from .nested import BlockMethod, Grounds, steps_of
from .term_rows import columns_of_models, term_rows

CompareScale = Literal["coefficient", "odds_ratio", "effect"]
FIT = ("n", "loglik", "mcfadden", "r2", "aic", "bic", "df")
"""Numbers of the fit that are printed where nothing is asked, those that the models have."""


def compare_models(
    models: Mapping[str, FittedModel],
    *,
    scale: CompareScale = "coefficient",
    shown: Second = "se",
    place: Place = "under",
    stars: Sequence[float] | None = (0.1, 0.05, 0.01),
    fit: Sequence[str] | None = None,
    blocks: bool | BlockMethod = False,
) -> ModelComparison:
    """Put several models side by side, as a journal prints them.

    Parameters
    ----------
    models
        Name -> fitted model, of `logit`, `ordered`, `linear` or the like; in the order of the columns.
    scale
        "coefficient": as estimated; "odds_ratio": exponentiated; "effect": average marginal effects on probabilities.
    shown
        What stands in parentheses: "se", "t" (z where degrees of freedom are infinite), "interval" or "p".
    place
        "under" the estimate, or "beside" it.
    stars
        p-values below which an estimate gets one star more, the largest first; None for no stars.
    fit
        Numbers of each model as a whole, in the order printed: n, n_weighted, loglik, loglik_null, deviance, mcfadden,
        r2, adjusted_r2, sigma, aic, bic, df (of t), and all that `Model.fit_measures` has. None: the usual ones that
        the models have.
    blocks
        Whether each model holds the one before it and more: adds the test of what was added, and the changes of
        deviance and pseudo-R2 (R2 for linear models). True or "wald": Wald's; "likelihood_ratio": twice the gain in
        log-likelihood, corrected as Rao and Scott where errors do not rest on the model.

    Returns
    -------
    ModelComparison
        `.frame` (tidy), `.fits`, `.blocks`, `.table()`, `.plot()`. Rows are grouped by question with the reference
        level named; a coefficient shares a row with another only where both have the same reference.

    Raises
    ------
    ChoiceError
        There is nothing to compare, a model has no such scale or number, or, for blocks, a model does not hold all
        terms of the one before it.
    DataError
        For blocks: two models rest on different respondents, whose number is told, or on other answers or weights.

    Notes
    -----
    Stars follow the unrounded p-values of the estimates; those of odds ratios test log-odds of zero. The test of a
    block is W / q = b' V^-1 b / q of the q added coefficients, on q and the larger model's degrees of freedom. A change
    of the deviance has no chi-square distribution under clusters or unequal weights: the likelihood ratio takes its
    p-value from the distribution under the design.

    References
    ----------
    R survey ``regTermTest(method = "Wald")``; for linear models with model-based errors the F of R ``anova(m1, m2)``.

    Examples
    --------
    >>> import pandas as pd
    >>> from surveyanalysis.analysis.linear import linear
    >>> staff = pd.DataFrame({"pay": [3.0, 4.0, 6.0, 7.0, 9.0], "years": [1, 2, 3, 5, 6], "age": [30, 28, 41, 35, 50]})
    >>> small, large = (linear(staff, f"pay ~ {x}", variance="model") for x in ("years", "years + age"))
    >>> both = compare_models({"(1)": small, "(2)": large}, blocks=True)
    >>> both.fits["r2"].round(3).tolist()
    [0.96, 0.996]
    >>> both.blocks[["model", "terms", "df"]].values.tolist()
    [['(2)', 'age', 1.0]]
    """
    one_of(scale, ("coefficient", "odds_ratio", "effect"), "scale")
    one_of(shown, ("se", "t", "interval", "p"), "shown")
    one_of(place, ("under", "beside"), "place")
    grounds = {name: Grounds.of(name, model) for name, model in _named(models).items()}
    scaled = {name: _scaled(name, models[name], scale) for name in grounds}
    columns = columns_of_models(scaled)
    method = blocks if isinstance(blocks, str) else "wald"
    one_of(method, ("wald", "likelihood_ratio"), "blocks")
    numbers = {name: _numbers(ground.estimates) for name, ground in grounds.items()}
    if fit is not None:
        numbers = {name: {**_measures(models[name]), **found} for name, found in numbers.items()}
    return ModelComparison(
        scaled,
        columns,
        term_rows(scaled, {name: ground.basis for name, ground in grounds.items()}, columns),
        numbers,
        shown,
        place,
        _stars(stars),
        _statistics(fit, numbers),
        steps_of(grounds, method) if blocks else (),
    )


def _named(models: Mapping[str, Any]) -> Mapping[str, Any]:
    if not isinstance(models, Mapping) or not models:
        raise ChoiceError('`models` must be a dict that names at least one model, such as {"(1)": m1, "(2)": m2}.')
    wrong = next((name for name in models if not isinstance(name, str) or not name.strip()), None)
    if wrong is not None:
        raise ChoiceError(f'`models` names a model {wrong!r}; a name is a text, such as "(1)".')
    return models


def _scaled(name: str, model: FittedModel, scale: CompareScale) -> Estimates:
    """Estimates on the scale asked for."""
    if scale == "coefficient":
        return model.estimates
    if not isinstance(model, Model):
        raise ChoiceError(
            f"`scale` is {scale!r}, but {name!r} is no model of probabilities ({say(model.origin.what)}). Compare "
            "coefficients, or models of `logit`, `ordered` and the like."
        )
    try:
        return model.exponentiate() if scale == "odds_ratio" else model.effects()
    except ChoiceError as error:
        raise ChoiceError(f"{name!r}: {error}") from error


def _numbers(estimates: Estimates) -> dict[str, float]:
    """Numbers of a model as a whole, its degrees of freedom among them."""
    frame, found = estimates.frame, dict(estimates.extra)
    found["df"] = float(frame["df"].iloc[0])
    if "r2" in found:
        n, k = found["n"], len(frame)
        found["adjusted_r2"] = 1 - (1 - found["r2"]) * (n - 1) / (n - k) if n > k else float("nan")
    return found


def _measures(model: FittedModel) -> Mapping[str, float]:
    """Further measures of fit, where the model maximises a likelihood."""
    return model.fit_measures().extra if isinstance(model, Model) and not model.penalised else {}


def _statistics(asked: Sequence[str] | None, numbers: Mapping[str, Mapping[str, float]]) -> tuple[str, ...]:
    """Numbers of the fit to print; one that no model has is refused where it was asked for."""
    known = dict.fromkeys(name for found in numbers.values() for name in found)
    if asked is None:
        return tuple(name for name in FIT if name in known)
    listed = (asked,) if isinstance(asked, str) else tuple(asked)
    for name in listed:
        if name not in known:
            had = ", ".join(map(repr, known))
            raise ChoiceError(f"`fit` holds {name!r}, which no model has. They have: {had}.{nearest(name, known)}")
    return listed


def _stars(asked: Sequence[float] | None) -> tuple[float, ...]:
    """Thresholds of the stars, checked."""
    found = tuple(float(value) for value in asked or ())
    if any(not 0 < value < 1 for value in found) or list(found) != sorted(set(found), reverse=True):
        raise ChoiceError(f"`stars` is {asked!r}; give p-values from the largest down, such as (0.1, 0.05, 0.01).")
    return found
