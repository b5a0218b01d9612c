"""Estimates over imputations as a value, with what its uncertainty comes from."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from ..errors import ChoiceError, unknown_column
from ..estimators.pooling import Pooling, jointly_zero
from ..language import both
from ..results import KEYS, Estimates, Labels, Origin, Test, _Shown

ENDLESS = 1e12
"""Denominator degrees of freedom that an F takes for infinite."""


@dataclass(frozen=True, eq=False, repr=False)
class Information(_Shown):
    """Where the variance of each pooled estimate comes from; `keys` are the columns that tell the rows apart."""

    _frame: pd.DataFrame
    keys: tuple[str, ...]
    labels: Labels = field(default_factory=Labels)
    origin: Origin = field(default_factory=Origin)
    kind: str = "information"

    @property
    def frame(self) -> pd.DataFrame:
        """One row an estimate: keys, within, between, total, increase, share, fmi, df, complete_df.

        Variances within and between imputations and in total; relative increase by the missing answers; share of the
        total that is due to them; fraction of missing information; degrees of freedom, and those with complete answers.
        """
        return self._frame.copy()

    def words(self, record: Mapping[Any, Any], lang: str) -> str:
        """An estimate as a reader calls it: what tells it from the others."""
        told = [key for key in self.keys if self._frame[key].nunique(dropna=False) > 1] or [*self.keys[-1:]]
        owner = str(record.get("outcome", ""))
        by_key = {"outcome": self.labels.column, "term": self.labels.column}
        said = [
            by_key[key](record[key], lang)
            if key in by_key
            else self.labels.level(owner if key == "level" else key, record[key], lang)
            for key in told
        ]
        return " · ".join(said)


@dataclass(frozen=True, eq=False, repr=False)
class Pooled(Estimates):
    """Estimates over imputations: table, figure and frame as of one analysis.

    Attributes
    ----------
    pooling
        What Rubin's rules rest on: covariance within and between imputations.
    confidence
        Level of the intervals.
    """

    pooling: Pooling = field(kw_only=True)
    confidence: float = field(default=0.95, kw_only=True)

    @property
    def m(self) -> int:
        """Number of imputations."""
        return self.pooling.m

    @property
    def information(self) -> Information:
        """Where the variances come from: within and between imputations, fraction of missing information."""
        p = self.pooling
        keys = self._frame[[name for name in (*KEYS[:2], *self.by, *KEYS[2:]) if name in self._frame]]
        frame = keys.assign(
            within=np.diag(p.within), between=np.diag(p.between), total=np.diag(p.total), increase=p.increase,
            share=p.share, fmi=p.missing_information, df=p.df, complete_df=p.complete_df,
        )  # fmt: skip
        return Information(frame, tuple(keys), self.labels, self.origin)

    def exponentiate(self) -> "Pooled":
        """Odds ratios: pooled on the log scale, then exponentiated; statistic and p stay those of the log-odds.

        Raises
        ------
        ChoiceError
            The estimates are no log-odds.
        """
        if self.scale != "log_odds":
            raise ChoiceError(f"Estimates on the scale {self.scale!r} are no log-odds: they have no odds ratios.")
        kept = (self._frame["component"] == "slope").to_numpy()
        frame = self._frame[kept].reset_index(drop=True)
        ratio = np.exp(frame["estimate"].to_numpy())
        frame["se"] = frame["se"] * ratio
        for name in ("estimate", "ci_low", "ci_high"):
            frame[name] = np.exp(frame[name])
        at = np.ix_(kept, kept)
        p = self.pooling
        part = Pooling(p.estimate[kept], p.within[at], p.between[at], p.complete_df[kept], p.m)
        note = both("odds ratios: pooled as log-odds, then exponentiated", "오즈비: 로그오즈로 통합한 뒤 지수변환")
        return replace(self, _frame=frame, covariance=part.total * np.outer(ratio, ratio), scale="odds_ratio",
                       origin=self.origin.with_notes(note), pooling=part)  # fmt: skip

    def test(self, *names: str) -> Test:
        """Test that all coefficients of these questions or terms are zero (D1).

        Parameters
        ----------
        *names
            Terms of the frame ("age", "employer[university]"), or questions ("employer": all its terms).

        Raises
        ------
        ColumnError
            No coefficient has such a name.

        Notes
        -----
        See `jointly_zero`.
        """
        from scipy.special import fdtrc

        rows = np.array(sorted({row for name in names for row in self._rows(name)}), dtype=np.intp)
        if not len(rows):
            raise ChoiceError("Name a question or a term to test, such as pooled.test('age').")
        complete = float(np.min(self.pooling.complete_df[rows]))
        found = jointly_zero(self.pooling, rows, complete)
        p = float(fdtrc(found.df, min(found.df_denominator, ENDLESS), found.statistic))
        joined = ", ".join(names)
        name = both("Wald test over imputations (D1): {x}", "다중대체 왈드 검정(D1): {x}", x=joined)
        n = int(self._frame["n"].max()) if "n" in self._frame else 0
        return Test(name, found.statistic, p, found.df, found.df_denominator, n=n, origin=self.origin,
                    extra={"m": self.m, "increase": found.increase})  # fmt: skip

    def _rows(self, name: str) -> list[int]:
        """Rows of a term, or of all terms of a question."""
        terms = self._frame["term"].astype(str) if "term" in self._frame else pd.Series(dtype=str)
        for found in (terms == name, terms.str.startswith(f"{name}[")):
            if found.any():
                return np.flatnonzero(found).tolist()
        raise unknown_column(name, terms.unique().tolist(), "term of the model")
