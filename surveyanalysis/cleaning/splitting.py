"""Several answers in one cell: options are matched longest first, so that a comma within one does not part it."""

import re
from dataclasses import dataclass

from ..codebook.questions import Question
from .parsing import tidy
from .spelling import spelled


@dataclass(frozen=True, slots=True)
class Split:
    """One joined cell.

    Attributes
    ----------
    codes
        Options found, as text, in the order of the cell.
    leftover
        What is no option of the question; empty where everything was matched.
    """

    codes: tuple[str, ...]
    leftover: str = ""


def split(cell: str, question: Question) -> Split:
    """Find the options of a question in a cell that joins several; ①③ needs no separator.

    Examples
    --------
    >>> from surveyanalysis.codebook.questions import Binding, Choice
    >>> options = (Choice(1, {"en": "Schooling, housing"}), Choice(2, {"en": "Housing"}))
    >>> barriers = Question("q", "multi", choices=options, binding=Binding(join=", "))
    >>> split("Schooling, housing, Housing, visa, tax", barriers)
    Split(codes=('1', '2'), leftover='visa, tax')
    """
    separator = (question.binding.join or ",").strip() or " "
    options = sorted(
        {(tidy(text), str(c.code)) for c in question.choices for text in spelled(c) if tidy(text)},
        key=lambda pair: (-len(pair[0]), pair[0]),
    )
    parted = re.sub(r"(?<=[①-⑳])(?=[①-⑳])", separator, cell)
    text, codes, unknown, at = tidy(parted), [], [], 0
    if (whole := _covered(text, options, separator)) is not None:
        return Split(tuple(dict.fromkeys(whole)))
    while at < len(text):
        found = next((pair for pair in options if _stands(pair[0], text, at, separator)), None)
        if found:
            codes.append(found[1])
            end = at + len(found[0])
        else:
            end = _end_of_piece(text, at, separator)
            unknown.append((at, end))
        at = _after_separator(text, end, separator)
    return Split(tuple(dict.fromkeys(codes)), _joined(text, unknown, separator))


def _covered(text: str, options: list[tuple[str, str]], separator: str) -> list[str] | None:
    """Options that make up the whole cell, the longest first where several do; None where none do."""
    way: dict[int, list[str]] = {0: []}
    left = [0]
    while left:
        at = left.pop()
        if at >= len(text):
            return way[at]
        for option, code in reversed(options):
            end = _after_separator(text, at + len(option), separator)
            if end not in way and _stands(option, text, at, separator):
                way[end] = [*way[at], code]
                left.append(end)
    return None


def _stands(option: str, text: str, at: int, separator: str) -> bool:
    """Whether an option stands here, followed by the separator or the end."""
    end = at + len(option)
    if text[at:end].casefold() != option.casefold():
        return False
    rest = text[end:]
    return not rest or rest.startswith(separator) or rest.lstrip().startswith(separator)


def _end_of_piece(text: str, at: int, separator: str) -> int:
    found = text.find(separator, at)
    return len(text) if found < 0 else found


def _after_separator(text: str, end: int, separator: str) -> int:
    """Where the next piece begins."""
    while end < len(text) and text[end] == " ":
        end += 1
    if text.startswith(separator, end):
        end += len(separator)
    while end < len(text) and text[end] == " ":
        end += 1
    return end


def _joined(text: str, pieces: list[tuple[int, int]], separator: str) -> str:
    """Unmatched pieces; those that stand side by side stay as they were written."""
    merged: list[tuple[int, int]] = []
    for start, end in pieces:
        if merged and _after_separator(text, merged[-1][1], separator) == start:
            merged[-1] = (merged[-1][0], end)
        else:
            merged.append((start, end))
    return f"{separator} ".join(text[a:b].strip() for a, b in merged if text[a:b].strip())
