"""The words of tables and figures in English and Korean, and what every one of them says about its result."""

import re
from typing import Any

import pandas as pd

from ..language import Text, both, say
from ..results import Estimates, Origin, Test
from .words_checks import CHECK_WORDS
from .words_diagnostics import DIAGNOSTIC_WORDS
from .words_estimates import ESTIMATE_WORDS
from .words_missing import MISSING_WORDS
from .words_models import MODEL_WORDS
from .words_robustness import ROBUSTNESS_WORDS

WORDS: dict[str, Text] = (
    {
        "n": both("n", "n"),
        "percent": both("%", "%"),
        "share": both("% of respondents", "응답자 중 %"),
        "share_of_answers": both("% of answers", "응답 중 %"),
        "base": both("Base", "사례 수"),
        "weighted_base": both("Weighted base", "가중 사례 수"),
        "all": both("All", "전체"),
        "interval": {"en": "{c} CI", "ko": "{c} 신뢰구간"},
        "mean": both("Mean", "평균"),
        "total": both("Total", "합계"),
        "quantile": both("Quantile", "분위수"),
        "point": both("Value", "값"),
        "se": both("SE", "표준오차"),
        "p": both("p", "p"),
        "t": both("t", "t"),
        "z": both("z", "z"),
        "df": both("df", "자유도"),
        "statistic": both("Statistic", "통계량"),
        "answer": both("Answer", "응답"),
        "item": both("Item", "문항"),
        "term": both("Term", "변수"),
        "group": both("Group", "집단"),
        "answered": both("Answered", "응답"),
        "asked": both("With those missing", "결측 포함"),
        "answers": both("Answers given", "응답 총수"),
        "answers_scale": both("Answers, %", "응답, %"),
        "first": both("First choice", "1순위"),
        "top": {"en": "Top {k}", "ko": "{k}순위 이내"},
        "mean_rank": both("Mean rank", "평균 순위"),
        "slope": both("Slopes", "회귀계수"),
        "threshold": both("Thresholds", "절단점"),
        "scale": both("Scale (log spread)", "척도(로그 산포)"),
        "zero": both("Zeros", "영(0)"),
        "selection": both("Selection", "선택"),
        "lambda": both("λ", "λ"),
        "one": both("Ones", "일(1)"),
        "precision": both("Precision (log)", "정밀도(로그)"),
        "spread": both("Spread", "산포"),
        "dispersion": both("Dispersion", "과산포"),
        "rate_ratio": both("Rate ratio", "발생률비"),
        "difference": both("Effect", "효과"),
        "zeros": both("zeros", "영(0)의 수"),
        "ones": both("ones", "일(1)의 수"),
        "at_lower": both("at the lower limit", "하한값 응답 수"),
        "at_upper": both("at the upper limit", "상한값 응답 수"),
        "overdispersion": both("α", "α"),
        "overdispersion_se": both("SE of α", "α의 표준오차"),
        "overdispersion_low": both("lower end of α", "α 하한"),
        "overdispersion_high": both("upper end of α", "α 상한"),
        "overdispersion_lr": both("LR test of α = 0", "α = 0의 우도비 검정"),
        "overdispersion_lr_p": both("its p", "그 p값"),
        "log_rate": both("Log rate", "로그 발생률"),
        "error_correlation": both("Correlation of errors", "오차 상관"),
        "rho": both("ρ", "ρ"),
        **{
            f"rho_{pair}{end}": both(en.format(p=pair), ko.format(p=pair))
            for pair in ("12", "13", "23")
            for end, en, ko in (
                ("", "ρ{p}", "ρ{p}"),
                ("_se", "SE of ρ{p}", "ρ{p}의 표준오차"),
                ("_low", "lower end of ρ{p}", "ρ{p} 하한"),
                ("_high", "upper end of ρ{p}", "ρ{p} 상한"),
            )
        },
        "rho_lr": both("LR test of ρ = 0", "ρ = 0의 가능도비 검정"),
        "rho_lr_p": both("its p", "그 p값"),
        "sigma_se": both("SE of σ", "σ의 표준오차"),
        "lambda_se": both("SE of λ", "λ의 표준오차"),
        "selected": both("selected", "선택된 응답자"),
        "rho_se": both("SE of ρ", "ρ의 표준오차"),
        "rho_low": both("lower end of ρ", "ρ 하한"),
        "rho_high": both("upper end of ρ", "ρ 상한"),
        "effect": both("Effect, points", "효과, %p"),
        "probability": both("Probability, %", "확률, %"),
        "estimate": both("Estimate", "추정치"),
        "log_odds": both("Log-odds", "로그오즈"),
        "odds_ratio": both("Odds ratio", "오즈비"),
        "probit": both("Probit", "프로빗"),
        "value": both("Estimate", "추정치"),
        "yes": both("Yes", "예"),
        "no": both("No", "아니요"),
        "test": both("Test", "검정"),
        "synthetic": both("Synthetic respondents.", "가상(합성) 응답자."),
        "loglik": both("log-likelihood", "로그우도"),
        "deviance": both("deviance", "이탈도"),
        "aic": both("AIC", "AIC"),
        "bic": both("BIC", "BIC"),
        "k": both("parameters", "모수"),
        "pseudo_r2": both("McFadden R²", "McFadden R²"),
        "mcfadden": both("McFadden R²", "McFadden R²"),
        "r2": both("R²", "R²"),
        "sigma": both("residual standard deviation", "잔차 표준편차"),
        "adjusted_r2": both("adjusted R²", "수정 R²"),
        "slope_low": both("slope at the lowest answer", "최저 응답에서의 기울기"),
        "slope_high": both("at the highest", "최고 응답에서의 기울기"),
        "t_low": both("its t", "그 t"),
        "t_high": both("its t", "그 t"),
        "range_low": both("lowest answer", "최저 응답"),
        "range_high": both("highest", "최고 응답"),
        "inside": both("turns among the answers (1: yes)", "응답 범위 내 전환(1: 예)"),
        "turning_point_se": both("SE of the turning point", "전환점의 표준오차"),
        "bound_low": both("Johnson-Neyman bounds", "Johnson-Neyman 경계"),
        "bound_high": both("and", "및"),
        "B": both("B", "B"),
        "beta": both("β", "β"),
        "tolerance": both("Tolerance", "공차"),
        "vif": both("VIF", "VIF"),
        "f": both("F", "F"),
        "f_p": both("p of F", "F의 p값"),
        "durbin_watson": both("Durbin-Watson", "더빈-왓슨"),
        "loglik_penalised": both("penalised log-likelihood", "벌점 로그우도"),
        "loglik_null": both("without terms", "절편만"),
        "n_weighted": both("sum of weights", "가중치 합"),
        "cramér's v": both("Cramér's V", "크라메르 V"),
        "matched-pairs rank-biserial correlation": both("Rank-biserial correlation", "순위이연상관"),
        "difference in shares (first - second)": both("First − second, share", "비율 차이(첫째 − 둘째)"),
        "share higher on first - share higher on second": both(
            "Share higher on the first − on the second", "첫째가 높은 비율 − 둘째가 높은 비율"
        ),
        "first_higher": both("first higher", "첫째가 높음"),
        "second_higher": both("second higher", "둘째가 높음"),
        "equal": both("equal", "같음"),
        "both_yes": both("both", "둘 다"),
        "only_first": both("only the first", "첫째만"),
        "only_second": both("only the second", "둘째만"),
        "neither": both("neither", "둘 다 아님"),
        "difference in means": both("Difference in means", "평균 차이"),
        "mean minus null": both("Mean − null", "평균 − 귀무값"),
        "mean difference (first - second)": both("Mean difference (first − second)", "평균 차이(첫째 − 둘째)"),
        "difference in mean rank score": both("Difference in mean rank score", "평균 순위점수 차이"),
        "eta squared": both("η²", "η²"),
        "eta squared of rank scores": both("η² of rank scores", "순위점수 η²"),
        "cohen_d": both("Cohen's d", "코헨 d"),
        "probability_of_superiority": both("probability of superiority", "우월 확률"),
        "x2": both("X²", "X²"),
        "g2": both("G²", "G²"),
        "x2_corrected": both("corrected X²", "보정 X²"),
        "mean_deff": both("mean design effect", "평균 설계효과"),
        "chi2": both("χ²", "χ²"),
        "chi2_p": both("p of χ²", "χ²의 p"),
        "points": both("percentage points", "퍼센트포인트"),
        "ranked": {"en": "{first} and {last}, share of respondents", "ko": "{first}와 {last}, 응답자 비율"},
        "dark": both(
            "Dark: the largest share, and those whose interval reaches it.",
            "진한 막대: 가장 큰 비율과 신뢰구간이 그에 닿는 응답.",
        ),
        "dark_plain": both("Dark: the largest share.", "진한 막대: 가장 큰 비율."),
        "unweighted": both("Counts in brackets are unweighted.", "괄호 안은 가중하지 않은 응답 수."),
        "neutral": both("Neutral answers are split at zero.", "중립 응답은 0을 기준으로 반씩 표시."),
        "no_ribbons": both("The intervals stand in the table.", "신뢰구간은 표에 있음."),
        "curves_left": both(
            "Splines stand in the table; predictions draw their curves.",
            "스플라인은 표에 있고, 곡선은 예측값 그림에 있음.",
        ),
        "log_axis": both("Log scale.", "로그 눈금."),
    }
    | CHECK_WORDS
    | ESTIMATE_WORDS
    | MODEL_WORDS
    | DIAGNOSTIC_WORDS
    | MISSING_WORDS
    | ROBUSTNESS_WORDS
)


