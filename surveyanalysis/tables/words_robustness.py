"""Words of tables and figures on other choices, and on a model without single respondents."""

from ..language import Text, both

ROBUSTNESS_WORDS: dict[str, Text] = {
    "specification": both("Specification", "명세"),
    "curve_summary": {
        "en": "Median {m} points (from {low} to {high}); {same} of {n} with its sign, {sig} of them with p < {p}",
        "ko": "중앙값 {m}%p({low} ~ {high}); {n}개 중 {same}개가 같은 부호, 그중 {sig}개는 p < {p}",
    },
    "all_alike": {"en": "In all: {w}", "ko": "공통: {w}"},
    "separated": both("separated", "분리"),
    "unsolved": both("no solution", "해 없음"),
    "no_answers": both("too few answers", "응답 부족"),
    "excludes_zero": both("interval without 0", "신뢰구간에 0 미포함"),
    "includes_zero": both("interval with 0", "신뢰구간에 0 포함"),
    "effect_axis": both("Effect, percentage points", "효과, 퍼센트포인트"),
    "curve_median": both("Median effect, points", "효과 중앙값, %p"),
    "curve_significant": both("Significant with its sign", "같은 부호로 유의한 명세 수"),
    "curve_stouffer": both("Stouffer's z", "스토퍼 z"),
    "curve_observed": both("Observed", "관측값"),
    "under_null": both("Median size under rearrangement", "순열 절댓값 중앙값"),
    "simulation_error": both("SE of p", "p의 표준오차"),
    "without_lowest": both("Lowest", "최소"),
    "without_highest": both("Highest", "최대"),
    "without_whom": both("without", "제외 대상"),
    "line_is_range": both("Lines: from the lowest to the highest estimate", "선: 최소 추정치에서 최대 추정치까지"),
    "sign_changes": both("Sign changes", "부호 변화"),
    "significance_changes": both("Significance changes", "유의성 변화"),
}
