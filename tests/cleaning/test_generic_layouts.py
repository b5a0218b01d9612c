"""The survey of tests/exports in files of one header row: each cleans to truth.csv with the same vocabulary."""

from dataclasses import replace

import pytest

from surveyanalysis.cleaning.binding import masked
from surveyanalysis.cleaning.recipe import Recipe, clean
from surveyanalysis.cleaning.steps import step
from surveyanalysis.codebook.questions import Binding, Source
from surveyanalysis.reading.export import read_export
from tests.cleaning.one_survey import EXPORTS, bound, codebook, true_answers
from tests.cleaning.test_one_survey import as_text

BASIC = tuple(map(step, ("normalise_text", "map_values", "parse")))


def adapted(source, **bindings):
    """The codebook of the survey for another layout; questions that are not named lie in no column of their own."""
    book = replace(codebook(), source=source)
    for question in codebook():
        if question.binding.in_file:
            book = bound(book, question.id, bindings.get(question.id, Binding(column=question.id)))
    return book


def changed(book, question, **how):
    return replace(book, questions={**book.questions, question: replace(book[question], **how)})


def differing(survey, truth):
    """Column -> respondents whose answer is not the true one."""
    found = {c: [*map(str.__ne__, as_text(survey.frame[c]).tolist(), truth[c].tolist())] for c in truth}
    return {c: survey.frame.index[wrong].tolist() for c, wrong in found.items() if any(wrong)}


def test_duplicates_and_partial_answers():
    """R902 is the whole answer of the person who broke off as R033, so that only this one differs from the truth."""
    plain = {"sq1": "gender", "sq2": "birth_year", "sq3": "employer", "sq3_other": "employer_other", "q8": "q8_won"}
    source = Source(
        id="rid", external_id="email", start="start", end="end", duration="duration_s", finished="finished",
        finished_yes=("1",), pii=("email",),
    )  # fmt: skip
    ticks = Binding(columns="q5_{code}", ticked=("1",))
    ranks, grid = Binding(columns="q6_r{rank}", holds="code"), Binding(columns="q7_{item}")
    book = adapted(source, q5=ticks, q6=ranks, q7=grid, **{q: Binding(column=c) for q, c in plain.items()})
    book = changed(book, "q8", unit="KRW", range=(0, 10**9))
    once = step("drop_duplicates", on=["external_id"], keep="most_complete", then="first")
    export = read_export(EXPORTS / "duplicates_partials.csv")
    survey = clean(export, book, Recipe([once, *BASIC]))
    people = export.frame.drop_duplicates("rid").set_index("rid")["email"].str.strip().str[:4].str.upper()
    truth = true_answers().loc[people[survey.frame.index]].set_axis(survey.frame.index, axis=0)
    assert len(survey) == 60 and {row for rows in differing(survey, truth).values() for row in rows} == {"R902"}


def test_google_sheets_with_options_joined_by_commas():
    columns = {
        "sq1": "귀하의 성별은?", "sq2": "출생연도", "sq3": "현재 소속 기관은?", "q1": "향후 10년 전망",
        "q2": "향후 20년 전망", "q3": "한국에서 일할 의향이 있습니까?", "q4": "선호하는 기관은?",
        "q8": "현재 연봉(만원)", "q9": "귀국 예정일", "q10": "기타 의견",
    }  # fmt: skip
    book = adapted(
        Source(external_id="이메일 주소", end="타임스탬프", pii=("이메일 주소",)),
        **{q: Binding(column=c) for q, c in columns.items()},
        q5=Binding("한국 근무 시 예상되는 장애요인은? (모두 선택)", join=", "),
        q6=Binding(columns="정책 우선순위 [{rank}순위]", holds="code"),
        q7=Binding(columns="다음 지원의 필요성은? [{item}]"),
    )
    items = {label["ko"]: label for label in book["q7"].items.values()}
    book = changed(book, "q7", items=items)
    steps = Recipe([step("drop_duplicates", on=["external_id"], keep="last"), *BASIC], "external_id")
    survey = clean(EXPORTS / "google_forms_ko_sheets_commajoined.csv", book, steps)
    truth = true_answers().rename(columns={f"q7_{i}": f"q7_{item}" for i, item in enumerate(items, start=1)})
    addresses = truth.index.to_series().str.lower() + "@example.org"
    truth = truth.set_axis(masked(addresses, private=True), axis=0)
    assert len(survey) == 56 and differing(survey, truth.loc[survey.frame.index]) == {}


@pytest.fixture
def institute():
    columns = {
        "sq1": "성별", "sq2": "출생년도", "sq3": "소속", "q1": "문1. 10년 전망", "q2": "문2. 20년 전망",
        "q3": "문3. 근무의향", "q4": "문3-1. 선호기관", "q8": "연봉", "q9": "귀국예정", "q10": "의견",
    }  # fmt: skip
    book = adapted(
        Source(id="번호"),
        **{q: Binding(column=c) for q, c in columns.items()},
        q5=Binding("문4. 장애요인(복수)", join=","),
        q6=Binding("문5. 우선순위(1>2>3)", join=">"),
        q7=Binding(columns="문6-{item}"),
    )
    men, women = book["sq1"].choices
    sexes = (replace(men, raw=(*men.raw, "男")), replace(women, raw=(*women.raw, "女")))
    return changed(changed(book, "sq1", choices=sexes), "q9", formats=(*book["q9"].formats, "%y-%m-%d"))


def test_an_institutes_file_with_a_total_a_note_and_many_spellings(institute):
    """Every seventh salary is in won under a 만원 header: flagged, not guessed; q5's "other" has no words."""
    export = read_export(EXPORTS / "institute_cp949_nasty.csv", short_rows="fill")
    survey = clean(export, institute, Recipe([*BASIC, step("drop_partials", answered_share=0.01)]))
    truth = true_answers().drop(columns="q5_other")
    truth = truth.set_axis(truth.index.str[1:].astype(int).astype(str), axis=0)
    assert len(survey) == 60
    flagged = survey.ledger.frame.query("action == 'flag' and question == 'q8'")["row_key"].tolist()
    assert differing(survey, truth.loc[survey.frame.index]) == {"q8": flagged} and len(flagged) == 6
