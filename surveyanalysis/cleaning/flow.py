"""The case flow: how many responses came in, how many each rule left out, how many were analysed."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from ..codebook.expressions import evaluate, names_in
from ..language import SYNTHETIC, Text, both, say, text

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from ..survey import Survey
    from ..tables.table import Table

Stage = tuple[Text, int]


@dataclass(frozen=True)
class Flow:
    """The case flow.

    Attributes
    ----------
    steps
        What remained after each stage; the first is what was received, the last what is analysed.
    drops
        What was left out between one stage and the next: one fewer than `steps`.
    branches
        Named bases (domains) among those analysed.
    synthetic
        Whether the respondents are generated; table and figure say so.

    Examples
    --------
    >>> flow = Flow((({"en": "Received"}, 64), ({"en": "Analysed"}, 60)), (({"en": "Test rows"}, 4),))
    >>> flow.frame["n"].tolist()
    [64, 4, 60]
    """

    steps: tuple[Stage, ...]
    drops: tuple[Stage, ...] = ()
    branches: tuple[Stage, ...] = ()
    synthetic: bool = False

    def __post_init__(self) -> None:
        assert len(self.drops) == len(self.steps) - 1, "one drop between two steps"

    @property
    def frame(self) -> pd.DataFrame:
        """One row a box: kind (stage, left out, base), label, n; in the order of the figure."""
        return self._frame("en")

    def _frame(self, lang: str) -> pd.DataFrame:
        rows: list[tuple[str, str, int]] = []
        for i, (label, n) in enumerate(self.steps):
            rows.append(("stage", say(label, lang), n))
            if i < len(self.drops):
                rows.append(("left out", say(self.drops[i][0], lang), self.drops[i][1]))
        rows += [("base", say(label, lang), n) for label, n in self.branches]
        return pd.DataFrame(rows, columns=["kind", "label", "n"])

    def table(self, lang: str = "en") -> "Table":
        """Return the flow as a table for print."""
        from ..tables.table import Cell, Column, Format, Row, Table

        left_out = say(both("left out: ", "제외: "), lang)
        rows = [
            Row(
                (left_out if kind == "left out" else "") + label,
                (Cell(n, Format("integer")),),
                indent=int(kind != "stage"),
            )
            for kind, label, n in self._frame(lang).itertuples(index=False)
        ]
        return Table(
            (Column("n"),),
            tuple(rows),
            title=say(TITLE, lang),
            stub_head=say(both("Stage", "단계"), lang),
            notes=self._notes(lang),
            lang=lang,
        )

    def plot(self, ax: "Axes | None" = None, lang: str = "en", **words: Any) -> "Axes":
        """Draw the flow.

        Parameters
        ----------
        ax
            Axes to draw into; a new figure where not given.
        words
            title, subtitle, notes.
        """
        from ..figures.flow import draw_flow

        words = {"title": say(TITLE, lang), "subtitle": "", "notes": self._notes(lang), **words}
        return draw_flow(self.steps, self.drops, self.branches, ax=ax, lang=lang, **words)

    def _notes(self, lang: str) -> tuple[str, ...]:
        return (say(SYNTHETIC, lang),) if self.synthetic else ()

    def __repr__(self) -> str:
        return self.table().to_text()

    def _repr_html_(self) -> str:
        return str(self.table()._repr_html_())


TITLE = both("From export to analysis", "원자료에서 분석까지")
REMAINING = both("Remaining", "남은 응답")
RECEIVED = both("Responses received", "수집된 응답")
ANALYSED = both("Analysed", "분석 대상")


def flow_of(survey: "Survey") -> Flow:
    """Read the case flow of a survey from its ledger; bases of the codebook branch off at the end.

    Rules that left nobody out are in the ledger's step table, not in the flow.
    """
    if survey.ledger is None:
        everybody = ((both("Respondents", "응답자"), len(survey)),)
        return Flow(everybody, (), _branches(survey), survey.synthetic)
    steps: list[Stage] = [(RECEIVED, len(survey.ledger.keys))]
    drops: list[Stage] = []
    for row, why in zip(survey.ledger.steps.to_dict("records"), survey.ledger.whys, strict=True):
        lost = int(row["rows_in"] - row["rows_out"])
        if lost:
            rule = why or text(str(row["rule"]))
            drops.append((rule, lost))
            steps.append((REMAINING, int(row["rows_out"])))
    if not drops:
        return Flow(((RECEIVED, len(survey)),), (), _branches(survey), survey.synthetic)
    steps[-1] = (ANALYSED, steps[-1][1])
    return Flow(tuple(steps), tuple(drops), _branches(survey), survey.synthetic)


def _branches(survey: "Survey") -> tuple[Stage, ...]:
    """Bases that are a part of the respondents, and how many they hold."""
    labels = survey.codebook.about.get("bases", {})
    held = {name: _holds(survey, where) for name, where in survey.codebook.bases.items()}
    return tuple((labels.get(name) or text(name), n) for name, n in held.items() if n is not None and n < len(survey))


def _holds(survey: "Survey", where: str) -> int | None:
    """For how many a base holds; None where the survey lacks an answer that it names."""
    frame = survey.frame
    if survey.ledger is not None and "disposition" in survey.ledger.answering:
        frame = frame.assign(disposition=survey.ledger.answering["disposition"])
    known = [name in frame or name in survey.codebook for name in names_in(where)]
    if not all(known):
        return None
    return int(evaluate(where, frame, survey.codebook).fillna(False).sum())
