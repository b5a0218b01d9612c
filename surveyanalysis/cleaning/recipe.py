"""Cleaning by a recipe: from an export to a survey, with a ledger of every change."""

import hashlib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from .._version import __version__
from ..codebook.questions import Codebook
from ..errors import DataError, RecipeError, nearest, one_of
from ..language import Text, both
from ..survey import Survey
from .binding import begin
from .canonical import columns_of
from .cells import mapped
from .ledger import Ledger, respondents
from .parsing import read_date
from .reasons import unfinished
from .recording import Entry, differences, long_table, step_row
from .steps import CLOSING, Step, function_step, step
from .work import Work

if TYPE_CHECKING:
    from ..reading.export import Export

KEYS = ("id", "external_id", "file_row")
_KNOWN = ("recipe", "codebook", "input", "key", "steps", "output")
FrameFunction = Callable[[pd.DataFrame], pd.DataFrame]


@dataclass(frozen=True)
class Recipe:
    """The steps of a cleaning, in order.

    Attributes
    ----------
    steps
        Made by `step`, read from a file, or plain functions from the typed frame to the changed frame.
    key
        What names a respondent: the codebook's source "id", "external_id", or "file_row".
    input_sha256
        Hash that the export must have; empty where any is right.

    Examples
    --------
    >>> Recipe((step("map_values", name="labels"), step("parse", unknown="invalid")))
    Recipe: 2 steps (labels, parse)
    """

    steps: "Iterable[Step | FrameFunction]" = ()
    key: str = "id"
    path: str = ""
    sha256: str = ""
    input_sha256: str = ""
    made: tuple[Step, ...] = field(init=False, default=())

    def __post_init__(self) -> None:
        one_of(self.key, KEYS, "key")
        made = tuple(s if isinstance(s, Step) else function_step(s) for s in self.steps)
        twice = {s.name for i, s in enumerate(made) if s.name in {t.name for t in made[:i]}}
        if twice:
            raise RecipeError(f"Two steps are called {sorted(twice)[0]!r}. Give each its own `name`.")
        object.__setattr__(self, "steps", made)
        object.__setattr__(self, "made", made)

    def __repr__(self) -> str:
        return f"Recipe: {len(self.made)} steps ({', '.join(s.name for s in self.made)})"


SAME_ROW_TWICE = {"en": "The same response twice in the file", "ko": "같은 응답이 파일에 두 번 있음"}


def default_recipe(codebook: Codebook) -> Recipe:
    """The recipe where none is given: the same response twice, one form of text, codes, numbers and dates."""
    twice = [step("drop_duplicates", name="same_response", why=SAME_ROW_TWICE, on="all_answers")]
    steps = [step(word) for word in ("normalise_text", "map_values", "parse")]
    return Recipe([*(twice if codebook.source.id else []), *steps])


def read_recipe(path: str | Path) -> Recipe:
    """Read a recipe, a YAML file.

    Parameters
    ----------
    path
        ``steps:`` is a list; each step is a word with its arguments, as ``- drop_status: {name: test_rows, why: ...}``.
        ``key:`` (id, external_id, file_row) and ``input: {sha256: ...}`` may be given.

    Returns
    -------
    Recipe

    Raises
    ------
    RecipeError
        The file cannot be read, or a step is wrong; the message names file and line.
    """
    from ..codebook.yaml_file import read_yaml

    data, line_of = read_yaml(path, RecipeError)
    if not isinstance(data, dict) or not isinstance(data.get("steps"), list):
        raise RecipeError(f"{path}: a recipe has a list of `steps:`.")
    strange = [str(name) for name in data if name not in _KNOWN]
    if strange:
        raise RecipeError(
            f"{path}, line {line_of((strange[0],))}: unknown key {strange[0]!r}.{nearest(strange[0], _KNOWN)}"
        )
    steps = [_step_of(item, path, line_of(("steps", i))) for i, item in enumerate(data["steps"])]
    said = data.get("input") or {}
    if data.get("recipe", 1) != 1 or not isinstance(said, dict):
        raise RecipeError(f"{path}, line 1: write `recipe: 1`, and `input: {{file: ..., sha256: ...}}` if any.")
    wanted = str(said.get("sha256") or "")
    if wanted and not re.fullmatch(r"[0-9a-f]{64}", wanted):
        raise RecipeError(f"{path}, line {line_of(('input', 'sha256'))}: {wanted!r} is no SHA-256 of 64 hex digits.")
    return Recipe(
        steps,
        str(data.get("key", "id")),
        str(path),
        hashlib.sha256(Path(path).read_bytes()).hexdigest(),
        wanted,
    )


