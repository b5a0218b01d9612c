"""Specifications of one effect, the plan that holds them, and their words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from ..design.design import Design
from ..language import LANGUAGES, Text, both, say
from ..results import Labels
from ..survey import Survey
from .other_designs import design_variant
from .variables import column_words

ModelName = Literal["logit", "probit", "cloglog", "firth", "ordered", "ordered_probit", "multinomial"]
Drawn = Literal["design", "simple"]
Missing = Literal["complete", "common", "imputed"]
BINARY = ("logit", "probit", "cloglog", "firth")
CHOICES: dict[str, Text] = {
    "cut": both("Counted as the event", "사건으로 보는 응답"),
    "model": both("Model", "모형"),
    "covariates": both("Covariates", "통제변수"),
    "weights": both("Weights", "가중치"),
    "design": both("Design", "표본설계"),
    "missing": both("Missing answers", "결측 처리"),
    "where": both("Respondents", "응답자"),
}
WORDS: dict[tuple[str, Any], Text] = {
    ("model", "logit"): both("logit", "로짓"),
    ("model", "probit"): both("probit", "프로빗"),
    ("model", "cloglog"): both("complementary log-log", "보로그로그"),
    ("model", "firth"): both("logit, bias reduced", "편향축소 로짓"),
    ("model", "ordered"): both("ordered logit", "순서형 로짓"),
    ("model", "ordered_probit"): both("ordered probit", "순서형 프로빗"),
    ("model", "multinomial"): both("multinomial logit", "다항 로짓"),
    ("covariates", ""): both("none", "없음"),
    ("weights", True): both("weighted", "가중"),
    ("weights", False): both("unweighted", "비가중"),
    ("design", "design"): both("as designed", "표본설계 반영"),
    ("design", "simple"): both("simple random", "단순임의"),
    ("missing", "complete"): both("complete for the model", "모형별 완전응답"),
    ("missing", "common"): both("complete for all models", "모든 모형 공통 완전응답"),
    ("missing", "imputed"): both("imputed", "다중대체"),
    ("where", ""): both("everybody", "전체"),
}


class Filled(Protocol):
    """Imputed answers, as of `impute`."""

    design: Design

    @property
    def designs(self) -> Sequence[Design]:
        """The design with filled answers, one for each imputation."""


@dataclass(frozen=True, slots=True)
class Specification:
    """One way to ask the question.

    Attributes
    ----------
    cut
        Answers that are the event; empty where the outcome is yes/no.
    covariates
        Terms beside the focus.
    weights
        Whether the weights count.
    where
        The domain as written; empty for everybody.
    """

    cut: tuple[Any, ...]
    model: ModelName
    covariates: tuple[str, ...]
    weights: bool
    design: Drawn
    missing: Missing
    where: str

    @property
    def keys(self) -> dict[str, Any]:
        """The choices as a row of the frame tells them."""
        return {
            **{f.name: getattr(self, f.name) for f in fields(self)},
            "cut": ", ".join(map(str, self.cut)),
            "covariates": " + ".join(self.covariates),
        }

    @property
    def same_model(self) -> tuple[Any, ...]:
        """What specifications share that rest on one fit: ordered and nominal models serve every cut."""
        cut = self.cut if self.model in BINARY else ()
        return (cut, self.model, self.covariates, self.weights, self.design, self.missing, self.where)


@dataclass(frozen=True)
class Plan:
    """What is asked of every specification.

    Attributes
    ----------
    level
        Position of the level of the focus whose difference from the first is the effect; None for a number.
    step
        Of a number: the difference that the effect is for; None for the derivative.
    domains
        Words of `where` -> the design's part.
    common
        Who answered every question of the grid, shape (n,).
    imputations
        The same plan on each imputation, where one is asked for.
    """

    design: Design
    outcome: str
    focus: str
    level: int | None
    step: float | None
    confidence: float
    specifications: tuple[Specification, ...]
    domains: Mapping[str, Design]
    common: NDArray[np.bool_]
    labels: Labels
    imputations: "tuple[Plan, ...]" = ()

    def formula(self, spec: Specification) -> str:
        """The formula of a specification."""
        return formula_of(self.outcome, self.focus, spec.covariates)

    def design_of(self, spec: Specification) -> Design:
        """The design of a specification."""
        domain = self.domains[spec.where]
        inside = domain.within(self.common) if spec.missing == "common" else domain
        return design_variant(inside, spec.weights, spec.design == "simple")


def formula_of(outcome: str, focus: str, covariates: Sequence[str]) -> str:
    """A formula, the focus before the covariates."""
    return f"{quoted(outcome)} ~ {' + '.join((quoted(focus), *covariates))}"


def quoted(name: str) -> str:
    """A question as formulas write it."""
    return name if name.replace(".", "_").isidentifier() else f"`{name}`"


def labels_of(
    survey: Survey, outcome: str, focus: str, specs: Sequence[Specification], domains: Mapping[str, Design]
) -> Labels:
    """Words of choices, and of what was chosen."""
    question, levels = survey.question(outcome), dict(WORDS)
    for spec in specs:
        named = [_answer(question, code) for code in spec.cut]
        levels["cut", spec.keys["cut"]] = {lang: ", ".join(say(word, lang) for word in named) for lang in LANGUAGES}
        terms = [_term(survey, term) for term in spec.covariates]
        levels |= {("term", name): words for name, words in zip(spec.covariates, terms)}
        if terms:
            levels["covariates", spec.keys["covariates"]] = {
                lang: ", ".join(say(word, lang) for word in terms) for lang in LANGUAGES
            }
    levels |= {("where", name): domain.filter for name, domain in domains.items() if name}
    asked = {name: column_words(survey, name) for name in (outcome, focus)}
    return Labels({**CHOICES, **asked}, levels)


def _answer(question: Any, code: Any) -> Text:
    """Words of an answer."""
    return next((choice.label for choice in question.choices if choice.code == code), {"": str(code)})


def _term(survey: Survey, term: str) -> Text:
    """Words of a covariate: the question's, or the term as written."""
    return column_words(survey, term) if term in survey.frame.columns else {"": term}
