"""Linear algebra on one thread: a second one that waits for a busy core costs more than it brings."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import cache, wraps
from threading import local
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")
_here = local()


def one_thread() -> AbstractContextManager[Any]:
    """Within this context, matrix products stay on one thread."""
    limit: AbstractContextManager[Any] = _controller().limit(limits=1, user_api="blas")
    return limit


def on_one_thread(function: Callable[P, R]) -> Callable[P, R]:
    """The function with all its matrix products on one thread."""

    @wraps(function)
    def alone(*args: P.args, **kwargs: P.kwargs) -> R:
        if getattr(_here, "alone", False):  # within such a function: setting the limit again takes time
            return function(*args, **kwargs)
        with one_thread():
            _here.alone = True
            try:
                return function(*args, **kwargs)
            finally:
                _here.alone = False

    return alone


@cache
def _controller() -> Any:
    """The libraries of linear algebra that are loaded, found once."""
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()
