"""Who is in the base of a result, and what is said of those who are not."""

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from ..design.design import Design
from ..errors import DataError
from ..language import LANGUAGES, Text, both, say
from ..survey import Survey
from .variables import column_words

Data: TypeAlias = Design | Survey | pd.DataFrame
"""What a verb takes: a design, or respondents taken as a simple random sample."""


def answered(design: Design, mask: Any, *names: str) -> Design:
    """Return the domain of respondents with answers, or say that there are none."""
    used = design.within(mask)
    if not len(used.rows):
        asked = " and ".join(repr(name) for name in names[:4])
        where = f" in the domain {say(design.filter)!r}" if design.filter else ""
        raise DataError(f"Nobody{where} has an answer to {asked} (with a positive weight): nothing can be estimated.")
    return used


def own_bases(design: Design, used: Design, values: Any, names: Sequence[str]) -> tuple[Text, ...]:
    """One note on questions whose base is smaller than that of all together."""
    missing = np.isnan(values[used.rows]).sum(axis=0)
    if not missing.any():
        return ()
    lacking = [(column_words(design.survey, name), int(n)) for name, n in zip(names, missing) if n]
    listed = {lang: ", ".join(f"{say(words, lang)} {n:,}" for words, n in lacking) for lang in LANGUAGES}
    return (both("each question on its own base; missing: {en}", "문항별 기준집단 사용; 결측: {ko}", **listed),)


def missing_by_reason(design: Design, question: str) -> tuple[tuple[Text, int], ...]:
    """Respondents of the domain without an answer, by reason."""
    survey = design.survey
    absent = design.inside & survey.column(question).isna().to_numpy()
    if not absent.any():
        return ()
    counts = survey.reasons.loc[absent, question].fillna("").value_counts(sort=False)
    known = survey.codebook.missing
    plain = both("missing", "결측")
    labels = {reason: known[reason].label if reason in known else {"": reason} for reason in map(str, counts.index)}
    return tuple((labels[str(reason)] if reason else plain, int(n)) for reason, n in counts.items())
