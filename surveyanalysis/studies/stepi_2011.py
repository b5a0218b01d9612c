"""STEPI 2011: Korean bio scientists in the United States, and whether they would work in Korea.

The respondents' answers were never published. The survey is synthetic: its respondents hit every printed figure exactly.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path

from ..analysis.compare import paired
from ..analysis.crosstab import crosstab
from ..analysis.describe import frequencies
from ..analysis.likert import likert
from ..analysis.multiple import multiple_response
from ..analysis.ranking import ranking
from ..analysis.regression import logit, ordered
from ..cleaning.recipe import clean
from ..design.design import Design
from ..language import Text, both
from ..reproduction.compare import Computed
from ..reproduction.paired_margins import paired_bounds
from ..reproduction.published import Published
from ..survey import Survey
from .bases import base_table, bounds_table
from .shares import computed_shares
from .study import Exhibit, Shown, Study

COVARIATES = "age + years_abroad + degree"


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
    job = company.within(survey.frame["preferred_job"].notna().to_numpy())
    return [
        (f"{len(survey):,}", both("respondents", "응답자")),
        (f"{len(company):,}", both("in companies", "기업 소속")),
        (f"{len(company)} · {len(job)}", both("bases: stated · inferred", "기준수: 명시 · 추정")),
    ]


def exhibits(survey: Survey, published: Published) -> Sequence[Exhibit]:
    """Build the exhibits in the article's order."""
    design = Design(survey)
    company = design.where(employer="company")
    return (
        Exhibit(
            "who",
            both("Who was asked", "조사 대상"),
            both(
                "Every row of the export is accounted for; the ledger at the end names each change.",
                "내보내기 파일의 모든 행을 추적한다. 변경 내역은 끝의 원장에 있다.",
            ),
            (
                Shown("case_flow", survey.flow(), drawn=True),
                Shown("associations", multiple_response(design, "associations"), drawn=True),
            ),
        ),
        *_opinions(company, published),
        *_work(design, company, published),
        *_support(company),
        _models(design, company),
    )


def _opinions(company: Design, published: Published) -> tuple[Exhibit, ...]:
    """Outlook over two horizons; willingness at home and abroad."""
    home, outpost = published["willing_korea"], published["willing_us"]
    assert home.count is not None and outpost.count is not None and home.base is not None
    bounds = paired_bounds(home.count, outpost.count, home.base)
    return (
        Exhibit(
            "outlook",
            both("Outlook over 10 and 20 years", "10년·20년 전망"),
            both(
                "The article calls the outlook over 10 years very negative, and over 20 years less so; it prints no "
                "number. The same people answered both questions, so the two are compared person by person.",
                "기사는 10년 전망을 매우 부정적, 20년 전망을 덜 부정적이라고 하지만 수치는 없다. 같은 사람이 두 문항에 "
                "답했으므로 개인별로 비교한다.",
            ),
            (
                Shown("outlook", likert(company, ["outlook_10y", "outlook_20y"]), drawn=True),
                Shown("outlook_paired_test", paired(company, "outlook_10y", "outlook_20y")),
            ),
        ),
        Exhibit(
            "willingness",
            both("Willingness to work in Korea, and at a Korean institution in the U.S.", "한국 근무 의향과 미국 내 한국기관 근무 의향"),
            both(
                "“Interested” are the upper two of five steps. That 75 percent is higher than 60 percent compares the "
                "same 57 people twice. The printed margins alone do not settle it: the answer depends on how many would "
                "take one but not the other, which was not printed.",
                "‘관심 있음’은 5점 척도의 상위 2점이다. 75%가 60%보다 높다는 진술은 같은 57명을 두 번 비교한 것이다. 인쇄된 "
                "주변합만으로는 결론을 낼 수 없다. 한쪽만 선택한 사람 수가 공개되지 않았기 때문이다.",
            ),
            (
                Shown("willing_korea", frequencies(company, "willing_korea"), drawn=True),
                Shown("willing_us", frequencies(company, "willing_us"), drawn=True),
                Shown("willing_paired_test", paired(company, "interested", "interested_us", yes="yes")),
                Shown("willing_paired_bounds", bounds_table(bounds, "interested", "interested_us")),
            ),
            (
                both(
                    "How many of the synthetic respondents would take one but not the other is assumed, so the p-value of the "
                    "paired test above is an assumption too, one of those in the last table.",
                    "가상 응답자 중 한쪽만 선택하는 사람 수는 가정이므로 위의 짝지은 검정의 p값도 가정이며, 마지막 표의 값 가운데 하나일 뿐이다.",
                ),
            ),
        ),
    )


