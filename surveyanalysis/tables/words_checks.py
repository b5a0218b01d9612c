"""Words of tables on agreement, symmetry, trends and non-response."""

from ..language import Text, both

CHECK_WORDS: dict[str, Text] = {
    "kappa": both("Kappa", "카파"),
    "observed": both("Observed agreement", "관측 일치율"),
    "expected": both("Agreement expected by chance", "우연 일치율"),
    "largest_kappa": both("largest kappa with these margins", "이 주변분포에서 가능한 최대 카파"),
    "pabak": both("2 × observed − 1 (PABAK)", "2 × 관측 일치율 − 1 (PABAK)"),
    "share who answered differently": both("Share who answered differently", "다르게 답한 비율"),
    "later_on_second": both("later answer on the second", "둘째에서 뒤쪽 응답"),
    "earlier_on_second": both("earlier answer on the second", "둘째에서 앞쪽 응답"),
    "change in share per step of the group": both("Change in share per step", "단계당 비율 변화"),
    "change in mean score per step of the group": both("Change in mean score per step", "단계당 평균 점수 변화"),
    "correlation": both("correlation of the scores", "점수 상관계수"),
    "cohen's w": both("Cohen's w", "코헨의 w"),
    "dissimilarity": both("dissimilarity", "상이지수"),
    "respondents": both("Respondents, %", "응답자, %"),
    "weighted_share": both("Weighted, %", "가중, %"),
    "frame_share": both("Frame, %", "표본추출틀, %"),
    "gap_points": both("Difference, points", "차이, %p"),
    "early": both("Early", "초기"),
    "late": both("Late", "후기"),
    "mean_or_share": both("Mean or %", "평균 또는 %"),
    "late_minus_early": both("Late − early", "후기 − 초기"),
    "cramers_v": both("Cramér's V", "크라메르 V"),
    "p_uncorrected": both("p", "p"),
    "p_corrected": both("p corrected", "보정 p"),
    "arrangements": both("arrangements", "배열 수"),
    "clusters": both("clusters", "집락 수"),
    "draws": both("combinations", "조합 수"),
}
