"""Invented results of every kind: synthetic respondents, with labels in English and Korean."""

from dataclasses import replace

import numpy as np
import pandas as pd

from surveyanalysis.analysis.term_rows import columns_of_models, term_rows
from surveyanalysis.comparisons import ModelComparison
from surveyanalysis.intervals import wilson
from surveyanalysis.language import both
from surveyanalysis.results import Estimates, Labels, Origin, Test, estimates_frame

SUPPORT = {
    "sponsorship": both("Sponsorship", "학회·협회 후원"),
    "database": both("Database of professionals", "한인 전문가 DB"),
    "joint": both("Joint research", "공동연구·인력교류"),
    "startup": both("Start-up support", "창업·투자 지원"),
    "other": both("Other", "기타"),
}
COUNTS = (19, 16, 9, 8, 5)
SCALE = {
    1: both("Very negative", "매우 부정적"),
    2: both("Negative", "부정적"),
    3: both("Neutral", "보통"),
    4: both("Positive", "긍정적"),
    5: both("Very positive", "매우 긍정적"),
}
EMPLOYERS = {
    "company": both("Company", "기업"),
    "university": both("University", "대학"),
    "institute": both("Institute", "연구소"),
}


def origin(what, n=57, **more):
    return Origin(
        what=what,
        flow=((both("respondents", "응답자"), 214), (both("in companies", "기업 소속"), n)),
        design=both("taken as a simple random sample", "단순임의표본으로 간주"),
        interval=both("95% Wilson interval", "95% 윌슨 신뢰구간"),
        synthetic=True,
        **more,
    )


def shares_of(counts, n):
    counts = np.asarray(counts, float)
    n = np.broadcast_to(np.asarray(n, float), counts.shape)
    p = counts / n
    low, high = wilson(p, n)
    return {
        "estimate": p,
        "se": np.sqrt(p * (1 - p) / n),
        "df": n - 1,
        "ci_low": low,
        "ci_high": high,
        "count": counts.astype(int),
        "n": n.astype(int),
        "n_weighted": n,
    }


def estimates(kind, columns, by=(), **more):
    frame = estimates_frame(columns, by)
    return Estimates(frame, np.diag(frame["se"].to_numpy(float) ** 2), kind, by=tuple(by), **more)


def labels(columns, levels):
    return Labels(columns, {(name, code): text for name, codes in levels.items() for code, text in codes.items()})


def frequencies(support=SUPPORT, counts=COUNTS, kind="frequencies", **more):
    n = sum(counts)
    columns = {"outcome": ["support"] * len(support), "level": list(support)} | shares_of(counts, n)
    return estimates(
        kind,
        columns,
        scale="proportion",
        labels=labels(
            {"support": both("Support needed by societies", "학회·협회에 가장 필요한 지원은?")}, {"support": support}
        ),
        origin=origin(both("Share of respondents", "응답자 비율"), n),
        detail={"missing": ((both("No answer", "무응답"), 6),), "domain_n": n + 6} if kind == "frequencies" else {},
        **more,
    )


def proportion():
    return frequencies(kind="proportion")


def weighted_proportion():
    result = frequencies(kind="proportion")
    frame = result.frame.assign(n_weighted=1234.5)
    return Estimates(frame, result.covariance, "proportion", "proportion", (), result.labels, result.origin)


def multiple_response():
    options = {f"b{i}": both(en, ko) for i, (en, ko) in enumerate(BARRIERS)}
    counts = (12, 31, 7, 22, 18)
    columns = {"outcome": ["barriers"] * 5, "level": list(options)} | shares_of(counts, 57)
    return estimates(
        "multiple_response",
        columns,
        scale="proportion",
        labels=labels({"barriers": both("Barriers to working in Korea", "한국 근무의 걸림돌")}, {"barriers": options}),
        origin=origin(both("Share of respondents by answer, several allowed", "응답자 비율(복수 응답)")),
        detail={"share_of_answers": np.array(counts) / sum(counts), "answers": sum(counts)},
    )


