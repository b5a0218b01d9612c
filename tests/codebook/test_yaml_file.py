"""Expected values are read off the example file by eye; faults are planted one at a time, on a known line."""

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import jsonschema
import pytest

from surveyanalysis.codebook.document import read_yaml
from surveyanalysis.codebook.frame_types import empty_frame
from surveyanalysis.codebook.yaml_file import codebook_schema, read_codebook, write_schema
from surveyanalysis.errors import CodebookError, OutputError

EXAMPLE = Path(__file__).parents[1] / "exports" / "one_survey.codebook.yaml"
HEAD = """codebook: 1
survey: {id: demo, languages: [en, ko]}
choices:
  yesno: {1: {en: "Yes", ko: 예}, 2: {en: "No", ko: 아니오}}
  five: {1: a, 2: b, 3: c, 4: d, 5: e}
questions:
"""


@pytest.fixture
def book(tmp_path):
    def read(*questions, rest=""):
        file = tmp_path / "codebook.yaml"
        file.write_text(HEAD + "".join(f"- {q}\n" for q in questions) + rest, encoding="utf-8")
        return read_codebook(file)

    return read


@pytest.fixture
def refused(book):
    def read(*questions, rest=""):
        with pytest.raises(CodebookError) as caught:
            book(*questions, rest=rest)
        return str(caught.value)

    return read


def test_the_example_is_read_as_it_is():
    example = read_codebook(EXAMPLE)
    assert (example.id, example.languages, len(example), example.synthetic) == ("one_survey", ("ko", "en"), 18, False)
    assert example.title["en"] == "Survey of Korean scientists in US biotech and pharma"
    assert example["sq3"].codes == (1, 2, 3, 4, 9)
    assert example["sq3"].choices[4].other == "sq3_other"
    assert example["q5"].binding.columns == "Q5_{code}"
    assert example["q5"].binding.ticked == ()
    assert example["q5"].max_choices == 3
    assert example["q6"].top == 3
    assert example["q7"].type == "grid"
    assert example["q7"].columns == ("q7_1", "q7_2", "q7_3", "q7_4")
    assert example["q8"].range == (0, 100000)
    assert (example["q8"].unit, example["q8"].to, example["q8"].parse) == ("만원", "KRW", "korean_number")
    assert example["q9"].range == (date(2010, 7, 1), date(2020, 12, 31))
    assert example["q9"].formats == ("%m/%d/%Y", "korean", "excel_serial")
    assert example["q10"].missing == {"없음": "omitted", "N/A": "omitted", "-": "omitted"}
    assert not example["q12"].binding.in_file
    assert example["q12"].base == "q11 == 1"


def test_a_derived_number_follows_its_question():
    example = read_codebook(EXAMPLE)
    assert [q.id for q in example][1:3] == ["sq2", "age"]
    assert example["age"].derived == "2010 - sq2"
    assert example["sq2"].two_digit_year == 1900


def test_what_stands_about_the_survey_and_its_file_is_kept():
    example = read_codebook(EXAMPLE)
    assert example.missing["dk"].raw == ("모름", "8", "98", "998", "DK")
    assert (example.missing["omitted"].spss, example.missing["omitted"].stata) == (-99, ".c")
    assert example.source.status_keep == ("IP Address", "IP 주소", "0")
    assert example.source.pii == ("IPAddress", "RecipientEmail")
    assert example.bases["firms"] == "sq3 == 1"
    assert example.about["invited"] == 1400
    assert example.about["fielded"]["from"] == date(2010, 7, 10)
    assert example.about["scales"]["support"]["min_valid"] == 3
    assert example.about["quality"]["grids"] == ["q7"]
    assert example.about["bases"]["all"]["ko"] == "전체"


def test_yaml_1_2_keeps_no_and_01_and_times_as_text(book):
    read = book("{id: q, type: single, choices: {no: No, 01: First, 1:30: Half past, 1: One}}")
    assert read["q"].codes == ("no", "01", "1:30", 1)


def test_a_question_id_may_be_korean_and_choices_may_be_inline(book):
    read = book(
        "{id: 만족도, type: likert, choices: {1: {ko: 낮음}, 2: 높음}}", "{id: b, type: text, base: 만족도 == 2}"
    )
    assert read["만족도"].level_label(1) == {"ko": "낮음"}
    assert read["만족도"].level_label(2) == {"": "높음"}


def test_a_question_without_a_column_lies_in_columns_of_its_name(book):
    read = book("{id: a, type: number}", "{id: b, type: multi, choices: five}", "{id: c, type: rank, choices: five}")
    assert [read[q].binding.column or read[q].binding.columns for q in "abc"] == ["a", "b_{code}", "c_{code}"]


@pytest.mark.parametrize(
    ("extra", "codes", "event"),
    [
        ("choices: yesno", (1, 2), 2),
        ("choices: yesno, event: 1", (2, 1), 1),
        ("choices: {no: N, yes: Y}", ("no", "yes"), "yes"),
    ],
)
def test_a_derived_answer_stands_for_false_then_true(book, extra, codes, event):
    read = book("{id: s, type: likert, choices: five}", f"{{id: high, type: single, derived: s >= 4, {extra}}}")
    assert (read["high"].codes, read["high"].event) == (codes, event)
    assert not read["high"].binding.in_file


