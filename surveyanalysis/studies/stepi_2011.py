"""STEPI 2011: Korean bio scientists in the United States, and whether they would work in Korea.

The answers were never published: the respondents are synthetic, and hit every printed figure exactly.
"""

from collections.abc import Mapping
from pathlib import Path

from ..analysis.compare import paired
from ..analysis.crosstab import crosstab
from ..analysis.describe import frequencies
from ..analysis.likert import likert
from ..analysis.multiple import multiple_response
from ..analysis.ranking import ranking
from ..cleaning.recipe import clean
from ..design.design import Design
from ..language import Text, both
from ..reproduction.compare import Computed
from ..reproduction.paired_margins import paired_bounds
from ..reproduction.published import Published
from ..survey import Survey
from .bases import base_table, bounds_table
from .shares import computed_shares
from .stepi_models import models
from .study import Shown, Study


def load(folder: Path) -> Survey:
    """Clean the raw export by the recipe."""
    return clean(folder / "raw" / "responses.csv", folder / "codebook.yaml", folder / "recipe.yaml")


def computed(survey: Survey, published: Published) -> Mapping[str, Computed]:
    """Every printed share and count, and the number of respondents."""
    shares = computed_shares(survey, published)
    return {"respondents": Computed(len(survey), len(survey), len(survey)), **shares}


def cards(survey: Survey) -> list[tuple[str, Text]]:
    """Numbers for the head of the page."""
    company = Design(survey).where(employer="company")
    job = company.where("answered(preferred_job)")
    return [
        (f"{len(survey):,}", both("respondents", "응답자")),
        (f"{len(company):,}", both("in companies", "기업 소속")),
        (f"{len(company)} · {len(job)}", both("bases: stated · inferred", "기준수: 명시 · 추정")),
    ]


def shown(survey: Survey, published: Published) -> Mapping[str, tuple[Shown, ...]]:
    """Compute the exhibits: the article's, and the models that extend it."""
    design = Design(survey)
    company = design.where(employer="company")
    return {
        "who": (
            Shown("case_flow", survey.flow(), drawn=True),
            Shown("associations", multiple_response(design, "associations"), drawn=True),
        ),
        "outlook": (
            Shown("outlook", likert(company, ["outlook_10y", "outlook_20y"]), drawn=True),
            Shown("outlook_paired_test", paired(company, "outlook_10y", "outlook_20y")),
        ),
        "willingness": _willingness(company, published),
        "employer": _employer(design, company),
        "barriers": (Shown("barriers", multiple_response(company, "barriers"), drawn=True),),
        "job": (
            Shown("preferred_job", frequencies(company, "preferred_job"), drawn=True),
            Shown("bases", base_table(published, base_max=len(company))),
        ),
        "policies": (Shown("policies", ranking(company, "policies"), drawn=True),),
        "figure6": (Shown("figure_6", frequencies(company, "association_support"), drawn=True),),
        **models(survey),
    }


def _willingness(company: Design, published: Published) -> tuple[Shown, ...]:
    """Willingness at home and at an outpost; what the printed margins say about their difference."""
    home, outpost = published["willing_korea"], published["willing_us"]
    assert home.count is not None and outpost.count is not None and home.base is not None
    bounds = paired_bounds(home.count, outpost.count, home.base)
    return (
        Shown("willing_korea", frequencies(company, "willing_korea"), drawn=True),
        Shown("willing_us", frequencies(company, "willing_us"), drawn=True),
        Shown("willing_paired_test", paired(company, "interested", "interested_us", yes="yes")),
        Shown("willing_paired_bounds", bounds_table(bounds, both("Korea", "한국"), both("U.S.", "미국"))),
    )


def _employer(design: Design, company: Design) -> tuple[Shown, ...]:
    """Preferred employer by present employer, all respondents; in Korea, those in companies."""
    preferred = crosstab(design, "preferred_employer", by="employer")
    return (
        Shown("preferred_employer", preferred, drawn=True),
        Shown("preferred_employer_test", preferred.test()),
        Shown("preferred_employer_korea", frequencies(company, "preferred_employer_korea"), drawn=True),
    )


STUDY = Study(id="stepi-2011", load=load, computed=computed, shown=shown, cards=cards)
