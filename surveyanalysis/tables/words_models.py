"""Words of tables of several models."""

from ..language import Text, both

MODEL_WORDS: dict[str, Text] = {
    "risk_ratio": both("Risk ratio", "위험비"),
    "effect_plain": both("Effect", "효과"),
    "models": both("Models side by side", "모형 비교"),
    "fit": both("Fit", "적합도"),
    "adjusted_r2": both("adjusted R²", "수정 R²"),
    "t_df": both("degrees of freedom", "자유도"),
    "likelihood_ratio_chi2": both("Likelihood ratio χ²", "가능도비 χ²"),
    "added": both("Added to the model before", "직전 모형에 추가한 항"),
    "wald_f": both("Wald F", "왈드 F"),
    "wald_chi2": both("Wald χ²", "왈드 χ²"),
    "deviance_change": both("Change in deviance", "이탈도 변화"),
    "mcfadden_change": both("Change in McFadden R²", "McFadden R² 변화"),
    "r2_change": both("Change in R²", "R² 변화"),
    "second_se": both("standard errors in parentheses", "괄호 안은 표준오차"),
    "second_t": both("t in parentheses", "괄호 안은 t값"),
    "second_z": both("z in parentheses", "괄호 안은 z값"),
    "second_p": both("p-values in parentheses", "괄호 안은 p값"),
    "second_interval": both("intervals in brackets", "대괄호 안은 신뢰구간"),
    "unrounded": both("by p-values before rounding", "반올림 전 p값 기준"),
    "adds": {"en": "{model} adds to {before}: {terms}", "ko": "{model}: {before}에 추가한 항은 {terms}"},
    "rests_on": both("Respondents differ", "모형별 응답자 수가 다름"),
    "df_rule": {"en": "degrees of freedom: {rule}", "ko": "자유도: {rule}"},
    "fit_weighted": both("Likelihoods are pseudo-likelihoods", "로그우도는 의사우도"),
}