BARRIERS = (
    (
        "Pay and benefits are far below what is usual in the country of residence",
        "거주국에 견주어 크게 낮은 급여와 복리후생",
    ),
    ("Children's schooling", "자녀 교육"),
    ("Working hours and the hierarchy within research groups", "긴 근무시간과 연구조직 안의 위계적인 문화"),
    ("Little information about openings", "채용 정보 부족"),
    ("Spouse's career", "배우자의 경력 단절"),
)


def crosstab(employers=None, bases=(57, 81, 76)):
    employers = employers or EMPLOYERS
    groups = list(employers)
    table = np.array([[19, 16, 9, 8, 5], [20, 30, 12, 9, 10], [11, 25, 20, 10, 10], [30, 15, 5, 2, 5]])[: len(groups)]
    columns = {
        "outcome": ["support"] * 5 * len(groups),
        "level": list(SUPPORT) * len(groups),
        "employer": np.repeat(groups, 5),
    } | shares_of(table.ravel(), np.repeat(table.sum(1), 5))
    total = {"outcome": ["support"] * 5, "level": list(SUPPORT)} | shares_of(table.sum(0), table.sum())
    return estimates(
        "crosstab",
        columns,
        ("employer",),
        scale="proportion",
        labels=labels(
            {
                "support": both("Support needed by societies", "학회·협회에 가장 필요한 지원"),
                "employer": both("Employer", "소속"),
            },
            {"support": SUPPORT, "employer": employers},
        ),
        origin=origin(both("Share of each group's respondents", "집단별 응답자 비율"), int(table.sum())),
        detail={"totals": estimates_frame(total)},
    )


def likert(steps=5, table=((12, 22, 14, 7, 2), (4, 11, 19, 18, 5))):
    items = {
        f"outlook_{10 * (i + 1)}y": both(f"Outlook, {10 * (i + 1)} years", f"{10 * (i + 1)}년 뒤 전망")
        for i in range(len(table))
    }
    codes = {c: SCALE[c] for c in (range(1, 6) if steps == 5 else (1, 2, 4, 5))}
    counts = np.array(table)[:, :steps]
    columns = {"outcome": np.repeat(list(items), steps), "level": list(codes) * len(items)}
    columns |= shares_of(counts.ravel(), np.repeat(counts.sum(1), steps))
    values = np.array(list(codes), float)
    mean = counts @ values / counts.sum(1)
    means = pd.DataFrame(
        {"mean": mean, "se": 0.13, "ci_low": mean - 0.26, "ci_high": mean + 0.26, "n": counts.sum(1)}, index=list(items)
    )
    test = Test(both("Paired test (Wilcoxon)", "대응 검정(윌콕슨)"), 12.0, 0.0003, n=57)
    return estimates(
        "likert",
        columns,
        scale="proportion",
        labels=labels(items, dict.fromkeys(items, codes)),
        origin=origin(both("Outlook for the industry in Korea", "국내 바이오·제약 산업의 전망")),
        detail={"means": means, "scale": tuple(codes), "tests": (test,)},
    )


def ranking():
    first, top = np.array([20, 10, 15, 7, 5]), np.array([40, 35, 30, 36, 30])
    share = {
        k: np.concatenate([shares_of(first, 57)[k], shares_of(top, 57)[k], shares_of(top, 57)[k]])
        for k in shares_of(first, 57)
    }
    share["estimate"][10:] = [1.6, 1.9, 1.7, 2.1, 2.4]
    share["ci_low"][10:], share["ci_high"][10:] = share["estimate"][10:] - 0.2, share["estimate"][10:] + 0.2
    columns = {
        "outcome": ["policy"] * 15,
        "level": list(SUPPORT) * 3,
        "component": np.repeat(["first", "top_3", "mean_rank"], 5),
    } | share
    return estimates(
        "ranking",
        columns,
        labels=labels({"policy": both("Policies ranked", "지원정책 순위")}, {"policy": SUPPORT}),
        origin=origin(both("First choice and top 3", "1순위와 3순위 이내")),
    )


