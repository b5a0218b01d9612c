"""The mess of real exports, put into a clean one: test rows, the same person twice, break-offs, stray spellings."""

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from ..codebook.questions import Code, Codebook, Question
from ..errors import ChoiceError, DataError
from ..language import say
from ..survey import Survey
from .raw_text import file_columns

_WIDE = {ord(c): chr(ord(c) + 0xFEE0) for c in "0123456789()ABCDEFGHIJKLMNOPQRSTUVWXYZ"}


@dataclass(frozen=True, slots=True)
class Mess:
    """How much of what goes wrong.

    Attributes
    ----------
    tests
        Rows that are previews, tests or spam, not respondents.
    duplicates
        Respondents who answered a second time, through another list: the same address in another spelling; the second
        answer is the same, or less complete.
    break_offs
        People beyond the respondents who stopped after a few questions.
    stray
        Share of the cells that are spelled in another way that means the same: blanks, full-width digits, decomposed
        Hangul, spellings that the codebook knows, "74년생".
    others
        Question -> words -> answer: one respondent with that answer chose "other" instead and wrote these words.
    """

    tests: int = 0
    duplicates: int = 0
    break_offs: int = 0
    stray: float = 0.0
    others: Mapping[str, Mapping[str, Code]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        counts = {"tests": self.tests, "duplicates": self.duplicates, "break_offs": self.break_offs}
        for name, value in counts.items():
            if value < 0:
                raise ChoiceError(f"`{name}` is {value}; it must not be negative.")
        if not 0 <= self.stray <= 1:
            raise ChoiceError(f"`stray` is {self.stray}; it is a share and must lie between 0 and 1.")


def written_out(
    answers: pd.DataFrame,
    survey: Survey,
    languages: Sequence[str],
    others: Mapping[str, Mapping[str, Code]],
    rng: np.random.Generator,
) -> pd.DataFrame:
    """Let respondents choose "other" and write words for an answer that stands in the list; see `Mess.others`.

    Raises
    ------
    ChoiceError
        The question has no "other" answer with a text question.
    DataError
        Nobody is left with the answer that the words stand for.
    """
    out = answers.copy()
    for name, words in others.items():
        question = survey.codebook[name]
        other = next((c for c in question.choices if c.other in survey.codebook), None)
        if other is None or question.type != "single":
            raise ChoiceError(
                f'`others` names {name!r}, which is no single choice with an "other" answer and its text.'
            )
        column, companion = file_columns(question)[0], file_columns(survey.codebook[str(other.other)])[0]
        free = np.ones(len(out), bool)
        for text, code in words.items():
            holders = np.flatnonzero((survey.column(name) == code).to_numpy(bool) & free)
            if not len(holders):
                raise DataError(f"`others` of {name!r}: nobody is left with the answer {code!r} to write {text!r}.")
            row = int(rng.choice(holders))
            free[row] = False
            out.iloc[row, out.columns.get_loc(column)] = say(other.label, languages[row])
            out.iloc[row, out.columns.get_loc(companion)] = text
    return out


def respelled(
    answers: pd.DataFrame, codebook: Codebook, share: float, rng: np.random.Generator, encoding: str
) -> pd.DataFrame:
    """Spell a share of the filled cells in another way that means the same.

    Parameters
    ----------
    answers
        Text of the file, one column a column of the file.
    encoding
        Spellings that it lacks (decomposed Hangul in CP949) are not used.
    """
    out = answers.copy()
    for question in codebook:
        ways = _ways(question)
        for name in file_columns(question) if ways else ():
            draws = rng.random(len(out))
            picks = rng.integers(0, len(ways), len(out))
            cells = [
                _respell(text, ways[pick], encoding) if text and draw < share else text
                for text, draw, pick in zip(out[name], draws, picks)
            ]
            out[name] = pd.Series(cells, index=out.index, dtype="str")
    return out


def _respell(text: str, way: Callable[[str], str], encoding: str) -> str:
    spelled = way(text)
    try:
        spelled.encode(encoding)
    except UnicodeEncodeError:
        return text
    return spelled


def _ways(question: Question) -> list[Callable[[str], str]]:
    """Ways to spell an answer to a question of this type."""
    if question.type in ("single", "likert", "grid"):
        return [*_BLANKS, _decomposed, _wide, lambda text: _alternative(text, question)]
    if question.type == "number":
        ways: list[Callable[[str], str]] = [*_BLANKS, _wide, _wide]
        if question.two_digit_year is not None:
            century = str(question.two_digit_year)[:2]
            ways += [lambda text: f"{text[2:]}년생" if len(text) == 4 and text.startswith(century) else text] * 2
        return ways + ([lambda text: f"{text}년"] if question.unit == "years" else [])
    return [*_BLANKS] if question.type == "text" else []


_BLANKS: tuple[Callable[[str], str], ...] = (lambda text: f"{text} ", lambda text: f" {text}")


def _decomposed(text: str) -> str:
    return unicodedata.normalize("NFD", text)


def _wide(text: str) -> str:
    return text.translate(_WIDE)


def _alternative(text: str, question: Question) -> str:
    """Another spelling that the codebook lists for the same answer."""
    for choice in question.choices:
        if text in choice.label.values() and choice.raw:
            return choice.raw[len(text) % len(choice.raw)]
    return text


def cut_short(answers: pd.Series, codebook: Codebook, after: int) -> pd.Series:
    """Answers of somebody who stopped after the first `after` questions of the file."""
    asked = [file_columns(q) for q in codebook if file_columns(q)]
    late = [name for names in asked[after:] for name in names]
    out = answers.copy()
    out[late] = ""
    return out


def second_answer(answers: pd.Series, codebook: Codebook, rng: np.random.Generator) -> pd.Series:
    """What the same person answers the second time: the same, or stops on the way."""
    questions = sum(bool(file_columns(q)) for q in codebook)
    if rng.random() < 0.25:
        return answers.copy()
    return cut_short(answers, codebook, int(rng.integers(max(2, questions // 3), max(3, questions - 4))))


def other_spelling_of(address: str, rng: np.random.Generator) -> str:
    """The same e-mail address, typed by hand: capitals, blanks around it.

    Examples
    --------
    >>> other_spelling_of("r001@example.org", np.random.default_rng(1)).strip().lower()
    'r001@example.org'
    """
    name, _, domain = address.partition("@")
    spellings = (address.upper(), f"{name}@{domain.capitalize()}", f" {address}", f"{address} ", address.capitalize())
    return spellings[int(rng.integers(len(spellings)))]