def word(key: str, lang: str = "en", **values: Any) -> str:
    """Return a word of tables; an unknown key reads as itself.

    Examples
    --------
    >>> word("interval", "ko", c="95%")
    '95% 신뢰구간'
    """
    return say(WORDS.get(key, {"en": key.replace("_", " ")}), lang).format(**values)


def effect_label(name: str, lang: str) -> str:
    """Name of an effect size at the head of its column.

    Examples
    --------
    >>> effect_label("Cramér's V", "ko")
    '크라메르 V'
    """
    words = word(name.casefold(), lang) if name.casefold() in WORDS else name.replace("_", " ")
    return words[:1].upper() + words[1:] if words[:1].isascii() else words  # a Greek letter is a symbol, not a word


def confidence(result: Estimates | Test) -> str:
    """Confidence of a result's intervals as its origin says it: "95%"."""
    found = re.search(r"\d+(\.\d+)?%", say(result.origin.interval, "en"))
    return found.group() if found else "95%"


def level_label(result: Estimates, column: str, code: Any, lang: str) -> str:
    """Label of an answer category or group; yes and no for booleans that have none."""
    if isinstance(code, bool) and (column, code) not in result.labels.levels:
        return word("yes" if code else "no", lang)
    return result.labels.level(column, code, lang)


