"""The words of a study's page, in several languages, in the file page.yaml of its folder."""

from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from ..codebook.document import read_yaml
from ..codebook.validation import validated
from ..errors import PublishedError
from ..language import text

Words = Annotated[dict[str, str], BeforeValidator(text)]


class _Shape(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ExhibitWords(_Shape):
    """Title of an exhibit, what to read in it, and notes below it."""

    title: Words
    lead: Words = Field(default_factory=dict)
    notes: list[Words] = Field(default_factory=list)


class PageWords(_Shape):
    """The words of a page.

    Attributes
    ----------
    warning
        What a reader must know before anything else; empty for none.
    exhibits
        Exhibit id -> its words, in the order of the page.
    limits
        What the study does not show.
    """

    page: Literal[1]
    title: Words
    subtitle: Words
    warning: Words = Field(default_factory=dict)
    exhibits: dict[str, ExhibitWords]
    limits: list[Words] = Field(default_factory=list)


def read_page(path: Path) -> PageWords:
    """Read a page.yaml.

    Raises
    ------
    PublishedError
        The file is missing or wrong; the message names file, line and key.
    """
    data, line_of = read_yaml(path, PublishedError)
    return validated(PageWords, data, path, line_of, PublishedError)
