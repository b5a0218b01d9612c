"""A study: how its survey is loaded, what it shows, and which printed numbers it computes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ..language import Text
from ..reproduction.compare import Computed
from ..reproduction.published import Published
from ..survey import Survey


@dataclass(frozen=True)
class Shown:
    """One result within an exhibit.

    Attributes
    ----------
    name
        Name of the files that hold it.
    result
        Anything with `.table(lang)`, and `.plot(lang=)` where it is drawn.
    drawn
        Whether it is shown as a figure, with its table behind it; else as a table.
    """

    name: str
    result: Any
    drawn: bool = False


@dataclass(frozen=True)
class Exhibit:
    """One section of a study: a title, what to read in it, and its results."""

    id: str
    title: Text
    lead: Text = field(default_factory=dict)
    shown: tuple[Shown, ...] = ()
    notes: tuple[Text, ...] = ()


@dataclass(frozen=True)
class Study:
    """A publication that can be reproduced.

    Attributes
    ----------
    id
        The name a person types; its data lie in the folder of that name.
    load
        Folder of the data -> cleaned survey.
    computed
        Survey, printed numbers -> computed numbers by the id of the printed number.
    exhibits
        Survey -> exhibits in the publication's order.
    cards
        Survey -> (number, words) for the head of the page.
    warning
        What a reader must know before anything else; empty for none.
    limits
        What the study does not show.
    """

    id: str
    title: Text
    subtitle: Text
    load: Callable[[Path], Survey]
    computed: Callable[[Survey, Published], Mapping[str, Computed]]
    exhibits: Callable[[Survey, Published], Sequence[Exhibit]]
    cards: Callable[[Survey], Sequence[tuple[str, Text]]]
    warning: Text = field(default_factory=dict)
    limits: tuple[Text, ...] = ()
