"""The origin of a result: what every verb says about base, design, variance and interval."""

from typing import Literal

from ..design.design import Design
from ..language import Text, both
from ..results import Origin
from .variables import case_flow

Variance = Literal["design", "model"]
VARIANCES = ("design", "model")
VARIANCE_WORDS = {
    "design": both("design-based standard errors (linearised)", "설계 기반 표준오차(선형화)"),
    "model": both("model-based standard errors (inverse observed information)", "모형 기반 표준오차(관측정보의 역)"),
}
INTERVAL_WORDS = {
    "t": both("t interval", "t 신뢰구간"),
    "wilson": both("Wilson interval", "윌슨 신뢰구간"),
    "logit": both("logit interval", "로짓 신뢰구간"),
    "exact": both("exact (Clopper-Pearson, effective n) interval", "정확(클로퍼-피어슨) 신뢰구간"),
}


def interval_words(interval: str, confidence: float) -> Text:
    """Name an interval with its confidence: "95% Wilson interval"."""
    percent = f"{100 * confidence:g}%"
    return {lang: f"{percent} {words}" for lang, words in INTERVAL_WORDS[interval].items()}


def origin_of(
    what: Text,
    design: Design,
    used: Design,
    *names: str,
    variance: Variance | None = "design",
    interval: Text | None = None,
    df: float | None = None,
    notes: tuple[Text, ...] = (),
) -> Origin:
    """Build the origin of a result that rests on the columns `names` of the respondents in `used`.

    Parameters
    ----------
    what
        The result in words.
    design, used
        The domain asked for, and its part with complete answers.
    variance
        None where no standard error is involved, as in an exact test.
    """
    survey = design.survey
    flow, missing = case_flow(design, used, *names)
    questions = {n: survey.question(n).wording for n in names if survey.codebook.question_of(n)}
    return Origin(
        what=what,
        questions=questions,
        filter=design.filter,
        flow=flow,
        design=used.in_words(),
        variance=VARIANCE_WORDS[variance] if variance else {},
        interval=interval or {},
        df=used.df if df is None else df,
        notes=(*missing, *notes),
        synthetic=survey.synthetic,
        source=survey.sha256,
    )
