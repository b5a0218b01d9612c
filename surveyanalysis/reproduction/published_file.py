"""The shape of a file of printed numbers, and how it becomes a `Published`; `published` shows its words."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from ..codebook.document import LineOf, read_yaml
from ..codebook.validation import problem, validated
from ..errors import PublishedError, nearest
from ..language import text
from .printed import Unit, read_printed
from .published import Explained, Known, Margin, PrintedNumber, Published, Reading, printed_number


def _readable(printed: Any) -> str:
    return read_printed(printed).text


def _frozen(answer: Any) -> Any:
    return tuple(answer) if isinstance(answer, list) else answer


Words = Annotated[str | dict[str, str] | None, AfterValidator(text)]
PrintedText = Annotated[str, BeforeValidator(_readable)]
Code = bool | int | str
Answer = Annotated[Code | list[Code], AfterValidator(_frozen)]
Count = Annotated[int, Field(ge=0, strict=True)]
Base = Annotated[int, Field(ge=1, strict=True)]


_PLAIN = (
    "quote", "place", "question", "answer", "among", "base", "base_known", "count", "count_known", "value_known",
)  # fmt: skip


class Shape(BaseModel):
    """Refuses keys that it does not know, so that a misspelt one is told."""

    model_config = ConfigDict(extra="forbid")


class _Counted(Shape):
    """Whatever has a count of a base: the count cannot be larger."""

    count: Count | None = None
    base: Base | None = None

    @model_validator(mode="after")
    def _count_within_base(self) -> "_Counted":
        if self.count is not None and self.base is not None and self.count > self.base:
            raise ValueError(f"the count {self.count} is larger than its base {self.base}")
        return self


class ReadingShape(_Counted):
    """Another base that was weighed."""

    base: Base
    words: Words


class ExplainedShape(Shape):
    """What is computed instead, and why."""

    computed: PrintedText
    reason: Words


class NumberShape(_Counted):
    """One of `numbers`."""

    id: str
    says: Words = None
    printed: PrintedText
    unit: Unit | None = None
    quote: str = ""
    place: str = ""
    question: str | None = None
    answer: Answer | None = None
    among: dict[str, Answer] = {}
    base_known: Known | None = None
    count_known: Known | None = None
    value_known: Known | None = None
    note: Words = None
    explained: ExplainedShape | None = None
    readings: list[ReadingShape] = []


class MarginShape(_Counted):
    """One of `margins`."""

    id: str
    question: str
    answer: Answer | None = None
    among: dict[str, Answer] = {}
    count: Count
    known: Known = "assumed"


class CellShape(Shape):
    """One of `cells`."""

    row: str
    column: str
    printed: PrintedText

    @property
    def id(self) -> str:
        """Row and column."""
        return f"{self.row} | {self.column}"


class DifferingShape(CellShape):
    """A cell whose recomputed value is known to differ, with the reason; without one the file's `why` holds."""

    recomputed: float
    why: Words = None


class PublishedShape(Shape):
    """The whole file."""

    published: Literal[1] = 1
    id: str
    citation: Words
    source: str = ""
    source_address: str = ""
    how_read: str = ""
    data: str = ""
    model: str = ""
    notes: str = ""
    recomputed: str = ""
    synthetic: bool = False
    numbers: list[NumberShape] = []
    cells: list[CellShape] = []
    differing: list[DifferingShape] = []
    why: Words = None
    data_inside: Any = None
    margins: list[MarginShape] = []
    assumptions: dict[str, Any] = {}

    @property
    def about(self) -> Mapping[str, str]:
        """Further lines that hold something."""
        named = {name: getattr(self, name) for name in ("how_read", "data", "model", "notes", "recomputed")}
        return {name: said for name, said in named.items() if said}


File = TypeVar("File", bound=PublishedShape)


def load(path: Path) -> Published:
    """Read and check a file of printed numbers; see `published.read_published`."""
    return published_of(checked(PublishedShape, path), path)