TERMS = {
    "years_abroad": both("Years abroad (per 10)", "해외 체류(10년)"),
    "age": both("Age (per 10)", "연령(10세)"),
    "family": both("Family with them", "가족 동반"),
    "degree": both("PhD from Korea", "국내 박사"),
    "job[management]": both("Management (ref. research)", "관리직 (기준: 연구)"),
    "society": both("Active in a society", "학회 활동"),
    "income": both("Income under $50,000 to $80,000", "소득 $50,000~$80,000"),
    "field": both("Field of the highest degree is pharmacy or medicine", "최종학위 전공이 약학 또는 의학 계열"),
}
SLOPES = np.array([-0.52, -0.21, -0.71, 0.55, 0.31, 0.62, 0.02, -1.4])
ERRORS = np.array([0.24, 0.25, 0.33, 0.4, 0.45, 0.3, 0.2, 0.8])


def coefficients(scale="log_odds"):
    estimate = np.concatenate([SLOPES, [-1.9, -0.4]])
    se = np.concatenate([ERRORS, [0.5, 0.4]])
    low, high = estimate - 1.96 * se, estimate + 1.96 * se
    if scale == "odds_ratio":
        estimate, low, high, se = np.exp(estimate), np.exp(low), np.exp(high), se * np.exp(estimate)
    z = np.concatenate([SLOPES / ERRORS, [-3.8, -1.0]])
    p = np.array([0.03, 0.4, 0.031, 0.17, 0.49, 0.039, 0.92, 0.08, 0.0001, 0.3])
    terms = [*TERMS, "1|2", "2|3"]
    columns = {
        "outcome": ["willing"] * 10,
        "component": ["slope"] * 8 + ["threshold"] * 2,
        "term": terms,
        "estimate": estimate,
        "se": se,
        "statistic": z,
        "df": np.inf,
        "p": p,
        "ci_low": low,
        "ci_high": high,
        "n": 57,
    }
    return estimates(
        "coefficients",
        columns,
        scale=scale,
        labels=Labels({"willing": both("Willing to work in Korea", "한국 근무 의향"), **TERMS}),
        origin=origin(both("Ordered logit", "순서형 로짓")),
        extra={"n": 57, "loglik": -34.216, "aic": 88.432},
    )


def model_comparison(shown="se", place="under", stars=(0.1, 0.05, 0.01)):
    """Two models of one outcome; the second has fewer respondents and lacks the last two terms."""
    first = coefficients()
    kept = [i for i, term in enumerate(first.frame["term"]) if term not in ("income", "field")]
    frame = first.frame.iloc[kept].reset_index(drop=True).assign(n=51)
    second = replace(first, _frame=frame, covariance=first.covariance[np.ix_(kept, kept)], extra={"n": 51, "aic": 80.5})
    models = {"(1)": first, "(2)": second}
    columns = columns_of_models(models)
    fit = {name: {**model.extra, "df": np.inf} for name, model in models.items()}
    rows = term_rows(models, {}, columns)
    return ModelComparison(models, columns, rows, fit, shown, place, stars, ("n", "loglik", "aic", "df"))


def effects(levels=1):
    codes = [5] if levels == 1 else list(range(1, levels + 1))
    terms = list(TERMS)[:6]
    share = np.concatenate([np.linspace(-1, 1, levels) if levels > 1 else [1.0]] * 6)
    estimate = np.repeat(SLOPES[:6] / 4, levels) * share
    se = np.repeat(ERRORS[:6] / 4, levels)
    columns = {
        "outcome": "willing",
        "level": codes * 6,
        "term": np.repeat(terms, levels),
        "estimate": estimate,
        "se": se,
        "statistic": estimate / se,
        "df": np.inf,
        "p": 0.05,
        "ci_low": estimate - 1.96 * se,
        "ci_high": estimate + 1.96 * se,
        "n": 57,
    }
    return estimates(
        "effects",
        columns,
        scale="effect",
        labels=Labels(
            {"willing": both("Willing to work in Korea", "한국 근무 의향"), **TERMS},
            {("willing", c): SCALE[c] for c in codes},
        ),
        origin=origin(both("Average marginal effects", "평균 한계효과")),
    )


