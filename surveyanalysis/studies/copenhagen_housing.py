"""Housing satisfaction in Copenhagen: 1,681 residents, printed in many books, held cell by cell."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pandas as pd

from ..analysis.crosstab import crosstab
from ..analysis.likert import likert
from ..analysis.model import Model
from ..analysis.regression import ordered
from ..codebook.yaml_file import read_codebook
from ..design.design import Design
from ..language import Text, both
from ..reproduction.compare import Computed
from ..reproduction.published import Published
from ..results import Test
from ..survey import Survey
from .study import Exhibit, Shown, Study

FORMULA = "satisfaction ~ influence + type + contact"
FACTORS = ("influence", "contact", "type")
PRINTED_NAMES = {"influence": "Infl", "type": "Type", "contact": "Cont"}
LINKS = {"logistic": "logit", "probit": "probit"}


def load(folder: Path) -> Survey:
    """Turn the 72 printed counts into persons."""
    counts = pd.read_csv(folder / "counts.csv")
    return Survey.from_counts(counts, count="Freq", codebook=read_codebook(folder / "codebook.yaml"))


def models(survey: Survey) -> dict[str, Model]:
    """Both printed models, by their printed names, with model-based errors as printed."""
    return {name: ordered(survey, FORMULA, link=link, variance="model") for name, link in LINKS.items()}


def tests(survey: Survey) -> dict[str, Test]:
    """Pearson chi-square of satisfaction with each factor."""
    return {factor: crosstab(survey, "satisfaction", by=factor).test("pearson") for factor in FACTORS}


def computed(survey: Survey, published: Published) -> Mapping[str, Computed]:
    """Every printed cell: sizes, chi-squares, both ordered models."""
    found = {"residents": Computed(len(survey), base=len(survey))}
    for factor, test in tests(survey).items():
        found |= _chi_square(f"satisfaction x {factor}", test)
    for name, model in models(survey).items():
        found |= _model(name, model)
    return {name: value for name, value in found.items() if name in published.ids}


def _chi_square(name: str, test: Test) -> dict[str, Computed]:
    values = {"chi-square": test.statistic, "df": test.df, "Cramer's V": test.effect}
    return {f"{name} | {key}": Computed(float(value), base=test.n) for key, value in values.items() if value is not None}


def _model(name: str, model: Model) -> dict[str, Computed]:
    """Cells of one model, named as the printed output names them: row | column."""
    found = {
        f"{name}: Residual Deviance | value": Computed(model.extra["deviance"]),
        f"{name}: AIC | value": Computed(model.extra["aic"]),
    }
    printed = {"Value": "estimate", "Std. Error": "se", "t value": "statistic"}
    for _, row in model.frame.iterrows():
        term = _printed_term(row["term"], row["component"])
        found |= {f"{name}: {term} | {column}": Computed(row[value]) for column, value in printed.items()}
    return found


def _printed_term(term: str, component: str) -> str:
    """R's name of a term: "influence[High]" is "InflHigh", the threshold "Low | Medium" is "Low|Medium"."""
    if component == "threshold":
        return term.replace(" | ", "|")
    question, level = term.rstrip("]").split("[")
    return PRINTED_NAMES[question] + level


def exhibits(survey: Survey, published: Published) -> Sequence[Exhibit]:
    """Crosstabs, both models, effects."""
    design = Design(survey)
    logit_model, probit_model = models(survey).values()
    return (
        Exhibit(
            "satisfaction",
            both("Satisfaction", "만족도"),
            {},
            (Shown("satisfaction", likert(design, "satisfaction"), drawn=True),),
        ),
        *(_table_exhibit(design, factor, test) for factor, test in tests(survey).items()),
        Exhibit(
            "models",
            both("Ordered logit and ordered probit", "순서형 로짓과 순서형 프로빗"),
            both(
                "Standard errors come from the model, as in the printed output: the exact observed information, where the "
                "printed ones rest on a numerical one.",
                "표준오차는 인쇄된 출력과 같이 모형에 기반한다. 인쇄된 값은 수치 미분, 여기서는 정확한 관측정보를 쓴다.",
            ),
            (Shown("ordered_logit", logit_model), Shown("ordered_probit", probit_model)),
        ),
        Exhibit(
            "effects",
            both("What a difference it makes: average marginal effects", "평균 한계효과"),
            both(
                "Changes in the probability of each level of satisfaction, averaged over all residents; they sum to zero over the levels.",
                "각 만족도 수준의 확률 변화를 전체 거주자에 대해 평균한 값이며, 수준에 대해 합하면 0이다.",
            ),
            (Shown("effects", logit_model.effects(), drawn=True),),
        ),
    )


def _table_exhibit(design: Design, factor: str, test: Test) -> Exhibit:
    names = {
        "influence": both("by perceived influence", "영향력별"),
        "contact": both("by contact with other residents", "이웃과의 접촉별"),
        "type": both("by type of housing", "주택 유형별"),
    }
    title = {lang: f"{'Satisfaction' if lang == 'en' else '만족도,'} {words}" for lang, words in names[factor].items()}
    shown = (
        Shown(f"satisfaction_by_{factor}", crosstab(design, "satisfaction", by=factor), drawn=True),
        Shown(f"satisfaction_by_{factor}_test", test),
    )
    return Exhibit(f"by-{factor}", title, {}, shown)


def cards(survey: Survey) -> list[tuple[str, Text]]:
    """Numbers for the head of the page."""
    return [
        (f"{len(survey):,}", both("residents", "거주자")),
        ("72", both("printed counts", "인쇄된 빈도")),
        ("2", both("models, printed cell by cell", "모형, 셀 단위 대조")),
    ]


STUDY = Study(
    id="copenhagen-housing",
    title=both("Housing satisfaction in Copenhagen, reproduced", "코펜하겐 주거 만족도: 재현"),
    subtitle=both(
        "Madsen 1976; models as printed with Venables and Ripley 2002, section 7.3",
        "Madsen 1976; 모형은 Venables와 Ripley 2002, 7.3절",
    ),
    load=load,
    computed=computed,
    exhibits=exhibits,
    cards=cards,
    limits=(
        both(
            "Residents of 24 groups of homes, surveyed about 1970. The printed analyses take them as a simple random sample; "
            "how they were drawn is not told with the counts.",
            "1970년경 조사된 24개 집단의 거주자이다. 인쇄된 분석은 단순임의표본으로 간주하며, 추출 방법은 빈도표와 함께 제시되지 않았다.",
        ),
        both(
            "The chi-squares were recomputed from the counts, not read in print; the table above says which cells were read.",
            "카이제곱 값은 인쇄물이 아니라 빈도에서 다시 계산한 것이다. 위의 표에서 직접 읽은 셀을 표시한다.",
        ),
    ),
)