def _step_of(item: Any, path: str | Path, line: int) -> Step:
    """One step from its YAML."""
    if isinstance(item, str):
        item = {item: {}}
    if not isinstance(item, dict) or len(item) != 1:
        raise RecipeError(
            f"{path}, line {line}: a step is one word with its arguments, such as `- parse: {{name: dates}}`."
        )
    word, options = next(iter(item.items()))
    options = options or {}
    if not isinstance(options, dict):
        raise RecipeError(
            f"{path}, line {line}: the arguments of {word!r} must be `name: value` pairs. They are {options!r}."
        )
    if reserved := [name for name in ("word", "line") if name in options]:
        raise RecipeError(f"{path}, line {line}: Step {word!r} has no {reserved[0]!r}.")
    try:
        return step(str(word), line=line, **{str(k): v for k, v in options.items()})
    except (RecipeError, TypeError) as error:
        raise RecipeError(f"{path}, line {line}: {error}") from None


def clean(
    export: "Export | str | Path",
    codebook: "Codebook | str | Path",
    recipe: "Recipe | str | Path | None" = None,
) -> Survey:
    """Clean an export: a typed frame, the reason for every missing answer, and a ledger of every change.

    Parameters
    ----------
    export
        What `read_export` read, or the file; it is never changed.
    codebook
        What was asked and where the answers lie, or its file.
    recipe
        Steps, or their file. Where none is given: the same response twice is dropped, texts are normalised, labels
        become codes, numbers and dates are read. Derived questions and the reasons for missing answers always follow.

    Returns
    -------
    Survey
        One row a respondent, indexed by the respondent's key; columns in the codebook's order.

    Raises
    ------
    ColumnError
        The codebook asks for columns that the file does not have.
    LevelError
        Answers that are not in the codebook: all of them, with counts and the nearest label.
    RecipeError
        A step cannot be applied.
    DataError
        A respondent is there twice, or nobody is left.

    Examples
    --------
    >>> from surveyanalysis.codebook.questions import Binding, Choice, Question
    >>> from surveyanalysis.reading.export import Export
    >>> cells = pd.DataFrame({"Q1": ["예", "no ", ""]}, index=pd.Index([2, 3, 4], name="file_row"))
    >>> choices = (Choice(1, {"en": "Yes", "ko": "예"}), Choice(2, {"en": "No", "ko": "아니오"}))
    >>> willing = Question("willing", "single", choices=choices, binding=Binding("Q1"))
    >>> survey = clean(Export(cells), Codebook({"willing": willing}))
    >>> survey.frame["willing"].tolist(), survey.reasons["willing"].tolist()
    ([1, 2, nan], [nan, nan, 'omitted'])
    >>> survey.ledger.frame[["file_row", "question", "before", "after"]].values.tolist()
    [[3, 'willing', 'no ', 'no'], [2, 'willing', '예', '1'], [3, 'willing', 'no', '2']]
    """
    opened, book, cooked = _opened(export), _read_book(codebook), _read_recipe(recipe, codebook)
    if cooked.input_sha256 and opened.sha256 and cooked.input_sha256 != opened.sha256:
        raise RecipeError(f"{opened.path} is not the file that the recipe was written for (its sha256 differs).")
    work = begin(opened, book, cooked.key, Path(cooked.path).parent)
    keys = work.about["key"]
    steps = [*cooked.made, *CLOSING]
    entries: list[Entry] = []
    rows: list[Mapping[str, Any]] = []
    for number, made in enumerate(steps, start=1):
        after = made(work)
        found = differences(work, after, number)
        rows.append(step_row(work, after, number, made, found))
        entries += found
        work = replace(after, touched=frozenset())
    _refuse_repeated_respondents(work)
    answering = _answering(work)
    ledger = Ledger(
        long_table(entries, steps, keys),
        pd.DataFrame(rows),
        tuple(s.why for s in steps),
        keys,
        book,
        _header(opened, book, cooked),
        answering,
        (*opened.notes, *work.notes, *_unread_stamps(work, answering)),
    )
    return _survey(work, ledger, opened)


