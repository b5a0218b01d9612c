"""Answers to one question, by its type: quotas first, then who gives which answer."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ..codebook.expressions import evaluate
from ..codebook.questions import Code
from ..errors import PublishedError
from .asked import OMITTED, Asked, Floats, answer_quotas, full_shares, silent
from .quotas import assign, sort_out

Drawn = tuple[Mapping[str, Sequence[Any]], NDArray[np.object_]]
"""Column -> answers (None where missing), and why there is no answer ("" where there is one); each of length m."""
NOT_TICKED = "(not ticked)"


def draw(asked: Asked, column: str) -> Drawn:
    """Draw the answers of everybody who is asked.

    Parameters
    ----------
    asked
        The question and its respondents.
    column
        The column to draw: the question's id, or one item of a grid.

    Returns
    -------
    columns
        Column -> answers, each of length m, None where there is no answer.
    reasons
        Why there is no answer, "" where there is one, shape (m,).
    """
    if not len(asked.frame):
        names = [column] if asked.question.type == "grid" else asked.question.columns
        return {name: [] for name in names}, np.array([], object)
    return _DRAWS[asked.question.type](asked, column)


def _draw_choice(asked: Asked, column: str) -> Drawn:
    """Single, likert and grid: one answer each."""
    codes = list(asked.question.codes)
    shares = full_shares(asked.assumption, codes)
    group, table, reasons = answer_quotas(asked, shares)
    why = silent(asked, group, table, reasons)
    open_ = why == ""
    answering = asked.rows(open_)
    quotas = table[:, : len(codes)]
    if asked.question.type == "single":
        chosen = assign(_nominal(answering, codes), group[open_], quotas)
    else:
        chosen = sort_out(_on_a_scale(answering), group[open_], quotas)
    return {column: _placed(open_, [codes[i] for i in chosen.argmax(axis=1)])}, why


def _on_a_scale(asked: Asked) -> Floats:
    """Latent answer with logistic noise: an ordered logit."""
    return asked.latent(asked.assumption.leans()) + asked.rng.logistic(size=len(asked.frame))


def _nominal(asked: Asked, codes: Sequence[Code]) -> Floats:
    """Utility with Gumbel noise: a multinomial logit."""
    return asked.utilities(codes) + asked.rng.gumbel(size=(len(asked.frame), len(codes)))


def _draw_multi(asked: Asked, column: str) -> Drawn:
    """Several answers each, at least one and at most as many as were allowed; every option has its own quota."""
    question, codes = asked.question, list(asked.question.codes)
    bases = tuple(replace(m, answer=None, count=m.base) for m in asked.margins if m.base is not None)
    group, table, reasons = answer_quotas(replace(asked, margins=bases), {"answered": 1.0})
    why = silent(asked, group, table, reasons)
    answering = asked.rows(why == "")
    quotas = [_option_quota(answering, code) for code in codes]
    scores = answering.utilities(codes) + asked.rng.logistic(size=(len(answering.frame), len(codes)))
    most = question.max_choices or len(codes)
    ticked = assign(scores, answering.groups()[0], np.column_stack(quotas), at_most=most)
    return {f"{question.id}_{code}": _placed(why == "", ticks) for code, ticks in zip(codes, ticked.T)}, why


def _option_quota(answering: Asked, code: Code) -> NDArray[np.int64]:
    """How many of each group tick one option, shape (groups,); a share that is not assumed lies between few and all."""
    question = answering.question
    middle = (1 + (question.max_choices or len(question.codes))) / 2 / len(question.codes)
    share = answering.assumption.shares.get(code, middle)
    counts = tuple(replace(m, base=None) for m in answering.margins)
    nobody_silent = replace(answering, margins=counts, assumption=replace(answering.assumption, missing={}))
    return answer_quotas(nobody_silent, {code: share, NOT_TICKED: 1.0 - share})[1][:, 0]


def _draw_rank(asked: Asked, column: str) -> Drawn:
    """The best few answers by worth: Plackett-Luce, as log worth plus Gumbel noise."""
    question, codes = asked.question, list(asked.question.codes)
    why = _silent_without_counts(asked)
    answering = asked.rows(why == "")
    worths = np.log([asked.assumption.worths.get(code, 1.0) for code in codes])
    scores = worths + answering.utilities(codes) + asked.rng.gumbel(size=(len(answering.frame), len(codes)))
    ranks = (-scores).argsort(axis=1).argsort(axis=1) + 1
    top = question.top or len(codes)
    listed = [[int(rank) if rank <= top else None for rank in column_ranks] for column_ranks in ranks.T]
    return {f"{question.id}_{code}": _placed(why == "", held) for code, held in zip(codes, listed)}, why


def _draw_number(asked: Asked, column: str) -> Drawn:
    """Quantiles of the assumed distribution, given out in the order of a latent answer with normal noise."""
    why = _silent_without_counts(asked)
    answering = asked.rows(why == "")
    m = len(answering.frame)
    values = np.sort(_sample(answering, m))
    latent = answering.latent(asked.assumption.leans()) + asked.rng.normal(size=m)
    drawn = values[latent.argsort().argsort()]
    if asked.assumption.at_most is not None:
        bound = evaluate(asked.assumption.at_most, answering.frame, asked.codebook).astype("Float64")
        drawn = np.fmin(drawn, bound.to_numpy(float, na_value=np.nan))
    low = _range(asked)[0]
    drawn = np.maximum(drawn, low if low is not None else -np.inf)
    if asked.question.integer:
        return {column: _placed(why == "", [int(x) for x in np.floor(drawn)])}, why
    return {column: _placed(why == "", [round(float(x), 2) + 0.0 for x in drawn])}, why


def _sample(asked: Asked, m: int) -> Floats:
    """`m` values of the assumed distribution, cut to the range by its distribution function."""
    from scipy.special import ndtr, ndtri

    words, (low, high) = asked.assumption, _range(asked)
    if words.distribution == "uniform":
        if low is None or high is None:
            raise PublishedError(f"Assumptions, question {asked.question.id!r}: state a distribution, or a range.")
        return asked.rng.uniform(low, high + asked.question.integer, m)
    log = words.distribution == "lognormal"
    centre, spread = (np.log(words.median), words.sigma) if log else (words.mean, words.sd)
    ends = [-np.inf if low is None else low, np.inf if high is None else high]
    if log:
        ends = [np.log(max(end, 1e-9)) for end in ends]
    below, above = ndtr((np.array(ends) - centre) / spread)
    z = ndtri(asked.rng.uniform(below, above, m))
    return np.exp(centre + spread * z) if log else centre + spread * z


def _range(asked: Asked) -> tuple[Any, Any]:
    """Ends of the answers; those of the codebook only where the cleaned frame has the unit of the wording."""
    of_codebook = None if asked.question.to else asked.question.range
    return asked.assumption.range or of_codebook or (None, None)


def _draw_date(asked: Asked, column: str) -> Drawn:
    """Days of the range, each as likely."""
    why = _silent_without_counts(asked)
    low, high = _range(asked)
    if low is None or high is None:
        raise PublishedError(f"Assumptions, question {asked.question.id!r}: state a range of dates.")
    days = pd.date_range(low, high).to_numpy()
    return {column: _placed(why == "", list(pd.to_datetime(asked.rng.choice(days, int((why == "").sum())))))}, why


def _draw_text(asked: Asked, column: str) -> Drawn:
    """A share of those asked write something; an "other" text is written by all who are asked for it."""
    words, m = asked.assumption, len(asked.frame)
    texts = words.texts or ("...",)
    writing = np.zeros(m, bool)
    writing[asked.rng.permutation(m)[: round(m * words.share)]] = True
    answers = [texts[i % len(texts)] for i in asked.rng.permutation(int(writing.sum()))]
    return {column: _placed(writing, answers)}, np.where(writing, "", OMITTED).astype(object)


def _silent_without_counts(asked: Asked) -> NDArray[np.object_]:
    group, table, reasons = answer_quotas(asked, {"answered": 1.0})
    return silent(asked, group, table, reasons)


def _placed(inside: NDArray[np.bool_], answers: Sequence[Any]) -> list[Any]:
    """Put answers where someone answers, None elsewhere."""
    left = iter(answers)
    return [next(left) if here else None for here in inside]


_DRAWS: dict[str, Callable[[Asked, str], Drawn]] = {
    "single": _draw_choice, "likert": _draw_choice, "grid": _draw_choice, "multi": _draw_multi, "rank": _draw_rank,
    "number": _draw_number, "date": _draw_date, "text": _draw_text,
}  # fmt: skip
