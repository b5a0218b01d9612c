"""Linear algebra on one thread, set once however deep functions lie in each other."""

import pytest
from threadpoolctl import threadpool_info

from surveyanalysis.threads import on_one_thread


def threads() -> set[int]:
    return {pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"}


@on_one_thread
def inner() -> set[int]:
    return threads()


@on_one_thread
def outer() -> tuple[set[int], set[int]]:
    return inner(), threads()


@on_one_thread
def failing() -> None:
    inner()
    raise ValueError


def test_the_limit_holds_to_the_end_of_the_outer_function_and_no_longer():
    before = threads()
    assert outer() == ({1}, {1})
    assert threads() == before


def test_a_failure_gives_the_threads_back():
    before = threads()
    with pytest.raises(ValueError):
        failing()
    assert threads() == before
    assert inner() == {1}
