"""Layout of plans: a row a situation, a column a number."""

from typing import Any

import numpy as np
import pandas as pd

from ..language import Text, both, say
from .formats import printed
from .grid import COUNT, PERCENT
from .table import Cell, Column, Format, Row, Table
from .words import foot, word

TWO, POINTS = Format("number", 2), Format("signed", 1, percent=True)
HEADS: dict[str, tuple[Text, Format]] = {
    "n": (both("n", "n"), COUNT),
    "n_1": (both("n, first group", "첫째 집단 n"), COUNT),
    "n_2": (both("n, second group", "둘째 집단 n"), COUNT),
    "share": (both("Share, %", "비율, %"), PERCENT),
    "share_1": (both("First group, %", "첫째 집단, %"), PERCENT),
    "share_2": (both("Second group, %", "둘째 집단, %"), PERCENT),
    "difference": (both("Difference, points", "차이, %p"), POINTS),
    "se": (both("SE, points", "표준오차, %p"), PERCENT),
    "deff": (both("Design effect", "설계효과"), TWO),
    "n_effective": (both("Effective n", "유효 표본 크기"), Format("number", 1)),
    "population": (both("Population", "모집단"), COUNT),
    "margin": (both("Margin, points", "표본오차, %p"), PERCENT),
    "power": (both("Power, %", "검정력, %"), PERCENT),
    "response_rate": (both("Response rate, %", "응답률, %"), PERCENT),
    "invited": (both("To invite", "초대 인원"), COUNT),
    "slopes": (both("Slopes", "계수 수"), COUNT),
    "slope": (both("Test of", "검정 대상"), Format()),
    "test": (both("Test", "검정"), Format()),
    "odds_ratio": (both("Odds ratio", "오즈비"), TWO),
    "group": (both("With the answer, %", "해당 응답 비율, %"), PERCENT),
    "r2": (both("R² with the others", "다른 변수와의 R²"), TWO),
    "only_first": (both("Only the first, %", "첫째만, %"), PERCENT),
    "only_second": (both("Only the second, %", "둘째만, %"), PERCENT),
    "events": (both("Events", "사건 수"), COUNT),
    "level": (both("Answer", "응답"), Format()),
    "criterion": (both("Criterion", "기준"), Format()),
    "direction": (both("Direction", "방향"), Format()),
}
UNSAID = {"deff": 1.0, "population": np.inf, "response_rate": 1.0}
"""Values that stand for nothing asked: a column of them is left out."""


def plan(result: Any, lang: str) -> Table:
    """Situations as rows; what was not asked for (no design effect, an infinite population) is left out."""
    frame = result.frame
    heads = dict(HEADS)
    if "difference" in frame and not {"share_1", "only_first"} & set(frame):
        heads["difference"] = (both("Difference, SD", "차이, 표준편차"), TWO)
    shown = [name for name in frame if name in heads and name != result.key and not _unsaid(name, frame)]
    ends = "ci_low" in frame
    columns = [Column(say(heads[name][0], lang)) for name in shown]
    rows = []
    for record in frame.to_dict("records"):
        cells = [Cell(record[name], heads[name][1]) for name in shown]
        if ends:
            cells.append(Cell((record["ci_low"], record["ci_high"]), Format("interval", 1, percent=True)))
        rows.append(Row(_stub(result, record[result.key], heads, lang), tuple(cells)))
    if ends:
        columns.append(Column(word("interval", lang, c=_percent(result.origin.interval))))
    title = say(result.origin.what, lang)
    head = say(heads[result.key][0], lang)
    how = say(result.origin.variance, lang)
    notes = (*([how[:1].upper() + how[1:]] if how else []), *foot(result.origin, lang))
    return Table(tuple(columns), tuple(rows), title, stub_head=head, notes=notes, lang=lang)


def _unsaid(name: str, frame: pd.DataFrame) -> bool:
    """Whether a column tells nothing: everybody responds, so that all invited are the respondents."""
    said = "response_rate" if name == "invited" else name
    return said in UNSAID and bool((frame[said] == UNSAID[said]).all())


def _stub(result: Any, value: Any, heads: dict[str, tuple[Text, Format]], lang: str) -> str:
    """Words of the key of a row: its label, or its number."""
    return say(result.labels[value], lang) if value in result.labels else printed(Cell(value, heads[result.key][1]))


def _percent(interval: Text) -> str:
    """Confidence as the origin says it: "95%"."""
    return next(part for part in say(interval, "en").split() if part.endswith("%"))
