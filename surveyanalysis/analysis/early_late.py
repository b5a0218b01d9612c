"""Early against late respondents, who stand in for those who did not respond."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from ..design.design import Design, as_design
from ..errors import ChoiceError
from ..estimators.fit import Matrix
from ..intervals import check_confidence, t_interval
from ..language import Text, both, say
from ..results import Estimates, Test, estimates_frame
from .bases import Data, answered, own_bases
from .early_items import Item, item_test, read_item
from .groups import labels_with
from .measured import Measured, averages
from .multiplicity import Correction, adjust_p, correction_note
from .origins import interval_words, origin_of
from .variables import columns_of
from .waves import Waves, early_and_late

WHAT = both("Late respondents against early ones", "후기 응답자와 초기 응답자의 비교")
PROXY = both(
    "late respondents stand in for non-respondents (Armstrong and Overton 1977): no difference is no proof that those "
    "who did not respond are alike",
    "후기 응답자를 무응답자의 대리로 봄(Armstrong and Overton 1977): 차이가 없어도 무응답자가 같다는 증거는 아님",
)


def early_late(
    data: Data,
    questions: str | Sequence[str],
    *,
    order: str,
    cut: Any = 0.5,
    correction: Correction = "holm",
    confidence: float = 0.95,
    seed: int = 1,
) -> Estimates:
    """Compare late respondents with early ones, question by question: a check for bias by non-response.

    Parameters
    ----------
    data
        Design, or a survey or frame taken as a simple random sample.
    questions
        Questions to compare; a grid stands for its items, a multi question for its options.
    order
        Question with the date, number or wave of the response.
    cut
        Share of respondents that count as early (0.5: the first half), or the last date, number or wave that does.
        Equal values stay together; a day has all its hours.
    correction
        How p-values are corrected for the number of questions; see `adjust_p`.
    seed
        Seed of the Monte Carlo sample where an exact test is too large.

    Returns
    -------
    Estimates
        Kind "early_late"; a row a question, by `component`: mean_difference (numbers) and share_difference (two
        answers: the `event`, else the last), late minus early with a t interval; cramers_v (more answers, no error).
        `p` is corrected; `detail` holds `p` (uncorrected), `tests` and `groups` (n, mean or share of each).

    Raises
    ------
    ChoiceError, DataError
        As `waves.early_and_late`; `order` is among the questions; a question holds neither answers nor numbers.
    ColumnError
        A question does not exist.

    Notes
    -----
    Numbers: t = difference / se, linearised, on the degrees of freedom of the design - 1. Answers: what
    `crosstab(...).test()` chooses (Rao-Scott, Pearson or exact). Each question on its own base.

    References
    ----------
    Armstrong and Overton (1977), J. Mark. Res. 14. R survey ``svyttest``, ``svychisq``.

    Examples
    --------
    >>> import pandas as pd
    >>> came = pd.DataFrame({"day": range(8), "age": [30, 35, 31, 38, 44, 41, 39, 46]})
    >>> early_late(came, "age", order="day").frame[["outcome", "estimate", "p"]].round(4)
      outcome  estimate       p
    0     age       9.0  0.0069
    """
    design = as_design(data)
    check_confidence(confidence)
    names = columns_of(design.survey, questions)
    if order in names:
        raise ChoiceError(f"`order` is {order!r}, which is also among the questions: leave it out of them.")
    waves = early_and_late(design, order, cut)
    items = [read_item(design.survey, name) for name in names]
    values = np.stack([item.values for item in items], axis=1)
    used = answered(design, waves.known & ~np.isnan(values).all(axis=1), order, *names)
    measured = averages(used, values, waves.codes, 2)
    tests = [item_test(item, used, waves, measured.take([2 * j, 2 * j + 1]), seed) for j, item in enumerate(items)]
    raw = pd.Series([test.p for test in tests], index=names)
    frame, covariance = _frame(items, used, measured, tests, adjust_p(raw, correction), confidence)
    tested = int(raw.notna().sum())
    corrected = (correction_note(correction, tested),) if tested > 1 else ()
    notes = (*_said(used, waves), *own_bases(design, used, values, names), *_untested(raw), PROXY, *corrected)
    interval, failed = interval_words("t", confidence), measured.failed
    origin = origin_of(WHAT, design, used, order, *names, interval=interval, notes=notes, failed=failed)
    labels = labels_with(design.survey, {item.name: item.answer.levels if item.answer else () for item in items})
    detail = {"p": raw, "tests": tuple(tests), "groups": _groups(items, measured), "correction": correction,
              "events": {item.name: item.event for item in items}}  # fmt: skip
    return Estimates(frame, covariance, "early_late", "value", (), labels, origin, detail=detail)


def _frame(
    items: Sequence[Item],
    used: Design,
    measured: Measured,
    tests: Sequence[Test],
    p: pd.Series,
    confidence: float,
) -> tuple[pd.DataFrame, Matrix]:
    """One row a question; questions with more than two answers have an association, not a difference."""
    k = len(items)
    late = np.kron(np.eye(k), [-1.0, 1.0])
    covariance = late @ measured.covariance @ late.T
    crossed = np.array([item.component == "cramers_v" for item in items])
    covariance[crossed, :] = covariance[:, crossed] = np.nan
    effects = np.array([np.nan if test.effect is None else test.effect for test in tests])
    estimate = np.where(crossed, effects, late @ measured.estimate)
    se = np.sqrt(np.diag(covariance))
    df = np.array([np.nan if test.df is None else test.df for test in tests], float)
    errors_df = np.array([used.within(~np.isnan(item.values)).df - 1 for item in items])
    low, high = t_interval(estimate, se, errors_df, confidence)
    n, total = (part.reshape(k, 2).sum(axis=1) for part in (measured.n, measured.n_weighted))
    columns = {"outcome": [item.name for item in items], "component": [item.component for item in items],
               "estimate": estimate, "se": se, "statistic": [test.statistic for test in tests], "df": df,
               "p": p.to_numpy(), "ci_low": low, "ci_high": high, "n": n, "n_weighted": total}  # fmt: skip
    return estimates_frame(columns), covariance


def _groups(items: Sequence[Item], measured: Measured) -> pd.DataFrame:
    """Respondents and mean or share of early and late, a row a question."""
    k = len(items)
    n, mean = measured.n.reshape(k, 2), measured.estimate.reshape(k, 2).copy()
    mean[[item.component == "cramers_v" for item in items]] = np.nan
    columns = {"n_early": n[:, 0], "n_late": n[:, 1], "early": mean[:, 0], "late": mean[:, 1]}
    return pd.DataFrame(columns, index=pd.Index([item.name for item in items], name="outcome"))


def _said(used: Design, waves: Waves) -> tuple[Text, ...]:
    """How many are early and late, and where the cut lies."""
    late = int(waves.codes[used.rows].sum())
    ends = {lang: say(waves.last_early, lang) for lang in ("en", "ko")}
    words = both(
        "early: {e} respondents up to {en}; late: {k} after it",
        "초기 응답 {e}명({ko}까지), 후기 응답 {k}명(그 후)",
        e=len(used.rows) - late,
        k=late,
        **ends,
    )
    return (words,)


def _untested(raw: pd.Series) -> tuple[Text, ...]:
    missing = int(raw.isna().sum())
    return (
        (
            both(
                "no test for {k} question(s): no answers in one group, or no variance",
                "문항 {k}개는 한 집단에 응답이 없거나 분산이 없어 검정 불가",
                k=missing,
            ),
        )
        if missing
        else ()
    )
