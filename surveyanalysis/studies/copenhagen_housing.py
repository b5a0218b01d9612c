"""Housing satisfaction in Copenhagen: 1,681 residents, printed in many books, held cell by cell."""

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import pandas as pd

from ..analysis.crosstab import crosstab
from ..analysis.likert import likert
from ..analysis.model import Model
from ..analysis.ordinal import ordered
from ..codebook.yaml_file import read_codebook
from ..design.design import Design
from ..language import Text, both
from ..reproduction.compare import Computed
from ..reproduction.published import Published
from ..results import Test
from ..survey import Survey
from .study import Shown, Study

FORMULA = "satisfaction ~ influence + type + contact"
FACTORS = ("influence", "contact", "type")
PRINTED_NAMES = {"influence": "Infl", "type": "Type", "contact": "Cont"}
LINKS: Mapping[str, Literal["logit", "probit"]] = {"logistic": "logit", "probit": "probit"}


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
    return {
        f"{name} | {key}": Computed(float(value), base=test.n) for key, value in values.items() if value is not None
    }


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


def shown(survey: Survey, published: Published) -> Mapping[str, tuple[Shown, ...]]:
    """Compute the exhibits: crosstabs with their tests, both models, effects."""
    design = Design(survey)
    found: dict[str, tuple[Shown, ...]] = {}
    found["satisfaction"] = (Shown("satisfaction", likert(design, "satisfaction"), drawn=True),)
    for factor, test in tests(survey).items():
        table = crosstab(design, "satisfaction", by=factor)
        name = f"satisfaction_by_{factor}"
        found[f"by-{factor}"] = (Shown(name, table, drawn=True), Shown(f"{name}_test", test))
    fitted = models(survey)
    found["models"] = tuple(Shown(f"ordered_{name}", model) for name, model in fitted.items())
    found["effects"] = (Shown("effects", fitted["logistic"].effects(), drawn=True),)
    return found


def cards(survey: Survey) -> list[tuple[str, Text]]:
    """Numbers for the head of the page."""
    cells = survey.frame[["satisfaction", *FACTORS]].drop_duplicates()
    return [
        (f"{len(survey):,}", both("residents", "거주자")),
        (f"{len(cells)}", both("cells of the table", "표의 칸")),
        (f"{len(LINKS)}", both("models, held cell by cell", "모형, 셀 단위 대조")),
    ]


STUDY = Study(id="copenhagen-housing", load=load, computed=computed, shown=shown, cards=cards)
