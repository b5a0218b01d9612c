"""Multiple-response and ranking questions as one column an option, however the file holds them."""

from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..codebook.questions import Choice, Codebook, Question
from .canonical import distinct
from .parsing import number
from .spelling import key, spelled, spellings
from .splitting import split
from .work import text_series

Cells = NDArray[np.object_]
Bound = tuple[dict[str, pd.Series], pd.Series | None]

UNTICKED = frozenset({"0", "false", "no", "n", "unchecked", "not selected", "×", "아니오", "선택 안 함"})
UNTICKED_BESIDE_NAMED_MARKS = UNTICKED | {"2", "x"}


def option_columns(question: Question, cells: dict[str, pd.Series], codebook: Codebook) -> Bound:
    """Options of a multiple-response question: "1" ticked, "0" not ticked though others were, missing where none was.

    An option that was seen but not ticked (-99) counts as not ticked if another one is ticked; where none is, the
    question was left out. What cannot be read stays as it is, for `map_values` to tell.
    """
    index = next(iter(cells.values())).index
    names = [f"{question.id}_{c.code}" for c in question.choices]
    left = None
    if question.binding.columns is None:
        grid, left = _joined_options(question, cells[""], codebook)
    else:
        marked = [_marks(cells[str(c.code)], c, question, codebook) for c in question.choices]
        grid = np.stack(marked, axis=1) if marked else np.empty((len(index), 0), dtype=object)
    grid = _settled(grid, question, codebook)
    return {name: text_series(grid[:, i], index, name) for i, name in enumerate(names)}, left


def _settled(grid: Cells, question: Question, codebook: Codebook) -> Cells:
    """Blank cells of a row with a tick are "not ticked"; rows without a tick hold no answer."""
    omitted = {text for text, reason in spellings(question, codebook).missing.items() if reason == "omitted"}
    blank = pd.isna(grid)
    seen = np.isin(np.where(blank, "", grid).astype(str), list(omitted))
    ticked = (grid == "1").any(axis=1, keepdims=True)
    settled = grid.copy()
    settled[ticked & (blank | seen)] = "0"
    settled[~ticked & (grid == "0")] = None
    return settled


def _marks(cells: pd.Series, choice: Choice, question: Question, codebook: Codebook) -> Cells:
    places, uniques = distinct(cells)
    missing = spellings(question, codebook).missing
    own = _own_words(choice, uniques, missing)
    read = [_mark(text, own, question, missing) for text in uniques]
    return np.array([*read, None], dtype=object)[places]


def _own_words(choice: Choice, cells: list[str], missing: dict[str, str]) -> set[str]:
    """Spellings of an option itself; "no" is one only where the option is called so and its column holds no more."""
    own = {key(text) for text in spelled(choice)}
    called = own - {"0", key(str(choice.code))}
    return own if {key(text) for text in cells} - set(missing) <= called else own - UNTICKED


def _mark(text: str, own: set[str], question: Question, missing: dict[str, str]) -> str:
    """One cell: "1" ticked, "0" not ticked, a reason's spelling as its key, else the text itself.

    A number that is neither 1 nor the option's own code is never a tick: some platforms write 2 for "no".
    """
    spelling = key(text)
    named = {key(mark) for mark in question.binding.ticked} - {"not_empty"}
    if spelling in named:
        return "1"
    if not named and spelling in own:
        return "1"
    if spelling in missing:
        return spelling
    if spelling in (UNTICKED_BESIDE_NAMED_MARKS if named else UNTICKED):
        return "0"
    odd = named or (number(text) is not None and spelling != "1")
    return text if odd else "1"


def _joined_options(question: Question, cells: pd.Series, codebook: Codebook) -> tuple[Cells, pd.Series]:
    """One cell that joins the ticked options."""
    codes = [str(c.code) for c in question.choices]
    missing = spellings(question, codebook).missing
    places, uniques = distinct(cells)
    rows, left = [], []
    for text in uniques:
        found = split(text, question)
        reason = not found.codes and key(text) in missing
        rows.append([key(text)] * len(codes) if reason else ["1" if c in found.codes else None for c in codes])
        left.append(None if reason or not found.leftover else found.leftover)
    grid = np.array([*rows, [None] * len(codes)], dtype=object)
    return grid[places], text_series(np.array([*left, None], dtype=object)[places], cells.index)


def ranked_columns(question: Question, cells: dict[str, pd.Series], codebook: Codebook) -> Bound:
    """Options of a ranking, each with its rank as text; missing where it was not ranked."""
    names = [f"{question.id}_{c.code}" for c in question.choices]
    if question.binding.columns is not None and question.binding.holds == "rank":
        return {name: cells[str(c.code)].rename(name) for name, c in zip(names, question.choices, strict=True)}, None
    index = next(iter(cells.values())).index
    codes = [str(c.code) for c in question.choices]
    joined = question.binding.columns is None
    grid, left = _joined_ranks(question, cells[""]) if joined else _ranks(question, cells, codebook)
    return {name: text_series(grid[:, codes.index(code)], index, name) for name, code in zip(names, codes)}, left


def _joined_ranks(question: Question, cells: pd.Series) -> tuple[Cells, pd.Series]:
    """One cell that joins the options in the order of their ranks."""
    codes = [str(c.code) for c in question.choices]
    places, uniques = distinct(cells)
    found = [split(text, question) for text in uniques]
    rows = [[str(f.codes.index(c) + 1) if c in f.codes else None for c in codes] for f in found]
    left = np.array([*(f.leftover or None for f in found), None], dtype=object)
    return np.array([*rows, [None] * len(codes)], dtype=object)[places], text_series(left[places], cells.index)


def _ranks(question: Question, cells: dict[str, pd.Series], codebook: Codebook) -> tuple[Cells, pd.Series]:
    """One column a rank, each with the option on that rank."""
    codes = {str(c.code): i for i, c in enumerate(question.choices)}
    index = next(iter(cells.values())).index
    grid = np.full((len(index), len(codes)), None, dtype=object)
    left = np.full(len(index), None, dtype=object)
    known = spellings(_as_single(question), codebook)
    for rank, series in cells.items():
        places, uniques = distinct(series)
        read = [known.read(text) for text in uniques]
        position = np.array([*(codes[r.answer] if r.answer is not None else -1 for r in read), -1])[places]
        said = series.to_numpy(dtype=object)
        odd = np.array([*(not r.known for r in read), False])[places]
        rows = np.flatnonzero(position >= 0)
        again = ~pd.isna(grid[rows, position[rows]])
        left[rows[again]] = said[rows[again]]
        left[odd] = said[odd]
        grid[rows[~again], position[rows[~again]]] = rank
    return grid, text_series(left, index)


def _as_single(question: Question) -> Question:
    return replace(question, type="single")
