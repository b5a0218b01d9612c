"""Which fitted models can be asked about themselves."""

from typing import TYPE_CHECKING, cast

from ..errors import ChoiceError

if TYPE_CHECKING:
    from .model import Model


def diagnosed(found: object) -> "Model":
    """Return a model where it is binary or ordered and of maximum likelihood; refuse others.

    Raises
    ------
    ChoiceError
        The model is for answers without an order, or penalised.
    """
    from .responses import Binary, Cumulative

    model = cast("Model", found)
    if isinstance(model.response, Binary | Cumulative) and not model.penalised:
        return model
    raise ChoiceError(
        "This is there for maximum likelihood models of yes/no and ordered answers: `logit`, `probit`, `cloglog`, "
        "`ordered`."
    )
