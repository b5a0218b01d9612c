"""Numbers that judge a model, as a value."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from ..language import Text
from ..results import Labels, Origin, _Shown
from .origins import origin_of

if TYPE_CHECKING:
    from .model import Model


@dataclass(frozen=True, eq=False, repr=False)
class Diagnostic(_Shown):
    """Numbers that judge a model: a row a measure, a term or a respondent.

    Attributes
    ----------
    kind
        "fit_measures", "inflation", "influence", "parallel_lines", "scale_test", "first_stage", "validation".
    labels
        What readers see for terms.
    extra
        Named numbers of the whole.
    detail
        Further frames, such as what each respondent does to every coefficient.
    """

    _frame: pd.DataFrame
    kind: str
    labels: Labels = field(default_factory=Labels)
    origin: Origin = field(default_factory=Origin)
    extra: Mapping[str, float] = field(default_factory=dict)
    detail: Mapping[str, Any] = field(default_factory=dict)

    @property
    def frame(self) -> pd.DataFrame:
        """Tidy copy."""
        return self._frame.copy()

    def __len__(self) -> int:
        return len(self._frame)


def design_origin(
    model: "Model", what: Text, interval: Text, *notes: Text, failed: int = 0, grouped: bool = False
) -> Origin:
    """Origin of shares of the respondents that a model used: their errors are the design's, whatever the model's."""
    frame = model.model_frame
    names = (model.outcome.name, *frame.formula.questions)
    said = (*frame.notes, *model.notes, *notes)
    return origin_of(
        what, frame.design, frame.used, *names, interval=interval, notes=said, failed=failed, grouped=grouped
    )