def risk_ratios(levels=1):
    """Ratios with the shape of the effects."""
    plain = effects(levels)
    frame = plain.frame.assign(**{name: np.exp(plain.frame[name]) for name in ("estimate", "ci_low", "ci_high")})
    what = origin(both("Risk ratios, averaged over the respondents used", "위험비, 분석 응답자 평균"))
    return estimates("effects", frame.to_dict("list"), scale="risk_ratio", labels=plain.labels, origin=what)


def predicted_means():
    """Means along a number."""
    plain = predictions().frame.drop(columns="level")
    frame = plain.assign(**{name: 40 + 30 * plain[name] for name in ("estimate", "ci_low", "ci_high")}, se=1.2)
    words = labels({"willing": both("Income", "소득"), "age": both("Age", "연령")}, {})
    what = origin(both("Predicted means", "예측 평균"))
    return estimates("predictions", frame.to_dict("list"), ("age",), scale="value", labels=words, origin=what)


def predictions(levels=1):
    ages = np.arange(25.0, 70, 5)
    rows = []
    for age in ages:
        score = np.exp(np.array([0.0, 0.2, 0.5, 0.3, 0.1])[:levels] + np.arange(levels) * (age - 45) / 40)
        shares = score / score.sum() if levels > 1 else [1 / (1 + np.exp(-(age - 45) / 12))]
        rows += [(age, code, share) for code, share in zip(range(1, levels + 1), shares)]
    age, level, estimate = (np.array(column) for column in zip(*rows))
    columns = {
        "outcome": "willing",
        "level": level.astype(int),
        "age": age,
        "estimate": estimate,
        "se": 0.04,
        "df": np.inf,
        "ci_low": np.maximum(estimate - 0.08, 0),
        "ci_high": np.minimum(estimate + 0.08, 1),
        "n": 57,
    }
    return estimates(
        "predictions",
        columns,
        ("age",),
        scale="probability",
        labels=Labels(
            {"willing": both("Willing to work in Korea", "한국 근무 의향"), "age": both("Age", "연령")},
            {("willing", c): text for c, text in SCALE.items()},
        ),
        origin=origin(both("Predicted probability", "예측 확률")),
    )


def predictions_by_employer():
    columns = {
        "outcome": "willing",
        "level": 5,
        "employer": list(EMPLOYERS),
        "estimate": [0.4, 0.55, 0.31],
        "se": 0.05,
        "df": np.inf,
        "ci_low": [0.3, 0.45, 0.2],
        "ci_high": [0.5, 0.65, 0.42],
        "n": 57,
    }
    return estimates(
        "predictions",
        columns,
        ("employer",),
        scale="probability",
        labels=labels(
            {"willing": both("Willing to work in Korea", "한국 근무 의향"), "employer": both("Employer", "소속")},
            {"employer": EMPLOYERS},
        ),
        origin=origin(both("Predicted probability", "예측 확률")),
    )


def mean():
    columns = {
        "outcome": "age",
        "employer": list(EMPLOYERS),
        "estimate": [43.25, 47.1, 40.96],
        "se": [1.1, 1.3, 0.9],
        "df": 56.0,
        "ci_low": [41.0, 44.5, 39.2],
        "ci_high": [45.4, 49.7, 42.7],
        "n": [57, 81, 76],
        "n_weighted": [57.0, 81.0, 76.0],
    }
    return estimates(
        "mean",
        columns,
        ("employer",),
        labels=labels({"age": both("Age", "연령"), "employer": both("Employer", "소속")}, {"employer": EMPLOYERS}),
        origin=origin(both("Mean", "평균"), 214),
    )