def test_the_reasons_that_cleaning_gives_are_there_though_nobody_named_them(book):
    assert set(book("{id: a, type: text}").missing) == {"omitted", "na", "notreached", "invalid"}


def test_columns_of_the_cleaned_frame_have_the_type_of_their_question():
    types = empty_frame(read_codebook(EXAMPLE)).dtypes.astype(str)
    assert types["sq1"] == types["q1"] == types["q7_2"] == "category"
    assert (types["q5_6"], types["q6_1"], types["q8"], types["q10"]) == ("boolean", "Int64", "Float64", "str")
    assert types["q9"].startswith("datetime64")


FAULTS = [
    ("{id: a, typ: single, choices: yesno}", "line 7, question 'a', `typ`: unknown key. Nearest: 'type'"),
    ("{id: a, typ: single, choices: yesno}", "line 7, question 'a', `type`: is missing"),
    ("{id: a, type: singel}", "'singel'"),
    ("{id: a, type: single, choices: yesnoo}", "no choice list 'yesnoo'. Nearest: 'yesno'"),
    ("{id: a, type: likert}", "a likert question needs choices"),
    ("{id: a b, type: text}", "'a b' is no name"),
    ("{id: class, type: text}", "'class' is no name"),
    ("{id: missing, type: text}", "meaning of its own"),
    ("{id: a, type: single, choices: yesno, event: 3}", "`event`: 3 is not one of the codes [1, 2]"),
    ("{id: a, type: single, choices: {1: x, 2: {en: y, raw: [x]}}}", "'x' stands for both 1 and 2"),
    ("{id: a, type: single, choices: {}}", "has no choices"),
    ("{id: a, type: single, choices: {1.5: x}}", "a word or a whole number"),
    ("{id: a, type: single, choices: {1: x, 2: {en: y, other: b}}}", "`choices.2.other`: 'b' is no text question"),
    ("{id: a, type: number, range: [9, 1]}", "`range`: [9, 1] is the wrong way round"),
    ("{id: a, type: date, range: [1, 9]}", "must be two dates"),
    ("{id: a, type: number, range: [1]}", "`range"),
    ("{id: a, type: number, top: 3}", "`top`: does not apply to a number question; it is for rank"),
    ("{id: a, type: rank, choices: yesno, top: 3}", "`top`: is 3, but there are 2 choices"),
    ("{id: a, type: multi, choices: yesno, max: 0}", "`max`"),
    ('{id: a, type: multi, choices: yesno, columns: "Q5"}', "'Q5' must hold {code} once"),
    ('{id: a, type: rank, choices: yesno, columns: "Q5_{item}"}', "must hold {code} once"),
    ('{id: a, type: rank, choices: yesno, holds: code, columns: "Q5_{code}"}', "must hold {rank} once"),
    ("{id: a, type: multi, choices: yesno, column: Q5}", "`join`: is missing"),
    ('{id: a, type: grid, choices: yesno, items: {1: x}, columns: "Q{code}"}', "must hold {item} once"),
    ("{id: a, type: grid, choices: yesno}", "`items`: is missing"),
    ("{id: a, type: text, grid: true}", "only a likert question can be a grid"),
    ("{id: a, type: number, integer: 1}", "`integer`"),
    ("{id: a, type: text, missing: {x: dkk}}", "'dkk' is no reason for missing"),
    ("{id: a, type: single, choices: five, derived: b > 1}", "needs two choices"),
    ("{id: a, type: text, derived: b > 1}", "a text question cannot be derived"),
    ("{id: a, type: number, derived: b + 1, column: Q1}", "lies in no column"),
    ("{id: a, type: text, base: b = 1}", "`base`: The expression 'b = 1' cannot be read"),
    ("{id: a, type: text, base: c == 1}", "'c' in the expression 'c == 1' is not in the survey"),
    ("{id: a, type: text, base: open('x')}", "is not allowed in the expression"),
    ("{id: a, type: text, base: a == 'x'}", "need each other in a circle"),
    ("{id: a, type: number, derived: 1 > 2}", "not allowed"),
    ("{id: a, type: number, derive: {b: a > 1}}", "`derive.b`: 'a > 1' is a condition; a number is needed here"),
    ("{id: a, type: single, choices: yesno, derived: 1 + 1}", "is a number; a condition is needed here"),
    ("{id: a, type: text, fr: Bonjour}", "`fr`: no language of this survey"),
    ("{id: a, type: text, id: b}", "line 7: the key 'id' occurs twice"),
    ("{id: a, type: text, en: !!python/name:os.system x}", "tag"),
    ("{id: a, type: text, <<: {en: b}}", "merge keys"),
]


@pytest.mark.parametrize(("question", "said"), FAULTS)
def test_a_fault_is_told_with_file_line_and_question(refused, question, said):
    message = refused(question)
    assert said in message
    assert "codebook.yaml, line 7" in message


