"""Errors that name what was wrong, where, what was there, and what to do."""

from collections.abc import Collection, Iterable
from typing import Any


class SurveyError(Exception):
    """Root of every error that the package raises on purpose."""


class ChoiceError(SurveyError, ValueError):
    """An argument is not one of its closed set of words, or is out of its range."""


class ColumnError(SurveyError, KeyError):
    """A column or question that is asked for does not exist."""

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else ""


class LevelError(SurveyError, ValueError):
    """An answer category that is asked for, or met, is not in the codebook."""


class CodebookError(SurveyError, ValueError):
    """A codebook file is wrong; the message names file, line and question."""


class ReadError(SurveyError, ValueError):
    """An export file cannot be read without losing or guessing something."""


class RecipeError(SurveyError, ValueError):
    """A cleaning step cannot be applied."""


class DataError(SurveyError, ValueError):
    """Answers cannot be analysed as asked: empty domain, constant outcome, no answers left."""


class DesignError(SurveyError, ValueError):
    """A sampling design contradicts itself or the data."""


class FormulaError(SurveyError, ValueError):
    """A formula or expression holds something outside the allow-list."""


class SeparationError(SurveyError, ValueError):
    """The maximum likelihood estimate does not exist: a term separates the outcomes."""


class ConvergenceError(SurveyError, ArithmeticError):
    """The score equations do not hold at the end of the iteration."""


class PublishedError(SurveyError, ValueError):
    """A file of printed numbers is wrong, or a twin cannot hit the counts in it."""


class OutputError(SurveyError, OSError):
    """Results cannot be written; what was there before is untouched."""


def one_of(value: Any, choices: Collection[Any], name: str) -> Any:
    """Return `value` if it is among `choices`, else raise with all of them.

    Examples
    --------
    >>> one_of("t", ("t", "wilson"), "interval")
    't'
    """
    if value in choices:
        return value
    listed = ", ".join(repr(c) for c in choices)
    raise ChoiceError(f"`{name}` is {value!r}. Choose one of: {listed}.{nearest(value, choices)}")


def nearest(word: Any, options: Iterable[Any]) -> str:
    """Return " Nearest: 'x'." for the option closest to `word`, or nothing.

    Examples
    --------
    >>> nearest("afiliation", ["age", "affiliation"])
    " Nearest: 'affiliation'."
    """
    from difflib import get_close_matches

    by_text = {str(o).casefold(): o for o in options}
    found = get_close_matches(str(word).casefold(), by_text, n=1, cutoff=0.5)
    return f" Nearest: {by_text[found[0]]!r}." if found else ""


def unknown_column(name: Any, columns: Iterable[Any], argument: str = "question") -> ColumnError:
    """Build the error for a column that the survey does not have."""
    if not isinstance(name, str):
        shown = repr(name) if isinstance(name, int | float | list | tuple | None) else f"a {type(name).__name__}"
        return ColumnError(f"`{argument}` is {shown}; name one column, as a text.{nearest(name, columns)}")
    return ColumnError(f"`{argument}` is {name!r}, which is not in the survey.{nearest(name, columns)}")


def unknown_level(level: Any, question: str, levels: Collection[Any]) -> LevelError:
    """Build the error for an answer category that a question does not have."""
    listed = ", ".join(repr(x) for x in list(levels)[:12])
    return LevelError(f"{question!r} has no answer {level!r}.{nearest(level, levels)} It has: {listed}.")
