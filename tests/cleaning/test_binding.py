"""Where answers lie in the file. Oracles: cells written by hand; truth.csv for the files of tests/exports."""

import pandas as pd
import pytest

from surveyanalysis.cleaning.binding import bind
from surveyanalysis.cleaning.recipe import clean
from surveyanalysis.cleaning.splitting import split
from surveyanalysis.codebook.questions import Binding, Choice, Question, Source
from surveyanalysis.codebook.yaml_file import read_codebook
from surveyanalysis.errors import CodebookError, ColumnError, LevelError
from surveyanalysis.reading.export import read_export
from tests.cleaning.builders import book, export, multi, number, single, text
from tests.cleaning.one_survey import CODEBOOK, EXPORTS, bound, true_answers


def cells(frame, column):
    return frame[column].fillna("").tolist()


def test_options_with_commas_are_matched_longest_first():
    """Trap T085: a naive split at ", " makes ten options of six."""
    care = multi("q", "Child care, care", "Care", "Housing", binding=Binding(column="q", join=", "))
    assert split("Child care, care, Housing", care).codes == ("1", "3")
    assert split("Care, Housing", care).codes == ("2", "3")
    assert split("child care,  care,housing", care).codes == ("1", "3")
    assert split("Careful", care).leftover == "Careful"


def test_circled_numbers_need_no_separator():
    care = multi("q", "A", "B", "C", binding=Binding(column="q", join=","))
    assert split("①③", care).codes == split("1,3", care).codes == ("1", "3")


def test_brackets_in_options_are_letters_not_patterns():
    """Trap T086: str.contains takes a regular expression."""
    other = multi("q", "(Other)", "Other", binding=Binding(column="q", join=","))
    assert split("Other", other).codes == ("2",)
    assert split("(Other)", other).codes == ("1",)


def test_blank_multiple_responses_are_missing_not_no():
    """Trap T084: people who answered nothing count in no base."""
    care = multi("q", "A", "B", "C", binding=Binding(column="q", join=";"))
    frame = clean(export(Id="abc", q=["A;B", "", "A"]), book(care)).frame
    assert frame["q_1"].tolist()[0] is True
    assert frame["q_1"].isna().tolist() == [False, True, False]
    assert frame[["q_1", "q_2", "q_3"]].mean().tolist() == [1.0, 0.5, 0.0]


@pytest.mark.parametrize(
    ("raw", "ticked", "wanted"),
    [
        (("A", "", "-99"), (), "100"),
        (("1", "-99", "-99"), (), "100"),
        (("Y", "N", ""), ("Y",), "100"),
        (("1", "2", "2"), ("1",), "100"),
        (("1", "0", "0"), (), "100"),
        (("-99", "-99", "-99"), (), ""),
        (("0", "0", "0"), (), ""),
        (("", "", ""), (), ""),
    ],
)
def test_ticks_are_read_as_the_platforms_write_them(raw, ticked, wanted):
    care = multi("q", "A", "B", "C", binding=Binding(columns="q_{code}", ticked=ticked))
    survey = clean(export(Id="a", q_1=[raw[0]], q_2=[raw[1]], q_3=[raw[2]]), book(care))
    found = survey.frame[["q_1", "q_2", "q_3"]].iloc[0]
    assert "".join("" if pd.isna(v) else str(int(v)) for v in found) == wanted
    assert wanted or set(survey.reasons.iloc[0]) == {"omitted"}


def test_a_two_is_never_a_tick_by_itself():
    """One platform's export writes 1 = yes, 2 = no."""
    with pytest.raises(LevelError, match="'2' \\(1 times\\)"):
        clean(export(Id="a", q_1=["2"], q_2=["1"]), book(multi("q", "A", "B")))


def test_words_of_an_other_option_go_to_its_text_question():
    choices = (Choice(1, {"en": "Pay"}), Choice(9, {"en": "Other"}, other="q_other"))
    care = Question("q", "multi", choices=choices, binding=Binding(column="q", join=", "))
    survey = clean(export(Id="abc", q=["Pay, visa, tax", "a visa", "Pay"]), book(care, text("q_other")))
    assert survey.frame["q_9"].tolist() == [True, True, False]
    assert survey.frame["q_1"].tolist() == [True, False, True]
    assert cells(survey.frame, "q_other") == ["visa, tax", "a visa", ""]


