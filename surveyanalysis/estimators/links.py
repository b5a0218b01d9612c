"""The links by name."""

from typing import Literal

from ..errors import one_of
from . import cauchit, cloglog, logit, loglog, probit
from .link import Link

LinkName = Literal["logit", "probit", "cloglog", "loglog", "cauchit"]
LINKS: dict[str, Link] = {
    "logit": logit.LINK,
    "probit": probit.LINK,
    "cloglog": cloglog.LINK,
    "loglog": loglog.LINK,
    "cauchit": cauchit.LINK,
}


def link_named(name: str) -> Link:
    """Return the link with this name, or raise with all names.

    Examples
    --------
    >>> import numpy as np
    >>> float(link_named("cloglog").cdf(np.array(0.0)).round(6))
    0.632121
    """
    return LINKS[one_of(name, tuple(LINKS), "link")]
