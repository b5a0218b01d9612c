"""One question put to those who are asked: groups, quotas, latent answers, who gives no answer."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..codebook.expressions import evaluate
from ..codebook.questions import Code, Codebook, Question
from ..errors import PublishedError
from .assumptions import Assumption
from .margins import among, in_words
from .published import Margin
from .quotas import Counts, Fixed, Mask, assign, quota_table

Floats = NDArray[np.float64]
OMITTED = "omitted"


@dataclass(frozen=True, eq=False)
class Asked:
    """One question, and the respondents who are asked it.

    Attributes
    ----------
    frame
        Their answers so far, one row each, shape (m, columns).
    margins
        Counts of this question (or column of a grid) that stand fixed.
    rng
        Random numbers of this question alone, so that other questions do not move its answers.
    """

    question: Question
    assumption: Assumption
    margins: tuple[Margin, ...]
    frame: pd.DataFrame
    codebook: Codebook
    rng: np.random.Generator

    def latent(self, leans: Mapping[str, float]) -> Floats:
        """Sum of coefficients times centred expressions, shape (m,); a missing answer counts as the mean."""
        total = np.zeros(len(self.frame))
        for expression, coefficient in leans.items():
            x = evaluate(expression, self.frame, self.codebook).astype("Float64").to_numpy(float, na_value=np.nan)
            known = ~np.isnan(x)
            total[known] += coefficient * (x[known] - x[known].mean() if known.any() else 0.0)
        return total

    def utilities(self, codes: Sequence[Code]) -> Floats:
        """Utility of each answer to each respondent but for the noise, shape (m, answers)."""
        return np.column_stack([self.latent(self.assumption.leans(code)) for code in codes])

    def rows(self, inside: Mask) -> "Asked":
        """The same question with some of the respondents."""
        return Asked(self.question, self.assumption, self.margins, self.frame[inside], self.codebook, self.rng)

    def groups(self) -> tuple[NDArray[np.intp], list[Mask]]:
        """Group of each respondent, shape (m,), and for each margin the groups that it is about.

        Respondents are in one group if the same counts are about them.
        """
        masks = [among(m, self.frame, self.codebook) for m in self.margins]
        if not masks:
            return np.zeros(len(self.frame), np.intp), []
        patterns, group = np.unique(np.stack(masks, axis=1), axis=0, return_inverse=True)
        return group.reshape(-1).astype(np.intp), [patterns[:, i] for i in range(len(masks))]


def answer_quotas(asked: Asked, shares: Mapping[Code, float]) -> tuple[NDArray[np.intp], Counts, tuple[str, ...]]:
    """How many respondents of each group give each answer, or no answer for each reason.

    Parameters
    ----------
    shares
        Expected share of each answer among those who answer.

    Returns
    -------
    groups
        Shape (m,).
    table
        Shape (groups, answers + reasons).
    reasons
        The reasons, in the order of the last columns.

    Raises
    ------
    PublishedError
        The counts contradict each other; the smallest set that does is named.
    """
    group, about = asked.groups()
    sizes = np.bincount(group, minlength=1).astype(np.int64)
    reasons = tuple(dict.fromkeys([*asked.assumption.missing, OMITTED]))
    target, possible = _expected(asked, shares, reasons, sizes, about)
    codes = list(shares)

    def solve(margins: Sequence[int]) -> Counts | None:
        fixed = [f for i in margins for f in _fixed(asked.margins[i], about[i], codes, target.shape)]
        return quota_table(target, sizes, fixed, possible)

    everything = list(range(len(asked.margins)))
    table = solve(everything)
    if table is not None:
        return group, table, reasons
    for i in list(everything):
        rest = [j for j in everything if j != i]
        if solve(rest) is None:
            everything = rest
    listed = "; ".join(in_words(asked.margins[i]) for i in everything)
    raise PublishedError(
        f"No {len(asked.frame)} respondents asked {asked.question.id!r} can have these counts at once: {listed}. "
        "Everybody asked answers unless a `base` or an assumed `missing` share says otherwise."
    )


def _expected(
    asked: Asked, shares: Mapping[Code, float], reasons: Sequence[str], sizes: Counts, about: Sequence[Mask]
) -> tuple[Floats, Mask]:
    """Expected numbers by group and answer, and where they may be above zero."""
    missing = np.array([asked.assumption.missing.get(r, 0.0) for r in reasons])
    open_base = np.zeros(len(sizes), bool)
    for margin, inside in zip(asked.margins, about):
        open_base |= inside & (margin.base is not None)
    silent = np.where(open_base[:, None] & (np.array(reasons) == OMITTED), np.maximum(missing, 0.02), missing)
    answered = 1.0 - silent.sum(axis=1, keepdims=True)
    jitter = np.exp(asked.rng.normal(0.0, 1e-3, (len(sizes), len(shares) + len(reasons))))
    expected = sizes[:, None] * np.hstack([answered * np.array(list(shares.values())), silent]) * jitter
    return expected, np.hstack([np.ones((len(sizes), len(shares)), bool), silent > 0])


def _fixed(margin: Margin, about: Mask, codes: Sequence[Any], shape: tuple[int, ...]) -> list[Fixed]:
    """The sums that one margin fixes: its count (none where it is about another option), and its base."""
    if margin.codes and not set(margin.codes) & set(codes):
        return []
    answers = np.zeros(shape[1], bool)
    answers[: len(codes)] = [code in margin.codes or not margin.codes for code in codes]
    sums: list[Fixed] = [(about[:, None] & answers, margin.count)]
    if margin.base is not None:
        sums.append((about[:, None] & (np.arange(shape[1]) < len(codes)), margin.base))
    return sums


def silent(asked: Asked, group: NDArray[np.intp], table: Counts, reasons: Sequence[str]) -> NDArray[np.object_]:
    """Why each respondent gives no answer ("" for those who do), drawn at random within quotas, shape (m,)."""
    answers = table.shape[1] - len(reasons)
    quotas = np.column_stack([table[:, :answers].sum(axis=1), table[:, answers:]])
    given = assign(asked.rng.normal(size=(len(group), quotas.shape[1])), group, quotas)
    return np.array(["", *reasons], dtype=object)[given.argmax(axis=1)] if len(group) else np.array([], object)


def full_shares(assumption: Assumption, codes: Sequence[Code]) -> dict[Code, float]:
    """Shares that add up to one; answers that are not named share what is left.

    Examples
    --------
    >>> full_shares(Assumption(shares={"a": 0.5}), ["a", "b", "c"])
    {'a': 0.5, 'b': 0.25, 'c': 0.25}
    """
    left = max(0.0, 1.0 - sum(assumption.shares.values()))
    unnamed = [code for code in codes if code not in assumption.shares]
    raw = {code: assumption.shares.get(code, left / len(unnamed) if unnamed else 0.0) for code in codes}
    total = sum(raw.values()) or 1.0
    return {code: share / total for code, share in raw.items()}
