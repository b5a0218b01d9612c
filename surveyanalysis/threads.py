"""Who works at once: products on one thread, since a second one that waits for a busy core costs more than it brings;
blocks of very many rows on several."""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from functools import cache, wraps
from typing import Any, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")
MANY_BLOCKS = 12
"""From so many blocks on, several are worked on at once."""
MOST_THREADS = 4


def one_thread() -> AbstractContextManager[Any]:
    """Within this context, matrix products stay on one thread."""
    limit: AbstractContextManager[Any] = _controller().limit(limits=1, user_api="blas")
    return limit


def on_one_thread(function: Callable[P, R]) -> Callable[P, R]:
    """The function with all its matrix products on one thread."""

    @wraps(function)
    def alone(*args: P.args, **kwargs: P.kwargs) -> R:
        with one_thread():
            return function(*args, **kwargs)

    return alone


@cache
def _controller() -> Any:
    """The libraries of linear algebra that are loaded, found once."""
    from threadpoolctl import ThreadpoolController

    return ThreadpoolController()


def of_each_block(function: Callable[[slice], R], blocks: Sequence[slice]) -> list[R]:
    """What a function finds in each block of rows, in their order, so that sums never depend on who was first.

    Examples
    --------
    >>> of_each_block(lambda rows: rows.stop - rows.start, [slice(0, 5), slice(5, 8)])
    [5, 3]
    """
    if len(blocks) < MANY_BLOCKS or (os.cpu_count() or 1) < 2:
        return [function(rows) for rows in blocks]
    return list(_workers().map(function, blocks, chunksize=1))


@cache
def _workers() -> ThreadPoolExecutor:
    """Threads that wait for blocks."""
    return ThreadPoolExecutor(min(os.cpu_count() or 1, MOST_THREADS), thread_name_prefix="surveyanalysis")
