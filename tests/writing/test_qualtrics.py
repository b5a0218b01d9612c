"""Raw exports written from clean answers: cleaning gives the answers back, and the mess is there.

Oracles: Python's csv module reads what was written; the survey that was written is what cleaning must return.
"""

import csv
import io
import json
import unicodedata
from collections import Counter

import pytest
from pandas.testing import assert_frame_equal

from surveyanalysis.cleaning.recipe import clean
from surveyanalysis.codebook.questions import Binding, Choice, Codebook, Missing, Question, Source
from surveyanalysis.errors import ChoiceError, DataError, OutputError
from surveyanalysis.reading.export import read_export
from surveyanalysis.reproduction.published import Published
from surveyanalysis.reproduction.twin import twin
from surveyanalysis.writing.mess import Mess
from surveyanalysis.writing.qualtrics import write_export


def choices(**labels):
    return tuple(Choice(code, {"en": en, "ko": ko}) for code, (en, ko) in labels.items())


SCALE = tuple(Choice(i, {"en": f"Step {i}", "ko": f"{i}단계"}) for i in range(1, 6))
OPTIONS = choices(pay=("Low pay, funding", "낮은 임금, 연구비"), rules=("Rules", "규정"), home=("Home", "가족"))
FIRMS = (*choices(firm=("Firm (company)", "기업(회사)"), lab=("Laboratory", "연구소")),
         Choice("other", {"en": "Other", "ko": "기타"}, other="employer_other"))  # fmt: skip
QUESTIONS = (
    Question("employer", "single", {"en": "Employer?\n(one)", "ko": "소속은?\n(하나)"}, choices=FIRMS,
             binding=Binding(column="Q1")),
    Question("employer_other", "text", {"en": "Other"}, base="employer == 'other'", binding=Binding(column="Q1_TEXT")),
    Question("born", "number", {"en": "Born?"}, integer=True, range=(1940, 1990), two_digit_year=1900,
             binding=Binding(column="Q2")),
    Question("outlook", "likert", {"en": "Outlook?"}, choices=SCALE, binding=Binding(column="Q3")),
    Question("barriers", "multi", {"en": "Barriers?"}, choices=OPTIONS, binding=Binding(columns="Q4_{code}")),
    Question("needs", "multi", {"en": "Needs?"}, choices=OPTIONS, base="outlook >= 3",
             binding=Binding(column="Q5", join=", ")),
    Question("ranks", "rank", {"en": "Rank"}, choices=OPTIONS, top=2, binding=Binding(columns="Q6_{code}")),
    Question("order", "rank", {"en": "Order"}, choices=OPTIONS, top=3,
             binding=Binding(columns="Q7_{rank}", holds="code")),
    Question("grid", "grid", {"en": "Each?"}, choices=SCALE, items={"a": {"en": "A"}, "b": {"en": "B"}},
             binding=Binding(columns="Q8_{item}")),
    Question("day", "date", {"en": "When?"}, range=("2010-07-01", "2011-12-31"), binding=Binding(column="Q9")),
    Question("salary", "number", {"en": "Salary?"}, unit="만원", to="KRW", binding=Binding(column="Q10")),
    Question("age", "number", {"en": "Age"}, integer=True, derived="2010 - born", binding=Binding(in_file=False)),
)  # fmt: skip
ASSUMED = {
    "employer_other": {"share": 1, "texts": ["consulting, free-lance", 'says "yes"', "컨설팅\n(개인)"]},
    "outlook": {"missing": {"dk": 0.1, "omitted": 0.1}},
    "barriers": {"missing": {"omitted": 0.1}},
    "ranks": {"missing": {"omitted": 0.1}},
    "day": {"missing": {"omitted": 0.3}},
    "salary": {"distribution": "lognormal", "median": 8e7, "sigma": 0.4},
}
MISSING = {
    "dk": Missing("dk", {"en": "Don't know", "ko": "모름"}, ("Don't know", "모름")),
    "omitted": Missing("omitted", {"en": "No answer"}),
    "na": Missing("na", {"en": "Not asked"}),
}
SOURCE = Source("qualtrics", "ResponseId", "RecipientEmail", "StartDate", "EndDate", "Duration (in seconds)", "Status",
                ("IP Address", "IP 주소"), "Finished", ("TRUE",), ("RecipientEmail", "IPAddress"))  # fmt: skip


