"""The origin of a result: what every verb says about base, design, variance and interval."""

from ..design.design import Design
from ..language import Text, both
from ..results import Origin
from .error_words import Variance, df_words, failed_note, variance_words
from .variables import case_flow
from .volunteers import volunteer_note

INTERVAL_WORDS = {
    "t": both("t interval", "t 신뢰구간"),
    "wilson": both("Wilson interval", "윌슨 신뢰구간"),
    "logit": both("logit interval", "로짓 신뢰구간"),
    "arcsine": both("arcsine interval", "아크사인 신뢰구간"),
    "likelihood": both("likelihood interval (Rao-Scott scaled)", "가능도 신뢰구간(라오-스콧 보정)"),
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
    failed: int = 0,
    grouped: bool = False,
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
    failed
        Replicates that gave no result.
    grouped
        Whether each group has degrees of freedom of its own.
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
        variance=variance_words(variance, design),
        interval=interval or {},
        df=used.df if df is None else df,
        df_rule=df_words(used, df, grouped) if variance == "design" else {},
        notes=(
            *missing,
            *notes,
            *failed_note(failed, design),
            *((volunteer_note(),) if design.asked["volunteer"] else ()),
        ),
        synthetic=survey.synthetic,
        source=survey.sha256,
    )
