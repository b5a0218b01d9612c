"""Progress of long work: one line on a terminal, from the third second on."""

import sys
import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

Item = TypeVar("Item")
PATIENCE = 2.0  # seconds


def told(items: Iterable[Item], total: int, what: str, progress: bool) -> Iterator[Item]:
    """Hand on the items, and say on a terminal's stderr how many are done; nothing elsewhere, nothing for short work.

    Examples
    --------
    >>> list(told([1, 2], 2, "imputations", True))
    [1, 2]
    """
    shown, began = False, time.monotonic()
    try:
        for done, item in enumerate(items):
            if progress and time.monotonic() - began > PATIENCE and sys.stderr.isatty():
                sys.stderr.write(f"\r\033[K{what}: {done} of {total}")
                sys.stderr.flush()
                shown = True
            yield item
    finally:
        if shown:
            sys.stderr.write("\r\033[K")
            sys.stderr.flush()