def test_words_of_an_other_answer_go_to_its_text_question():
    choices = (Choice(1, {"en": "Firm"}), Choice(9, {"en": "Other"}, other="job_other"))
    job = Question("job", "single", choices=choices, binding=Binding(column="job"))
    survey = clean(export(Id="ab", job=["Firm", "Circus"]), book(job, text("job_other")))
    assert survey.frame["job"].tolist() == [1, 9]
    assert cells(survey.frame, "job_other") == ["", "Circus"]


def test_what_is_no_option_is_listed_where_nothing_holds_it():
    care = multi("q", "A", "B", binding=Binding(column="q", join=","))
    with pytest.raises(LevelError, match="q: 'Z' \\(2 times\\)"):
        clean(export(Id="ab", q=["A,Z", "Z"]), book(care))


def test_rankings_lie_by_rank_by_code_or_joined():
    choices = tuple(Choice(code, {"en": code.upper()}) for code in "abc")
    by_option = Question("r", "rank", choices=choices, top=2, binding=Binding(columns="r_{code}"))
    by_rank = Question("r", "rank", choices=choices, top=2, binding=Binding(columns="r{rank}", holds="code"))
    joined = Question("r", "rank", choices=choices, top=2, binding=Binding(column="r", join=">"))
    frames = [
        clean(export(Id="x", r_a=["2"], r_b=[""], r_c=["1"]), book(by_option)).frame,
        clean(export(Id="x", r1=["C"], r2=["a"]), book(by_rank)).frame,
        clean(export(Id="x", r=["C > A"]), book(joined)).frame,
    ]
    for frame in frames:
        assert frame.loc["x"].tolist()[::2] == [2, 1]
        assert pd.isna(frame.loc["x", "r_b"])


def test_all_columns_that_the_file_lacks_are_listed_with_the_nearest():
    with pytest.raises(ColumnError) as caught:
        bind(export(Id="a", Age=["1"], Sx=["1"]), book(number("age", "Aeg"), single("sex", "M", "F", column="Sex")))
    assert "2 columns" in str(caught.value)
    assert "age: 'Aeg'. Nearest: 'Age'." in str(caught.value)
    assert "sex: 'Sex'. Nearest: 'Sx'." in str(caught.value)
    assert "in_file: false" in str(caught.value)


def test_an_id_column_that_the_file_lacks_is_an_error():
    with pytest.raises(ColumnError, match=r"source\.id"):
        bind(export(age=["1"]), book(number("age")))


def test_personal_data_cannot_be_a_question():
    with pytest.raises(CodebookError, match="personal data"):
        bind(export(Id="a", Mail=["x"]), book(text("mail", "Mail"), source=Source(id="Id", pii=("Mail",))))


def test_binding_is_the_same_every_time_and_changes_nothing():
    file = read_export(EXPORTS / "qualtrics_ko_choicetext_split.csv")
    before = file.frame.copy()
    first, second = (bind(file, read_codebook(CODEBOOK)) for _ in range(2))
    pd.testing.assert_frame_equal(first, second)
    pd.testing.assert_frame_equal(file.frame, before)


def test_google_sheets_cells_with_commas_and_other_words_are_the_truth():
    """google_forms_ko_sheets_commajoined.csv: 56 of 56 people right, where a naive split gets 13."""
    header = "한국 근무 시 예상되는 장애요인은? (모두 선택)"
    everything = read_codebook(CODEBOOK)
    q5 = bound(everything, "q5", Binding(column=header, join=", "))["q5"]
    file = read_export(EXPORTS / "google_forms_ko_sheets_commajoined.csv", "csv")
    frame = bind(file, book(q5, text("q5_other"), source=Source(), missing=everything.missing))
    people = file.frame["이메일 주소"].str[:4].str.upper()
    truth = true_answers().loc[people]
    for column in [*q5.columns, "q5_other"]:
        assert cells(frame, column) == truth[column].tolist(), column
