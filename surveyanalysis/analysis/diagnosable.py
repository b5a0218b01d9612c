"""Which fitted models can be asked about themselves."""

from typing import TYPE_CHECKING, cast

from ..errors import ChoiceError

if TYPE_CHECKING:
    from .model import Model


def diagnosed(found: object) -> "Model":
    """Return a model where it is binary or ordered with parallel lines, of maximum likelihood; refuse others.

    Raises
    ------
    ChoiceError
        The model is of another kind, or penalised.
    """
    from .responses import Binary, Cumulative

    model = of_likelihood(found)
    if isinstance(model.response, Binary | Cumulative):
        return model
    raise ChoiceError(
        "This is there for models of one linear predictor: `logit`, `probit`, `cloglog`, and `ordered` with parallel "
        "lines and one spread."
    )


def of_likelihood(found: object) -> "Model":
    """Return a model of maximum likelihood; refuse a penalised one.

    Raises
    ------
    ChoiceError
        The model is penalised: its likelihood is not at its maximum.
    """
    model = cast("Model", found)
    if getattr(model, "penalised", False):
        raise ChoiceError(
            "This rests on the maximum of the likelihood, which a model with reduced bias does not reach. Use its "
            "coefficients, intervals, effects and Wald tests, or fit `logit`."
        )
    return model
