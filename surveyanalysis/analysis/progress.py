"""A line that tells how far long work is, in a terminal only."""

import sys
import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

Item = TypeVar("Item")
PATIENCE = 2.0  # seconds before anything is shown
PAUSE = 0.2


def followed(items: Iterable[Item], total: int, words: str, shown: bool = True) -> Iterator[Item]:
    """Pass items on, and tell how many have passed once it takes longer than two seconds.

    Examples
    --------
    >>> list(followed([1, 2], 2, "refits"))
    [1, 2]
    """
    visible = shown and sys.stderr.isatty()
    start = told = time.monotonic()
    written = False
    for done, item in enumerate(items, 1):
        now = time.monotonic()
        if visible and now - start > PATIENCE and now - told > PAUSE:
            sys.stderr.write(f"\r\033[K{words}: {done:,} of {total:,}")
            sys.stderr.flush()
            told, written = now, True
        yield item
    if written:
        sys.stderr.write("\r\033[K")
