"""The ledger on a page: what each step did, and a few of its changes as examples."""

from dataclasses import replace

import pandas as pd

from ..codebook.questions import Codebook
from ..language import Text, both, say
from ..survey import Survey
from ..tables.table import Cell, Column, Format, Row, Table

EXAMPLES = 3
"""Changes shown of each step; one fewer where whole rows were left out, which show nothing before and after."""
_TITLE = both("The first changes of each step", "단계별 변경 사례")
_SUBTITLE = both("{{shown:,}} of {{n:,}} changes", "변경 {{n:,}}건 중 {{shown:,}}건")
_STUB = both("Respondent", "응답자")
_COLUMNS = both("Row|Question|Before|After|Reason", "행|문항|변경 전|변경 후|사유")
_WHOLE_ROW = both("(whole row)", "(행 전체)")
_LEFT_OUT = both("left out", "제외")
_EMPTY = both("(empty)", "(빈칸)")
_NOT_SHOWN = both("(own words)", "(서술형)")


def step_table(survey: Survey, lang: str) -> Table:
    """Tabulate the steps by the reasons that the recipe gives for them; an en dash where nothing was touched.

    Parameters
    ----------
    survey
        Cleaned by a recipe: it has a ledger.
    lang
        "en" or "ko".
    """
    ledger = survey.ledger
    assert ledger is not None
    plain = ledger.table(lang)
    rows = []
    for row, why in zip(plain.rows, ledger.whys, strict=True):
        numbers = (replace(cell, value=cell.value or None, blank="–") for cell in row.cells)
        rows.append(Row(say(why, lang) or row.stub, (Cell(row.stub), *numbers)))
    rule = Column(say(both("Rule", "규칙"), lang), "left")
    return replace(plain, columns=(rule, *plain.columns), rows=tuple(rows), notes=())


def example_table(survey: Survey, lang: str) -> Table | None:
    """Tabulate the first changes of each step: respondent, row of the file, question, before, after, reason.

    Parameters
    ----------
    survey
        Cleaned by a recipe: it has a ledger.
    lang
        "en" or "ko".

    Returns
    -------
    Table or None
        None where nothing was changed.
    """
    ledger = survey.ledger
    assert ledger is not None
    changes = ledger.changes
    if not len(changes):
        return None
    rows: list[Row] = []
    shown = 0
    for step, entries in changes.groupby("step", sort=True):
        chosen = _varied(entries)
        shown += len(chosen)
        rows.append(Row(say(ledger.whys[int(str(step)) - 1], lang) or str(entries["rule"].iloc[0]), kind="group"))
        rows += [_row(ledger.codebook, entry, lang) for entry in chosen.to_dict("records")]
    heads = say(_COLUMNS, lang).split("|")
    used = [i for i in range(len(heads)) if any(row.cells and row.cells[i].value not in (None, "") for row in rows)]
    return Table(
        tuple(Column(heads[i], "right" if i == 0 else "left") for i in used),
        tuple(Row(r.stub, tuple(r.cells[i] for i in used) if r.cells else (), r.kind, r.indent) for r in rows),
        say(_TITLE, lang),
        say(_SUBTITLE, lang).format(shown=shown, n=len(changes)),
        say(_STUB, lang),
        lang=lang,
    )


def _varied(entries: pd.DataFrame) -> pd.DataFrame:
    """The first changes of a step, each of another question where there are enough, else each another change."""
    of_each = entries.drop_duplicates("question")
    different = entries.drop_duplicates(["question", "before", "after"])
    chosen = of_each if len(of_each) >= EXAMPLES else different
    return chosen.head(EXAMPLES if (entries["action"] == "set").any() else EXAMPLES - 1)


def _row(codebook: Codebook, entry: "dict[str, object]", lang: str) -> Row:
    """One change; answers in own words, and those of rows that were left out, stand in the ledger, not on a page."""
    whole = entry["action"] == "drop"
    name = str(entry["question"])
    question = codebook.question_of(name)
    label: Text | str = _WHOLE_ROW if whole else question.column_label(name) if question else name
    open_words = question is not None and question.type == "text"
    before = "" if whole else say(_NOT_SHOWN, lang) if open_words else _typed(entry["before"], lang)
    after = say(_LEFT_OUT if whole else _NOT_SHOWN, lang) if whole or open_words else _typed(entry["after"], lang)
    reason = "" if pd.isna(entry["reason"]) else str(entry["reason"])
    cells = (Cell(entry["file_row"], Format("integer")), Cell(say(label, lang)), Cell(before), Cell(after))
    return Row(str(entry["row_key"]), (*cells, Cell(reason)), indent=1)


def _typed(value: object, lang: str) -> str:
    """What a cell held; blanks that cannot be seen are made visible."""
    words = "" if value is None or value != value else str(value)
    if not words:
        return say(_EMPTY, lang)
    return f"“{words}”" if words != words.strip() else words
