"""Respondents weighted for those who did not answer, by what explains who answers."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from ..analysis.bases import Data
from ..analysis.variables import column_words
from ..design.design import Design, as_design, replace_parts
from ..design.propensity import propensity
from ..design.steps import reweighed
from ..errors import ChoiceError
from ..estimators.fit import Matrix
from ..language import LANGUAGES, Text, both, say
from .answers import check_answers, columns_named, owes, read_answers
from .columns import columns_of, independent

WORDS = both(
    "respondents with all of {{asked}} weighted by the inverse of their estimated probability to answer (logit on "
    "{{by}})",
    "{{asked}}에 모두 응답한 사람을 추정 응답확률(로짓: {{by}})의 역수로 가중",
)


def response_weighted(data: Data, questions: str | Sequence[str], *, explained_by: str | Sequence[str]) -> Design:
    """Weight those who answered by the inverse of their estimated probability to answer.

    Parameters
    ----------
    data
        Design, or a survey or frame taken as a simple random sample.
    questions
        Whoever answered all of these counts as having answered.
    explained_by
        Questions that explain who answers; a missing answer of theirs is a level of its own.

    Returns
    -------
    Design
        With weight zero for those who did not answer, or were not asked; any verb can be used on it.

    Raises
    ------
    ColumnError, ChoiceError
        A question does not exist, or cannot explain.
    DesignError
        Everybody answered, or nobody.
    SeparationError
        Somebody's probability to answer is estimated as 0 or 1.

    Notes
    -----
    w / p, p from a weighted logit; unbiased where, given `explained_by`, answering does not depend on the answer.
    Variances know that p is estimated: by residuals, or by estimating it again on every replicate.

    References
    ----------
    Robins, Rotnitzky and Zhao (1994); Seaman and White (2013).

    Examples
    --------
    >>> import pandas as pd
    >>> people = pd.DataFrame({"pay": [2.0, None, 3.0, 4.0, None, 6.0], "sex": ["f", "f", "f", "m", "m", "m"]})
    >>> response_weighted(people, "pay", explained_by="sex").weights.round(2).tolist()
    [1.5, 0.0, 1.5, 1.5, 0.0, 1.5]
    """
    design = as_design(data)
    survey, names = design.survey, columns_named(design.survey, questions, "questions")
    by = columns_named(survey, explained_by, "explained_by")
    both_sides = [name for name in by if name in names]
    if both_sides or not by:
        what = f"names {both_sides[0]!r}, which is among `questions`" if both_sides else "is empty"
        raise ChoiceError(f"`explained_by` {what}; name what is known also of those who did not answer.")
    given = np.all([survey.column(name).notna().to_numpy(bool) for name in names], axis=0)
    asked = np.all([survey.column(name).notna().to_numpy(bool) | owes(survey, name) for name in names], axis=0)
    asked &= design.inside & (design.weights != 0)
    step = propensity(design.weights, explaining(design.within(asked), by), given, asked, _words(design, names, by))
    made = None if design.replicates is None else reweighed(design.replicates, step.reweigh)
    return replace_parts(design, weights=step.after, steps=(*design.steps, step), replicates=made)


def explaining(design: Design, names: Sequence[str]) -> Matrix:
    """Columns of questions for all rows of the survey, zero outside the design, those that say something new."""
    read = {name: read_answers(design.survey, name, design.rows, None, None) for name in names}
    check_answers(read, design.rows)
    nobody = np.zeros(len(design.survey), bool)
    columns = columns_of(design, [replace(one, owed=nobody) for one in read.values()], (), True).matrix
    out = np.zeros((len(design.survey), columns.shape[1]))
    out[design.rows] = columns
    return out[:, independent(columns)]


def _words(design: Design, names: Sequence[str], by: Sequence[str]) -> Text:
    """What was done, in words."""
    told = {
        lang: [", ".join(say(column_words(design.survey, name), lang) for name in listed) for listed in (names, by)]
        for lang in LANGUAGES
    }
    return {lang: WORDS[lang].format(asked=asked, by=explained) for lang, (asked, explained) in told.items()}
