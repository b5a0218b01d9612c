"""The shape of codebook.yaml: which keys there are and what they hold."""

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    GetJsonSchemaHandler,
    PlainValidator,
    StrictBool,
    StrictInt,
    Tag,
    ValidationInfo,
    model_validator,
)

from .questions import QuestionType

LANGUAGE = "^[a-z]{2,3}(-[A-Za-z0-9]+)?$"
Platform = Literal["qualtrics", "google_forms", "surveymonkey", "limesurvey", "limesurvey_vv", "kobo", "redcap"]
FileKind = Literal["spss", "stata", "sas", "excel", "csv"]


def _word(value: Any) -> Any:
    """Spellings are texts; whole numbers are taken as they are written."""
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else value


def _code(value: Any) -> int | str:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and value.strip() == value != "":
        return value
    raise ValueError("a code is a whole number or a short text; put yes, true and 1.0 in quotation marks")


def _bound(value: Any) -> int | float | date:
    if isinstance(value, int | float | date) and not isinstance(value, bool):
        return value
    raise ValueError("an end of a range is a number or a date such as 2010-07-01")


Word = Annotated[str, BeforeValidator(_word)]
CodeKey = Annotated[int | str, PlainValidator(_code, json_schema_input_type=int | str)]
Bound = Annotated[int | float | date, PlainValidator(_bound, json_schema_input_type=int | float | date)]


class Entry(BaseModel):
    """A mapping that refuses keys that it does not know."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Labelled(Entry):
    """A mapping whose language keys (ko, en) are its label; a plain text is a label in every language."""

    label: dict[str, str] = {}

    @model_validator(mode="before")
    @classmethod
    def _gather_languages(cls, value: Any, info: ValidationInfo) -> Any:
        if isinstance(value, str):
            return {"label": {"": value}}
        languages = (info.context or {}).get("languages", ())
        if not isinstance(value, dict) or "label" in value or not any(key in languages for key in value):
            return value
        label = {key: words for key, words in value.items() if key in languages}
        return {"label": label} | {key: part for key, part in value.items() if key not in languages}

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: Any, handler: GetJsonSchemaHandler) -> dict[str, Any]:
        """In the file the languages are keys of the mapping itself."""
        shape = handler.resolve_ref_schema(handler(schema))
        shape["properties"].pop("label", None)
        keys = "|".join(shape["properties"])
        shape["patternProperties"] = {f"^(?!({keys})$){LANGUAGE[1:]}": {"type": "string"}}
        return {"anyOf": [shape, {"type": "string"}]} if cls in (Label, ChoiceEntry) else shape


class Label(Labelled):
    """Words in one or several languages."""


class ChoiceEntry(Labelled):
    """One answer category; `other` is the id of the text question that holds an "other" answer."""

    raw: list[Word] = []
    other: str | None = None


class MissingEntry(Labelled):
    """One reason for a missing answer."""

    raw: list[Word] = []
    spss: StrictInt | None = None
    stata: Annotated[str, Field(pattern=r"^\.[a-z]$")] | None = None


def _pairs_or_name(value: Any) -> Any:
    if isinstance(value, list):
        raise ValueError("choices are `code: label` pairs, such as {1: Company, 2: University}, or the name of a list")
    return value


Choices = dict[CodeKey, ChoiceEntry]
ChoicesOrName = Annotated[
    Annotated[str, Tag("name")] | Annotated[Choices, Tag("mapping")],
    Discriminator(lambda value: "mapping" if isinstance(value, dict) else "name"),
    BeforeValidator(_pairs_or_name),
]


class QuestionEntry(Labelled):
    """One question: what was asked, of whom, and where the answers lie in the file."""

    id: str
    type: QuestionType
    short: Label = Label()
    choices: ChoicesOrName | None = None
    grid: StrictBool = False
    items: dict[CodeKey, Label] = {}
    column: str | None = None
    columns: str | None = None
    join: Annotated[str, Field(min_length=1)] | None = None
    ticked: list[Word] | None = None
    holds: Literal["rank", "code"] = "rank"
    in_file: StrictBool = True
    base: str | None = None
    derived: str | None = None
    derive: dict[str, str] = {}
    event: CodeKey | None = None
    top: Annotated[int, Field(strict=True, ge=1)] | None = None
    max: Annotated[int, Field(strict=True, ge=1)] | None = None
    integer: StrictBool = False
    unit: str = ""
    to: str = ""
    range: tuple[Bound, Bound] | None = None
    parse: Literal["korean_number"] | None = None
    two_digit_year: Annotated[int, Field(strict=True, multiple_of=100)] | None = None
    formats: list[str] = []
    missing: dict[Word, str] = {}
    empty: list[Word] = []


class Fielded(Labelled):
    """When the survey was in the field; in words, where the dates are not known."""

    from_: date | None = Field(None, alias="from")
    to: date | None = None
    tz: str | None = None


class SurveyEntry(Entry):
    """What the survey is; `about` takes anything else that should be kept."""

    id: str
    title: Label = Label()
    languages: Annotated[list[Annotated[str, Field(pattern=LANGUAGE)]], Field(min_length=1)] = ["en"]
    synthetic: StrictBool = False
    population: Label | None = None
    frame: Label | None = None
    mode: Label | None = None
    fielded: Fielded | None = None
    invited: Annotated[int, Field(strict=True, ge=0)] | None = None
    design: Literal["probability", "nonprobability", "census"] | None = None
    about: dict[str, Any] = {}


class StatusEntry(Entry):
    """The column that tells respondents from previews and tests, and which of its values are respondents."""

    column: str
    keep: Annotated[list[Word], Field(min_length=1)]


class FinishedEntry(Entry):
    """The column that tells who reached the end, and which of its values say so."""

    column: str
    yes: Annotated[list[Word], Field(min_length=1)]


class SourceEntry(Entry):
    """How the file is laid out, and its columns that are about the answering."""

    format: Platform | FileKind | None = None
    id: str | None = None
    external_id: str | None = None
    start: str | None = None
    end: str | None = None
    duration: str | None = None
    status: StatusEntry | None = None
    finished: FinishedEntry | None = None
    pii: list[str] = []


class ScaleEntry(Labelled):
    """A score over several columns."""

    items: Annotated[list[str], Field(min_length=1)]
    score: Literal["mean", "sum"] = "mean"
    min_valid: Annotated[int, Field(strict=True, ge=1)] | None = None
    reverse: list[str] = []


class SecondsEntry(Entry):
    """Who answered too fast: below a share of the median, or below a number of seconds."""

    share_of_median: Annotated[float, Field(gt=0, lt=1)] | None = None
    seconds: Annotated[float, Field(gt=0)] | None = None


class QualityEntry(Entry):
    """What the indices of careless answering look at."""

    grids: list[str] = []
    seconds_min: SecondsEntry | None = None
    attention: list[Any] = []


class BaseEntry(Labelled):
    """A named denominator."""

    where: str


class CodebookFile(Entry):
    """The whole codebook.yaml, format 1."""

    codebook: Literal[1]
    survey: SurveyEntry
    source: SourceEntry = SourceEntry()
    missing: dict[str, MissingEntry] = {}
    choices: dict[str, Choices] = {}
    questions: Annotated[list[QuestionEntry], Field(min_length=1)]
    scales: dict[str, ScaleEntry] = {}
    quality: QualityEntry | None = None
    bases: dict[str, BaseEntry] = {}
    weights: dict[str, dict[str, Any]] = {}
