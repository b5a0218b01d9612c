"""Qualtrics: a header of three rows (tag, question text, ImportId), or of two in the oldest exports."""

import ast
import json
from collections import Counter
from typing import Any

from .grid import Grid, Layout

OLDEST = tuple(f"V{i}" for i in range(1, 11))


def qualtrics_layout(grid: Grid) -> Layout | None:
    """Recognise a Qualtrics export.

    Parameters
    ----------
    grid
        The file's cells.

    Returns
    -------
    Layout or None
        None where the header is not Qualtrics'. Tags that occur twice are told apart by their ImportId, as
        ``Q5 [QID5-1]``.

    Notes
    -----
    Three dialects: the third row holds JSON, ``{"ImportId":"QID8","choiceId":"1"}``; in early exports it has Python's
    quotation marks, ``{'ImportId': 'QID2-1'}``; the oldest has two rows, whose first columns are V1 to V10. The
    language of the question texts is that of the account, so nothing is read from them.

    Examples
    --------
    >>> rows = [["Q1"], ["Your age?"], ['{"ImportId":"QID1_TEXT"}'], ["44"]]
    >>> qualtrics_layout(Grid(rows, [1, 2, 3, 4])).identifiers
    {'Q1': 'QID1_TEXT'}
    """
    if len(grid.rows) >= 2 and tuple(grid.rows[0][:10]) == OLDEST and grid.rows[1][0].lower() == "responseid":
        return _layout(grid.rows[0], grid.rows[1], [""] * len(grid.rows[0]), 2)
    if len(grid.rows) < 3:
        return None
    identifiers = [_identifier(cell) for cell in grid.rows[2]]
    if not any(identifiers) or any(found is None for found in identifiers):
        return None
    return _layout(grid.rows[0], grid.rows[1], [found or "" for found in identifiers], 3)


def _layout(tags: list[str], texts: list[str], identifiers: list[str], header_rows: int) -> Layout:
    often = Counter(tags)
    columns = [f"{tag} [{i}]" if often[tag] > 1 and i else tag for tag, i in zip(tags, identifiers, strict=True)]
    by_column = {c: i for c, i in zip(columns, identifiers, strict=True) if i}
    return Layout("qualtrics", header_rows, columns, dict(zip(columns, texts, strict=True)), by_column)


def _identifier(cell: str) -> str | None:
    """ImportId with its parts, as QID8-1; "" for an empty cell, None for anything else."""
    if not cell.strip():
        return ""
    found = _mapping(cell)
    if not isinstance(found, dict) or "ImportId" not in found:
        return None
    parts = (found.get(key) for key in ("ImportId", "choiceId", "subId"))
    return "-".join(str(part) for part in parts if part not in (None, ""))


def _mapping(cell: str) -> Any:
    """What an ImportId cell holds, in JSON's or in Python's quotation marks."""
    if not cell.lstrip().startswith("{") or len(cell) > 10_000:
        return None
    for read in (json.loads, ast.literal_eval):
        try:
            return read(cell)
        except (ValueError, SyntaxError, RecursionError, MemoryError):
            continue
    return None