def component_label(component: str, lang: str) -> str:
    """Words of a component: first choice, top 2, slopes."""
    head, _, number = str(component).partition("_")
    return word("top", lang, k=number) if head == "top" and number.isdigit() else word(str(component), lang)


def key_label(result: Estimates, key: str, record: dict[Any, Any], lang: str) -> str:
    """Words of one key of a row: its outcome, level, component, term or group."""
    value = record[key]
    if key == "level":
        return level_label(result, str(record.get("outcome", "")), value, lang)
    if key == "component" and (key, value) not in result.labels.levels:
        return component_label(value, lang)
    if key in ("outcome", "term"):
        return result.labels.column(value, lang)
    if isinstance(value, float) and (key, value) not in result.labels.levels:
        return _number_label(value)
    return level_label(result, key, value, lang)


def _number_label(value: float) -> str:
    return f"{value:,.10g}"


def title(result: Estimates, lang: str) -> str:
    """Title of a table or figure: the label of its question or grid; what is shown where they are many."""
    frame = result.frame
    names = list(pd.unique(frame["outcome"])) if "outcome" in frame else []
    labels = list(dict.fromkeys(result.labels.column(name, lang) for name in names))
    shared = [key for key in result.labels.columns if names and all(str(name).startswith(f"{key}_") for name in names)]
    if len(labels) > 1 and shared:
        return result.labels.column(shared[0], lang)
    if not 1 <= len(labels) <= 2:
        return say(result.origin.what, lang)
    named = () if result.kind in ("predictions", "calibration") else result.by
    groups = " · ".join(result.labels.column(name, lang) for name in named)
    asked = " · ".join(labels)
    return say({"en": f"{asked}, by {groups}", "ko": f"{groups}별 {asked}"}, lang) if groups else asked


def subtitle(result: Estimates, lang: str) -> str:
    """What is shown, unless the title says it."""
    what = say(result.origin.what, lang)
    return "" if what == title(result, lang) else what


def questions_asked(origin: Origin, lang: str) -> str:
    """Wording of the one or two questions that a test is about, without instructions on further lines."""
    asked = [say(wording, lang).split("\n", 1)[0] for wording in origin.questions.values()]
    return " · ".join(asked) if len(asked) <= 2 else ""


def foot(origin: Origin, lang: str) -> list[str]:
    """Lines under a table or figure, each beginning like a sentence."""
    return [line[:1].upper() + line[1:] for line in origin.lines(lang)]


def is_weighted(frame: pd.DataFrame) -> bool:
    """Whether the weighted bases differ from the numbers of respondents."""
    if "n_weighted" not in frame or "n" not in frame:
        return False
    return bool((frame["n_weighted"] - frame["n"]).abs().gt(1e-9 * frame["n"].abs().clip(lower=1)).any())
