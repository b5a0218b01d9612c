"""A study: how its survey is loaded, what it shows, and which printed numbers it computes."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import PublishedError
from ..language import Text
from ..reproduction.compare import Computed
from ..reproduction.published import Published
from ..survey import Survey

if TYPE_CHECKING:
    from .page_file import PageWords


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
    """One section of a study's page: a title, what to read in it, and its results."""

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
    shown
        Survey, printed numbers -> results by the id of the exhibit; titles and leads stand in the folder's page.yaml.
    cards
        Survey -> (number, words) for the head of the page.
    """

    id: str
    load: Callable[[Path], Survey]
    computed: Callable[[Survey, Published], Mapping[str, Computed]]
    shown: Callable[[Survey, Published], Mapping[str, tuple[Shown, ...]]]
    cards: Callable[[Survey], Sequence[tuple[str, Text]]]


def exhibits_of(study: Study, survey: Survey, published: Published, words: "PageWords") -> tuple[Exhibit, ...]:
    """Join a study's results with the words of its page, in the order of the page.

    Raises
    ------
    PublishedError
        The page names an exhibit that the study does not compute, or leaves one out.
    """
    results = study.shown(survey, published)
    if set(results) != set(words.exhibits):
        odd = sorted(set(results) ^ set(words.exhibits))
        raise PublishedError(f"page.yaml of {study.id!r} and its results do not name the same exhibits: {odd}.")
    return tuple(
        Exhibit(name, said.title, said.lead, results[name], tuple(said.notes)) for name, said in words.exhibits.items()
    )
