"""A decomposition in words: what was taken apart, at which coefficients, and what its details depend on."""

from ..estimators.decomposed import Method, Parts, Reference
from ..language import LANGUAGES, Text, both, say
from .decomposition_groups import Pair

TOTAL = "(total)"
COMPONENTS: dict[str, Text] = {
    "difference": both("Gap", "격차"),
    "explained": both("Explained by answers", "응답으로 설명되는 부분"),
    "unexplained": both("Unexplained", "설명되지 않는 부분"),
    "endowments": both("Endowments", "구성 효과"),
    "coefficients": both("Coefficients", "계수 효과"),
    "interaction": both("Interaction", "상호작용 효과"),
}
METHODS: dict[Method, Text] = {
    "oaxaca": both("Oaxaca-Blinder decomposition", "오악사카-블라인더 분해"),
    "yun": both("Decomposition of a logit (Yun's weights)", "로짓 분해(Yun 가중치)"),
    "fairlie": both("Decomposition of a logit (Fairlie)", "로짓 분해(Fairlie)"),
}
REFERENCES: dict[Reference, Text] = {
    "pooled": both(
        "coefficients of both groups together, the group among the covariates", "집단 변수를 포함한 통합 모형의 계수"
    ),
    "neumark": both(
        "coefficients of both groups together, without the group among the covariates",
        "집단 변수를 제외한 통합 모형의 계수",
    ),
    "first": both("coefficients of the first group", "첫째 집단의 계수"),
    "second": both("coefficients of the second group", "둘째 집단의 계수"),
    "cotton": both(
        "average of the groups' coefficients by their share of the (weighted) respondents",
        "두 집단 계수의 (가중) 응답자 비율 평균",
    ),
    "reimers": both("average of the groups' coefficients, half each", "두 집단 계수의 단순 평균"),
}
NEUMARK = both(
    "without the group in the pooled model part of the unexplained gap is taken for explained",
    "통합 모형에 집단 변수가 없어 설명되지 않는 격차의 일부가 설명된 것으로 나타남",
)
LEVELS = both(
    "unexplained rows of questions with categories, and of the intercept, depend on the reference level; "
    "contrasts='deviation' does not",
    "범주형 문항과 절편의 설명되지 않는 부분은 기준 범주에 따라 달라짐; contrasts='deviation'은 그렇지 않음",
)
DEVIATION = both(
    "levels as deviations from their mean, so that no row depends on the reference level",
    "범주를 평균과의 편차로 나타내어 기준 범주에 좌우되지 않음",
)
ZERO = both(
    "unexplained rows of numbers, and of the intercept, depend on where a number's zero is",
    "수치형 문항과 절편의 설명되지 않는 부분은 변수의 영점 위치에 따라 달라짐",
)
PROBABILITY = both("linear probability model of a yes/no answer", "예/아니요 응답의 선형확률모형")
SMALL_GAP = both(
    "the gap is less than two standard errors from zero: parts in percent of it say little",
    "격차가 표준오차의 두 배보다 작아 격차 대비 비율은 의미가 적음",
)
CANCELLED = both(
    "terms nearly cancel in a part: Yun's weights divide by their small sum, so that its rows are unreliable",
    "항들이 서로 상쇄되어 Yun 가중치의 분모가 작으므로 해당 항의 값은 불안정함",
)
CAUSES = both(
    "explained means accounted for by differences in these answers, not caused by them",
    "설명되는 부분은 응답 차이에 따른 산술적 부분이며 인과 효과가 아님",
)


def groups_note(pair: Pair) -> Text:
    """Who is compared with whom, with bases."""
    bases = [
        {lang: f"{say(label, lang)} (n = {n:,})" for lang in LANGUAGES} for label, n in zip(pair.labels, pair.sizes)
    ]
    return {"en": f"gap: {bases[0]['en']} minus {bases[1]['en']}", "ko": f"격차: {bases[0]['ko']} - {bases[1]['ko']}"}


def reference_note(reference: Reference | float, parts: Parts) -> Text:
    """At which coefficients answers are valued."""
    if parts == "three":
        return both("three parts, seen from the second group", "둘째 집단 기준의 3요인 분해")
    if isinstance(reference, str):
        words = REFERENCES[reference]
    else:
        words = both(
            "{w:g} x first + {v:g} x second group's coefficients",
            "첫째 집단 계수 x {w:g} + 둘째 집단 계수 x {v:g}",
            w=reference,
            v=1 - reference,
        )
    return both("reference: {en}", "기준 계수: {ko}", **words)


def fairlie_note(count: int, seed: int, away: float) -> Text:
    """How respondents were matched, and how far the terms are from the total."""
    return both(
        "terms from {k:,} random matchings by predicted probability in random order (seed {s}); they sum to the "
        "explained total but for {d:.2g}; their errors take the matches as given",
        "예측 확률에 따른 무작위 짝짓기 {k:,}회, 무작위 순서(난수 시드 {s}); 항의 합과 설명되는 부분의 차이 {d:.2g}; "
        "항의 표준오차는 짝짓기를 고정으로 간주",
        k=count,
        s=seed,
        d=away,
    )