def quantile():
    columns = {
        "outcome": "age",
        "level": [0.25, 0.5] * 3,
        "employer": [employer for employer in EMPLOYERS for _ in "ab"],
        "estimate": [35.0, 43.0, 38.0, 47.0, 33.0, 41.0],
        "se": 1.3,
        "df": 56.0,
        "ci_low": [33.0, 41.0, 36.0, 44.0, 31.0, 38.0],
        "ci_high": [38.0, 46.0, 41.0, 50.0, 36.0, 43.0],
        "n": [57, 57, 81, 81, 76, 76],
        "n_weighted": [57.0, 57.0, 81.0, 81.0, 76.0, 76.0],
    }
    names = {0.25: both("25th percentile", "25백분위수"), 0.5: both("Median", "중앙값")}
    return estimates(
        "quantile",
        columns,
        ("employer",),
        labels=labels(
            {"age": both("Age", "연령"), "employer": both("Employer", "소속")}, {"employer": EMPLOYERS, "age": names}
        ),
        origin=origin(both("Quantiles", "분위수"), 214),
    )


def distribution():
    names = {30.0: both("up to 30", "30 이하"), 45.0: both("up to 45", "45 이하")}
    return estimates(
        "distribution",
        {"outcome": "age", "level": list(names), **shares_of((9, 31), 57)},
        labels=labels({"age": both("Age", "연령")}, {"age": names}),
        origin=origin(both("Share of respondents at or below", "누적 비율(이하)")),
    )


def test_result():
    return Test(
        both("Rao-Scott chi-square", "라오-스콧 카이제곱"),
        12.345,
        0.0004,
        df=1.93,
        df_denominator=411.2,
        effect=0.183,
        effect_name="Cramér's V",
        effect_ci=(0.05, 0.3),
        n=214,
        origin=origin(both("Employer and support", "소속과 지원")),
    )


test_result.__test__ = False

OUTCOME = labels({"moved": both("Moved abroad", "해외 이주")}, {"moved": {1: both("Yes", "예")}})


def roc():
    curve = pd.DataFrame(
        {
            "cut": [np.inf, 0.8, 0.6, 0.4, 0.2],
            "sensitivity": [0.0, 0.4, 0.7, 0.9, 1.0],
            "specificity": [1.0, 0.95, 0.8, 0.5, 0.0],
        }
    )
    columns = {"outcome": ["moved"], "level": [1], "component": ["auc"]} | shares_of((47,), 57)
    return estimates(
        "roc",
        columns,
        scale="proportion",
        labels=OUTCOME,
        origin=origin(both("ROC curve", "ROC 곡선")),
        extra={"youden": 0.5, "youden_cut": 0.6},
        detail={"curve": curve},
    )


def classification():
    parts = ("sensitivity", "specificity", "predictive_positive", "predictive_negative", "correct")
    columns = {"outcome": ["moved"] * 5, "component": list(parts)} | shares_of(
        (15, 30, 15, 30, 45), (20, 37, 22, 35, 57)
    )
    cells = pd.DataFrame({"event": [True, True, False, False], "predicted": [True, False] * 2, "n": [15, 5, 7, 30]})
    return estimates(
        "classification",
        columns,
        scale="proportion",
        labels=OUTCOME,
        origin=origin(both("Predictions at a probability of 0.5", "예측 확률 0.5 기준 분류")),
        detail={"cells": cells},
    )


def calibration(levels=(1,)):
    keys = {
        "outcome": ["moved"] * 4 * len(levels),
        "level": [level for level in levels for _ in range(4)],
        "group": [1, 2, 3, 4] * len(levels),
    }
    groups = {i + 1: both(f"{20 * i}–{20 * i + 15}%", f"{20 * i}–{20 * i + 15}%") for i in range(4)}
    found = labels({"moved": both("Outlook", "전망")}, {"moved": SCALE, "group": groups})
    return estimates(
        "calibration",
        keys | shares_of((1, 4, 8, 12) * len(levels), (14, 14, 14, 15) * len(levels)),
        ("group",),
        scale="proportion",
        labels=found,
        origin=origin(both("Observed and predicted shares", "관측 비율과 예측 확률")),
        detail={"predicted": np.array([0.08, 0.25, 0.5, 0.75] * len(levels))},
    )


