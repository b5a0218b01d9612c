"""One question by another, and whether they are related."""

from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np

from ..design.design import Design, as_design
from ..design.sums import grouped_covariance
from ..errors import DataError, one_of
from ..intervals import Interval
from ..language import Text, both
from ..results import Estimates, Test
from . import contingency
from .contingency import CellTable
from .describe import Data, shares_of
from .exact import exact_test
from .groups import one_column
from .variables import Categories, categories

Method = Literal["auto", "rao_scott", "rao_scott_chisq", "pearson", "exact"]
METHODS = ("auto", "rao_scott", "rao_scott_chisq", "pearson", "exact")
EFFECT = "Cramér's V"


@dataclass(frozen=True, eq=False, repr=False)
class Crosstab(Estimates):
    """Shares of each answer within groups, with the cells that a test of independence needs.

    Attributes
    ----------
    cells
        Counts, weighted counts and their covariance, answers x groups.
    """

    cells: CellTable = field(kw_only=True)

    def test(self, method: Method = "auto", *, seed: int = 1) -> Test:
        """Test whether the answer depends on the group.

        Parameters
        ----------
        method
            "rao_scott" (second-order F) and "rao_scott_chisq" (first-order chi-square) take the design into account;
            "pearson" and "exact" (Fisher-Freeman-Halton) take respondents as a simple random sample. "auto": Rao-Scott
            F for any weighted, stratified, clustered or finite design; for a simple random sample Pearson's chi-square,
            or the exact test where more than 20% of the expected counts are below 5 or any is below 1.
        seed
            Seed of the Monte Carlo sample that stands in for the exact test of large tables.

        Returns
        -------
        Test
            With Cramer's V of the (weighted) table. The name says which test; `origin.notes` why, and what was left
            out.

        Raises
        ------
        ChoiceError
            `method` is no method.
        DataError
            Fewer than two groups have answers.

        Notes
        -----
        Respondents with both answers. Answers and groups that nobody is in are left out. No continuity correction.

        References
        ----------
        R survey ``svychisq``; R ``chisq.test(correct = FALSE)``, ``fisher.test``.

        Examples
        --------
        >>> import pandas as pd
        >>> tea = pd.DataFrame({"said": ["milk"] * 4 + ["tea"] * 4, "poured": list("mmmtmttt")})
        >>> round(crosstab(tea, "said", by="poured").test().p, 4)
        0.4857
        """
        one_of(method, METHODS, "method")
        table = self.cells.trimmed()
        if table.counts.shape[1] < 2:
            raise DataError(f"Only one group of {self.by[0]!r} has answers: there is nothing to compare.")
        notes = self._left_out()
        if table.counts.shape[0] < 2:
            return self._said(_constant(table), notes)
        chosen, why = _choose(method, table)
        return self._said(TESTS[chosen](table, seed), (*why, *notes))

    def _said(self, test: Test, notes: tuple[Text, ...]) -> Test:
        """The test with the origin of the table."""
        origin = replace(
            self.origin, what=test.name, interval={}, notes=(*self.origin.notes, *test.origin.notes, *notes)
        )
        return replace(test, origin=origin)

    def _left_out(self) -> tuple[Text, ...]:
        """One note on answers and groups that nobody is in."""
        frame = self.frame
        codes = [
            *((frame["outcome"].iloc[0], code) for code in _empty(frame, "level")),
            *((self.by[0], code) for code in _empty(frame, self.by[0])),
        ]
        if not codes:
            return ()
        named = {lang: ", ".join(self.labels.level(*pair, lang) for pair in codes) for lang in ("en", "ko")}
        words = both("left out of the test (nobody)", "검정에서 제외(응답자 없음)")
        return ({lang: f"{words[lang]}: {named[lang]}" for lang in words},)


def crosstab(
    data: Data, question: str, *, by: str, interval: Interval = "wilson", confidence: float = 0.95
) -> Crosstab:
    """Estimate the share of each answer within every group of another question.

    Parameters
    ----------
    data
        Design, or a survey or frame taken as a simple random sample.
    question
        Question with answer categories.
    by
        Question whose answers are the groups.
    interval
        "wilson", "t", "logit" or "exact".

    Returns
    -------
    Crosstab
        Kind "crosstab": shares within each group (column shares), joint covariance; `detail["totals"]` holds the shares
        over all groups; `.test()` tests independence.

    Raises
    ------
    ColumnError, ChoiceError, DataError
        As `proportion`.

    Notes
    -----
    Base: respondents with both answers.

    References
    ----------
    R survey ``svyby(~question, ~by, svymean)``, ``svychisq``.

    Examples
    --------
    >>> import pandas as pd
    >>> tea = pd.DataFrame({"said": ["milk"] * 4 + ["tea"] * 4, "poured": list("mmmtmttt")})
    >>> crosstab(tea, "said", by="poured").frame["estimate"].tolist()
    [0.75, 0.25, 0.25, 0.75]
    """
    design = as_design(data)
    answer = categories(design.survey, one_column(design.survey, question))
    group = categories(design.survey, one_column(design.survey, by, "by"))
    found = shares_of("crosstab", design, question, None, by, interval, confidence)
    together = design.within(group.answered)
    totals = shares_of("proportion", together, question, None, None, interval, confidence)
    parts = {name: getattr(found, name) for name in ("covariance", "kind", "scale", "by", "labels", "origin")}
    cells = _cells(together.within(answer.answered), answer, group)
    return Crosstab(found.frame, **parts, detail={"totals": totals.frame}, cells=cells)


