"""What is said of imputations: how they were made, and when they are to be doubted."""

from typing import TYPE_CHECKING

import numpy as np

from ..analysis.variables import column_words
from ..estimators.pooling import Pooling
from ..estimators.posterior import Array
from ..language import LANGUAGES, Text, both, say
from ..survey import Survey

if TYPE_CHECKING:
    from .imputed import Imputed

MUCH, RESTLESS = 0.4, 1.1
"""Share of missing answers that is told, and ratio of the spreads between and within chains."""
EQUATIONS = {
    "matching": both("predictive mean matching", "예측평균매칭"),
    "logistic": both("logistic draw", "로지스틱 추출"),
    "nominal": both("multinomial draw", "다항로짓 추출"),
    "ordered": both("proportional-odds draw", "비례오즈 추출"),
}


def equation_name(kind: str, levels: int) -> str:
    """Name of an equation: a multinomial logit of two levels is a logistic one."""
    if kind == "number":
        return "matching"
    return "logistic" if kind == "nominal" and levels == 2 else kind


def made(imputed: "Imputed") -> Text:
    """How the imputations were made: m, rounds, seed, questions with numbers and equations, the design's part."""
    design, out = imputed.design, {}
    for lang in LANGUAGES:
        listed = ", ".join(
            f"{_named(design.survey, row['question'], lang)} {row['imputed']:,}/{row['asked']:,} "
            f"({say(EQUATIONS[row['equation']], lang)})"
            for row in imputed._rows
        )
        carried = ", ".join(say(words, lang) for words in _carried(imputed)) or {"en": "nothing", "ko": "없음"}[lang]
        out[lang] = MADE[lang].format(m=imputed.m, k=imputed.iterations, seed=imputed.seed, listed=listed,
                                      others=len(imputed.answers), carried=carried)  # fmt: skip
    return out


def _named(survey: Survey, column: str, lang: str) -> str:
    """A column as a note calls it; an option with its question."""
    question = survey.question(column)
    label = say(question.column_label(column), lang)
    return f"{say(question.label, lang)}: {label}" if question.type == "multi" else label


MADE = both(
    "{{m}} imputations by chained equations of {{others}} questions, {{k}} rounds each, seed {{seed}}; filled, of "
    "those asked: {{listed}}; of the design in the equations: {{carried}}",
    "{{others}}개 문항의 연쇄방정식 다중대체 {{m}}회, 각 {{k}}회 반복, 시드 {{seed}}; 응답 대상 중 대체: {{listed}}; "
    "방정식에 포함한 설계 정보: {{carried}}",
)


def _carried(imputed: "Imputed") -> list[Text]:
    """Parts of the design that the equations hold."""
    design, first = imputed.design, imputed.design.sample.first
    there = {
        "weights": (np.ptp(design.row_weights) > 0, both("log weight", "로그 가중치")),
        "strata": (len(first.size) > 1, both("strata", "층")),
        "clusters": (first.cluster is not None, both("clusters", "집락")),
    }
    return [words for name, (holds, words) in there.items() if holds and name in imputed.carried]


def warned(imputed: "Imputed") -> tuple[Text, ...]:
    """Warnings: much is missing, chains still wander, thin equations."""
    notes = []
    for row in (row for row in imputed._rows if row["share"] > MUCH):
        label = column_words(imputed.design.survey, row["question"])
        notes.append(
            both(
                "{en}: {share:.0%} of those asked did not answer; results rest on the equation more than on answers: "
                "look at missing_sensitivity",
                "{ko}: 응답 대상의 {share:.0%} 무응답; 결과가 응답보다 대체 방정식에 좌우됨: missing_sensitivity 확인",
                en=say(label), ko=say(label, "ko"), share=row["share"],
            )
        )  # fmt: skip
    restless = {name: value for name, value in ratios(imputed).items() if value > RESTLESS}
    if restless:
        listed = ", ".join(f"{name} {value:.2f}" for name, value in restless.items())
        notes.append(
            both(
                "chains have not mixed (ratio of spreads above {most}: {listed}); take more iterations",
                "연쇄가 수렴하지 않음(분산비 {most} 초과: {listed}); 반복 수를 늘릴 것",
                most=RESTLESS, listed=listed,
            )
        )  # fmt: skip
    return tuple(notes)


def ratios(imputed: "Imputed") -> dict[str, float]:
    """Question -> spread of its chains over that within chains, see `mixed`."""
    return {one.name: mixed(imputed.chains.trace[:, :, j, 0]) for j, one in enumerate(imputed.equations)}


def mixed(means: Array) -> float:
    """Ratio of spreads of the second half of all chains (m, rounds); NaN where there is too little to say.

    Examples
    --------
    >>> round(mixed(np.array([[0.0, 0.0, 1.0, 2.0], [9.0, 9.0, 1.0, 2.0]])), 2)
    0.71
    """
    half = means[:, means.shape[1] // 2 :]
    n = half.shape[1]
    within = half.var(axis=1, ddof=1).mean() if n > 1 else 0.0
    if within == 0:
        return float("nan")
    between = half.mean(axis=1).var(ddof=1)
    return float(np.sqrt(((n - 1) / n * within + between) / within))


def pooled_notes(pooling: Pooling) -> tuple[Text, ...]:
    """Fraction of missing information, and whether m is large enough for it."""
    fmi, increase = pooling.missing_information, pooling.increase
    known = np.isfinite(fmi) & np.isfinite(increase)
    if not known.any():
        return ()
    low, high = f"{fmi[known].min():.2f}", f"{fmi[known].max():.2f}"
    notes = [
        both(
            "fraction of missing information {en}; variances larger by up to {r:.0%} than with complete answers",
            "결측정보비율 {ko}; 완전응답 대비 분산 증가 최대 {r:.0%}",
            en=low if low == high else f"{low} to {high}", ko=low if low == high else f"{low}~{high}",
            r=float(increase[known].max()),
        )
    ]  # fmt: skip
    share = float(pooling.share[known].max())
    if pooling.m < 100 * share:
        notes.append(
            both(
                "for that, m = {m} is small: take m = {k} or more, so that another seed gives nearly the same",
                "이에 비해 m = {m}은 작음: 시드가 바뀌어도 결과가 비슷하도록 m = {k} 이상 사용",
                m=pooling.m, k=int(np.ceil(100 * share)),
            )
        )  # fmt: skip
    return tuple(notes)
