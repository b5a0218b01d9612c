"""Respondents against the sampling frame that they were drawn from."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from ..design.design import as_design
from ..errors import one_of
from ..estimators.fit import Vector
from ..language import both
from ..results import Estimates, Test
from .bases import Data
from .fit_tests import FIT_METHODS, FIT_TESTS, FitMethod, Observed, choose_fit
from .sampling_frame import frame_note, known_numbers
from .shares import shares_of

EFFECT = "Cohen's w"
WHAT = both("Respondents against the sampling frame", "응답자와 표본추출틀의 비교")


@dataclass(frozen=True, eq=False, repr=False)
class AgainstFrame(Estimates):
    """Differences between respondents and frame, with what a test of fit needs.

    Attributes
    ----------
    known
        Frame's shares, shape (k,), in row order.
    simple
        Whether respondents are a simple random sample with equal weights.
    """

    known: Vector = field(kw_only=True)
    simple: bool = field(kw_only=True)

    def test(self, method: FitMethod = "auto", *, seed: int = 1) -> Test:
        """Test whether respondents differ from the frame by more than chance.

        Parameters
        ----------
        method
            "rao_scott" (second-order F) and "rao_scott_chisq" (first-order chi-square) take the design into account;
            "pearson" and "exact" (multinomial) take respondents as a simple random sample. "auto": Rao-Scott F for any
            other design; for a simple random sample Pearson's chi-square, or the exact test where an expected count is
            below 5.
        seed
            Seed of the Monte Carlo sample that stands in for the exact test of large tables.

        Returns
        -------
        Test
            With Cohen's w = sqrt(X2 / n); `extra["dissimilarity"]`: the share of respondents that would have to be
            others for the two distributions to be the same.

        Raises
        ------
        ChoiceError
            `method` is no method.

        Notes
        -----
        Answers that the frame does not have, and nobody gave, are left out. See `goodness.rao_scott_fit`.

        References
        ----------
        R survey ``svygofchisq``; R ``chisq.test(p = )``.

        Examples
        --------
        >>> import pandas as pd
        >>> firms = pd.DataFrame({"size": ["small"] * 30 + ["large"] * 27})
        >>> round(against_frame(firms, "size", {"small": 800, "large": 400}).test().p, 4)
        0.0246
        """
        one_of(method, FIT_METHODS, "method")
        frame, share = self.frame, self.detail["distribution"]["weighted"].to_numpy(float)
        seen = Observed(frame["count"].to_numpy(), share, self.known, self.covariance, float(self.origin.df or 0))
        chosen, notes = choose_fit(method, self.simple, seen.n * self.known)
        test = FIT_TESTS[chosen](seen, seed)
        extra = {**test.extra, "dissimilarity": float(abs(frame["estimate"]).sum() / 2)}
        variance = self.origin.variance if chosen.startswith("rao_scott") else {}
        origin = replace(self.origin, what=test.name, variance=variance, interval={}).with_notes(
            *notes, *test.origin.notes
        )
        return replace(test, n=seen.n, origin=origin, effect_name=EFFECT, extra=extra)


def against_frame(
    data: Data, question: str, frame: Mapping[Any, float] | pd.Series, *, confidence: float = 0.95
) -> AgainstFrame:
    """Compare who responded with who is in the sampling frame, answer by answer.

    Parameters
    ----------
    data
        Design, or a survey or frame taken as a simple random sample.
    question
        Question with answer categories that the sampling frame knows of everybody: region, sector, size.
    frame
        Answer -> number of people (or firms) in the frame, or their share (shares sum to 1, or to 100 %).

    Returns
    -------
    AgainstFrame
        Kind "against_frame"; a row an answer: `estimate` is the weighted share of respondents minus the frame's, with
        its design-based error and a Wilson interval; `count` and `n` are respondents. `detail["distribution"]`: count,
        frame (number or share as given), and the shares unweighted, weighted, of the frame. `.test()` tests the fit.

    Raises
    ------
    LevelError
        The frame has an answer that the question does not have.
    DataError
        The frame lacks an answer that respondents gave, holds no usable number, or fewer than two answers.
    ColumnError, ChoiceError
        As `proportion`.

    Notes
    -----
    Base: respondents with an answer. The frame's shares are taken as known without error. Weights that were calibrated
    on this question reproduce the frame: compare before calibration.

    References
    ----------
    R survey ``svymean``.

    Examples
    --------
    >>> import pandas as pd
    >>> firms = pd.DataFrame({"size": ["small"] * 30 + ["large"] * 27})
    >>> against_frame(firms, "size", {"small": 800, "large": 400}).frame[["level", "estimate"]].round(3)
       level  estimate
    0  small     -0.14
    1  large      0.14
    """
    design = as_design(data)
    found = shares_of("proportion", design, question, None, None, "wilson", confidence)
    rows = found.frame
    given = known_numbers(frame, question, rows)
    kept = np.flatnonzero([level in given for level in rows["level"]])
    rows = rows.iloc[kept].reset_index(drop=True)
    numbers = np.array([given[level] for level in rows["level"]])
    known = numbers / numbers.sum()
    distribution = pd.DataFrame(
        {
            "level": rows["level"], "count": rows["count"], "frame": numbers, "unweighted": rows["count"] / rows["n"],
            "weighted": rows["estimate"], "known": known,
        }
    )  # fmt: skip
    for name in ("estimate", "ci_low", "ci_high"):
        rows[name] = rows[name] - known
    origin = replace(found.origin, what=WHAT).with_notes(*frame_note(numbers))
    return AgainstFrame(
        rows, found.covariance[np.ix_(kept, kept)], "against_frame", "effect", (), found.labels, origin,
        detail={"distribution": distribution}, known=known, simple=design.simple,
    )  # fmt: skip
