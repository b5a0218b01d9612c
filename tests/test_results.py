"""What a result says of where it comes from, in English and Korean."""

from surveyanalysis.language import both
from surveyanalysis.results import Origin

ALL = (both("respondents", "응답자"), 214)
COMPANY = both("Present employer: Company", "현재 소속: 기업")
USED = (both("used", "분석에 사용"), 51)


def test_the_base_of_a_domain_reads_as_a_sentence_would():
    origin = Origin(flow=(ALL, (COMPANY, 57), USED), filter=COMPANY)
    assert origin.base_line() == "57 of 214 respondents (Present employer: Company), 51 used"
    assert origin.base_line("ko") == "응답자 214명 중 57명(현재 소속: 기업), 분석에 사용 51명"


def test_the_base_of_everybody_names_no_domain():
    assert Origin(flow=(ALL, USED)).base_line() == "214 respondents, 51 used"
    assert Origin(flow=(ALL,)).base_line("ko") == "응답자 214명"
    assert Origin().base_line() == ""


def test_the_sentence_holds_the_base_and_the_methods_line_does_not():
    origin = Origin(
        what=both("Shares", "비율"), flow=(ALL, (COMPANY, 57)), filter=COMPANY, design=both("random", "임의")
    )
    assert "57 of 214 respondents (Present employer: Company)" in origin.sentence()
    assert origin.method() == "Shares: random."
