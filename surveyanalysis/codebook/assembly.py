"""From the codebook file's entries to the `Codebook` that the package works with."""

from collections.abc import Iterator
from typing import Any

from ..language import Text, both
from .questions import Binding, Choice, Codebook, Missing, Question, QuestionType, Source
from .schema import Choices, CodebookFile, Fielded, QuestionEntry, SourceEntry, SurveyEntry

STANDARD_REASONS = {
    "omitted": both("No answer", "무응답"),
    "na": both("Not asked", "비해당"),
    "notreached": both("Broke off", "중도이탈"),
    "invalid": both("Invalid", "오류값"),
}


def assembled(file: CodebookFile, path: str = "") -> Codebook:
    """Build the codebook from a checked file.

    The four reasons that cleaning itself gives (omitted, na, notreached, invalid) are there even if the file does not
    name them.
    """
    survey = file.survey
    questions = {q.id: q for entry in file.questions for q in _questions(entry, file.choices)}
    return Codebook(
        questions=questions,
        id=survey.id,
        title=survey.title.label,
        languages=tuple(survey.languages),
        missing=_reasons(file),
        source=_source(file.source),
        bases={name: base.where for name, base in file.bases.items()},
        about=_about(file),
        synthetic=survey.synthetic,
        path=path,
    )


def choices_of(entry: QuestionEntry, lists: dict[str, Choices]) -> Choices:
    """The choices of a question: its own, or those of the list that it names."""
    return lists.get(entry.choices, {}) if isinstance(entry.choices, str) else entry.choices or {}


def type_of(entry: QuestionEntry) -> QuestionType:
    """The type; a likert question with ``grid: true`` is a grid."""
    return "grid" if entry.grid else entry.type


def _questions(entry: QuestionEntry, lists: dict[str, Choices]) -> Iterator[Question]:
    choices = tuple(
        Choice(code, choice.label, tuple(choice.raw), choice.other) for code, choice in choices_of(entry, lists).items()
    )
    event = entry.event
    if entry.derived is not None and choices:
        event = event if event is not None else choices[-1].code
        choices = tuple(sorted(choices, key=lambda choice: choice.code == event))
    yield Question(
        id=entry.id,
        type=type_of(entry),
        wording=entry.label,
        short=entry.short.label,
        choices=choices,
        items={str(key): label.label for key, label in entry.items.items()},
        base=entry.base,
        derived=entry.derived,
        event=event,
        top=entry.top,
        max_choices=entry.max,
        integer=entry.integer,
        unit=entry.unit,
        range=entry.range,
        formats=tuple(entry.formats),
        to=entry.to,
        parse=entry.parse,
        two_digit_year=entry.two_digit_year,
        missing={**entry.missing, **dict.fromkeys(entry.empty, "omitted")},
        binding=_binding(entry),
    )
    for name, expression in entry.derive.items():
        yield Question(name, "number", {"": name}, derived=expression, integer=entry.integer, binding=_NOWHERE)


_NOWHERE = Binding(in_file=False)
PATTERNS = {"multi": "{code}", "rank": "{code}", "grid": "{item}"}


def _binding(entry: QuestionEntry) -> Binding:
    """Where the answers lie; without a word about it, in the column(s) that bear the question's id."""
    if entry.derived is not None or not entry.in_file:
        return _NOWHERE
    column, columns = entry.column, entry.columns
    if column is None and columns is None:
        part = PATTERNS.get(type_of(entry))
        column, columns = (None, f"{entry.id}_{part}") if part and entry.join is None else (entry.id, None)
    ticked = tuple(word for word in entry.ticked or () if word != "not_empty")
    return Binding(column, columns, entry.join, ticked, entry.holds)


def _reasons(file: CodebookFile) -> dict[str, Missing]:
    named = {
        name: Missing(name, entry.label or {"": name}, tuple(entry.raw), entry.spss, entry.stata)
        for name, entry in file.missing.items()
    }
    return named | {name: Missing(name, label) for name, label in STANDARD_REASONS.items() if name not in named}


def _source(entry: SourceEntry) -> Source:
    status, finished = entry.status, entry.finished
    return Source(
        format=entry.format,
        id=entry.id,
        external_id=entry.external_id,
        start=entry.start,
        end=entry.end,
        duration=entry.duration,
        status=status.column if status else None,
        status_keep=tuple(status.keep) if status else (),
        finished=finished.column if finished else None,
        finished_yes=tuple(finished.yes) if finished else (),
        pii=tuple(entry.pii),
    )


def _about(file: CodebookFile) -> dict[str, Any]:
    """What the methods text and the checks need, without the keys that nobody filled in."""
    survey = file.survey
    said: dict[str, Any] = {
        "population": _label(survey, "population"),
        "frame": _label(survey, "frame"),
        "mode": _label(survey, "mode"),
        "fielded": _fielded(survey.fielded),
        "invited": survey.invited,
        "design": survey.design,
        **survey.about,
        "bases": {name: base.label or {"": name} for name, base in file.bases.items()},
        "scales": {name: scale.model_dump() for name, scale in file.scales.items()},
        "quality": file.quality.model_dump(exclude_none=True) if file.quality else None,
        "weights": file.weights,
    }
    return {key: value for key, value in said.items() if value not in (None, {})}


def _label(survey: SurveyEntry, key: str) -> Text | None:
    entry = getattr(survey, key)
    return entry.label if entry else None


def _fielded(entry: Fielded | None) -> dict[str, Any] | None:
    return entry.model_dump(by_alias=True, exclude_none=True, exclude_defaults=True) if entry else None