def _cells(used: Design, answer: Categories, group: Categories) -> CellTable:
    """Cells of the two questions among the respondents used."""
    shape = len(answer.levels), len(group.levels)
    size = shape[0] * shape[1]
    cell = (answer.codes * shape[1] + group.codes)[used.rows]
    weights = used.row_weights
    counts = np.bincount(cell, minlength=size).reshape(shape)
    weighted = np.bincount(cell, weights, minlength=size).astype(np.float64).reshape(shape)
    covariance = grouped_covariance(weights[:, None], cell, size, used.rows, used.sample)
    return CellTable(counts, weighted, covariance, used.df, used.simple)


def _empty(frame: Any, key: str) -> list[Any]:
    """Levels of a key column without respondents, in order."""
    counts = frame.groupby(key, sort=False, observed=False)["count"].sum()
    return [code for code, count in counts.items() if count == 0]


def _choose(method: Method, table: CellTable) -> tuple[Method, tuple[Text, ...]]:
    """The test to run, and why."""
    if method != "auto":
        ignored = method in ("pearson", "exact") and not table.simple
        return method, (IGNORED,) if ignored else ()
    if not table.simple:
        return "rao_scott", (
            both("Rao-Scott because the sample is not simple random", "단순임의표본이 아니므로 라오-스콧 검정"),
        )
    if contingency.thin(table.counts):
        return "exact", (
            both(
                "exact because more than 20% of expected counts are below 5, or one is below 1",
                "기대도수 5 미만 칸이 20%를 넘거나 1 미만 칸이 있어 정확검정",
            ),
        )
    return "pearson", (both("Pearson because expected counts are large enough", "기대도수가 충분하여 피어슨 검정"),)


IGNORED = both(
    "this test ignores weights, strata, clusters and finite population", "가중치·층·집락·유한모집단을 무시한 검정"
)


def _constant(table: CellTable) -> Test:
    """Everybody gave the same answer: there is one possible table."""
    name = both("no test: everybody gave the same answer", "검정 없음: 모두 같은 응답")
    return Test(name, statistic=0.0, p=1.0, df=0.0, n=table.n)


def _pearson(table: CellTable, seed: int) -> Test:
    x2, df, p = contingency.pearson_test(table.counts)
    name = both("Pearson chi-square test (no continuity correction)", "피어슨 카이제곱 검정(연속성 수정 없음)")
    effect = contingency.cramers_v(x2, table.n, table.counts.shape)
    return Test(name, x2, p, df=df, effect=effect, effect_name=EFFECT, n=table.n)


def _exact(table: CellTable, seed: int) -> Test:
    found = exact_test(table.counts, seed)
    name = both("Fisher-Freeman-Halton exact test", "피셔-프리먼-핼턴 정확검정")
    extra: dict[str, float] = {}
    if found.draws:
        name = both(
            "Fisher-Freeman-Halton test by Monte Carlo ({k:,} tables, seed {s}, standard error of p {e:.2g})",
            "피셔-프리먼-핼턴 몬테카를로 검정({k:,}회, 시드 {s}, p의 표준오차 {e:.2g})",
            k=found.draws,
            s=seed,
            e=found.se,
        )
        extra = {"draws": found.draws, "seed": seed, "monte_carlo_se": found.se}
    x2 = contingency.pearson_statistic(table.counts.astype(float))
    effect = contingency.cramers_v(x2, table.n, table.counts.shape)
    return Test(name, np.nan, found.p, effect=effect, effect_name=EFFECT, n=table.n, extra=extra)


def _rao_scott(table: CellTable, seed: int) -> Test:
    found = contingency.rao_scott(table)
    name = both("Rao-Scott F test (second-order correction)", "라오-스콧 F 검정(2차 보정)")
    test = _corrected(table, found, name)
    return replace(test, statistic=found.statistic, p=found.p, df=found.df, df_denominator=found.df_denominator)


def _rao_scott_chisq(table: CellTable, seed: int) -> Test:
    found = contingency.rao_scott(table)
    name = both(
        "Rao-Scott chi-square test (first-order: p from X2 / {d:.3f}, the mean design effect)",
        "라오-스콧 카이제곱 검정(1차 보정: p는 X2 / 평균 설계효과 {d:.3f})",
        d=found.mean_deff,
    )
    return _corrected(table, found, name)


def _corrected(table: CellTable, found: contingency.RaoScott, name: Text) -> Test:
    """The first-order test, with what both corrections share."""
    effect = contingency.cramers_v(found.x2, table.n, table.counts.shape)
    extra = {"x2": found.x2, "mean_deff": found.mean_deff, "x2_corrected": found.statistic * found.chi_df}
    test = Test(name, found.x2, found.chi_p, df=found.chi_df, effect=effect, effect_name=EFFECT, n=table.n, extra=extra)
    if not np.isnan(found.p):
        return test
    note = both(
        "the design leaves no degrees of freedom, or no variance, for an F test", "F 검정에 쓸 자유도 또는 분산이 없음"
    )
    return replace(test, origin=test.origin.with_notes(note))


TESTS = {"pearson": _pearson, "exact": _exact, "rao_scott": _rao_scott, "rao_scott_chisq": _rao_scott_chisq}