def rootogram():
    columns = {"outcome": ["made"] * 4, "level": [0, 1, 2, 3]} | shares_of((20, 18, 10, 9), 57)
    names = {k: both(words, words) for k, words in enumerate(("0", "1", "2", "3+"))}
    return estimates(
        "rootogram",
        columns,
        scale="proportion",
        labels=labels({"made": both("Products", "제품 수")}, {"made": names}),
        origin=origin(both("Observed and expected counts", "관측 횟수와 기대 횟수")),
        detail={"predicted": np.array([0.28, 0.36, 0.23, 0.13])},
    )


def decomposition():
    terms = {"(total)": both("Total", "합계"), "age": both("Age", "연령"), "(intercept)": both("Intercept", "절편")}
    groups = {f"mean[{code}]": EMPLOYERS[code] for code in ("university", "company")}
    parts = {"difference": both("Gap", "격차"), "explained": both("Explained by answers", "응답으로 설명되는 부분"),
             "unexplained": both("Unexplained", "설명되지 않는 부분")}  # fmt: skip
    keys = [("difference", name) for name in (*groups, "(total)")]
    keys += [("explained", "(total)"), ("explained", "age"), *(("unexplained", name) for name in terms)]
    estimate = np.array([0.42, 0.30, 0.12, 0.05, 0.05, 0.07, 0.11, -0.04])
    se, n = np.array([0.05, 0.06, 0.08, 0.03, 0.03, 0.08, 0.2, 0.19]), np.array([90, 57, *[147] * 6])
    columns = {
        "outcome": "moved",
        "component": [part for part, _ in keys],
        "term": [term for _, term in keys],
        "estimate": estimate, "se": se, "statistic": estimate / se, "df": 146.0, "p": np.full(8, 0.04),
        "ci_low": estimate - 2 * se, "ci_high": estimate + 2 * se, "n": n, "n_weighted": n.astype(float),
    }  # fmt: skip
    named = Labels(
        {"moved": both("Would return", "귀국 의향"), **terms, **groups},
        {("component", name): words for name, words in parts.items()},
    )
    what = both("Decomposition of a logit (Yun's weights)", "로짓 분해(Yun 가중치)")
    return estimates(
        "decomposition", columns, scale="probability", labels=named, origin=origin(what, 147),
        detail={"shares": estimate / 0.12},
    )  # fmt: skip


ALL = {
    "proportion": proportion,
    "weighted": weighted_proportion,
    "frequencies": frequencies,
    "multiple_response": multiple_response,
    "crosstab": crosstab,
    "likert": likert,
    "likert4": lambda: likert(4, ((12, 22, 16, 7), (4, 11, 24, 18), (1, 2, 30, 24))),
    "ranking": ranking,
    "coefficients": coefficients,
    "odds_ratio": lambda: coefficients("odds_ratio"),
    "model_comparison": model_comparison,
    "model_comparison_beside": lambda: model_comparison("interval", "beside"),
    "effects": effects,
    "effects5": lambda: effects(5),
    "risk_ratios": risk_ratios,
    "risk_ratios5": lambda: risk_ratios(5),
    "predicted_means": predicted_means,
    "predictions": predictions,
    "predictions5": lambda: predictions(5),
    "predictions_by_employer": predictions_by_employer,
    "mean": mean,
    "quantile": quantile,
    "distribution": distribution,
    "decomposition": decomposition,
    "roc": roc,
    "classification": classification,
    "calibration": calibration,
    "rootogram": rootogram,
    "calibration3": lambda: calibration((1, 3, 5)),
}
