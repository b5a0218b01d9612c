"""STEPI 2011: models of willingness to work in Korea, which the article did not print."""

from collections.abc import Mapping

from ..analysis.compared_models import compare_models
from ..analysis.firth import firth
from ..analysis.multinomial import multinomial
from ..analysis.ordinal import ordered
from ..analysis.regression import logit
from ..design.design import Design
from ..language import both
from ..survey import Survey
from .study import Shown

WHO = "age + degree"
ABROAD = f"{WHO} + years_abroad + family_in_us"
SHORT = "age + degree + years_abroad"
YEARS = {"years_abroad": list(range(2, 31))}
STANCES = {
    "unwilling": ([1, 2], both("Unwilling", "의향 없음")),
    "neutral": ([3], both("Neutral", "보통")),
    "willing": ([4, 5], both("Willing", "의향 있음")),
}


def models(survey: Survey) -> Mapping[str, tuple[Shown, ...]]:
    """Models by the exhibit that shows them: yes or no, the few in companies, and the whole scale."""
    groups = {name: codes for name, (codes, _) in STANCES.items()}
    labels = {name: label for name, (_, label) in STANCES.items()}
    everybody = Design(survey.merged("willing_korea", groups, "stance", labels))
    company = everybody.where(employer="company")
    return {"models": _yes_no(everybody), "models_companies": _few(company), "models_scale": _scale(everybody)}


def _yes_no(everybody: Design) -> tuple[Shown, ...]:
    """Three blocks, and what the largest model means in percentage points."""
    blocks = {
        "(1)": logit(everybody, f"interested ~ {WHO}"),
        "(2)": logit(everybody, f"interested ~ {ABROAD}"),
        "(3)": logit(everybody, f"interested ~ {ABROAD} + employer"),
    }
    full = blocks["(3)"]
    table = compare_models(blocks, scale="odds_ratio", shown="interval", blocks="likelihood_ratio")
    return (
        Shown("logit_blocks", table),
        Shown("logit_effects", full.effects(), drawn=True),
        Shown("logit_roc", full.roc(), drawn=True),
    )


def _few(company: Design) -> tuple[Shown, ...]:
    """Maximum likelihood and reduced bias side by side."""
    formula = f"interested ~ {SHORT}"
    pair = {"Logit": logit(company, formula), "Firth": firth(company, formula)}
    return (Shown("logit_companies", compare_models(pair, scale="odds_ratio", shown="interval"), drawn=True),)


def _scale(everybody: Design) -> tuple[Shown, ...]:
    """All five steps, their probabilities, and three answers with and without their order."""
    five = ordered(everybody, f"willing_korea ~ {ABROAD} + employer")
    three = ordered(everybody, f"stance ~ {SHORT}")
    nominal = multinomial(everybody, f"stance ~ {SHORT}", reference="neutral")
    return (
        Shown("ordered_logit", five),
        Shown("ordered_effects", five.effects(["years_abroad", "family_in_us"]), drawn=True),
        Shown("ordered_probabilities", five.predict(YEARS), drawn=True),
        Shown("parallel_lines", three.parallel_lines()),
        Shown("multinomial_logit", nominal.exponentiate()),
    )
