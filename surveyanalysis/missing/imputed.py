"""Imputed answers: a value that gives designs, pooled estimates, and what to judge the imputations by."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ..analysis.variables import labels_for
from ..design.design import Design, replace_parts
from ..errors import ChoiceError, SurveyError
from ..estimators.chained import Chains, Incomplete
from ..estimators.posterior import Array
from ..language import Text, both
from ..results import Labels, Origin, _Shown
from . import words
from .answers import Answers
from .derived import derived_anew
from .pool import pool
from .pooled import Pooled
from .progress import told

if TYPE_CHECKING:
    from .judged import Convergence, Plausibility


@dataclass(frozen=True, eq=False)
class Equation:
    """An incomplete question and its equation."""

    answers: Answers
    spec: Incomplete

    @property
    def name(self) -> str:
        """Column of the frame."""
        return self.answers.name


@dataclass(frozen=True, eq=False, repr=False)
class Imputed(_Shown):
    """Answers filled m times.

    Attributes
    ----------
    design
        The design with the answers as they were given.
    equations
        What was filled, those with the fewest missing first.
    answers
        Everything that is in the equations.
    chains
        Filled values and their trace.
    m, iterations, seed, donors, carried
        As asked for; `carried` is what of the design is in the equations.
    """

    design: Design
    equations: tuple[Equation, ...]
    answers: tuple[Answers, ...]
    chains: Chains
    m: int
    iterations: int
    seed: int
    donors: int
    carried: tuple[str, ...]
    kind: str = "imputed"

    def __len__(self) -> int:
        return self.m

    @cached_property
    def designs(self) -> tuple[Design, ...]:
        """The design with filled answers, one for each imputation; reasons of filled answers are gone."""
        return tuple(self.imputation(i) for i in range(self.m))

    def imputation(self, i: int) -> Design:
        """The design with the answers of one imputation, counted from 0."""
        survey, rows = self.design.survey, self.design.rows
        frame = survey.frame
        for j, one in enumerate(self.equations):
            at = rows[one.spec.missing]
            frame[one.name] = filled_column(frame[one.name], at, self.chains.values[j][i], one.answers.levels)
        names = [one.name for one in self.equations]
        names += derived_anew(frame, survey.codebook, names)
        reasons = survey._reasons
        if reasons is not None:
            reasons = survey.reasons
            for name in names:
                reasons[name] = reasons[name].where(frame[name].isna())
        made = f"imputation {i + 1} of {self.m}"
        return replace_parts(self.design, survey=replace(survey, _frame=frame, _reasons=reasons, made_from=made))

    def fit(
        self,
        analysis: Callable[[Design], Any],
        *,
        df: float | None = None,
        confidence: float = 0.95,
        progress: bool = True,
    ) -> Pooled:
        """Analyse every imputation, and pool the results by Rubin's rules.

        Parameters
        ----------
        analysis
            From a design to estimates or a model: ``lambda design: logit(design, "wants ~ age")``.
        df
            Degrees of freedom with complete answers; those of the results where it is not given.
        confidence
            Level of the intervals.

        Raises
        ------
        SurveyError
            As the analysis raises it, with the number of the imputation.
        ChoiceError
            The analysis gives no estimates with standard errors, or different rows in different imputations.
        """
        found = [
            self._analysed(i, analysis, design)
            for i, design in enumerate(told(self.designs, self.m, "analysis", progress))
        ]
        result = pool(found, df=df, confidence=confidence)
        return replace(result, origin=result.origin.with_notes(*self.notes))

    def logit(self, formula: str, *, event: Any = None, confidence: float = 0.95) -> Pooled:
        """Pool a logit: ``fit(lambda design: logit(design, formula))``, computed on arrays and much faster.

        Parameters
        ----------
        formula, event, confidence
            As of `logit`.

        Notes
        -----
        Notes on the data (small groups, say) are those of the first imputation.
        """
        from .logits import pooled_logit

        return pooled_logit(self, formula, event, confidence)

    def _analysed(self, i: int, analysis: Callable[[Design], Any], design: Design) -> Any:
        if not callable(analysis):
            raise ChoiceError(
                f"`analysis` is {analysis!r}; give a function of a design: lambda design: mean(design, 'age')."
            )
        try:
            return analysis(design)
        except SurveyError as wrong:
            raise type(wrong)(
                f"Imputation {i + 1} of {self.m}: {wrong} (No imputation is left out: the others would make the result "
                "look surer than it is.)"
            ) from wrong

    @property
    def frame(self) -> pd.DataFrame:
        """One row a filled question: equation, asked, answered, imputed, share of the asked, predictors, not_asked."""
        return pd.DataFrame(self._rows)

    @cached_property
    def _rows(self) -> list[dict[str, Any]]:
        """The rows of `frame`."""
        rows, out = self.design.rows, []
        for one in self.equations:
            given, owed = int(one.answers.given[rows].sum()), len(one.spec.missing)
            out.append(
                {
                    "question": one.name,
                    "equation": words.equation_name(one.spec.kind, one.spec.levels),
                    "asked": given + owed,
                    "answered": given,
                    "imputed": owed,
                    "share": owed / (given + owed),
                    "not_asked": len(rows) - given - owed,
                    "predictors": len(one.spec.predictors) - 1,
                }
            )
        return out

    @cached_property
    def _made(self) -> Text:
        """What was imputed and how."""
        return words.made(self)

    @cached_property
    def notes(self) -> tuple[Text, ...]:
        """What was imputed and how, and what a reader must be warned of."""
        return (self._made, *words.warned(self))

    @property
    def origin(self) -> Origin:
        """How the imputations were made."""
        survey = self.design.survey
        flow: list[tuple[Text, int]] = [(both("respondents", "응답자"), len(survey))]
        if len(self.design.rows) < len(survey):
            flow.append((self.design.filter or both("used", "분석에 사용"), len(self.design.rows)))
        what = both("Imputed answers", "대체한 응답")
        return Origin(what, filter=self.design.filter, flow=tuple(flow), notes=self.notes, synthetic=survey.synthetic,
                      source=survey.sha256)  # fmt: skip

    @property
    def labels(self) -> Labels:
        """What readers see for the filled questions."""
        return labels_for(self.design.survey, *(one.name for one in self.equations))

    @cached_property
    def convergence(self) -> "Convergence":
        """Mean and standard deviation of filled answers by chain and round; `.plot()` draws them."""
        from .judged import convergence

        return convergence(self)

    @property
    def plausibility(self) -> "Plausibility":
        """Filled answers beside those given; `.plot()` draws them."""
        from .judged import plausibility

        return plausibility(self)


def filled_column(column: pd.Series, at: Any, values: Array, levels: Sequence[Any]) -> pd.Series:
    """The column with these rows filled: numbers, or positions in `levels`."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        place = column.dtype.categories.get_indexer(list(levels))
        codes = column.array.codes.copy()
        codes[at] = place[values.astype(np.intp)]
        return pd.Series(pd.Categorical.from_codes(codes, dtype=column.dtype), index=column.index, name=column.name)
    out = column.copy()
    found = np.array(levels)[values.astype(np.intp)] if levels else values
    integer = pd.api.types.is_integer_dtype(column.dtype)
    out.iloc[at] = found.astype(np.int64) if integer else found
    return out
