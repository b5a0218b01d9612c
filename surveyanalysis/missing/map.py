"""Who did not answer what, and why: by question, and in which combinations."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..analysis.bases import Data
from ..analysis.variables import labels_for
from ..design.design import Design, as_design
from ..errors import ChoiceError
from ..language import Text, both, text
from ..results import Labels, Origin, _Shown
from .answers import columns_named, owes

UNSAID = ""
"""Where no reason is known."""


@dataclass(frozen=True, eq=False, repr=False)
class MissingMap(_Shown):
    """Missing answers by question and reason, and their patterns.

    Attributes
    ----------
    reasons
        Reason -> what readers see, for those that occur; the empty text where none is known.
    patterns
        One row a combination, the most frequent first: one column a question (True where an answer is owed), and `n`.
    """

    _frame: pd.DataFrame
    patterns: pd.DataFrame
    reasons: dict[str, Text]
    labels: Labels = field(default_factory=Labels)
    origin: Origin = field(default_factory=Origin)
    kind: str = "missing_map"

    @property
    def frame(self) -> pd.DataFrame:
        """One row a question: question, asked, answered, one column a reason ("reason:dk"), missing, share, not_asked.

        `missing` are those asked who did not answer, `share` their part of those asked; unweighted.
        """
        return self._frame.copy()


def missing_map(data: Data, questions: str | Sequence[str] | None = None) -> MissingMap:
    """Count missing answers by question and reason, and the combinations in which they occur.

    Parameters
    ----------
    data
        Design, survey or frame; of a domain, its respondents.
    questions
        Questions; a grid stands for its items. All columns of the survey where it is not given.

    Returns
    -------
    MissingMap
        `.table()` questions as rows and the commonest patterns under them; `.plot()` patterns as columns.

    Raises
    ------
    ColumnError
        There is no such question.

    Notes
    -----
    Whoever was not asked (by reason, or by the question's base in the codebook) counts as such, not as missing. Counts
    are of respondents, unweighted.

    Examples
    --------
    >>> import pandas as pd
    >>> found = missing_map(pd.DataFrame({"age": [31, None, 44, None], "pay": [None, None, 3.0, 2.0]}))
    >>> found.frame[["question", "asked", "missing"]].values.tolist()
    [['age', 4, 2], ['pay', 4, 2]]
    >>> found.patterns["n"].tolist()
    [1, 1, 1, 1]
    """
    design = as_design(data)
    survey, rows = design.survey, np.flatnonzero(design.inside)
    names = [*survey.frame.columns] if questions is None else _named(design, questions)
    owed = {name: owes(survey, name)[rows] for name in names}
    missing = {name: survey.column(name).isna().to_numpy(bool)[rows] for name in names}
    why = {name: survey.reasons[name].fillna(UNSAID).to_numpy(object)[rows] for name in names}
    found = {reason for name in names for reason in pd.unique(why[name][owed[name]])}
    order = [r for r in (*survey.codebook.missing, *sorted(found)) if r in found]
    order = list(dict.fromkeys([*(r for r in order if r), *(r for r in order if not r)]))
    frame = pd.DataFrame([_counts(name, owed[name], missing[name], why[name], order) for name in names])
    labels = labels_for(survey, *names)
    return MissingMap(frame, _patterns(owed), {r: _words(design, r) for r in order}, labels, _origin(design, owed))


def _named(design: Design, questions: str | Sequence[str]) -> list[str]:
    """Columns of questions; derived ones too, since their missing answers are seen as well."""
    listed = [questions] if isinstance(questions, str) else list(questions)
    if not listed:
        raise ChoiceError("`questions` is empty.")
    derived = {q.id for q in design.survey.codebook if q.derived and q.id in design.survey.frame}
    return [
        name for one in listed for name in ([one] if one in derived else columns_named(design.survey, one, "questions"))
    ]


def _counts(name: str, owed: NDArray[np.bool_], missing: NDArray[np.bool_], why: NDArray[np.object_],
            order: Sequence[str]) -> dict[str, object]:  # fmt: skip
    answered, lacking = int((~missing).sum()), int(owed.sum())
    reasons = {f"reason:{reason}": int((why[owed] == reason).sum()) for reason in order}
    asked = answered + lacking
    return {"question": name, "asked": asked, "answered": answered, **reasons, "missing": lacking,
            "share": lacking / asked if asked else np.nan, "not_asked": len(owed) - asked}  # fmt: skip


def _patterns(owed: dict[str, NDArray[np.bool_]]) -> pd.DataFrame:
    """Combinations of owed answers with their numbers of respondents."""
    whole = np.column_stack([*owed.values()])
    found, counts = np.unique(whole, axis=0, return_counts=True)
    order = np.lexsort((found.sum(axis=1), -counts))
    return pd.DataFrame(found[order], columns=[*owed]).assign(n=counts[order])


def _words(design: Design, reason: str) -> Text:
    known = design.survey.codebook.missing
    return known[reason].label if reason in known else both("no answer", "무응답") if not reason else text(reason)


def _origin(design: Design, owed: dict[str, NDArray[np.bool_]]) -> Origin:
    """Who is counted, and how many answered everything that they were asked."""
    survey, n = design.survey, int(design.inside.sum())
    flow: list[tuple[Text, int]] = [(both("respondents", "응답자"), len(survey))]
    if design.filter:
        flow.append((design.filter, n))
    whole = int((~np.column_stack([*owed.values()]).any(axis=1)).sum())
    note = both(
        "{k:,} of {n:,} answered everything that they were asked; counts are unweighted",
        "{n:,}명 중 {k:,}명이 받은 문항에 모두 응답; 가중하지 않은 수",
        k=whole, n=n,
    )  # fmt: skip
    asked = (
        (both("not asked: not counted as missing", "비해당은 결측으로 세지 않음"),) if _filtered(design, owed) else ()
    )
    return Origin(both("Missing answers", "결측 응답"), filter=design.filter, flow=tuple(flow), notes=(note, *asked),
                  synthetic=survey.synthetic, source=survey.sha256)  # fmt: skip


def _filtered(design: Design, owed: dict[str, NDArray[np.bool_]]) -> bool:
    """Whether somebody was not asked something."""
    survey = design.survey
    return any(
        bool((survey.column(name).isna().to_numpy(bool)[design.inside] & ~own).any()) for name, own in owed.items()
    )
