"""Results are values: numbers with their covariance, their labels, and where they come from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ._version import __version__
from .errors import ChoiceError
from .language import SYNTHETIC, Text, both, say

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from .tables.table import Table

KEYS = ("outcome", "level", "component", "term")
VALUES = (
    "estimate", "se", "statistic", "df", "p", "ci_low", "ci_high", "count", "n", "n_weighted",
)  # fmt: skip
TEST_COLUMNS = (
    "statistic", "df", "df_denominator", "p", "effect", "effect_name", "effect_ci_low", "effect_ci_high", "n",
)  # fmt: skip
Scale = Literal[
    "value", "proportion", "percent_of_answers", "total", "log_odds", "odds_ratio", "risk_ratio", "probit",
    "probability", "effect", "mean_rank", "log_rate", "rate_ratio",
]  # fmt: skip


@dataclass(frozen=True)
class Origin:
    """Where a result comes from, small and printable.

    Attributes
    ----------
    what
        The result in words: "Share of respondents by answer".
    questions
        Question id -> wording.
    filter
        Domain in words; empty for everybody.
    flow
        Case flow as (words, number of respondents), from all to those used.
    design, variance, interval, df, df_rule
        How the errors were computed; `df_rule` says what the degrees of freedom are counted from.
    notes
        Everything a reader must know: missing answers, small cells, corrections, warnings.
    synthetic
        Whether the respondents are generated.
    source
        SHA-256 of the raw file.
    """

    what: Text = field(default_factory=dict)
    questions: Mapping[str, Text] = field(default_factory=dict)
    filter: Text = field(default_factory=dict)
    flow: tuple[tuple[Text, int], ...] = ()
    design: Text = field(default_factory=dict)
    variance: Text = field(default_factory=dict)
    interval: Text = field(default_factory=dict)
    df: float | None = None
    df_rule: Text = field(default_factory=dict)
    notes: tuple[Text, ...] = ()
    synthetic: bool = False
    source: str = ""
    version: str = __version__

    def with_notes(self, *notes: Text) -> "Origin":
        """Return the same origin with more notes."""
        return replace(self, notes=(*self.notes, *notes))

    def base_line(self, lang: str = "en") -> str:
        """Case flow in one line: "57 of 214 respondents (Present employer: Company), 51 used"."""
        if len(self.flow) < 2 or self.flow[1][0] != self.filter:
            return ", ".join(_counted(words, n, lang) for words, n in self.flow)
        (everybody, n), (domain, inside), *rest = self.flow
        first = _counted(everybody, n, lang)
        of = (
            f"{first} 중 {inside:,}명({say(domain, lang)})"
            if lang == "ko"
            else f"{inside:,} of {first} ({say(domain)})"
        )
        return ", ".join([of, *(_counted(words, n, lang) for words, n in rest)])

    def lines(self, lang: str = "en") -> list[str]:
        """Notes for the foot of a table or figure: base, design, interval, warnings, synthetic."""
        parts = [self.base_line(lang), say(self.design, lang), say(self.interval, lang)]
        first = "; ".join(p for p in parts if p)
        synthetic = [say(SYNTHETIC, lang)] if self.synthetic else []
        return [line for line in [first, *(say(note, lang) for note in self.notes), *synthetic] if line]

    def method(self, lang: str = "en") -> str:
        """Return what was computed and how its errors were, without the base and the notes."""
        how = "; ".join(p for p in (say(t, lang) for t in self._how()) if p)
        return f"{': '.join(p for p in (say(self.what, lang), how) if p)}."

    def _how(self) -> tuple[Text, ...]:
        """How the errors were computed, in the order in which it is told."""
        return self.design, self.variance, self.df_rule, self.interval

    def sentence(self, lang: str = "en") -> str:
        """Return the methods sentence: what, of whom; how the errors were computed; what to know."""
        what = ": ".join(p for p in (say(self.what, lang), self.base_line(lang)) if p)
        how = "; ".join(p for p in (say(t, lang) for t in self._how()) if p)
        notes = [say(note, lang) for note in self.notes] + ([say(SYNTHETIC, lang)] if self.synthetic else [])
        sentences = [p.rstrip(".")[:1].upper() + p.rstrip(".")[1:] for p in (what, how, *notes) if p]
        return ". ".join(sentences) + f". (surveyanalysis {self.version})"


def _counted(words: Text, n: int, lang: str) -> str:
    """Respondents with their number: "214 respondents"."""
    return f"{say(words, lang)} {n:,}명" if lang == "ko" else f"{n:,} {say(words, lang)}"


@dataclass(frozen=True)
class Labels:
    """What readers see instead of column names and codes.

    Attributes
    ----------
    columns
        Column name, question id or term -> text.
    levels
        (column, code) -> text.
    """

    columns: Mapping[str, Text] = field(default_factory=dict)
    levels: Mapping[tuple[str, Any], Text] = field(default_factory=dict)

    def column(self, name: str, lang: str = "en") -> str:
        """Label of a column, question or term."""
        return say(self.columns.get(name, name), lang)

    def level(self, name: str, code: Any, lang: str = "en") -> str:
        """Label of an answer category of a question."""
        return say(self.levels.get((name, code), str(code)), lang)


class _Shown:
    """Doors from a result upward to tables and figures, opened only when called."""

    kind: str

    def table(self, lang: str = "en") -> "Table":
        """Return the result as a printed table, a grid of cells."""
        from .tables.layouts import layout

        return layout(cast("Estimates | Test", self), lang)

    def plot(
        self, ax: "Axes | None" = None, lang: str = "en", width: float | None = None, kind: str | None = None
    ) -> "Axes":
        """Draw the result, `width` inches wide; returns the Axes and leaves global settings alone.

        `kind` asks for another kind of figure where there is one: "stacked" or "panels" of predictions along a number.
        """
        from .figures.figure import draw

        return draw(cast("Estimates | Test", self), ax=ax, lang=lang, width=width, kind=kind)

    def __repr__(self) -> str:
        return self.table().to_text()

    def _repr_html_(self) -> str:
        return self.table()._repr_html_()


@dataclass(frozen=True, eq=False, repr=False)
class Estimates(_Shown):
    """Numbers with their covariance.

    Attributes
    ----------
    kind
        What is shown and how: "proportion", "mean", "total", "quantile", "distribution", "frequencies", "crosstab",
        "multiple_response", "likert", "ranking", "coefficients", "effects", "predictions"; "ratio", "total_by_ratio",
        "variance", "correlation", "design_effect", "standardised", "decomposition", "alpha", "contrast", "differences";
        "roc", "classification", "calibration", "rootogram",
        "missing_sensitivity".
    covariance
        Joint covariance of the estimates, shape (rows, rows), in row order.
    scale
        What the numbers are; transformations say so here.
    by
        Group columns of the frame.
    labels
        What readers see for columns and codes.
    extra
        Named numbers that belong to the result as a whole: log-likelihood, deviance, chi-square.
    detail
        What `.table()` and `.plot()` need besides the rows (such as mean scores of Likert items).
    """

    _frame: pd.DataFrame
    covariance: NDArray[np.float64]
    kind: str
    scale: Scale = "value"
    by: tuple[str, ...] = ()
    labels: Labels = field(default_factory=Labels)
    origin: Origin = field(default_factory=Origin)
    extra: Mapping[str, float] = field(default_factory=dict)
    detail: Mapping[str, Any] = field(default_factory=dict)

    @property
    def frame(self) -> pd.DataFrame:
        """Tidy copy: one row an estimate, columns by the contract."""
        return self._frame.copy()

    def __len__(self) -> int:
        return len(self._frame)

    def with_interval(self, *, df: float | None = None, confidence: float = 0.95) -> "Estimates":
        """Return the same estimates with t intervals, p-values too, under other degrees of freedom.

        Parameters
        ----------
        df
            ``np.inf`` gives the normal interval (R's ``confint``), ``design.df`` that of the whole design (R's
            ``confint(df = degf(design))``); None leaves the degrees of freedom of each row.

        Examples
        --------
        >>> import pandas as pd
        >>> from surveyanalysis.analysis.describe import mean
        >>> ages = mean(pd.DataFrame({"age": [30.0, 40.0, 50.0]}), "age")
        >>> ages.with_interval(df=np.inf).frame[["ci_low", "ci_high"]].round(2).values.tolist()
        [[28.68, 51.32]]
        """
        from .intervals import t_interval, t_p_values

        frame = self.frame
        if "se" not in frame:
            raise ChoiceError(f"A result of kind {self.kind!r} has no standard errors, so that it has no intervals.")
        own = frame["df"].to_numpy(float) if df is None else np.full(len(frame), float(df))
        low, high = t_interval(frame["estimate"].to_numpy(float), frame["se"].to_numpy(float), own, confidence)
        frame["df"], frame["ci_low"], frame["ci_high"] = own, low, high
        if "p" in frame:
            frame["p"] = t_p_values(frame["statistic"].to_numpy(float), own)
        kind = ("normal", "정규") if df is not None and np.isinf(df) else ("t", "t")
        words = both("{c:g}% {k} interval", "{c:g}% {o} 신뢰구간", c=100 * confidence, k=kind[0], o=kind[1])
        origin = replace(self.origin, interval=words, df=self.origin.df if df is None else df)
        parts = {
            name: part.with_interval(df=df, confidence=confidence) if isinstance(part, Estimates) else part
            for name, part in self.detail.items()
        }
        return replace(self, _frame=frame, origin=origin, detail=parts)


@dataclass(frozen=True, eq=False, repr=False)
class Test(_Shown):
    """A statistic, its reference distribution, and the size of the effect.

    Attributes
    ----------
    name
        The test in words, with its correction.
    """

    __test__ = False  # not a pytest class, whatever its name

    name: Text
    statistic: float
    p: float
    df: float | None = None
    df_denominator: float | None = None
    effect: float | None = None
    effect_name: str = ""
    effect_ci: tuple[float, float] | None = None
    n: int = 0
    origin: Origin = field(default_factory=Origin)
    extra: Mapping[str, float] = field(default_factory=dict)
    kind: str = "test"

    @property
    def frame(self) -> pd.DataFrame:
        """One row: statistic, df, df_denominator, p, effect, effect_name, effect_ci_low, effect_ci_high, n."""
        low, high = self.effect_ci or (np.nan, np.nan)
        values = (self.statistic, _number(self.df), _number(self.df_denominator), self.p, _number(self.effect),
                  self.effect_name, low, high, self.n)  # fmt: skip
        return pd.DataFrame([dict(zip(TEST_COLUMNS, values))], index=[say(self.name)])


def _number(value: float | None) -> float:
    return float("nan") if value is None else float(value)


def estimates_frame(columns: Mapping[str, Any], by: Sequence[str] = ()) -> pd.DataFrame:
    """Build a frame in the order of the column contract: keys, groups, values.

    Parameters
    ----------
    columns
        Column name -> values; unknown names raise, so that no analysis invents its own.
    by
        Group columns.
    """
    order = ["outcome", "level", *by, "component", "term", *VALUES]
    strangers = [c for c in columns if c not in order]
    if strangers:
        raise ValueError(f"not in the column contract: {strangers}")
    return pd.DataFrame({name: columns[name] for name in order if name in columns})
