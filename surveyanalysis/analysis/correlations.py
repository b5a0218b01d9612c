"""How answers go together: correlations."""

from collections.abc import Sequence

import numpy as np

from ..errors import ChoiceError, DataError
from ..estimators.fit import Vector
from ..estimators.spread import correlation_fit, pairs
from ..intervals import check_confidence, fisher_interval, t_p_values
from ..language import LANGUAGES, Text, both
from ..results import Estimates, estimates_frame
from .bases import Data
from .complete import Complete, complete_of
from .fitted import no_fit
from .groups import By
from .measured import Measured
from .origins import interval_words

FISHER = both("on the scale of Fisher's z", "피셔 z 척도")


def correlation(data: Data, questions: Sequence[str] | str, *, by: By = None, confidence: float = 0.95) -> Estimates:
    """Estimate Pearson correlations of every pair of number questions.

    Parameters
    ----------
    data
        Design, or a survey or frame taken as a simple random sample.
    questions
        Two number questions or more; a grid stands for its items.
    by
        Group question, or several crossed.

    Returns
    -------
    Estimates
        Kind "correlation"; `outcome` is the first question of a pair, `term` the second. Pairs first, then groups in
        the codebook's order; statistic and p of no correlation; joint covariance.

    Raises
    ------
    ChoiceError
        Fewer than two questions, or a question holds answer categories, not numbers.
    ColumnError, DataError
        A question does not exist; nobody answered; everybody (of a group) gave the same answer.

    Notes
    -----
    Base: respondents of the domain with an answer to all of the questions (and a group). r from weighted moments;
    linearised through all of them, means included. The interval and the test are a t interval and a t test of
    z = artanh r, with standard error se / (1 - r^2) and the df of each group.

    References
    ----------
    R survey ``svyvar``, ``svycontrast``.

    Examples
    --------
    >>> import pandas as pd
    >>> marks = pd.DataFrame({"maths": [1.0, 2.0, 3.0, 4.0], "music": [1.0, 3.0, 2.0, 4.0]})
    >>> round(correlation(marks, ["maths", "music"]).frame["estimate"].item(), 9)
    0.8
    """
    check_confidence(confidence)
    asked = complete_of(data, questions, by)
    if len(asked.names) < 2:
        raise ChoiceError(f"`questions` names only {asked.names[0]!r}; a correlation needs two questions or more.")
    flat, group = _flat_groups(asked), asked.groups.codes[asked.used.rows]
    first, second = pairs(len(asked.names), own=False)
    measured = asked.fitted(
        len(first),
        lambda own, w: no_fit(len(own), len(first)) if group[own[0]] in flat else correlation_fit(asked.values[own], w),
    )
    columns = {**asked.keys(first, second), **_tested(measured, confidence)}
    frame = estimates_frame({**columns, "n": measured.n, "n_weighted": measured.n_weighted}, asked.groups.names)
    words = interval_words("t", confidence)
    words = {lang: f"{words[lang]} ({text})" for lang, text in FISHER.items()}
    return asked.result("correlation", both("Correlation", "상관계수"), frame, measured, words, _flat_note(asked, flat))


def _flat_groups(asked: Complete) -> dict[int, str]:
    """Groups in which everybody gave the same answer to a question, and that question; refused if there is no other."""
    group, found = asked.groups.codes[asked.used.rows], dict[int, str]()
    present = [g for g in range(asked.groups.count) if (group == g).any()]
    for g in present:
        flat = np.flatnonzero(np.ptp(asked.values[group == g], axis=0) == 0)
        if len(flat):
            found[g] = asked.names[flat[0]]
    if len(found) == len(present):
        g = present[0]
        where = "" if len(present) == 1 else " of every group"
        raise DataError(
            f"All {int((group == g).sum())} respondent(s){where} gave the same answer to {found[g]!r}: it has no "
            "correlation. Leave it out, or choose a wider domain."
        )
    return found


def _flat_note(asked: Complete, flat: dict[int, str]) -> tuple[Text, ...]:
    """One note on groups without a correlation."""
    if not flat:
        return ()
    labels, levels = asked.labels, asked.groups.levels
    named = {
        lang: ", ".join(
            f"{' / '.join(labels.level(by, own[g], lang) for by, own in levels.items())} ({labels.column(name, lang)})"
            for g, name in flat.items()
        )
        for lang in LANGUAGES
    }
    return (both("no correlation where all answers are the same: {en}", "응답이 모두 같아 상관 없음: {ko}", **named),)


def _tested(measured: Measured, confidence: float) -> dict[str, Vector]:
    """Columns estimate to interval, on the scale of Fisher's z."""
    r, se, df = measured.estimate, measured.se, measured.df
    low, high = fisher_interval(r, se, df, confidence)
    open_ = (np.abs(r) < 1) & (se > 0)
    z = np.full(len(r), np.nan)
    z[open_] = np.arctanh(r[open_]) * (1 - r[open_] ** 2) / se[open_]
    ends = {"ci_low": low, "ci_high": high}
    return {"estimate": r, "se": se, "statistic": z, "df": df, "p": t_p_values(z, df), **ends}