def codebook(*questions):
    return Codebook(
        {q.id: q for q in questions or QUESTIONS}, "demo", languages=("en", "ko"), missing=MISSING, source=SOURCE
    )


@pytest.fixture(scope="module")
def survey():
    return twin(codebook(), Published("none", {}, (), assumptions=ASSUMED), 80, seed=4)


def rows_of(path, encoding="utf-8-sig"):
    return list(csv.reader(io.StringIO(path.read_bytes().decode(encoding))))


def records(path, encoding="utf-8-sig"):
    tags, _, _, *rows = rows_of(path, encoding)
    return [dict(zip(tags, row, strict=True)) for row in rows]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp949", "utf-16"])
@pytest.mark.parametrize("languages", [("en", "ko"), ("ko",)])
def test_without_mess_cleaning_gives_the_answers_back(survey, tmp_path, encoding, languages):
    file = write_export(survey, tmp_path / "raw.csv", languages=languages, encoding=encoding, seed=1)
    found = clean(read_export(file), survey.codebook)
    assert_frame_equal(found.frame.reset_index(drop=True), survey.frame)
    assert_frame_equal(found.reasons.reset_index(drop=True), survey.reasons)


def test_order_of_questions_does_not_matter(tmp_path):
    book = codebook(*reversed(QUESTIONS))
    people = twin(book, Published("none", {}, (), assumptions=ASSUMED), 40, seed=4)
    found = clean(read_export(write_export(people, tmp_path / "raw.csv")), book)
    assert_frame_equal(found.frame.reset_index(drop=True), people.frame)


def test_header_has_tags_texts_and_import_ids(survey, tmp_path):
    tags, texts, ids, *rows = rows_of(write_export(survey, tmp_path / "raw.csv", languages=("ko", "en")))
    assert tags[:2] == ["StartDate", "EndDate"] and texts[0] == "시작 날짜"
    assert texts[tags.index("Q1")] == "소속은?\n(하나)"
    assert json.loads(ids[tags.index("Q4_rules")]) == {"ImportId": "QID5", "choiceId": "2"}
    assert all("ImportId" in json.loads(cell) for cell in ids)
    assert len(rows) == 80 and len(set(tags)) == len(tags)


def test_people_networks_and_addresses_are_invented(survey, tmp_path):
    found = records(write_export(survey, tmp_path / "raw.csv", mess=Mess(duplicates=5, break_offs=5)))
    assert {row["IPAddress"].rsplit(".", 1)[0] for row in found} <= {"192.0.2", "198.51.100"}
    assert all(row["RecipientEmail"].strip().lower().endswith("@example.org") for row in found)


def test_same_seed_same_bytes(survey, tmp_path):
    mess = Mess(tests=2, duplicates=4, break_offs=3, stray=0.1)
    one, same, other = (
        write_export(survey, tmp_path / f"{i}.csv", mess=mess, seed=seed).read_bytes()
        for i, seed in enumerate((1, 1, 2))
    )
    assert one == same != other


def test_mess_adds_the_rows_asked_for(survey, tmp_path):
    mess = Mess(tests=3, duplicates=6, break_offs=4)
    found = records(write_export(survey, tmp_path / "raw.csv", mess=mess, seed=1))
    status = Counter(row["Status"] for row in found)
    assert len(found) == 80 + 3 + 6 + 4 and status["IP Address"] == 90 and status["Survey Preview"] == 2
    people = Counter(row["RecipientEmail"].strip().lower() for row in found if row["RecipientEmail"])
    assert sorted(people.values()) == [1] * 78 + [2] * 6
    stopped = [row for row in found if row["Finished"] == "FALSE"]
    assert all(int(row["Progress"]) < 100 for row in stopped) and len(stopped) >= 4
    assert [row["EndDate"] for row in found] == sorted(row["EndDate"] for row in found)


