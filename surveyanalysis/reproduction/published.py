"""What a publication printed: every number as its string, where it stands, whom it is about, what is inferred.

The file (YAML) says::

    published: 1
    id: stepi-2011
    citation: {en: "...", ko: "..."}          # a plain string is good for every language
    source: https://...                       # where it can be read; `source_address` is the same
    how_read: read in full                    # optional, as are `data`, `model`, `notes`
    synthetic: true                           # the respondents that stand in are generated
    numbers:
      - id: willing_korea
        says: {en: Interested in working in Korea, ko: 한국 근무 의향}
        printed: "Sixty percent"              # in quotes, every digit as printed
        unit: percent                         # only where the string does not say it ("33.3" in a figure)
        quote: "Sixty percent of the respondents ..."
        place: paragraph 9
        question: willing_korea               # the question that it is about,
        answer: [4, 5]                        # the answer, or the answers taken together,
        among: {employer: company}            # and the respondents it is about (question: answer or answers)
        base: 57
        base_known: printed                   # or inferred
        count: 34
        count_known: inferred
        value_known: printed
        readings:                             # other bases that were weighed, and what became of them
          - {base: 34, count: 12, words: {en: "...", ko: "..."}}
        note: {en: "...", ko: "..."}
        explained: {computed: "59.6", reason: {en: "...", ko: "..."}}
    margins:                                  # counts that were not printed, but that synthetic respondents must hit
      - {id: companies, question: employer, answer: company, base: 214, count: 57, known: printed}
    assumptions: {...}                        # what synthetic respondents assume beyond that; read by `twin`

Instead of `numbers`, a table may list ``cells: [{row, column, printed}]``; the id of a cell is "row | column".
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from ..codebook.questions import Code
from ..errors import PublishedError, nearest
from ..language import Text, say
from .printed import Printed, Unit, read_printed

Answer = Code | tuple[Code, ...]
Known = Literal["printed", "inferred", "assumed"]


@dataclass(frozen=True, slots=True)
class Explained:
    """Why a printed number cannot be computed: the string that is computed instead, and the reason."""

    computed: str
    reason: Text


@dataclass(frozen=True, slots=True)
class Reading:
    """Another base (and count) that was weighed for a printed number, and what became of it."""

    base: int
    words: Text
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Margin:
    """A number of respondents that stands fixed.

    Attributes
    ----------
    question, answer
        The question, and its answer or the answers taken together.
    among
        Respondents it is about: question -> answer or answers; empty for everybody.
    count, base
        Respondents with that answer, and those who answered at all among them (None: not known).
    known
        "printed", "inferred" (the only count that fits the print) or "assumed".
    """

    id: str
    question: str
    answer: Answer | None
    count: int
    base: int | None = None
    among: Mapping[str, Answer] = field(default_factory=dict)
    known: Known = "assumed"

    @property
    def codes(self) -> tuple[Code, ...]:
        """The answers as a tuple."""
        return _as_tuple(self.answer)


@dataclass(frozen=True, slots=True)
class PrintedNumber:
    """One printed number.

    Attributes
    ----------
    id, says
        Its name, and what it says to a reader.
    printed
        As printed: "Sixty percent", "35.3", "<.001".
    read
        The string as a number, exact, with its decimals; its unit is the file's where the string has none.
    quote, place
        The sentence that holds it, and where that stands.
    question, answer, among
        What it is about: question, answer (or several, taken together), respondents (question -> answer or answers).
    base, count
        Respondents behind it, and those with the answer; None where neither printed nor inferred.
    base_known, count_known, value_known
        Whether each is "printed" or "inferred".
    note
        What a reader must know.
    explained
        The number that is computed instead, and why.
    readings
        Other bases that were weighed.
    """

    id: str
    printed: str
    read: Printed
    says: Text = field(default_factory=dict)
    quote: str = ""
    place: str = ""
    question: str | None = None
    answer: Answer | None = None
    among: Mapping[str, Answer] = field(default_factory=dict)
    base: int | None = None
    base_known: Known | None = None
    count: int | None = None
    count_known: Known | None = None
    value_known: Known | None = None
    note: Text = field(default_factory=dict)
    explained: Explained | None = None
    readings: tuple[Reading, ...] = ()

    @property
    def codes(self) -> tuple[Code, ...]:
        """The answers as a tuple; empty where the number is not about an answer."""
        return _as_tuple(self.answer)


@dataclass(frozen=True)
class Published:
    """What a publication printed.

    Attributes
    ----------
    synthetic
        Whether the respondents that stand in for those of the publication are generated.
    numbers
        In the order of the file.
    margins
        Counts that were not printed but that synthetic respondents must hit.
    assumptions
        What synthetic respondents assume beyond that, as it stands in the file.
    about
        Further lines of the file: how it was read, data, model, notes.
    """

    id: str
    citation: Text
    numbers: tuple[PrintedNumber, ...]
    source: str = ""
    synthetic: bool = False
    margins: tuple[Margin, ...] = ()
    assumptions: Mapping[str, Any] = field(default_factory=dict)
    about: Mapping[str, str] = field(default_factory=dict)
    path: str = ""

    def __len__(self) -> int:
        return len(self.numbers)

    def __getitem__(self, name: str) -> PrintedNumber:
        for number in self.numbers:
            if number.id == name:
                return number
        raise PublishedError(f"{self.id!r} has no printed number {name!r}.{nearest(name, self.ids)}")

    @property
    def ids(self) -> tuple[str, ...]:
        """Ids of the numbers, in order."""
        return tuple(number.id for number in self.numbers)

    def __repr__(self) -> str:
        head = f"Published {self.id}: {len(self)} numbers, {len(self.margins)} margins. {say(self.citation)}"
        return "\n".join([head.rstrip(), *(f"  {n.id:<40} {n.printed}" for n in self.numbers)])


def printed_number(id: str, printed: str, *, unit: Unit | None = None, **rest: Any) -> PrintedNumber:
    """Build a printed number from its string.

    Parameters
    ----------
    unit
        "percent" or "number", where the string does not say it.
    **rest
        Further attributes of `PrintedNumber`.

    Raises
    ------
    PublishedError
        The string cannot be read, or its unit is not `unit`.

    Examples
    --------
    >>> printed_number("planning", "35.3", unit="percent", base=51, count=18).read.unit
    'percent'
    """
    read = read_printed(printed)
    if unit == "number" and read.unit == "percent":
        raise PublishedError(f"{printed!r} is a percentage, `unit` says it is a number. Leave `unit` out.")
    return PrintedNumber(
        id, printed, Printed(read.text, read.value, read.decimals, unit or read.unit, read.relation), **rest
    )


def read_published(path: str | Path) -> Published:
    """Read a file of printed numbers; the module's first lines show its words.

    Raises
    ------
    PublishedError
        The file is missing or wrong; the message names file, line and number.
    """
    from .published_file import load

    return load(Path(path))


def _as_tuple(answer: Answer | None) -> tuple[Code, ...]:
    if answer is None:
        return ()
    return answer if isinstance(answer, tuple) else (answer,)
