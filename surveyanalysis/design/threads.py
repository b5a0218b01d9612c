"""Linear algebra on one thread: a second one that has to wait for a busy core costs more than it brings."""

from contextlib import AbstractContextManager
from functools import cache
from typing import Any


def one_thread() -> AbstractContextManager[Any]:
    """Within this context, matrix products stay on one thread."""
    limit: AbstractContextManager[Any] = _controller().limit(limits=1, user_api="blas")
    return limit


@cache
def _controller() -> Any:
    """The libraries of linear algebra that are loaded, found once."""
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()