def checked(shape: type[File], path: Path) -> File:
    """Read a file against its shape, and against what only the whole file shows."""
    data, line_of = read_yaml(path, PublishedError)
    found = validated(shape, data, path, line_of, PublishedError)
    problems = [*_problems(path, data, line_of, found), *_unfounded(path, data, line_of, found)]
    if problems:
        raise PublishedError("\n".join(problems))
    return found


def published_of(shape: PublishedShape, path: Path) -> Published:
    """What a checked file says was printed."""
    return Published(
        id=shape.id,
        citation=text(shape.citation),
        numbers=(*map(_number, shape.numbers), *_cells(shape)),
        source=shape.source or shape.source_address,
        synthetic=shape.synthetic,
        margins=tuple(map(_margin, shape.margins)),
        assumptions=shape.assumptions,
        about=shape.about,
        path=str(path),
    )


def _problems(path: Path, data: Any, line_of: LineOf, shape: PublishedShape) -> Iterator[str]:
    """What only the whole file shows: nothing in it, ids that occur twice, units that contradict the print."""
    if not shape.numbers and not shape.cells:
        yield f"{path}: it holds neither `numbers` nor `cells`: there is nothing to compare with."
    named = [("numbers", i, n.id) for i, n in enumerate(shape.numbers)]
    named += [("cells", i, c.id) for i, c in enumerate(shape.cells)]
    named += [("margins", i, m.id) for i, m in enumerate(shape.margins)]
    seen: dict[str, tuple[str, int]] = {}
    for key, i, name in named:
        if name in seen:
            first = line_of(seen[name])
            yield problem(path, data, line_of, (key, i), f"the id {name!r} stands in line {first} already; rename one.")
        seen.setdefault(name, (key, i))
    for i, number in enumerate(shape.numbers):
        try:
            _number(number)
        except PublishedError as wrong:
            yield problem(path, data, line_of, ("numbers", i, "unit"), str(wrong))


def _unfounded(path: Path, data: Any, line_of: LineOf, shape: PublishedShape) -> Iterator[str]:
    """Known differences that explain nothing: of no cell, of another print than the cell's, or without a reason."""
    printed = {cell.id: cell.printed for cell in shape.cells}
    for i, known in enumerate(shape.differing):
        said = ""
        if known.id not in printed:
            said = f"{known.id!r} is none of the `cells`.{nearest(known.id, list(printed))}"
        elif known.printed != printed[known.id]:
            said = f"{known.id!r} is printed {printed[known.id]!r} in `cells`, {known.printed!r} here."
        elif not (known.why or shape.why):
            said = f"{known.id!r} differs without a reason; say it in its `why`, or in that of the file."
        if said:
            yield problem(path, data, line_of, ("differing", i), said)


def _number(shape: NumberShape) -> PrintedNumber:
    """Make a number of what the file says about it."""
    why = shape.explained
    explained = Explained(why.computed, text(why.reason)) if why is not None else None
    readings = tuple(Reading(r.base, text(r.words), r.count) for r in shape.readings)
    plain: dict[str, Any] = {name: getattr(shape, name) for name in _PLAIN}
    words = {"says": text(shape.says), "note": text(shape.note)}
    return printed_number(
        shape.id, shape.printed, unit=shape.unit, explained=explained, readings=readings, **words, **plain
    )


def _margin(shape: MarginShape) -> Margin:
    return Margin(**{name: getattr(shape, name) for name in MarginShape.model_fields})


def _cells(shape: PublishedShape) -> Iterator[PrintedNumber]:
    """Cells of a table as numbers; a cell listed under `differing` is explained by its `why`, or by the file's."""
    known = {d.id: Explained(str(d.recomputed), text(d.why or shape.why)) for d in shape.differing}
    for cell in shape.cells:
        unit: Unit | None = "percent" if cell.column.strip() == "%" else None
        says = text(cell.row if cell.column in ("%", "value") else f"{cell.row}, {cell.column}")
        yield printed_number(cell.id, cell.printed, unit=unit, says=says, place=cell.id, explained=known.get(cell.id))
