"""One question by another, and whether they are related."""

from dataclasses import dataclass, field, replace

from ..design.design import as_design
from ..errors import DataError, one_of
from ..intervals import INTERVALS, Interval
from ..language import Text, both
from ..results import Estimates, Test
from .bases import Data
from .contingency import CellTable
from .counted import cell_table, shares, shares_of_all
from .groups import one_column
from .independence import CLASSICAL, METHODS, TESTS, Method, choose, constant
from .measured import measured_frame
from .shares import asked_of, shares_estimates


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
            Under the design: "rao_scott" (Pearson's statistic, second-order F), "rao_scott_chisq" (first-order
            chi-square), "likelihood_ratio" (second-order F of the likelihood ratio), "saddlepoint" and "lincom"
            (Pearson's statistic against the sum of chi-squares that it follows: approximated, or exact), "wald" and
            "adjusted_wald" (F tests on the distances of cells from independence; unsafe where cells are empty or few
            clusters are sampled). "pearson" and "exact" (Fisher-Freeman-Halton) take respondents as a simple random
            sample. "auto": Rao-Scott F for any weighted, stratified, clustered or finite design; for a simple random
            sample Pearson's chi-square, or the exact test where more than 20% of the expected counts are below 5 or any
            is below 1.
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
        "saddlepoint" and "lincom": sum of deff_i chi2_1 over chi2_m / m, m the whole part of the F test's second
        degrees of freedom; without the denominator where variances come from replicates, as in R. The likelihood ratio
        has the same limit as Pearson's statistic, so its correction is the same (Rao and Scott 1984).

        References
        ----------
        R survey ``svychisq`` ("F", "Chisq", "saddlepoint", "lincom", "Wald", "adjWald"); R ``chisq.test(correct =
        FALSE)``, ``fisher.test``.

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
            return self._said(constant(table), notes, {})
        chosen, why = choose(method, table)
        variance = {} if chosen in CLASSICAL else self.origin.variance
        return self._said(TESTS[chosen](table, seed), (*why, *notes), variance)

    def _said(self, test: Test, notes: tuple[Text, ...], variance: Text) -> Test:
        """The test with the origin of the table."""
        origin = replace(
            self.origin,
            what=test.name,
            variance=variance,
            interval={},
            notes=(*self.origin.notes, *test.origin.notes, *notes),
        )
        return replace(test, origin=origin)

    def _left_out(self) -> tuple[Text, ...]:
        """One note on answers and groups that nobody is in."""
        answers, groups = (self.cells.counts.sum(axis=axis) == 0 for axis in (1, 0))
        if not (answers.any() or groups.any()):
            return ()
        frame = self.frame
        codes = [
            *((frame["outcome"].iloc[0], code) for code in frame["level"].iloc[: len(answers)][answers]),
            *((self.by[0], code) for code in frame[self.by[0]].iloc[:: len(answers)][groups]),
        ]
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
        "wilson", "t", "logit", "arcsine", "likelihood" or "exact".

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
    one_of(interval, INTERVALS, "interval")
    design = as_design(data)
    asked = asked_of(design, question, one_column(design.survey, by, "by"))
    counts, levels = asked.counted(), asked.answer.levels
    found = shares_estimates("crosstab", asked, shares(counts), levels, asked.labels, interval, confidence)
    keys = {"outcome": [question] * len(levels), "level": list(levels)}
    totals = measured_frame(shares_of_all(counts), keys, interval=interval, confidence=confidence, simple=design.simple)
    parts = {name: getattr(found, name) for name in ("covariance", "kind", "scale", "by", "labels", "origin")}
    return Crosstab(found.frame, **parts, detail={"totals": totals}, cells=cell_table(counts))
