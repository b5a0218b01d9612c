"""What was asked: questions, their choices, and how the answers lie in a frame or a file."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from ..errors import unknown_column
from ..language import Text

QuestionType = Literal["single", "multi", "likert", "grid", "rank", "number", "text", "date"]
QUESTION_TYPES = ("single", "multi", "likert", "grid", "rank", "number", "text", "date")
Code = int | str


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer category.

    Attributes
    ----------
    code
        What the cleaned frame holds.
    label
        What a reader sees, per language.
    raw
        Other spellings met in files.
    other
        Id of the text question that holds the words of an "other" answer.
    """

    code: Code
    label: Text
    raw: tuple[str, ...] = ()
    other: str | None = None


@dataclass(frozen=True, slots=True)
class Missing:
    """One reason why an answer is missing, with its spellings and its SPSS and Stata twins."""

    id: str
    label: Text
    raw: tuple[str, ...] = ()
    spss: int | None = None
    stata: str | None = None


@dataclass(frozen=True, slots=True)
class Binding:
    """How the answers lie in the file.

    Attributes
    ----------
    column
        The one column that holds the answer.
    columns
        A pattern such as "Q5_{code}": one column an option or item.
    join
        What separates several answers within one cell.
    ticked
        What a ticked option looks like; empty means "not empty".
    holds
        For rankings: whether a cell holds the "rank" of its option or the "code" on its rank.
    in_file
        False for questions that were asked but are not in this file.
    """

    column: str | None = None
    columns: str | None = None
    join: str | None = None
    ticked: tuple[str, ...] = ()
    holds: Literal["rank", "code"] = "rank"
    in_file: bool = True


@dataclass(frozen=True, slots=True)
class Question:
    """One question.

    Attributes
    ----------
    id
        The name that a person types; names the column of the cleaned frame.
    type
        One of `QUESTION_TYPES`. A likert question's choices are ordered; a grid is likert over several `items`.
    wording, short
        The question as asked, and a short label for tables and figures, per language.
    choices
        Answer categories in the order of the scale.
    items
        Rows of a grid: key -> label.
    base
        Expression that says who was asked; None means everybody.
    derived
        Expression that computes the answer from other questions; None for questions that were asked. A derived
        single-choice question has two choices: the first stands for False, the second (its `event`) for True.
    event
        The code whose probability a binary model describes, where the order does not tell.
    top
        For rankings: how many ranks were asked.
    unit, to
        Unit of the answers as typed, and of the cleaned frame ("만원" to "KRW"); `range` is in `unit`.
    two_digit_year
        Century of years typed with two digits: with 1900, "74" is 1974.
    formats
        How dates are written: strptime patterns, or "korean", "excel_serial".
    parse
        How a number is read where it is not plain digits: "korean_number".
    missing
        Spellings that mean missing in this question only: raw text -> reason.
    """

    id: str
    type: QuestionType
    wording: Text = field(default_factory=dict)
    short: Text = field(default_factory=dict)
    choices: tuple[Choice, ...] = ()
    items: Mapping[str, Text] = field(default_factory=dict)
    base: str | None = None
    derived: str | None = None
    event: Code | None = None
    top: int | None = None
    max_choices: int | None = None
    integer: bool = False
    unit: str = ""
    to: str = ""
    range: tuple[Any, Any] | None = None
    two_digit_year: int | None = None
    formats: tuple[str, ...] = ()
    parse: str | None = None
    missing: Mapping[str, str] = field(default_factory=dict)
    binding: Binding = field(default_factory=Binding)

    @property
    def codes(self) -> tuple[Code, ...]:
        """Codes in the order of the scale."""
        return tuple(c.code for c in self.choices)

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns of the cleaned frame that hold this question."""
        if self.type in ("multi", "rank"):
            return tuple(f"{self.id}_{c.code}" for c in self.choices)
        if self.type == "grid":
            return tuple(f"{self.id}_{item}" for item in self.items)
        return (self.id,)

    @property
    def label(self) -> Text:
        """Short label, or the wording, or the id."""
        return self.short or self.wording or {"": self.id}

    def column_label(self, column: str) -> Text:
        """Label of one column of the frame: an option, an item, or the question itself."""
        if self.type in ("multi", "rank"):
            return next((c.label for c in self.choices if f"{self.id}_{c.code}" == column), self.label)
        if self.type == "grid":
            return next((lab for key, lab in self.items.items() if f"{self.id}_{key}" == column), self.label)
        return self.label

    def level_label(self, code: Any) -> Text:
        """Label of one answer category."""
        return next((c.label for c in self.choices if c.code == code), {"": str(code)})


@dataclass(frozen=True, slots=True)
class Source:
    """How the export is laid out: its format, and the columns that are about the answering, not answers."""

    format: str | None = None
    id: str | None = None
    external_id: str | None = None
    start: str | None = None
    end: str | None = None
    duration: str | None = None
    status: str | None = None
    status_keep: tuple[str, ...] = ()
    finished: str | None = None
    finished_yes: tuple[str, ...] = ()
    pii: tuple[str, ...] = ()


@dataclass(frozen=True)
class Codebook:
    """What was asked, in order; a value that prints itself.

    Attributes
    ----------
    questions
        Id -> question, in the questionnaire's order.
    missing
        Id -> reason for missing.
    bases
        Name -> expression: the named denominators.
    about
        What the methods text and the checks need, as plain values: population, frame, mode, fielded, invited, design;
        "bases" (name -> label), "scales", "quality" (what careless-answering indices look at), "weights".
    languages
        The first is the default for labels.
    synthetic
        Whether the respondents of this codebook's data are generated.
    """

    questions: Mapping[str, Question]
    id: str = ""
    title: Text = field(default_factory=dict)
    languages: tuple[str, ...] = ("en",)
    missing: Mapping[str, Missing] = field(default_factory=dict)
    source: Source = field(default_factory=Source)
    bases: Mapping[str, str] = field(default_factory=dict)
    about: Mapping[str, Any] = field(default_factory=dict)
    synthetic: bool = False
    path: str = ""

    def __iter__(self) -> Iterator[Question]:
        return iter(self.questions.values())

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and name in self.questions

    def __len__(self) -> int:
        return len(self.questions)

    def __getitem__(self, name: str) -> Question:
        if name not in self:
            raise unknown_column(name, self.questions)
        return self.questions[name]

    def question_of(self, column: str) -> Question | None:
        """Return the question that a column of the frame belongs to, or None."""
        if column in self:
            return self.questions[column]
        return next((q for q in self if column in q.columns), None)

    def look_for(self, words: str) -> "list[Question]":
        """Return the questions whose id, wording or answer labels hold `words`, ignoring case.

        Examples
        --------
        >>> book = Codebook({"age": Question("age", "number", wording={"en": "Your age?"})})
        >>> [q.id for q in book.look_for("AGE")]
        ['age']
        """
        needle = words.casefold()
        return [q for q in self if needle in _words_of(q)]

    def __repr__(self) -> str:
        head = f"Codebook {self.id or '(from a frame)'}: {len(self)} questions"
        lines = [f"  {q.id:<22} {q.type:<7} {next(iter(q.label.values()), '')[:60]}" for q in self]
        return "\n".join([head, *lines])


def _words_of(question: Question) -> str:
    texts = [question.wording, question.short, *(c.label for c in question.choices), *question.items.values()]
    return " ".join([question.id, *(w for t in texts for w in t.values())]).casefold()