def _work(design: Design, company: Design, published: Published) -> tuple[Exhibit, ...]:
    """Preferred employer, barriers, job type."""
    preferred = crosstab(design, "preferred_employer", by="employer")
    return (
        Exhibit(
            "employer",
            both("Preferred employer, by present employer", "현재 소속별 선호 기관"),
            both(
                "All respondents: the article quotes those in universities and public institutes here, so this part "
                "cannot rest on the company respondents alone.",
                "전체 응답자 기준이다. 기사가 이 부분에서 대학·공공기관 소속 응답자를 인용하므로 기업 응답자만의 결과일 수 없다.",
            ),
            (
                Shown("preferred_employer", preferred, drawn=True),
                Shown("preferred_employer_test", preferred.test()),
                Shown("preferred_employer_korea", frequencies(company, "preferred_employer_korea"), drawn=True),
            ),
        ),
        Exhibit(
            "barriers",
            both("Barriers to working in Korea", "한국 근무의 장애요인"),
            both("Several answers were possible.", "복수응답."),
            (Shown("barriers", multiple_response(company, "barriers"), drawn=True),),
        ),
        Exhibit(
            "job",
            both("Preferred kind of work, and how many answered", "희망 직무와 응답자 수"),
            both(
                "35.3 percent cannot be printed from 57 people. The table lists every count and base, up to 57, that "
                "prints each percentage; those of one sentence must share their base.",
                "35.3%는 57명에서 나올 수 없다. 표는 57 이하에서 각 비율을 만들 수 있는 모든 빈도와 기준수를 보여 준다. 한 문장의 "
                "비율은 기준수가 같아야 한다.",
            ),
            (
                Shown("preferred_job", frequencies(company, "preferred_job"), drawn=True),
                Shown("bases", base_table(published, base_max=len(company))),
            ),
        ),
    )


def _support(company: Design) -> tuple[Exhibit, ...]:
    """Network policies, ranked; support for associations (the article's Figure 6)."""
    return (
        Exhibit(
            "policies",
            both("Policies for a network, ranked", "네트워크 정책 우선순위"),
            both("Three of five policies were ranked.", "다섯 정책 중 세 가지의 순위를 매겼다."),
            (Shown("policies", ranking(company, "policies"), drawn=True),),
        ),
        Exhibit(
            "figure6",
            both("Figure 6. Support for professional societies", "그림 6. 학회·협회 지원"),
            {},
            (Shown("figure_6", frequencies(company, "association_support"), drawn=True),),
        ),
    )


def _models(design: Design, company: Design) -> Exhibit:
    """Models that the article did not print."""
    everybody = logit(design, f"interested ~ {COVARIATES} + employer")
    effects = everybody.effects()
    return Exhibit(
        "models",
        both("What goes with willingness", "근무 의향과 관련된 요인"),
        both(
            "The article printed no regression. These models extend it, on synthetic respondents: they show how such an "
            "analysis is done and reported, and say nothing about real people.",
            "기사에는 회귀분석이 없다. 다음 모형은 가상 응답자에 대한 확장으로, 분석과 보고의 방법을 보일 뿐 실제 사람에 대해서는 아무것도 "
            "말해 주지 않는다.",
        ),
        (
            Shown("logit", everybody),
            Shown("logit_effects", effects, drawn=True),
            Shown("logit_companies", logit(company, f"interested ~ {COVARIATES}")),
            Shown("ordered_logit", ordered(company, f"willing_korea ~ {COVARIATES}")),
        ),
    )


STUDY = Study(
    id="stepi-2011",
    title=both(
        "Brain circulation in bio and pharma: the 2011 survey, reproduced",
        "바이오·제약 두뇌순환: 2011년 조사의 재현",
    ),
    subtitle=both(
        "STEPI, in The Korea Herald of 17 February 2011 · 재미 한인 바이오·제약 과학기술인 설문",
        "STEPI, 코리아헤럴드 2011년 2월 17일 · 재미 한인 바이오·제약 과학기술인 설문",
    ),
    load=load,
    computed=computed,
    exhibits=exhibits,
    cards=cards,
    warning=both(
        "Synthetic respondents. The answers were never published. These respondents are drawn so that every printed figure "
        "holds exactly; all else is assumed. Agreement with the print is by construction: it checks the path from raw "
        "file to table, not the article.",
        "가상(합성) 응답자. 원자료는 공개된 적이 없다. 인쇄된 모든 수치가 정확히 성립하도록 응답자를 생성했으며 나머지는 가정이다. "
        "인쇄값과의 일치는 설계에 의한 것으로, 원자료에서 표까지의 경로를 확인할 뿐 기사를 검증하지 않는다.",
    ),
    limits=(
        both(
            "The respondents came through five associations whose memberships overlap; nobody was drawn by chance. An "
            "interval shows how far 57 answers could move by chance if they were a random sample; it says nothing about "
            "who did not answer.",
            "응답자는 회원이 겹치는 다섯 협회를 통해 모였고 확률표본이 아니다. 신뢰구간은 57명이 임의표본이라면 우연히 어느 정도 달라질 수 "
            "있는지를 보일 뿐, 응답하지 않은 사람에 대해서는 말하지 않는다.",
        ),
        both(
            "All six counts are inferred from printed percentages. The base 57 is stated in the article, the base 51 is "
            "inferred: it is the only one up to 57 that prints both 55 and 35.3 percent under one rule of rounding.",
            "여섯 개의 빈도는 모두 인쇄된 비율에서 추정했다. 기준수 57은 기사에 명시되어 있고 51은 추정이다. 하나의 반올림 규칙에서 55%와 35.3%를 "
            "모두 만들 수 있는 57 이하의 유일한 수이다.",
        ),
        both(
            "A response rate cannot be computed: the two frames of about 700 members each overlap by an unknown number.",
            "응답률은 계산할 수 없다. 각각 약 700명인 두 모집단 명부의 중복 규모를 알 수 없기 때문이다.",
        ),
    ),
)