@pytest.mark.parametrize(
    ("questions", "said"),
    [
        (["{id: a, type: text}", "{id: a, type: text}"], "line 8, question 'a', `id`: the id 'a' occurs twice"),
        (["{id: a, type: multi, choices: yesno}", "{id: a_1, type: text}"], "two columns 'a_1'"),
        (["{id: a, type: number, derive: {b: a + 1}}", "{id: b, type: text}"], "line 8, question 'b'"),
        (["{id: a, type: number, column: Q}", "{id: b, type: date, column: Q}"], "'Q' already holds"),
        (["{id: a, type: single, choices: yesno}", "{id: b, type: text, base: a == 5}"], "'a' has no answer 5"),
        (["{id: a, type: number}", "{id: b, type: text, base: 1 in a}"], "no multiple-response question"),
    ],
)
def test_questions_that_do_not_fit_each_other_are_told(refused, questions, said):
    assert said in refused(*questions)


@pytest.mark.parametrize(
    ("rest", "said"),
    [
        ("bases: {men: {where: sexx == 1}}", "line 8, `bases.men.where`"),
        ("scales: {s: {items: [b]}}", "'b' is no column"),
        ("quality: {grids: [a]}", "'a' is no grid question"),
        ("questionss: []", "`questionss`: unknown key. Nearest: 'questions'"),
        ("source: {format: qualtrix}", "line 8, `source.format`"),
        ("missing: {dk: {raw: [1.5]}}", "`missing.dk.raw"),
    ],
)
def test_the_other_parts_of_the_file_are_checked(refused, rest, said):
    assert said in refused("{id: a, type: number}", rest=rest)


def test_several_faults_are_told_at_once_in_the_order_of_the_file(refused):
    message = refused("{id: a, type: likert}", "{id: b b, type: text}", "{id: c, type: number, range: [2, 1]}")
    assert [line.split(", ")[1] for line in message.splitlines()] == ["line 7", "line 8", "line 9"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b"# nothing\n", "is empty"),
        (b"questions: [\n", "line 2: this is no YAML"),
        (b"a: \xbc\xba\xba\xb0\n", "is not UTF-8"),
        (b"- a\n", "must hold `key: value` pairs"),
        (b"codebook: 2\nsurvey: {id: a}\nquestions: [{id: a, type: text}]", "`codebook`"),
        (b"codebook: 1\nsurvey: {id: a}\nquestions: []", "`questions`"),
        (b"a: &a [x]\nb: &b [*a, *a]\nc: *c\n", "this is no YAML"),
        (b"a: &a [*a]\n", "nests or repeats"),
    ],
)
def test_a_file_that_is_no_codebook_is_refused(tmp_path, content, said):
    file = tmp_path / "codebook.yaml"
    file.write_bytes(content)
    with pytest.raises(CodebookError) as caught:
        read_codebook(file)
    assert said in str(caught.value)


def test_a_bomb_of_repeated_lists_is_refused(tmp_path):
    levels = "".join(f"l{i}: &l{i} [{', '.join([f'*l{i - 1}'] * 10)}]\n" for i in range(1, 9))
    (tmp_path / "bomb.yaml").write_text(f"l0: &l0 [x]\n{levels}")
    with pytest.raises(CodebookError, match="nests or repeats"):
        read_yaml(tmp_path / "bomb.yaml")


def test_a_missing_file_is_told(tmp_path):
    with pytest.raises(CodebookError, match=r"Cannot read .*nowhere\.yaml"):
        read_codebook(tmp_path / "nowhere.yaml")


def test_the_schema_accepts_the_example_and_refuses_a_misspelt_key():
    check = jsonschema.Draft202012Validator(codebook_schema())
    example = json.loads(json.dumps(read_yaml(EXAMPLE)[0], default=str))
    assert not list(check.iter_errors(example))
    example["questions"][0]["colum"] = example["questions"][0].pop("column")
    assert [list(fault.path) for fault in check.iter_errors(example)] == [["questions", 0]]


def test_the_schema_is_written_as_json(tmp_path):
    file = write_schema(tmp_path / "codebook.schema.json")
    assert json.loads(file.read_text(encoding="utf-8")) == codebook_schema()
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError):
        write_schema(tmp_path / "file" / "x.json")


def test_naming_the_reader_loads_neither_pydantic_nor_ruamel():
    code = "import sys, surveyanalysis as sa; sa.read_codebook; print({'pydantic', 'ruamel'} & {*sys.modules})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_an_option_that_reads_like_two_others_side_by_side_is_refused(refused, book):
    options = "1: {ko: 주거}, 2: {ko: 육아}, 3: {ko: '주거, 육아'}"
    said = refused(f"{{id: a, type: multi, column: Q, join: ', ', choices: {{{options}}}}}")
    assert "'주거, 육아' cannot be told from '주거' and '육아' in one cell" in said
    assert "a" in book(f"{{id: a, type: multi, columns: 'Q_{{code}}', choices: {{{options}}}}}")
