"""Words of tables on ratios, spread, design effects, contrasts, standardisation and reliability."""

from ..language import Text, both

ESTIMATE_WORDS: dict[str, Text] = {
    "ratio": both("Ratio", "비"),
    "known_total": both("Known total", "알려진 총계"),
    "correlation": both("r", "r"),
    "deff": both("Design effect", "설계효과"),
    "deft": both("deft", "deft"),
    "effective": both("Effective n", "유효 n"),
    "contrast": both("Estimate", "추정치"),
    "comparison": both("Comparison", "비교"),
    "difference": both("Difference", "차이"),
    "difference_points": both("Difference, points", "차이, %p"),
    "p_plain": both("p", "p"),
    "p_adjusted": both("p corrected", "보정 p"),
    "standardised": both("Standardised", "표준화"),
    "crude": both("Crude", "조율"),
    "gap": both("Estimate", "추정치"),
    "gap_points": both("Estimate, %", "추정치, %"),
    "of_gap": both("% of the gap", "격차 대비 %"),
    "sd": both("SD", "표준편차"),
    "rest": both("r with the others", "나머지 문항과의 r"),
    "without": both("Alpha without it", "제외 시 알파"),
    "alpha": both("Cronbach's alpha", "크론바흐 알파"),
}