def _survey(work: Work, ledger: Ledger, export: "Export") -> Survey:
    index = respondents(work.about["key"])
    order = [c for c in columns_of(work.codebook) if c in work.frame]
    frame = work.typed().set_axis(index, axis=0)
    reasons = work.reasons[order].where(work.frame[order].isna()).set_axis(index, axis=0)
    name = Path(export.path).name or "an export"
    return Survey(frame, work.codebook, reasons, ledger, export.sha256, work.codebook.synthetic, name)


def _opened(export: "Export | str | Path") -> "Export":
    if isinstance(export, str | Path):
        from ..reading.export import read_export

        return read_export(export)
    if not hasattr(export, "header_texts"):
        raise RecipeError(
            f"`clean` needs an export file or what read_export gave; this is a {type(export).__name__}. "
            "A data frame needs no cleaning of its file: Survey.from_frame(frame, codebook)."
        )
    return export


def _read_book(codebook: "Codebook | str | Path") -> Codebook:
    if isinstance(codebook, str | Path):
        from ..codebook.yaml_file import read_codebook

        return read_codebook(codebook)
    return codebook


def _read_recipe(recipe: "Recipe | str | Path | None", codebook: "Codebook | str | Path") -> Recipe:
    if recipe is None:
        return default_recipe(_read_book(codebook))
    return read_recipe(recipe) if isinstance(recipe, str | Path) else recipe


def _refuse_repeated_respondents(work: Work) -> None:
    """Raise where nobody is left, or where one key stands for several rows."""
    if not len(work.frame):
        raise DataError("No rows are left after cleaning: the export holds none, or steps dropped them all.")
    keys = work.about["key"]
    twice = keys[keys.duplicated(keep=False)]
    if len(twice):
        first = twice.iloc[0]
        rows = twice.index[twice == first]
        same = len(work.frame.loc[rows].drop_duplicates()) == 1
        how = "the same answers" if same else "different answers"
        raise DataError(
            f"Respondent {first!r} is in rows {', '.join(map(str, rows))} of the file, with {how} "
            f"({twice.nunique()} such respondents). Say which row counts: a step drop_duplicates, such as "
            "`- drop_duplicates: {on: [id], keep: most_complete, then: latest}`."
        )


def _header(export: "Export", codebook: Codebook, recipe: Recipe) -> dict[str, str]:
    """Hashes of what went in, and the version that did it."""
    path = Path(codebook.path) if codebook.path else None
    written = path.read_bytes() if path and path.is_file() else repr(codebook.questions).encode()
    steps = [(s.word, s.name, dict(s.options)) for s in recipe.made]
    return {
        "file": Path(export.path).name,
        "file_sha256": export.sha256,
        "codebook_sha256": hashlib.sha256(written).hexdigest(),
        "recipe_sha256": recipe.sha256 or hashlib.sha256(repr((recipe.key, steps)).encode()).hexdigest(),
        "version": __version__,
    }


def _answering(work: Work) -> pd.DataFrame:
    """How people answered, as far as the file tells; personal names and addresses are not among it."""
    about = work.about
    found: dict[str, Any] = {}
    for name in ("start", "end"):
        if name in about:
            stamps = mapped(about[name], read_date)
            found[name] = pd.to_datetime(stamps, format="ISO8601").astype("datetime64[us]")
    if "duration" in about:
        found["duration"] = pd.to_numeric(about["duration"], errors="coerce")
    if "finished" in about:
        found["finished"] = ~unfinished(work)
    for name in ("status", "disposition"):
        if name in about:
            found[name] = about[name]
    return pd.DataFrame(found, index=about.index).set_axis(respondents(about["key"]), axis=0)


def _unread_stamps(work: Work, answering: pd.DataFrame) -> tuple[Text, ...]:
    """One note for each kind of time stamp that holds words which could not be read."""
    notes = []
    for name in (n for n in ("start", "end") if n in answering):
        unread = answering[name].isna().to_numpy() & (work.about[name].fillna("").str.strip() != "").to_numpy()
        if unread.any():
            first = work.about[name][unread].iloc[0]
            en = "`{name}`: {n:,} could not be read as a time (the first: {first!r}); write 2010-07-14"
            ko = "`{name}` 시각 {n:,}건을 읽지 못함(첫 값: {first!r}). 2010-07-14처럼 연도를 먼저 써야 함"
            notes.append(both(f"{en}.", f"{ko}.", n=int(unread.sum()), name=name, first=first))
    return tuple(notes)