def test_a_second_answer_never_says_more_than_the_first(survey, tmp_path):
    found = records(write_export(survey, tmp_path / "raw.csv", mess=Mess(duplicates=20), seed=1))
    by_person = {}
    for row in found:
        answers = {k: v for k, v in row.items() if k.startswith("Q") and v}
        by_person.setdefault(row["RecipientEmail"].strip().lower(), []).append(answers)
    twice = [sorted(pair, key=len) for pair in by_person.values() if len(pair) == 2]
    assert len(twice) == 20 and all(less.items() <= more.items() for less, more in twice)


def test_stray_spellings_are_cleaned_away(survey, tmp_path):
    plain = records(write_export(survey, tmp_path / "plain.csv", seed=1))
    file = write_export(survey, tmp_path / "stray.csv", mess=Mess(stray=0.5), seed=1)
    cells = [cell for row in records(file) for key, cell in row.items() if key.startswith("Q")]
    assert any(cell.endswith("년생") for cell in cells) and any(cell != cell.strip() for cell in cells)
    assert any(cell != unicodedata.normalize("NFC", cell) for cell in cells) and any("９" in cell for cell in cells)
    assert len(plain) == len(records(file))
    recipe = tmp_path / "recipe.yaml"
    recipe.write_text("recipe: 1\nsteps:\n- normalise_text: {name: n}\n- map_values: {name: m}\n- parse: {name: p}\n")
    found = clean(read_export(file), survey.codebook, recipe)
    assert_frame_equal(found.frame.drop(columns="employer_other").reset_index(drop=True),
                       survey.frame.drop(columns="employer_other"))  # fmt: skip


def test_cp949_holds_no_spelling_that_it_lacks(survey, tmp_path):
    file = write_export(survey, tmp_path / "raw.csv", mess=Mess(stray=0.5), encoding="cp949", seed=1)
    text = file.read_bytes().decode("cp949")
    assert text == unicodedata.normalize("NFC", text) and "기업" in text


def test_some_write_their_answer_under_other(survey, tmp_path):
    mess = Mess(others={"employer": {"start-up": "firm", "NIH": "lab"}})
    found = records(write_export(survey, tmp_path / "raw.csv", languages=("en",), mess=mess, seed=1))
    chosen = {row["Q1_TEXT"]: row["Q1"] for row in found}
    assert chosen["start-up"] == chosen["NIH"] == "Other"
    assert sum(row["Q1"] == "Laboratory" for row in found) == (survey.frame["employer"] == "lab").sum() - 1


def test_a_character_that_the_encoding_lacks_is_named_and_nothing_written(tmp_path):
    note = Question("note", "text", binding=Binding(column="Q1"))
    words = {"note": {"share": 1, "texts": ["naïve"]}}
    people = twin(codebook(note), Published("none", {}, (), assumptions=words), 5, seed=1)
    with pytest.raises(OutputError, match="cp949 has no 'ï', which stands in Q1"):
        write_export(people, tmp_path / "raw.csv", encoding="cp949")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("mess", "error", "said"),
    [
        (lambda: Mess(tests=-1), ChoiceError, "negative"),
        (lambda: Mess(stray=2), ChoiceError, "between 0 and 1"),
        (lambda: Mess(others={"outlook": {"x": 1}}), ChoiceError, "no single choice"),
        (lambda: Mess(others={"employer": {"x": "nowhere"}}), DataError, "nobody is left"),
    ],
)
def test_mess_that_cannot_be_made_is_refused(survey, tmp_path, mess, error, said):
    with pytest.raises(error, match=said):
        write_export(survey, tmp_path / "raw.csv", mess=mess())


def test_unknown_layout_is_refused(survey, tmp_path):
    with pytest.raises(ChoiceError, match="'qualtrics'"):
        write_export(survey, tmp_path / "raw.csv", layout="qualtric")


def test_two_questions_in_one_column_are_refused(tmp_path):
    book = codebook(*(Question(name, "number", range=(0, 9), binding=Binding(column="Q1")) for name in ("a", "b")))
    people = twin(book, Published("none", {}, ()), 5, seed=1)
    with pytest.raises(ChoiceError, match="'Q1'"):
        write_export(people, tmp_path / "raw.csv")
